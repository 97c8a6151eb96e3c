"""Every number that the report tells opens its formula, the SQL that was asked, and its rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel import Locale
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.analysis import ask
from pipeline.report import Report, write_report
from tests.report.test_report import page

NUMBER = re.compile(r"\d[\d.,]*")
CLOCK = re.compile(r"\b\d{4}\b|\b\d{1,2}:\d\d\b")
"""Years and times of day: not something that was counted."""

NEVER_COUNTED = {"95"}
"""How sure an interval is."""


def dates(language: str) -> re.Pattern[str]:
    months = Locale(language).months["format"]["wide"].values()
    return re.compile(rf"\b\d{{1,2}} ({'|'.join(months)})( \d{{4}})?( \d\d:\d\d)?")


def numbers(text: str, language: str) -> set[str]:
    plain = CLOCK.sub(" ", dates(language).sub(" ", text.replace("\u00a0", " ")))
    return {found.rstrip(".,") for found in NUMBER.findall(plain)}


def text_of(node: LexborNode, selector: str) -> str:
    return " ".join(each.text(separator=" ") for each in node.css(selector))


def opened(exhibit: LexborNode, language: str) -> set[str]:
    """The numbers in the tables and the formulas below an exhibit, and of its period above it."""
    return numbers(text_of(exhibit, "h3, details td, details th, details dd"), language)


def told(exhibit: LexborNode, language: str) -> set[str]:
    """The numbers of its sentences, and of the facts beside what somebody said."""
    found = text_of(exhibit, "figcaption p, .exhibit > p, .exhibit > .waiting .facts")
    return numbers(found, language) - NEVER_COUNTED


@pytest.fixture(scope="module")
def week(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return write_report(published, tmp_path_factory.mktemp("week"), language="nl", kind="week")


@pytest.fixture(params=["nl", "en", "week"])
def report(
    request: pytest.FixtureRequest, dutch: Report, english: Report, week: Report
) -> tuple[LexborHTMLParser, str]:
    """A page, and the language it is in."""
    chosen = {"nl": dutch, "en": english, "week": week}[request.param]
    return page(chosen), "en" if request.param == "en" else "nl"


def test_a_chapter_holds_its_question_its_lead_and_exhibits_alone(
    report: tuple[LexborHTMLParser, str],
) -> None:
    """What stands outside an exhibit has nothing to open, so no number may stand there."""
    shown, language = report
    for chapter in shown.css("main .chapter:not(.method)"):
        others = [
            node.tag
            for node in chapter.iter()
            if node.tag != "h2" and node.attributes.get("class") not in {"lead", "exhibit"}
        ]
        assert others == [], chapter.attributes["id"]
        assert numbers(text_of(chapter, ".lead"), language) == set()


def test_every_exhibit_opens_its_formula_its_numbers_and_its_sql(
    report: tuple[LexborHTMLParser, str], published: Path
) -> None:
    shown, _ = report
    exhibits = shown.css("main .exhibit")

    assert len(exhibits) >= 20
    for exhibit in exhibits:
        key = exhibit.attributes["id"]
        (fold,) = exhibit.css("details")
        assert fold.css("dl dt"), key
        assert fold.css("dl dd"), key
        assert fold.css("table thead th"), key
        assert fold.css("pre code"), key
        for query in fold.css("pre code"):
            assert ask(published, query.text()).columns, key


def test_every_number_of_a_sentence_stands_in_the_rows_or_the_formula_below_it(
    report: tuple[LexborHTMLParser, str],
) -> None:
    shown, language = report
    missing = {
        exhibit.attributes["id"]: told(exhibit, language) - opened(exhibit, language)
        for exhibit in shown.css("main .exhibit")
    }

    assert {key: found for key, found in missing.items() if found} == {}
    assert sum(len(told(exhibit, language)) for exhibit in shown.css("main .exhibit")) > 80


def test_the_numbers_of_the_five_lines_stand_in_the_rows_they_open(
    report: tuple[LexborHTMLParser, str],
) -> None:
    shown, language = report
    for line in shown.css(".lines li"):
        (number,) = line.css("a.number")
        address = (number.attributes["href"] or "").removesuffix("-formula")
        (exhibit,) = shown.css(address)
        found = numbers(text_of(line, "p") + " " + number.text(), language) - NEVER_COUNTED
        scale = {"0"} if address == "#sentiment" else set()

        assert found - opened(exhibit, language) <= scale, address


def test_the_numbers_of_the_method_stand_in_its_rows(
    report: tuple[LexborHTMLParser, str],
) -> None:
    shown, language = report
    (method,) = shown.css("#method")
    sentences = numbers(text_of(method, ".method > p, .method > ul li"), language)
    period = numbers(text_of(method, ".method > p:first-of-type"), language)
    marked = {"50"}

    assert method.css("details pre code")
    assert sentences - NEVER_COUNTED - period - marked <= opened(method, language)


def test_who_waits_longest_opens_the_rows_of_its_sql(english: Report, published: Path) -> None:
    (exhibit,) = page(english).css("#waiting-longest")
    (query,) = exhibit.css("pre code")
    rows = ask(published, query.text()).as_dicts()

    assert len(exhibit.css("blockquote")) == len(rows) == len(exhibit.css("tbody tr")) == 6
    days = [row.text() for row in exhibit.css("tbody td:nth-of-type(1)")]
    waited = [round(row["waiting_seconds"] / 86_400) for row in rows]
    assert days == [f"{each} days" for each in waited]
