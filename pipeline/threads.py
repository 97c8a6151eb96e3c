"""Threads: every post's place in its reply tree, kept up to date without looking at all posts.

A tree's root is the first post without a known parent. When posts arrive, only the trees they
touch are placed again: their own, and those whose root turns out to be an answer to one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Indices = npt.NDArray[np.int64]


def place(parents: Indices, name: Callable[[int], Any] = int) -> tuple[Indices, Indices]:
    """Root and depth of each post.

    The work grows with the number of posts and the logarithm of the depth. Parents that go round in
    a circle (bad data) are cut at the post with the lowest name, which then is the root.

    Args:
        parents: index of the parent of each post, or -1.
        name: the name of the post with this index; asked only of posts in circles.

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
        cut[_first_of_each_circle(np.unique(circling), cut, name)] = -1


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


def _first_of_each_circle(
    members: Indices, parents: Indices, name: Callable[[int], Any]
) -> list[int]:
    """The member with the lowest name of each circle, walking each once."""
    seen: set[int] = set()
    first = []
    for start in members.tolist():
        circle = []
        while start not in seen:
            seen.add(start)
            circle.append(start)
            start = int(parents[start])
        if circle:
            first.append(min(circle, key=name))
    return first


def place_touched(database: DuckDBPyConnection) -> int:
    """Place the posts of table ``touched`` and the trees they belong to; returns how many.

    Must run inside a transaction, after the posts are merged.
    """
    _find_affected(database)
    edges = database.sql(
        """
        select
            affected.platform,
            affected.post_id,
            coalesce(above.number, -1) as parent,
            placed.thread_id as outer_thread,
            placed.depth as outer_depth,
            above.number is not null or placed.post_id is not null as is_parent_known
        from temp.affected as affected
        left join temp.affected as above
            on affected.platform = above.platform and affected.parent_id = above.post_id
        left join raw.threads as placed
            on affected.platform = placed.platform and affected.parent_id = placed.post_id
            and above.number is null
        order by affected.number
        """
    ).to_arrow_table()
    database.execute("drop table temp.affected")
    if len(edges):
        database.register("placed", _placed(edges))
        try:
            _write(database)
        finally:
            database.unregister("placed")
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
            row_number() over () - 1 as number,
            platform, post_id, posts.parent_id
        from chosen join raw.posts as posts using (platform, post_id)
        """
    )


def _placed(edges: pa.Table) -> pa.Table:
    """Each post with its thread; a root whose parent stands in an untouched tree hangs below it."""
    import pyarrow.compute as pc

    names = edges["post_id"].combine_chunks()
    roots, depths = place(edges["parent"].to_numpy(), lambda index: str(names[index]))
    outer = edges["outer_depth"].fill_null(-1).to_numpy()
    at_root = pa.array(roots)
    thread = pc.coalesce(edges["outer_thread"].combine_chunks().take(at_root), names.take(at_root))
    return pa.table(
        {
            "platform": edges["platform"],
            "post_id": names,
            "thread_id": thread,
            "depth": pa.array(depths + outer[roots] + 1, type=pa.int32()),
            "is_parent_known": edges["is_parent_known"],
        }
    )


def _write(database: DuckDBPyConnection) -> None:
    database.execute(
        """
        update raw.threads as stored set
            thread_id = placed.thread_id,
            depth = placed.depth,
            is_parent_known = placed.is_parent_known
        from placed
        where stored.platform = placed.platform
            and stored.post_id = placed.post_id
            and (stored.thread_id, stored.depth, stored.is_parent_known)
            is distinct from (placed.thread_id, placed.depth, placed.is_parent_known)
        """
    )
    database.execute(
        """
        insert into raw.threads by name
        select * from placed anti join raw.threads using (platform, post_id)
        """
    )
