"""Understand one item of the YouTube Data API: a video as four lists tell it, or a comment."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec

from connectors.dates import in_utc
from connectors.markdown import links_in
from connectors.markup import clean, links_of, plain_text
from connectors.plain_words import TAG
from pipeline.errors import PayloadError
from pipeline.post import Post, Visibility
from pipeline.source import Item, Reply

SITE: Final = "https://www.youtube.com"
_OURS: Final = "youtube#"
_HANDLE: Final = re.compile(r"@(?<![\w@/.]@)(?!\w+://)([\w.·-]{2,30}[\w])")
_OPEN: Final[Mapping[str, Visibility]] = {"public": "public", "unlisted": "unlisted"}
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_Time = Annotated[datetime, msgspec.Meta(tz=True)]
_Id = Annotated[str, msgspec.Meta(min_length=1)]


class _Kind(msgspec.Struct):
    kind: str


class _Snippet(msgspec.Struct, rename="camel"):
    """Of a video; a channel may hide its name, and most videos do not tell their language."""

    published_at: _Time
    channel_id: str
    title: str
    channel_title: str | None = None
    description: str = ""
    default_language: str | None = None


class _Statistics(msgspec.Struct, rename="camel"):
    """Numbers written as texts; what the owner hides is missing."""

    view_count: str | int | None = None
    like_count: str | int | None = None
    comment_count: str | int | None = None


class _Status(msgspec.Struct, rename="camel"):
    privacy_status: str | None = None


class _Video(msgspec.Struct):
    """Statistics and status come only when they are asked for."""

    id: _Id
    snippet: _Snippet
    statistics: _Statistics | None = None
    status: _Status | None = None


class _FoundKind(msgspec.Struct):
    id: _Kind


class _FoundId(msgspec.Struct, rename="camel"):
    video_id: _Id


class _Found(msgspec.Struct):
    id: _FoundId
    snippet: _Snippet


class _Resource(msgspec.Struct, rename="camel"):
    video_id: _Id


class _ListedSnippet(msgspec.Struct, rename="camel"):
    """Of an entry of a playlist: channel and time are those of the playlist, not of the video."""

    title: str
    resource_id: _Resource
    description: str = ""
    video_owner_channel_id: str | None = None
    video_owner_channel_title: str | None = None


class _ListedDetails(msgspec.Struct, rename="camel"):
    video_published_at: _Time | None = None


class _Listed(msgspec.Struct, rename="camel"):
    snippet: _ListedSnippet
    content_details: _ListedDetails | None = None
    status: _Status | None = None


class _Value(msgspec.Struct):
    value: str | None = None


class _CommentSnippet(msgspec.Struct, rename="camel"):
    """A closed account has no channel; only the thread may know the video and whose it is."""

    published_at: _Time
    text_display: str
    text_original: str | None = None
    updated_at: _Time | None = None
    author_display_name: str | None = None
    author_channel_id: _Value | None = None
    channel_id: str | None = None
    video_id: str | None = None
    parent_id: str | None = None
    like_count: _Count | None = None
    moderation_status: str | None = None


class _Comment(msgspec.Struct):
    id: _Id
    snippet: _CommentSnippet


class _Below(msgspec.Struct):
    comments: list[msgspec.Raw]


class _ThreadSnippet(msgspec.Struct, rename="camel"):
    """The channel is that of the video; a thread of a channel itself has no video."""

    top_level_comment: msgspec.Raw
    channel_id: str | None = None
    video_id: str | None = None
    total_reply_count: _Count | None = None
    is_public: bool | None = None


class _Thread(msgspec.Struct):
    id: str
    snippet: _ThreadSnippet
    replies: _Below | None = None


def item_post(item: Item) -> Post | None:
    """A video or a comment; None for channels, playlists, subscriptions and the like."""
    kind = _known(msgspec.json.decode(item.raw, type=_Kind).kind, "$.kind")
    if kind == "video":
        video = msgspec.json.decode(item.raw, type=_Video)
        return _video_post(item, video.id, video.snippet, video.statistics, video.status)
    if kind == "searchResult":
        return _found_post(item)
    if kind == "playlistItem":
        return _listed_post(item)
    if kind == "comment":
        return _comment_post(item, msgspec.json.decode(item.raw, type=_Comment))
    if kind == "commentThread":
        msgspec.json.decode(item.raw, type=_Thread)
    return None


def _known(kind: str, where: str) -> str:
    """What a thing is called on YouTube.

    Raises:
        PayloadError: nothing of YouTube.
    """
    if not kind.startswith(_OURS):
        raise PayloadError(f"no kind of thing that YouTube has: {kind[:80]!r}", where=where)
    return kind.removeprefix(_OURS)


def cut(raw: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Iterator[Item]:
    """An element as one item, a thread as its comments; a broken thread is left to be rejected."""
    thread = _thread(raw)
    if thread is None:
        yield Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)
        return
    told = thread.snippet
    top = {"replies": told.total_reply_count, "owner": told.channel_id}
    yield Item(
        raw=bytes(told.top_level_comment),
        path=f"{path}.snippet.topLevelComment",
        observed_at=reply.observed_at,
        context={**context, **_shared(thread), **_texts(top)},
    )
    inside = {**context, **below(thread)}
    for index, each in enumerate(thread.replies.comments if thread.replies else ()):
        place = f"{path}.replies.comments[{index}]"
        yield Item(raw=bytes(each), path=place, observed_at=reply.observed_at, context=inside)


def below(thread: _Thread) -> dict[str, str]:
    """What only the thread tells about its replies: their video and whom they answer."""
    try:
        top = msgspec.json.decode(thread.snippet.top_level_comment, type=_Comment).snippet
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _shared(thread)
    channel = top.author_channel_id
    return {**_shared(thread), **_texts({"owner": channel.value if channel else None})}


def _shared(thread: _Thread) -> dict[str, str]:
    is_hidden = thread.snippet.is_public is False
    return _texts({"video": thread.snippet.video_id, "hidden": "yes" if is_hidden else None})


def _texts(told: Mapping[str, str | int | None]) -> dict[str, str]:
    return {name: str(value) for name, value in told.items() if value is not None}


def unfinished(raw: bytes) -> tuple[str, dict[str, str]] | None:
    """Name and context of a thread that has more replies than came with it, or None."""
    thread = _thread(raw)
    if thread is None:
        return None
    came = len(thread.replies.comments) if thread.replies else 0
    has_more = (thread.snippet.total_reply_count or 0) > came
    return (thread.id, below(thread)) if has_more else None


def _thread(raw: bytes) -> _Thread | None:
    try:
        if msgspec.json.decode(raw, type=_Kind).kind != "youtube#commentThread":
            return None
        return msgspec.json.decode(raw, type=_Thread)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _found_post(item: Item) -> Post | None:
    """Search finds channels and playlists too, and writes its words as HTML."""
    if _known(msgspec.json.decode(item.raw, type=_FoundKind).id.kind, "$.id.kind") != "video":
        return None
    found = msgspec.json.decode(item.raw, type=_Found)
    told = found.snippet
    plain = msgspec.structs.replace(
        told,
        title=html.unescape(told.title),
        description=html.unescape(told.description),
        channel_title=None if told.channel_title is None else html.unescape(told.channel_title),
    )
    return _video_post(item, found.id.video_id, plain, None, None)


def _listed_post(item: Item) -> Post:
    """A playlist keeps the place of videos that are gone, under a title that says so."""
    entry = msgspec.json.decode(item.raw, type=_Listed)
    told, details = entry.snippet, entry.content_details
    state = entry.status.privacy_status if entry.status else None
    is_gone = told.title == "Deleted video" or state == "privacyStatusUnspecified"
    is_private = told.title == "Private video"
    return Post(
        **_video_place(told.resource_id.video_id),
        observed_at=item.observed_at,
        created_at=in_utc(details.video_published_at if details else None, "$.contentDetails", UTC),
        deleted_at=item.observed_at if is_gone else None,
        **_channel(told.video_owner_channel_id, told.video_owner_channel_title),
        **({} if is_gone or is_private else _words(told.title, told.description)),
        visibility="private" if is_private else _visibility(None if is_gone else state),
        payload=item.raw.decode("utf-8", "replace"),
    )


def _video_post(
    item: Item,
    number: str,
    told: _Snippet,
    counts: _Statistics | None,
    status: _Status | None,
) -> Post:
    known = counts or _Statistics()
    return Post(
        **_video_place(number),
        observed_at=item.observed_at,
        created_at=in_utc(told.published_at, "$.snippet.publishedAt", UTC),
        **_channel(told.channel_id, told.channel_title),
        **_words(told.title, told.description),
        language=told.default_language,
        views_count=_number(known.view_count),
        likes_count=_number(known.like_count),
        replies_count=_number(known.comment_count),
        visibility=_visibility(status.privacy_status if status else None),
        payload=item.raw.decode("utf-8", "replace"),
    )


def _comment_post(item: Item, comment: _Comment) -> Post:
    """A reply names its thread in its own id, before the dot."""
    told = comment.snippet
    above, dot, _ = comment.id.partition(".")
    video = told.video_id or item.context.get("video")
    words = _said(told, item)
    is_reply = bool(told.parent_id or dot)
    count = None if is_reply else item.context.get("replies")
    is_edited = told.updated_at is not None and told.updated_at != told.published_at
    is_hidden = "hidden" in item.context or told.moderation_status not in {None, "published"}
    return Post(
        platform="youtube",
        post_id=comment.id,
        native_id=comment.id,
        kind="reply" if is_reply else "comment",
        observed_at=item.observed_at,
        created_at=in_utc(told.published_at, "$.snippet.publishedAt", UTC),
        edited_at=in_utc(told.updated_at, "$.snippet.updatedAt", UTC) if is_edited else None,
        url=f"{SITE}/watch?v={video}&lc={comment.id}" if video else None,
        parent_id=(told.parent_id or above) if is_reply else video,
        root_id=video,
        parent_author_id=item.context.get("owner") or (None if is_reply else told.channel_id),
        text=words,
        mentions=_all(_HANDLE, words),
        tags=_all(TAG, words),
        links=tuple(dict.fromkeys([*links_in(words), *_linked(told.text_display, video)])),
        likes_count=told.like_count,
        replies_count=_number(count),
        visibility="private" if is_hidden else "public",
        payload=item.raw.decode("utf-8", "replace"),
        **_commenter(told),
    )


def _said(told: _CommentSnippet, item: Item) -> str:
    """The words as they were written; as they are displayed they are HTML unless asked plain."""
    if told.text_original is not None:
        return clean(told.text_original)
    is_plain = item.context.get("format") == "plainText"
    return clean(told.text_display) if is_plain else plain_text(told.text_display)


def _linked(display: str, video: str | None) -> list[str]:
    """Addresses a display links to, but for those YouTube makes of hashtags and times."""
    made = ["youtube.com/results?", *([f"youtube.com/watch?v={video}"] if video else [])]
    return [link for link in links_of(display) if not any(each in link for each in made)]


def _commenter(told: _CommentSnippet) -> dict[str, Any]:
    """Since 2023 the name of a commenter is a handle, ``@name``; before it was any name."""
    name = told.author_display_name or None
    handle = name[1:] if name and name.startswith("@") else None
    channel = told.author_channel_id.value if told.author_channel_id else None
    return {**_channel(channel, name), "author_handle": handle}


def _channel(number: str | None, name: str | None) -> dict[str, Any]:
    address = f"{SITE}/channel/{number}" if number else None
    return {"author_id": number or None, "author_name": name, "author_url": address}


def _video_place(number: str) -> dict[str, Any]:
    return {
        "platform": "youtube",
        "post_id": number,
        "native_id": number,
        "kind": "post",
        "root_id": number,
        "url": f"{SITE}/watch?v={number}",
    }


def _words(title: str, description: str) -> dict[str, Any]:
    both = f"{title}\n{description}"
    return {
        "title": clean(title),
        "text": clean(description),
        "mentions": _all(_HANDLE, both),
        "tags": _all(TAG, both),
        "links": links_in(description),
    }


def _visibility(state: str | None) -> Visibility:
    """What is not asked for is public: anybody's key finds nothing else."""
    return "public" if state is None else _OPEN.get(state, "private")


def _number(told: str | int | None) -> int | None:
    return None if told is None else msgspec.convert(told, _Count, strict=False)


def _all(pattern: re.Pattern[str], words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pattern.findall(words)))
