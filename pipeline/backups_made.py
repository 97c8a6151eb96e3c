"""Which backups were made of a data folder, so that forgetting can name them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from pipeline.errors import WarehouseError
from pipeline.files import settle

MADE: Final = "backups.json"
"""In the data folder: their paths, and when they were made."""
DRAFT: Final = ".tmp"
"""How the name of one ends that is being made, or was cut off."""


def known_backups(data: Path) -> dict[str, datetime]:
    """The backups that were made of a data folder and are still where they were written.

    Raises:
        WarehouseError: the file that names them is damaged.
    """
    return {file: at for file, at in noted_backups(data).items() if Path(file).exists()}


def noted_backups(data: Path) -> dict[str, datetime]:
    """All that were made, also on a disk that is not there today.

    Raises:
        WarehouseError: the file that names them is damaged.
    """
    path = data / MADE
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, datetime])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise WarehouseError(
            "is damaged: it names the backups that were made",
            where=str(path),
            todo="look yourself for backups that hold who was forgotten, and remove this file",
        ) from error


def note_backup(data: Path, target: Path, made_at: datetime) -> None:
    """Add one that was made, or is begun; what was begun and is gone is left out."""
    before = noted_backups(data).items()
    known = {file: at for file, at in before if not file.endswith(DRAFT) or Path(file).exists()}
    known[str(target.resolve())] = made_at
    draft = data / f"{MADE}.tmp"
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(known)))
    settle(draft, data / MADE)


def remove_drafts(data: Path) -> None:
    """Remove what a backup that was cut off has left, while none is being made."""
    for file in known_backups(data):
        if file.endswith(DRAFT):
            Path(file).unlink()
