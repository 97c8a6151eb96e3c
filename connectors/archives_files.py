"""Open an archive as it was downloaded: a zip, the folder it was unpacked in, or one of its files.

Nothing is unpacked to disk and no name inside a zip is ever used as a path; a member is taken by
the end of its name, because the folders are called otherwise in every year and language.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, NamedTuple

from pipeline.errors import PayloadError, SourceUnavailable

LARGEST: Final = 256 * 1024 * 1024
"""Bytes of one file; more is no list of posts but a trap."""
MOST: Final = 500_000
"""Files in one archive, photographs counted."""
ZIP: Final = b"PK\x03\x04"


class Member(NamedTuple):
    """One file of an archive; ``name`` is empty when it was given by itself."""

    name: str
    body: bytes


def members_at(path: Path, wanted: re.Pattern[str]) -> Iterator[Member]:
    """The files at a path whose name is wanted; a single file is taken whatever its name.

    Raises:
        SourceUnavailable: it cannot be opened.
        PayloadError: a damaged or locked zip, or one of an absurd size.
    """
    try:
        if path.is_dir():
            yield from _in_folder(path, wanted)
        elif zipfile.is_zipfile(path):
            with path.open("rb") as file:
                yield from _in_zip(file, wanted)
        else:
            with path.open("rb") as file:
                yield Member("", _bounded(file, path.name))
    except OSError as error:
        raise SourceUnavailable(
            f"cannot be read: {error.strerror}", where=str(path), todo="see who may read the file"
        ) from error


def members_in(body: bytes, wanted: re.Pattern[str]) -> Iterator[Member]:
    """The files in the bytes of a zip, or the one file that the bytes are."""
    if body.startswith(ZIP):
        yield from _in_zip(io.BytesIO(body), wanted)
    else:
        yield Member("", body)


def _in_folder(folder: Path, wanted: re.Pattern[str]) -> Iterator[Member]:
    for number, path in enumerate(sorted(folder.rglob("*"))):
        _check_number(number)
        if wanted.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            name = path.relative_to(folder).as_posix()
            with path.open("rb") as file:
                yield Member(name, _bounded(file, name))


def _in_zip(file: BinaryIO, wanted: re.Pattern[str]) -> Iterator[Member]:
    try:
        with zipfile.ZipFile(file) as archive:
            _check_number(len(archive.infolist()))
            for info in sorted(archive.infolist(), key=lambda each: each.filename):
                if wanted.fullmatch(PurePosixPath(info.filename).name):
                    with archive.open(info) as member:
                        body = _bounded(member, info.filename)
                    yield Member(info.filename, body)
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError),
        ValueError,
    ) as error:
        raise PayloadError(f"a zip that cannot be read: {error}", todo="download it again") from (
            error
        )


def _check_number(number: int) -> None:
    if number > MOST:
        raise PayloadError(f"more than {MOST} files: this is no archive of one account")


def _bounded(file: Any, name: str) -> bytes:
    body: bytes = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise PayloadError(f"larger than {LARGEST} bytes", where=name)
    return body
