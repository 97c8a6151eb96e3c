"""Replies of Trustpilot: the reviews in lists and webhooks, and how it says no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from connectors.paging import decode, unless_refused
from connectors.reviews import halves
from pipeline.errors import LuisterError, PayloadError, RateLimited, SourceGone, SourceRefused
from pipeline.source import Item, Reply

_NO_POSTS: Final = frozenset(
    {"businessUnits", "access_token", "displayName", "identifyingName", "numberOfReviews"}
)
_DELETED: Final = "-deleted"


class _Event(msgspec.Struct, rename="camel"):
    event_name: str
    event_data: msgspec.Raw


class _Events(msgspec.Struct):
    events: list[_Event]


class Reviews(msgspec.Struct):
    """A list of reviews, as they were sent."""

    reviews: list[msgspec.Raw]


class _Details(msgspec.Struct):
    errorcode: str = ""


class _Fault(msgspec.Struct):
    faultstring: str = ""
    detail: _Details = msgspec.field(default_factory=_Details)


class _Refusal(msgspec.Struct, rename="camel"):
    """Trustpilot has a message, the gate before it a fault."""

    fault: _Fault | None = None
    message: str | None = None
    error_code: int | str | None = None


def cut(reply: Reply) -> Iterator[Item]:
    """The reviews of a list or of webhooks, or the one asked for, each followed by its answer.

    Raises:
        PayloadError: none of these.
    """
    unless_refused(refusal(reply))
    answer = decode(reply.body, dict[str, msgspec.Raw])
    if "reviews" in answer:
        for index, raw in enumerate(decode(reply.body, Reviews).reviews):
            yield from _both(bytes(raw), f"$.reviews[{index}]", reply)
    elif "events" in answer:
        for index, event in enumerate(decode(reply.body, _Events).events):
            path = f"$.events[{index}].eventData"
            if event.event_name.endswith(_DELETED):
                yield from _part(bytes(event.event_data), path, reply, "deleted")
            elif event.event_name.startswith("service-review-"):
                yield from _both(bytes(event.event_data), path, reply)
    elif "stars" in answer:
        yield from _both(reply.body.strip(), "$", reply)
    elif not _NO_POSTS & answer.keys():
        raise PayloadError("neither reviews nor a review", where="$")


def _both(raw: bytes, path: str, reply: Reply) -> Iterator[Item]:
    yield from halves(raw, path, reply, b'"companyReply"')


def _part(raw: bytes, path: str, reply: Reply, part: str) -> Iterator[Item]:
    yield Item(raw=raw, path=path, observed_at=reply.observed_at, context={"part": part})


def refusal(reply: Reply) -> LuisterError | None:
    """What is said to be wrong, whatever the status; a 429 tells its seconds in the headers."""
    body = reply.body.lstrip()
    if reply.status in {429, 503} or not body.startswith(b"{"):
        return None
    if b'"fault"' not in body and b'"errorCode"' not in body:
        return None
    try:
        told = msgspec.json.decode(body, type=_Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if told.fault is not None:
        code = told.fault.detail.errorcode
        words = f"Trustpilot refuses ({code}): {told.fault.faultstring[:160]}"
        kind = RateLimited if "ratelimit" in code.lower() else SourceRefused
        return kind(words, where=reply.url)
    if told.message is not None and told.error_code is not None:
        words = f"Trustpilot refuses ({told.error_code}): {told.message[:160]}"
        return _by_status(reply, words)
    return None


def _by_status(reply: Reply, words: str) -> LuisterError | None:
    """A message says in words what the status says; without one it is what we asked."""
    if reply.status in {401, 403}:
        return SourceRefused(words, where=reply.url)
    if reply.status in {404, 410}:
        return SourceGone(words, where=reply.url)
    return None if reply.status >= 500 else PayloadError(words, where=reply.url)
