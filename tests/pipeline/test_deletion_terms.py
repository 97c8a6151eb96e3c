"""Words that cannot be confirmed within the term of their platform go, and nothing else does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from pipeline.landing import Confirmed, Withdrawn
from pipeline.overdue import TERM_DAYS
from pipeline.plan import MOST_CONFIRMED, most_asked
from pipeline.privacy import blind_name
from pipeline.source import Source
from pipeline.warehouse import canonical_export, open_warehouse, read_status
from tests.pipeline.test_retention import at, config, every_byte, never, night, retain, said


def seen(name: str, day: float, platform: str = "x", **fields: Any) -> Any:
    """A post of the day before the first night, as it was seen on a day."""
    told = {"platform": platform, "observed_at": at(day), "author_handle": f"@{name}-handle"}
    return said(name, -1, **(told | fields))


def words(folder: Path) -> dict[str, str]:
    with open_warehouse(folder) as warehouse:
        return dict(
            warehouse.database.execute(
                "select post_id, text from raw.posts order by all"
            ).fetchall()
        )


@pytest.mark.fault(15)
@pytest.mark.parametrize(("platform", "days"), TERM_DAYS.items())
def test_what_was_not_seen_again_within_its_term_loses_its_words(
    tmp_path: Path, platform: str, days: int
) -> None:
    night(tmp_path, 0, *(seen(name, 0, platform) for name in ("lost", "seen")))
    night(tmp_path, days + 0.1, seen("seen", days + 0.1, platform), seen("new", 0.5, "mastodon"))

    assert retain(config(tmp_path), at(days), never)["texts"] == 0
    removed = retain(config(tmp_path), at(days + 0.1), never)

    assert removed["texts"] == 1
    assert words(tmp_path) == {"lost": "", "new": "words of new", "seen": "words of seen"}
    left = every_byte(tmp_path)
    for gone in (b"words of lost", b'payload of": "lost', b"lost-handle"):
        assert gone not in left, gone
    assert b"seen-handle" in left


def test_what_is_seen_again_later_has_its_words_back(tmp_path: Path) -> None:
    night(tmp_path, 0, seen("post", 0))
    retain(config(tmp_path), at(2), never)
    assert words(tmp_path) == {"post": ""}

    night(tmp_path, 3, seen("post", 3))

    assert words(tmp_path) == {"post": "words of post"}


def test_what_was_read_in_the_words_stays_and_earlier_words_go(tmp_path: Path) -> None:
    night(tmp_path, 0, seen("post", 0, text="the first words"))
    night(tmp_path, 1, seen("post", 1, text="other words"), seen("edited", 1, text="as it was"))
    night(tmp_path, 2, seen("edited", 2, text="as it is"))
    with open_warehouse(tmp_path) as warehouse:
        warehouse.database.execute(
            "insert into enriched.texts (text_key, enricher_version, sentiment, intents) "
            "select text_key, '1', 'negative', [] from raw.posts"
        )

    retain(config(tmp_path), at(2.5), never)

    left = every_byte(tmp_path)
    for gone in (b"the first words", b"other words", b"as it was"):
        assert gone not in left, gone
    assert words(tmp_path) == {"post": "", "edited": "as it is"}
    with open_warehouse(tmp_path) as warehouse:
        read = warehouse.database.execute(
            "select count(*) from raw.posts join enriched.texts using (text_key)"
        ).fetchall()
    assert read == [(2,)]


def test_built_again_from_what_landed_the_words_do_not_come_back(tmp_path: Path) -> None:
    night(tmp_path, 0, seen("lost", 0), seen("seen", 0))
    night(tmp_path, 1.5, seen("seen", 1.5))
    retain(config(tmp_path), at(1.6), never)
    before = words(tmp_path)
    (tmp_path / "luister.duckdb").unlink()

    assert words(tmp_path) == before == {"lost": "", "seen": "words of seen"}


def said_there(*names: str, day: float) -> list[Confirmed]:
    return [Confirmed(name=blind_name("x", name), observed_at=at(day)) for name in names]


def test_what_the_platform_says_is_still_there_keeps_its_words_as_they_were_read_last(
    tmp_path: Path,
) -> None:
    first = [seen(name, 0) for name in ("there", "lost", "withdrawn")]
    edited = seen("there", 0.5, text="the last words", author_name="Sam de Vries")
    night(tmp_path, 0, *first, platform="x")
    night(tmp_path, 0.5, edited, platform="x")
    confirmed = said_there("there", "withdrawn", "never stored", day=2)
    gone = [Withdrawn(name=blind_name("x", "withdrawn"), observed_at=at(2))]
    night(tmp_path, 2, platform="x", confirmed=confirmed, withdrawn=gone)

    with open_warehouse(tmp_path) as warehouse:
        warehouse.begin_run("20270301T000000Z-abcdef", at(2), "1")
        warehouse.finish_run("20270301T000000Z-abcdef", "completed")
    assert [each["overdue_count"] for each in read_status(tmp_path)["overdue"]] == [1]

    retain(config(tmp_path), at(2), never)

    assert words(tmp_path) == {"lost": "", "there": "the last words", "withdrawn": ""}
    with open_warehouse(tmp_path) as warehouse:
        names = "select author_name from raw.authors"
        assert warehouse.database.execute(names).fetchall() == [("Sam de Vries",)]
    left = every_byte(tmp_path)
    assert b"the last words" in left
    for gone_words in (b"words of there", b"words of lost", b"words of withdrawn"):
        assert gone_words not in left, gone_words
    (tmp_path / "luister.duckdb").unlink()
    assert words(tmp_path)["there"] == "the last words"
    assert not any(retain(config(tmp_path), at(2), never).values())


@pytest.mark.parametrize("folder", ["na[r]cht*", "platform=y", "observed_at=2020-01-01"])
def test_a_folder_with_a_name_that_reads_as_a_pattern_is_a_folder(
    tmp_path: Path, folder: str
) -> None:
    data = tmp_path / folder
    data.mkdir()
    night(data, 0, seen("there", 0), seen("lost", 0), platform="x")
    night(data, 1.9, platform="x", confirmed=said_there("there", day=1.9))

    retain(config(data), at(2), never)

    assert words(data) == {"lost": "", "there": "words of there"}
    (data / "luister.duckdb").unlink()
    assert words(data)["there"] == "words of there"


def test_said_to_be_there_holds_for_one_term(tmp_path: Path) -> None:
    night(tmp_path, 0, seen("post", 0), platform="x")
    night(tmp_path, 1, platform="x", confirmed=said_there("post", day=1))
    retain(config(tmp_path), at(2), never)
    assert words(tmp_path) == {"post": "words of post"}

    retain(config(tmp_path), at(2.1), never)

    assert words(tmp_path) == {"post": ""}
    left = every_byte(tmp_path)
    assert b"words of post" not in left
    assert blind_name("x", "post").encode() not in left


def test_what_is_gone_is_not_brought_back_by_an_older_word_that_it_is_there(tmp_path: Path) -> None:
    night(tmp_path, 0, seen("post", 0), platform="x")
    night(tmp_path, 1, seen("post", 1, deleted_at=at(1), text=""), platform="x")
    night(tmp_path, 2, platform="x", confirmed=said_there("post", day=2))

    with open_warehouse(tmp_path) as warehouse:
        (row,) = warehouse.database.execute("select text, deleted_at from raw.posts").fetchall()
    assert row == ("", at(1))


def test_without_enforcing_them_terms_are_told_and_nothing_goes(tmp_path: Path) -> None:
    night(tmp_path, 0, seen("post", 0))
    with open_warehouse(tmp_path) as warehouse:
        before = canonical_export(warehouse)
        warehouse.begin_run("20270301T000000Z-abcdef", at(9), "1")
        warehouse.finish_run("20270301T000000Z-abcdef", "completed")

    removed = retain(config(tmp_path, enforce_deletion_terms=False), at(9), never)

    assert not any(removed.values())
    with open_warehouse(tmp_path) as warehouse:
        assert canonical_export(warehouse) == before
    assert read_status(tmp_path)["overdue"][0]["overdue_count"] == 1
    retain(config(tmp_path), at(9), never)
    assert read_status(tmp_path)["overdue"] == []


def test_those_nearest_their_term_are_asked_for_first_and_those_without_words_last(
    tmp_path: Path,
) -> None:
    night(tmp_path, 0, *(seen(name, 0) for name in ("lost", "older", "newer")))
    night(tmp_path, 2, seen("older", 1.2), seen("newer", 1.4))
    retain(config(tmp_path), at(2), never)

    with open_warehouse(tmp_path) as warehouse:
        asked = warehouse.posts_to_refresh("social", at(-9))

    assert [each.post_id for each in asked] == ["older", "newer", "lost"]


def test_each_has_its_turn_where_a_night_cannot_ask_for_all(tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(5)]
    night(tmp_path, 0, *(seen(name, 0, "youtube") for name in names), platform="youtube")
    asked: list[str] = []
    for day in (1, 2, 3):
        with open_warehouse(tmp_path) as warehouse:
            some = warehouse.posts_to_refresh("social", at(-9), most=2)
        asked += (each.post_id for each in some)
        there = [
            Confirmed(name=blind_name("youtube", each.post_id), observed_at=at(day))
            for each in some
        ]
        night(tmp_path, day, platform="youtube", confirmed=there)

    assert asked == [*names, "p0"]


def test_where_a_job_tells_of_all_many_more_are_handed_over() -> None:
    job = Source(name="a", platform="x", options={"compliance": True})

    assert most_asked(job) == MOST_CONFIRMED > most_asked(Source(name="b", platform="x"))


def test_reports_and_publications_that_quote_them_go_with_them(tmp_path: Path) -> None:
    night(tmp_path, 0, seen("post", 0))
    reports, publish = tmp_path / "reports", tmp_path / "publish"
    for name in ("report-2026-11-18-nl.html", "report-2026-11-20-nl.html"):
        reports.mkdir(exist_ok=True)
        (reports / name).write_text("words of post")
        os.utime(reports / name, (at(0).timestamp(), at(0).timestamp()))
    (reports / "latest-nl.html").symlink_to("report-2026-11-20-nl.html")
    publish.mkdir()
    for name in ("analytics-1.duckdb", "analytics-2.duckdb"):
        (publish / name).write_text("words of post")
    (tmp_path / "analytics.duckdb").symlink_to("publish/analytics-2.duckdb")
    settings = config(tmp_path)
    source = {"name": "social", "platform": "x", "terms": ["acme"]}
    listening = type(settings).model_validate(
        {**settings.model_dump(exclude_unset=True), "source": [source]}
    )

    retain(listening.model_copy(update={"data": tmp_path}), at(2), never)

    assert sorted(path.name for path in reports.iterdir()) == [
        "latest-nl.html",
        "report-2026-11-20-nl.html",
    ]
    assert [path.name for path in publish.iterdir()] == ["analytics-2.duckdb"]
