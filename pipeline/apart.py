"""A statement that somebody typed, asked in a process of its own.

DuckDB looks for an interrupt between batches of rows only, and what a function makes of one row is
not held against its memory: ``repeat('a', 3000000000)`` took 6 GB and a minute. The system bounds
what a process may take and when it ends. It starts without the environment, where secrets stand.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import msgspec

from pipeline.analysis import LONGEST_SECONDS, Answer, ask
from pipeline.errors import WarehouseError
from pipeline.spill import spill_of_one

MOST_BYTES: Final = 4 << 30
GRACE_SECONDS: Final = 2.0
"""How long a statement may go on after it was told to stop."""

_KEPT: Final = frozenset({"TZ", "LANG", "LC_ALL", "PYTHONPATH", "LD_LIBRARY_PATH"})
_WHERE: Final = "sql"
_LESS: Final = "ask for less: fewer rows, or a part of a text"


class _Question(msgspec.Struct, frozen=True):
    path: str
    query: str
    seconds: float
    spill: str


def ask_apart(path: Path, query: str, *, seconds: float = LONGEST_SECONDS) -> Answer:
    """The answer to one statement; whatever it asks for, within a time and a memory.

    Raises:
        WarehouseError: as ``ask`` does, or it took more than it may.
    """
    asked = _run(path, query, seconds)
    if asked.returncode == -signal.SIGALRM:
        raise WarehouseError(
            f"stopped after {seconds + GRACE_SECONDS:g} seconds", where=_WHERE, todo=_LESS
        )
    if asked.returncode:
        last = asked.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise WarehouseError(
            f"ended with {asked.returncode} before it had answered: {last}",
            where=_WHERE,
            todo=_LESS,
        )
    told = pickle.loads(asked.stdout)  # noqa: S301 - written by _told, below
    if isinstance(told, dict):
        raise WarehouseError(**told)
    return Answer(columns=told[0], rows=told[1])


def _run(path: Path, query: str, seconds: float) -> subprocess.CompletedProcess[bytes]:
    try:
        with spill_of_one(path) as spill:
            question = _Question(str(path), query, seconds, str(spill))
            return subprocess.run(
                [sys.executable, "-P", "-m", "pipeline.apart"],
                input=msgspec.json.encode(question),
                capture_output=True,
                env={name: value for name, value in os.environ.items() if name in _KEPT},
                check=False,
            )
    except UnicodeEncodeError as error:
        raise WarehouseError(
            "it is not all UTF-8", where=_WHERE, todo="write the statement in UTF-8"
        ) from error
    except OSError as error:
        raise WarehouseError(
            f"it cannot be asked: {error.strerror}",
            where=str(error.filename or path),
            todo="make room for temporary files there, or set TMPDIR to where some may be written",
        ) from error


def _bound(seconds: float) -> None:
    """Where the system knows such bounds, no more memory; everywhere, an end."""
    if sys.platform == "linux":
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        most = MOST_BYTES if most == resource.RLIM_INFINITY else min(MOST_BYTES, most)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)


def _told(question: _Question) -> bytes:
    try:
        answer = ask(
            Path(question.path),
            question.query,
            seconds=question.seconds,
            spill=Path(question.spill),
        )
        return pickle.dumps((answer.columns, answer.rows))
    except MemoryError:
        error = WarehouseError("it takes more memory than it may", where=_WHERE, todo=_LESS)
    except WarehouseError as raised:
        error = raised
    return pickle.dumps({"what": error.what, "where": error.where, "todo": error.todo})


def main() -> None:
    """Read a question from standard input, write its answer to standard output."""
    question = msgspec.json.decode(sys.stdin.buffer.read(), type=_Question)
    _bound(question.seconds)
    sys.stdout.buffer.write(_told(question))


if __name__ == "__main__":
    main()
