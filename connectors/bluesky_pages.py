"""Replies of the AT protocol: which posts they hold, and where the next page begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from connectors import bluesky_event, bluesky_post
from connectors.bluesky_event import is_event
from connectors.dates import time_of
from connectors.frames import cut_each, kept
from connectors.paging import decode, is_older
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item, Reply

T = TypeVar("T")
Raws = Mapping[str, msgspec.Raw]
Cut = tuple[str, bytes, str, bytes]
"""The shape of what was found, its bytes, where it stood, and what tells it from the others."""
How = Callable[[msgspec.Raw, str], Iterator[Cut]]
_EVENT: Final = {"shape": "event"}
_NULL: Final = msgspec.Raw(b"null")
_NOTHING: Final = msgspec.Raw(b"")
_PROMISED: Final[Mapping[str, str]] = {
    "searchPosts": "posts",
    "getPosts": "posts",
    "getQuotes": "posts",
    "getAuthorFeed": "feed",
    "getTimeline": "feed",
    "getPostThread": "thread",
    "listNotifications": "notifications",
}


_OF_OTHERS: Final = frozenset(
    [
        *("did", "handle", "profiles", "likes", "repostedBy", "followers", "follows", "count"),
        *("commit", "accessJwt", "actors", "subject", "blob", "preferences", "list", "lists"),
        *("items", "feeds", "view", "views", "starterPack", "starterPacks", "labels", "cursor"),
        *("collections", "uri", "topics", "trends", "suggestions", "convos", "messages", "blocks"),
        *("mutes", "didDoc", "head", "rev", "repos", "relationships", "threadgate", "posts"),
        *("feed", "notifications", "records", "depth", "seenAt", "availableUserDomains", "logs"),
    ]
)
"""Marks of profiles, likes, lists, sessions, sums and all else that is no post."""


class _Fed(msgspec.Struct, gc=False):
    """An element of a feed."""

    post: msgspec.Raw = _NOTHING
    reason: msgspec.Raw = _NOTHING
    reply: msgspec.Raw = _NULL


class _View(msgspec.Struct, gc=False):
    """A post, what is embedded in it, or what that embeds: each has some of these."""

    uri: msgspec.Raw = _NOTHING
    embed: msgspec.Raw = _NULL
    record: msgspec.Raw = _NOTHING
    value: msgspec.Raw = _NOTHING


_UNSEEN: Final = _View()


class Page(msgspec.Struct, frozen=True, gc=False):
    """What paging needs of a page: where it goes on, and which posts of when it holds."""

    cursor: str | None
    uris: Sequence[str]
    times: Sequence[datetime]

    def is_older(self, since: datetime) -> bool:
        """Whether the page lies before ``since`` as a whole; an empty one does not."""
        return is_older(self.times, since)


def page(reply: Reply, name: str) -> Page:
    """The list ``name`` of a reply as a page.

    Raises:
        PayloadError: the reply is not JSON or lacks the list.
    """
    body = decode(reply.body, dict[str, Any], where=reply.url)
    if not isinstance(body.get(name), list):
        raise PayloadError(f"the promised list is missing: $.{name}", where=reply.url)
    elements = [each for each in body[name] if isinstance(each, dict)]
    uris = [str(each["uri"]) for each in elements if "uri" in each]
    times = [moment for moment in map(_moment, elements) if moment]
    cursor = body.get("cursor")
    return Page(str(cursor) if cursor else None, uris, times)


def _moment(element: Mapping[str, Any]) -> datetime | None:
    """When an element took its place in the list: a repost counts, not what it reposts."""
    shown = element.get("reason") or element.get("post") or element
    given = shown.get("indexedAt") if isinstance(shown, dict) else element.get("indexedAt")
    return time_of(given)


def cut(reply: Reply) -> Iterator[Item]:
    """The posts in any reply, each once, with those they quote, repost or answer.

    Messages of Jetstream that were kept in a file are read too.

    Raises:
        PayloadError: not JSON, or without the list its method promises.
    """
    messages = kept(reply.body)
    return cut_each(reply, messages, _one, _EVENT) if messages else _one(reply)


def post_in(item: Item) -> Post | None:
    """The post in one item; likes, follows and records of other kinds are none."""
    is_of_stream = item.context["shape"] == "event"
    return bluesky_event.to_post(item) if is_of_stream else bluesky_post.to_post(item)


def _one(reply: Reply) -> Iterator[Item]:
    """The posts of an answer, or of one message."""
    method = urlsplit(reply.url).path.rpartition(".")[2]
    where, is_object = reply.url or "reply", reply.body.lstrip()[:1] == b"{"
    fields = decode(reply.body, dict[str, msgspec.Raw], where=where) if is_object else {}
    body = msgspec.Raw(reply.body) if is_object else decode(reply.body, msgspec.Raw, where=where)
    if is_event(fields):
        yield _event(reply.body, "$", reply)
        return
    listed = decode(reply.body, list[msgspec.Raw]) if _is_list(body) else []
    if listed and is_event(_fields(listed[0])):
        yield from (_event(bytes(each), f"$[{at}]", reply) for at, each in enumerate(listed))
        return
    promised = _PROMISED.get(method)
    if promised and promised not in fields:
        raise PayloadError(f"the promised key is missing: $.{promised}", where=reply.url)
    seen: set[bytes] = set()
    for shape, raw, path, name in _whole(body, fields):
        if name in seen:
            continue
        seen.add(name)
        yield Item(raw=raw, path=path, observed_at=reply.observed_at, context={"shape": shape})


def _event(raw: bytes, path: str, reply: Reply) -> Item:
    """A message of Jetstream as one item."""
    return Item(raw=raw, path=path, observed_at=reply.observed_at, context=_EVENT)


def cut_off(reply: Reply) -> dict[str, bool]:
    """The posts of a thread, and whether each has replies that are left out: then it has no list.

    So it is below what is too deep, and wherever one stands above the post that was asked for.
    """
    found = {}
    body = _fields(decode(reply.body, msgspec.Raw, where=reply.url))
    for node, _ in _nodes(body.get("thread", _NULL), "$.thread"):
        post = _fields(node.get("post", _NULL))
        count = decode(bytes(post.get("replyCount", b"0")), int)
        if "uri" in post:
            found[decode(bytes(post["uri"]), str)] = "replies" not in node and count > 0
    return found


def _whole(body: msgspec.Raw, fields: Raws) -> Iterator[Cut]:
    """Whatever a reply is: one of the known lists, a thread, a record, or a bare list of them."""
    if _is_list(body):
        yield from _each(body, "$", _guessed)
        return
    for name, how in _LISTS.items():
        if name in fields:
            yield from _each(fields[name], f"$.{name}", how)
    thread = fields.get("thread", _NULL)
    if _is_list(thread):
        yield from _each(thread, "$.thread", _guessed)
    elif bytes(thread) != b"null":
        if not _fields(thread):
            raise PayloadError("no thread", where="$.thread")
        yield from _thread(thread, "$.thread")
    elif "post" in fields:
        yield from _thread(body, "$")
    else:
        yield from _guessed(body, "$")


def _each(raw: msgspec.Raw, path: str, how: How) -> Iterator[Cut]:
    for index, element in enumerate(decode(bytes(raw), list[msgspec.Raw], where=path)):
        yield from how(element, f"{path}[{index}]")


def _guessed(raw: msgspec.Raw, path: str) -> Iterator[Cut]:
    """The posts in something whose place does not say what it is.

    What is nothing that the network gives is left to be rejected.
    """
    fields = _fields(raw)
    if "post" in fields:
        yield from _in_feed(raw, path)
    elif "depth" in fields and "value" in fields:
        place = f"{path}.value.post"
        yield from _view(_fields(fields["value"]).get("post", _NULL), place)
    elif "reason" in fields and "record" in fields:
        yield from _notified(raw, path)
    elif "record" in fields:
        yield from _view(raw, path)
    elif "uri" in fields and "value" in fields:
        yield from _recorded(raw, path)
    elif _OF_OTHERS.isdisjoint(fields):
        yield "post", bytes(raw), path, bytes(raw)


def _notified(raw: msgspec.Raw, path: str) -> Iterator[Cut]:
    yield "notification", bytes(raw), path, _name(bytes(raw))


def _recorded(raw: msgspec.Raw, path: str) -> Iterator[Cut]:
    yield "record", bytes(raw), path, _name(bytes(raw))


def _in_feed(raw: msgspec.Raw, path: str) -> Iterator[Cut]:
    """A post in a feed, its repost, and what it answers."""
    told = _seen(raw, _Fed)
    if told is None:
        yield from _view(raw, f"{path}.post")
        return
    if b"#reasonRepost" in bytes(told.reason):
        yield "repost", bytes(raw), path, bytes(raw)
    yield from _view(told.post if bytes(told.post) else raw, f"{path}.post")
    answered = _fields(told.reply)
    for name in ("parent", "root"):
        above = _seen(answered[name], _View) if name in answered else None
        if above and above.record:
            yield from _viewed(answered[name], above, f"{path}.reply.{name}")


def _view(raw: msgspec.Raw, path: str) -> Iterator[Cut]:
    """A post, and the post it quotes; nothing where there is none."""
    if bytes(raw) != b"null":
        yield from _viewed(raw, _seen(raw, _View) or _UNSEEN, path)


def _viewed(raw: msgspec.Raw, told: _View, path: str) -> Iterator[Cut]:
    """A post, and the post it quotes (wrapped once more where there are pictures too)."""
    yield "post", bytes(raw), path, bytes(told.uri) or bytes(raw)
    embed = _seen(told.embed, _View)
    quoted, place = embed and _seen(embed.record, _View), f"{path}.embed.record"
    sent = embed.record if embed else _NULL
    if quoted and bytes(quoted.record):
        sent, place = quoted.record, f"{place}.record"
        quoted = _seen(sent, _View)
    if quoted and bytes(quoted.value):
        yield "embedded", bytes(sent), place, bytes(quoted.uri) or bytes(sent)


def _shown(raw: msgspec.Raw, path: str) -> Iterator[Cut]:
    """An element of a list of posts, which nothing may stand in place of."""
    yield from _viewed(raw, _seen(raw, _View) or _UNSEEN, path)


_LISTS: Final[Mapping[str, How]] = {
    "posts": _shown,
    "feed": _in_feed,
    "notifications": _notified,
    "records": _recorded,
}


def _thread(raw: msgspec.Raw, path: str) -> Iterator[Cut]:
    for node, place in _nodes(raw, path):
        yield from _view(node.get("post", _NULL), f"{place}.post")


def _nodes(raw: msgspec.Raw, path: str) -> Iterator[tuple[Raws, str]]:
    """Every node of a thread, upwards and downwards; deleted and blocked ones have no post."""
    waiting = [(raw, path)]
    while waiting:
        current, place = waiting.pop()
        node = _fields(current)
        yield node, place
        replies = node.get("replies", _NULL)
        if _is_list(replies):
            below = decode(bytes(replies), list[msgspec.Raw])
            places = [(each, f"{place}.replies[{index}]") for index, each in enumerate(below)]
            waiting += reversed(places)
        if "parent" in node:
            waiting.append((node["parent"], f"{place}.parent"))


def _seen(raw: msgspec.Raw, shape: type[T]) -> T | None:
    """The parts of an object that matter, as sent; None for anything else."""
    body = bytes(raw).lstrip()
    return decode(body, shape) if body.startswith(b"{") else None


def _name(raw: bytes) -> bytes:
    """The address of something, or all of it where it has none."""
    told = _seen(msgspec.Raw(raw), _View)
    return bytes(told.uri) or raw if told else raw


def _fields(raw: msgspec.Raw) -> Raws:
    """The keys of an object with their values as sent; none for anything else."""
    body = bytes(raw).lstrip()
    return decode(body, dict[str, msgspec.Raw]) if body.startswith(b"{") else {}


def _is_list(raw: msgspec.Raw) -> bool:
    return bytes(raw).lstrip().startswith(b"[")


THIS: Final[Any] = SimpleNamespace(read=cut, to_post=post_in)
