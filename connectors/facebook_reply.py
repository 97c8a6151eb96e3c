"""Cut what the Graph API says of a page (lists, nested lists, batches, webhooks) into posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.facebook_names import is_number
from connectors.facebook_post import node_post
from connectors.facebook_webhook import change_post
from connectors.graph import refusal
from connectors.graph_batch import answered, by_name
from connectors.paging import decode, items, unless_refused
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item, Reply

_BELOW: Final = (
    "comments",
    "posts",
    "feed",
    "published_posts",
    "visitor_posts",
    "tagged",
    "ratings",
)
_MAY_HOLD: Final = re.compile(b'"(?:%s)"' % "|".join(_BELOW).encode())
_MEANINGS: Final = {
    "comments": "above",
    "posts": "author",
    "published_posts": "author",
    "feed": "wall",
    "visitor_posts": "to",
    "tagged": "to",
    "ratings": "to",
}
_SIGNS: Final = frozenset({"id", "created_time", "permalink_url", "open_graph_story", "success"})


_NO_LIST: Final = frozenset({"is_valid", "is_silhouette"})
"""What is told of a token or of a picture stands where lists stand."""


class _Named(msgspec.Struct):
    id: str | int | None = None


class _Edge(msgspec.Struct):
    """What hangs below; kept in a file it may stand there as a bare list."""

    data: list[msgspec.Raw] = []


class _Entry(msgspec.Struct):
    """What changed, or letters to the page, which are nobody else's business."""

    id: str | int
    time: str | int | None = None
    changes: list[msgspec.Raw] | None = None
    messaging: Any = None
    standby: Any = None


def cut(reply: Reply) -> Iterator[Item]:
    """Items of any reply; which of them are posts, their own fields tell.

    Raises:
        LuisterError: the reply is a refusal, or neither a thing nor a list of things.
    """
    unless_refused(refusal(reply))
    if reply.body.lstrip().startswith(b"["):
        yield from _in_batch(reply)
        return
    answer = decode(reply.body, dict[str, msgspec.Raw])
    if "entry" in answer:
        yield from _changes(bytes(answer["entry"]), reply)
    elif "data" in answer:
        yield from _listed(bytes(answer["data"]), "$.data", reply, _asked(reply))
    elif _SIGNS & answer.keys():
        yield from _within(reply.body.strip(), "$", reply, {})
    else:
        for one, path in by_name(answer):
            yield from _within(one, path, reply, {})


def post_in(item: Item) -> Post | None:
    """A post, a comment or a review; None for pages, people, pictures, videos and likes."""
    return change_post(item) if "page" in item.context else node_post(item)


def _in_batch(reply: Reply) -> Iterator[Item]:
    """The posts in each answer of a batch.

    Raises:
        LuisterError: what the first of them refuses, when all were read.
    """
    for part in answered(reply):
        yield from cut(part)


def _changes(entries: bytes, reply: Reply) -> Iterator[Item]:
    for number, entry in enumerate(decode(entries, list[_Entry], where="$.entry")):
        time = {} if entry.time is None else {"time": str(entry.time)}
        context = {"page": str(entry.id), **time}
        if entry.changes is None and entry.messaging is None and entry.standby is None:
            raise PayloadError("neither changes nor letters", where=f"$.entry[{number}]")
        yield from items(entry.changes or (), reply, f"$.entry[{number}].changes", context)


def _listed(data: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Iterator[Item]:
    """The elements of a list, and what hangs below each."""
    if data[:1] == b"{":
        if decode(data, dict[str, msgspec.Raw], where=path).keys().isdisjoint(_NO_LIST):
            raise PayloadError("neither posts nor a list of them", where=path)
        return
    for number, element in enumerate(decode(data, list[msgspec.Raw], where=path)):
        yield from _within(bytes(element), f"{path}[{number}]", reply, context)


def _within(raw: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Iterator[Item]:
    """One thing, and the posts and comments that were asked for together with it."""
    yield Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)
    if not _MAY_HOLD.search(raw):
        return
    node = decode(raw, dict[str, msgspec.Raw], where=path)
    for edge in _BELOW:
        below, place = bytes(node.get(edge, b"")), f"{path}.{edge}"
        found: Sequence[msgspec.Raw] = ()
        if below[:1] == b"{":
            found, place = decode(below, _Edge, where=place).data, f"{place}.data"
        elif below[:1] == b"[":
            found = decode(below, list[msgspec.Raw], where=place)
        around = _around(edge, decode(raw, _Named, where=path).id) if found else {}
        for number, element in enumerate(found):
            yield from _within(bytes(element), f"{place}[{number}]", reply, around)


def _asked(reply: Reply) -> dict[str, str]:
    """What the address of a list tells about its elements."""
    *_, name, edge = ["", "", *urlsplit(reply.url).path.rstrip("/").split("/")]
    return _around(edge, name)


def _around(edge: str, name: str | int | None) -> dict[str, str]:
    """What a list says of its elements: below what, by which page, or to which page they are."""
    meaning = _MEANINGS.get(edge)
    if meaning is None or not is_number(str(name)):
        return {}
    return {meaning: str(name)}


THIS: Final[Any] = SimpleNamespace(read=cut, to_post=post_in)
