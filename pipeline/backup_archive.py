"""The archive of a backup: its manifest, and reading it so that nothing else is believed."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec

from pipeline.errors import WarehouseError

MANIFEST: Final = "manifest.json"
CONFIGURATION: Final = "luister.toml"
DATA: Final = "data"
_LARGEST_MANIFEST: Final = 1 << 28
_CHUNK: Final = 1 << 20


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an archive: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive holds, by which Luister it was made, and its steps of migration."""

    luister: str
    made_at: datetime
    migrations: tuple[str, ...]
    files: dict[str, Kept]


class Checked:
    """A file of an archive that says at its end whether it was what the manifest names."""

    def __init__(self, name: str, content: IO[bytes], expected: Kept) -> None:
        self.name = name
        self._content = content
        self._expected = expected
        self._digest = hashlib.sha256()

    def chunks(self) -> Iterator[bytes]:
        """All of it, piece by piece.

        Raises:
            WarehouseError: that was the end, and it is not what was kept.
        """
        while chunk := self._content.read(_CHUNK):
            self._digest.update(chunk)
            yield chunk
        if self._digest.hexdigest() != self._expected.sha256:
            raise WarehouseError(f"{self.name} is not what was kept")

    def read(self) -> None:
        """All of it for that alone."""
        for _ in self.chunks():
            pass


def first_manifest(archive: Path) -> Manifest:
    """What an archive says it holds.

    Raises:
        WarehouseError: it is no archive of ours.
    """
    with tarfile.open(archive, mode="r|gz") as file:
        return _first(file)


def _first(file: tarfile.TarFile) -> Manifest:
    member = file.next()
    content = file.extractfile(member) if member is not None and member.name == MANIFEST else None
    if member is None or content is None or member.size > _LARGEST_MANIFEST:
        raise WarehouseError("is no backup of Luister", todo="name a file of `luister backup`")
    return msgspec.json.decode(content.read(), type=Manifest)


def contents(archive: Path) -> Iterator[tuple[str, Checked]]:
    """Every file of an archive in its order, to be read to its end; all of the manifest.

    Raises:
        WarehouseError: a file is missing, not in the manifest, no plain file, or another.
    """
    with tarfile.open(archive, mode="r|gz") as file:
        missing = dict(_first(file).files)
        while (member := file.next()) is not None:
            expected = missing.pop(member.name, None)
            content = file.extractfile(member) if member.isreg() else None
            if expected is None or content is None or not _is_plain(member.name):
                raise WarehouseError(f"holds {member.name!r}, which its manifest does not name")
            yield member.name, Checked(member.name, content, expected)
        if missing:
            raise WarehouseError(f"{min(missing)} is missing")


def _is_plain(name: str) -> bool:
    """Whether a name stays where it is unpacked."""
    parts = PurePosixPath(name).parts
    return name == CONFIGURATION or (
        len(parts) > 1 and parts[0] == DATA and ".." not in parts and "\\" not in name
    )
