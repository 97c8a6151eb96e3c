"""Which backups were made of a data folder, so that forgetting can name them."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from pipeline.errors import WarehouseError
from pipeline.files import settle

MADE: Final = "backups.json"
"""In the data folder: their paths, and when they were made."""
DRAFT: Final = ".half-made"
"""How the name of one ends that is being made, or was cut off: no backup is called so."""
_log: Final = logging.getLogger(__name__)


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
    known = {file: at for file, at in before if not _is_gone(Path(file))}
    known[str(target.resolve())] = made_at
    draft = data / f"{MADE}.tmp"
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(known)))
    settle(draft, data / MADE)


def _is_gone(file: Path) -> bool:
    """Whether half a backup was removed; on a disk that is not there today it may still be."""
    return file.name.endswith(DRAFT) and file.parent.exists() and not file.exists()


def remove_drafts(data: Path) -> None:
    """Remove what backups that were cut off have left, while none is being made."""
    for file in map(Path, known_backups(data)):
        if file.name.endswith(DRAFT):
            try:
                file.unlink()
            except OSError as error:
                # it stays noted, so that forgetting names it
                _log.warning("half a backup cannot be removed: %s", error)
