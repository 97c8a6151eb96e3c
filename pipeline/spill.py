"""Spill: what DuckDB writes beside the database while it does not fit into memory."""

from __future__ import annotations

import glob
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_LEFT_SECONDS: Final = 3_600.0
"""Nothing that is asked of a published file lasts as long: what is older was left behind."""


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


@contextmanager
def spill_of_one(path: Path) -> Iterator[Path]:
    """A folder for what one statement over a published file spills, gone once it is answered.

    It is beside the file, where there is room: the system's folder for temporary files may be
    memory, and is for where nothing can be written there. What killed processes left goes first.

    Raises:
        OSError: neither can be written.
    """
    try:
        folder = _made_in(path.parent, path.name)
    except OSError:
        folder = _made_in(Path(tempfile.gettempdir()), path.name)
    with folder as made:
        yield Path(made)


def _made_in(place: Path, name: str) -> tempfile.TemporaryDirectory[str]:
    for left in place.glob(f"{glob.escape(name)}-*.tmp"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < time.time() - _LEFT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    return tempfile.TemporaryDirectory(prefix=f"{name}-", suffix=".tmp", dir=place)
