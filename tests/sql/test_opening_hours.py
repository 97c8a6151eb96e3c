"""The clock of opening hours: past midnight, with a pause, on holidays and when the clocks move."""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.models import PROJECT, build
from pipeline.settings import open_and_closed
from tests.sql.warehouse_rows import Rows

ZONE = ZoneInfo("Europe/Amsterdam")
FRIDAY = date(2025, 4, 25)
KINGS_DAY = date(2025, 4, 26)
BAR = {"friday": "18:00-02:00", "saturday": "18:00-02:00", "sunday": "12:00-14:00, 18:00-23:00"}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _module() -> ModuleType:
    path = PROJECT / "models" / "intermediate" / "int_opening_days.py"
    spec = importlib.util.spec_from_file_location("int_opening_days", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MODEL = _module()


def opened(
    first: date, last: date, hours: Mapping[str, str], free: Collection[date] = ()
) -> list[tuple[date, str, str]]:
    """Day, and what the clock on the wall shows when the desk opens and closes."""
    return [
        (
            row["opening_date"],
            *(f"{row[name].astimezone(ZONE):%a %H:%M}" for name in ("opens_at", "closes_at")),
        )
        for row in MODEL.calendar(first, last, hours, free, ZONE)
    ]


def test_hours_past_midnight_lie_in_both_days_also_the_evening_before_the_first() -> None:
    assert opened(KINGS_DAY, KINGS_DAY + timedelta(days=2), BAR) == [
        (date(2025, 4, 26), "Sat 00:00", "Sat 02:00"),
        (date(2025, 4, 26), "Sat 18:00", "Sun 00:00"),
        (date(2025, 4, 27), "Sun 00:00", "Sun 02:00"),
        (date(2025, 4, 27), "Sun 12:00", "Sun 14:00"),
        (date(2025, 4, 27), "Sun 18:00", "Sun 23:00"),
        (date(2025, 4, 28), "Mon 00:00", "Mon 00:00"),
    ]


def test_a_holiday_begins_nothing_and_ends_what_began_the_evening_before() -> None:
    assert opened(FRIDAY, KINGS_DAY + timedelta(days=1), BAR, {KINGS_DAY}) == [
        (date(2025, 4, 25), "Fri 18:00", "Sat 00:00"),
        (date(2025, 4, 26), "Sat 00:00", "Sat 02:00"),
        (date(2025, 4, 27), "Sun 12:00", "Sun 14:00"),
        (date(2025, 4, 27), "Sun 18:00", "Sun 23:00"),
    ]


def test_hours_that_run_into_those_of_the_next_day_are_counted_once() -> None:
    always = dict.fromkeys(WEEKDAYS, "08:00-07:59") | {"saturday": "05:00-09:00"}

    assert opened(KINGS_DAY, KINGS_DAY, always) == [(KINGS_DAY, "Sat 00:00", "Sat 09:00")]


@pytest.mark.parametrize(
    ("evening", "hours_long"),
    [(date(2025, 3, 28), 8), (date(2025, 3, 29), 7), (date(2025, 10, 25), 9)],
)
def test_a_night_in_which_the_clocks_move_is_as_long_as_it_is(
    evening: date, hours_long: int
) -> None:
    hours = {WEEKDAYS[evening.weekday()]: "20:00-04:00"}
    rows = MODEL.calendar(evening, evening + timedelta(days=1), hours, (), ZONE)

    long = sum((row["closes_at"] - row["opens_at"] for row in rows), timedelta(0))
    assert long == timedelta(hours=hours_long)


CLOCK = st.tuples(st.integers(0, 23), st.sampled_from([0, 30])).map(
    lambda told: f"{told[0]:02}:{told[1]:02}"
)


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> str:
    clocks = sorted(draw(st.sets(CLOCK, min_size=2, max_size=4)))
    told = ", ".join(
        f"{begin}-{end}" for begin, end in zip(clocks[::2], clocks[1::2], strict=False)
    )
    if draw(st.booleans()):
        return open_and_closed(f"{clocks[-1]}-{clocks[0]}")
    return open_and_closed(told)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(WEEKDAYS), hours_of_a_day()), st.sets(st.integers(0, 6)))
def test_every_half_hour_is_open_when_some_hours_say_so(
    hours: dict[str, str], free_days: set[int]
) -> None:
    """A week without a night in which the clocks move, half an hour at a time."""
    free = {FRIDAY + timedelta(days=number) for number in free_days}
    rows = MODEL.calendar(FRIDAY, FRIDAY + timedelta(days=6), hours, free, ZONE)
    at = datetime(2025, 4, 25, tzinfo=ZONE).astimezone(UTC)
    for _ in range(7 * 48):
        local = at.astimezone(ZONE)
        of_day = [row for row in rows if row["opening_date"] == local.date()]
        (told,) = [row for row in of_day if row["told_from"] <= at < row["told_until"]]
        assert (told["opens_at"] <= at < told["closes_at"]) == is_open(local, hours, free)
        at += timedelta(minutes=30)


def is_open(local: datetime, hours: Mapping[str, str], free: Collection[date]) -> bool:
    clock = f"{local:%H:%M}"
    for day, is_today in ((local.date(), True), (local.date() - timedelta(days=1), False)):
        told = "" if day in free else hours.get(WEEKDAYS[day.weekday()], "")
        for begin, end in (each.split("-") for each in told.split(", ") if each):
            if is_today and begin <= clock and (clock < end or end <= begin):
                return True
            if not is_today and end <= begin and clock < end:
                return True
    return False


def test_a_question_of_the_night_waits_while_the_desk_is_open(tmp_path: Path) -> None:
    """Each asks at an hour in April 2025, and is answered at another; Saturday is King's Day."""
    told = {
        "before closing": ("2025-04-26 01:30", "2025-04-27 12:30", 3600),
        "late at night": ("2025-04-25 23:00", "2025-04-26 01:00", 7200),
        "during the pause": ("2025-04-27 15:00", "2025-04-27 18:15", 900),
        "over the pause": ("2025-04-27 13:30", "2025-04-27 18:15", 2700),
        "when closed": ("2025-04-26 12:00", "2025-04-26 19:00", 0),
    }
    rows = Rows(opening_hours=BAR)
    rows.organisation("Zon", accounts={"town": ["zon"]})
    begin, through = (datetime(2025, 4, day, tzinfo=UTC) for day in (21, 30))
    rows.source("feed", "town", since=begin, through=through)
    for name, (asked, answered, _) in told.items():
        at, then = (datetime.fromisoformat(each).replace(tzinfo=ZONE) for each in (asked, answered))
        rows.post(name, name, at.astimezone(UTC), mentions=["zon"], intents=["question"])
        rows.post(f"to {name}", "zon", then.astimezone(UTC), parent=name)
    database = rows.write(tmp_path / "luister.duckdb")
    build(database, select="+int_open_questions")

    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select post_id, watched_seconds from intermediate.int_open_questions "
            "join staging.stg_posts using (post_number)"
        ).fetchall()
    assert dict(found) == {name: seconds for name, (_, _, seconds) in told.items()}


def test_a_question_is_counted_where_the_warehouse_has_an_older_list_of_time_zones(
    tmp_path: Path,
) -> None:
    """Since November 2026 the clocks of Vancouver stand still: who does not know is an hour off."""
    zone = "America/Vancouver"
    rows = Rows(opening_hours=dict.fromkeys(WEEKDAYS, "09:00-17:00"), timezone=zone)
    rows.organisation("Zon", accounts={"town": ["zon"]})
    begin, through = (datetime(2026, 12, day, tzinfo=UTC) for day in (1, 30))
    rows.source("feed", "town", since=begin, through=through)
    asked = [
        datetime(2026, 12, 8, hour, minute, tzinfo=UTC) for hour in (6, 7, 8) for minute in (0, 30)
    ]
    for number, at in enumerate(asked):
        rows.post(f"{number}", f"{number}", at, mentions=["zon"], intents=["question"])
    database = rows.write(tmp_path / "luister.duckdb")
    build(database, select="+int_open_questions")

    with duckdb.connect(str(database), read_only=True) as connection:
        counted = connection.sql("from intermediate.int_open_questions").fetchall()
    assert len(counted) == len(asked)


def test_the_rows_of_a_day_tell_of_moments_that_another_clock_calls_the_same_day() -> None:
    pause = {"friday": "09:00-12:00, 13:00-17:00"}
    first, second = MODEL.calendar(FRIDAY, FRIDAY, pause, (), ZONE)
    midnight = datetime(2025, 4, 25, tzinfo=ZONE)

    assert first["told_from"] <= midnight - timedelta(hours=2)
    assert first["told_until"] == second["told_from"] == second["opens_at"]
    assert second["told_until"] >= midnight + timedelta(hours=26)
