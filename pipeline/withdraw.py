"""Withdrawal: a post that was stored while everybody could read it, and may not be kept any more.

Its author opted out, or made it private. What lands of it is a digest of its name, so that nothing
of what may not be kept is ever written; the load finds it back and leaves its outline alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec
import pyarrow as pa

from pipeline.landing import LANDING_SCHEMA, Withdrawn
from pipeline.post import POST_SCHEMA, Post, from_row, to_arrow
from pipeline.query import records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

_OUTLINE: Final = """
    select
        posts.platform, posts.post_id, posts.kind, posts.visibility, posts.created_at,
        posts.native_id, posts.parent_id, posts.root_id,
        greatest(posts.last_seen_at, names.observed_at) as observed_at
    from raw.posts as posts
    join names on sha256(posts.platform || chr(31) || posts.post_id) = names.name
    where posts.deleted_at is null and ($is_newest or names.observed_at >= posts.last_seen_at)
"""


def tombstones(
    database: DuckDBPyConnection, withdrawn: Sequence[Withdrawn], *, is_newest: bool
) -> pa.Table:
    """Rows of ``LANDING_SCHEMA`` that leave no more than the outline of what is stored of these.

    Args:
        database: inside a transaction.
        withdrawn: names of posts that may not be kept, stored or not.
        is_newest: whether no newer run of the source was loaded: then it wins over any observation.
    """
    if not withdrawn:
        return LANDING_SCHEMA.empty_table()
    names = _names(withdrawn)
    database.register("names", names)
    try:
        found = [from_row(row) for row in records(database, _OUTLINE, {"is_newest": is_newest})]
    finally:
        database.unregister("names")
    gone = [msgspec.structs.replace(post, deleted_at=post.observed_at) for post in found]
    return _landed(gone)


def _names(withdrawn: Sequence[Withdrawn]) -> pa.Table:
    """Each name once, with the last time it was seen."""
    last: dict[str, datetime] = {}
    for each in withdrawn:
        last[each.name] = max(last.get(each.name, each.observed_at), each.observed_at)
    return pa.table(
        {
            "name": pa.array(list(last), pa.string()),
            "observed_at": pa.array(list(last.values()), POST_SCHEMA.field("observed_at").type),
        }
    )


def _landed(posts: Sequence[Post]) -> pa.Table:
    verbs = pa.array(["refresh"] * len(posts), pa.string())
    return to_arrow(posts).append_column(LANDING_SCHEMA.field("verb"), verbs)
