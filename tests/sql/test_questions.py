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
