"""Files: on the disk itself before going on, and all that a data folder holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FOLDERS: Final = frozenset(
    {
        *("landing", "publish", "reports", "exports", "recordings", "history", "keys", "plans"),
        *("prefect", "dbt", "backups", "receipts"),
    }
)
"""Folders of a data folder that may stand on another disk, behind a link."""


def force(path: Path) -> None:
    """Have a file or folder on the disk itself before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle(draft: Path, target: Path) -> None:
    """Give a finished file its name, in place of what bears it, once it is on the disk."""
    force(draft)
    draft.replace(target)
    force(target.parent)


def files_of(data: Path) -> Iterator[Path]:
    """Every file of a data folder, in the order of their names, also where its parts are links.

    A folder of ours that is a link is looked into, as is one in ``landing``; any other link to a
    folder is not: what lies there is not ours. A link to a file inside is no file of its own.
    """
    yield from _files(data, data.resolve(), set())


def _files(folder: Path, root: Path, seen: set[Path]) -> Iterator[Path]:
    real = folder.resolve()
    if real in seen or not folder.is_dir():
        return
    seen.add(real)
    for path in sorted(folder.iterdir()):
        is_link = path.is_symlink()
        if path.is_dir():
            if not is_link or path.name in FOLDERS or folder.name == "landing":
                yield from _files(path, root, seen)
        elif path.is_file() and not (is_link and path.resolve().is_relative_to(root)):
            yield path
