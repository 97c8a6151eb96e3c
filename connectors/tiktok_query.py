"""What TikTok is asked for: the fields of videos, comments and mentions, and which of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

Query = Mapping[str, str | int]
VIDEOS: Final = 20
COMMENTS: Final = 30
MENTIONS: Final = 100
_FIELDS: Final = (
    *("item_id", "caption", "create_time", "share_url"),
    *("video_views", "likes", "comments", "shares"),
)
_MENTIONING_VIDEO: Final = (
    *("item_id", "caption", "create_time", "video_link", "creator_handle_name"),
    *("views", "likes", "comments", "shares"),
)
_MENTIONING_COMMENT: Final = (
    *("item_id", "video_link", "comment_id", "comment_text", "comment_create_time"),
    *("comment_likes", "commenter_handle_name", "commenter_display_name"),
)


def videos(numbers: Sequence[str] = ()) -> Query:
    """The account's videos, all or these."""
    only = {"filters": _text({"video_ids": list(numbers)})} if numbers else {}
    return {"max_count": VIDEOS, **_list(_FIELDS), **only}


def under(video: str) -> Query:
    """The comments under a video."""
    return {"video_id": video, "status": "PUBLIC", "max_count": COMMENTS}


def named(comments: Sequence[str], video: str) -> Query:
    """Comments under a video by their ids."""
    return {"comment_ids": _text(comments), **under(video)}


def mentioned() -> Iterator[tuple[str, Query]]:
    """The lists of videos and of comments that name the account, the newest first."""
    for path, sort, fields in (
        ("mention/video/list", "CREATE_TIME", _MENTIONING_VIDEO),
        ("mention/comment/list", "COMMENT_CREATE_TIME", _MENTIONING_COMMENT),
    ):
        order = {"sort_field": sort, "sort_type": "DESC"}
        yield path, {**order, "max_count": MENTIONS, **_list(fields)}


def _list(fields: Sequence[str]) -> dict[str, str]:
    return {"fields": _text(fields)}


def _text(told: Any) -> str:
    return msgspec.json.encode(told).decode()
