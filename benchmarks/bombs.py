"""How much memory an answer takes that unpacks to 300 MB, or that never ends.

    python -m benchmarks.bombs

Each is asked for in a process of its own, from a server on this machine; the peak is what the
kernel counted for it above what it held before asking. Exit 1 above ``MOST_MEGABYTES``, and when
one of them is read in place of refused.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tests.misbehaving import Behaviour, Misbehaving, bomb, dense_bomb, endless, packed

MOST_MEGABYTES: Final = 100
MEGABYTES: Final = 300
MEASURE: Final = Path(__file__).resolve().parents[1] / "tests" / "pipeline" / "measure_memory.py"


def bombs() -> dict[str, Behaviour]:
    """What is sent, by what it is."""
    return {
        "gzip": packed(bomb("gzip", MEGABYTES), "gzip"),
        "deflate": packed(bomb("deflate", MEGABYTES), "deflate"),
        "deflate without a head": packed(bomb("raw", MEGABYTES), "deflate"),
        "gzip in 300 members": packed(bomb("members", MEGABYTES), "gzip"),
        "gzip, 50 times only": packed(dense_bomb(MEGABYTES), "gzip"),
        "gzip in gzip": packed(bomb("gzip,gzip", MEGABYTES), "gzip,gzip"),
        "brotli": packed(bytes(481), "br"),
        "zstd": packed(bytes(9_619), "zstd"),
        "no length, no end": endless(megabytes=MEGABYTES),
    }


def asked(url: str) -> dict[str, Any]:
    """What one process found, and what it took."""
    done = subprocess.run(
        [sys.executable, str(MEASURE), url], check=True, capture_output=True, text=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def main() -> None:
    """Print the peak of each."""
    worst = 0.0
    with Misbehaving() as server:
        for number, (name, behaviour) in enumerate(bombs().items()):
            told = asked(server.on(f"/{number}", behaviour))
            worst = max(worst, told["resident_megabytes"])
            print(f"{name:24} {told['resident_megabytes']:6.1f} MB  {told['error']}", flush=True)
            if told["error"] == "nothing":
                sys.exit(1)
    print(f"{'worst':24} {worst:6.1f} MB (at most {MOST_MEGABYTES})")
    if worst > MOST_MEGABYTES:
        sys.exit(1)


if __name__ == "__main__":
    main()
