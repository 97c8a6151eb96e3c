"""An error nobody foresaw: one plain line for the reader, the rest in a log for its owner only."""

from __future__ import annotations

import errno
import os
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipeline.errors import DiskFull, LandingError, LuisterError
from pipeline.room import is_full
from pipeline.secrets import EVERYWHERE

_FORBIDDEN: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.ELOOP}
)
LOG_NAME: Final = "luister.log"


def of_the_disk(error: Exception) -> LuisterError | None:
    """What the disk or its rights did not let us do, in plain words; None for anything else."""
    if not isinstance(error, OSError):
        return None
    where = "" if error.filename is None else str(error.filename)
    if is_full(error):
        return DiskFull("there is no room left on the disk", where=where)
    if error.errno in _FORBIDDEN and where:
        return LandingError(f"cannot be read or written: {error.strerror}", where=where)
    return None


def tell(error: BaseException) -> str:
    """Write where it arose in the log; returns the one line that names the log."""
    kind = type(error).__name__
    try:
        path = _keep(error, _folder())
    except OSError:
        path = _keep(error, Path(tempfile.mkdtemp(prefix="luister-")))
    return (
        f"Unexpected: {kind}: this is a fault in Luister → the details are in {path}; "
        "`luister --debug` shows them"
    )


def _folder() -> Path:
    """Where programs keep their logs, by the XDG base directory specification."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "luister"


def _keep(error: BaseException, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / LOG_NAME
    told = EVERYWHERE.redact("".join(traceback.format_exception(error)))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{told}\n")
    return path
