"""Every fault of the list has its words and a test, and the page says what there is."""

from __future__ import annotations

from pathlib import Path

from docs.faults import faults, faults_page, shown_by

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
ALL = list(range(1, 61))
OPEN_ON_PURPOSE: set[int] = set()
"""Faults that are not handled as they should be; ``faults.toml`` says of each why not."""


def test_each_of_the_sixty_has_its_words() -> None:
    assert [each.number for each in faults()] == ALL
    assert {each.number for each in faults() if each.open} == OPEN_ON_PURPOSE


def test_each_of_the_sixty_has_a_test_or_is_open_on_purpose() -> None:
    assert set(ALL) - set(shown_by()) <= OPEN_ON_PURPOSE
    assert set(shown_by()) <= set(ALL)


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == faults_page(), "run `python -m docs.faults`"
