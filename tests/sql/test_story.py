"""The story of Zon and Maan, every number reckoned by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb
import pytest

from pipeline.models import BuildResult
from tests.sql.conftest import THROUGH, after

Connection = duckdb.DuckDBPyConnection


def scorecard(database: Connection, measure: str, **where: str) -> tuple[float | None, ...]:
    """Value, numerator and denominator of one cell."""
    wanted = {
        "organisation": "Zon",
        "platform": "all",
        "period_grain": "all",
        "measure": measure,
        **where,
    }
    conditions = " and ".join(f"{name} = ${name}" for name in wanted)
    rows = database.execute(
        f"select value, numerator, denominator from marts.scorecard where {conditions}", wanted
    ).fetchall()
    assert len(rows) == 1
    return tuple(rows[0])


def one_by_post(database: Connection, column: str, table: str) -> dict[str, object]:
    """A column of an intermediate table of Zon, by the name the story gives the post."""
    return of_organisation(database, "Zon", column, table)


def of_organisation(
    database: Connection, organisation: str, column: str, table: str
) -> dict[str, object]:
    return dict(
        database.execute(
            f"""
            select posts.post_id, found.{column} from intermediate.{table} as found
            join staging.stg_posts as posts using (post_number) where organisation = ?
            """,
            [organisation],
        ).fetchall()
    )


def test_every_post_has_the_role_it_plays(database: Connection) -> None:
    roles = one_by_post(database, "role", "int_roles")

    assert roles["anna on news"] == "addressed", "a reply to an owned post"
    assert roles["bob 1"] == "addressed", "it tags an owned account"
    assert roles["review"] == "addressed", "a review is on an owned page"
    assert roles["maan asks"] == "addressed", "a competitor can ask too"
    assert roles["erik"] == "mentioned"
    assert roles["dirk to carla"] == "peer_to_peer"
    assert roles["eva to carla"] == "employee"
    assert roles["zon to erik"] == "outbound"
    assert not {"deleted", "secret"} & set(roles)


def test_one_post_plays_another_role_for_another_organisation(database: Connection) -> None:
    roles = of_organisation(database, "Maan", "role", "int_roles")

    assert roles == {"erik": "mentioned", "zon to erik": "context", "maan asks": "outbound"}


@pytest.mark.parametrize(
    ("post", "act", "side"),
    [
        ("news", "broadcast", "broadcasting"),
        ("news 2", "continuation", "neither"),
        ("news 3", "reply", "listening"),
        ("welcome", "outreach", "listening"),
        ("again", "self_relay", "broadcasting"),
        ("thanks anna", "relay", "listening"),
        ("shared", "relay", "listening"),
        ("to bob", "reply", "listening"),
        ("to bob, part 2", "reply", "listening"),
        ("zon to nobody", "reply", "listening"),
    ],
)
def test_every_outbound_post_is_one_act(
    database: Connection, post: str, act: str, side: str
) -> None:
    assert one_by_post(database, "act", "int_acts")[post] == act
    assert one_by_post(database, "side", "int_acts")[post] == side


def test_a_reply_is_reactive_when_its_parent_addressed_the_organisation(
    database: Connection,
) -> None:
    modes = one_by_post(database, "reply_mode", "int_acts")
    known = one_by_post(database, "is_parent_known", "int_acts")

    assert (modes["to bob"], known["to bob"]) == ("reactive", True)
    assert (modes["zon to erik"], known["zon to erik"]) == ("proactive", True)
    assert (modes["zon to nobody"], known["zon to nobody"]) == ("proactive", False)
    assert modes["news"] is None


def test_three_messages_in_a_row_are_one_question(database: Connection) -> None:
    starts = one_by_post(database, "starts_clock", "int_addressed")
    seconds = one_by_post(database, "seconds", "int_addressed")

    assert [starts[f"bob {number}"] for number in (1, 2, 3, 4)] == [True, False, False, True]
    assert seconds["bob 1"] == 2 * 3600
    assert seconds["bob 3"] == 100 * 60
    assert seconds["bob 4"] is None, "the second part of the answer came before it"


def test_a_post_without_a_time_counts_from_when_it_was_seen(database: Connection) -> None:
    assert one_by_post(database, "asked_date", "int_addressed")["no time"] == date(2025, 3, 8)


def test_acts_make_shares(database: Connection) -> None:
    assert scorecard(database, "own_posts") == (11, 11, None)
    assert scorecard(database, "continuations") == (1, 1, None)
    assert scorecard(database, "conversation_share") == (5 / 10, 5, 10)
    assert scorecard(database, "broadcast_share") == (2 / 10, 2, 10)
    assert scorecard(database, "listening_ratio") == (8 / 2, 8, 2)
    assert scorecard(database, "listening_ratio", organisation="Maan") == (None, 1, 0)


def test_only_matured_posts_are_in_a_rate(database: Connection) -> None:
    # ten addressed; the review and the one nobody has looked past are not a day old
    assert scorecard(database, "addressed_posts") == (10, 10, None)
    assert scorecard(database, "response_rate_24h") == (3 / 8, 3, 8)
    assert scorecard(database, "response_rate_1h") == (0, 0, 8)
    assert scorecard(database, "needs_response_rate_24h") == (3 / 6, 3, 6)


def test_times_keep_the_unanswered_in(database: Connection) -> None:
    # one of six questions was answered: the curve falls to 5/6, there is no median
    assert scorecard(database, "first_response_seconds_median", platform="town") == (None, 1, 6)
    curve = database.execute(
        """
        select seconds, at_risk_count, answered_count, survival from marts.response_curve
        where organisation = 'Zon' and platform = 'town' and answered_count > 0
        """
    ).fetchall()
    assert curve == [(7200, 6, 1, pytest.approx(5 / 6))]


def test_the_queue_lists_what_waits(database: Connection) -> None:
    queue = database.execute(
        "select asked_at, need, waiting_seconds from marts.open_queue where platform = 'town'"
        " order by asked_at"
    ).fetchall()

    assert [at for at, _, _ in queue] == [
        after(days=1, hours=3),
        after(days=2),
        after(days=4),
    ]
    assert {need for _, need, _ in queue} == {"question"}
    assert scorecard(database, "open_queue", platform="town") == (3, 3, None)
    waiting = 12 * 86400  # from Tuesday noon to Sunday noon, twelve days
    assert scorecard(database, "oldest_waiting_seconds", platform="town")[0] == waiting


def test_days_are_those_of_the_organisation_and_silent_ones_are_rows(
    database: Connection,
) -> None:
    days = dict(
        database.execute(
            "select posted_date, volume from marts.volume_daily"
            " where organisation = 'Zon' and platform = 'town'"
        ).fetchall()
    )
    assert len(days) == 14
    assert days[date(2025, 3, 3)] == 8
    assert days[date(2025, 3, 10)] == 0


def test_hours_are_those_of_the_clock_there_and_add_up_to_days(database: Connection) -> None:
    said = database.execute(
        """
        select roles.platform, epoch(posts.posted_at), posts.language, posts.purpose
        from marts.post_roles as roles join marts.posts as posts using (platform, post_key)
        where organisation = 'Zon'
        """
    ).fetchall()
    expected = Counter(
        (platform, clock.date(), clock.hour, language or "und", purpose or "none")
        for platform, seconds, language, purpose in said
        for clock in [datetime.fromtimestamp(seconds, ZoneInfo("Europe/Amsterdam"))]
    )
    rows = database.execute(
        """
        select * exclude (organisation) from marts.volume_hourly where organisation = 'Zon'
        """
    ).fetchall()
    assert {row[:5]: row[5] for row in rows} == expected
    assert all(row[5] == sum(row[6:]) for row in rows), "every post has one of the three roles"
    assert not database.execute(
        """
        select platform, posted_date, sum(volume), sum(outbound_posts), sum(inbound_posts)
        from marts.volume_hourly where organisation = 'Zon' group by all
        except
        select platform, posted_date, volume, outbound_posts, inbound_posts from marts.volume_daily
        where organisation = 'Zon'
        """
    ).fetchall()


def test_share_of_voice_is_over_the_panel(database: Connection) -> None:
    assert scorecard(database, "share_of_voice") == (12 / 13, 12, 13)
    assert scorecard(database, "share_of_voice", organisation="Maan") == (1 / 13, 1, 13)


def test_people_not_posts_are_answered(database: Connection) -> None:
    assert scorecard(database, "people_answered") == (2, 2, None), "bob and erik"
    assert scorecard(database, "people_answered_share") == (1 / 7, 1, 7), "bob of seven askers"


def test_overlapping_gaps_count_once_and_coverage_shows_them(database: Connection) -> None:
    covered = dict(
        database.execute("select covered_date, covered_hours from marts.coverage_daily").fetchall()
    )
    assert covered[date(2025, 3, 3)] == 23, "collecting began at one o'clock at night"
    assert covered[date(2025, 3, 4)] == 15, "gaps from 13 to 19 and from 16 to 22 hours"
    assert covered[date(2025, 3, 16)] == 13, "the running day, up to where anybody looked"
    coverage = database.execute(
        "select distinct coverage from marts.scorecard"
        " where platform = 'town' and period_grain = 'day' and period_start = '2025-03-04'"
    ).fetchall()
    assert coverage == [(15 / 24,)]


def test_too_few_is_said_of_rates_never_of_counts(database: Connection) -> None:
    flags = dict(
        database.execute(
            "select measure, too_few from marts.scorecard"
            " where organisation = 'Zon' and platform = 'all' and period_grain = 'all'"
        ).fetchall()
    )
    assert flags["response_rate_24h"] is True
    assert flags["conversation_share"] is False, "ten posts are enough"
    assert flags["open_queue"] is False


def test_one_row_tells_which_night_this_is(database: Connection) -> None:
    assert database.execute(
        "select run_id, published_at, timezone, version, minimum_n from marts.publication"
    ).fetchall() == [("run-1", None, "Europe/Amsterdam", "0.1.0", 10)]


def test_words_reach_whoever_describes_a_mart(database: Connection) -> None:
    silent = database.execute(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name in ('staging', 'intermediate', 'marts') and comment is null"
    ).fetchall()
    assert silent == []
    unnamed = database.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts'"
        " and (comment is null or not contains(comment, 'Grain: '))"
    ).fetchall()
    assert unnamed == []


def test_the_build_says_what_it_built(built: tuple[BuildResult, str]) -> None:
    rows = {model.name: model.rows for model in built[0].models}

    assert rows["marts.organisations"] == 3
    assert rows["staging.stg_posts"] is None, "a view holds no rows"
    assert built[0].tests > 20


def test_each_run_tells_what_it_asked_and_what_it_left_open(database: Connection) -> None:
    """The two gaps overlap, from 13 to 19 and from 16 to 22 hours: each is one that was left."""
    assert database.execute(
        """
        select run_id, source, status, asked_through, requests_count, posts_count,
            new_posts_count, duplicates_count, open_gaps_count, open_gap_seconds
        from marts.coverage_runs
        """
    ).fetchall() == [("run-1", "town feed", "complete", THROUGH, 1, 30, 25, 5, 2, 12 * 3600)]


def test_a_conversation_that_is_not_whole_is_told_and_lowers_no_coverage(
    database: Connection,
) -> None:
    """Bob's was asked with two of its posts: what was told last counts."""
    assert database.execute(
        """
        select source, platform, reason, is_asked_again, first_cut_at, last_cut_at, posts_count
        from marts.coverage_threads join (
            select thread_key, count(*) as posts_count from marts.posts group by thread_key
        ) using (thread_key)
        """
    ).fetchall() == [("town feed", "town", "too many", False, after(days=2), after(days=3), 6)]
