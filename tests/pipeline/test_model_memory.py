"""Memory for the models, and how many of them at once, follow how many posts there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pytest

from pipeline.model_memory import lanes_for, memory_for


@contextmanager
def posts(count: int, limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """So many posts, and DuckDB on a machine of which it takes so much, which is four fifths."""
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute(f"create table raw.posts as select range as post from range({count})")
        connection.execute(f"set memory_limit = '{limit}'")
        yield connection


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of whoever runs this says."""
    monkeypatch.delenv("LUISTER_MEMORY", raising=False)


@pytest.mark.parametrize(
    ("count", "memory", "whole", "adding"),
    [(0, "1200MB", 2, 3), (1_000_000, "1200MB", 2, 3), (4_000_000, "1520MB", 1, 2)],
)
def test_many_posts_take_more_memory_and_fewer_steps_at_once(
    count: int, memory: str, whole: int, adding: int
) -> None:
    with posts(count, "3GB") as connection:
        assert memory_for(connection, is_full=False) == memory
        assert lanes_for(connection, is_full=True) == whole
        assert lanes_for(connection, is_full=False) == adding


@pytest.mark.parametrize(
    ("limit", "least", "most", "lanes"),
    [
        ("900KB", 1520, 1520, 1),
        ("3GB", 1520, 1520, 1),
        ("7GB", 2100, 2200, 1),
        ("8GB", 4800, 4800, 2),
        ("1TB", 4800, 4800, 2),
    ],
)
def test_where_everything_is_made_again_two_at_a_time_take_up_to_half_of_the_machine(
    limit: str, least: int, most: int, lanes: int
) -> None:
    with posts(4_000_000, limit) as connection:
        assert least <= int(memory_for(connection, is_full=True).removesuffix("MB")) <= most
        assert lanes_for(connection, is_full=True) == lanes
        assert memory_for(connection, is_full=False) == "1520MB"


def test_the_environment_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUISTER_MEMORY", "700MB")
    with posts(4_000_000, "1TB") as connection:
        assert memory_for(connection, is_full=True) == "700MB"
        assert lanes_for(connection, is_full=True) == 1
