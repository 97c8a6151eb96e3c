"""The landing zone: what was collected, on disk before any database sees it.

One Parquet file of posts and one JSON manifest a source and run, each written under a temporary
name, forced to disk and renamed; the manifest last. Only a file whose manifest names its digest is
ever read, so a killed run leaves nothing half.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.cycles import seldom_sought
from pipeline.errors import DiskFull, LandingError
from pipeline.files import settle
from pipeline.manifest import FORMAT, Status
from pipeline.manifest import Condition as Condition
from pipeline.manifest import Confirmed as Confirmed
from pipeline.manifest import CutThread as CutThread
from pipeline.manifest import Manifest as Manifest
from pipeline.manifest import Spent as Spent
from pipeline.manifest import Withdrawn as Withdrawn
from pipeline.meant import as_meant_columns
from pipeline.post import POST_SCHEMA, Gap, Post, Rejected, to_arrow
from pipeline.room import is_full
from pipeline.suppress import allowed, allowed_rejected, read_suppressed

if TYPE_CHECKING:
    from pipeline.http import Usage, Validator

BATCH_ROWS: Final = 50_000
LANDING_SCHEMA: Final = POST_SCHEMA.append(pa.field("verb", pa.string(), nullable=False))
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}")
_HALVES: Final = re.compile("[\ud800-\udfff]")
_log = logging.getLogger(__name__)


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """What one source gave in one run.

    ``posts`` are pairs of verb and post. ``withdrawn`` are the posts that may not be kept: not
    public, or by somebody who opted out; ``confirmed`` those of which the platform only said that
    they are still there. ``asked_as`` is the digest of the source's settings, ``not_before`` until
    when the source wants to be left alone, ``asked_verbs`` the verbs of listening that asked
    something, ``asked_names`` the digests of what each was asked for, ``verbs_without_access``
    those that lacked a secret, ``has_listened`` whether they were asked to their end.
    ``cut_threads`` are the threads of which some was not read, ``whole_threads`` the digests of the
    posts with which the others were asked.
    """

    run_id: str
    source: str
    platform: str
    asked_from: datetime
    asked_through: datetime
    status: Status
    error_code: str | None = None
    error: str | None = None
    posts: list[tuple[str, Post]] = msgspec.field(default_factory=list)
    rejected: list[Rejected] = msgspec.field(default_factory=list)
    gaps: list[Gap] = msgspec.field(default_factory=list)
    usage: Usage
    validators: Mapping[str, Validator] = msgspec.field(default_factory=dict)
    seconds: float = 0.0
    withdrawn: list[Withdrawn] = msgspec.field(default_factory=list)
    confirmed: list[Confirmed] = msgspec.field(default_factory=list)
    asked_as: str | None = None
    not_before: datetime | None = None
    asked_verbs: list[str] | None = None
    asked_names: dict[str, list[str]] | None = None
    verbs_without_access: list[str] | None = None
    secrets_used: list[str] | None = None
    secrets_missing: list[str] | None = None
    has_listened: bool | None = None
    cut_threads: list[CutThread] = msgspec.field(default_factory=list)
    whole_threads: list[str] = msgspec.field(default_factory=list)


class LandingFile(msgspec.Struct, frozen=True, kw_only=True):
    """A landing file that is whole: its Parquet path, its manifest, its first manifest's digest."""

    path: Path
    manifest: Manifest
    digest: str

    def rows(self) -> int:
        """How many posts stand in it.

        Raises:
            LandingError: the file cannot be read any more.
        """
        try:
            return int(pq.read_metadata(self.path).num_rows)
        except (OSError, pa.ArrowException) as error:
            raise LandingError(f"cannot be read: {error}", where=str(self.path)) from error

    def table(self) -> pa.Table:
        """All posts of a small file, as one Arrow table of ``LANDING_SCHEMA``.

        Raises:
            LandingError: the file cannot be read any more.
        """
        return pa.Table.from_batches(self.batches(), schema=LANDING_SCHEMA)

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """The posts as Arrow batches of ``LANDING_SCHEMA``.

        Raises:
            LandingError: the file cannot be read any more.
        """
        try:
            with pq.ParquetFile(self.path, pre_buffer=False) as file:
                for group in range(file.num_row_groups):
                    yield from file.read_row_group(group).to_batches(rows)
        except (OSError, pa.ArrowException) as error:
            raise LandingError(f"cannot be read: {error}", where=str(self.path)) from error


class Landing:
    """The landing zone in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, collected: Collected, posts: Iterable[tuple[str, Post]] | None = None) -> Path:
        """Write one source's outcome; returns the path of its Parquet file.

        Args:
            collected: the outcome.
            posts: the posts, where they are too many to be held in ``collected``.

        Raises:
            DiskFull: there is no room.
            LandingError: the folder cannot be written.
            PrivacyError: who asked to be forgotten cannot be told, because the key is gone.
        """
        suppressed = read_suppressed(self.folder.parent)
        found = collected.posts if posts is None else posts
        if suppressed:
            found = allowed(suppressed, found)
            rejected = allowed_rejected(suppressed, collected.rejected)
            error = suppressed.blank(collected.error) if collected.error else collected.error
            collected = msgspec.structs.replace(collected, rejected=rejected, error=error)
        try:
            return self._write(collected, found)
        except (OSError, pa.ArrowException) as error:
            where = str(self.folder)
            kind = DiskFull if is_full(error) else LandingError
            raise kind(f"cannot land {collected.source}: {error}", where=where) from error

    def _write(self, collected: Collected, posts: Iterable[tuple[str, Post]]) -> Path:
        folder = self.folder / safe_name(collected.source)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = _free_path(folder, safe_name(collected.run_id))
        temporary = target.with_suffix(".parquet.tmp")
        draft = target.with_suffix(".json.tmp")
        try:
            count = _write_parquet(temporary, posts)
            manifest = _manifest(collected, digest_of(temporary), count)
            settle(temporary, target)
            draft.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
            settle(draft, target.with_suffix(".json"))
        finally:
            temporary.unlink(missing_ok=True)
            draft.unlink(missing_ok=True)
        return target

    def files(self) -> list[LandingFile]:
        """All whole files, oldest run first; broken ones are set aside with a warning."""
        for path in self.halves():
            _log.warning(
                "landing file %s has no manifest: its run was cut off or is still writing; "
                "it is not read",
                path,
            )
        return self._whole(frozenset())

    def unloaded(self, loaded: Collection[str]) -> list[LandingFile]:
        """The whole files whose digest is not in ``loaded``, oldest run first.

        The posts of those that are in it are not looked at, which costs little where there is
        nothing new.
        """
        return self._whole(loaded)

    def _whole(self, known: Collection[str]) -> list[LandingFile]:
        found = [self._open(path, known) for path in sorted(self.folder.glob("*/*.json"))]
        whole = [file for file in found if file is not None]
        return sorted(whole, key=lambda file: (file.manifest.run_id, str(file.path)))

    def set_aside_if_changed(self, file: LandingFile) -> bool:
        """Set a file aside whose posts are not, or not any more, those that were written.

        Returns whether it was: then it is of no use to any database.
        """
        posts, named = file.path, {file.manifest.sha256, file.manifest.former_sha256}
        try:
            is_whole = digest_of(posts) in named
        except FileNotFoundError:
            is_whole = False
        if not is_whole:
            reason = "its posts were damaged while they were read"
            self._set_aside(posts.with_suffix(".json"), posts, reason)
        return not is_whole

    def _open(self, path: Path, known: Collection[str]) -> LandingFile | None:
        posts = path.with_suffix(".parquet")
        content = path.read_bytes()
        try:
            written_as = msgspec.json.decode(content, type=_Format).format
            _refuse_newer(written_as, path)
            manifest = msgspec.json.decode(content, type=Manifest)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._set_aside(path, posts, "its manifest cannot be read")
            return None
        digest = manifest.origin or hashlib.sha256(content).hexdigest()
        if digest in known:
            return None
        if not posts.exists() or digest_of(posts) not in {manifest.sha256, manifest.former_sha256}:
            self._set_aside(path, posts, "its posts are not those that were written")
            return None
        return LandingFile(path=posts, manifest=manifest, digest=digest)

    def _set_aside(self, manifest: Path, posts: Path, reason: str) -> None:
        aside = manifest.parent / "set-aside"
        aside.mkdir(exist_ok=True, mode=0o700)
        for path in (manifest, posts):
            if path.exists():
                path.replace(aside / path.name)
        _log.warning("landing file %s is set aside in %s: %s", posts.name, aside, reason)

    def halves(self) -> list[Path]:
        """Posts without a manifest: their run was cut off, or is still writing."""
        return [
            path
            for path in sorted(self.folder.glob("*/*.parquet*"))
            if not path.with_name(path.name.split(".parquet")[0] + ".json").exists()
        ]


def safe_name(name: str) -> str:
    """A name for files: plain names stay, any other becomes its readable part and a digest."""
    if _PLAIN_NAME.fullmatch(name):
        return name
    readable = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40] or "source"
    return f"{readable}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _free_path(folder: Path, stem: str) -> Path:
    """A second outcome of the same source and run never replaces the first."""
    path = folder / f"{stem}.parquet"
    attempt = 1
    while path.exists() or path.with_suffix(".json").exists():
        attempt += 1
        path = folder / f"{stem}_{attempt:03}.parquet"
    return path


def _write_parquet(path: Path, posts: Iterable[tuple[str, Post]]) -> int:
    """Write batch by batch, the one before being compressed while the next is read."""
    count = 0
    remaining = iter(posts)
    written: Future[None] | None = None
    with (
        os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
        pq.ParquetWriter(file, LANDING_SCHEMA, compression="zstd") as writer,
        ThreadPoolExecutor(1) as beside,
        seldom_sought(),
    ):
        while batch := list(islice(remaining, BATCH_ROWS)):
            table = _table(batch)
            count += len(batch)
            if written is not None:
                written.result()
            written = beside.submit(writer.write_table, table)
        if written is not None:
            written.result()
    return count


def _table(batch: list[tuple[str, Post]]) -> pa.Table:
    posts = [post for _, post in batch]
    try:
        table = to_arrow(posts)
    except (UnicodeEncodeError, OverflowError, pa.ArrowInvalid):
        table = to_arrow([_storable(post) for post in posts])
    return as_meant_columns(table, datetime.now(UTC)).append_column(
        LANDING_SCHEMA.field("verb"), [[verb for verb, _ in batch]]
    )


def _storable_rejected(rejected: Rejected) -> Rejected:
    values = msgspec.structs.asdict(rejected)
    return Rejected(**{name: _storable_value(value) for name, value in values.items()})


def _storable(post: Post) -> Post:
    """A post without halves of characters and counts too large to be true."""
    return msgspec.structs.replace(
        post,
        **{
            name: _storable_value(value)
            for name, value in msgspec.structs.asdict(post).items()
            if isinstance(value, str | tuple | int)
        },
    )


def _storable_value(value: Any) -> Any:
    if isinstance(value, str):
        return _HALVES.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, tuple):
        return tuple(_storable_value(each) for each in value)
    return value if value < 2**63 else None


class _Format(msgspec.Struct):
    """What is read of a manifest before all else: a newer one may not be understood."""

    format: int = 1


def _refuse_newer(written_as: int, path: Path) -> None:
    if written_as > FORMAT:
        raise LandingError(
            f"was written by a newer Luister (format {written_as}, we know {FORMAT})",
            where=str(path),
            todo="install that version again; nothing was changed",
        )


def _manifest(collected: Collected, sha256: str, count: int) -> Manifest:
    return Manifest(
        run_id=collected.run_id,
        source=collected.source,
        platform=collected.platform,
        asked_from=collected.asked_from,
        asked_through=collected.asked_through,
        status=collected.status,
        error_code=collected.error_code,
        error=collected.error,
        sha256=sha256,
        posts_count=count,
        left_out_count=len(collected.withdrawn),
        withdrawn=collected.withdrawn,
        confirmed=collected.confirmed,
        rejected=[_storable_rejected(each) for each in collected.rejected],
        gaps=collected.gaps,
        usage=msgspec.convert(collected.usage, Spent, from_attributes=True),
        validators={
            address: msgspec.convert(validator, Condition, from_attributes=True)
            for address, validator in collected.validators.items()
        },
        seconds=collected.seconds,
        asked_as=collected.asked_as,
        not_before=collected.not_before,
        asked_verbs=collected.asked_verbs,
        asked_names=collected.asked_names,
        verbs_without_access=collected.verbs_without_access,
        secrets_used=collected.secrets_used,
        secrets_missing=collected.secrets_missing,
        has_listened=collected.has_listened,
        cut_threads=collected.cut_threads,
        whole_threads=collected.whole_threads,
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
