"""Budget: how much of a platform one source may take tonight, and the end of it.

A budget is what luister.toml allows or what the platform itself grants, whichever is less, minus
what was taken in the day or month before. Sources of one platform get equal parts, so that they
never take more together than there is, on however many machines they are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from pipeline.errors import BudgetSpent
from pipeline.source import Access

if TYPE_CHECKING:
    from pipeline.settings import BudgetSettings

REQUESTS: Final = "requests"
READS: Final = "reads"
EURO: Final = "euro"
_DAY_SECONDS: Final = 86_400.0


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform's sources have taken in the day and the 30 days before, by quota.

    ``requests`` and ``reads`` (posts read) are counted for every platform.
    """

    day: Mapping[str, int] = msgspec.field(default_factory=dict)
    month: Mapping[str, int] = msgspec.field(default_factory=dict)

    def within(self, per: str) -> Mapping[str, int]:
        """What was taken in the last ``day`` or ``month``."""
        return self.day if per == "day" else self.month


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """One limit: how much of what there is in a day or month, how much of it is taken, and left."""

    quota: str
    per: str
    limit: float
    spent: float
    left: float


class Bounds(Protocol):
    """Whatever can say that enough was taken."""

    def check(self, url: str, *, requests: int, reads: int, spent: Mapping[str, int]) -> None:
        """Whether ``url`` may be asked after so much; raises ``BudgetSpent``."""
        ...


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What one source may take tonight; a quota that is not named is not limited.

    ``paths`` tells of which quotas only some requests take, by the end of their address.
    """

    platform: str
    left: Mapping[str, float] = msgspec.field(default_factory=dict)
    prices: Mapping[str, float] = msgspec.field(default_factory=dict)
    paths: Mapping[str, str] = msgspec.field(default_factory=dict)

    def check(self, url: str, *, requests: int, reads: int, spent: Mapping[str, int]) -> None:
        """Whether one more request, to ``url``, may be made after so much.

        Raises:
            BudgetSpent: one of the limits is reached.
        """
        taken = {REQUESTS: requests, READS: reads, **spent, EURO: cost(spent, self.prices)}
        for quota, left in self.left.items():
            is_taken_of = url.partition("?")[0].endswith(self.paths.get(quota, ""))
            if is_taken_of and taken.get(quota, 0) >= left:
                raise BudgetSpent(
                    f"the budget of {self.platform} is spent: no {quota} left",
                    todo=f"wait, or raise the budget of {self.platform} in luister.toml",
                )


def cost(spent: Mapping[str, int], prices: Mapping[str, float]) -> float:
    """Euro for so much of each quota."""
    return sum(count * prices.get(quota, 0.0) for quota, count in spent.items())


def limits(access: Access, settings: BudgetSettings | None, spending: Spending) -> list[Left]:
    """Every limit that holds for a platform: the platform's own and those of luister.toml.

    What a platform grants by the hour is told for the day; within the hour it says itself to wait.
    """
    prices = {name: quota.euro for name, quota in access.quotas.items()}
    found = []
    for name, quota in access.quotas.items():
        per = "day" if quota.seconds <= _DAY_SECONDS else "month"
        if quota.limit is not None:
            granted = quota.limit * max(1.0, _DAY_SECONDS / quota.seconds)
            found.append(_left(name, per, granted, spending.within(per).get(name, 0)))
    if settings is not None:
        taken = spending.within(settings.per)
        named = {REQUESTS: settings.requests, READS: settings.reads, **settings.quotas}
        for name, limit in named.items():
            if limit is not None:
                found.append(_left(name, settings.per, limit, taken.get(name, 0)))
        if settings.euro is not None:
            paid = cost(taken, prices)
            found.append(_left(EURO, settings.per, settings.euro, paid))
    return found


def _left(name: str, per: str, limit: float, spent: float) -> Left:
    return Left(quota=name, per=per, limit=limit, spent=spent, left=max(0.0, limit - spent))


def _whole(left: float, sources: int, place: int | None) -> float:
    """A share of what is counted one by one: half a request cannot be made."""
    share, over = divmod(left, sources)
    return share + (place is not None and place < over)


def allowance(
    platform: str,
    access: Access,
    settings: BudgetSettings | None,
    spending: Spending,
    *,
    sources: int = 1,
    place: int | None = None,
) -> Allowance:
    """What one of ``sources`` sources on a platform may take tonight.

    Args:
        platform: its name.
        access: what it grants.
        settings: what luister.toml allows.
        spending: what was taken of both.
        sources: how many share what is left.
        place: which of them this is, counted from 0. What does not divide goes to the first of
            them; to nobody where no place is told.
    """
    left: dict[str, float] = {}
    for each in limits(access, settings, spending):
        share = each.left / sources if each.quota == EURO else _whole(each.left, sources, place)
        left[each.quota] = min(left.get(each.quota, share), share)
    prices = {name: quota.euro for name, quota in access.quotas.items() if quota.euro}
    paths = {name: quota.path for name, quota in access.quotas.items() if quota.path}
    return Allowance(platform=platform, left=left, prices=prices, paths=paths)
