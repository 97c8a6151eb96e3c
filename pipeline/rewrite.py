"""Rewriting: files in which nothing is left of what was removed.

A row that is deleted from a database stays in its bytes until they are used again, and a Parquet
file cannot lose a row at all: both are written anew, and the new file takes the place of the old.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.files import force
from pipeline.landing import LANDING_SCHEMA, LandingFile, Manifest, digest_of
from pipeline.query import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BUILT: Final = ("staging", "intermediate", "marts")


def rewrite(
    file: LandingFile,
    change: Callable[[pa.Table], pa.Table],
    manifest: Callable[[Manifest], Manifest] = lambda manifest: manifest,
) -> bool:
    """Write a landing file anew with changed posts and manifest; returns whether they changed.

    It stays the same file to the database: what was loaded is not loaded again. Killed at any
    moment, the old posts or the new ones stand there whole.
    """
    temporary = file.path.with_suffix(".parquet.tmp")
    draft = file.path.with_suffix(".json.tmp")
    try:
        count, is_changed = _write(file, temporary, change)
        told = manifest(file.manifest)
        if not is_changed and told == file.manifest:
            return False
        told = msgspec.structs.replace(
            told,
            origin=file.digest,
            posts_count=count,
            sha256=digest_of(temporary),
            former_sha256=digest_of(file.path),
        )
        draft.touch(mode=0o600)
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(told)))
        force(temporary)
        force(draft)
        draft.replace(file.path.with_suffix(".json"))
        temporary.replace(file.path)
        force(file.path.parent)
    finally:
        temporary.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    return True


def _write(
    file: LandingFile, path: Path, change: Callable[[pa.Table], pa.Table]
) -> tuple[int, bool]:
    """Rows written, and whether they differ from those that were there."""
    count, is_changed = 0, False
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as out,
        pq.ParquetWriter(out, LANDING_SCHEMA, compression="zstd") as writer,
    ):
        for batch in file.batches():
            before = pa.Table.from_batches([batch])
            after = change(before)
            count += len(after)
            is_changed = is_changed or not after.equals(before)
            writer.write_table(after.cast(LANDING_SCHEMA))
    return count, is_changed


def remove(file: LandingFile) -> None:
    """Remove a landing file, its manifest first: posts without one are never read."""
    file.path.with_suffix(".json").unlink(missing_ok=True)
    file.path.unlink(missing_ok=True)


def fresh_copy(database: DuckDBPyConnection, path: Path, *, with_built: bool) -> Path:
    """Copy the database into a new file beside it; returns that, to be put in its place.

    Args:
        database: the open database.
        path: its file.
        with_built: whether what the models made goes along; else it is built again.
    """
    copy = fresh_path(path)
    for each in (copy, copy.with_name(f"{copy.name}.wal")):
        each.unlink(missing_ok=True)
    for schema in () if with_built else _BUILT:
        database.execute(f"drop schema if exists {schema} cascade")
    name = str(database.execute("select current_database()").fetchall()[0][0])
    database.execute(f"attach {literal(str(copy))} as fresh")
    try:
        database.execute(f'copy from database "{name}" to fresh')
        database.execute("checkpoint fresh")
    finally:
        database.execute("detach fresh")
    copy.chmod(0o600)
    return copy


def put_in_place(path: Path) -> None:
    """Let the fresh copy be the database; nobody may have either open."""
    copy, place = fresh_path(path), path.resolve()
    force(copy)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    place.with_name(f"{place.name}.wal").unlink(missing_ok=True)
    copy.replace(place)
    force(place.parent)


def fresh_path(path: Path) -> Path:
    """Where a fresh copy is written: beside the file itself, should ``path`` be a link to it."""
    place = path.resolve()
    return place.with_name(f"{place.name}.fresh")
