"""Confirmation: posts that their platform says are still there, without their being read again.

What lands of it is the digest of each name and when it was said. It counts as having been seen:
the words of such a post stay, as they were read last, also in the file in which they landed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.landing import LandingFile
from pipeline.manifest import Confirmed
from pipeline.post import POST_SCHEMA
from pipeline.privacy import blind_name

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NAME: Final = ("platform", "post_id", "observed_at")
_SEEN: Final = POST_SCHEMA.field("observed_at").type


def confirm(database: DuckDBPyConnection, platform: str, confirmed: Sequence[Confirmed]) -> None:
    """Let posts that are there, and their authors, have been seen when that was said.

    Must run inside a transaction, after what was read of them is merged.
    """
    if not confirmed:
        return
    names = pa.table(
        {
            "name": pa.array([each.name for each in confirmed], pa.string()),
            "said_at": pa.array([each.observed_at for each in confirmed], _SEEN),
        }
    )
    database.register("names", names)
    try:
        database.execute(
            """
            create or replace temp table confirmed as
            select posts.rowid as post_row, posts.platform, posts.author_id, names.said_at
            from raw.posts as posts
            join names on sha256(posts.platform || chr(31) || posts.post_id) = names.name
            where posts.platform = ? and posts.deleted_at is null
                and posts.last_seen_at < names.said_at
            """,
            [platform],
        )
    finally:
        database.unregister("names")
    database.execute(
        """
        update raw.posts as posts set last_seen_at = said_at
        from confirmed where posts.rowid = post_row
        """
    )
    database.execute(
        """
        update raw.authors as authors set last_seen_at = greatest(last_seen_at, said_at)
        from (
            select platform, author_id, max(said_at) as said_at from confirmed group by all
        ) as there
        where authors.platform = there.platform and authors.author_id = there.author_id
        """
    )
    database.execute("drop table temp.confirmed")


class StillThere:
    """Which rows that landed hold the words of posts that were confirmed since.

    Args:
        files: all landing files.
        since: for each platform with a term, from when a confirmation counts.
    """

    def __init__(self, files: Sequence[LandingFile], since: Mapping[str, datetime]) -> None:
        files = [file for file in files if file.manifest.platform in since]
        names = {
            each.name
            for file in files
            for each in file.manifest.confirmed
            if each.observed_at >= since[file.manifest.platform]
        }
        self._last = _read_last(files, names) if names else {}

    def holds(self, table: pa.Table) -> pa.Array:
        """For each row whether it is what was read last of a post that is still there."""
        if not self._last:
            return pa.repeat(pa.scalar(False), len(table))
        held = [self._last.get(name) == seen for name, seen in _observations(table)]
        return pa.array(held, pa.bool_())


def _read_last(files: Sequence[LandingFile], names: set[str]) -> Mapping[str, int]:
    """When each of ``names`` was read last, in µs; not those that were withdrawn since."""
    last: dict[str, int] = {}
    for file in files:
        for name, seen in _observations(pq.read_table(file.path, columns=list(_NAME))):
            if name in names:
                last[name] = max(last.get(name, seen), seen)
    for file in files:
        for each in file.manifest.withdrawn:
            if pa.scalar(each.observed_at, _SEEN).value >= last.get(each.name, math.inf):
                del last[each.name]
    return last


def _observations(table: pa.Table) -> Iterator[tuple[str, int]]:
    """The name of each row and when it was read, in µs."""
    seen = table["observed_at"].cast(_SEEN).cast(pa.int64())
    columns = (table["platform"], table["post_id"], seen)
    for platform, post_id, moment in zip(*(each.to_pylist() for each in columns), strict=True):
        yield blind_name(platform, post_id), moment
