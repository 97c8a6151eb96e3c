"""How long to wait for a host, and when waiting is in vain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

from pipeline.errors import RateLimited, SourceUnavailable
from pipeline.pace import Pace

if TYPE_CHECKING:
    from stamina import Attempt

ATTEMPTS: Final = 5


class Spent(Protocol):
    """Where waiting is counted."""

    rate_limited_seconds: float
    retries: int


class Patience:
    """The attempts of one request.

    What a platform asks us to wait counts as spent only when it was waited.

    Args:
        pace: told what hosts tell us, for all other sources.
        usage: where waiting is counted.
        longest_seconds: the most to wait for one request because a platform asked so.
        waits: false in replay, where nothing is cured by time.
    """

    def __init__(self, pace: Pace, usage: Spent, longest_seconds: float, *, waits: bool) -> None:
        self._pace = pace
        self._usage = usage
        self._longest = longest_seconds
        self._waits = waits
        self._owed = 0.0
        self._promised = 0.0
        self._closed: tuple[str, float] | None = None
        self.host = ""
        self.is_final = False

    def attempts(self) -> Iterator[Attempt]:
        """Attempts, with waits between them as long as the platform wishes or as is polite."""
        import stamina

        for attempt in stamina.retry_context(
            on=self._pause_after, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=30.0
        ):
            if attempt.num > 1:
                self._settle()
            yield attempt

    def _settle(self) -> None:
        self._usage.retries += 1
        self._usage.rate_limited_seconds += self._owed
        self._owed = 0.0
        if self._closed is not None:
            self._pace.reopen(*self._closed)
            self._closed = None

    def _pause_after(self, error: Exception) -> bool | float:
        """How long to wait after a failure; what is final is heeded, but not tried again."""
        pause = self._pause(error)
        return False if self.is_final else pause

    def _pause(self, error: Exception) -> bool | float:
        """Seconds to wait after a failure; true for a growing pause, false to give up."""
        if not isinstance(error, SourceUnavailable):
            return False
        if not self._waits:
            return 0.0
        if isinstance(error, RateLimited) and error.seconds:
            return self._as_asked(error.seconds)
        return isinstance(error, RateLimited) or not self._pace.is_down(self.host)

    def _as_asked(self, seconds: float) -> bool | float:
        until = self._pace.close(self.host, seconds)
        if self._promised + seconds > self._longest:
            return False
        self._promised += seconds
        self._owed = seconds
        self._closed = (self.host, until)
        return seconds
