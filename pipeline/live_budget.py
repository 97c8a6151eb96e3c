"""What a listener may take of its platform while it runs for months: a ration, dealt anew.

A night gets its budget once and ends. A listener counts from the last night that loaded what it
landed, since that night's ledger tells all before; where no night comes, from a day ago. Of the
part of its source it takes half at most: the other half is the night's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from pipeline.budget import Allowance, Spending, allowance
from pipeline.errors import WarehouseError
from pipeline.http import Usage
from pipeline.settings import BudgetSettings
from pipeline.source import Access

LOOK_SECONDS: Final = 3_600.0
DAY_SECONDS: Final = 86_400.0
SHARES: Final = 2
"""Into so many parts the budget of a source is cut: one for the night, one for listening."""


class Ration:
    """An allowance for who never ends: what was taken counts from the last dealing on.

    Args:
        deal: an allowance, or None while there is nothing new to count from.
        clock: seconds that only grow.
    """

    def __init__(
        self, deal: Callable[[], Allowance | None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._deal = deal
        self._clock = clock
        self._allowed: Allowance | None = None
        self._taken = Usage()
        self._dealt_at = self._looked_at = float("-inf")

    def check(self, url: str, *, requests: int, reads: int, spent: Mapping[str, int]) -> None:
        """Whether ``url`` may be asked after so much since the beginning.

        Raises:
            BudgetSpent: one of the limits is reached.
        """
        now = self._clock()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            fresh = self._deal()
            if fresh is not None or now - self._dealt_at >= DAY_SECONDS:
                self._allowed = fresh or self._allowed
                self._dealt_at = now
                self._taken = Usage(requests=requests, reads=reads, spent=dict(spent))
        if self._allowed is not None:
            since = used_since(self._taken, Usage(requests=requests, reads=reads, spent={**spent}))
            self._allowed.check(url, requests=since.requests, reads=since.reads, spent=since.spent)


class Ledger:
    """What the nights' ledger says a listener may take, asked only when a night changed it."""

    def __init__(
        self,
        data: Path,
        platform: str,
        access: Access,
        settings: BudgetSettings | None,
        *,
        sources: int,
    ) -> None:
        self._data = data
        self._platform = platform
        self._access = access
        self._settings = settings
        self._sources = sources
        self._changed_at: int | None = None

    def deal(self) -> Allowance | None:
        """An allowance by what is spent now; None when nothing changed, or a night is at work."""
        from pipeline.warehouse import DATABASE_NAME, read_status

        path = self._data / DATABASE_NAME
        changed_at = path.stat().st_mtime_ns if path.exists() else 0
        if changed_at == self._changed_at:
            return None
        try:
            found: Mapping[str, Spending] = read_status(self._data)["spending"]
        except WarehouseError:
            found = {}
            if self._changed_at is not None:
                return None
        else:
            self._changed_at = changed_at
        return allowance(
            self._platform,
            self._access,
            self._settings,
            found.get(self._platform, Spending()),
            sources=SHARES * self._sources,
        )


def used_since(before: Usage, now: Usage) -> Usage:
    """What was used from one moment to another."""
    spent = {name: count - before.spent.get(name, 0) for name, count in now.spent.items()}
    return Usage(
        requests=now.requests - before.requests,
        reads=now.reads - before.reads,
        bytes=now.bytes - before.bytes,
        rate_limited_seconds=now.rate_limited_seconds - before.rate_limited_seconds,
        retries=now.retries - before.retries,
        moved=dict(now.moved),
        spent={name: count for name, count in spent.items() if count},
    )


def noted(usage: Usage) -> Usage:
    """Usage as it is now, however it goes on."""
    return msgspec.structs.replace(usage, moved=dict(usage.moved), spent=dict(usage.spent))
