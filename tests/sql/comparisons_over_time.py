"""Coverage, changes and peaks of the random towns beside what plain loops say."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise, product
from math import sqrt

import pytest
from duckdb import DuckDBPyConnection

from tests.sql import reference, towns
from tests.sql.towns import MINIMUM_N, rows

Z = 1.959963984540054


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), reference.ZONE).astimezone(UTC)


def after(grain: str, start: date) -> date:
    """The first day after a period."""
    if grain == "month":
        return (start + timedelta(days=31)).replace(day=1)
    if grain == "quarter":
        return (start + timedelta(days=92)).replace(day=1)
    if grain == "all":
        return towns.reckoned().last_day + timedelta(days=1)
    return start + timedelta(days={"day": 1, "week": 7, "rolling_28d": 28}[grain])


def before(grain: str, start: date) -> date:
    """The first day of the period before."""
    if grain in ("month", "quarter"):
        place = start.year * 12 + start.month - 1 - (1 if grain == "month" else 3)
        return date(place // 12, place % 12 + 1, 1)
    return start - timedelta(days={"day": 1, "week": 7, "rolling_28d": 28}[grain])


NOW = max(towns.through(name) for name in towns.TOWNS)


@cache
def covered(platform: str, grain: str, start: date) -> float | None:
    """Covered source-hours over source-hours up to now; each town has one source.

    An hour of a source counts for the share of its verbs that were heard.
    """
    begin, end = midnight(start), min(midnight(after(grain, start)), NOW)
    if end <= begin:
        return None
    names = towns.TOWNS if platform == "all" else [platform]
    seconds = 0.0
    for name, verb in product(names, towns.VERBS):
        gaps = [*towns.GAPS.get(name, ()), *towns.GAPS_OF_VERBS.get((name, verb), ())]
        moments = [begin, end, towns.BEGIN, towns.through(name), *sum(gaps, ())]
        inside = sorted(each for each in set(moments) if begin <= each <= end)
        for one, other in pairwise(inside):
            is_gap = any(since <= one < until for since, until in gaps)
            if towns.BEGIN <= one < towns.through(name) and not is_gap:
                seconds += (other - one).total_seconds() / len(towns.VERBS)
    return seconds / (len(names) * (end - begin).total_seconds())


def coverage(connection: DuckDBPyConnection, measure: str) -> None:
    """Coverage of every period."""
    found = rows(connection, "select * from intermediate.int_coverage_periods")
    assert len(found) > 500
    for row in found:
        where = (row["platform"], row["period_grain"], row["period_start"])
        assert row["coverage"] == pytest.approx(covered(*where)), where


def changes(connection: DuckDBPyConnection, measure: str) -> None:
    """What is called a change: the intervals of shares and of counts, between whole periods."""
    cells = towns.reckoned().cells
    shares = {
        row["measure"]
        for row in rows(connection, "select * from marts.measure_catalogue")
        if row["unit"] == "share" and row["measure"] not in NO_INTERVAL
    }
    seen = 0
    for row in rows(connection, "select * from intermediate.int_changes"):
        grain, start = row["period_grain"], row["period_start"]
        where = (row["organisation"], row["platform"], grain)
        now = cells.get((*where, start, row["measure"]))
        then = cells.get((*where, before(grain, start), row["measure"]))
        if now is None or then is None:
            continue
        bounds, enough = _change(now, then, row["measure"] in shares)
        grows = row["measure"] in MORE_IN_MORE_TIME or now[2] is None
        is_cut = grows and not _is_whole(*where[1:], start)
        if is_cut or row["measure"] == "oldest_waiting_seconds":
            bounds, enough = None, False
        seen += bounds is not None
        assert (row["change_low"], row["change_high"]) == pytest.approx(bounds or (None, None)), row
        called = enough and bounds is not None and (bounds[0] > 0 or bounds[1] < 0)
        assert bool(row["is_change"]) == called, row
    assert seen > 500


NO_INTERVAL = frozenset(
    {
        *("edge_reciprocity", "dyad_reciprocity", "density", "isolate_share"),
        *("customer_to_customer_share", "returning_node_share"),
    }
)
"""Shares of a network's pairs hang together: no interval of independent draws fits them."""

MORE_IN_MORE_TIME = frozenset({"people_answered_share", "repeat_converser_share"})
"""Who is looked at for longer has more often been answered, and answered again."""


def _is_whole(platform: str, grain: str, start: date) -> bool:
    """Whether a period is over, and was covered as well as the one before it."""
    known = [covered(platform, grain, each) for each in (start, before(grain, start))]
    return midnight(after(grain, start)) <= NOW and min(each or 0.0 for each in known) >= 0.95


def _change(
    now: reference.Cell, then: reference.Cell, is_share: bool
) -> tuple[tuple[float, float] | None, bool]:
    """The interval of a difference, and whether there is enough to call it a change."""
    if now[0] is None or then[0] is None:
        return None, False
    change = now[0] - then[0]
    if now[2] is None:
        half = Z * sqrt(now[0] + then[0])
        return (change - half, change + half), now[0] + then[0] >= MINIMUM_N
    if not is_share or now[1] is None or then[1] is None or then[2] is None:
        return None, False
    low, high = reference.wilson(now[1], now[2])
    low_then, high_then = reference.wilson(then[1], then[2])
    return (
        change - sqrt((now[0] - low) ** 2 + (high_then - then[0]) ** 2),
        change + sqrt((high - now[0]) ** 2 + (then[0] - low_then) ** 2),
    ), min(now[2], then[2]) >= MINIMUM_N


def peaks(connection: DuckDBPyConnection, measure: str) -> None:
    """Days above the median and three scaled distances of the same weekday before."""
    cells = towns.reckoned().cells
    first = towns.BEGIN.astimezone(reference.ZONE).date()
    known, above = {}, {}
    for organisation in towns.ORGANISATIONS:
        for platform in ("all", *towns.TOWNS):
            for number in range((towns.reckoned().last_day - first).days + 1):
                day = first + timedelta(days=number)
                days = [day - timedelta(days=7 * week) for week in range(9)]
                volume, *earlier = (
                    (cells.get((organisation, platform, "day", each, "volume")) or (0,))[0] or 0
                    for each in days
                    if each >= first
                )
                if len(earlier) < 4:
                    continue
                middle = statistics.median(earlier)
                spread = statistics.median(abs(each - middle) for each in earlier)
                where = (organisation, platform, day)
                known[where] = (volume, len(earlier), middle, spread)
                limit = middle + 3 * 1.4826 * spread
                if volume > limit and volume >= MINIMUM_N:
                    above[where] = limit
    columns = "organisation, platform, posted_date"
    told = f"{columns}, volume, weeks_count, expected, spread"
    expectations = connection.execute(
        f"select {told} from intermediate.int_expectations"
    ).fetchall()
    assert {row[:3]: row[3:] for row in expectations} == known
    found = connection.execute(
        f"select {columns}, threshold from intermediate.int_peaks"
    ).fetchall()
    assert above
    assert {row[:3]: row[3] for row in found} == pytest.approx(above)


def peaks_hourly(connection: DuckDBPyConnection, measure: str) -> None:
    """Hours above the median and three scaled distances of the same weekday and clock before."""
    last_day = towns.reckoned().last_day
    volumes: Counter[tuple[str, str, datetime]] = Counter()
    for (organisation, platform, grain, _), parts in towns.reckoned().filed.items():
        if grain == "all":
            for town, facts in parts.values():
                for fact in facts:
                    began = town.time(fact.post).replace(minute=0, second=0, microsecond=0)
                    volumes[organisation, platform, began] += 1
    clock: dict[tuple[date, int], list[datetime]] = defaultdict(list)
    hour = midnight(towns.BEGIN.astimezone(reference.ZONE).date())
    while (local := hour.astimezone(reference.ZONE)).date() <= last_day:
        clock[local.date(), local.hour].append(hour)
        hour += timedelta(hours=1)
    known = {}
    for (organisation, platform, hour), volume in volumes.items():
        local = hour.astimezone(reference.ZONE)
        earlier = [
            volumes[organisation, platform, before]
            for week in range(1, 9)
            for before in clock[local.date() - timedelta(days=7 * week), local.hour]
        ]
        if volume >= MINIMUM_N and len(earlier) >= 4:
            middle = statistics.median(earlier)
            spread = statistics.median(abs(each - middle) for each in earlier)
            known[organisation, platform, hour] = (volume, len(earlier), middle, spread)
    columns = "organisation, platform, hour_begins_at"
    told = f"{columns}, volume, weeks_count, expected, spread"
    expectations = connection.execute(f"select {told} from intermediate.int_hourly_expectations")
    assert known
    assert {row[:3]: row[3:] for row in expectations.fetchall()} == known
    above = {
        key: limit
        for key, (volume, _, middle, spread) in known.items()
        if volume > (limit := middle + 3 * 1.4826 * spread)
    }
    found = connection.execute(f"select {columns}, threshold from intermediate.int_hourly_peaks")
    assert {row[:3]: row[3] for row in found.fetchall()} == pytest.approx(above)
