"""Load: landing files into the database, one or a group of small ones in one transaction.

Posts, versions, counts, threads, progress, gaps and ledger are written together or not at all.
Loading a file twice changes nothing. A file of an older run than the newest that was loaded of its
source still gives its posts, but moves neither progress nor gaps nor validators.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline import merge
from pipeline.confirm import confirm
from pipeline.landing import LandingFile, Manifest
from pipeline.manifest import LIVE
from pipeline.query import exists, transaction
from pipeline.reach import move_on
from pipeline.threads import place_touched
from pipeline.withdraw import tombstones

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CHUNK_ROWS: Final = 1_000_000
TOGETHER_ROWS: Final = 50_000
TOGETHER_BYTES: Final = 16_000_000


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What loading one file did; all zero when it was loaded before."""

    posts: int = 0
    new_posts: int = 0
    is_repeat: bool = False


def load_files(
    database: DuckDBPyConnection, files: Sequence[LandingFile], *, key: bytes
) -> list[Loaded]:
    """Merge ``files`` and all that they tell, or nothing; returns what came of each.

    Args:
        database: connection outside any transaction.
        files: whole landing files, one or a group of ``together``.
        key: the key of the pseudonyms.
    """
    known = [_is_loaded(database, file.digest) for file in files]
    fresh = [file for file, is_loaded in zip(files, known, strict=True) if not is_loaded]
    if not fresh:
        return [Loaded(is_repeat=True)] * len(files)
    rows = [file.rows() for file in fresh]
    with transaction(database):
        loaded = iter(_load(database, fresh, rows, key))
    return [Loaded(is_repeat=True) if is_loaded else next(loaded) for is_loaded in known]


def together(files: Sequence[LandingFile]) -> Iterator[list[LandingFile]]:
    """Neighbours that may be merged at once: small ones of several sources, or heard live.

    Each merge looks through the names of all posts there are: hundreds of small files would do so
    hundreds of times. Only what was heard live is merged over several runs: of counts that moved
    in between it keeps the last.
    """
    group: list[LandingFile] = []
    room = _Room()
    for file in files:
        taken = _Room.of(file)
        if group and ((room + taken).is_over() or not _belongs(file, group)):
            yield group
            group, room = [], _Room()
        group.append(file)
        room += taken
    if group:
        yield group


def _belongs(file: LandingFile, group: Sequence[LandingFile]) -> bool:
    others = [each.manifest for each in group]
    run, source = file.manifest.run_id, file.manifest.source
    if (source, run) in {(each.source, each.run_id) for each in others}:
        return False
    if source.endswith(LIVE) and all(each.source.endswith(LIVE) for each in others):
        return True
    return run == others[0].run_id and source not in {each.source for each in others}


class _Room(msgspec.Struct, frozen=True):
    """What files take when they are held at once."""

    rows: int = 0
    size: int = 0

    @staticmethod
    def of(file: LandingFile) -> _Room:
        size = file.path.stat().st_size if file.path.exists() else 0
        return _Room(file.manifest.posts_count, size)

    def __add__(self, other: _Room) -> _Room:
        return _Room(self.rows + other.rows, self.size + other.size)

    def is_over(self) -> bool:
        return self.rows > TOGETHER_ROWS or self.size > TOGETHER_BYTES


def _load(
    database: DuckDBPyConnection, files: Sequence[LandingFile], rows: Sequence[int], key: bytes
) -> list[Loaded]:
    runs = [file.manifest for file in files]
    newest = [_is_newest(database, run) for run in runs]
    merge.prepare(database)
    new_posts: Counter[tuple[str, str]] = Counter()
    platforms: dict[str, set[str]] = {run.source: set() for run in runs}
    for _ in _arrivals(database, files, rows):
        for source, platform in _platforms(database):
            platforms[source].add(platform)
        new_posts += merge.merge_batch(database, key=key)
    for run, is_newest in zip(runs, newest, strict=True):
        withdrawn = tombstones(database, run.withdrawn, is_newest=is_newest)
        if len(withdrawn):
            merge.arrive_tables(database, [merge.Given(run.source, run.run_id, withdrawn)])
            merge.merge_batch(database, key=key)
        confirm(database, run.platform, run.confirmed)
    place_touched(database)
    merge.finish(database)
    loaded = []
    for file, is_newest, count in zip(files, newest, rows, strict=True):
        source, run_id = file.manifest.source, file.manifest.run_id
        told = Loaded(posts=count, new_posts=new_posts[source, run_id])
        _write_told(database, file, platforms[source], told, is_newest=is_newest)
        loaded.append(told)
    return loaded


def _arrivals(
    database: DuckDBPyConnection, files: Sequence[LandingFile], rows: Sequence[int]
) -> Iterator[None]:
    """Let the posts of the files arrive, batch by batch."""
    if len(files) > 1:
        given = [
            merge.Given(file.manifest.source, file.manifest.run_id, file.table()) for file in files
        ]
        merge.arrive_tables(database, given)
        yield
        return
    run = files[0].manifest
    for start in range(0, rows[0], CHUNK_ROWS):
        chunk = range(start, min(start + CHUNK_ROWS, rows[0]))
        merge.arrive(database, files[0].path, chunk, source=run.source, run_id=run.run_id)
        yield


def _write_told(
    database: DuckDBPyConnection,
    file: LandingFile,
    platforms: set[str],
    loaded: Loaded,
    *,
    is_newest: bool,
) -> None:
    """All that a file tells beside its posts."""
    run = file.manifest
    if is_newest:
        move_on(database, run, platforms)
        _write_validators(database, run)
        _write_moves(database, run)
    _write_quarantine(database, run)
    _write_spending(database, run)
    _write_collection(database, run, loaded.posts, loaded.new_posts)
    database.execute(
        "insert into ops.landings values (?, ?, ?, ?)",
        [run.run_id, run.source, file.digest, datetime.now(UTC)],
    )


def _platforms(database: DuckDBPyConnection) -> list[tuple[str, str]]:
    return database.execute("select distinct source, platform from arrived").fetchall()


def _is_loaded(database: DuckDBPyConnection, digest: str) -> bool:
    return exists(database, "select 1 from ops.landings where file_digest = ?", [digest])


def _is_newest(database: DuckDBPyConnection, run: Manifest) -> bool:
    return not exists(
        database,
        "select 1 from ops.landings where source = ? and run_id > ?",
        [run.source, run.run_id],
    )


def _write_validators(database: DuckDBPyConnection, run: Manifest) -> None:
    """Validators of addresses that were read to their end."""
    if run.status != "complete":
        return
    for address, condition in run.validators.items():
        database.execute(
            "delete from ops.http_state where source = ? and address = ?", [run.source, address]
        )
        database.execute(
            "insert into ops.http_state values (?, ?, ?, ?, ?, ?)",
            [
                run.source,
                address,
                condition.etag,
                condition.last_modified,
                condition.body_digest,
                run.run_id,
            ],
        )


def _write_moves(database: DuckDBPyConnection, run: Manifest) -> None:
    """Which addresses of the source have moved for good; a complete run tells all that still do."""
    if run.status == "complete":
        database.execute("delete from ops.moves where source = ?", [run.source])
    for moved_from, moved_to in run.usage.moved.items():
        database.execute(
            "delete from ops.moves where source = ? and moved_from = ?", [run.source, moved_from]
        )
        database.execute(
            "insert into ops.moves values (?, ?, ?, ?)",
            [run.source, moved_from, moved_to, run.run_id],
        )


def _write_spending(database: DuckDBPyConnection, run: Manifest) -> None:
    """What the run took of the platform's quotas; an attempt more adds to it."""
    for quota, count in run.usage.spent.items():
        database.execute(
            "insert into ops.spending values (?, ?, ?, ?, ?)",
            [run.run_id, run.source, run.platform, quota, count],
        )


def _write_quarantine(database: DuckDBPyConnection, run: Manifest) -> None:
    for rejected in run.rejected:
        database.execute(
            "insert into ops.quarantine values (?, ?, ?, ?, ?, ?)",
            [
                run.run_id,
                run.source,
                run.platform,
                rejected.reason,
                rejected.path,
                rejected.payload,
            ],
        )


def _write_collection(
    database: DuckDBPyConnection, run: Manifest, posts: int, new_posts: int
) -> None:
    """The outcome of the source in this run; a second attempt replaces the first."""
    database.execute(
        "delete from ops.collections where run_id = ? and source = ?", [run.run_id, run.source]
    )
    values = {
        "run_id": run.run_id,
        "source": run.source,
        "platform": run.platform,
        "asked_from": run.asked_from,
        "asked_through": run.asked_through,
        "status": run.status,
        "error_code": run.error_code,
        "error": run.error,
        "requests_count": run.usage.requests,
        "bytes_count": run.usage.bytes,
        "rate_limited_seconds": run.usage.rate_limited_seconds,
        "posts_count": posts,
        "new_posts_count": new_posts,
        "duplicates_count": posts - new_posts,
        "rejected_count": len(run.rejected),
        "seconds": run.seconds,
        "left_out_count": run.left_out_count,
        "asked_as": run.asked_as,
        "not_before": run.not_before,
        "asked_verbs": _listed(run.asked_verbs),
        "verbs_without_access": _listed(run.verbs_without_access),
        "secrets_used": _listed(run.secrets_used),
        "secrets_missing": _listed(run.secrets_missing),
    }
    names = ", ".join(values)
    marks = ", ".join(f"${name}" for name in values)
    database.execute(f"insert into ops.collections ({names}) values ({marks})", values)


def _listed(names: list[str] | None) -> str | None:
    return None if names is None else ", ".join(names)
