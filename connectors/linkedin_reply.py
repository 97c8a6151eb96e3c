"""Tell what an answer of LinkedIn is: a refusal, or what posts, comments and notices it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

from connectors.dates import until_midnight
from connectors.linkedin_post import understand_thing
from connectors.paging import decode, items, unless_refused
from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.source import Item, Reply

GONE: Final = (404, 410)
_LISTS: Final = ("elements", "notifications")
_THINGS: Final = frozenset(
    {"action", "notificationId", "commentary", "lifecycleState", "message", "commentUrn"}
)
_NO_POSTS: Final = frozenset(
    {
        *("reactionSummaries", "commentSummary", "likesSummary", "totalShareStatistics"),
        *("firstDegreeSize", "localizedName", "vanityName", "access_token", "eventType"),
    }
)
_UNDER: Final = re.compile(r"/socialActions/(?P<urn>urn:li:(?!comment)[^/]+)/comments")


class Fault(msgspec.Struct):
    """What LinkedIn says when it refuses; of the words one or the other may be absent."""

    status: int
    code: str | int | None = None
    message: str | None = None


def refusal(reply: Reply) -> LuisterError | None:
    """LinkedIn's own words for what is wrong; a day's quota comes back at midnight UTC."""
    told = _fault(reply)
    if told is None or (told.status == 429 and "retry-after" in reply.headers):
        return None
    what = f"{told.message or told.code} ({told.status})"
    if told.status == 429:
        return RateLimited(what, seconds=until_midnight(reply.observed_at), where=reply.url)
    if told.status == 426 or "VERSION" in str(told.code):
        todo = "name a newer month as options.version of this source (YYYYMM)"
        return ConfigError(what, where=reply.url, todo=todo)
    if told.status in {401, 403}:
        return SourceRefused(what, where=reply.url)
    if told.status in GONE:
        return SourceGone(what, where=reply.url)
    kind = SourceUnavailable if told.status >= 500 else PayloadError
    return kind(what, where=reply.url)


def cut(reply: Reply) -> Iterator[Item]:
    """The posts, comments and notices of a list, a batch or a webhook, or the one asked for.

    Raises:
        PayloadError: none of these.
    """
    unless_refused(refusal(reply))
    answer = decode(reply.body, dict[str, msgspec.Raw])
    under = _UNDER.search(unquote(urlsplit(reply.url).path))
    context = {"under": under["urn"]} if under else {}
    for name in _LISTS:
        if name in answer:
            elements = decode(bytes(answer[name]), list[msgspec.Raw], where=f"$.{name}")
            yield from items(elements, reply, f"$.{name}", context)
            return
    if "results" in answer:
        found = decode(bytes(answer["results"]), dict[str, msgspec.Raw], where="$.results")
        for key, raw in found.items():
            yield _item(bytes(raw), f"$.results.{key}", reply, context)
    elif answer.keys() & _THINGS:
        yield _item(reply.body, "$", reply, context)
    elif not answer.keys() & _NO_POSTS:
        raise PayloadError("neither posts, comments nor notices", where="$")


def _item(raw: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Item:
    return Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)


def _fault(reply: Reply) -> Fault | None:
    """The error that a body spells out, or None for an answer."""
    if b'"status"' not in reply.body or not reply.body.lstrip().startswith(b"{"):
        return None
    try:
        told = msgspec.json.decode(reply.body, type=Fault)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    is_spelled = told.message is not None or told.code is not None
    return told if told.status >= 400 and is_spelled else None


READER: Final[Any] = SimpleNamespace(read=cut, to_post=understand_thing)
