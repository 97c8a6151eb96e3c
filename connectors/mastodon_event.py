"""What Mastodon streams, kept in a file: server-sent events, or messages of its websocket.

The data of an event is a status, a notification, or the bare id of a status that is gone; the
websocket wraps all three in an object, as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from connectors import mastodon_pages as pages
from connectors import mastodon_status
from connectors.frames import Kept, cut_each, kept
from connectors.paging import decode
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item, Reply

_OF_POSTS: Final = frozenset({"update", "status.update", "notification"})
_SIGNS: Final = frozenset({"uri", "type"})
_NAME: Final = re.compile(r"[\w-]{1,64}")
_DELETED: Final = "delete"
_GONE: Final = "gone"
_BROKEN: Final = {"shape": "broken"}


class _Message(msgspec.Struct):
    """One message of the websocket; an error has none of these."""

    event: str
    payload: Any = None


def cut(reply: Reply, names: Mapping[str, str]) -> Iterator[Item]:
    """The statuses of a reply or of each message, and the names of those that were deleted.

    Raises:
        PayloadError: a reply that is none, a message without what its kind promises.
    """
    messages = kept(reply.body)
    if any(each.event for each in messages):
        for each in messages:
            yield from _said(each, reply, names)
        return

    def cut_one(one: Reply) -> Iterator[Item]:
        return _message(one, names)

    yield from cut_each(reply, messages, cut_one, _BROKEN) if messages else cut_one(reply)


def to_post(item: Item) -> Post | None:
    """Understand one item: a status, or what is left of one that was deleted."""
    shape = item.context.get("shape")
    if shape is None:
        return mastodon_status.to_post(item)
    if shape != _GONE:
        decode(item.raw, dict[str, Any])
        raise PayloadError("neither a status nor a notification", where="$")
    number = item.raw.decode("utf-8", "replace").strip().strip('"')
    if not _NAME.fullmatch(number):
        raise PayloadError("a deletion that names no status", where="$")
    host = item.context.get("host", "")
    name = f"{host}/{number}" if host else number
    return Post(
        platform="mastodon",
        post_id=name,
        native_id=number,
        aliases=(name,) if host else (),
        kind="post",
        observed_at=item.observed_at,
        deleted_at=item.observed_at,
        payload="null",
    )


def _message(reply: Reply, names: Mapping[str, str]) -> Iterator[Item]:
    """A message of the websocket, or else a reply."""
    if b'"payload"' not in reply.body or b'"event"' not in reply.body:
        yield from pages.cut(reply, names)
        return
    fields = decode(reply.body, dict[str, msgspec.Raw], where=reply.url or "reply")
    if not {"event", "payload"} <= fields.keys():
        yield from pages.cut(reply, names)
        return
    told = decode(reply.body, _Message)
    is_text = isinstance(told.payload, str)
    data = told.payload.encode() if is_text else bytes(fields["payload"])
    yield from _said(Kept("$.payload ", told.event, data), reply, names)


def _said(message: Kept, reply: Reply, names: Mapping[str, str]) -> Iterator[Item]:
    """The statuses an event is about; filters, announcements and the like are about none."""
    if message.event == _DELETED:
        context = {**names, "shape": _GONE}
        path = f"{message.place}$"
        yield Item(
            raw=message.data.strip(), path=path, observed_at=reply.observed_at, context=context
        )
    elif message.event in _OF_POSTS:
        one = msgspec.structs.replace(reply, body=message.data)
        yield from cut_each(one, [message], lambda each: _promised(each, names), _BROKEN)


def _promised(reply: Reply, names: Mapping[str, str]) -> Iterator[Item]:
    """What an event of posts must hold; anything else is left to be rejected."""
    body = reply.body.strip()
    is_object = body.startswith(b"{")
    if is_object and _SIGNS & decode(body, dict[str, msgspec.Raw]).keys():
        yield from pages.cut(reply, names)
    else:
        yield Item(raw=body, path="$", observed_at=reply.observed_at, context=_BROKEN)
