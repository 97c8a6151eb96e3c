"""A published file opened so that what is asked of it reaches nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.damage import explain, first_line, is_newer
from pipeline.errors import WarehouseError
from pipeline.query import exists, literal
from pipeline.stranger import refuse_stranger

Rows = tuple[tuple[str, ...], list[tuple[Any, ...]]]
"""The names of the columns, and the rows."""

_HARDENED: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "memory_limit": "2GB",
    "threads": "2",
    "max_temp_directory_size": "2GB",
}
_WHERE: Final = "sql"
_AWAY: Final = "move it away: `luister run` publishes it anew"
_LAST: Final = ("enable_external_access", "lock_configuration")


def open_hardened(path: Path, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A published file, read only, with no way to other files, the network or extensions.

    Args:
        path: the published file.
        spill: a folder for what does not fit into memory; else beside the file.

    Raises:
        WarehouseError: something else stands in its place.
    """
    refuse_stranger(path, _AWAY)
    aside = {} if spill is None else {"temp_directory": str(spill)}
    return duckdb.connect(str(path.resolve()), read_only=True, config={**_HARDENED, **aside})


def hold_hardened(path: Path) -> duckdb.DuckDBPyConnection:
    """Memory to write in, and as ``published`` a published file to read; no way to anything else.

    A file that took the place of another of the same name is another one here.

    Raises:
        WarehouseError: the file cannot be opened, or something else stands in its place.
    """
    refuse_stranger(path, _AWAY)
    before = {name: value for name, value in _HARDENED.items() if name not in _LAST}
    database = duckdb.connect(config=dict(before))
    try:
        database.execute(f"attach {literal(str(path.resolve()))} as published (read_only)")
    except duckdb.Error as error:
        database.close()
        raise _unopened(error, path) from error
    for name in _LAST:
        database.execute(f"set {name} = {_HARDENED[name]}")
    return database


def ask_hardened(path: Path, query: str, *, seconds: float) -> Rows:
    """Columns and rows of one statement over a published file.

    Raises:
        WarehouseError: not exactly one statement, a wrong one, or one that takes too long.
    """
    with asking_hardened(path) as ask:
        return ask(query, seconds)


@contextmanager
def asking_hardened(
    path: Path, spill: Path | None = None
) -> Iterator[Callable[[str, float], Rows]]:
    """Who asks many things of a published file opens it once, and reads one and the same night.

    What it gives takes a statement and the seconds it may last, and raises as ``ask_hardened``.

    Raises:
        WarehouseError: the file cannot be opened, or is not one of ours.
    """
    try:
        database = open_hardened(path, spill)
    except duckdb.Error as error:
        raise _unopened(error, path) from error
    with database:
        refuse_unpublished(database, path)
        yield partial(_ask, database)


def refuse_unpublished(database: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Stop at a database that no night published.

    Raises:
        WarehouseError: always then.
    """
    if not exists(database, "select 1 from duckdb_schemas() where schema_name = 'marts'"):
        raise WarehouseError(
            "is a database of another program: it has no marts", where=str(path), todo=_AWAY
        )


def _ask(database: duckdb.DuckDBPyConnection, query: str, seconds: float) -> Rows:
    try:
        if len(database.extract_statements(query)) != 1:
            raise WarehouseError(
                "not exactly one statement", where=_WHERE, todo="ask one thing at a time"
            )
        with _stopping(database, seconds):
            answer = database.execute(query)
            columns = tuple(column[0] for column in answer.description or ())
            return columns, answer.fetchall()
    except duckdb.InterruptException as error:
        raise WarehouseError(
            f"stopped after {seconds:g} seconds",
            where=_WHERE,
            todo="ask for less, or give it more time",
        ) from error
    except duckdb.OutOfMemoryException as error:
        raise WarehouseError(
            f"it takes more memory than it may: {str(error).partition(chr(10))[0]}",
            where=_WHERE,
            todo="ask for less: fewer rows, or a part of a text",
        ) from error
    except duckdb.Error as error:
        raise _told(error) from error


def _unopened(error: duckdb.Error, path: Path) -> WarehouseError:
    if is_newer(error):
        return explain(error, path)
    return WarehouseError(
        f"the published file cannot be opened: {first_line(error)}",
        where=str(path),
        todo="`luister run` publishes it anew",
    )


def _told(error: duckdb.Error) -> WarehouseError:
    return WarehouseError(str(error).strip(), where=_WHERE, todo="mend the statement")


@contextmanager
def _stopping(database: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, database.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
