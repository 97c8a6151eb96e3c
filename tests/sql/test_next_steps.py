"""Nine weeks of one town: a day of trouble, a weekday nobody reacts to, and what to do about it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.models import build
from tests.sql.warehouse_rows import Rows

BEGIN = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)  # a Monday
DAYS = 70
TROUBLE = 66
SIZES = {0: 3, 1: 4, 2: 3, 3: 5, 4: 4, 5: 3, 6: 3, 7: 4, 8: 3, 9: 4}
"""Posts a day by week: quiet, and not always the same."""


def tell(rows: Rows) -> None:
    for day in range(DAYS):
        at = BEGIN + timedelta(days=day)
        for number in range(SIZES[day // 7]):
            name = f"said {day} {number}"
            purpose = "service" if number % 2 else "product"
            rows.post(
                name,
                f"person {number}",
                at + timedelta(minutes=number),
                mentions=["zon"],
                intents=["question"],
                text="waar blijft mijn pakket vandaag",
                reading={"purpose": purpose},
            )
            if purpose == "product":
                rows.post(f"to {name}", "zon", at + timedelta(hours=1), parent=name)
        is_monday = day % 7 == 0
        for number in range(2):
            rows.post(
                f"news {day} {number}",
                "zon",
                at + timedelta(hours=2, minutes=number),
                replies_count=0,
                likes_count=0 if is_monday else 5,
                reading={"giving": "take", "purpose": "sales"},
            )
    rows.post(
        "praise",
        "person 1",
        BEGIN + timedelta(days=DAYS - 27),
        mentions=["zon"],
        intents=["praise"],
        reading={"purpose": "service"},
    )
    for number in range(40):
        rows.post(
            f"trouble {number}",
            f"reader {number}",
            BEGIN + timedelta(days=TROUBLE, hours=3, minutes=number),
            names=["Zon"],
            text="grote storing bij Zon vandaag",
            likes_count=number,
        )


def new_posts(source: str, night: int) -> int:
    """The first night reads all there was; then a source brings what it usually does."""
    if not night:
        return 5000
    if night == 7 and source != "well":
        return 0
    return {"rare": 1, "young": 0}.get(source, 30)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    rows = Rows()
    rows.organisation("Zon", accounts={"town": ["zon"]})
    through = BEGIN + timedelta(days=DAYS)
    rows.source("town", "town", since=BEGIN, through=through)
    tell(rows)
    for source in ("town", "well", "rare", "down", "twice", "young"):
        if source != "town":
            rows.source(source, "town", since=BEGIN, through=through)
        for night in range(8):
            is_last = night == 7
            back = timedelta(minutes=1) if (source, night) == ("twice", 6) else timedelta(7 - night)
            rows.collection(
                f"run {night}",
                source,
                "town",
                asked_from=BEGIN,
                asked_through=through - back,
                new_posts_count=new_posts(source, night),
                status="failed" if is_last and source == "down" else "complete",
                error_code="SourceRefused" if is_last and source == "down" else None,
            )
    path: Path = rows.write(tmp_path_factory.mktemp("weeks") / "luister.duckdb")
    build(path)
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def ask(database: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return database.execute(query).fetchall()


def test_the_day_of_trouble_is_a_peak_and_no_other_day(
    database: duckdb.DuckDBPyConnection,
) -> None:
    day = (BEGIN + timedelta(days=TROUBLE)).date()
    volumes = dict(
        ask(database, "select posted_date, volume from marts.volume_daily where platform = 'town'")
    )
    before = [volumes[day - timedelta(days=7 * week)] for week in range(1, 9)]
    expected = statistics.median(before)
    spread = statistics.median(abs(volume - expected) for volume in before)

    found = ask(
        database,
        "select platform, posted_date, volume, weeks_count, expected, spread, threshold "
        "from marts.peaks order by platform",
    )

    one = (day, volumes[day], 8, expected, spread, expected + 3 * 1.4826 * spread)
    assert found == [("all", *one), ("town", *one)]


def test_a_peak_shows_its_words_and_its_loudest_posts(database: duckdb.DuckDBPyConnection) -> None:
    terms = ask(database, "select term, posts_count, posts_before_count from marts.peak_terms")
    assert set(terms) == {("grote", 40, 0), ("storing", 40, 0)}

    loudest = ask(
        database,
        "select reactions_count, role, text "
        "from marts.peak_posts join marts.posts using (post_key) "
        "where peak_posts.platform = 'all' order by post_rank",
    )
    assert [count for count, _, _ in loudest] == [39, 38, 37, 36, 35]
    assert {role for _, role, _ in loudest} == {"mentioned"}


def test_the_hour_of_trouble_is_a_peak_with_its_words_and_posts(
    database: duckdb.DuckDBPyConnection,
) -> None:
    began = BEGIN.replace(hour=12) + timedelta(days=TROUBLE)
    peaks = ask(
        database,
        "select platform, posted_date, hour_begins_at, hour_of_day, volume, weeks_count, expected, "
        "spread, threshold from marts.peaks_hourly order by platform",
    )
    one = (began.date(), began, 14, 40, 8, 0.0, 0.0, 0.0)
    assert peaks == [("all", *one), ("town", *one)]

    terms = ask(
        database,
        "select hour_begins_at, term, posts_count, posts_before_count from marts.peak_terms_hourly",
    )
    assert {"grote", "storing"} <= {term for _, term, _, _ in terms}
    assert {(hour, *counts) for hour, term, *counts in terms if term == "storing"} == {
        (began, 40, 0)
    }
    loudest = ask(
        database,
        "select hour_begins_at, reactions_count from marts.peak_posts_hourly "
        "where platform = 'town' order by post_rank",
    )
    assert loudest == [(began, count) for count in (39, 38, 37, 36, 35)]


def test_advice_names_the_use_the_weekday_and_the_habit(
    database: duckdb.DuckDBPyConnection,
) -> None:
    told = {
        rule: (subject, value, numerator, denominator)
        for rule, subject, value, numerator, denominator in ask(
            database, "select rule, subject, value, numerator, denominator from marts.advices"
        )
    }

    assert told["unmet_demand"][0] == "service"
    assert told["unmet_demand"][1] == 0
    assert told["silent_habit"][0] == "1"
    assert told["silent_habit"][1] == 0
    assert told["takes_more"][1] == 0
    assert told["open_queue"][2] == sum(SIZES[day // 7] // 2 for day in range(DAYS))
    assert "unheard_platform" not in told


def test_advice_shows_first_the_posts_that_need_an_answer(
    database: duckdb.DuckDBPyConnection,
) -> None:
    waiting = ask(
        database,
        "select roles.role, posts.is_question from marts.advice_posts "
        "join marts.posts using (post_key) join marts.post_roles as roles using (post_key) "
        "where rule = 'unmet_demand'",
    )
    assert waiting == [("addressed", True)] * 10


def test_the_posts_are_of_the_days_that_the_number_is_of(
    database: duckdb.DuckDBPyConnection,
) -> None:
    taking = ask(
        database,
        "select posts.posted_date from marts.advice_posts join marts.posts using (post_key) "
        "where rule = 'takes_more' order by all",
    )
    (start,) = ask(
        database,
        "select max(period_start) from marts.scorecard where period_grain = 'rolling_28d'",
    )
    assert len(taking) == 10
    assert taking[0] == start


def test_demand_stands_beside_attention(database: duckdb.DuckDBPyConnection) -> None:
    told = {
        purpose: (demand, attention, rate)
        for purpose, demand, attention, rate in ask(
            database,
            "select purpose, demand_posts, attention_posts, response_rate_24h from marts.uses "
            "where platform = 'all' and period_grain = 'all'",
        )
    }
    praise = 1
    service = praise + sum(SIZES[day // 7] // 2 for day in range(DAYS))
    assert told["service"][:2] == (service, 0)
    assert told["service"][2] == 0
    assert told["product"][2] == 1
    assert told["sales"] == (0, 2 * DAYS, None)


def test_only_what_the_interval_leaves_out_is_called_a_change(
    database: duckdb.DuckDBPyConnection,
) -> None:
    changes = {
        (measure, start): (value, before, low, high, is_change)
        for measure, start, value, before, low, high, is_change in ask(
            database,
            "select measure, period_start, value, previous_value, change_low, change_high, "
            "is_change from marts.scorecard where platform = 'all' and period_grain = 'week'",
        )
    }
    week = date(2025, 8, 4)
    value, before, low, high, is_change = changes["volume", week]
    assert value - before > 30
    assert (low, high) == pytest.approx(
        (
            value - before - 1.959963984540054 * (value + before) ** 0.5,
            value - before + 1.959963984540054 * (value + before) ** 0.5,
        )
    )
    assert is_change
    assert not changes["volume", date(2025, 7, 28)][4]
    assert changes["volume", date(2025, 6, 2)][1] is None
    assert changes["first_response_seconds_median", week][2:] == (None, None, False)


def test_a_share_changes_by_newcombes_interval(database: duckdb.DuckDBPyConnection) -> None:
    (now, before) = ask(
        database,
        "select value, low, high, change_low, change_high from marts.scorecard "
        "where measure = 'response_rate_24h' and platform = 'all' and period_grain = 'month' "
        "and period_start in ('2025-06-01', '2025-07-01') order by period_start desc",
    )
    change = now[0] - before[0]
    low = change - ((now[0] - now[1]) ** 2 + (before[2] - before[0]) ** 2) ** 0.5
    high = change + ((now[2] - now[0]) ** 2 + (before[0] - before[1]) ** 2) ** 0.5
    assert now[3:] == pytest.approx((low, high))


def test_a_published_figure_stands_only_beside_what_is_defined_alike(
    database: duckdb.DuckDBPyConnection,
) -> None:
    told = dict(
        ask(
            database,
            "select measure, benchmark from marts.scorecard where platform = 'all' "
            "and period_grain = 'all'",
        )
    )
    assert told["conversation_share"] == 0.2
    assert told["proactive_share"] == 0.17
    assert told["response_rate_7d"] is None


def test_the_network_of_a_week_has_a_shape(database: duckdb.DuckDBPyConnection) -> None:
    found = ask(
        database,
        "select week, nodes_count, in_centralization, out_centralization, too_few, shape "
        "from marts.networks_weekly where platform = 'all' order by week",
    )
    quiet = [row for row in found if row[4]]
    assert all(shape is None for *_, shape in quiet)
    assert found[-1][0] == date(2025, 8, 4)
    assert found[-1][5] == "fragmented"


def test_a_source_that_falls_silent_is_an_incident_not_a_quiet_night(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = ask(
        database,
        "select source, incident, error_code, usual_posts from marts.incidents order by source",
    )
    assert found == [
        ("down", "failed", "SourceRefused", 30.0),
        ("town", "fell_silent", None, 30.0),
    ]


def test_counts_of_a_period_that_is_not_over_are_no_change(
    database: duckdb.DuckDBPyConnection,
) -> None:
    running = ask(
        database,
        "select previous_value is not null, change_low, is_change from marts.scorecard "
        "where platform = 'all' and period_grain = 'week' and period_start = '2025-08-11' "
        "and measure in ('volume', 'own_posts', 'addressed_posts')",
    )
    assert running == [(True, None, False)] * 3


@pytest.mark.parametrize("measure", ["people_answered_share", "repeat_converser_share"])
def test_people_who_had_less_time_to_come_back_are_no_change(
    database: duckdb.DuckDBPyConnection, measure: str
) -> None:
    running, over = ask(
        database,
        "select previous_value is not null, change_low is not null from marts.scorecard "
        f"where platform = 'all' and period_grain = 'week' and measure = '{measure}' "
        "and period_start in ('2025-08-04', '2025-08-11') order by period_start desc",
    )
    assert running == (True, False)
    assert over == (True, True)


def test_windows_that_begin_before_collecting_did_are_no_change(
    database: duckdb.DuckDBPyConnection,
) -> None:
    called = ask(
        database,
        "select min(period_start) from marts.scorecard where period_grain = 'rolling_28d' "
        "and measure = 'volume' and change_low is not null",
    )
    # 56 days of which the first hours of the first are missing: less than a twentieth
    assert called[0][0] >= (BEGIN + timedelta(days=26)).date()
