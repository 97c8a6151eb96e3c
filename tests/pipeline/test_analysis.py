"""Questions of our own over a published file, and what is said when it cannot answer them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.analysis import ask, asking
from pipeline.errors import WarehouseError


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published file with one mart of one column."""
    path = tmp_path / "analytics.duckdb"
    with duckdb.connect(str(path)) as database:
        database.execute("create schema marts; create table marts.posts as select 1 as depth")
    return path


@pytest.mark.parametrize(
    "newer", ["select depth, mood from marts.posts", "select depth from marts.moods"]
)
def test_a_file_of_an_earlier_version_is_called_that(published: Path, newer: str) -> None:
    with asking(published) as ask_file:
        assert ask_file("select depth from marts.posts").rows == [(1,)]
        with pytest.raises(WarehouseError, match="earlier version") as told:
            ask_file(newer)

    assert told.value.todo == "`luister run` first"


def test_who_typed_a_wrong_name_is_told_that_it_is_wrong(published: Path) -> None:
    with pytest.raises(WarehouseError, match="mood") as told:
        ask(published, "select mood from marts.posts", seconds=10)

    assert told.value.todo == "mend the statement"


def test_a_file_of_another_program_is_not_the_fault_of_the_statement(published: Path) -> None:
    published.unlink()
    with duckdb.connect(str(published)) as database:
        database.execute("create table customers (name varchar)")

    with pytest.raises(WarehouseError, match="of another program") as told:
        ask(published, "from marts.scorecard")

    assert told.value.where == str(published)


def test_a_damaged_file_is_not_the_fault_of_the_statement(published: Path) -> None:
    published.write_bytes(b"damaged" * 1000)

    with pytest.raises(WarehouseError, match="cannot be opened") as told:
        ask(published, "select 1")

    assert (told.value.where, told.value.todo) == (
        str(published),
        "`luister run` publishes it anew",
    )
