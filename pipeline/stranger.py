"""What stands in place of a database and is none of ours: told before DuckDB opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipeline.errors import WarehouseError

_SQLITE: Final = b"SQLite format 3\x00"
_AWAY: Final = "move it away: `luister run` makes the database anew from what has landed"


def refuse_stranger(path: Path, todo: str = _AWAY) -> None:
    """Stop where something else stands in place of a database, before DuckDB opens that.

    It would wait for a pipe, and ask the network for what reads a database of SQLite.

    Args:
        path: where the database stands, if it was made.
        todo: what to do about it.

    Raises:
        WarehouseError: always then; the file cannot be looked at, or is a link to nothing.
    """
    if not path.exists():
        if path.is_symlink():
            raise WarehouseError(
                f"is a link to {path.readlink()}, which is not there",
                where=str(path),
                todo="bring back the disk it is on, or remove the link",
            )
        return
    if not path.is_file():
        what = "a folder" if path.is_dir() else "no file"
        raise WarehouseError(f"is {what}, where a database belongs", where=str(path), todo=todo)
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError as error:
        raise WarehouseError(
            f"cannot be read: {error.strerror}",
            where=str(path),
            todo="give this user the right to read and write it",
        ) from error
    if head == _SQLITE:
        raise WarehouseError(
            "is a database of another program (SQLite)", where=str(path), todo=todo
        )
