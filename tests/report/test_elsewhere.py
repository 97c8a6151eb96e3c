"""What others published stands beside our figures, with what they counted."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.report.elsewhere import elsewhere
from pipeline.report.words import Words

OTHERWISE = {
    "source": "Coosto, KWO13, first half of 2013",
    "year": 2013,
    "population": "100 largest Dutch advertisers, X",
    "value": 0.4,
    "definition_en": "@-mentions answered / @-mentions, without a window",
    "definition_nl": "beantwoorde @-vermeldingen / @-vermeldingen, zonder termijn",
    "is_same_definition": False,
}
ALIKE = {**OTHERWISE, "source": "OBI4wan (the year is not shown)", "year": None, "value": 0.2}
ALIKE["is_same_definition"] = True


def asking(*rows: dict[str, Any]) -> Any:
    return lambda query: list(rows) if "marts.benchmarks" in query else []


@pytest.mark.parametrize(
    ("language", "told", "counted"),
    [
        ("nl", "anders geteld dan hier: 40% (Coosto 2013).", "zonder termijn; anders geteld"),
        ("en", "counted otherwise than here: 40% (Coosto 2013).", "a window; not as we count"),
    ],
)
def test_what_was_counted_otherwise_says_so(language: str, told: str, counted: str) -> None:
    found = elsewhere(asking(OTHERWISE), "response_rate_7d", Words(language))

    assert found.sentence.endswith(told)
    assert counted in found.table.rows[0][1]


def test_what_was_counted_alike_stands_as_it_is() -> None:
    found = elsewhere(asking(OTHERWISE, ALIKE), "proactive_share", Words("en"))

    assert found.sentence == "Published by others: 40% (Coosto 2013) and 20% (OBI4wan)."


def test_a_time_is_told_as_a_time() -> None:
    hours = {**OTHERWISE, "value": 11_700.0}

    found = elsewhere(asking(hours), "first_response_seconds_median", Words("nl"), is_time=True)

    assert "3,3 uur (Coosto 2013)" in found.sentence


def test_where_nothing_was_published_nothing_is_said() -> None:
    assert elsewhere(asking(), "give_share", Words("en")).sentence == ""
