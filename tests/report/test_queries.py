"""Names from outside stand in SQL as texts, whatever is in them."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.report import coverage_queries, queries
from tests.report.hostile import HOSTILE

DAYS = (date(2026, 3, 1), date(2026, 3, 2))


DATABASE = duckdb.connect()


def read_back(text: str) -> object:
    found = DATABASE.execute(f"select {queries.literal(text)}").fetchone()
    return found[0] if found else None


@pytest.mark.parametrize("text", HOSTILE)
def test_a_literal_is_read_back_as_it_was(text: str) -> None:
    assert read_back(text) == text.replace("\0", "")


@pytest.mark.fault(53)
@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_one_statement_with_one_literal(text: str) -> None:
    query = queries.waiting(text)

    statements = duckdb.extract_statements(query)

    assert len(statements) == 1
    assert read_back(text) == text.replace("\0", "")


def test_every_question_is_one_statement_over_the_marts() -> None:
    asked = [
        queries.PUBLICATION,
        queries.ORGANISATIONS,
        queries.SPAN,
        queries.scores("week", DAYS),
        queries.volume("a", *DAYS),
        queries.platforms("a", *DAYS),
        coverage_queries.coverage_days(*DAYS),
        coverage_queries.coverage_sources(*DAYS),
        queries.acts("a", *DAYS, "week"),
        queries.course("conversation_share", "rolling_28d", *DAYS),
        queries.course("conversation_share", "month", *DAYS),
        queries.response_rates("week", DAYS[0]),
        queries.FLOOR,
        queries.measured(["give_share", "answer_gini"], "quarter", DAYS),
        queries.audiences("quarter", DAYS[0]),
        queries.weekly(["density"], *DAYS),
        queries.curve(),
        queries.waiting("a"),
        queries.longest_waiting("a", 3),
        queries.sentiment("a", *DAYS, "day"),
    ]
    for query in asked:
        assert len(duckdb.extract_statements(query)) == 1
        assert "marts." in query
        assert "raw." not in query
