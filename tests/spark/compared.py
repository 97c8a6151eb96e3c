"""Two databases whose marts must be the same, row for row."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

TOLERANCE = 1e-9
DOUBLES = ("DOUBLE", "FLOAT")


def differences(one: Path, other: Path) -> dict[str, str]:
    """Of every mart that differs, how: columns, counts of rows, or a row that the other lacks.

    Rows are put beside each other in the order of all their exact columns, then of their doubles;
    doubles may differ by 1e-9 of themselves, or of one when they are smaller.
    """
    found = {}
    with duckdb.connect() as database:
        take(database, one, "one")
        take(database, other, "other")
        for mart in marts(database, "one"):
            told = _difference(database, mart)
            if told:
                found[mart] = told
        missing = set(marts(database, "other")) ^ set(marts(database, "one"))
        found.update(dict.fromkeys(missing, "is in one of them only"))
    return found


def copied(database: Path, folder: Path) -> Path:
    """A copy of a database to build in; its tables of before are gone."""
    target = folder / "luister.duckdb"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(database, target)
    with duckdb.connect(str(target)) as connection:
        for schema in ("marts", "intermediate", "staging"):
            connection.execute(f"drop schema if exists {schema} cascade")
    return target


def marts_of(path: Path) -> list[str]:
    """The marts of a database."""
    with duckdb.connect() as database:
        take(database, path, "one")
        return marts(database, "one")


def take(database: duckdb.DuckDBPyConnection, path: Path, catalog: str) -> None:
    """The marts of a database as tables in memory: a view knows its own database by name only."""
    database.execute(f"attach ':memory:' as {catalog}")
    database.execute(f"create schema {catalog}.marts")
    with duckdb.connect(str(path), read_only=True) as source:
        names = source.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        for (name,) in names:
            database.register("rows", source.sql(f"select * from marts.{name}").to_arrow_table())
            database.execute(f"create table {catalog}.marts.{name} as from rows")
            database.unregister("rows")


def marts(database: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    rows = database.execute(
        """
        select table_name from duckdb_tables()
        where database_name = ? and schema_name = 'marts' order by table_name
        """,
        [catalog],
    ).fetchall()
    return [name for (name,) in rows]


def _columns(
    database: duckdb.DuckDBPyConnection, catalog: str, mart: str
) -> list[tuple[str, str, str | None]]:
    """Name, type and meaning of each column, in order."""
    return database.execute(
        """
        select column_name, data_type, comment from duckdb_columns()
        where database_name = ? and schema_name = 'marts' and table_name = ? order by column_index
        """,
        [catalog, mart],
    ).fetchall()


def _difference(database: duckdb.DuckDBPyConnection, mart: str) -> str | None:
    columns = _columns(database, "one", mart)
    if columns != _columns(database, "other", mart):
        return f"columns {columns} and {_columns(database, 'other', mart)}"
    counts = [
        database.execute(f"select count(*) from {catalog}.marts.{mart}").fetchall()[0][0]
        for catalog in ("one", "other")
    ]
    if counts[0] != counts[1]:
        return f"{counts[0]} and {counts[1]} rows"
    exact = [f'"{name}"' for name, kind, _ in columns if kind not in DOUBLES]
    inexact = [f'"{name}"' for name, kind, _ in columns if kind in DOUBLES]
    order = ", ".join([*exact, *(f"round({name}, 6)" for name in inexact)])
    same = [f"a.{name} is not distinct from b.{name}" for name in exact]
    same += [
        f"(a.{name} is not distinct from b.{name} or "
        f"abs(a.{name} - b.{name}) <= {TOLERANCE} * greatest(1, abs(a.{name})))"
        for name in inexact
    ]
    bad = database.execute(
        f"""
        with a as (select *, row_number() over (order by {order}) as place from one.marts.{mart}),
        b as (select *, row_number() over (order by {order}) as place from other.marts.{mart})
        select a, b from a inner join b on a.place = b.place
        where not coalesce({" and ".join(same)}, false)
        """
    ).fetchall()
    if not bad:
        return None
    first, second = bad[0]
    parts = {name: (first[name], second[name]) for name in first if first[name] != second[name]}
    return f"{len(bad)} of {counts[0]} rows, the first by {parts}; {first}"
