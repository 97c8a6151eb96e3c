"""What a piece of work takes: wall time, processor time, bytes written."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from types import TracebackType

_IO = Path("/proc/self/io")


class Clock:
    """Measures what runs inside it; processes that were started and ended inside count with it.

    Attributes:
        seconds: wall time.
        processor_seconds: of this process and of its children that ended.
        written_megabytes: handed to the system to write, files of any kind; None where the system
            does not tell (only Linux does).
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.processor_seconds = 0.0
        self.written_megabytes: float | None = None

    def __enter__(self) -> Clock:
        self._wall, self._processor, self._written = time.perf_counter(), _processor(), _written()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seconds = time.perf_counter() - self._wall
        self.processor_seconds = _processor() - self._processor
        if self._written is not None:
            self.written_megabytes = ((_written() or 0) - self._written) / 1e6


def peak_megabytes() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _processor() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _written() -> int | None:
    if os.name != "posix" or not _IO.exists():
        return None
    fields = dict(line.split(": ") for line in _IO.read_text().splitlines())
    return int(fields["wchar"])
