"""Understand one entry of an archive of Facebook or Instagram."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

import msgspec

from connectors.archives_words import NAMED, digest, every, owned_post
from connectors.markup import clean, resolve
from connectors.plain_words import PAGE, TAG
from pipeline.errors import PayloadError
from pipeline.post import Kind, Post, Visibility, utc_from_epoch
from pipeline.source import Item

_COMMENT: Final = ("Comment", "Opmerking", "Reactie")
_OWNER: Final = ("Media Owner", "Media owner", "Media-eigenaar")
_TIME: Final = ("Time", "Comment creation time", "Tijd")
_GONE: Final = "Deletion status"
_EVENT: Final = frozenset({"timestamp", "title"})
_MEANT: Final = re.compile(r"@\[(\d+):\d+:([^\]]+)\]")
"""Whom a post of Facebook names: by number and name, where readers see the name alone."""


class _Context(msgspec.Struct):
    url: str | None = None


class _Media(msgspec.Struct):
    uri: str
    creation_timestamp: int | None = None
    title: str | None = None
    description: str | None = None


class _Option(msgspec.Struct):
    option: str = ""


class _Poll(msgspec.Struct):
    question: str = ""
    options: tuple[_Option, ...] = ()


class _Told(msgspec.Struct):
    """An event in somebody's life, or a thing for sale."""

    title: str = ""
    description: str = ""


class _Attached(msgspec.Struct):
    media: _Media | None = None
    external_context: _Context | None = None
    poll: _Poll | None = None
    life_event: _Told | None = None
    for_sale_item: _Told | None = None
    text: str = ""


class _Attachment(msgspec.Struct):
    data: tuple[_Attached, ...] = ()


class _Said(msgspec.Struct):
    """A picture or a sticker alone has no words."""

    comment: str | None = None
    author: str | None = None
    group: str | None = None


class _Words(msgspec.Struct):
    post: str | None = None
    comment: _Said | None = None


class _Facebook(msgspec.Struct):
    """A picture alone may come without ``data``."""

    timestamp: int
    data: tuple[_Words, ...] | None = None
    attachments: tuple[_Attachment, ...] | None = None


class _Comment(msgspec.Struct):
    """A comment without words (a sticker) has no data."""

    timestamp: int
    data: tuple[_Words, ...] = ()


class _Instagram(msgspec.Struct):
    media: tuple[_Media, ...]
    title: str | None = None
    creation_timestamp: int | None = None


class _Mapped(msgspec.Struct):
    value: str | None = None
    timestamp: int | None = None


class _MappedComment(msgspec.Struct):
    string_map_data: dict[str, _Mapped] | None = None


def facebook_post(item: Item) -> Post | None:
    """A post; None for an entry without words, pictures or a link, which says nothing.

    Of what was written on the page of another only that it was written may be told.
    """
    if msgspec.json.decode(item.raw, type=dict[str, msgspec.Raw]).keys() <= _EVENT:
        return None
    entry = msgspec.json.decode(item.raw, type=_Facebook)
    if entry.data is None and entry.attachments is None:
        raise PayloadError("neither words nor pictures", where="$.data")
    attached = [each for attachment in entry.attachments or () for each in attachment.data]
    media = [each.media for each in attached if each.media]
    words = [each.post for each in entry.data or () if each.post is not None]
    told = words or [each.description for each in media if each.description]
    text = repaired("\n\n".join(dict.fromkeys(told)))
    pages = [each.external_context.url for each in attached if each.external_context]
    links = [page for page in pages if page and resolve(page)]
    more = _unsaid(_shown(text), attached)
    if not text and not media and not links and not more:
        return None
    files = [PurePosixPath(each.uri).name for each in media]
    names = files if text or files or links else more
    post = _meta_post(item, "facebook", "post", entry.timestamp, text, names, links)
    whole = "\n".join(filter(None, [post.text, *more]))
    return msgspec.structs.replace(post, text=whole) if more else post


def _unsaid(said: str, attached: list[_Attached]) -> list[str]:
    """What the attached words say beside the words above them, each once."""
    more: list[str] = []
    for words in _attached_words(attached):
        if f"\n{words}\n" not in f"\n{said}\n":
            more.append(words)
            said = f"{said}\n{words}"
    return more


def _attached_words(attached: list[_Attached]) -> Iterator[str]:
    """What is said beside the words themselves: in a poll, of an event, of a thing for sale."""
    for each in attached:
        told = [each.text]
        for thing in (each.life_event, each.for_sale_item):
            told += [thing.title, thing.description] if thing else []
        if each.poll:
            told += [each.poll.question, *(choice.option for choice in each.poll.options)]
        yield from (words for words in map(_shown, map(repaired, told)) if words)


def _shown(text: str) -> str:
    """The words as readers see them."""
    return _MEANT.sub(r"\2", clean(text)).strip()


def facebook_comment(item: Item) -> Post | None:
    """A comment; None for one without words. Nothing names the post it is on."""
    entry = msgspec.json.decode(item.raw, type=_Comment)
    said = next((each.comment for each in entry.data if each.comment), None)
    if said is None or said.comment is None:
        return None
    post = _meta_post(item, "facebook", "comment", entry.timestamp, repaired(said.comment))
    name = repaired(said.author) if said.author else post.author_name
    # A group may be closed, and the archive does not tell: what was said in one is not kept.
    visibility: Visibility = "private" if said.group is not None else "public"
    return msgspec.structs.replace(post, author_name=name, visibility=visibility)


def instagram_post(item: Item) -> Post:
    """A post or reel; with several pictures its words stand beside them."""
    entry = msgspec.json.decode(item.raw, type=_Instagram)
    first = entry.media[0] if entry.media else None
    moment = entry.creation_timestamp or (first.creation_timestamp if first else None)
    if moment is None:
        raise PayloadError("a post without its time", where="$.creation_timestamp")
    text = repaired(entry.title or (first.title if first else None) or "")
    names = [PurePosixPath(each.uri).name for each in entry.media[:1]]
    return _meta_post(item, "instagram", "post", moment, text, names)


def instagram_comment(item: Item) -> Post:
    """A comment, under keys in the language of the account; in 2022 they told of deleted ones."""
    entry = msgspec.json.decode(item.raw, type=_MappedComment).string_map_data
    if entry is None:
        raise PayloadError("no string_map_data: a form of export that leaves the words out")
    named = {repaired(name): value for name, value in entry.items()}
    said = next((named[name].value for name in _COMMENT if name in named), None)
    moment = next((named[name].timestamp for name in _TIME if name in named), None)
    if said is None or moment is None:
        raise PayloadError(
            f"no comment or no time among {', '.join(named)[:200]}", where="$.string_map_data"
        )
    post = _meta_post(item, "instagram", "comment", moment, repaired(said))
    if _GONE in named and named[_GONE].value == "True":
        return msgspec.structs.replace(
            post, deleted_at=item.observed_at, text="", mentions=(), tags=(), links=()
        )
    owner = next((named[name].value for name in _OWNER if name in named), None)
    return msgspec.structs.replace(post, parent_author_id=repaired(owner) if owner else None)


def _meta_post(
    item: Item,
    platform: str,
    kind: Kind,
    timestamp: int,
    text: str,
    files: list[str] | None = None,
    links: list[str] | None = None,
) -> Post:
    """Neither Facebook nor Instagram gives its names of posts away: a digest is the name."""
    written = clean(text).strip()
    words = _MEANT.sub(r"\2", written)
    meant = tuple(dict.fromkeys(number for number, _ in _MEANT.findall(written)))
    return owned_post(
        item,
        platform=platform,
        post_id=digest(platform, kind, str(timestamp), written, *(files or [])),
        kind=kind,
        created_at=_epoch(timestamp),
        text=words,
        mentions=every(NAMED, words) if platform == "instagram" else meant,
        tags=every(TAG, words),
        links=tuple(dict.fromkeys([*(links or []), *every(PAGE, words)])),
    )


def repaired(text: str) -> str:
    """The text as it was typed: Facebook and Instagram write the bytes of UTF-8 as characters."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _epoch(seconds: int) -> datetime:
    try:
        return utc_from_epoch(seconds)
    except (ValueError, OverflowError, OSError) as error:
        raise PayloadError(f"{seconds} is not a time", where="$.timestamp") from error
