"""Migrations: the schema of the private database, brought up to date step by step, forward only."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline.errors import WarehouseError
from pipeline.query import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def migrations() -> list[tuple[str, str]]:
    """Name and SQL of every migration, in order."""
    folder = files("pipeline").joinpath("migrations")
    scripts = sorted(
        (each for each in folder.iterdir() if each.name.endswith(".sql")),
        key=lambda each: each.name,
    )
    return [(each.name, each.read_text(encoding="utf-8")) for each in scripts]


def migrate(database: DuckDBPyConnection) -> bool:
    """Apply what was not applied yet, all or nothing; returns whether the database is new.

    Raises:
        WarehouseError: the database was made by a newer Luister.
    """
    database.execute(
        "create table if not exists main.migrations "
        "(name varchar not null, applied_at timestamptz not null)"
    )
    applied = {name for (name,) in database.execute("from main.migrations select name").fetchall()}
    steps = migrations()
    unknown = applied - {name for name, _ in steps}
    if unknown:
        raise WarehouseError(
            f"the database was made by a newer Luister ({', '.join(sorted(unknown))})",
            todo="install that version again; a database never goes back",
        )
    waiting = [(name, script) for name, script in steps if name not in applied]
    if waiting:
        _apply(database, waiting)
    return not applied


def _apply(database: DuckDBPyConnection, steps: list[tuple[str, str]]) -> None:
    with transaction(database):
        for name, script in steps:
            database.execute(script)
            database.execute("insert into main.migrations values (?, ?)", [name, datetime.now(UTC)])
    database.execute("checkpoint")
