"""Files that people name themselves: where they lie, and when they were written."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.errors import ConfigError, SourceGone, SourceUnavailable
from pipeline.meant import EARLIEST


def path_of(address: str) -> Path:
    """Where a file lies that is named by its path, or as ``file:///…``."""
    return Path(unquote(urlsplit(address).path) if address.startswith("file:") else address)


def written_at(path: Path) -> datetime:
    """When a file was last written: the moment its posts were observed.

    Unpacking may leave a file with a time before there was anything to post to: then it is now.

    Raises:
        SourceGone: there is no such file.
        SourceUnavailable: it cannot be looked at.
        ConfigError: it is a pipe or a device, which gives its content once or never ends.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        raise SourceGone(
            "there is no such file",
            where=str(path),
            todo="see how it is spelt in luister.toml, or take it out there",
        ) from None
    except OSError as error:
        raise SourceUnavailable(
            f"cannot be read: {error.strerror}", where=str(path), todo="see who may read the file"
        ) from error
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        raise ConfigError(
            "is a pipe or a device, not a file",
            where=str(path),
            todo="write what it gives into a file, and name that",
        )
    moment = datetime.fromtimestamp(found.st_mtime, tz=UTC)
    now = datetime.now(UTC)
    return moment if EARLIEST <= moment <= now else now
