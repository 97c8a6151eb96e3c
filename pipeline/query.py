"""Asking the database small questions, and doing several things at once or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE: Final = 250_000
"""Rows that are looked for and held together; to look for a few takes nearly as long."""
_GLOB: Final = re.compile(r"[*?\[]")

Values = Sequence[Any] | Mapping[str, Any]


def first(database: DuckDBPyConnection, query: str, values: Values = ()) -> tuple[Any, ...] | None:
    """The first row of a small answer, or None."""
    found: list[tuple[Any, ...]] = database.execute(query, values or None).fetchall()
    return found[0] if found else None


def exists(database: DuckDBPyConnection, query: str, values: Values = ()) -> bool:
    """Whether a small answer has any row."""
    return first(database, query, values) is not None


def has_table(database: DuckDBPyConnection, schema: str, name: str) -> bool:
    """Whether a table is there: one that an earlier version made may lack the newest."""
    return exists(
        database,
        "select 1 from duckdb_tables() where schema_name = ? and table_name = ?",
        [schema, name],
    )


def has_column(database: DuckDBPyConnection, schema: str, table: str, name: str) -> bool:
    """Whether a table has a column: one that an earlier version made may lack the newest."""
    return exists(
        database,
        "select 1 from duckdb_columns() "
        "where schema_name = ? and table_name = ? and column_name = ?",
        [schema, table, name],
    )


def columns_of(
    database: DuckDBPyConnection, schema: str, table: str, place: str = "current_database()"
) -> list[tuple[str, str]]:
    """Names and types of the columns of a table or view, in order.

    Args:
        database: the connection.
        schema: where the table is.
        table: its name.
        place: the database it is in, in SQL.
    """
    return database.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = ? "
        f"and table_name = ? and database_name = {place} order by column_index",
        [schema, table],
    ).fetchall()


def records(database: DuckDBPyConnection, query: str, values: Values = ()) -> list[dict[str, Any]]:
    """The answer as one mapping a row."""
    answer = database.execute(query, values or None)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def identifier(name: str) -> str:
    """A name as SQL writes it, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text as SQL writes it, where no parameter may stand."""
    return "'" + value.replace("'", "''") + "'"


def one_file(path: Path) -> str:
    """A path as DuckDB reads it where a pattern may stand: this file, whatever is in its name."""
    return _GLOB.sub(r"[\g<0>]", str(path))


def batches_at(
    database: DuckDBPyConnection,
    places: str,
    query: str,
    values: Mapping[str, Any],
    rows: int,
) -> Iterator[pa.Table]:
    """The answer in tables of at most ``rows``: what is asked for is found first, and then read.

    However many are found, only so many of them are held at once, and read beside a connection that
    meanwhile writes: not to that table, for rows that move would be read in place of others. Nor
    may DuckDB move them when it writes all down, as it does where ``max_vacuum_tasks`` is not 0.

    Args:
        database: the connection.
        places: asked of this connection, gives the rowids of a table as ``place``, in no order, and
            what else is wanted.
        query: asks that table, joined with ``found`` on ``rowid = found.place``.
        values: parameters of ``places``.
        rows: of each batch at most.
    """
    found = database.sql(f"{places} order by place", params=values).to_arrow_table()
    with database.cursor() as reader:
        for start in range(0, len(found), _AT_ONCE):
            reader.register("found_now", found.slice(start, _AT_ONCE))
            # as a table: of one that is registered it would not be known how few rows it has
            reader.execute("create or replace temp table found as from found_now")
            for batch in reader.sql(query).to_arrow_reader(rows):
                if batch.num_rows:
                    yield pa.Table.from_batches([batch])


@contextmanager
def transaction(database: DuckDBPyConnection) -> Iterator[None]:
    """Everything inside, or nothing of it."""
    database.execute("begin")
    try:
        yield
    except BaseException:
        database.execute("rollback")
        raise
    database.execute("commit")
