"""How fast each host may be asked: one log of requests a host, shared by all sources of a night."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

LONGEST_WINDOW_SECONDS: Final = 3_600.0
"""No pace of a platform looks further back."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What one pace knows of each host, for another on another machine; seconds since 1970.

    ``times`` are those of the requests, ``closed_until`` when a host may be asked again.
    """

    times: Mapping[str, Sequence[float]] = msgspec.field(default_factory=dict)
    closed_until: Mapping[str, float] = msgspec.field(default_factory=dict)


class Pace:
    """At most so many requests to a host in any stretch of so many seconds; safe between threads.

    It also remembers what hosts told all of us: that one wants to be left alone for a while, or
    that one does not work tonight.

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
        self._times: dict[str, deque[float]] = {}
        self._widest: dict[str, int] = {}
        self._closed_until: dict[str, float] = {}
        self._down: set[str] = set()

    def wait(self, host: str, *, requests: int, seconds: float) -> float:
        """Wait until ``host`` may be asked once more; returns the seconds waited.

        In any ``seconds`` there are at most ``requests``, over all who ask through this pace.
        """
        pause = self._reserve(host, max(1, requests), seconds)
        if pause > 0:
            self._sleep(pause)
        return pause

    def _reserve(self, host: str, requests: int, seconds: float) -> float:
        """Take the next free moment, in the order of asking; returns the seconds until then."""
        with self._lock:
            now = self._clock()
            times = self._times.setdefault(host, deque())
            moment = max(now, self._closed_until.get(host, now), times[-1] if times else now)
            if len(times) >= requests:
                moment = max(moment, times[-requests] + seconds)
            times.append(moment)
            self._widest[host] = max(requests, self._widest.get(host, 0))
            while len(times) > self._widest[host]:
                times.popleft()
        return moment - now

    def close(self, host: str, seconds: float) -> float:
        """Nobody asks ``host`` for so many seconds: it said so. Returns until when."""
        with self._lock:
            until = self._clock() + seconds
            self._closed_until[host] = max(until, self._closed_until.get(host, until))
            return until

    def reopen(self, host: str, until: float) -> None:
        """The one who was told to wait ``until`` has done so; a later closing stays."""
        with self._lock:
            if self._closed_until.get(host) == until:
                del self._closed_until[host]

    def closed_for(self, host: str) -> float:
        """Seconds for which ``host`` still wants to be left alone; zero when it does not."""
        with self._lock:
            now = self._clock()
            return max(0.0, self._closed_until.get(host, now) - now)

    def tell(self, now: float) -> Asked:
        """What was asked of each host in the last hour; ``now`` is in seconds since 1970."""
        with self._lock:
            since_start = self._clock()
            shift = now - since_start
            oldest = since_start - LONGEST_WINDOW_SECONDS
            recent = {
                host: [moment + shift for moment in times if moment > oldest]
                for host, times in self._times.items()
            }
            closed = {
                host: until + shift
                for host, until in self._closed_until.items()
                if until > since_start
            }
        return Asked(times=recent, closed_until=closed)

    def recall(self, asked: Asked, now: float) -> None:
        """Count what others asked before as if it had been asked through this pace.

        Args:
            asked: what they told.
            now: the present, in seconds since 1970; what they say of times after it is taken for
                now, so that a clock that runs ahead holds nobody up.
        """
        with self._lock:
            shift = self._clock() - now
            for host, times in asked.times.items():
                own = self._times.get(host, deque())
                theirs = [min(moment, now) + shift for moment in times]
                self._times[host] = deque(sorted([*own, *theirs]))
                self._widest[host] = max(self._widest.get(host, 0), len(self._times[host]))
            for host, until in asked.closed_until.items():
                here = until + shift
                self._closed_until[host] = max(here, self._closed_until.get(host, here))

    def failed(self, host: str) -> None:
        """``host`` failed although we were patient: others need not be patient with it again."""
        with self._lock:
            self._down.add(host)

    def answered(self, host: str) -> None:
        """``host`` works."""
        with self._lock:
            self._down.discard(host)

    def is_down(self, host: str) -> bool:
        """Whether patience with ``host`` was in vain the last time."""
        with self._lock:
            return host in self._down
