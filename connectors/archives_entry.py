"""Understand one entry of an archive: what somebody said, as their platform wrote it down."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from connectors.archives_meta import (
    facebook_comment,
    facebook_post,
    instagram_comment,
    instagram_post,
)
from connectors.archives_tweet import tweet_post
from connectors.archives_words import NAMED, count, digest, every, owned_post, time_of
from connectors.markup import clean, resolve
from connectors.plain_words import PAGE, TAG
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item

_URN: Final = re.compile(r"urn:li:(?:share|ugcPost|activity):\d+")
_ACTIVITY: Final = re.compile(r"[-/]activity-(\d+)")
_VIDEO: Final = re.compile(r"/video/(\d+)")
_OPEN: Final = frozenset({"", "PUBLIC", "MEMBER_NETWORK", "ANYONE"})
_IN_GROUP: Final = "urn:li:groupPost:"
_BREAK: Final = re.compile(r'"\r?\n"')


class _Share(msgspec.Struct):
    """Old exports have neither media nor visibility."""

    Date: str
    ShareLink: str
    ShareCommentary: str
    SharedUrl: str = ""
    MediaUrl: str = ""
    Visibility: str = ""


class _Message(msgspec.Struct):
    Date: str
    Link: str
    Message: str


class _Video(msgspec.Struct):
    date: str
    link: str
    likes: str | int | None = None
    whocanview: str | None = None
    title: str | None = None


class _Remark(msgspec.Struct):
    date: str
    comment: str


def entry_post(item: Item) -> Post | None:
    """The post of one entry; None for what says nothing (somebody saved, went, was tagged).

    Raises:
        PayloadError: an entry without its time, its words or what it should have.
    """
    return _READ[item.context["kind"]](item)


def _linkedin_share(item: Item) -> Post:
    row = msgspec.json.decode(item.raw, type=_Share)
    _check_cells(item)
    words = clean(_unquoted(row.ShareCommentary)).strip()
    pages = [each for each in (row.SharedUrl, row.MediaUrl) if each and resolve(each)]
    is_open = row.Visibility.strip().upper() in _OPEN and not _is_in_group(row.ShareLink)
    if not row.ShareLink.strip():
        raise PayloadError("a share without its link", where="$.ShareLink")
    return owned_post(
        item,
        platform="linkedin",
        post_id=_urn(row.ShareLink) or digest("linkedin", row.ShareLink),
        kind="post" if words or pages else "repost",
        created_at=time_of(row.Date, item, "$.Date"),
        url=resolve(row.ShareLink),
        text=words,
        tags=every(TAG, words),
        links=tuple(dict.fromkeys([*pages, *every(PAGE, words)])),
        visibility="public" if is_open else "followers",
    )


def _linkedin_comment(item: Item) -> Post:
    row = msgspec.json.decode(item.raw, type=_Message)
    _check_cells(item)
    words = clean(row.Message).strip()
    return owned_post(
        item,
        platform="linkedin",
        post_id=digest("linkedin", row.Date, row.Link, words),
        kind="comment",
        created_at=time_of(row.Date, item, "$.Date"),
        url=resolve(row.Link),
        parent_id=_urn(row.Link),
        root_id=_urn(row.Link),
        text=words,
        tags=every(TAG, words),
        links=every(PAGE, words),
        visibility="followers" if _is_in_group(row.Link) else "public",
    )


def _unquoted(words: str) -> str:
    """LinkedIn closes a quotation before each line break of a share, and opens one after it."""
    is_quoted = len(_BREAK.findall(words)) == words.count("\n")
    return _BREAK.sub("\n", words) if is_quoted else words


def _is_in_group(address: str) -> bool:
    """What is said in a group is for its members, whatever the share says of who may see it."""
    return _IN_GROUP in unquote(address)


def _check_cells(item: Item) -> None:
    if "" in msgspec.json.decode(item.raw, type=dict[str, Any]):
        raise PayloadError("more cells than columns: a comma or quotation mark too many?")


def _tiktok_video(item: Item) -> Post:
    """The export has no captions: what is left is that there was a video, and its likes.

    Newer ones have a title, "N/A" where there is none.
    """
    video = msgspec.convert(_lowered(item), type=_Video)
    title = clean(video.title or "").strip()
    found = _VIDEO.search(video.link)
    is_open = (video.whocanview or "public").strip().casefold() in {"public", "everyone"}
    return owned_post(
        item,
        platform="tiktok",
        post_id=found[1] if found else digest("tiktok", video.date, video.link),
        native_id=found[1] if found else None,
        kind="post",
        created_at=time_of(video.date, item, "$.Date"),
        url=resolve(video.link),
        title=title if title not in {"", "N/A"} else None,
        text="",
        likes_count=count(video.likes, "$.Likes"),
        visibility="public" if is_open else "private",
    )


def _tiktok_comment(item: Item) -> Post:
    said = msgspec.convert(_lowered(item), type=_Remark)
    words = clean(said.comment).strip()
    return owned_post(
        item,
        platform="tiktok",
        post_id=digest("tiktok", said.date, words),
        kind="comment",
        created_at=time_of(said.date, item, "$.Date"),
        text=words,
        mentions=every(NAMED, words),
        tags=every(TAG, words),
    )


def _lowered(item: Item) -> Mapping[str, Any]:
    """Keys are ``Date`` or ``date``, as the year had it."""
    entry = msgspec.json.decode(item.raw, type=dict[str, Any])
    return {name.casefold(): value for name, value in entry.items()}


def _urn(address: str) -> str | None:
    """The post an address is of: LinkedIn writes its name with or without a colon."""
    plain = unquote(address)
    found, activity = _URN.search(plain), _ACTIVITY.search(plain)
    if found:
        return found[0]
    return f"urn:li:activity:{activity[1]}" if activity else None


_READ: Final[Mapping[str, Callable[[Item], Post | None]]] = {
    "tweet": tweet_post,
    "deleted tweet": tweet_post,
    "facebook post": facebook_post,
    "facebook comment": facebook_comment,
    "instagram post": instagram_post,
    "instagram comment": instagram_comment,
    "linkedin share": _linkedin_share,
    "linkedin comment": _linkedin_comment,
    "tiktok video": _tiktok_video,
    "tiktok comment": _tiktok_comment,
}
