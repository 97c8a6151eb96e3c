"""Cut what the App Store answers into reviews: lists in JSON and Atom, and App Store Connect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final
from xml.etree import ElementTree as ET

import msgspec

from connectors.appstore_review import post_of
from connectors.paging import decode, is_older, items, times_of, understand, unless_refused
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post
from pipeline.source import Item, Reply

LATE: Final = timedelta(days=1)
_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_APPLE: Final = "{http://itunes.apple.com/rss}"
_APP: Final = re.compile(r"/apps/(\d+)/")
_PAGE: Final = re.compile(r"/page=(\d+)/")
_REST: Final = re.compile(r"user-hour-rem:\s*(\d+)")
_NO_POSTS: Final = frozenset({"resultCount", "results"})
_BY_STATUS: Final[Mapping[str, type[LuisterError]]] = {
    "401": SourceRefused,
    "403": SourceRefused,
    "404": SourceGone,
    "429": RateLimited,
    "500": SourceUnavailable,
    "503": SourceUnavailable,
}


class _Error(msgspec.Struct):
    status: str
    code: str = ""
    title: str = ""
    detail: str = ""


class _Errors(msgspec.Struct):
    errors: list[_Error]


class _Links(msgspec.Struct):
    next: str | None = None
    self: str | None = None


class _Linked(msgspec.Struct):
    links: _Links = msgspec.field(default_factory=_Links)


class _Attributes(msgspec.Struct):
    rel: str = ""
    href: str = ""


class _Link(msgspec.Struct):
    attributes: _Attributes


class _FeedLinks(msgspec.Struct):
    link: list[_Link] | _Link = []


class _App(msgspec.Struct, rename="camel"):
    user_rating_count: int | None = None


class _Apps(msgspec.Struct):
    results: list[_App]


class _Document(msgspec.Struct):
    feed: _FeedLinks


def read_answer(reply: Reply) -> Iterator[Item]:
    """The reviews and answers in an answer; what it refuses is raised."""
    unless_refused(refused(reply))
    yield from cut_answer(reply)


def cut_answer(reply: Reply) -> Iterator[Item]:
    """The reviews and answers in any answer of the store or of App Store Connect.

    Raises:
        PayloadError: it is none of theirs.
    """
    body = reply.body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body.startswith(b"<"):
        yield from _cut_atom(body, reply)
        return
    told = decode(body, dict[str, msgspec.Raw])
    if "feed" in told:
        yield from _cut_feed(bytes(told["feed"]), reply)
    elif "data" in told:
        yield from _cut_connect(body, told, reply)
    elif not _NO_POSTS & told.keys():
        raise PayloadError("neither a list of reviews nor a review", where="$")


def refused(reply: Reply) -> LuisterError | None:
    """What App Store Connect says is wrong, whatever the status."""
    if not reply.body.lstrip().startswith(b"{") or b'"errors"' not in reply.body:
        return None
    try:
        told = msgspec.json.decode(reply.body, type=_Errors).errors
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not told:
        return None
    first = told[0]
    kind = _BY_STATUS.get(first.status, PayloadError)
    words = first.detail or first.title
    return kind(f"App Store Connect refuses ({first.code}): {words[:160]}", where=reply.url)


def told_rest(header: str) -> int | None:
    """How many requests are left of this hour, from ``user-hour-lim:3500;user-hour-rem:12;``."""
    found = _REST.search(header)
    return int(found[1]) if found and len(found[1]) < 10 else None


def next_page(reply: Reply) -> str | None:
    """The address of the next page of App Store Connect."""
    return decode(reply.body, _Linked).links.next


def ratings(reply: Reply) -> list[int | None]:
    """How many ratings an app has in the store that was asked for it; empty when it is not sold."""
    return [each.user_rating_count for each in decode(reply.body, _Apps).results]


def last_page(reply: Reply) -> int | None:
    """The number of the last page of a list in JSON, from its links; None when untold."""
    if not reply.body.lstrip().startswith(b"{"):
        return None
    links = decode(reply.body, _Document).feed.link
    for link in links if isinstance(links, list) else [links]:
        found = _PAGE.search(link.attributes.href)
        if link.attributes.rel == "last" and found and len(found[1]) < 6:
            return int(found[1])
    return None


def is_old(reply: Reply, since: datetime) -> bool:
    """Whether all reviews are old; one without a time is not, nor one that is not understood."""
    found = [each for each in understand(READER, [reply]) if isinstance(each, Post)]
    return is_older(times_of(each for each in found if each.kind == "review"), since - LATE)


def _cut_feed(feed: bytes, reply: Reply) -> Iterator[Item]:
    """A list has its reviews in a list, its only review as an object, or none at all."""
    told = decode(feed, dict[str, msgspec.Raw], where="$.feed")
    if "entry" not in told:
        return
    context = {"from": "store", "url": reply.url}
    entry = bytes(told["entry"])
    if entry.startswith(b"["):
        elements = decode(entry, list[msgspec.Raw], where="$.feed.entry")
        yield from items(elements, reply, "$.feed.entry", context)
    else:
        yield Item(raw=entry, path="$.feed.entry", observed_at=reply.observed_at, context=context)


def _cut_atom(body: bytes, reply: Reply) -> Iterator[Item]:
    """The entries of an Atom list in the shape that they have in JSON."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise PayloadError("HTML, or XML with definitions of its own: no list", where="$")
    try:
        root = ET.fromstring(body)  # noqa: S314 - without definitions nothing grows
    except (ET.ParseError, LookupError, ValueError) as error:
        raise PayloadError(f"neither JSON nor XML: {error}", where="$") from error
    if root.tag != f"{_ATOM}feed":
        raise PayloadError("XML, but no list of reviews", where="$")
    for index, entry in enumerate(root.iter(f"{_ATOM}entry")):
        yield Item(
            raw=msgspec.json.encode(_as_json(entry)),
            path=f"$.feed.entry[{index}]",
            observed_at=reply.observed_at,
            context={"from": "store", "url": reply.url},
        )


def _as_json(entry: ET.Element) -> dict[str, Any]:
    """Each value as ``{"label": …}``; the content is given as text and as a table: the text."""
    found: dict[str, Any] = {}
    for child in entry:
        name = child.tag.replace(_ATOM, "").replace(_APPLE, "im:")
        is_table = name == "content" and child.get("type") != "text"
        if name == "author":
            found[name] = _as_json(child)
        elif name == "link":
            found[name] = {"attributes": dict(child.attrib)}
        elif not is_table:
            found[name] = {"label": (child.text or "").strip()}
    return found


def _cut_connect(body: bytes, told: Mapping[str, msgspec.Raw], reply: Reply) -> Iterator[Item]:
    """The reviews, and the answers that came along, which do not say to what they are answers."""
    whole = decode(body, dict[str, Any])
    app = _APP.search(_at(whole, "links", "self") or "") or _APP.search(reply.url)
    context = {"from": "connect", "app": app[1] if app else ""}
    reviews = whole["data"] if isinstance(whole["data"], list) else [whole["data"]]
    answered = {
        _at(each, "relationships", "response", "data", "id"): _at(each, "id") for each in reviews
    }
    data = bytes(told["data"])
    if data.startswith(b"["):
        elements = decode(data, list[msgspec.Raw], where="$.data")
        yield from items(elements, reply, "$.data", context)
    else:
        yield Item(raw=data, path="$.data", observed_at=reply.observed_at, context=context)
    if "included" not in told:
        return
    for index, raw in enumerate(decode(bytes(told["included"]), list[msgspec.Raw])):
        review = answered.get(_at(whole["included"][index], "id"))
        yield Item(
            raw=bytes(raw),
            path=f"$.included[{index}]",
            observed_at=reply.observed_at,
            context={**context, "review": review or ""},
        )


def _at(value: Any, *names: str) -> str | None:
    """The text that stands below these names, or None."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


READER: Final[Any] = SimpleNamespace(read=read_answer, to_post=post_of)
