"""A week and a quarter are told as the night is, kept beside it, and made when they are over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipeline.analysis import ask
from pipeline.errors import ConfigError
from pipeline.report import Report, write_ended, write_report
from pipeline.report.archive import due, write_index
from pipeline.report.facts import Facts, gather
from pipeline.report.span import Span
from pipeline.report.words import Words
from tests.report.published import TEXTS
from tests.report.test_report import OWN, one, page, rows_of, sentences
from tests.report.test_translations import telling, visible

MONDAY, QUARTER = date(2026, 3, 9), date(2025, 10, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def week(published: Path, folder: Path) -> Report:
    return write_report(published, folder, language="nl", kind="week")


@pytest.fixture(scope="module")
def quarter(published: Path, folder: Path) -> Report:
    return write_report(published, folder, language="en", kind="quarter")


@pytest.fixture(scope="module")
def facts(published: Path) -> Facts:
    return gather(lambda query: ask(published, query).as_dicts(), None)


def score(published: Path, grain: str, start: date, measure: str) -> float:
    (value,) = one(
        published,
        f"""select value from marts.scorecard where organisation = '{OWN}' and platform = 'all'
        and period_grain = '{grain}' and period_start = date '{start}' and measure = '{measure}'""",
    )
    assert isinstance(value, int | float)
    return value


def volume(published: Path, first: date, last: date) -> int:
    (found,) = one(
        published,
        f"""select sum(volume) from marts.volume_daily where organisation = '{OWN}'
        and posted_date between date '{first}' and date '{last}'""",
    )
    return int(str(found))


def test_the_numbers_of_a_week_are_those_of_the_week(week: Report, published: Path) -> None:
    lines = [line.replace("\u00a0", " ") for line in week.headlines]
    now = volume(published, MONDAY, date(2026, 3, 15))
    before = volume(published, date(2026, 3, 2), date(2026, 3, 8))
    replies = score(published, "week", MONDAY, "conversation_share")
    answered = score(published, "week", MONDAY, "response_rate_24h")

    assert f"In week 11 hoorden we {now} berichten" in lines[0]
    assert f"In week 10: {before}." in lines[0]
    assert f"in week 11 was {replies:.0%} een antwoord" in lines[1]
    assert f"Binnen 24 uur beantwoord: {answered:.0%}" in lines[2]


def test_the_numbers_of_a_quarter_are_those_of_the_quarter(
    quarter: Report, published: Path
) -> None:
    lines = [line.replace("\u00a0", " ") for line in quarter.headlines]
    heard = volume(published, QUARTER, date(2025, 12, 31))

    assert f"In the 4th quarter we heard {heard} posts" in lines[0]
    assert "We have listened since" in lines[0]
    assert (
        f"{score(published, 'quarter', QUARTER, 'conversation_share'):.0%} were replies" in lines[1]
    )
    assert "In the 4th quarter" in sentences(quarter, "volume")


def test_a_week_is_followed_week_by_week(week: Report, published: Path) -> None:
    newest = rows_of(week, "conversation-share")[0]

    assert newest[0] == "15 maart 2026"
    assert newest[1] == f"{score(published, 'week', MONDAY, 'conversation_share'):.0%}"


def test_what_is_kept_longer_quotes_nobody(dutch: Report, week: Report, quarter: Report) -> None:
    told = [LexborHTMLParser(each.path.read_text()).text() for each in (dutch, week, quarter)]

    quoted = [any(text[:30] in page for text in TEXTS.values()) for page in told]
    assert quoted == [True, False, False]
    assert page(week).css("#advice table") or page(quarter).css("#advice table")


@pytest.mark.parametrize("exhibit", ["open-queue", "answer-curve"])
def test_what_is_known_of_now_alone_has_its_day(
    dutch: Report, week: Report, quarter: Report, exhibit: str
) -> None:
    told = " ".join(sentences(each, exhibit) for each in (week, quarter)).replace("\u00a0", " ")

    assert "Zo stond het er op " in told
    assert "That is how it stood on " in told
    assert "Zo stond" not in sentences(dutch, exhibit)
    assert "Zo stond het er op" in week.headlines[3]
    assert "That is how it stood on" in quarter.headlines[3]
    assert "Zo stond" not in dutch.headlines[3]


def test_advice_is_not_said_to_rest_on_the_numbers_of_a_quarter(
    dutch: Report, quarter: Report
) -> None:
    of_night, of_quarter = (
        page(each).css_first("#advice .lead").text().replace("\u00a0", " ")
        for each in (dutch, quarter)
    )

    assert "staan eronder" in of_night
    assert "not over those of this period alone" in of_quarter
    assert "under it" not in of_quarter


def test_each_is_in_one_language(week: Report, quarter: Report) -> None:
    assert not [each for each in telling("en") if each in visible(week)]
    assert not [each for each in telling("nl") if each in visible(quarter)]


def test_the_shelf_lists_what_stands_on_it(
    published: Path, folder: Path, week: Report, quarter: Report, facts: Facts
) -> None:
    (folder / "report-2026-03-16-nl.html").write_text("of a night")
    (folder / "report-2026-03-15-nl-rijwielpaleis-12345678.html").write_text("of another")
    (folder / "report-<b>-nl.html").write_text("of nothing")
    (folder / "weeks" / "latest-en.html").symlink_to("report-2020-W01-en.html")

    index = LexborHTMLParser(write_index(folder, OWN, Words("nl")).read_text())

    assert [node.text(strip=True) for node in index.css("h2")] == ["Kwartalen", "Weken", "Nachten"]
    links = [node.attributes["href"] for node in index.css("main a")]
    assert links == [
        "quarters/report-2025-Q4-en.html",
        "weeks/report-2026-W11-nl.html",
        "report-2026-03-16-nl.html",
        "report-2026-03-15-nl-rijwielpaleis-12345678.html",
    ]
    assert all((folder / str(link)).exists() for link in links)
    assert "Week 11 van 2026, 9 maart tot en met 15 maart 2026" in (index.text() or "")
    assert (folder / "weeks" / "latest-nl.html").resolve() == week.path.resolve()
    assert not (folder / "weeks" / "latest-en.html").is_symlink()


def test_a_report_in_another_language_leaves_the_shelf_as_it_is(
    published: Path, tmp_path: Path
) -> None:
    written = write_report(published, tmp_path, language="en", kind="week", shelf="nl")
    shelf = LexborHTMLParser((tmp_path / "index.html").read_text())

    assert page(written).css("html[lang=en]")
    assert shelf.css("html[lang=nl]")


def test_a_week_is_due_when_a_night_before_its_end_was_told(tmp_path: Path, facts: Facts) -> None:
    assert list(due(tmp_path, facts, "nl")) == []

    (tmp_path / "report-2026-03-16-nl.html").touch()
    assert list(due(tmp_path, facts, "nl")) == []

    (tmp_path / "report-2026-03-14-nl.html").touch()
    assert [span.name for span in due(tmp_path, facts, "nl")] == ["2026-W11"]
    assert list(due(tmp_path, facts, "en")) == []

    (tmp_path / "report-2025-12-30-nl.html").touch()
    assert [span.name for span in due(tmp_path, facts, "nl")] == ["2026-W11", "2025-Q4"]

    (tmp_path / "weeks").mkdir()
    (tmp_path / "weeks" / "report-2026-W11-nl.html").touch()
    assert [span.name for span in due(tmp_path, facts, "nl")] == ["2025-Q4"]


def test_what_is_due_is_made_once(published: Path, tmp_path: Path) -> None:
    (tmp_path / "report-2026-03-14-nl.html").touch()

    made = write_ended(published, tmp_path, language="nl")

    assert [report.path.name for report in made] == ["report-2026-W11-nl.html"]
    assert write_ended(published, tmp_path, language="nl") == []


@pytest.mark.parametrize(
    ("day", "told"),
    [(date(2026, 3, 16), "2026-W12 was not heard"), (date(2019, 1, 1), "2019-W01 was not heard")],
)
def test_a_week_that_is_not_over_or_was_not_heard_is_refused(
    published: Path, tmp_path: Path, day: date, told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        write_report(published, tmp_path, language="nl", kind="week", day=day)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("span", "name", "before"),
    [
        (Span.around("week", date(2027, 1, 1)), "2026-W53", "2026-W52"),
        (Span.around("week", date(2024, 12, 31)), "2025-W01", "2024-W52"),
        (Span.around("quarter", date(2026, 3, 31)), "2026-Q1", "2025-Q4"),
        (Span.around("quarter", date(2026, 12, 31)), "2026-Q4", "2026-Q3"),
        (Span.ended("quarter", date(2026, 3, 31)), "2026-Q1", "2025-Q4"),
        (Span.ended("quarter", date(2026, 3, 30)), "2025-Q4", "2025-Q3"),
        (Span.ended("week", date(2026, 3, 15)), "2026-W11", "2026-W10"),
        (Span.ended("week", date(2026, 3, 14)), "2026-W10", "2026-W09"),
    ],
)
def test_weeks_are_of_iso_and_quarters_of_the_calendar(span: Span, name: str, before: str) -> None:
    assert (span.name, span.before.name) == (name, before)
