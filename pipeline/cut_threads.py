"""Cut threads: conversations of which some was not read, until they are read to their end.

A thread is asked with one of its posts, tonight with another than last night: whichever it was,
reading it whole closes all that was noted of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from pipeline.manifest import Manifest
from pipeline.query import exists

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


ASKED_AGAIN: Final = timedelta(days=30)
"""A thread that was not whole in so long is not asked for on that account any more.

However few days a source looks back: an outage may be longer than these.
"""


def note_threads(database: DuckDBPyConnection, run: Manifest) -> None:
    """Write which threads a run did not read to their end, and close those that it did.

    What was asked in vain for too long is given up, which is told; its thread stays open.

    Must run inside a transaction, after the posts are merged and placed.
    """
    if run.cut_threads:
        _open(database, run)
    if run.whole_threads:
        _close(database, run)
    if run.is_heard:
        _give_up(database, run)


def _open(database: DuckDBPyConnection, run: Manifest) -> None:
    """Note threads by the posts they were asked with; of a post that is not kept nothing is."""
    reasons = {each.name: each for each in run.cut_threads}
    cut = pa.table(
        {
            "name": pa.array(list(reasons), pa.string()),
            "reason": pa.array([each.reason for each in reasons.values()], pa.string()),
            "is_asked_again": pa.array([each.is_asked_again for each in reasons.values()]),
        }
    )
    database.register("cut", cut)
    try:
        database.execute(
            """
            merge into raw.cut_threads as stored
            using (
                select posts.post_id, cut.reason, cut.is_asked_again
                from raw.posts as posts
                join cut on sha256(posts.platform || chr(31) || posts.post_id) = cut.name
                where posts.platform = $platform
            ) as incoming
            on stored.source = $source and stored.platform = $platform
                and stored.post_id = incoming.post_id and stored.closed_by_run_id is null
            when matched then update set
                reason = incoming.reason, is_asked_again = incoming.is_asked_again,
                last_cut_at = $cut_at, run_id = $run_id
            when not matched then insert values (
                $source, $platform, incoming.post_id, incoming.reason, incoming.is_asked_again,
                $cut_at, $cut_at, $run_id, null
            )
            """,
            {
                "source": run.source,
                "platform": run.platform,
                "cut_at": run.asked_through,
                "run_id": run.run_id,
            },
        )
    finally:
        database.unregister("cut")


def _close(database: DuckDBPyConnection, run: Manifest) -> None:
    """Close what is open of a thread that was read whole, with whichever post it was asked."""
    is_open = "select 1 from raw.cut_threads where source = ? and closed_by_run_id is null"
    if not exists(database, is_open, [run.source]):
        return
    database.execute(
        """
        with broken as (
            select distinct threads.platform, threads.thread_id
            from raw.cut_threads as cut join raw.threads as threads using (platform, post_id)
            where cut.source = $source and cut.closed_by_run_id is null
        ),
        mended as (
            select distinct platform, thread_id
            from raw.threads semi join broken using (platform, thread_id)
            where list_contains($whole::varchar[], sha256(platform || chr(31) || post_id))
        )
        update raw.cut_threads as stored set closed_by_run_id = $run_id
        from raw.threads as threads
        where stored.source = $source and stored.closed_by_run_id is null
            and threads.platform = stored.platform and threads.post_id = stored.post_id
            and (threads.platform, threads.thread_id) in (from mended)
        """,
        {"run_id": run.run_id, "source": run.source, "whole": run.whole_threads},
    )


def _give_up(database: DuckDBPyConnection, run: Manifest) -> None:
    """Ask no more for what is cut off for too long, or begins with a post that is gone.

    Only a night that heard its source gives up: in one that did not nothing was asked for.
    """
    database.execute(
        """
        update raw.cut_threads as stored set is_asked_again = false
        where source = $source and closed_by_run_id is null and is_asked_again and (
            first_cut_at < $oldest
            or exists (
                select 1 from raw.posts as posts
                where posts.platform = stored.platform and posts.post_id = stored.post_id
                    and posts.deleted_at is not null
            )
        )
        """,
        {"source": run.source, "oldest": run.asked_through - ASKED_AGAIN},
    )
