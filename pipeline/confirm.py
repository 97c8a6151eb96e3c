"""Confirmation: posts that their platform says are still there, without their being read again.

What lands of it is the digest of each name and when it was said. It counts as having been seen:
the words of such a post stay, as they were read last, also in the file in which they landed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Self

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.landing import LandingFile
from pipeline.manifest import Confirmed, Withdrawn
from pipeline.post import POST_SCHEMA
from pipeline.query import one_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NAME: Final = ("platform", "post_id", "observed_at")
_DIGEST: Final = "sha256(platform || chr(31) || post_id)"
"""``privacy.blind_name`` in SQL."""

_LIMITS: Final = {"memory_limit": "2GB", "threads": "2", "temp_directory": ""}
"""What it holds is a digest and a time for each post that was confirmed: none is spilled."""

_SEEN: Final = POST_SCHEMA.field("observed_at").type


def confirm(database: DuckDBPyConnection, platform: str, confirmed: Sequence[Confirmed]) -> None:
    """Let posts that are there, and their authors, have been seen when that was said.

    Must run inside a transaction, after what was read of them is merged.
    """
    if not confirmed:
        return
    database.register("names", _named(confirmed))
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
    """Which rows that landed hold the words of posts that were confirmed since; to be closed.

    Args:
        files: all landing files.
        since: for each platform with a term, from when a confirmation counts.
    """

    def __init__(self, files: Sequence[LandingFile], since: Mapping[str, datetime]) -> None:
        files = [file for file in files if file.manifest.platform in since]
        confirmed = [
            each
            for file in files
            for each in file.manifest.confirmed
            if each.observed_at >= since[file.manifest.platform]
        ]
        self._database = _last_read(files, confirmed) if confirmed else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._database is not None:
            self._database.close()

    def holds(self, table: pa.Table) -> pa.Array:
        """For each row whether it is what was read last of a post that is still there."""
        import pyarrow.compute as pc

        if self._database is None:
            return pa.repeat(pa.scalar(False), len(table))
        place = pa.array(np.arange(len(table)))
        self._database.register("landed", table.select(list(_NAME)).append_column("place", place))
        try:
            found = self._database.execute(
                f"""
                select place from landed join last_read
                    on last_read.name = {_DIGEST} and last_read.seen = epoch_us(observed_at)
                """
            ).fetchnumpy()["place"]
        finally:
            self._database.unregister("landed")
        return pc.is_in(place, value_set=pa.array(found))


def _last_read(files: Sequence[LandingFile], confirmed: Sequence[Confirmed]) -> DuckDBPyConnection:
    """A table ``last_read`` of when each was read last, in µs; none that were withdrawn since."""
    database = duckdb.connect(config=dict(_LIMITS))
    database.register("confirmed", _named(confirmed))
    database.register(
        "withdrawn", _named([each for file in files for each in file.manifest.withdrawn])
    )
    database.execute(
        f"""
        create table last_read as
        with observations as (
            select {_DIGEST} as name, epoch_us(observed_at) as seen
            from read_parquet(?, hive_partitioning = false)
        ),
        latest as (
            select name, max(seen) as seen from observations semi join confirmed using (name)
            group by all
        )
        select name, seen from latest
        where not exists (
            select 1 from withdrawn
            where withdrawn.name = latest.name and epoch_us(withdrawn.said_at) >= latest.seen
        )
        """,
        [[one_file(file.path) for file in files]],
    )
    return database


def _named(told: Sequence[Confirmed] | Sequence[Withdrawn]) -> pa.Table:
    """Names of posts and when something was said of them."""
    return pa.table(
        {
            "name": pa.array([each.name for each in told], pa.string()),
            "said_at": pa.array([each.observed_at for each in told], _SEEN),
        }
    )
