"""One night at a time: a lock file in the data folder, held by the operating system.

The lock goes with its process, however that ends, so one left by a dead process is simply taken
over. The file tells who holds it and since when.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipeline.errors import AlreadyRunning, WarehouseError

LOCK_NAME: Final = "luister.lock"
LISTENING: Final = "live"
"""The folder that is held by who listens."""
_log = logging.getLogger(__name__)


@contextmanager
def nightly_lock(data: Path) -> Iterator[None]:
    """Hold the data folder for one night.

    Raises:
        AlreadyRunning: another process holds it; names its process and since when.
        WarehouseError: the folder cannot be written.
    """
    path = data / LOCK_NAME
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise WarehouseError(f"cannot be written: {error.strerror}", where=str(path)) from error
    with os.fdopen(descriptor, "r+", encoding="utf-8", errors="replace") as file:
        holder = file.read().strip()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"already running ({holder})", where=str(path)) from None
        if holder:
            _log.warning("the last night (%s) ended without saying so: it is taken over", holder)
        _write(file.fileno(), f"pid {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        try:
            yield
        finally:
            _write(file.fileno(), "")


@contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """Work in a folder one process after the other; whoever comes second waits.

    Raises:
        WarehouseError: the folder cannot be written.
    """
    path = folder / LOCK_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise WarehouseError(f"cannot be written: {error.strerror}", where=str(path)) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write(descriptor: int, text: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)
    os.fsync(descriptor)


def held_since(data: Path) -> float | None:
    """Since when, in epoch seconds, another process holds this folder; None where nobody does."""
    path = data / LOCK_NAME
    if not path.exists():
        return None
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return os.fstat(file.fileno()).st_mtime
    return None
