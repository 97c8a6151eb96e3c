"""How fast each host may be asked: one bucket a host, shared by all sources of a night."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Token buckets by host; safe between threads.

    Args:
        clock: seconds that only go forward.
        sleep: how to wait; replaced in tests.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[float, float]] = {}
        self._closed_until: dict[str, float] = {}

    def wait(self, host: str, *, requests: int, seconds: float) -> float:
        """Wait until ``host`` may be asked once more; returns the seconds waited.

        The bucket holds at most ``requests`` and fills again in ``seconds``.
        """
        pause = self._reserve(host, requests, seconds)
        if pause > 0:
            self._sleep(pause)
        return pause

    def _reserve(self, host: str, requests: int, seconds: float) -> float:
        """Take a token, on credit where there is none: the debt is the pause."""
        rate = requests / seconds
        with self._lock:
            now = self._clock()
            tokens, since = self._tokens.get(host, (float(requests), now))
            tokens = min(float(requests), tokens + (now - since) * rate) - 1.0
            self._tokens[host] = (tokens, now)
            closed = self._closed_until.get(host, now) - now
        return max(0.0, -tokens / rate, closed)

    def close(self, host: str, seconds: float) -> None:
        """Nobody asks ``host`` for so many seconds: it said so."""
        with self._lock:
            until = self._clock() + seconds
            self._closed_until[host] = max(until, self._closed_until.get(host, until))
