"""The longest time that one source may take in a night."""

from __future__ import annotations

import time

from pipeline.errors import SourceUnavailable


class OutOfTime(SourceUnavailable):
    """The source has had its time; the same again takes as long."""

    code = SourceUnavailable.__name__


class Deadline:
    """Runs from when it is made."""

    def __init__(self, seconds: float) -> None:
        self._started = time.monotonic()
        self._seconds = seconds

    @property
    def passed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._started

    def watch(self) -> None:
        """End the source when its time is over.

        Raises:
            OutOfTime: it is.
        """
        if self.passed > self._seconds:
            raise OutOfTime(
                f"stopped after {self._seconds:.0f} s, the longest one source may take",
                todo="raise collection.source_deadline_seconds if this source needs more",
            )
