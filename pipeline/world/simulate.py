"""Making a world: one seed and one 'today' give the same people saying the same things."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import Final

from pipeline.world import broadcasts, elsewhere, people
from pipeline.world.audience import day_of_posts
from pipeline.world.hours import OFFICE, Desk
from pipeline.world.shape import Happening, Said, World
from pipeline.world.stage import Stage

TIMEZONE: Final = "Europe/Amsterdam"
NIGHTS_AFTER: Final = 5


def simulate(
    seed: int,
    today: datetime,
    *,
    days: int = 75,
    persons: int = 400,
    busyness: float = 1.0,
) -> World:
    """A world of ``days`` days up to ``today`` and a few more after it, for later nights.

    Args:
        seed: the same seed and today give the same world.
        today: an aware instant in UTC; the world knows no clock.
        days: how far back people talked.
        persons: how many people there are, companies apart.
        busyness: multiplies how much is said; 1 gives about four thousand posts.
    """
    random = Random(seed)
    begins_at = _midnight(today) - timedelta(days=days)
    organisations = people.companies(begins_at)
    first = sum(len(each.accounts) + len(each.employees) for each in organisations)
    crowd = people.crowd(random, persons, first, begins_at)
    papers = people.outlets(first + persons, begins_at)
    stage = Stage(
        random=random,
        begins_at=begins_at,
        ends_at=today + timedelta(days=NIGHTS_AFTER),
        desk=Desk(OFFICE, TIMEZONE),
        organisations=organisations,
        crowd={
            name: [each for each in crowd if each.platform == name]
            for name in people.PLATFORM_SHARES
        },
        happenings=_happenings(begins_at, days),
    )
    for index in range(days + NIGHTS_AFTER + 1):
        day = begins_at + timedelta(days=index)
        broadcasts.day_of_sending(stage, day, busyness)
        day_of_posts(stage, day, busyness)
    elsewhere.blogs(stage, busyness)
    elsewhere.newspapers(stage, papers)
    elsewhere.hacker_news(stage)
    elsewhere.comment_on_competitors(stage)
    broadcasts.passed_on_by_people(stage)
    said = _in_order_of_time(stage.said)
    _change_minds(random, said, today)
    return World(
        seed=seed,
        today=today,
        begins_at=begins_at,
        ends_at=stage.ends_at,
        timezone=TIMEZONE,
        opening_hours=OFFICE,
        organisations=organisations,
        people=[
            *(
                each
                for company in organisations
                for each in (*company.accounts, *company.employees)
            ),
            *crowd,
            *papers,
        ],
        happenings=stage.happenings,
        said=said,
    )


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(0), moment.tzinfo)


def _happenings(begins_at: datetime, days: int) -> tuple[Happening, ...]:
    """A launch, a price change and a crisis, at a quarter, half and four fifths of the time."""

    def at(share: float, hour: int) -> datetime:
        return begins_at + timedelta(days=int(days * share), hours=hour)

    return (
        Happening("launch", "battery", at(0.25, 8), 3.0, 1.6, 0.5),
        Happening("price change", "price", at(0.5, 7), 3.0, 2.2, -0.5),
        Happening("crisis", "outage", at(0.8, 5), 1.4, 7.0, -0.9),
    )


def _in_order_of_time(said: list[Said]) -> list[Said]:
    """Sorted and numbered; whole milliseconds, as no platform tells more."""
    for each in said:
        each.at = each.at.replace(microsecond=each.at.microsecond // 1000 * 1000)
        if each.platform in {"feed", "hackernews"}:
            each.at = each.at.replace(microsecond=0)
    ordered = sorted(said, key=lambda each: each.at)
    for number, each in enumerate(ordered):
        each.number = number
    return ordered


def _change_minds(random: Random, said: list[Said], today: datetime) -> None:
    """Some posts are edited (where the platform allows), some are deleted, some of both tonight.

    Only posts that nobody answered, passed on or quoted are deleted, so that what is left of a
    conversation does not depend on how many nights saw it.
    """
    used = {id(other) for each in said for other in (each.parent, each.target) if other is not None}
    for each in said:
        if each.author.role != "person" or each.visibility != "public":
            continue
        if each.platform == "mastodon" and each.kind != "repost" and random.random() < 0.03:
            at = _moment_of_change(random, each, today)
            each.edits.append((at, f"{each.text} (aangepast)"))
        if each.platform != "feed" and id(each) not in used and random.random() < 0.02:
            each.deleted_at = _moment_of_change(random, each, today)


def _moment_of_change(random: Random, said: Said, today: datetime) -> datetime:
    """Mostly soon after it was said; a third after ``today``, so that a later night sees it."""
    if random.random() < 0.35:
        after = max(said.at, today)
        return after + timedelta(hours=1 + random.random() * 40)
    return said.at + timedelta(minutes=2 + random.expovariate(1 / 300.0))
