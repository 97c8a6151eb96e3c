"""What was new in a week, told as a story: the bridge is closed, the news of it is copied."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from pipeline.models import build
from tests.sql.warehouse_rows import Rows

MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
WEEKS = 6
SMALL_TALK = (
    "de trein naar Hoorn was weer te laat vandaag",
    "fijne reis gehad met Zon, keurig op tijd",
    "waarom is de koffie op het station zo duur",
    "de conducteur van Zon was heel vriendelijk",
    "mijn abonnement verlengen lukt niet in de app",
    "is er morgen weer een extra trein naar Hoorn",
    "volgende week ga ik met Zon naar Alkmaar",
    "de stoelen in de trein zijn versleten",
)
MOODS = {"Zon": "positive", "Maan": "negative"}
NEWS = "De spoorbrug bij Zaandam blijft drie weken dicht en alle reizigers moeten met de bus"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Six weeks of small talk; in the fifth the bridge is closed and the news is copied."""
    rows = Rows()
    rows.organisation("Zon", accounts={"town": ["zon"]})
    rows.organisation("Maan", "competitor", accounts={"town": ["maan"]})
    rows.organisation("Ster", "competitor")
    rows.joined("Ster", MONDAY + timedelta(days=17, hours=14, minutes=30))
    end = MONDAY + timedelta(weeks=WEEKS, hours=-10)
    rows.source("town feed", "town", since=MONDAY - timedelta(hours=9), through=end)
    rows.run("run-1", end)
    for week in range(WEEKS):
        for number in range(24):
            _say(rows, week, number, SMALL_TALK[number % 8])
    for number in range(8):
        text = f"alweer storing, spoorbrug Zaandam dicht, nummer {number}. Bedankt Zon!"
        _say(rows, 4, 30 + number, text, likes_count=number, tags=["Spoorbrug"])
    for number in range(5):
        _say(
            rows,
            4,
            50 + number,
            NEWS,
            links=["https://www.krant.example/brug", "https://mastodon.example/@anna/1"],
            tags=["#spoorbrug", "alleen" if number == 0 else "Zaandam"],
        )
        rows.story("town", f"4 {50 + number}", ("town", "4 50"))
    for number in range(6):
        _say(rows, 4, 60 + number, "altijd maar klagen kaviaar", author="dezelfde")
    _say(rows, 4, 70, NEWS, kind="repost", reposted_id="4 50")
    _say(rows, 4, 71, NEWS, names=["Maan"])
    rows.story("town", "4 71", ("town", "4 50"))
    for number in range(12):
        about = {"sentiment": "negative", "names": ["Zon", "Maan"]}
        _say(rows, 2, 40 + number, "fijn met Zon, niet met Maan", moods=MOODS, **about)
    _say(rows, 2, 60, "nooit meer met Zon", sentiment="negative")
    for week in (0, 1, 2, 3, 5):
        _say(rows, week, 80, "de stoelen bij Ster zijn versleten", names=["Ster"])
    path = rows.write(tmp_path_factory.mktemp("topics") / "luister.duckdb")
    build(path)
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def _say(rows: Rows, week: int, number: int, text: str, **values: object) -> None:
    author = values.pop("author", f"person {week} {number % 17}")
    names = values.pop("names", ["Zon"])
    at = MONDAY + timedelta(weeks=week, hours=3 * number % 140)
    moods = values.pop("moods", {})
    rows.post(f"{week} {number}", str(author), at, names=names, text=text, **values)  # type: ignore[arg-type]
    for organisation, sentiment in dict(moods).items():  # type: ignore[call-overload]
        rows._add(
            "enriched.moods",
            text_key=f"text of town {week} {number}",
            organisation=organisation,
            version="1",
            sentiment=sentiment,
        )


WEEK = date(2025, 3, 31)


def topics(database: duckdb.DuckDBPyConnection, week: date = WEEK) -> dict[str, tuple[int, int]]:
    found = database.execute(
        """
        select term, stories_count, stories_before_count from marts.topics_weekly
        where organisation = 'Zon' and week_start = ? order by topic_rank
        """,
        [week],
    ).fetchall()
    return {term: counts for term, *counts in found}


def test_the_week_speaks_of_the_bridge(database: duckdb.DuckDBPyConnection) -> None:
    found = topics(database)
    assert {"spoorbrug zaandam", "zaandam dicht", "storing spoorbrug"} & set(found)
    assert all(before == 0 for _, before in found.values())


def test_small_talk_and_names_and_stop_words_are_no_topic(
    database: duckdb.DuckDBPyConnection,
) -> None:
    words = {word for term in topics(database) for word in term.split()}
    assert not words & {"trein", "hoorn", "zon", "bij", "weer", "blijft", "bedankt zon"}


def test_what_one_person_repeats_and_what_is_copied_makes_no_topic(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = topics(database)
    assert "kaviaar" not in found
    assert "reizigers" not in found
    assert all(n <= 9 for n, _ in found.values())


def test_quiet_weeks_and_the_first_week_have_nothing_new(
    database: duckdb.DuckDBPyConnection,
) -> None:
    for week in (0, 1, 3):
        assert not topics(database, date(2025, 3, 3) + timedelta(weeks=week))


def test_a_topic_has_posts_to_read_one_of_each_story(database: duckdb.DuckDBPyConnection) -> None:
    found = database.execute(
        """
        select topic_posts.term, post_rank, reactions_count, posts.story_id, posts.text
        from marts.topic_posts join marts.posts using (post_key)
        where topic_posts.organisation = 'Zon' and week_start = ?
        order by topic_posts.term, post_rank
        """,
        [WEEK],
    ).fetchall()
    assert {row[0] for row in found} == set(topics(database))
    first = [row for row in found if row[0] == found[0][0]]
    assert [row[1] for row in first] == [1, 2, 3]
    assert [row[2] for row in first] == sorted((row[2] for row in first), reverse=True)
    assert len({row[3] for row in first}) == 3
    assert all(term in text.lower() for term, _, _, _, text in found)


def test_what_several_people_pass_on_is_told_and_no_person(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = database.execute(
        """
        select kind, shared, posts_count, people_count from marts.shared_links
        where organisation = 'Zon' and week_start = ? order by kind, shared_rank
        """,
        [WEEK],
    ).fetchall()
    assert found == [
        ("domain", "krant.example", 5, 5),
        ("hashtag", "#spoorbrug", 13, 8),
        ("hashtag", "#zaandam", 4, 4),
        ("link", "https://www.krant.example/brug", 5, 5),
    ]


def test_copies_and_reposts_are_one_story_to_analysts(
    database: duckdb.DuckDBPyConnection,
) -> None:
    (stories,) = database.execute(
        "select count(distinct story_id) from marts.posts where text = ?", [NEWS]
    ).fetchall()
    assert stories == (1,)
    (alone,) = database.execute(
        "select count(*) from marts.posts where text <> ? and story_id <> post_key", [NEWS]
    ).fetchall()
    assert alone == (0,)


def test_a_story_that_names_two_counts_for_both(database: duckdb.DuckDBPyConnection) -> None:
    found = database.execute(
        """
        select organisation, measure, value, numerator, denominator from marts.scorecard
        where period_grain = 'week' and period_start = ? and platform = 'all'
            and measure in ('story_share_of_voice', 'story_volume', 'volume')
        order by all
        """,
        [WEEK],
    ).fetchall()
    told = {(organisation, measure): rest for organisation, measure, *rest in found}
    zon, maan = (told[name, "story_volume"][0] for name in ("Zon", "Maan"))
    assert (told["Zon", "volume"][0], zon) == (24 + 8 + 5 + 6 + 1, 24 + 8 + 1 + 6)
    assert (told["Maan", "volume"][0], maan) == (1, 1)
    assert told["Zon", "story_share_of_voice"] == [39 / 40, 39, 40]


def test_praise_for_the_one_is_no_blame_for_it(database: duckdb.DuckDBPyConnection) -> None:
    found = database.execute(
        """
        select organisation, numerator, denominator from marts.scorecard
        where measure = 'net_sentiment' and period_grain = 'all' and platform = 'all'
        order by organisation
        """
    ).fetchall()
    assert found == [("Maan", -12, 12), ("Ster", 0, 0), ("Zon", 12 - 1, 13)]


def test_each_role_tells_how_its_organisation_is_spoken_of(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = database.execute(
        """
        select organisation, sentiment_about, posts.sentiment, count(*)
        from marts.post_roles join marts.posts using (platform, post_key)
        where sentiment_about is not null group by all order by all
        """
    ).fetchall()
    assert found == [
        ("Maan", "negative", "negative", 12),
        ("Zon", "negative", "negative", 1),
        ("Zon", "positive", "negative", 12),
    ]


def test_who_is_listened_for_later_makes_a_new_series_of_the_share_of_voice(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = database.execute(
        """
        select organisation, period_start, numerator, denominator, previous_value, panel_since
        from marts.scorecard
        where measure = 'share_of_voice' and period_grain = 'week' and platform = 'all'
            and organisation in ('Zon', 'Ster') and period_start between ? and ?
        order by period_start, organisation desc
        """,
        [date(2025, 3, 17), date(2025, 3, 31)],
    ).fetchall()
    joined = date(2025, 3, 21)  # half past midnight in Amsterdam, in the week of the 17th
    assert found == [
        ("Zon", date(2025, 3, 17), 37, 49, 1.0, None),
        ("Ster", date(2025, 3, 17), 0, 0, None, None),
        ("Zon", date(2025, 3, 24), 24, 25, None, joined),
        ("Ster", date(2025, 3, 24), 1, 25, None, joined),
        ("Zon", date(2025, 3, 31), 44, 45, 24 / 25, joined),
        ("Ster", date(2025, 3, 31), 0, 45, 1 / 25, joined),
    ]


def test_the_day_on_which_it_joined_is_its_first(database: duckdb.DuckDBPyConnection) -> None:
    found = database.execute(
        """
        select period_grain, period_start, numerator > 0, previous_value is null
        from marts.scorecard
        where organisation = 'Ster' and measure = 'story_share_of_voice' and platform = 'all'
            and value is not null and period_grain in ('day', 'month', 'quarter', 'all')
        order by period_start limit 1
        """
    ).fetchall()
    assert found == [("day", date(2025, 3, 21), True, True)]
    assert database.execute(
        "select organisation, panel_from from marts.organisations order by organisation"
    ).fetchall() == [("Maan", None), ("Ster", date(2025, 3, 21)), ("Zon", None)]
