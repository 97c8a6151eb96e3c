"""Many small live landing files become one, when they were loaded: one a night for each source.

Nothing is lost wherever it is killed. The new file stands whole, with its manifest, before the
first of the small ones goes, and names all it holds: what is still there of those by then is no
second time taken up, only removed. It goes by the digest of the newest it holds, so that the
database that loaded the small ones does not load it again; a database that is built anew from
landing reads it in their place.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import LandingError
from pipeline.files import settle
from pipeline.landing import (
    LANDING_SCHEMA,
    Condition,
    LandingFile,
    Manifest,
    Spent,
    digest_of,
)
from pipeline.manifest import LIVE
from pipeline.rewrite import remove

FEWEST: Final = 2
MOST_ROWS: Final = 500_000
"""One file holds no more: then another is begun."""


def compact(landed: Iterable[LandingFile], loaded: Collection[str]) -> int:
    """Make one file of the small live ones of each source; returns how many were taken up.

    Args:
        landed: what has landed, oldest first.
        loaded: digests of what the database has loaded; nothing else is touched.

    Raises:
        LandingError: the disk is full, or the folder cannot be written; all is as it was.
    """
    by_source: dict[str, list[LandingFile]] = defaultdict(list)
    for file in landed:
        if file.manifest.source.endswith(LIVE) and file.digest in loaded:
            by_source[file.manifest.source].append(file)
    return sum(_compact(files) for files in by_source.values())


def _compact(files: Sequence[LandingFile]) -> int:
    """The files of one source, oldest first."""
    held = {digest for file in files for digest in file.manifest.holds}
    small = [file for file in files if not file.manifest.holds]
    for file in small:
        if file.digest in held:
            remove(file)
    small = [file for file in small if file.digest not in held]
    taken = 0
    for some in _portions(small):
        if len(some) >= FEWEST:
            _write(some)
            for file in some:
                remove(file)
            taken += len(some)
    return taken


def _portions(files: Iterable[LandingFile]) -> list[list[LandingFile]]:
    """The files in their order, as many together as one file may hold."""
    portions: list[list[LandingFile]] = [[]]
    rows = 0
    for file in files:
        if rows + file.manifest.posts_count > MOST_ROWS and portions[-1]:
            portions.append([])
            rows = 0
        portions[-1].append(file)
        rows += file.manifest.posts_count
    return portions


def _write(files: Sequence[LandingFile]) -> None:
    """Posts first, their manifest last, both forced to disk."""
    newest = files[-1]
    target = newest.path.with_name(f"{newest.path.stem}-whole.parquet")
    temporary = target.with_suffix(".parquet.tmp")
    draft = target.with_suffix(".json.tmp")
    try:
        _write_posts(files, temporary)
        draft.touch(mode=0o600)
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(_manifest(files, temporary))))
        for written, place in ((temporary, target), (draft, target.with_suffix(".json"))):
            settle(written, place)
    except (OSError, pa.ArrowException) as error:
        raise LandingError(f"cannot be made one: {error}", where=str(target)) from error
    finally:
        temporary.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)


def _write_posts(files: Sequence[LandingFile], path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as out,
        pq.ParquetWriter(out, LANDING_SCHEMA, compression="zstd") as writer,
    ):
        for file in files:
            for batch in file.batches():
                writer.write_table(pa.Table.from_batches([batch]).cast(LANDING_SCHEMA))


def _manifest(files: Sequence[LandingFile], posts: Path) -> Manifest:
    """What all of them told together, under the run and the digest of the newest."""
    told = [file.manifest for file in files]
    newest = files[-1]
    validators: dict[str, Condition] = {}
    for each in told:
        validators |= each.validators
    changed = {
        "asked_from": min(each.asked_from for each in told),
        "asked_through": max(each.asked_through for each in told),
        "sha256": digest_of(posts),
        "former_sha256": None,
        "origin": newest.digest,
        "posts_count": sum(each.posts_count for each in told),
        "left_out_count": sum(each.left_out_count for each in told),
        "withdrawn": [one for each in told for one in each.withdrawn],
        "rejected": [one for each in told for one in each.rejected],
        "gaps": [one for each in told for one in each.gaps],
        "usage": _together([each.usage for each in told]),
        "validators": validators,
        "seconds": sum(each.seconds for each in told),
        "holds": [file.digest for file in files],
    }
    return msgspec.structs.replace(newest.manifest, **changed)


def _together(usages: Sequence[Spent]) -> Spent:
    spent: dict[str, int] = defaultdict(int)
    moved: dict[str, str] = {}
    for each in usages:
        moved |= each.moved
        _add(spent, each.spent)
    return Spent(
        requests=sum(each.requests for each in usages),
        bytes=sum(each.bytes for each in usages),
        rate_limited_seconds=sum(each.rate_limited_seconds for each in usages),
        retries=sum(each.retries for each in usages),
        moved=moved,
        spent=dict(spent),
    )


def _add(total: dict[str, int], more: Mapping[str, int]) -> None:
    for name, count in more.items():
        total[name] += count
