"""Threads: every post's place in its reply tree, kept up to date without looking at all posts.

A tree's root is the first post without a known parent. When posts arrive, only the trees they
touch are placed again: their own, and those whose root turns out to be an answer to one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Indices = npt.NDArray[np.int64]


def place(parents: Indices) -> tuple[Indices, Indices]:
    """Root and depth of each post.

    The work grows with the number of posts and the logarithm of the depth. Parents that go round in
    a circle (bad data) are cut at the post with the lowest index, which then is the root.

    Args:
        parents: index of the parent of each post, or -1.

    Returns:
        Index of the root of each post, and its distance to it.
    """
    itself = np.arange(len(parents), dtype=np.int64)
    cut = parents.copy()
    while True:
        above, depths = _climb(np.where(cut < 0, itself, cut))
        circling = above[cut[above] >= 0]
        if len(circling) == 0:
            return above, depths
        cut[_first_of_each_circle(np.unique(circling), cut)] = -1


def _climb(parents: Indices) -> tuple[Indices, Indices]:
    """Who stands above each post after at least as many steps as there are posts, doubling."""
    above = parents
    depths = (parents != np.arange(len(parents))).astype(np.int64)
    for _ in range(max(len(parents), 1).bit_length()):
        further = above[above]
        if np.array_equal(further, above):
            break
        depths = depths + depths[above]
        above = further
    return above, depths


def _first_of_each_circle(members: Indices, parents: Indices) -> list[int]:
    """The lowest index of each circle, walking each once."""
    seen: set[int] = set()
    lowest = []
    for start in members.tolist():
        if start not in seen:
            lowest.append(start)
            while start not in seen:
                seen.add(start)
                start = int(parents[start])
    return lowest


def place_touched(database: DuckDBPyConnection) -> int:
    """Place the posts of table ``touched`` and the trees they belong to; returns how many.

    Must run inside a transaction, after the posts are merged.
    """
    _find_affected(database)
    edges = database.sql(
        """
        select
            affected.number,
            coalesce(above.number, -1) as parent,
            placed.thread_id as outer_thread,
            placed.depth as outer_depth,
            parents.post_id is not null as is_parent_known
        from temp.affected as affected
        left join temp.affected as above
            on affected.platform = above.platform and affected.parent_id = above.post_id
        left join raw.posts as parents
            on affected.platform = parents.platform and affected.parent_id = parents.post_id
        left join raw.threads as placed
            on parents.platform = placed.platform and parents.post_id = placed.post_id
            and above.number is null
        order by affected.number
        """
    ).to_arrow_table()
    if len(edges) == 0:
        return 0
    roots, depths = place(edges["parent"].to_numpy())
    database.register("placed", _placed(edges, roots, depths))
    _write(database)
    database.unregister("placed")
    database.execute("drop table temp.affected")
    return len(edges)


def _find_affected(database: DuckDBPyConnection) -> None:
    """Table ``affected``: touched posts, the trees they stand in, and those that hang below."""
    database.execute(
        """
        create or replace temp table affected as
        with
        trees as (
            select platform, thread_id
            from raw.threads semi join touched using (platform, post_id)
            union
            select posts.platform, threads.thread_id
            from raw.posts as posts
            join touched on posts.platform = touched.platform and posts.parent_id = touched.post_id
            join raw.threads as threads
                on posts.platform = threads.platform and posts.post_id = threads.post_id
        ),
        chosen as (
            select platform, post_id from touched
            union
            select platform, post_id from raw.threads semi join trees using (platform, thread_id)
        )
        select
            row_number() over (order by platform, post_id) - 1 as number,
            platform, post_id, posts.parent_id
        from chosen join raw.posts as posts using (platform, post_id)
        """
    )


def _placed(edges: pa.Table, roots: Indices, depths: Indices) -> pa.Table:
    """Each post with its root; a root whose parent stands in an untouched tree hangs below that."""
    outer = edges["outer_depth"].fill_null(-1).to_numpy()[roots]
    return pa.table(
        {
            "number": edges["number"],
            "root": roots,
            "depth": depths + outer + 1,
            "outer_thread": edges["outer_thread"].take(pa.array(roots)),
            "is_parent_known": edges["is_parent_known"],
        }
    )


def _write(database: DuckDBPyConnection) -> None:
    database.execute(
        """
        merge into raw.threads as stored
        using (
            select
                affected.platform, affected.post_id, placed.is_parent_known,
                coalesce(placed.outer_thread, roots.post_id) as thread_id,
                placed.depth::integer as depth
            from placed
            join temp.affected as affected on placed.number = affected.number
            join temp.affected as roots on placed.root = roots.number
        ) as incoming
        on stored.platform = incoming.platform and stored.post_id = incoming.post_id
        when matched and (stored.thread_id, stored.depth, stored.is_parent_known)
            is distinct from (incoming.thread_id, incoming.depth, incoming.is_parent_known)
        then update set
            thread_id = incoming.thread_id, depth = incoming.depth,
            is_parent_known = incoming.is_parent_known
        when not matched then insert (platform, post_id, thread_id, depth, is_parent_known)
        values (
            incoming.platform, incoming.post_id, incoming.thread_id, incoming.depth,
            incoming.is_parent_known
        )
        """
    )
