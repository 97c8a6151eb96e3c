"""How Google says no: for Google Play and for Google Business Profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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

_LIMITS: Final = frozenset(
    {
        *("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"),
        "RESOURCE_EXHAUSTED",
    }
)
_BY_CODE: Final[Mapping[int, type[LuisterError]]] = {
    401: SourceRefused,
    403: SourceRefused,
    404: SourceGone,
    429: RateLimited,
    500: SourceUnavailable,
    503: SourceUnavailable,
}


class _Reason(msgspec.Struct):
    reason: str = ""


class _Error(msgspec.Struct):
    code: int
    message: str = ""
    status: str = ""
    errors: list[_Reason] = []


class _Answer(msgspec.Struct):
    """Wrong requests have an object, a token that is not given has a word."""

    error: _Error | str
    error_description: str = ""


def refused(reply: Reply) -> LuisterError | None:
    """What Google says is wrong, whatever the status; a 429 tells its seconds in the headers."""
    body = reply.body.lstrip()
    if reply.status == 429 or not body.startswith(b"{") or b'"error"' not in body:
        return None
    try:
        told = msgspec.json.decode(body, type=_Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if isinstance(told.error, str):
        words = f"Google gives no token ({told.error}): {told.error_description[:160]}"
        return SourceRefused(words, where=reply.url)
    words = f"Google refuses ({told.error.code} {told.error.status}): {told.error.message[:160]}"
    if _LIMITS & {told.error.status, *(each.reason for each in told.error.errors)}:
        return RateLimited(words, where=reply.url)
    return _BY_CODE.get(told.error.code, PayloadError)(words, where=reply.url)
