"""How posts are shown to a reader: platforms by name, people without a code, numbers with rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors import platforms
from pipeline.analysis import ask
from pipeline.naming import NAMELESS
from pipeline.report import Report
from pipeline.report.shown import MASKS, PLATFORMS, mentions, platform, quoted, told
from pipeline.report.words import Words
from pipeline.scrub import scrub
from tests.report.test_report import page

OURS = "a7b769ef2da76d18b3dca0e8a7cf43a3"
SOMEBODY = "8e73f8f7ed1788f9383b7c8daaafb78e"
ACCOUNTS = {OURS: "Havenvonk"}


def test_the_accounts_of_organisations_get_their_name_back_and_nobody_else_does() -> None:
    text = f"@{OURS} en @{SOMEBODY}: hoelang nog?"

    assert mentions(text, ACCOUNTS) == "@Havenvonk en @…: hoelang nog?"


@pytest.mark.parametrize(
    "text", ["@havenvonk", f"{OURS}", f"@{OURS}f", "mail [mail]", "@…", f"@{OURS.upper()}"]
)
def test_what_is_no_pseudonym_stays_as_it_is(text: str) -> None:
    assert mentions(text, ACCOUNTS) == text


def test_what_was_taken_out_is_told_in_the_readers_language() -> None:
    text = "Groet, [name], [phone] of [mail]; niet [name en niet (phone)"

    assert told(text, {}, Words("nl")) == (
        "Groet, [naam], [telefoon] of [mail]; niet [name en niet (phone)"
    )
    assert told(text, {}, Words("en")) == text


def test_every_mask_is_known_to_who_shows_it() -> None:
    masked = scrub("a@b.example 06-12345678 NL91ABNA0417164300 Dam 12, 1234 AB Edam 111222333")
    found = set(re.findall(r"\[[a-z]+\]", masked))

    assert found <= set(MASKS)
    assert {"[mail]", "[phone]", "[iban]", "[bsn]"} <= found
    assert NAMELESS in MASKS


def test_a_hostile_name_is_only_a_name() -> None:
    assert quoted(f"@{OURS}", 80, {OURS: "Zon\u202e\x1b[2J"}, Words("nl")) == "@Zon[2J"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_platform_has_a_name_for_readers(language: str) -> None:
    words = Words(language)

    shown = {name: platform(name, words) for name in platforms()}

    assert all(shown.values())
    assert {name for name in shown if shown[name] == name} == set() if language == "nl" else True
    assert set(platforms()) - set(PLATFORMS) == {"archives", "feed", "table"}


def test_a_platform_of_somebody_elses_connector_keeps_its_own_name() -> None:
    assert platform("dorpsomroep", Words("nl")) == "dorpsomroep"


def test_every_n_that_is_told_stands_in_the_rows_of_the_sql_below_it(
    published: Path, english: Report
) -> None:
    """Somebody who doubts a number pastes the statement under it and finds that number."""
    told = 0
    for exhibit in page(english).css(".exhibit"):
        text = " ".join(node.text() for node in exhibit.css("figcaption, .exhibit > p"))
        counts = {int(each.replace(",", "")) for each in re.findall(r"n\s=\s([\d,]+)", text)}
        rows = [row for each in exhibit.css("pre code") for row in ask(published, each.text()).rows]
        found = {round(cell) for row in rows for cell in row if isinstance(cell, int | float)}
        assert counts <= found, (exhibit.attributes["id"], counts - found)
        told += len(counts)
    assert told > 20


def test_the_five_numbers_open_their_formula(english: Report) -> None:
    shown = page(english)

    addresses = [node.attributes["href"] or "" for node in shown.css(".lines a.number")]

    assert len(addresses) == 5
    for address in addresses:
        (formula,) = shown.css(address)
        assert formula.parent is not None
        assert formula.parent.tag == "details"
        assert formula.parent.css("pre code")
