"""How people are answered by the size of their audience (measures.md, section 3.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from pipeline.world.shape import PLATFORMS, Person, World
from pipeline.world.truth.answers import WINDOWS, Asked, asked, kaplan_meier, quantile, rate
from pipeline.world.truth.scope import Scope, Seen

TELLING: Final = frozenset({"mastodon"})
"""Platforms whose posts tell how many follow their author; elsewhere nobody can know."""


def audience_truth(world: World, as_of: datetime | None = None) -> list[dict[str, Any]]:
    """Rows over everything: one an organisation, platform (or ``all``) and quartile that asked.

    Keys: organisation, platform, audience_quartile, people_count, matured_posts, answered_posts,
    questions_count, questions_answered, first_response_seconds_median.

    Args:
        world: what was said.
        as_of: the moment up to which everything was collected; the world's today when not given.
    """
    seen = Seen(world, as_of or world.today)
    rows: list[dict[str, Any]] = []
    for organisation in world.organisations:
        questions = asked(Scope(seen, organisation))
        for platform in ("all", *PLATFORMS):
            chosen = [each for each in questions if platform in {"all", each.said.platform}]
            for quartile, posts in quartiles(chosen):
                where = {"organisation": organisation.name, "platform": platform}
                rows.append({**where, "audience_quartile": quartile, **_group(posts, seen.as_of)})
    return rows


def quartiles(chosen: Sequence[Asked]) -> Iterator[tuple[str, list[Asked]]]:
    """Posts by the quartile of who wrote them: which share of the people has a smaller audience."""
    people = {each.said.author.number: each.said.author for each in chosen}
    sizes = [each.followers for each in people.values() if each.platform in TELLING]
    grouped: dict[str, list[Asked]] = defaultdict(list)
    for each in chosen:
        grouped[_quartile(each.said.author, sizes)].append(each)
    yield from grouped.items()


def _quartile(person: Person, sizes: Sequence[int]) -> str:
    if person.platform not in TELLING:
        return "unknown"
    smaller = sum(size < person.followers for size in sizes)
    return str(1 + 4 * smaller // len(sizes))


def _group(posts: Sequence[Asked], through: datetime) -> dict[str, float | None]:
    answered, matured = rate(posts, WINDOWS["24h"], through)
    clocks = [each for each in posts if each.starts_clock]
    curve = kaplan_meier((each.seconds(through), each.answered_at is not None) for each in clocks)
    return {
        "people_count": len({each.said.author.number for each in posts}),
        "matured_posts": matured,
        "answered_posts": answered,
        "questions_count": len(clocks),
        "questions_answered": sum(each.answered_at is not None for each in clocks),
        "first_response_seconds_median": quantile(curve, 0.5),
    }
