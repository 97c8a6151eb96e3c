"""Databases as earlier versions left them, made from the migrations and not kept as files.

A database of today is filled as always, and what each earlier schema has room for is copied into a
database that was brought no further. What was read and matched then was done by older versions.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.migrate import migrations
from pipeline.query import identifier

STEPS = [name for name, _ in migrations()]
COLUMNS = """
    select schema_name, table_name, list(column_name order by column_index)
    from duckdb_columns()
    where database_name = ? and schema_name in ('raw', 'enriched', 'conf', 'ops') and not internal
    group by all order by all
"""


def make_older(of_today: Path, older: Path, steps: int) -> None:
    """Write the database ``older`` as it would stand with the first ``steps`` migrations alone."""
    with duckdb.connect(str(older)) as database:
        database.execute("set timezone = 'UTC'")
        database.execute("create table main.migrations (name varchar, applied_at timestamptz)")
        for name, script in migrations()[:steps]:
            database.execute(script)
            database.execute("insert into main.migrations values (?, now())", [name])
        database.execute(f"attach '{of_today}' as today (read_only)")
        for schema, table, columns in database.execute(COLUMNS, ["luister"]).fetchall():
            told = ", ".join(
                f"'older' as {column}" if column.endswith("er_version") else identifier(column)
                for column in columns
            )
            database.execute(
                f"insert into {schema}.{table} by name select {told} from today.{schema}.{table}"
            )


def schema_of(database: duckdb.DuckDBPyConnection) -> list[tuple[str, ...]]:
    """Every column of every table, with its type and whether it may be null."""
    return database.execute(
        """
        select schema_name, table_name, column_name, data_type, is_nullable::varchar
        from duckdb_columns()
        where schema_name in ('raw', 'enriched', 'conf', 'ops')
            and database_name = current_database()
        order by all
        """
    ).fetchall()


def rows_of(database: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Every row of every table that a night reads from, as text and in order."""
    tables = sorted({f"{schema}.{table}" for schema, table, *_ in schema_of(database)})
    return {
        table: [
            told
            for (told,) in database.execute(
                f"select stored::varchar as told from {table} as stored order by told"
            ).fetchall()
        ]
        for table in tables
    }
