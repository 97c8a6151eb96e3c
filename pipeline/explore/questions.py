"""What the pages ask of a night: the counts of a choice, its posts, and two columns of measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

import msgspec

from pipeline.explore.filters import FACETS, PAGE_ROWS, Filter
from pipeline.explore.published import Night

Row = dict[str, Any]
Period = tuple[str, date]
Step = Literal["day", "week", "month"]
DAYS_AS_DAYS: Final = 62
DAYS_AS_WEEKS: Final = 550
EXPORT_ROWS: Final = 100_000

COLUMNS: Final = (
    *("organisation", "platform", "posted_at", "posted_date", "role", "kind", "purpose"),
    *("sentiment", "language", "rating", "audience_band", "likes_count", "reposts_count"),
    *("replies_count", "title", "text", "post_key", "thread_key", "author_key"),
)
"""Columns of the posts, on the page and in an export."""

_POSTS: Final = """
with chosen as (
    select organisation, platform, posted_at, posted_date, role, purpose, sentiment, language, place
    from {table}
    where {condition}
    order by {order}
    limit $limit offset $offset
)

select
    chosen.organisation, chosen.platform, chosen.posted_at, chosen.posted_date, chosen.role,
    posts.kind, chosen.purpose, chosen.sentiment, chosen.language, posts.rating,
    posts.audience_band, posts.likes_count, posts.reposts_count, posts.replies_count, posts.title,
    posts.text, posts.post_key, posts.thread_key, posts.author_key
from chosen
inner join published.marts.posts as posts
    on chosen.place = posts.rowid
order by {chosen_order}
"""
_COUNTS: Final = """
select
    {facets},
    {period} as period,
    grouping({names}, {period}) as level,
    count(*) as posts_count
from {table}
where {condition}
group by grouping sets ({sets}, ({period}), ())
"""
_SCORES: Final = """
select measure, value, numerator, denominator, low, high, coverage, too_few
from published.marts.scorecard
where organisation = $organisation
    and platform = $platform
    and period_grain = $grain
    and period_start = $start
"""
_PERIODS: Final = """
select distinct period_grain, period_start
from published.marts.scorecard
where period_grain in ('week', 'month', 'quarter', 'all')
order by period_grain, period_start desc
"""
_LISTENED: Final = """
select distinct period_grain, period_start
from published.marts.scorecard
where organisation = $organisation
    and platform = $platform
    and period_grain in ('week', 'month', 'quarter', 'all')
    and coalesce(coverage, 1) >= $most
"""
MOST: Final = 0.95
"""Share of a period's hours collected from which it counts as whole, as in ``int_changes``."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many posts a choice holds: in all, by each facet (most first), and by period."""

    total: int
    facets: Mapping[str, list[tuple[str | None, int]]]
    periods: list[tuple[date, int]]
    step: Step


def step_of(first: date, last: date) -> Step:
    """Days, weeks or months: as many bars as an eye can tell apart."""
    days = (last - first).days + 1
    return "day" if days <= DAYS_AS_DAYS else "week" if days <= DAYS_AS_WEEKS else "month"


def counts(night: Night, chosen: Filter) -> Counts:
    """The counts of a choice, all of one reading."""
    table, condition, values = _where(night, chosen)
    about = night.about
    first, last = chosen.first or about.first, chosen.last or about.last
    step = step_of(first, last) if first and last else "day"
    query = _COUNTS.format(
        facets=", ".join(FACETS),
        names=", ".join(FACETS),
        sets=", ".join(f"({name})" for name in FACETS),
        period=f"cast(date_trunc('{step}', posted_date) as date)",
        table=table,
        condition=condition,
    )
    total, periods = 0, []
    facets: dict[str, list[tuple[str | None, int]]] = {name: [] for name in FACETS}
    width = len(FACETS)
    everything = 2 ** (width + 1) - 1
    by_level = {everything - 2 ** (width - place): name for place, name in enumerate(FACETS)}
    for row in night.ask(query, values):
        if row["level"] == everything:
            total = row["posts_count"]
        elif row["level"] == everything - 1:
            periods.append((row["period"], row["posts_count"]))
        else:
            name = by_level[row["level"]]
            facets[name].append((row[name], row["posts_count"]))
    for found in facets.values():
        found.sort(key=lambda each: (-each[1], each[0] or ""))
    return Counts(total=total, facets=facets, periods=sorted(periods), step=step)


def posts(night: Night, chosen: Filter) -> list[Row]:
    """One page of the posts of a choice, newest first; of a conversation oldest first."""
    query, values = _posts(night, chosen, PAGE_ROWS, (chosen.page - 1) * PAGE_ROWS)
    return night.ask(query, values)


def export(night: Night, chosen: Filter) -> Iterator[list[tuple[Any, ...]]]:
    """The posts of a choice, newest first, ``EXPORT_ROWS`` at most, in lists of rows."""
    query, values = _posts(night, chosen, EXPORT_ROWS, 0)
    return night.stream(query, values)


def periods(night: Night) -> list[Period]:
    """Periods the scorecard knows: grain and first day, newest first."""
    return [(row["period_grain"], row["period_start"]) for row in night.ask(_PERIODS)]


def listened(night: Night, organisation: str, platform: str) -> set[Period]:
    """Of ``periods`` those of which most was collected: in others counts are low for that alone."""
    values = {"organisation": organisation, "platform": platform, "most": MOST}
    return {(row["period_grain"], row["period_start"]) for row in night.ask(_LISTENED, values)}


def scores(
    night: Night, organisation: str, platform: str, grain: str, start: date
) -> Mapping[str, Row]:
    """The measures of one organisation in one period, by name."""
    values = {"organisation": organisation, "platform": platform, "grain": grain, "start": start}
    return {row["measure"]: row for row in night.ask(_SCORES, values)}


def _posts(night: Night, chosen: Filter, limit: int, offset: int) -> tuple[str, dict[str, Any]]:
    table, condition, values = _where(night, chosen)
    # a conversation is read from its beginning
    way = "asc" if chosen.thread else "desc"
    query = _POSTS.format(
        table=table,
        condition=condition,
        order=f"posted_at {way}, place",
        chosen_order=f"chosen.posted_at {way}, chosen.place",
    )
    return query, {**values, "limit": limit, "offset": offset}


def _where(night: Night, chosen: Filter) -> tuple[str, str, dict[str, Any]]:
    words: Sequence[str] = night.words(chosen.search)
    condition, values = chosen.condition(words)
    return "held.worded" if words else "held.posts", condition, values
