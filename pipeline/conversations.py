"""Conversations: with which posts to ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.errors import SourceGone
from pipeline.post import Post, Read


def thread_starts(fresh: list[Post], known: Sequence[Post], limit: int) -> list[Post]:
    """One post a conversation, the newest conversations first."""
    starts: dict[str, Post] = {}
    newest_first = sorted(
        [*fresh, *known], key=lambda post: post.created_at or post.observed_at, reverse=True
    )
    for post in newest_first:
        if _has_conversation(post):
            starts.setdefault(post.root_id or post.parent_id or post.post_id, post)
    return list(starts.values())[:limit]


def _has_conversation(post: Post) -> bool:
    """A post nobody answered and that answers nobody is its whole thread already.

    An article has a conversation only where its feed tells of comments.
    """
    if post.kind in {"repost", "review"}:
        return False
    if post.parent_id is not None or (post.replies_count or 0) > 0:
        return True
    return post.replies_count is None and post.kind != "article"


def unless_gone(reads: Iterable[Read]) -> Iterator[Read]:
    """A conversation whose start was deleted meanwhile ends there; ``refresh`` tells of it."""
    try:
        yield from reads
    except SourceGone:
        return
