"""Migrations: the schema of the private database, brought up to date step by step, forward only."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import WarehouseError
from pipeline.files import settle
from pipeline.query import exists, first, transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_log: Final = logging.getLogger(__name__)
_SCHEMAS: Final = ["conf", "raw", "ops", "enriched", "staging", "intermediate", "marts"]
"""Where our tables stand, but for a few about the database itself."""

_IS_OURS: Final = """
    2 = (
        select count(*) from duckdb_columns() as each
        where each.database_name = current_database() and each.schema_name = 'main'
            and each.table_name = 'migrations' and each.column_name in ('name', 'applied_at')
    )
"""
"""Whether the steps that were taken are ours: many a program has a table of that name."""


def migrations() -> list[tuple[str, str]]:
    """Name and SQL of every migration, in order."""
    folder = files("pipeline").joinpath("migrations")
    scripts = sorted(
        (each for each in folder.iterdir() if each.name.endswith(".sql")),
        key=lambda each: each.name,
    )
    return [(each.name, each.read_text(encoding="utf-8")) for each in scripts]


def migrate(database: DuckDBPyConnection, path: Path) -> bool:
    """Apply what was not applied yet, all or nothing; returns whether the database is new.

    A database that holds something is copied beside itself before it is changed:
    ``luister.duckdb.before-0009_rests``.

    Args:
        database: the open database, by nobody else.
        path: its file.

    Raises:
        WarehouseError: the database was made by a newer Luister, or by another program.
    """
    is_made(database, path)
    database.execute(
        "create table if not exists main.migrations "
        "(name varchar not null, applied_at timestamptz not null)"
    )
    applied = _applied(database)
    waiting = [(name, script) for name, script in migrations() if name not in applied]
    if waiting and applied:
        _copy(database, path, waiting[0][0].removesuffix(".sql"))
    if waiting:
        _apply(database, waiting)
    return not applied


def is_made(database: DuckDBPyConnection, path: Path) -> bool:
    """Whether a database holds anything of ours; nothing is changed.

    Args:
        database: the open database.
        path: its file.

    Raises:
        WarehouseError: steps that this Luister does not know, or tables that none of its steps
            makes: the database is another program's.
    """
    applied = _applied(database)
    unknown = applied - {name for name, _ in migrations()}
    if unknown:
        raise WarehouseError(
            f"the database was made by a newer Luister ({', '.join(sorted(unknown))})",
            todo="install that version again, or `luister restore` a backup of this one: "
            "a database never goes back",
        )
    if not applied:
        _refuse_foreign(database, path)
    return bool(applied) or exists(
        database, "select 1 from duckdb_tables() where not internal and table_name <> 'migrations'"
    )


def _refuse_foreign(database: DuckDBPyConnection, path: Path) -> None:
    """Stop at tables of another program: they would stand among ours, and go where ours go."""
    row = first(
        database,
        f"""
        select table_name from duckdb_tables()
        where not internal and not temporary
            and not (schema_name = 'main' and table_name = 'migrations' and {_IS_OURS})
            and not exists (from duckdb_tables() where list_contains($ours, schema_name))
        limit 1
        """,
        {"ours": _SCHEMAS},
    )
    if row:
        raise WarehouseError(
            f"is a database of another program (it holds {row[0]})",
            where=str(path),
            todo="move it away: `luister run` makes the database anew from what has landed",
        )


def _applied(database: DuckDBPyConnection) -> set[str]:
    if not exists(database, f"select 1 from duckdb_tables() where {_IS_OURS} limit 1"):
        return set()
    return {name for (name,) in database.execute("from main.migrations select name").fetchall()}


def _copy(database: DuckDBPyConnection, path: Path, step: str) -> None:
    """Keep the database as it is before ``step``, for its owner alone and whole or not at all."""
    database.execute("force checkpoint")
    kept = path.with_name(f"{path.name}.before-{step}")
    draft = kept.with_name(f"{kept.name}.tmp")
    try:
        shutil.copyfile(path, draft)
        draft.chmod(0o600)
        settle(draft, kept)
    except OSError as error:
        raise WarehouseError(
            f"cannot be kept before it is brought up to date: {error.strerror}",
            where=str(path),
            todo="make room for a copy of it, and run again; nothing was changed",
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    _log.warning("the database is brought up to date; as it was it is kept as %s", kept.name)


def _apply(database: DuckDBPyConnection, steps: list[tuple[str, str]]) -> None:
    with transaction(database):
        for name, script in steps:
            database.execute(script)
            database.execute("insert into main.migrations values (?, ?)", [name, datetime.now(UTC)])
    database.execute("checkpoint")
