"""What stands around the items of the YouTube Data API: lists, channels, refusals and quotas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from connectors.paging import decode, unless_refused
from connectors.youtube_item import cut
from pipeline.errors import (
    BudgetSpent,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.own_words import without_tags
from pipeline.source import Item, Reply

_CALIFORNIA: Final = ZoneInfo("America/Los_Angeles")
_FAULT: Final = re.compile(rb'\s*\{\s*"error(?:_description)?"\s*:')
_USED_UP: Final = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_FEWER: Final = (
    "nothing: they begin anew at midnight in California; if this is so each night, search for "
    "fewer words, or ask Google for more searches"
)
_TOO_FAST: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_CHANNELS: Final = "youtube#channelListResponse"
_CLOSED: Final = b'"commentsDisabled"'


class Listing(msgspec.Struct, rename="camel"):
    """A list, or a single resource."""

    kind: str
    items: list[msgspec.Raw] | None = None
    next_page_token: str | None = None


class _Reason(msgspec.Struct):
    reason: str = ""


class _Fault(msgspec.Struct):
    code: int = 0
    message: str = ""
    errors: list[_Reason] = []


class _Refusal(msgspec.Struct):
    error: _Fault | str = ""
    error_description: str = ""


class _Uploads(msgspec.Struct):
    uploads: str


class _Related(msgspec.Struct, rename="camel"):
    related_playlists: _Uploads


class _Channel(msgspec.Struct, rename="camel"):
    id: str
    content_details: _Related


class _Named(msgspec.Struct):
    id: str


def listing(reply: Reply) -> Listing:
    """The list of a reply; only a list of no channels may lack its items.

    Raises:
        PayloadError: not an answer of this API.
    """
    found = decode(reply.body, Listing)
    if not found.kind.startswith("youtube#"):
        raise PayloadError(f"not an answer of YouTube: {found.kind[:80]}", where="$.kind")
    may_lack = found.kind == _CHANNELS or not found.kind.endswith("Response")
    if found.items is None and not may_lack:
        raise PayloadError("a list without items", where="$.items")
    return found


def parts(reply: Reply) -> list[bytes]:
    """The elements of a list as they were sent."""
    return [bytes(raw) for raw in listing(reply).items or ()]


def elements(reply: Reply) -> Iterator[Item]:
    """The elements of any list, threads cut into their comments, or the one resource asked for.

    Raises:
        PayloadError: not an answer of this API.
        LuisterError: what YouTube gives as its reason for saying no.
    """
    unless_refused(fault(reply))
    kind = listing(reply).kind
    context = {"format": "plainText"} if "textFormat=plainText" in reply.url else {}
    if not kind.endswith("Response"):
        yield from cut(reply.body, "$", reply, context)
    for index, raw in enumerate(parts(reply)):
        yield from cut(raw, f"$.items[{index}]", reply, context)


def names_in(reply: Reply) -> set[str]:
    """The ids of what a list holds, understood or not."""
    return {decode(raw, _Named, where="$.items").id for raw in parts(reply)}


def channel_in(reply: Reply) -> tuple[str, str]:
    """The id of the one channel asked for, and of the playlist of its uploads.

    Raises:
        SourceGone: there is no such channel.
    """
    found = parts(reply)
    if not found:
        raise SourceGone("there is no such channel", where=reply.url)
    channel = decode(found[0], _Channel, where="$.items[0]")
    return channel.id, channel.content_details.related_playlists.uploads


def fault(reply: Reply) -> LuisterError | None:
    """The error a reply stands for by its reason, which tells more than its status."""
    if reply.status < 400 and not _FAULT.match(reply.body):
        return None
    try:
        told = msgspec.json.decode(reply.body, type=_Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if isinstance(told.error, str):
        return _plain_fault(told, reply)
    reason = next((each.reason for each in told.error.errors if each.reason), "")
    words = f"{reason}: {without_tags(told.error.message)}".strip(": ")
    is_used_up = reason in _USED_UP or (reason in _TOO_FAST and "per day" in words)
    if is_used_up and "searches" in taken(reply):
        used_up = f"the searches of the day are used up ({words})"
        return BudgetSpent(used_up, where=reply.url, todo=_FEWER)
    if is_used_up:
        seconds = _until_midnight(reply.observed_at)
        return RateLimited(f"the quota of the day is used up ({words})", seconds=seconds)
    if reason in _TOO_FAST:
        return RateLimited(f"asks us to wait ({words})")
    code = told.error.code or reply.status
    if code == 429:
        return None if reply.status == 429 else RateLimited(f"asks us to wait ({words})")
    if code >= 500:
        return SourceUnavailable(f"YouTube has trouble ({words})", where=reply.url)
    if code == 404 or reason.endswith("NotFound"):
        return SourceGone(f"is not there ({words})", where=reply.url)
    if code in {401, 403} or reason in {"keyInvalid", "keyExpired"} or "API key" in words:
        return SourceRefused(f"YouTube refuses ({words})", where=reply.url)
    return PayloadError(f"YouTube does not take the request ({words})", where=reply.url)


def is_nothing_there(reply: Reply) -> bool:
    """Whether comments are switched off, or what they or the videos stood under is gone.

    Raises:
        LuisterError: another refusal.
    """
    told = fault(reply)
    if told is None or isinstance(told, SourceGone) or _CLOSED in reply.body:
        return told is not None
    raise told


def taken(reply: Reply) -> Mapping[str, int]:
    """What a request cost, refused or not: one search, or one unit."""
    path = urlsplit(reply.url).path
    if "/youtube/v3/" not in path:
        return {}
    return {"searches": 1} if path.endswith("/search") else {"units": 1}


def _plain_fault(told: _Refusal, reply: Reply) -> LuisterError | None:
    """The form in which the token server of Google refuses."""
    words = f"{told.error}: {told.error_description}".strip(": ")
    if not words:
        return None
    if reply.status in {401, 403} or str(told.error).startswith(("invalid_", "unauthorized_")):
        return SourceRefused(f"Google refuses ({words})", where=reply.url)
    if reply.status in {404, 429} or reply.status >= 500:
        return None
    return PayloadError(f"YouTube does not take the request ({words})", where=reply.url)


def _until_midnight(now: datetime) -> float:
    """Seconds until the day of the quotas ends in California."""
    there = now.astimezone(_CALIFORNIA)
    midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight.timestamp() - now.timestamp()) or 1.0
