"""Room on the disk: looked for before a night begins, not found out in the middle of it."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import Final

from pipeline.errors import WarehouseBusy

TIMES_THE_DATABASE: Final = 2
"""A night writes a copy of the database where something was removed, and one to publish."""


def require_room(data: Path, database: Path) -> None:
    """See that a night has room in the data folder.

    Raises:
        WarehouseBusy: there is less free than twice the size of the database.
    """
    if not database.exists():
        return
    free = shutil.disk_usage(data).free
    wanted = TIMES_THE_DATABASE * database.stat().st_size
    if free < wanted:
        raise WarehouseBusy(
            f"the disk is nearly full: {_size(free)} free, a night wants {_size(wanted)}",
            where=str(data),
            todo="free some space and run again: nothing that was loaded is lost",
        )


def is_full(error: Exception) -> bool:
    """Whether this went wrong because the disk, or what we may take of it, is full."""
    number = getattr(error, "errno", None)
    return number in {errno.ENOSPC, errno.EDQUOT} or "No space left" in str(error)


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
