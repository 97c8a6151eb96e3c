"""Response by quartile of audience once more, by plain loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.sql.reference import survival_quantile

if TYPE_CHECKING:
    from tests.sql.reference import Fact, Town

History = Sequence[tuple[datetime, int]]
Group = tuple[int, int | None, int, int, int, int, float | None]
"""people, least followers (one digit), matured, answered, questions, questions answered, median."""

MINIMUM_N = 10
DAY = timedelta(hours=24)


def audiences(
    parts: Sequence[tuple[str, Town, list[Fact]]], history_of: Callable[[str, str], History]
) -> dict[str, Group]:
    """Quartile to what became of what its people asked, for one organisation and period.

    Args:
        parts: a platform, its town and the facts of the period.
        history_of: when the audience of somebody on a platform was counted, and how large it was.
    """
    asked: dict[tuple[str, str], list[tuple[Fact, datetime, datetime]]] = defaultdict(list)
    largest: dict[tuple[str, str], int | None] = {}
    for platform, town, part in parts:
        for fact in part:
            if fact.role == "addressed":
                author = fact.post["author_id"]
                person = (platform, author or fact.post["post_id"])
                at = town.time(fact.post)
                asked[person].append((fact, at, town.through))
                size = followers_at(history_of(platform, author), at) if author else None
                before = largest.get(person)
                largest[person] = max(
                    (one for one in (before, size) if one is not None), default=None
                )
    known = sorted(size for size in largest.values() if size is not None)
    grouped: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for person, size in largest.items():
        quartile = "unknown"
        if size is not None:
            fewer = sum(other < size for other in known)
            quartile = str(1 + 4 * fewer // len(known))
        grouped[quartile].append(person)
    return {
        quartile: _group(
            [each for person in people for each in asked[person]],
            len(people),
            [size for person in people if (size := largest[person]) is not None],
        )
        for quartile, people in grouped.items()
    }


def followers_at(history: History, at: datetime) -> int | None:
    """The last count seen by then; else the first one seen after it."""
    before = [(seen, size) for seen, size in history if seen <= at]
    if before:
        return max(before)[1]
    return min(history)[1] if history else None


def _group(
    asked: Sequence[tuple[Fact, datetime, datetime]], people: int, sizes: Sequence[int]
) -> Group:
    matured = [(fact, at) for fact, at, through in asked if at + DAY <= through]
    answered = [fact for fact, at in matured if fact.answered and fact.answered - at <= DAY]
    spells = []
    for fact, at, through in asked:
        if fact.starts and at <= through:
            ended = fact.answered is not None and fact.answered <= through
            until = fact.answered if ended and fact.answered else through
            spells.append(((until - at).total_seconds(), ended))
    least = min(sizes, default=None)
    if people < MINIMUM_N or least is None:
        shown = None
    else:
        shown = int(str(least)[0] + "0" * (len(str(least)) - 1))
    return (
        people,
        shown,
        len(matured),
        len(answered),
        len(spells),
        sum(ended for _, ended in spells),
        survival_quantile(spells, 0.5),
    )
