"""What X refuses, in its own words: problems with a type, or errors with a number as of old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.source import Reply

DAY: Final = 86_400.0
_NOT_FOUND: Final = "resource-not-found"
_NOT_ALLOWED: Final = "not-authorized-for-resource"
_GONE: Final = frozenset({_NOT_FOUND, _NOT_ALLOWED})
_UNPAID: Final = frozenset({"credits", "creditsdepleted", "spendcapreached", "402"})
_CAPPED: Final = frozenset({"usage-capped", "usagecapexceeded"})
_BUY: Final = (
    "buy credits or raise the spending limit at console.x.com; nothing is asked until then"
)
_KINDS: Final[Mapping[type[LuisterError], str]] = {
    SourceGone: f"{_NOT_FOUND} 404 410 17 34 50 144",
    SourceRefused: (
        f"{_NOT_ALLOWED} not-authorized-for-field client-forbidden unsupported-authentication "
        "oauth1-permissions disallowed-resource resource-unavailable unauthorized forbidden "
        "401 403 451 32 63 64 87 89 99 135 179 215 326 453"
    ),
    SourceUnavailable: (
        "operational-disconnect streaming-connection client-disconnected 500 502 503 504 130 131"
    ),
    RateLimited: "429 88 too-many-requests",
}
_BY_WORD: Final = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_DAY_LIMITS: Final = ("x-app-limit-24hour", "x-user-limit-24hour")
_PROBLEM: Final = frozenset({"title", "detail", "type"})
_FOUND: Final = frozenset({"data", "includes", "meta"})
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


def refusal(reply: Reply) -> LuisterError | None:
    """The error a reply as a whole stands for; None for answers, also for those in part.

    Resources that are missing are no refusal: others may have been asked for along with them.
    """
    raws = _raws(reply)
    if not raws or "data" in raws or "meta" in raws:
        return None
    body = _opened(raws)
    found = [each for each in _problems(body) if not _names_resource(each)]
    words = {word for each in found for word in _words(each)} | {str(reply.status)}
    if words & _UNPAID:
        return SourceRefused(f"nothing is paid for: {_told(found)}", where=reply.url, todo=_BUY)
    if words & _CAPPED:
        return _limited(f"as many posts as allowed were read: {_told(found)}", reply, DAY)
    if not found or reply.status >= 500:
        return None
    kinds = [kind for word, kind in _BY_WORD.items() if word in words]
    if RateLimited in kinds:
        return _limited(f"too many requests: {_told(found)}", reply, _day_over(reply))
    kind = kinds[0] if kinds else PayloadError
    return kind(f"X refuses: {_told(found)}", where=reply.url)


def missing(reply: Reply) -> frozenset[str]:
    """Posts asked for that are deleted, or may no longer be seen by everybody."""
    return frozenset(
        str(each.get("resource_id") or each.get("value"))
        for each in _problems(_fields(reply))
        if _type(each) in _GONE and each.get("resource_type") in {"tweet", "post", None}
    )


def absence(reply: Reply) -> LuisterError | None:
    """The error of a reply that holds nothing but what is missing."""
    found = list(_problems(_fields(reply)))
    if not found:
        return None
    kind = _BY_WORD.get(_type(found[0]), PayloadError)
    return kind(_told(found), where=reply.url)


def _fields(reply: Reply) -> Mapping[str, Any]:
    """The reply as an object, what it found left as it was sent; nothing where it is none."""
    return _opened(_raws(reply))


def _raws(reply: Reply) -> Mapping[str, msgspec.Raw]:
    """The fields of a reply that may tell of a problem; none where it surely does not."""
    if b'"errors"' not in reply.body and b'"title"' not in reply.body:
        return {}
    try:
        return _OBJECT.decode(reply.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def _opened(raws: Mapping[str, msgspec.Raw]) -> Mapping[str, Any]:
    try:
        return {
            name: raw if name in _FOUND else msgspec.json.decode(raw) for name, raw in raws.items()
        }
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def _problems(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The problem that the body is, and those it lists."""
    if "data" not in body and _PROBLEM & body.keys():
        yield body
    listed = body.get("errors")
    yield from (
        (each for each in listed if isinstance(each, dict)) if isinstance(listed, list) else ()
    )


def _names_resource(problem: Mapping[str, Any]) -> bool:
    return any(name in problem for name in ("resource_id", "resource_type", "value"))


def _type(problem: Mapping[str, Any]) -> str:
    """The last part of the problem's address: the host in it has changed with the company."""
    return str(problem.get("type") or "").rstrip("/").rpartition("/")[2].lower()


def _words(problem: Mapping[str, Any]) -> Iterator[str]:
    yield _type(problem)
    yield str(problem.get("title") or "").replace(" ", "-").lower()
    yield from (str(problem[name]) for name in ("status", "code") if name in problem)


def _told(problems: list[Mapping[str, Any]]) -> str:
    parts = [
        str(each[name])
        for each in problems
        for name in ("title", "detail", "message")
        if each.get(name)
    ]
    return " – ".join(dict.fromkeys(parts))[:300] or "no reason told"


def _limited(what: str, reply: Reply, seconds: float | None) -> LuisterError | None:
    """A limit; how long the usual headers tell, unless it holds for the day or longer."""
    if seconds is None and reply.status == 429:
        return None
    return RateLimited(what, seconds=seconds, where=reply.url)


def _day_over(reply: Reply) -> float | None:
    """Seconds until the day's limit is lifted, where that is the one used up."""
    for name in _DAY_LIMITS:
        if reply.headers.get(f"{name}-remaining", "").strip() == "0":
            reset = reply.headers.get(f"{name}-reset", "").strip()
            left = float(reset) - reply.observed_at.timestamp() if reset.isdecimal() else DAY
            return min(max(left, 0.0), DAY) or DAY
    return None
