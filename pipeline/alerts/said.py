"""What was said, where: one small file in the data folder, so that nothing is said twice.

Per place a level by key; something is said again only at a higher level, or after it was over. The
keys hold no names and no texts of people.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from pipeline.alerts.signals import Signal
from pipeline.errors import LandingError

FILE_NAME: Final = "alerts.json"
Levels = dict[str, int]


def read_said(data: Path) -> dict[str, Levels]:
    """Levels by key by place; empty before the first alert.

    Raises:
        LandingError: the file is there but cannot be read.
    """
    path = data / FILE_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Levels])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise LandingError(
            f"what was said cannot be read: {error}",
            where=str(path),
            todo="remove it; what holds now is then said again",
        ) from error


def write_said(data: Path, said: Mapping[str, Levels]) -> None:
    """Keep it, whole or not at all, for its owner only."""
    path = data / FILE_NAME
    unfinished = path.with_name(f".{FILE_NAME}.new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(said, order="deterministic"))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def fresh(signals: Iterable[Signal], said: Levels) -> list[Signal]:
    """What was not said here yet, or has become worse."""
    return [each for each in signals if each.level > said.get(each.key, 0)]


def still_held(said: Levels, signals: Iterable[Signal]) -> Levels:
    """What was said and is not over; the rest may be said again when it comes back."""
    present = {each.key for each in signals}
    return {key: level for key, level in said.items() if key in present}
