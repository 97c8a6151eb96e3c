"""The worked questions of the documentation run as they stand over a published night."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

Connection = duckdb.DuckDBPyConnection

PAGE = (Path(__file__).parents[2] / "docs" / "questions.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"^## (\d+\. .*?)\n.*?^```sql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_there_are_ten() -> None:
    assert len(QUESTIONS) == 10


def test_who_is_heard_adds_up_to_the_response_rate(database: Connection) -> None:
    (query,) = (query for title, query in QUESTIONS if title.startswith("5."))
    bands = database.execute(query).fetchall()
    rate = database.execute(
        """
        select numerator, denominator
        from marts.scorecard
        where organisation = (select organisation from marts.organisations where role = 'own')
            and platform = 'all' and period_grain = 'all' and measure = 'response_rate_24h'
        """
    ).fetchone()

    assert rate
    assert rate[0] > 0
    assert (sum(band[2] for band in bands), sum(band[1] for band in bands)) == rate


@pytest.mark.parametrize(("title", "query"), QUESTIONS, ids=[title for title, _ in QUESTIONS])
def test_a_question_is_answered(database: Connection, title: str, query: str) -> None:
    try:
        answer = database.execute(query)
    except duckdb.Error as error:
        pytest.fail(f"{title}: {error}")
    columns = [column[0] for column in answer.description or ()]
    rows = answer.fetchall()
    assert len(columns) > 2
    assert rows or title[:2] in {"7.", "8."}, "the story has no peak and few broadcasts an hour"
