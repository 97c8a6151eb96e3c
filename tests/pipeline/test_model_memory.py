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

        assert memory_for(connection, is_full=False) == memory
        assert lanes_for(connection, is_full=True) == whole
        assert lanes_for(connection, is_full=False) == adding


@pytest.mark.parametrize(
    ("limit", "least", "most"),
    [("900KB", 1520, 1520), ("3GB", 1520, 1520), ("12GB", 3700, 3800), ("1TB", 4800, 4800)],
)
def test_where_everything_is_made_again_it_is_more_as_far_as_a_quarter_of_the_machine_goes(
    monkeypatch: pytest.MonkeyPatch, limit: str, least: int, most: int
) -> None:
    """DuckDB says how much it would take, which is four fifths."""
    monkeypatch.delenv("LUISTER_MEMORY", raising=False)
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.posts as select range as post from range(4_000_000)")
        connection.execute(f"set memory_limit = '{limit}'")

        assert least <= int(memory_for(connection, is_full=True).removesuffix("MB")) <= most
        assert memory_for(connection, is_full=False) == "1520MB"


def test_the_environment_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUISTER_MEMORY", "700MB")
    with duckdb.connect() as connection:
        assert memory_for(connection, is_full=True) == "700MB"
