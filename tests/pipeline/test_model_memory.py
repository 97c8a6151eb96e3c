"""Memory for the models, and how many of them at once, follow how many posts there are."""

from __future__ import annotations

import duckdb
import pytest

from pipeline.model_memory import lanes_for, memory_for


@pytest.mark.parametrize(
    ("posts", "memory", "whole", "adding"),
    [(0, "1200MB", 2, 3), (1_000_000, "1200MB", 2, 3), (4_000_000, "1520MB", 1, 2)],
)
def test_many_posts_take_more_memory_and_fewer_steps_at_once(
    monkeypatch: pytest.MonkeyPatch, posts: int, memory: str, whole: int, adding: int
) -> None:
    monkeypatch.delenv("LUISTER_MEMORY", raising=False)
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute(f"create table raw.posts as select range as post from range({posts})")

        assert memory_for(connection) == memory
        assert lanes_for(connection, is_full=True) == whole
        assert lanes_for(connection, is_full=False) == adding
