"""Replies of Stack Exchange: the wrapper around items, what stands inside them, and refusals."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.paging import decode, unless_refused
from connectors.stackexchange_item import site_of
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.source import Item, Reply

_WAIT: Final = re.compile(r"available in (\d+) second")


class Wrapper(msgspec.Struct):
    """A reply, and whether there are more."""

    items: list[msgspec.Raw]
    has_more: bool = False


class Named(msgspec.Struct):
    """By which numbers an item names posts."""

    question_id: int | None = None
    answer_id: int | None = None
    post_id: int | None = None
    post_type: str | None = None


class _Refusal(msgspec.Struct):
    error_id: int
    error_name: str = ""
    error_message: str = ""


class _Wish(msgspec.Struct):
    backoff: float = 0.0


class _Nest(msgspec.Struct):
    question_id: int
    answer_id: int | None = None
    answers: list[msgspec.Raw] = []
    comments: list[msgspec.Raw] = []


def refusal(reply: Reply) -> LuisterError | None:
    """The platform's own errors: their number counts, not the status."""
    if b'"error_id"' not in reply.body[:4_000]:
        return None
    try:
        told = msgspec.json.decode(reply.body, type=_Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    words = f"{told.error_name}: {html.unescape(told.error_message)}".strip(": ")
    if told.error_id == 502:
        wait = _WAIT.search(told.error_message)
        seconds = float(wait[1]) if wait else None
        return RateLimited(f"asks us to wait ({words})", seconds=seconds, where=reply.url)
    if told.error_id in {401, 402, 403, 405, 406}:
        return SourceRefused(f"the API refuses ({words})", where=reply.url)
    if told.error_id in {500, 503}:
        return SourceUnavailable(f"the API has trouble ({words})", where=reply.url)
    return PayloadError(f"the API does not take the request ({words})", where=reply.url)


def pause(reply: Reply) -> float | None:
    """The seconds ``backoff`` in the body asks to wait, whatever the status."""
    try:
        return msgspec.json.decode(reply.body, type=_Wish).backoff or None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def cut(reply: Reply) -> Iterator[Item]:
    """The items of a reply, the answers and comments inside questions among them."""
    unless_refused(refusal(reply))
    site = parse_qs(urlsplit(reply.url).query).get("site", [""])[0]
    for index, each in enumerate(decode(reply.body, Wrapper).items):
        raw = bytes(each)
        yield from _with_inner(raw, f"$.items[{index}]", reply, {"site": site or site_of(raw)})


def _with_inner(raw: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Iterator[Item]:
    yield Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)
    if b'"answers"' not in raw and b'"comments"' not in raw:
        return
    try:
        nest = msgspec.json.decode(raw, type=_Nest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return
    below = {**context, "question": str(nest.question_id)}
    for name, inner in (("answers", nest.answers), ("comments", nest.comments)):
        for index, each in enumerate(inner):
            yield from _with_inner(bytes(each), f"{path}.{name}[{index}]", reply, below)


def named(page: Reply) -> list[Named]:
    """The numbers in each item of a page."""
    return [decode(bytes(raw), Named, where="$.items") for raw in decode(page.body, Wrapper).items]
