"""How long `luister --help` takes, and `luister run --direct` until its first request goes out.

    python -m benchmarks.startup

Each is a whole process in time of the processor, the best of five, in turns with a bare program
that only imports what it cannot do without: typer for the one, the database, Arrow, the models of
the configuration, the reader of feeds and the HTTP client for the other. Every command imports what
it needs when it is called, so help must stay near the bare command line, whatever is added, and a
night near the libraries it rests on. Ends with 1 when one of them does not.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.misbehaving import Line, Misbehaving, answer

ROUNDS: Final = 5
MOST: Final = (2.0, 2.2)
"""Times as long as the bare program; above it something heavy is imported too early."""

LUISTER: Final = str(Path(sys.executable).with_name("luister"))
NIGHT: Final = """\
contact = "mailto:webcare@zonneveld.example"
[organisation]
name = "Zonneveld"
[[source]]
name = "news"
platform = "feed"
urls = ["{url}"]
allow_private = true
"""


def seconds(command: Sequence[str]) -> float:
    """Processor time of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seconds_to_the_first_request() -> float:
    """Processor time of a night with one source, from its start until that source is asked.

    Raises:
        RuntimeError: the night ended without asking.
    """
    asked: list[float] = []
    with tempfile.TemporaryDirectory() as place, Misbehaving() as web:

        def ask(line: Line) -> None:
            asked.append(_processor_seconds(night.pid))
            answer(404)(line)

        path = Path(place) / "luister.toml"
        path.write_text(NIGHT.format(url=web.on("/feed.xml", ask)))
        command = [LUISTER, "run", "--direct", "--quiet", "--config", str(path)]
        night = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=place
        )
        while not asked and night.poll() is None:
            time.sleep(0.01)
        night.kill()
        night.wait()
    if not asked:
        raise RuntimeError("the night asked nobody")
    return asked[0]


def _processor_seconds(pid: int) -> float:
    """What a process has used so far; the system counts in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print all times and both ratios; exit 1 when one is above its limit."""
    typer = [sys.executable, "-c", "import typer, typer.core, typer.main"]
    libraries = [
        sys.executable,
        "-c",
        "import typer, typer.main, pydantic, pyarrow, duckdb, feedparser, httpx",
    ]
    rounds = [
        (
            seconds([LUISTER, "--help"]),
            seconds(typer),
            seconds_to_the_first_request(),
            seconds(libraries),
        )
        for _ in range(ROUNDS)
    ]
    help_seconds, bare, first, bare_night = (min(column) for column in zip(*rounds, strict=True))
    print(f"luister --help                       {1000 * help_seconds:6.0f} ms")
    print(f"  import typer                       {1000 * bare:6.0f} ms")
    print(f"luister run --direct, first request  {1000 * first:6.0f} ms")
    print(f"  import its libraries               {1000 * bare_night:6.0f} ms")
    ratios = help_seconds / bare, first / bare_night
    print(f"ratios {ratios[0]:.2f} and {ratios[1]:.2f} (at most {MOST[0]} and {MOST[1]})")
    if any(ratio > most for ratio, most in zip(ratios, MOST, strict=True)):
        sys.exit(1)


if __name__ == "__main__":
    main()
