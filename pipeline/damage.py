"""What the database says when something is wrong: damage, or a reason in plain words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import duckdb

from pipeline.errors import WarehouseBusy, WarehouseError

_HOLDER: Final = re.compile(r"Conflicting lock is held in (?P<program>.*?) ?\(PID (?P<pid>\d+)\)")
_NEWER: Final = "created with a newer version of DuckDB"
_DAMAGE: Final = (
    *("checksum", "corrupt", "not a valid DuckDB database", "deserial", "magic bytes"),
    *("replaying WAL", "Could not read enough bytes", "failed to load metadata"),
)


def is_damage(error: duckdb.Error) -> bool:
    """Whether the file itself is broken, rather than locked, full or forbidden."""
    return shows_damage(str(error))


def shows_damage(told: str) -> bool:
    """Whether these words of the database tell of a broken file."""
    return any(sign.lower() in told.lower() for sign in _DAMAGE)


def first_line(error: Exception) -> str:
    """The first line of what the database says."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def is_held(error: duckdb.Error) -> bool:
    """Whether another process holds the file."""
    return _HOLDER.search(str(error)) is not None


def told_full(error: Exception, path: Path) -> WarehouseBusy:
    """That the disk is full, with the next step."""
    return WarehouseBusy(
        f"the disk is full: {first_line(error)}",
        where=str(path),
        todo="free some space and run again: nothing that was loaded is lost",
    )


def is_newer(error: duckdb.Error) -> bool:
    """Whether the file was written by a newer DuckDB."""
    return _NEWER in str(error)


def explain(error: duckdb.Error, path: Path) -> WarehouseError:
    """What the database says, in plain words with the next step."""
    told = first_line(error)
    holder = _HOLDER.search(str(error))
    if holder is not None:
        return WarehouseBusy(
            f"another program holds the database (pid {holder['pid']}, {holder['program']})",
            where=str(path),
            todo="close it there; analysts open analytics.duckdb instead",
        )
    if "No space left" in told or "not enough space" in told.lower():
        return told_full(error, path)
    if is_newer(error):
        return WarehouseError(
            "was written by a newer DuckDB than this Luister has",
            where=str(path),
            todo="install the newer Luister again, or move the file away: `luister run` makes it "
            "anew",
        )
    return WarehouseError(told, where=str(path))
