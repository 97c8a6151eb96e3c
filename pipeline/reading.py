"""Understand one item: a post, nothing, or the reason why it was not understood, with its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, Final, Protocol

import msgspec

from pipeline.errors import PayloadError
from pipeline.meant import TIMES, as_meant
from pipeline.post import Post, Read, Rejected
from pipeline.source import Item, Reply

_PATH: Final = re.compile(r" - at `(?P<path>\$[^`]*)`$")

_NULL: Final = "got `null`"
_HALF: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""An escape in JSON: a pair that is one character, half of such a pair, or any other."""
_WHO_MAY_READ: Final = frozenset(
    ["visibility", "status", "privacy", "privacyStatus", "moderationStatus", "protected"]
)
"""Null in one of these is no consent."""
_COUNTS: Final = tuple(name for name in Post.__struct_fields__ if name.endswith("_count"))
_counts: Final = attrgetter(*_COUNTS)
_times: Final = attrgetter(*TIMES)
_NOTHING: Final = (b"{}", b"[]", b"null", b'""', b"")
_LEAST: Final = -(2**63)
_MOST: Final = 2**63 - 1


class Reader(Protocol):
    """The two pure functions of a connector."""

    def read(self, reply: Reply) -> Iterator[Item]:
        """Cut a reply into items."""
        ...

    def to_post(self, item: Item) -> Post | None:
        """Understand one item."""
        ...


def understand_item(connector: Reader | Any, item: Item) -> Iterator[Read]:
    """What ``read_item`` says, where there is something."""
    read = read_item(connector, item)
    if read is not None:
        yield read


def read_item(connector: Reader | Any, item: Item) -> Read | None:
    """The post of one item, None for a non-post, or why it was not understood.

    What is null where a connector knows only what is absent is taken for absent, and half a
    character for one that nobody can read.
    """
    read = _read(connector, item)
    if not isinstance(read, Rejected):
        return read
    whole = whole_characters(item.raw)
    if whole != item.raw:
        item = msgspec.structs.replace(item, raw=whole)
        read = _read(connector, item)
    is_null = isinstance(read, Rejected) and _NULL in read.reason
    return (_read_without_nulls(connector, item) or read) if is_null else read


def _read_without_nulls(connector: Reader | Any, item: Item) -> Post | None:
    """The post of an item without the keys that tell nothing, its payload as it was sent."""
    try:
        told = msgspec.json.decode(item.raw)
        raw = msgspec.json.encode(_without_nulls(told))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    bare = msgspec.structs.replace(item, raw=raw)
    read = _read(connector, bare)
    if not isinstance(read, Post):
        return None
    is_all = read.payload == text(bare)
    return msgspec.structs.replace(read, payload=text(item)) if is_all else read


def whole_characters(json: bytes) -> bytes:
    """JSON in which no text ends in half a character, as one does that was cut off by its length.

    No parser that keeps to the standard reads such a half (RFC 8259, 8.2): U+FFFD stands for it.
    """
    if b"\\ud" not in json and b"\\uD" not in json:
        return json
    return _HALF.sub(lambda found: rb"\ufffd" if found["half"] else found[0], json)


def _without_nulls(told: Any) -> Any:
    if isinstance(told, dict):
        return {
            name: _without_nulls(each)
            for name, each in told.items()
            if each is not None or name in _WHO_MAY_READ
        }
    return [_without_nulls(each) for each in told] if isinstance(told, list) else told


def _read(connector: Reader | Any, item: Item) -> Read | None:
    try:
        post = connector.to_post(item)
    except PayloadError as error:
        where = inner_path(item.path, error.where)
        return Rejected(reason=error.what, path=where, payload=text(item))
    except (msgspec.DecodeError, ValueError, OverflowError, OSError, RecursionError) as error:
        found = _PATH.search(str(error))
        reason = str(error)[: found.start()] if found else str(error)
        path = inner_path(item.path, found["path"] if found else "$")
        return Rejected(reason=reason, path=path, payload=text(item))
    fault = _untold(item) if post is None else _unfit(post)
    if fault is not None:
        return Rejected(reason=fault, path=item.path, payload=text(item))
    return None if post is None else as_meant(post)


def _untold(item: Item) -> str | None:
    """Why an item that gives no post tells not even what else it is, or None."""
    return "nothing in it" if item.raw.strip() in _NOTHING else None


def _unfit(post: Post) -> str | None:
    """Why a post cannot be stored, or None."""
    if not post.post_id.strip():
        return "a post without its name"
    for moment in _times(post):
        if moment is not None and moment.tzinfo is None:
            return "a time without a zone"
    for count in _counts(post):
        if count is not None and not _LEAST <= count <= _MOST:
            return f"{_COUNTS[_counts(post).index(count)]} is no number that can be"
    return None


def inner_path(outer: str, inner: str) -> str:
    """``$.posts[3]`` and ``$.author.did`` as ``$.posts[3].author.did``."""
    return outer + inner.removeprefix("$") if inner.startswith("$") else f"{outer} {inner}".strip()


def text(item: Item) -> str:
    """The item's bytes as text; undecodable bytes are shown, not lost."""
    return item.raw.decode("utf-8", "backslashreplace")
