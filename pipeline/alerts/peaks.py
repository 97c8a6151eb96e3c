"""Peaks worth telling: of the last days, and not made by our own reading of older posts.

A day can stand out because a source was added, or came back after an outage, and brought what was
said before. So the posts that were first seen late, or come from a source that was not yet listened
to in the weeks the day is compared with, are left out; a peak that does not stand without them is
not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.query import records
from pipeline.report.queries import between, literal
from pipeline.warehouse import read_warehouse

PEAK_DAYS: Final = 3
"""Days back in which a peak is news: late replies may still make one of the day before."""

LONGEST_EPISODE: Final = 14
LATE_HOURS: Final = 36
"""A post that was first seen so long after it was written was brought by a backfill."""

YOUNG_DAYS: Final = 28
"""A source that listens shorter than the four weeks an expectation needs cannot be compared."""

Ask = Callable[[str], list[dict[str, Any]]]


class Peak(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which more was said than could be expected.

    ``began`` is the first of the days in a row of which this is the highest; ``posts`` are texts,
    masked, with the number of reactions they drew.
    """

    day: date
    began: date
    volume: int
    expected: float
    threshold: float
    weeks: int
    terms: tuple[str, ...]
    posts: tuple[tuple[str, int], ...]


def find_peaks(
    data: Path, ask: Ask, organisation: str, oldest: date, newest: date
) -> Iterator[Peak]:
    """Peaks from ``oldest`` to ``newest``, the highest day of each stretch."""
    rows = ask(_peak_days(organisation, oldest - timedelta(days=LONGEST_EPISODE), newest))
    days = {row["posted_date"]: row for row in rows}
    timely = _timely_share(data, organisation, [day for day in days if day >= oldest])
    for stretch in _stretches(sorted(days)):
        recent = [
            days[day]
            for day in stretch
            if day >= oldest and days[day]["volume"] * timely.get(day, 0.0) > days[day]["threshold"]
        ]
        if recent:
            highest = max(recent, key=lambda row: (row["volume"], row["posted_date"]))
            yield _peak(highest, stretch[0], ask, organisation)


def _stretches(days: list[date]) -> list[list[date]]:
    """Days in a row."""
    found: list[list[date]] = []
    for day in days:
        if found and day - found[-1][-1] == timedelta(days=1):
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _peak_days(organisation: str, oldest: date, newest: date) -> str:
    return f"""
        select posted_date, volume, expected, threshold, weeks_count
        from marts.peaks
        where
            organisation = {literal(organisation)}
            and platform = 'all'
            and {between("posted_date", oldest, newest)}
    """


def _peak(row: Mapping[str, Any], began: date, ask: Ask, organisation: str) -> Peak:
    day: date = row["posted_date"]
    of_day = f"organisation = {literal(organisation)} and posted_date = date '{day.isoformat()}'"
    of_it = f"{of_day} and platform = 'all'"
    # words are known of platforms, not of their sum
    terms = ask(
        f"""
        select term from marts.peak_terms where {of_day}
        group by term order by max(score) desc, term limit 5
        """
    )
    posts = ask(
        f"""
        select posts.text, drew.reactions_count
        from (select * from marts.peak_posts where {of_it}) as drew
        inner join marts.posts as posts on drew.post_key = posts.post_key
        order by drew.post_rank limit 3
        """
    )
    return Peak(
        day=day,
        began=began,
        volume=int(row["volume"]),
        expected=float(row["expected"]),
        threshold=float(row["threshold"]),
        weeks=int(row["weeks_count"]),
        terms=tuple(each["term"] for each in terms),
        posts=tuple((each["text"] or "", int(each["reactions_count"])) for each in posts),
    )


_TIMELY: Final = f"""
    -- grain: one row per day: which share of its posts was heard at the time
    select
        roles.posted_date,
        avg(
            case
                when
                    stored.first_seen_at <= posts.posted_at + interval {LATE_HOURS} hours
                    and progress.collected_from
                    <= posts.posted_at - interval {YOUNG_DAYS} days
                    then 1.0
                else 0.0
            end
        ) as timely_share
    from intermediate.int_roles as roles
    inner join intermediate.int_posts as posts on roles.post_number = posts.post_number
    inner join staging.stg_posts as named on posts.post_number = named.post_number
    inner join raw.posts as stored
        on named.platform = stored.platform and named.post_id = stored.post_id
    left join ops.progress as progress on stored.first_source = progress.source
    where
        roles.organisation = $organisation
        and roles.posted_date in (select unnest($days::date[]))
    group by roles.posted_date
"""


def _timely_share(data: Path, organisation: str, days: list[date]) -> dict[date, float]:
    if not days:
        return {}
    with read_warehouse(data) as warehouse:
        if warehouse is None:
            return {}
        values = {"organisation": organisation, "days": days}
        rows = records(warehouse.database, _TIMELY, values)
    return {row["posted_date"]: float(row["timely_share"]) for row in rows}
