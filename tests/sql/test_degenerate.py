"""Towns in which something is odd, one a platform: no number is wrong there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.models import build
from tests.sql.warehouse_rows import Rows

BEGIN = datetime(2025, 10, 20, 8, 0, tzinfo=UTC)  # a Monday; the clocks go back on the 26th
THROUGH = BEGIN + timedelta(days=14)
ALWAYS_OPEN = dict.fromkeys(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "00:00-24:00"
)
CHAIN, WIDTH = 1000, 9000
ODD = (
    *("silent", "unasked", "instant", "alone", "long", "early", "orphaned", "circular"),
    *("siblings", "colleague", "rival", "thrice", "night", "spring"),
    *("pages", "quoting", "withdrawn", "beyond", "nameless", "retracted"),
    *("hidden", "passing", "patient", "echoing", "renamed"),
)


def at(**time: float) -> datetime:
    return BEGIN + timedelta(**time)


def tell(rows: Rows) -> None:
    """Who says what in each of them."""
    asks: dict[str, Any] = {"intents": ["question"], "mentions": ["zon"]}
    rows.post("unasked 1", "zon", at(hours=1), platform="unasked")
    rows.post("unasked 2", "zon", at(hours=2), platform="unasked")

    for number in range(12):
        name = f"instant {number}"
        rows.post(name, f"person {number}", at(hours=number), platform="instant", **asks)
        rows.post(f"to {name}", "zon", at(hours=number), platform="instant", parent=name)

    for number in range(12):
        rows.post(f"alone {number}", "hermit", at(hours=number), platform="alone", names=["Zon"])

    _long_thread(rows, asks)

    # the clock of the company is slow: its answer seems to come before the question
    rows.post("late", "anna", at(hours=5), platform="early", **asks)
    rows.post("early", "zon", at(hours=4), platform="early", parent="late")
    # the answer was collected, and so was what it answers, but only later
    rows.post(
        "reply", "zon", at(hours=8), platform="early", parent="asked", first_seen_at=at(days=1)
    )
    rows.post("asked", "bob", at(hours=7), platform="early", first_seen_at=at(days=3), **asks)

    rows.post("orphan", "anna", at(hours=1), platform="orphaned", parent="never", **asks)
    rows.post("to nobody", "zon", at(hours=2), platform="orphaned", parent="gone")
    rows.post("to orphan", "zon", at(hours=3), platform="orphaned", parent="orphan")

    rows.post("egg", "anna", at(hours=1), platform="circular", parent="hen", **asks)
    rows.post("hen", "zon", at(hours=2), platform="circular", parent="egg")
    rows.post("self", "bob", at(hours=3), platform="circular", parent="self", **asks)

    rows.post("open", "zon", at(hours=1), platform="siblings")
    rows.post("care", "zon_care", at(hours=2), platform="siblings", parent="open")
    rows.post(
        "again", "zon", at(hours=3), platform="siblings", parent="care", mentions=["zon_care"]
    )

    rows.post("eva asks", "eva", at(hours=1), platform="colleague", **asks)
    rows.post("to eva", "zon", at(hours=2), platform="colleague", parent="eva asks")

    rows.post("maan asks", "maan", at(hours=1), platform="rival", **asks)
    rows.post("to maan", "zon", at(hours=2), platform="rival", parent="maan asks")

    rows.post("thrice", "anna", at(hours=1), platform="thrice", **asks)

    for number in range(2):
        rows.post(
            f"echo {number}",
            "anna",
            at(hours=number),
            platform="echoing",
            kind="repost",
            names=["Zon"],
        )

    # one night is an hour longer: half past two comes twice, and both are Sunday the 26th
    night = datetime(2025, 10, 25, 20, 0, tzinfo=UTC)
    rows.post("first half past two", "anna", night + timedelta(hours=4.5), platform="night", **asks)
    rows.post("second half past two", "bob", night + timedelta(hours=5.5), platform="night", **asks)
    rows.post(
        "to anna",
        "zon",
        night + timedelta(hours=12),
        platform="night",
        parent="first half past two",
    )
    rows.post(
        "to bob",
        "zon",
        night + timedelta(hours=13),
        platform="night",
        parent="second half past two",
    )
    # and one an hour shorter: from one o'clock it is an hour to three
    short = datetime(2025, 3, 30, 0, 30, tzinfo=UTC)
    rows.post("before", "anna", short, platform="spring", **asks)
    rows.post("after", "zon", short + timedelta(hours=1), platform="spring", parent="before")

    # three reviews name the company: one on its page, one on a competitor's, one who knows where
    for name, pages in (("ours", ["zon"]), ("theirs", ["maan"]), ("somewhere", ["jan"])):
        rows.post(
            f"{name} is bad",
            f"critic of {name}",
            at(hours=1),
            platform="pages",
            kind="review",
            mentions=pages,
            names=["Zon"],
            rating=1.0,
            reading={"purpose": "product"},
        )

    rows.post("news", "zon", at(hours=1), platform="quoting")
    rows.post(
        "see what they say",
        "anna",
        at(hours=2),
        platform="quoting",
        kind="quote",
        parent="news",
        quoted_id="what they say",
    )
    rows.post("we see", "zon", at(hours=3), platform="quoting", parent="see what they say")

    rows.post("told", "anna", at(hours=1), platform="withdrawn", **asks)
    rows.post(
        "gone", "bob", at(hours=2), platform="withdrawn", parent="told", deleted_at=at(days=1)
    )
    for number in (1, 2):
        rows.post(f"after {number}", "carla", at(hours=3), platform="withdrawn", parent="gone")

    # two take back what they answered and go on below it: of one the number is told, of one the
    # handle
    for number, handle, told in (("7", "dora", "7"), ("8", "Emil", "emil")):
        rows.post(f"root {number}", "anna", at(hours=1), platform="retracted", **asks)
        rows.post(
            f"gone {number}",
            None,
            at(hours=2),
            platform="retracted",
            parent=f"root {number}",
            deleted_at=at(days=1),
        )
        for again in (1, 2):
            rows.post(
                f"again {number} {again}",
                number,
                at(hours=3),
                parent=f"gone {number}",
                platform="retracted",
                author_handle=handle,
                parent_author_id=told,
            )

    # one goes on below a post of his own that only some may read
    rows.post("root", "anna", at(hours=1), platform="hidden", **asks)
    rows.post("to few", "dora", at(hours=2), platform="hidden", parent="root", visibility="private")
    for again in (1, 2):
        rows.post(f"again {again}", "dora", at(hours=3), parent="to few", platform="hidden")

    # of what is passed on only the platform tells who wrote it
    for writer in ("zon", "anna"):
        rows.post(
            f"pass on {writer}",
            "zon",
            at(hours=1),
            platform="passing",
            kind="repost",
            reposted_id=f"of {writer}",
            parent_author_id=writer,
        )

    # three messages in a row are one question; another took two answers, and one got none
    rows.post("well", "anna", at(hours=1), platform="patient", **asks)
    rows.post("well?", "anna", at(hours=2), platform="patient", parent="well", **asks)
    rows.post("well??", "anna", at(days=1), platform="patient", parent="well?", **asks)
    rows.post("to anna", "zon", at(days=2), platform="patient", parent="well??")
    rows.post("bob asks", "bob", at(hours=1), platform="patient", **asks)
    for number in (2, 3):
        rows.post(
            f"to bob {number}", "zon", at(hours=number), platform="patient", parent="bob asks"
        )
    rows.post("carla asks", "carla", at(hours=1), platform="patient", **asks)

    # somebody's clock is days ahead, and somebody speaks below a post of years ago
    rows.post("ahead", "anna", THROUGH + timedelta(days=3), platform="beyond", names=["Zon"])
    rows.post("long ago", "bob", at(days=-900), platform="beyond")
    rows.post("today", "anna", at(hours=1), platform="beyond", parent="long ago", names=["Zon"])

    # one person: here a number is told, there a handle alone, as by a reply to what is not there
    rows.post("one", "7", at(hours=1), platform="renamed", author_handle="anna", **asks)
    for name, hour, parent in (("two", 2, "one"), ("three", 4, "to two")):
        rows.post(
            name,
            None,
            at(hours=hour),
            platform="renamed",
            author_handle="Anna",
            parent=parent,
            **asks,
        )
    rows.post("to two", "zon", at(hours=3), platform="renamed", parent="two")
    rows.post(
        "to gone",
        "zon",
        at(hours=5),
        platform="renamed",
        parent="gone",
        parent_author_id="anna",
        text="Dag Anna",
    )
    rows.author("renamed", "7", 500, "Anna Bakker")
    rows.author("renamed", "anna", 200)
    rows.audience("renamed", "anna", at(hours=0), 200)
    rows.audience("renamed", "7", at(hours=3), 500)

    # a shop that names nobody
    for number in range(3):
        name = f"review {number}"
        rows.post(
            name, None, at(hours=number), platform="nameless", kind="review", mentions=["zon"]
        )
    for number in range(2):
        rows.post(
            f"thanks {number}", "zon", at(hours=4), platform="nameless", parent=f"review {number}"
        )


def _long_thread(rows: Rows, asks: dict[str, Any]) -> None:
    """A thread of ten thousand: a thousand deep, and nine thousand wide."""
    rows.post("long 0", "person 0", at(hours=1), platform="long", **asks)
    for number in range(1, CHAIN):
        rows.post(
            f"long {number}",
            f"person {number % 7}",
            at(hours=1, seconds=number),
            platform="long",
            parent=f"long {number - 1}",
        )
    for number in range(WIDTH - 1):
        rows.post(f"wide {number}", "crowd", at(hours=2), platform="long", parent="long 0")
    rows.post("at last", "zon", at(hours=3), platform="long", parent=f"long {CHAIN - 1}")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    rows = Rows(opening_hours=ALWAYS_OPEN)
    rows.organisation(
        "Zon",
        accounts=dict.fromkeys(ODD, ("zon", "zon_care")),
        employees=dict.fromkeys(ODD, ("eva",)),
    )
    rows.organisation("Maan", "competitor", accounts=dict.fromkeys(ODD, ("maan",)))
    for name in ODD:
        since = datetime(2025, 3, 1, tzinfo=UTC) if name == "spring" else BEGIN
        rows.source(f"{name} source", name, since=since, through=THROUGH)
    tell(rows)
    for source in ("one", "two", "three"):
        rows.found_by("thrice", "thrice", source)
    path: Path = rows.write(tmp_path_factory.mktemp("odd") / "luister.duckdb")
    build(path)
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def measures(database: duckdb.DuckDBPyConnection, platform: str) -> dict[str, tuple[Any, ...]]:
    """Value, numerator and denominator of Zon over everything."""
    found = database.execute(
        "select measure, value, numerator, denominator from marts.scorecard "
        "where organisation = 'Zon' and platform = ? and period_grain = 'all'",
        [platform],
    ).fetchall()
    return {measure: tuple(cell) for measure, *cell in found}


def roles(database: duckdb.DuckDBPyConnection, platform: str) -> dict[str, str]:
    return dict(
        database.execute(
            "select posts.post_id, roles.role from intermediate.int_roles as roles "
            "join staging.stg_posts as posts using (post_number) "
            "where organisation = 'Zon' and roles.platform = ?",
            [platform],
        ).fetchall()
    )


def test_where_nothing_was_said_every_rate_is_unknown_and_every_count_zero(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = measures(database, "silent")

    assert len(found) > 50
    assert {cell[0] for cell in found.values()} == {None, 0}
    for measure in ("own_posts", "addressed_posts", "volume", "open_queue", "people_answered"):
        assert found[measure] == (0, 0, None)
    assert found["response_rate_24h"] == (None, 0, 0)
    assert found["answer_gini"][0] is found["listening_ratio"][0] is None


def test_where_nothing_was_asked_there_is_no_rate_of_answers(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = measures(database, "unasked")

    assert found["broadcast_share"] == (1, 2, 2)
    assert found["response_rate_24h"] == (None, 0, 0)
    assert found["first_response_seconds_median"] == (None, 0, 0)
    assert found["oldest_waiting_seconds"][0] is None


def test_where_all_is_answered_at_once_answers_take_no_time(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = measures(database, "instant")

    assert found["response_rate_1h"] == (1, 12, 12)
    assert found["first_response_seconds_median"] == (0, 12, 12)
    assert found["first_response_seconds_p90"] == (0, 12, 12)
    assert found["first_response_open_seconds_median"] == (0, 12, 12)
    assert found["open_queue"] == (0, 0, None)
    assert found["answer_gini"][0] == pytest.approx(0)


def test_one_person_alone_makes_no_network(database: duckdb.DuckDBPyConnection) -> None:
    found = measures(database, "alone")
    weeks = database.execute(
        "select measure, value from marts.scorecard where organisation = 'Zon' "
        "and platform = 'alone' and period_grain = 'week' and period_start = '2025-10-20' and "
        "measure in ('density', 'in_centralization', 'isolate_share', 'edge_reciprocity')"
    ).fetchall()

    assert found["mentioned_posts"] == (12, 12, None)
    assert dict(weeks) == {
        "density": None,
        "in_centralization": None,
        "isolate_share": 1,
        "edge_reciprocity": None,
    }


def test_a_thread_of_ten_thousand_is_one_thread(database: duckdb.DuckDBPyConnection) -> None:
    found = measures(database, "long")

    assert found["thread_size_mean"] == (CHAIN + WIDTH, CHAIN + WIDTH, 1)
    assert found["thread_depth_mean"] == (CHAIN, CHAIN, 1)
    assert found["addressed_posts"] == (1, 1, None)
    assert found["first_response_seconds_median"] == (7200, 1, 1)


def test_a_reply_before_its_parent_answers_nothing_and_one_collected_first_does(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = measures(database, "early")

    assert found["response_rate_24h"] == (0.5, 1, 2)
    assert found["open_queue"] == (1, 1, None)
    assert found["first_response_seconds_median"] == (3600, 1, 2)


def test_parents_that_never_arrive_are_roots_that_nobody_sees(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = measures(database, "orphaned")

    assert found["replies"] == (2, 2, None)
    assert found["proactive_share"] == (0.5, 1, 2)
    assert found["response_rate_24h"] == (1, 1, 1)
    assert found["volume"] == (3, 3, None)


def test_a_circle_in_bad_data_ends(database: duckdb.DuckDBPyConnection) -> None:
    found = measures(database, "circular")

    assert found["volume"] == (3, 3, None)
    assert found["addressed_posts"] == (2, 2, None)
    assert found["response_rate_24h"] == (0.5, 1, 2)


def test_two_own_accounts_that_talk_to_each_other_answer_nobody(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = measures(database, "siblings")

    assert found["own_posts"] == (3, 3, None)
    assert found["continuations"] == (2, 2, None)
    assert found["broadcast_share"] == (1, 1, 1)
    assert found["addressed_posts"] == (0, 0, None)
    assert found["people_answered"] == (0, 0, None)


def test_an_employee_is_no_customer(database: duckdb.DuckDBPyConnection) -> None:
    found = measures(database, "colleague")

    assert roles(database, "colleague")["eva asks"] == "employee"
    assert found["addressed_posts"] == (0, 0, None)
    assert found["people_answered"] == (0, 0, None)
    assert found["demand_service"] == (0, 0, None)
    assert found["replies"] == (1, 1, None)


def test_a_competitor_may_ask_and_is_answered(database: duckdb.DuckDBPyConnection) -> None:
    found = measures(database, "rival")

    assert roles(database, "rival")["maan asks"] == "addressed"
    assert found["response_rate_24h"] == (1, 1, 1)
    assert found["people_answered"] == (1, 1, None)


def test_a_post_that_three_sources_gave_counts_once(database: duckdb.DuckDBPyConnection) -> None:
    found = measures(database, "thrice")

    assert found["volume"] == found["addressed_posts"] == (1, 1, None)
    assert found["response_rate_24h"] == (0, 0, 1)


@pytest.mark.fault(25)
def test_an_hour_that_comes_twice_lies_in_one_day_and_takes_its_time(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = measures(database, "night")
    days = database.execute(
        "select posted_date, volume from marts.volume_daily "
        "where organisation = 'Zon' and platform = 'night' and volume > 0"
    ).fetchall()

    assert days == [(date(2025, 10, 26), 4)]
    assert found["first_response_seconds_median"] == (7.5 * 3600, 2, 2)
    assert found["first_response_open_seconds_median"] == (7.5 * 3600, 2, 2)


@pytest.mark.fault(25)
def test_an_hour_that_is_left_out_takes_no_time(database: duckdb.DuckDBPyConnection) -> None:
    found = measures(database, "spring")

    assert found["response_rate_1h"] == (1, 1, 1)
    assert found["first_response_seconds_median"] == (3600, 1, 1)
    assert found["first_response_open_seconds_median"] == (3600, 1, 1)


def test_a_review_on_the_page_of_a_competitor_names_the_company_and_asks_it_nothing(
    database: duckdb.DuckDBPyConnection,
) -> None:
    assert roles(database, "pages") == {
        "ours is bad": "addressed",
        "theirs is bad": "mentioned",
        "somewhere is bad": "addressed",
    }
    assert measures(database, "pages")["open_queue"] == (2, 2, None)
    assert database.execute(
        "select distinct purpose, need from marts.open_queue where platform = 'pages'"
    ).fetchall() == [("product", "review")]


def test_who_replies_by_a_quote_replies(database: duckdb.DuckDBPyConnection) -> None:
    found = measures(database, "quoting")

    assert roles(database, "quoting")["see what they say"] == "addressed"
    assert found["response_rate_24h"] == (1, 1, 1)
    assert found["proactive_share"] == (0, 0, 1)


def test_who_answers_a_post_that_is_gone_stands_where_he_stood(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = measures(database, "withdrawn")

    assert found["thread_size_mean"] == (3, 3, 1)
    assert found["thread_depth_mean"] == found["thread_h_index"] == (2, 2, 1)


def test_who_goes_on_below_a_post_of_his_own_that_is_gone_answers_nobody(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Where the platform tells whom they answer: of a deleted post itself nobody knows any more."""
    found = measures(database, "retracted")

    assert found["thread_size_mean"] == (3, 6, 2)
    assert found["thread_depth_mean"] == (2, 4, 2)
    assert found["thread_h_index"] == (0, 0, 2)


def test_who_goes_on_below_a_hidden_post_of_his_own_answers_nobody(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = measures(database, "hidden")

    assert found["thread_size_mean"] == (3, 3, 1)
    assert found["thread_h_index"] == (0, 0, 1)


def test_who_passes_on_a_post_of_his_own_that_was_not_collected_sends(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = measures(database, "passing")

    assert found["relays"][0] == 1
    assert found["broadcast_share"] == (0.5, 1, 2)


def test_answers_are_counted_and_not_what_they_answer(database: duckdb.DuckDBPyConnection) -> None:
    """Anna got one, Bob two, Carla none; on the first day only Bob had got one yet."""
    found = measures(database, "patient")
    on_first_day = database.execute(
        "select measure, numerator from marts.scorecard where organisation = 'Zon' "
        "and platform = 'patient' and period_grain = 'day' and period_start = ? "
        "and measure in ('answer_gini', 'people_answered_share')",
        [BEGIN.date()],
    ).fetchall()

    assert found["answer_gini"] == (pytest.approx(4 / 9), 3, 3)
    assert found["people_answered_share"] == (pytest.approx(2 / 3), 2, 3)
    assert dict(on_first_day) == {"answer_gini": 2, "people_answered_share": 2}


def test_hours_add_up_to_days_also_where_clocks_and_threads_reach_beyond_the_calendar(
    database: duckdb.DuckDBPyConnection,
) -> None:
    hourly, daily = (
        database.execute(
            "select organisation, platform, posted_date, sum(volume), sum(context_posts) "
            f"from marts.{mart} where volume > 0 group by all order by all"
        ).fetchall()
        for mart in ("volume_hourly", "volume_daily")
    )
    assert hourly == daily
    assert measures(database, "beyond")["volume"] == (1, 1, None)


def test_silence_that_was_listened_to_is_covered(database: duckdb.DuckDBPyConnection) -> None:
    """Nobody spoke in the four weeks before the first post, nor from April to October."""
    days = database.execute("select calendar_date from intermediate.int_calendar").fetchall()
    covered = dict(
        database.execute(
            "select distinct period_start, coverage from marts.scorecard "
            "where platform = 'spring' and period_grain = 'month'"
        ).fetchall()
    )
    assert min(days) == (date(2025, 3, 1),)
    assert (date(2025, 7, 15),) not in days, "the calendar pauses"
    assert covered.pop(date(2025, 3, 1)) == pytest.approx(742 / 743), "it began at one o'clock"
    assert date(2025, 8, 1) in covered, "the calendar goes on in the midst of August"
    assert set(covered.values()) == {1}


def test_who_has_no_name_is_somebody_all_the_same(database: duckdb.DuckDBPyConnection) -> None:
    found = measures(database, "nameless")

    assert found["people_answered"] == (2, 2, None)
    assert found["people_answered_share"] == (2 / 3, 2, 3)
    assert found["repeat_converser_share"] == (0, 0, 2)


def test_who_is_known_by_a_number_and_by_a_handle_is_one_person(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Two messages in a row are one question, the third came after the answer."""
    found = measures(database, "renamed")

    assert found["first_response_seconds_median"] == (7200, 1, 2)
    assert found["people_answered"] == (1, 1, None)
    assert found["repeat_converser_share"] == (1, 1, 1)
    assert found["people_answered_share"] == (1, 1, 1)
    assert found["answer_gini"] == (0, 2, 1)
    assert found["returns_after_answer_share"] == (1, 1, 1)
    assert found["personal_address_share"] == (0.5, 1, 2)
    of_posts = database.execute(
        "select followers_count, posts.audience_band from intermediate.int_audiences "
        "join intermediate.int_posts as posts using (post_number) "
        "where posts.platform = 'renamed' and organisation = 'Zon' order by posts.posted_at"
    ).fetchall()
    assert of_posts == [(200, "100-999"), (200, "100-999"), (500, "100-999")]


def test_reposts_of_nobody_knows_what_tell_no_story_together(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Nothing says that both pass on the same."""
    found = database.execute(
        "select count(distinct story_id), bool_and(story_id = post_key) from marts.posts "
        "where platform = 'echoing'"
    ).fetchall()

    assert found == [(2, True)]
    assert measures(database, "echoing")["story_volume"][0] == 2
