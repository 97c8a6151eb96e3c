"""The published file while it is read: hardened, renewed, and searched by whole words."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import WarehouseError
from pipeline.explore import questions
from pipeline.explore.filters import Filter, read_filter
from pipeline.explore.published import Published
from tests.report.published import changed

OWN = "Waterland Fietsen"


@pytest.fixture
def published(months: Path) -> Iterator[Published]:
    found = Published(months)
    yield found
    found.close()


def test_nothing_published_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="nothing is published yet"):
        Published(tmp_path / "analytics.duckdb")


@pytest.mark.parametrize(("asked", "total", "shown"), [(9999, 101, 3), (2, 101, 2), (4, 0, 1)])
def test_a_page_behind_the_last_is_the_last(asked: int, total: int, shown: int) -> None:
    """A bookmark outlives the posts it led to."""
    assert Filter(organisation=OWN, page=asked).within(total).page == shown


def test_a_file_of_an_older_version_is_said_plainly(months: Path, tmp_path: Path) -> None:
    old = changed(months, tmp_path, ("alter table marts.posts drop column purpose", []))
    with pytest.raises(WarehouseError, match="older version"):
        Published(old)


def test_a_damaged_file_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "analytics.duckdb").write_bytes(b"damaged" * 1000)
    with pytest.raises(WarehouseError, match="cannot be opened"):
        Published(tmp_path / "analytics.duckdb")


@pytest.mark.parametrize(
    "statement",
    [
        "update published.marts.posts set text = 'changed'",
        "select * from read_csv('/etc/passwd')",
        "copy published.marts.posts to '/tmp/stolen.csv'",
        "attach '/tmp/other.duckdb' as other",
        "set enable_external_access = true",
        "install httpfs",
    ],
)
def test_the_file_is_opened_without_any_other_right(published: Published, statement: str) -> None:
    with pytest.raises(duckdb.Error):
        published.night().ask(statement)


def test_a_new_night_is_picked_up_while_pages_are_read(months: Path, tmp_path: Path) -> None:
    first, link = tmp_path / "first.duckdb", tmp_path / "analytics.duckdb"
    shutil.copyfile(months.resolve(), first)
    link.symlink_to(first)
    found = Published(link)
    assert found.night().about.run_id != "next"
    second = changed(
        months, tmp_path / "second", ("update marts.publication set run_id = 'next'", [])
    )
    new = tmp_path / "new"
    new.symlink_to(second)
    new.replace(link)

    until = time.monotonic() + 30
    while found.night().about.run_id != "next" and time.monotonic() < until:
        time.sleep(0.05)
    assert found.night().about.run_id == "next"

    new.symlink_to(tmp_path / "gone.duckdb")
    new.replace(link)
    assert found.night().about.run_id == "next"
    (tmp_path / "broken.duckdb").write_bytes(b"not a database")
    new.symlink_to(tmp_path / "broken.duckdb")
    new.replace(link)
    found.night()
    time.sleep(0.3)
    assert found.night().about.run_id == "next"
    assert questions.counts(found.night(), Filter(organisation=OWN)).total > 0
    found.close()


def test_a_language_nobody_knows_is_one_line_with_none(months: Path, tmp_path: Path) -> None:
    made = changed(
        months,
        tmp_path,
        ("update marts.posts set language = null where language = 'nl'", []),
        ("update marts.posts set language = 'und' where language = 'en'", []),
    )
    found = Published(made)
    assert "und" not in found.night().about.languages
    counted = questions.counts(found.night(), Filter(organisation=OWN, language="-")).total
    either = "select count(*) from marts.post_roles r join marts.posts p using (platform, post_key)"
    with duckdb.connect(str(made), read_only=True) as database:
        (expected,) = database.execute(
            f"{either} where r.organisation = ? and coalesce(p.language, 'und') = 'und'", [OWN]
        ).fetchone() or (0,)
    assert counted == expected > 0
    found.close()


def test_words_made_ready_in_many_steps_are_all_there(
    months: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.explore.published.WORDED_AT_ONCE", 70)
    monkeypatch.setattr("pipeline.explore.published.PATIENCE", 0.0)
    found = Published(months)
    night = found.night()
    time.sleep(0.1)
    night.words("fiets")

    (counted,) = night.ask(
        """
        select
            (select count(*) from held.worded) as worded,
            (select count(*) from held.posts) as posts,
            (select count(*) from held.worded as worded
             inner join published.marts.posts as posts on worded.place = posts.rowid
             where contains(words, strip_accents(lower(text)))) as with_text
        """
    )
    assert counted["worded"] == counted["posts"] == counted["with_text"] > 100
    found.close()


def test_who_searches_at_once_need_not_wait_until_the_words_come_by_themselves(
    months: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.explore.published.PATIENCE", 3600.0)
    begin = time.monotonic()
    found = Published(months)
    Published(months).close()
    chosen = Filter(organisation=OWN, search="fiets")

    assert questions.counts(found.night(), chosen).total > 0
    found.close()
    assert time.monotonic() - begin < 60


@pytest.mark.parametrize(
    ("search", "is_found"),
    [
        ("creme brulee", True),
        ("CRÈME", True),
        ("brûlée, crème!", True),
        ("crem", False),
        ("creme taart", False),
        ("nº7", True),
        ("kop", True),
        ("', '') or true --", False),
        ("%", True),
        ("", True),
    ],
)
def test_a_post_is_found_by_all_its_words(
    months: Path, tmp_path: Path, search: str, is_found: bool
) -> None:
    text = "Crème-brûlée nº7: lekker & «warm»"
    made = changed(months, tmp_path, ("update marts.posts set title = 'Kop', text = ?", [text]))
    found = Published(made)
    counted = questions.counts(found.night(), Filter(organisation=OWN, search=search)).total
    everything = questions.counts(found.night(), Filter(organisation=OWN)).total

    assert counted == (everything if is_found else 0)
    found.close()


def test_what_cannot_be_read_in_an_address_chooses_nothing() -> None:
    asked = {
        "organisation": "nobody",
        "first": "2026-13-01",
        "last": "yesterday",
        "page": "-4",
        "platform": "x" * 500,
        "search": "a\0b",
    }
    found = read_filter(asked, ("one", "two"))

    assert found == Filter(organisation="one", platform="x" * 200, search="ab")


def test_days_the_wrong_way_round_are_turned() -> None:
    found = read_filter({"first": "2026-02-01", "last": "2026-01-01"}, ("one",))

    assert (str(found.first), str(found.last)) == ("2026-01-01", "2026-02-01")


def test_an_address_says_all_that_was_chosen() -> None:
    chosen = read_filter(
        {"first": "2026-01-01", "purpose": "-", "search": "é & 'x'", "page": "3"}, ("one & two",)
    )
    from urllib.parse import parse_qsl

    assert read_filter(dict(parse_qsl(chosen.address)), ("one & two",)) == chosen
