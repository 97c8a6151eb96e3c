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


def batches(
    database: DuckDBPyConnection, query: str, values: Mapping[str, Any], rows: int
) -> Iterator[pa.Table]:
    """The answer in tables of at most ``rows``, read beside a connection that meanwhile writes."""
    with database.cursor() as reader:
        for batch in reader.sql(query, params=values).to_arrow_reader(rows):
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
