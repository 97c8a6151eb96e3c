"""How long `luister --help` takes, as a ratio to an empty program that only imports typer.

    python -m benchmarks.startup

Both are whole processes, in turns, the best of seven, in time of the processor. Every command
imports what it needs when it is called, so help must stay near the bare command line, whatever is
added.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROUNDS: Final = 7
MOST: Final = 2.0
"""Times as long as importing typer; above it something heavy is imported too early."""


def seconds(command: Sequence[str]) -> float:
    """Processor time of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print both times and their ratio; exit 1 when it is above ``MOST``."""
    ours = [str(Path(sys.executable).with_name("luister")), "--help"]
    bare = [sys.executable, "-c", "import typer, typer.core, typer.main"]
    times = [(seconds(ours), seconds(bare)) for _ in range(ROUNDS)]
    help_seconds, bare_seconds = (min(column) for column in zip(*times, strict=True))
    ratio = help_seconds / bare_seconds
    print(f"luister --help   {1000 * help_seconds:6.0f} ms")
    print(f"import typer     {1000 * bare_seconds:6.0f} ms")
    print(f"ratio            {ratio:6.2f} (at most {MOST:.1f})")
    if ratio > MOST:
        sys.exit(1)


if __name__ == "__main__":
    main()
