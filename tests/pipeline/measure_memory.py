"""Ask for each address given and print what it took, one JSON object a line; run as a script."""

import json
import sys
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.errors import LuisterError
from tests.pipeline.http_client import client_of

STATUS = Path("/proc/self/status")


def resident_kilobytes(name: str) -> int:
    """A size from the kernel's own account of this process; 0 where there is none."""
    if not STATUS.exists():
        return 0
    lines = STATUS.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def ask(url: str) -> dict[str, object]:
    told = "nothing"
    before = resident_kilobytes("VmRSS")
    tracemalloc.start()
    with client_of(attempts=1) as client:
        try:
            client.get(url)
        except LuisterError as error:
            told = error.what
    allocated = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    peak = resident_kilobytes("VmHWM")
    return {
        "error": told,
        "allocated_megabytes": allocated / 1e6,
        "resident_megabytes": max(0, peak - before) / 1e3,
    }


if __name__ == "__main__":
    for address in sys.argv[1:]:
        sys.stdout.write(json.dumps(ask(address)) + "\n")
