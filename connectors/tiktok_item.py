"""Understand one video or comment of TikTok, whose four interfaces name the same things apart."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.markdown import links_in
from connectors.markup import clean
from pipeline.errors import PayloadError
from pipeline.post import Post, utc_from_epoch
from pipeline.source import Item

SITE: Final = "https://www.tiktok.com"
_NAMED: Final = re.compile(r"@(?<![\w@.]@)(?!\w+://)([\w.]*\w)")
_TAG: Final = re.compile(r"#(?<![\w&/#]#)(\w+)")
_HANDLE: Final = re.compile(r"/@(?P<name>[\w.]+)/")
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Number = int | str
"""Ids and times come as numbers, as text, or as numbers greater than a float can tell apart."""


class _Video(msgspec.Struct):
    """Three of the interfaces answer only with the fields that were asked for, ours among them."""

    create_time: Number
    id: Number | None = None
    item_id: Number | None = None
    video_id: Number | None = None
    video_description: str | None = None
    caption: str | None = None
    title: str | None = None
    username: str | None = None
    creator_handle_name: str | None = None
    share_url: str | None = None
    video_link: str | None = None
    hashtag_names: list[str] | None = None
    like_count: Count | None = None
    likes: Count | None = None
    comment_count: Count | None = None
    comments: Count | None = None
    share_count: Count | None = None
    shares: Count | None = None
    view_count: Count | None = None
    video_views: Count | None = None
    views: Count | None = None


class _Comment(msgspec.Struct):
    """Of a business account or of the research interface; only the former says by whom."""

    create_time: Number
    text: str
    video_id: Number
    id: Number | None = None
    comment_id: Number | None = None
    parent_comment_id: Number | None = None
    like_count: Count | None = None
    likes: Count | None = None
    reply_count: Count | None = None
    replies: Count | None = None
    username: str | None = None
    display_name: str | None = None
    unique_identifier: str | None = None
    status: str | None = None


class _Mention(msgspec.Struct):
    """A comment that names the business account, under anybody's video."""

    comment_id: Number
    comment_text: str
    comment_create_time: Number
    item_id: Number
    comment_likes: Count | None = None
    commenter_handle_name: str | None = None
    commenter_display_name: str | None = None
    video_link: str | None = None


class _Kind(msgspec.Struct):
    comment_text: Any = None
    comment_create_time: Any = None


def understand_video(item: Item) -> Post:
    """A video.

    Raises:
        PayloadError: a video without an id.
    """
    video = msgspec.json.decode(item.raw, type=_Video)
    known = next((each for each in (video.item_id, video.id, video.video_id) if each), None)
    if known is None:
        raise PayloadError("a video without its id", where="$.id")
    number = str(known)
    shared = video.share_url or video.video_link
    handle = video.username or video.creator_handle_name or _handle_in(shared)
    written = _first(video.video_description, video.caption, video.title) or ""
    text = clean(written)
    is_ours = video.video_link is None and video.username is None and shared is not None
    return Post(
        platform="tiktok",
        post_id=number,
        native_id=number if is_ours else None,
        kind="post",
        observed_at=item.observed_at,
        created_at=_time(video.create_time),
        url=_plain(shared) or (f"{SITE}/@{handle}/video/{number}" if handle else None),
        text=text,
        tags=tuple(video.hashtag_names or dict.fromkeys(_TAG.findall(text))),
        likes_count=_first(video.like_count, video.likes),
        replies_count=_first(video.comment_count, video.comments),
        reposts_count=_first(video.share_count, video.shares),
        views_count=_first(video.view_count, video.video_views, video.views),
        payload=item.raw.decode(),
        **_words(text),
        **_author(handle, None),
    )


def understand_comment(item: Item) -> Post:
    """A comment or the answer to one."""
    kind = msgspec.json.decode(item.raw, type=_Kind)
    if kind.comment_text is not None or kind.comment_create_time is not None:
        return _mention(item)
    comment = msgspec.json.decode(item.raw, type=_Comment)
    known = comment.comment_id or comment.id
    if not known:
        raise PayloadError("a comment without its id", where="$.comment_id")
    number, video = str(known), str(comment.video_id)
    above = str(comment.parent_comment_id or video)
    is_answer = above not in {video, "0"}
    text = clean(comment.text)
    return Post(
        platform="tiktok",
        post_id=number,
        native_id=f"{video}/{number}" if comment.comment_id is not None else None,
        kind="reply" if is_answer else "comment",
        observed_at=item.observed_at,
        created_at=_time(comment.create_time),
        parent_id=above if is_answer else video,
        root_id=video,
        text=text,
        tags=tuple(dict.fromkeys(_TAG.findall(text))),
        likes_count=_first(comment.like_count, comment.likes),
        replies_count=_first(comment.reply_count, comment.replies),
        visibility="public" if comment.status in {None, "PUBLIC"} else "private",
        payload=item.raw.decode(),
        **_words(text),
        **_author(comment.username, comment.display_name, comment.unique_identifier),
    )


def _mention(item: Item) -> Post:
    """Which comment it may answer is not told, nor can it be asked for again."""
    comment = msgspec.json.decode(item.raw, type=_Mention)
    if not comment.comment_id:
        raise PayloadError("a comment without its id", where="$.comment_id")
    text = clean(comment.comment_text)
    return Post(
        platform="tiktok",
        post_id=str(comment.comment_id),
        kind="comment",
        observed_at=item.observed_at,
        created_at=_time(comment.comment_create_time),
        url=_plain(comment.video_link),
        parent_id=str(comment.item_id),
        root_id=str(comment.item_id),
        parent_author_id=_handle_in(comment.video_link),
        text=text,
        tags=tuple(dict.fromkeys(_TAG.findall(text))),
        likes_count=comment.comment_likes,
        payload=item.raw.decode(),
        **_words(text),
        **_author(comment.commenter_handle_name, comment.commenter_display_name),
    )


def _words(text: str) -> dict[str, Any]:
    return {
        "mentions": tuple(dict.fromkeys(_NAMED.findall(text))),
        "links": links_in(text),
    }


def _author(handle: str | None, name: str | None, number: str | None = None) -> dict[str, Any]:
    """The handle is the one name that all interfaces know; without it a number must do."""
    return {
        "author_id": handle or number,
        "author_handle": handle,
        "author_name": name or None,
        "author_url": f"{SITE}/@{handle}" if handle else None,
    }


def _first(*values: Any) -> Any:
    """The first that is told; zero and no words are."""
    return next((each for each in values if each is not None), None)


def _handle_in(address: str | None) -> str | None:
    found = _HANDLE.search(address or "")
    return found["name"] if found else None


def _plain(address: str | None) -> str | None:
    """An address without its tracking."""
    if not address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return f"https://{parts.netloc}{parts.path}" if parts.netloc else None


def _time(seconds: Number) -> datetime:
    """A time in epoch seconds.

    Raises:
        PayloadError: no time that can be.
    """
    try:
        return utc_from_epoch(int(seconds))
    except (ValueError, OverflowError, OSError) as error:
        raise PayloadError(f"no time: {str(seconds)[:40]}", where="$.create_time") from error
