"""Meant: what platforms write where they do not tell something is taken for unknown.

An account without a name would be one person to all who have none, and an answer to nobody would
join all such answers into one conversation. A time that cannot be stays as it was told until it
lands: there a post of the year 1 would stretch every calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Final

import msgspec
import pyarrow as pa

from pipeline.post import Post

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""No post is older; years 1 and 1970 are what programs write for no time at all."""
AHEAD: Final = timedelta(days=1)
"""So much may the clock of whoever wrote a post be ahead of ours."""
_NAMES: Final = (
    *("native_id", "url", "parent_id", "root_id", "quoted_id", "reposted_id", "parent_author_id"),
    *("author_id", "author_handle", "author_name", "author_url", "title", "language"),
)
_COUNTS: Final = (
    *("author_followers_count", "author_following_count", "author_posts_count"),
    *("reposts_count", "replies_count", "quotes_count", "views_count"),
)
"""Likes are not among them: a score that others took away from is below nothing."""
TIMES: Final = ("created_at", "edited_at", "author_created_at")
_names: Final = attrgetter(*_NAMES)
_counts: Final = attrgetter(*_COUNTS)


def as_meant(post: Post) -> Post:
    """The post without blank names and counts below nothing."""
    if _is_meant(post):
        return post
    unknown = [
        *_where(_NAMES, _names(post), lambda name: not name.strip()),
        *_where(_COUNTS, _counts(post), lambda count: count < 0),
    ]
    return msgspec.structs.replace(post, **dict.fromkeys(unknown))


def _is_meant(post: Post) -> bool:
    """Whether all may stay; every post passes here."""
    for name in _names(post):
        if name is not None and (not name or name.isspace()):
            return False
    return all(count is None or count >= 0 for count in _counts(post))


def _where(
    fields: Iterable[str], told: Iterable[Any], is_unknown: Callable[[Any], bool]
) -> list[str]:
    """The fields in which something is told that is to be taken for unknown."""
    pairs = zip(fields, told, strict=True)
    return [field for field, each in pairs if each is not None and is_unknown(each)]


def as_meant_columns(posts: pa.Table, now: datetime) -> pa.Table:
    """Posts as they land: no count is below nothing, no time before 1990 or in the days to come.

    A file may say that it was written before the posts that stand in it: so ``now`` counts as well
    as when they were observed.
    """
    import pyarrow.compute as pc

    seen = posts["observed_at"]
    latest = pc.add(pc.if_else(pc.greater(seen, pa.scalar(now)), seen, now), pa.scalar(AHEAD))
    for index, field in enumerate(posts.schema):
        column = posts.column(index)
        if field.name.endswith("_count"):
            cannot = pc.less(column, 0)
        elif field.name in TIMES:
            cannot = pc.or_(pc.less(column, pa.scalar(EARLIEST)), pc.greater(column, latest))
        else:
            continue
        posts = posts.set_column(index, field, pc.if_else(cannot, None, column))
    return posts
