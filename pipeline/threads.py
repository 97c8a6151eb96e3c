"""Threads: every post's place in its reply tree, kept up to date without looking at all posts.

A tree's root is the first post without a known parent. When posts arrive, only the trees they
touch are placed again: their own, and those whose root turns out to be an answer to one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.query import exists

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TOGETHER: Final = 1_000_000
"""Posts whose places are written at once, with their names."""

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

    Must run inside a transaction, after the posts are merged. Posts go by numbers here: the names
    of ten million are 4 GB.
    """
    is_first = not exists(database, "select 1 from raw.threads limit 1")
    _find_affected(database, is_first=is_first)
    _find_parents(database, is_first=is_first)
    count = database.sql("from temp.affected").count("*").fetchall()[0][0]
    places = _places(database, count)
    for start in range(0, count, _TOGETHER):
        database.register("places", places.slice(start, _TOGETHER))
        try:
            _write(database, range(start, start + _TOGETHER), is_first=is_first)
        finally:
            database.unregister("places")
    for name in ("affected", "inside", "outside"):
        database.execute(f"drop table temp.{name}")
    return int(count)


def _find_affected(database: DuckDBPyConnection, *, is_first: bool) -> None:
    """Table ``affected``: touched posts, the trees they stand in, and those that hang below.

    Where nothing was placed before, that is everything there is.
    """
    chosen = """
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
    """
    database.execute(
        f"""
        create or replace temp table affected as
        {"" if is_first else chosen}
        select row_number() over () - 1 as number, platform, post_id, parent_id
        from raw.posts {"" if is_first else "join chosen using (platform, post_id)"}
        """
    )


def _find_parents(database: DuckDBPyConnection, *, is_first: bool) -> None:
    """Tables ``inside`` and ``outside``: parents among the affected, and in trees that stay.

    Of the many names inside their hashes are compared, two of each: a third of the memory.
    """
    database.execute(
        """
        create or replace temp table inside as
        select affected.number, above.number as parent
        from temp.affected as affected
        join temp.affected as above
            on hash(affected.platform, affected.parent_id) = hash(above.platform, above.post_id)
            and hash(affected.parent_id, affected.platform) = hash(above.post_id, above.platform)
        where affected.parent_id is not null
        """
    )
    database.execute(
        f"""
        create or replace temp table outside as
        select affected.number, placed.thread_id, placed.depth
        from temp.affected as affected
        join raw.threads as placed
            on affected.platform = placed.platform and affected.parent_id = placed.post_id
        anti join temp.inside using (number)
        {"limit 0" if is_first else ""}
        """
    )


def _places(database: DuckDBPyConnection, count: int) -> pa.Table:
    """Number of each post, of its root, its depth and whether its parent is known.

    A root whose parent stands in a tree that stays is as deep as it hangs there.
    """
    inside = database.sql("from temp.inside").to_arrow_table()
    outside = database.sql("select number, depth from temp.outside").to_arrow_table()
    parents = np.full(count, -1, dtype=np.int64)
    parents[inside["number"].to_numpy()] = inside["parent"].to_numpy()
    outer = np.full(count, -1, dtype=np.int64)
    outer[outside["number"].to_numpy()] = outside["depth"].to_numpy()
    roots, depths = place(parents, _names(database))
    return pa.table(
        {
            "number": np.arange(count, dtype=np.int64),
            "root": roots,
            "depth": (depths + outer[roots] + 1).astype(np.int32),
            "is_parent_known": (parents >= 0) | (outer >= 0),
        }
    )


def _names(database: DuckDBPyConnection) -> Callable[[int], str]:
    """The name of a post by its number; they are read once one is asked for."""

    @cache
    def names() -> pa.ChunkedArray:
        told = database.sql("select post_id from temp.affected order by number").to_arrow_table()
        return told["post_id"].combine_chunks()

    return lambda number: str(names()[number])


def _write(database: DuckDBPyConnection, numbers: range, *, is_first: bool) -> None:
    """Write the places of the posts with these numbers, which are what ``places`` holds."""
    placed = f"""
        with above as (
            from temp.affected
            semi join (select root from places where root <> number) on number = root
        )
        select
            post.platform,
            post.post_id,
            coalesce(outside.thread_id, above.post_id, post.post_id) as thread_id,
            places.depth,
            places.is_parent_known
        from (
            from temp.affected where number >= {numbers.start} and number < {numbers.stop}
        ) as post
        join places using (number)
        left join above on places.root = above.number
        left join temp.outside as outside on places.root = outside.number
    """
    if is_first:
        database.execute(f"insert into raw.threads by name {placed}")
        return
    database.execute(f"create or replace temp table placed as {placed}")
    database.execute(
        """
        update raw.threads as stored set
            thread_id = placed.thread_id,
            depth = placed.depth,
            is_parent_known = placed.is_parent_known
        from temp.placed as placed
        where stored.platform = placed.platform
            and stored.post_id = placed.post_id
            and (stored.thread_id, stored.depth, stored.is_parent_known)
            is distinct from (placed.thread_id, placed.depth, placed.is_parent_known)
        """
    )
    database.execute(
        """
        insert into raw.threads by name
        select * from temp.placed anti join raw.threads using (platform, post_id)
        """
    )
    database.execute("drop table temp.placed")
