"""Cut what the API says of an Instagram account into items: lists in lists, batches, webhooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.graph import refusal
from connectors.graph_batch import answered, by_name
from connectors.graph_words import Named, moment, name_of
from connectors.paging import decode, unless_refused
from pipeline.errors import PayloadError
from pipeline.source import Item, Reply

_LISTS: Final = (
    "media",
    "stories",
    "tags",
    "recent_media",
    "top_media",
    "live_media",
    "comments",
    "replies",
)
_WRAPPERS: Final = ("business_discovery", "mentioned_media", "mentioned_comment")
_FIELDS: Final = frozenset({"comments", "live_comments"})
_MEANINGS: Final = {
    "media": "account",
    "stories": "account",
    "tags": "to",
    "comments": "above",
    "replies": "comment",
}


class _Known(msgspec.Struct):
    """Below what, or by whom, something stands."""

    id: str | int
    username: str | None = None
    media: Named | None = None


class _Change(msgspec.Struct):
    field: str
    value: msgspec.Raw


class _Entry(msgspec.Struct):
    """What changed, in one of two shapes; letters are nobody else's business."""

    id: str | int
    time: str | int | None = None
    changes: list[_Change] | None = None
    field: str | None = None
    value: msgspec.Raw = msgspec.Raw(b"")
    messaging: Any = None
    standby: Any = None


class _Paging(msgspec.Struct):
    next: str | None = None


class _Replies(msgspec.Struct):
    paging: _Paging | None = None


class _Comment(msgspec.Struct):
    id: str | int | None = None
    replies: _Replies | None = None


class _Comments(msgspec.Struct):
    data: list[_Comment] = []


def cut(reply: Reply) -> Iterator[Item]:
    """Items of any reply; which of them are posts, their own fields tell.

    The pictures of one post are no posts, where the address shows that they were asked for.

    Raises:
        LuisterError: the reply is a refusal, or neither a thing nor a list of things.
    """
    unless_refused(refusal(reply))
    body = reply.body.strip()
    if body.startswith(b"["):
        yield from _in_list(reply)
        return
    answer = decode(body, dict[str, msgspec.Raw])
    if "entry" in answer:
        yield from _changes(bytes(answer["entry"]), reply)
    elif "data" in answer:
        if not reply.url.partition("?")[0].endswith("/children"):
            yield from _elements(bytes(answer["data"]), "$.data", reply, _asked(reply))
    elif "id" in answer or set(_WRAPPERS) & answer.keys():
        yield from _within(body, "$", reply, {})
    else:
        for one, path in by_name(answer):
            yield from _within(one, path, reply, {})


def unfinished(reply: Reply) -> list[str]:
    """The comments of a page that have more answers than stand inside them."""
    return [
        str(each.id)
        for each in decode(reply.body, _Comments).data
        if each.replies and each.replies.paging and each.replies.paging.next
    ]


def _in_list(reply: Reply) -> Iterator[Item]:
    """A batch, or webhooks in a list; what a batch tells to be gone holds nothing."""
    parts = decode(reply.body, list[dict[str, msgspec.Raw] | None])
    if any(part and "entry" in part for part in parts):
        for part in parts:
            yield from _changes(bytes((part or {}).get("entry", b"")), reply)
        return
    for answer in answered(reply):
        yield from cut(answer)


def _changes(entries: bytes, reply: Reply) -> Iterator[Item]:
    """Comments that a webhook tells of; it says when it told, not when they were written."""
    for number, entry in enumerate(decode(entries, list[_Entry], where="$.entry")):
        path = f"$.entry[{number}]"
        changes = list(entry.changes or ())
        if entry.field is not None:
            changes.append(_Change(entry.field, entry.value))
        if not changes and entry.changes is None and not (entry.messaging or entry.standby):
            raise PayloadError("neither changes nor letters", where=path)
        told = moment(entry.time, f"{path}.time")
        context = {"told": told.isoformat()} if told else {}
        for change in changes:
            if change.field in _FIELDS:
                yield from _values(bytes(change.value), f"{path}.{change.field}", reply, context)


def _values(value: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Iterator[Item]:
    """One comment, or a list of them; what it stands under it says itself."""
    is_list = value[:1] == b"["
    many = decode(value, list[msgspec.Raw], where=path) if is_list else [msgspec.Raw(value)]
    for each in many:
        yield Item(
            raw=bytes(each),
            path=path,
            observed_at=reply.observed_at,
            context={**context, "above": ""},
        )


def _elements(data: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Iterator[Item]:
    """The elements of a list, and what hangs below each."""
    for number, element in enumerate(decode(data, list[msgspec.Raw], where=path)):
        yield from _within(bytes(element), f"{path}[{number}]", reply, context)


def _within(raw: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Iterator[Item]:
    """One thing, and the posts, comments and answers asked for together with it."""
    yield Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)
    if not any(b'"%s"' % name.encode() in raw for name in (*_LISTS, *_WRAPPERS)):
        return
    node = decode(raw, dict[str, msgspec.Raw], where=path)
    for name in _WRAPPERS:
        if name in node:
            yield from _within(bytes(node[name]), f"{path}.{name}", reply, {})
    for name in _LISTS:
        if bytes(node.get(name, b""))[:1] == b"{":
            around = _around(name, decode(raw, _Known, where=path), context)
            below = decode(bytes(node[name]), dict[str, msgspec.Raw], where=f"{path}.{name}")
            if "data" in below:
                where = f"{path}.{name}.data"
                yield from _elements(bytes(below["data"]), where, reply, around)
            elif "id" not in below:
                raise PayloadError("a list without its elements", where=f"{path}.{name}")


def _around(name: str, node: _Known, context: Mapping[str, str]) -> dict[str, str]:
    """A comment stands under its post, an answer under its comment, a post with its account."""
    if name == "comments":
        return {"above": str(node.id)}
    if name == "replies":
        media = name_of(node.media.id) if node.media else None
        return {**({"above": media} if media else {}), **context, "comment": str(node.id)}
    return {"username": node.username} if node.username else {}


def _asked(reply: Reply) -> dict[str, str]:
    """What the address of a list tells about its elements."""
    *_, name, edge = ["", "", *urlsplit(reply.url).path.rstrip("/").split("/")]
    meaning = _MEANINGS.get(edge)
    return {meaning: name} if meaning and name.isdecimal() else {}
