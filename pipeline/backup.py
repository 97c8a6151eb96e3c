"""Backups: all of the data folder that cannot be made again, in one archive that proves itself.

An archive (tar, packed by gzip, for its owner alone) begins with a manifest that names every file
with its digest. Making one ends with reading it back; restoring one trusts nothing that the
manifest does not confirm, and the data folder is there whole or not at all, whenever it is cut off.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec

from pipeline.backup_archive import (
    CONFIGURATION,
    DATA,
    MANIFEST,
    Kept,
    Manifest,
    contents,
    first_manifest,
)
from pipeline.backups_made import DRAFT, MADE, note_backup, noted_backups, remove_drafts
from pipeline.errors import LuisterError, WarehouseError
from pipeline.files import files_of, force
from pipeline.forget import forget_listed
from pipeline.landing import digest_of
from pipeline.lock import LISTENING, LOCK_NAME, nightly_lock
from pipeline.migrate import migrations
from pipeline.secrets import EVERYWHERE
from pipeline.suppress import carry_over
from pipeline.warehouse import DATABASE_NAME, open_warehouse

_MADE_AGAIN: Final = frozenset({"dbt", "prefect", "publish", "plans", MADE, LOCK_NAME})
"""Of the data folder: what a night makes again, or what tells of a run that is over."""

_Sources = dict[str, Path | bytes]
"""By their names in the archive: files, or what may change meanwhile as it stood at first."""

_BROKEN: Final = (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, msgspec.MsgspecError)


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """An archive that was written and read back: ``size`` in bytes, as it stands on the disk."""

    file: str
    files: int
    size: int
    made_at: datetime


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was put back; ``before`` is where the former data folder stands now, if any.

    ``has_forgotten`` is whether the former folder had a list of people who were forgotten: it goes
    on, and what the backup held of them is removed again, ``posts_removed`` posts.
    """

    data: str
    files: int
    made_at: datetime
    before: str | None
    has_forgotten: bool = False
    posts_removed: int = 0


def back_up(data: Path, configuration: Path, target: Path) -> Backup:
    """Write everything that cannot be made again into ``target``, while no night runs.

    Raises:
        AlreadyRunning: a night is at work.
        WarehouseError: there is nothing to keep, the target exists or cannot be written, or a file
            changed while it was read.
    """
    if target.exists():
        raise WarehouseError("is there already", where=str(target), todo="give another name")
    if target.resolve().is_relative_to(data.resolve()):
        raise WarehouseError(
            "lies in the data folder itself", where=str(target), todo="keep backups elsewhere"
        )
    if not (data / DATABASE_NAME).exists():
        raise WarehouseError(
            "there is nothing to keep", where=str(data), todo="`luister run` first"
        )
    if target.name.endswith(DRAFT):
        raise WarehouseError(
            "is what half a backup is called", where=str(target), todo="give another name"
        )
    noted_backups(data)
    draft = target.with_name(f"{target.name}{DRAFT}")
    with nightly_lock(data), _told(target):
        remove_drafts(data)
        open_warehouse(data).close()
        text = EVERYWHERE.redact(configuration.read_text(encoding="utf-8")).encode()
        sources: _Sources = {CONFIGURATION: text, **_sources(data)}
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        manifest = _manifest(sources)
        # known before it is there: forgetting must never overlook one, nor half of one
        note_backup(data, draft, manifest.made_at)
        try:
            _write(draft, manifest, sources)
            _read_back(draft, target)
            force(draft)
            note_backup(data, target, manifest.made_at)
            draft.rename(target)
            force(target.parent)
        finally:
            draft.unlink(missing_ok=True)
    return Backup(
        file=str(target),
        files=len(manifest.files),
        size=target.stat().st_size,
        made_at=manifest.made_at,
    )


def _sources(data: Path) -> _Sources:
    """Names in the archive with the files they are made of.

    How far a listener is comes first: what it hears meanwhile is heard again after a restore.
    """
    found: _Sources = {}
    for folder in (data / LISTENING, data):
        for path in files_of(folder):
            parts = path.relative_to(data).parts
            moves = parts[0] == LISTENING
            is_passing = parts[0] in _MADE_AGAIN or any(part.endswith(".tmp") for part in parts)
            is_former = any(each in path.name for each in (".damaged-", ".before-"))
            if not is_passing and not is_former and moves == (folder != data):
                name = "/".join((DATA, *parts))
                found[name] = path.read_bytes() if moves else path
    return found


def _manifest(sources: _Sources) -> Manifest:
    return Manifest(
        luister=version("luister"),
        made_at=datetime.now(UTC).replace(microsecond=0),
        migrations=tuple(name for name, _ in migrations()),
        files={name: _as_kept(source) for name, source in sources.items()},
    )


def _as_kept(source: Path | bytes) -> Kept:
    if isinstance(source, bytes):
        return Kept(size=len(source), sha256=hashlib.sha256(source).hexdigest())
    return Kept(size=source.stat().st_size, sha256=digest_of(source))


def _write(draft: Path, manifest: Manifest, sources: _Sources) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as file,
        tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive,
    ):
        for name, source in {MANIFEST: msgspec.json.encode(manifest), **sources}.items():
            with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as content:
                _put(archive, name, content, manifest)


def _put(archive: tarfile.TarFile, name: str, content: IO[bytes], manifest: Manifest) -> None:
    member = tarfile.TarInfo(name)
    member.mode = 0o600
    member.mtime = int(manifest.made_at.timestamp())
    member.size = content.seek(0, os.SEEK_END)
    content.seek(0)
    archive.addfile(member, content)


def _read_back(draft: Path, target: Path) -> None:
    try:
        for _, content in contents(draft):
            content.read()
    except WarehouseError as error:
        raise WarehouseError(
            f"something changed while it was written: {error.what}",
            where=str(target),
            todo="run it again while nobody labels or imports",
        ) from error


def read_manifest(archive: Path) -> Manifest:
    """What an archive says it holds.

    Raises:
        WarehouseError: it is no archive of ours, or damaged.
    """
    with _told(archive):
        return first_manifest(archive)


def restored_configuration(archive: Path) -> bytes:
    """The luister.toml that was kept, without secrets.

    Raises:
        WarehouseError: the archive is damaged.
    """
    with _told(archive):
        for name, content in contents(archive):
            text = b"".join(content.chunks())
            if name == CONFIGURATION:
                return text
    raise WarehouseError("holds no luister.toml", where=str(archive))


def restore(archive: Path, data: Path, *, may_replace: bool = False) -> Restored:
    """Put a backup back as the data folder; what was there is moved aside, never removed.

    Args:
        archive: a file of ``back_up``.
        data: the data folder; empty or absent, unless ``may_replace``.
        may_replace: move a data folder that holds something aside.

    Raises:
        AlreadyRunning: a night is at work.
        PrivacyError: who was forgotten here cannot be told apart in the backup.
        WarehouseError: the archive is damaged or by a newer Luister, or the folder is not empty or
            a mount.
    """
    manifest = read_manifest(archive)
    newer = set(manifest.migrations) - {name for name, _ in migrations()}
    if newer:
        raise WarehouseError(
            f"was made by a newer Luister ({manifest.luister}: {', '.join(sorted(newer))})",
            where=str(archive),
            todo="install that version; a database never goes back",
        )
    place = data.resolve()
    if place.is_mount():
        raise WarehouseError(
            "is a disk or volume of its own, in whose place nothing can be put",
            where=str(data),
            todo="restore where the folder above it can be written: outside the container",
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    with nightly_lock(data), _told(archive):
        is_empty = {path.name for path in data.iterdir()} <= {LOCK_NAME}
        if not is_empty and not may_replace:
            raise WarehouseError(
                "is not empty", where=str(data), todo="move it away, or restore with --force"
            )
        # the folder before stands aside where a restore was cut off at its last step
        before = max(place.parent.glob(f"{place.name}.before-*"), default=data)
        known = before if is_empty else data
        copies = noted_backups(known) | {str(archive): manifest.made_at}
        fresh = place.with_name(f"{place.name}.restoring")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            _unpack(archive, fresh)
            has_forgotten = carry_over(known, fresh)
            # before it is in place, so that no night begins with them
            posts_removed = forget_listed(fresh) if has_forgotten else 0
            for copy, made_at in copies.items():
                note_backup(fresh, Path(copy), made_at)
            aside = _exchange(place, fresh, is_empty=is_empty)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    return Restored(
        data=str(data),
        files=len(manifest.files) - 1,
        made_at=manifest.made_at,
        before=None if aside is None else str(aside),
        has_forgotten=has_forgotten,
        posts_removed=posts_removed,
    )


def _unpack(archive: Path, folder: Path) -> None:
    """Every file of the data folder, for this user alone and on the disk itself."""
    folder.mkdir(mode=0o700)
    for name, content in contents(archive):
        if name == CONFIGURATION:
            content.read()
            continue
        path = folder.joinpath(*PurePosixPath(name).parts[1:])
        for above in reversed(path.relative_to(folder).parents[:-1]):
            (folder / above).mkdir(exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())


def _exchange(data: Path, fresh: Path, *, is_empty: bool) -> Path | None:
    """Name the fresh folder ``data``; returns where the former one went."""
    now = datetime.now(UTC)
    aside = data.with_name(f"{data.name}.before-{now:%Y%m%dT%H%M%S%f}")
    note_backup(fresh, aside, now)
    data.rename(aside)
    try:
        fresh.rename(data)
    except OSError:
        aside.rename(data)
        raise
    force(data.parent)
    if is_empty:
        shutil.rmtree(aside)
        return None
    return aside


@contextmanager
def _told(where: Path) -> Iterator[None]:
    """What goes wrong with an archive, as an error of ours that names it."""
    try:
        yield
    except LuisterError as error:
        raise error.at(str(where)) from error.__cause__
    except _BROKEN as error:
        raise WarehouseError(
            f"is damaged or cut off ({type(error).__name__})",
            where=str(where),
            todo="take another backup; nothing was changed",
        ) from error
    except OSError as error:
        raise WarehouseError(
            f"cannot be read or written: {error.strerror}",
            where=str(error.filename or where),
            todo="see how the path is spelt"
            if isinstance(error, FileNotFoundError)
            else "check its rights and the space on the disk",
        ) from error
