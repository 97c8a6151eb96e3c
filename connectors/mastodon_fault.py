"""The errors that answers of Mastodon's API stand for, whatever their status."""

from __future__ import annotations

from typing import Any

import msgspec

from pipeline.errors import LuisterError, PayloadError, RateLimited, SourceGone, SourceRefused
from pipeline.source import Reply


class _Error(msgspec.Struct, forbid_unknown_fields=True):
    error: str
    error_description: str | None = None
    details: Any = None


def refusal(reply: Reply) -> LuisterError | None:
    """A token that is not accepted, told with status 400, or any refusal told with status 200."""
    if reply.status == 400 and b"token" in reply.body[:200].lower():
        return SourceRefused("the server does not accept the access token", where=reply.url)
    if reply.status != 200 or b'"error"' not in reply.body[:200]:
        return None
    told = _error_in(reply)
    words = told.lower()
    if not told:
        return None
    if "too many" in words:
        return RateLimited(f"the server says: {told}", where=reply.url)
    if "not found" in words:
        return SourceGone(f"it is not there: {told}", where=reply.url)
    if "token" in words or "not allowed" in words or "requires" in words:
        return SourceRefused(f"the server refuses: {told}", where=reply.url)
    return PayloadError(f"the server says: {told}", where=reply.url)


def _error_in(reply: Reply) -> str:
    """What an answer that is nothing but an error says."""
    try:
        return msgspec.json.decode(reply.body, type=_Error).error[:300]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
