"""Between DuckDB and Spark: Parquet files out, the tables that were made back."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import yaml

from pipeline.built import forget_build
from pipeline.errors import ModelError
from pipeline.models import PROJECT
from pipeline.query import identifier, literal

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

READ_ELSEWHERE: Final = (
    *("staging.stg_posts", "intermediate.int_account_names", "intermediate.int_addressed"),
    *("intermediate.int_opening_days", "intermediate.int_posts", "intermediate.int_roles"),
)
"""Tables beside the marts that the inbox, the alerts and the keeping of numbers read."""

SCHEMAS: Final = ("staging", "intermediate", "marts")


def source_tables() -> list[str]:
    """``schema.table`` of all that the models read, as ``_sources.yml`` names them."""
    told = yaml.safe_load((PROJECT / "models" / "staging" / "_sources.yml").read_text())
    return [
        f"{source['schema']}.{table['name']}"
        for source in told["sources"]
        for table in source["tables"]
    ]


def export(database: Path, folder: Path) -> list[str]:
    """Write the tables the models read as Parquet, one folder for each; returns their names.

    Raises:
        ModelError: the database cannot be read.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    names = source_tables()
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            for name in names:
                target = literal(str(folder / name))
                connection.execute(
                    f"copy {name} to {target} (format parquet, compression zstd, per_thread_output)"
                )
    except duckdb.Error as error:
        raise ModelError(f"cannot hand over: {error}", where=str(database)) from error
    return names


def show(session: SparkSession, folder: Path, names: Iterable[str]) -> None:
    """Let Spark's catalogue know the exported tables by their names."""
    for name in names:
        schema, _, _ = name.partition(".")
        session.sql(f"create schema if not exists {schema}")
        session.catalog.createTable(name, str(folder / name), "parquet")


def bring_back(
    database: Path, tables: Path, relations: Mapping[str, Any], names: Iterable[str]
) -> dict[str, int]:
    """Put the tables that Spark made into the database, in one transaction; returns their rows.

    A column becomes what its contract says: a value that does not fit is an error.

    Args:
        database: the private DuckDB file.
        tables: the folder in which Spark keeps its tables.
        relations: dbt's node of every relation, by ``schema.name``.
        names: those that are brought back.

    Raises:
        ModelError: a table does not keep its contract.
    """
    rows: dict[str, int] = {}
    with duckdb.connect(str(database)) as connection:
        try:
            connection.execute("begin")
            forget_build(connection)
            for schema in SCHEMAS:
                connection.execute(f"drop schema if exists {schema} cascade")
                connection.execute(f"create schema {schema}")
            for name in names:
                rows[name] = _take(connection, tables, name, relations[name])
            connection.execute("commit")
        except duckdb.Error as error:
            connection.execute("rollback")
            raise ModelError(f"cannot take back: {error}", where=str(database)) from error
    return rows


def _take(connection: Any, tables: Path, name: str, node: Any) -> int:
    schema, _, table = name.partition(".")
    files = literal(str(tables / f"{schema}.db" / table / "*.parquet"))
    seen = connection.execute(f"describe select * from read_parquet({files})").fetchall()
    kinds = {column: told.data_type for column, told in node.columns.items() if told.data_type}
    columns = ", ".join(
        f"cast({identifier(column)} as {kinds.get(column, kind)}) as {identifier(column)}"
        for column, kind, *_ in seen
    )
    connection.execute(f"create table {name} as select {columns} from read_parquet({files})")
    if node.description:
        connection.execute(f"comment on table {name} is {literal(node.description)}")
    for column, told in node.columns.items():
        if told.description and column in {each[0] for each in seen}:
            connection.execute(
                f"comment on column {name}.{identifier(column)} is {literal(told.description)}"
            )
    (count,) = connection.execute(f"select count(*) from {name}").fetchone()
    return int(count)
