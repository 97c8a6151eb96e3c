"""Replies of Tumblr: the envelope around them, what they hold and what they refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.paging import decode, items, unless_refused
from connectors.tumblr_post import NOTE
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.source import Item, Reply

HIDDEN: Final = 4012
"""The code of a blog that only people who are signed in may see: there, but not for us."""
_LISTS: Final = ("posts", "liked_posts")
_COUNTS: Final = frozenset({"total_posts", "liked_count", "total_notes"})
_OTHERS: Final = frozenset(["blog", "blogs", "user", "users", "notifications", "id", "followed_by"])
_BLOG: Final = re.compile(r"/blog/(?P<name>(?:t:)?[\w-]+)(?:\.tumblr\.com)?/notes$", re.ASCII)
_SPANS: Final = ("perday", "perhour")


class _Meta(msgspec.Struct):
    status: int
    msg: str = ""


class _Envelope(msgspec.Struct):
    meta: _Meta
    response: msgspec.Raw = msgspec.Raw(b"null")
    errors: Any = None


class _Link(msgspec.Struct):
    query_params: dict[str, Any] = {}


class _Links(msgspec.Struct):
    next: _Link | None = None


def refusal(reply: Reply) -> LuisterError | None:
    """The error in the envelope: answers may come with status 200 whatever they say."""
    envelope = _envelope(reply)
    status = reply.status if envelope is None else max(reply.status, envelope.meta.status)
    if status == 429:
        seconds = pause(reply) or _hour(reply)
        is_told = seconds is not None or reply.status != 429
        return (
            RateLimited("too many requests", seconds=seconds, where=reply.url) if is_told else None
        )
    if envelope is None or status < 400:
        return None
    codes, told = _told(envelope)
    words = f"{told or envelope.meta.msg} ({status})"
    if HIDDEN in codes:
        return SourceRefused(f"only for people who are signed in: {words}", where=reply.url)
    if status in {404, 410}:
        return SourceGone(words, where=reply.url)
    if status in {401, 402, 403, 451}:
        return SourceRefused(f"the server refuses: {words}", where=reply.url)
    if status >= 500:
        return SourceUnavailable(f"the server has trouble: {words}", where=reply.url)
    return PayloadError(f"the server does not take the request: {words}", where=reply.url)


def pause(reply: Reply) -> float | None:
    """Seconds until the limit of the hour or the day is lifted, where nothing is left of it."""
    for span in _SPANS:
        if reply.headers.get(f"x-ratelimit-{span}-remaining", "").strip() == "0":
            reset = reply.headers.get(f"x-ratelimit-{span}-reset", "").strip()
            return float(reset) if reset.isdecimal() and len(reset) < 8 else 3600.0
    return None


def cut(reply: Reply) -> Iterator[Item]:
    """The posts of any list, or the notes under one.

    Raises:
        LuisterError: a refusal.
        PayloadError: neither posts nor anything else that Tumblr sends.
    """
    unless_refused(refusal(reply))
    response = decode(reply.body, _Envelope).response
    if bytes(response)[:1] == b"[":
        yield from _posts(response, "$.response", reply)
        return
    fields = decode(bytes(response), dict[str, msgspec.Raw], where="$.response")
    if "content" in fields or "post_url" in fields:
        yield Item(raw=bytes(response), path="$.response", observed_at=reply.observed_at)
        return
    for name in _LISTS:
        if name in fields:
            yield from _posts(fields[name], f"$.response.{name}", reply)
    if "notes" in fields:
        notes = decode(bytes(fields["notes"]), list[msgspec.Raw], where="$.response.notes")
        yield from items(notes, reply, "$.response.notes", _under(reply))
    is_list = bool({*_LISTS, "notes"} & fields.keys())
    if not is_list and (_COUNTS & fields.keys() or not _OTHERS & fields.keys()):
        raise PayloadError("neither posts nor anything else that Tumblr sends", where="$.response")


def next_notes(reply: Reply) -> str | None:
    """Where the notes go on; the address given is not followed, it is asked anew."""
    response = decode(reply.body, _Envelope).response
    links = decode(bytes(response), dict[str, msgspec.Raw]).get("_links")
    if links is None or bytes(links) == b"null" or bytes(links)[:1] == b"[":
        return None
    following = decode(bytes(links), _Links, where="$.response._links").next
    found = following.query_params.get("before_timestamp") if following else None
    return str(found) if isinstance(found, str | int) else None


def _posts(raw: msgspec.Raw, path: str, reply: Reply) -> Iterator[Item]:
    """Elements that are posts: a list may hold advertisements and the like between them."""
    elements = decode(bytes(raw), list[msgspec.Raw], where=path)
    for item in items(elements, reply, path):
        if _object_type(item.raw) == "post":
            yield item


def _object_type(raw: bytes) -> str:
    """What an element is; a post where it does not say, as of old."""
    if b'"object_type"' not in raw or raw[:1] != b"{":
        return "post"
    told = decode(raw, dict[str, Any]).get("object_type")
    return told if isinstance(told, str) else "post"


def _under(reply: Reply) -> Mapping[str, str]:
    """The post that the notes stand under and its blog, which only the address tells.

    A blog may be asked for by the address of its own site, which is no name.
    """
    parts = urlsplit(reply.url)
    given = parse_qs(parts.query).get("id", [])
    blog = _BLOG.search(parts.path)
    told = {"under": given[0] if given else None, "whose": blog["name"] if blog else None}
    return {"shape": NOTE, **{name: each for name, each in told.items() if each}}


def _told(envelope: _Envelope) -> tuple[set[int], str]:
    errors = envelope.errors if isinstance(envelope.errors, list) else []
    found = [each for each in errors if isinstance(each, dict)]
    codes = {each["code"] for each in found if isinstance(each.get("code"), int)}
    words = [str(each[name]) for each in found for name in ("title", "detail") if each.get(name)]
    return codes, ": ".join(dict.fromkeys(words))[:300]


def _hour(reply: Reply) -> float | None:
    """The end of the hour's limit where the answer only says that it is over."""
    reset = reply.headers.get("x-ratelimit-perhour-reset", "").strip()
    return float(reset) if reset.isdecimal() and len(reset) < 8 else None


def _envelope(reply: Reply) -> _Envelope | None:
    try:
        return msgspec.json.decode(reply.body, type=_Envelope)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
