"""Meant: what platforms write where they do not tell something is taken for unknown.

An account without a name would be one person to all who have none, an answer to nobody would join
all such answers into one conversation, and a post of the year 1 would stretch every calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Final

import msgspec

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
_TIMES: Final = ("created_at", "edited_at", "author_created_at")
_names: Final = attrgetter(*_NAMES)
_counts: Final = attrgetter(*_COUNTS)
_times: Final = attrgetter(*_TIMES)


def as_meant(post: Post) -> Post:
    """The post without blank names, counts below nothing and times that cannot be meant."""
    if _is_meant(post):
        return post
    latest = post.observed_at + AHEAD
    unknown = [
        *_where(_NAMES, _names(post), lambda name: not name.strip()),
        *_where(_COUNTS, _counts(post), lambda count: count < 0),
        *_where(_TIMES, _times(post), lambda moment: not EARLIEST <= moment <= latest),
    ]
    return msgspec.structs.replace(post, **dict.fromkeys(unknown))


def _is_meant(post: Post) -> bool:
    """Whether all may stay; in plain loops, as every post passes here and nothing is faster."""
    for name in _names(post):
        if name is not None and (not name or name.isspace()):
            return False
    for count in _counts(post):
        if count is not None and count < 0:
            return False
    latest = post.observed_at + AHEAD
    for moment in _times(post):
        if moment is not None and not EARLIEST <= moment <= latest:
            return False
    return True


def _where(
    fields: Iterable[str], told: Iterable[Any], is_unknown: Callable[[Any], bool]
) -> list[str]:
    """The fields in which something is told that is to be taken for unknown."""
    pairs = zip(fields, told, strict=True)
    return [field for field, each in pairs if each is not None and is_unknown(each)]
