"""Spill: what DuckDB writes beside the database while it does not fit into memory."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path


def spill_folder(path: Path) -> Path:
    """Where DuckDB puts it while this database is open."""
    return path.with_name(f"{path.name}.tmp")


def clear_spill(path: Path) -> None:
    """Remove what a killed process has spilled: rows of people, in files that nothing reads again.

    To be called while nobody else has the database open. The folder stands ready for its owner
    alone.
    """
    folder = spill_folder(path)
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.mkdir(mode=0o700)


def drop_spill(path: Path) -> None:
    """Remove the folder once the database is closed, unless something is in it."""
    with suppress(OSError):
        spill_folder(path).rmdir()
