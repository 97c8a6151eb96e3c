"""No name of a person leaves in a text; who is known there is called by their pseudonym."""

from __future__ import annotations

import duckdb
import pytest

from tests.sql.conftest import LETTERS


@pytest.fixture(scope="module")
def shown(database: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    found = database.execute(
        "select text, title from marts.posts where platform = 'letters' order by posted_at"
    ).fetchall()
    return dict(zip(LETTERS, found, strict=True))


@pytest.mark.parametrize(("letter", "masked"), LETTERS.items())
def test_what_names_a_person_is_masked(
    shown: dict[str, tuple[str, str]], letter: str, masked: str
) -> None:
    assert shown[letter] == (masked, masked)


def test_no_identity_stands_in_a_mart(database: duckdb.DuckDBPyConnection) -> None:
    columns = database.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"
        " and data_type = 'VARCHAR'"
    ).fetchall()
    for table, column in columns:
        found = database.execute(
            f"select {column} from marts.{table} where {column} in"
            " ('bob', 'bob 1', 'zon_care', 'anna', 'anna on news')"
        ).fetchall()
        assert found == [], (table, column)
