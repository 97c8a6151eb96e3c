"""One answer told apart: which error it stands for, and how long it asks us to wait."""

from __future__ import annotations

import base64
import email.utils
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
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
from pipeline.own_words import own_words
from pipeline.source import Reply

_SECONDS: Final = re.compile(r"(\d{1,12}(?:\.\d+)?)(?:\s*,.*)?", re.ASCII)
_RESETS: Final = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
_LEFT: Final = ("x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining")
_CURABLE: Final = frozenset({408, 425})


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that ``Retry-After`` asks us to wait, given in seconds or as a date; None if untold.

    A time in the past is no wish, nor is what cannot be read.
    """
    asked = headers.get("retry-after", "").strip()
    plain = _SECONDS.fullmatch(asked)
    if plain:
        return float(plain[1])
    try:
        moment = email.utils.parsedate_to_datetime(asked)
    except (ValueError, TypeError, OverflowError):
        return None
    return _seconds_until(moment, now)


def reset_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until the limit is lifted, from a rate limit header; None if untold.

    Mastodon gives it as ISO time, others as epoch seconds or as seconds from now.
    """
    for name in _RESETS:
        if headers.get(name):
            return _until(headers[name].strip(), now)
    return None


def used_up_for(reply: Reply) -> float | None:
    """Seconds until the limit that this very answer used up is lifted; None while some is left.

    Who was refused for asking too much (429) is told by the error instead.
    """
    left = next((reply.headers[name] for name in _LEFT if name in reply.headers), "")
    try:
        is_used_up = reply.status != 429 and float(left) < 1
    except ValueError:
        return None
    return reset_after(reply.headers, reply.observed_at) if is_used_up else None


def pause_after(reply: Reply, connector: Any = None) -> float | None:
    """Seconds to leave the host alone after an answer: by its headers or in the platform's way."""
    own = getattr(connector, "pause", None)
    wishes = [used_up_for(reply), own(reply) if own is not None else None]
    return max((seconds for seconds in wishes if seconds), default=None)


def spent_by(reply: Reply, connector: Any) -> Mapping[str, int]:
    """What an answer took of the platform's quotas, by name."""
    spent = getattr(connector, "spent", None)
    taken: Mapping[str, int] = spent(reply) if spent is not None else {}
    return taken


def _until(text: str, now: datetime) -> float | None:
    try:
        number = float(text)
    except ValueError:
        try:
            return _seconds_until(datetime.fromisoformat(text), now)
        except ValueError:
            return None
    if not math.isfinite(number):
        return None
    seconds = number - now.timestamp() if number > 1e9 else number
    return seconds if seconds > 0 else None


def _seconds_until(moment: datetime, now: datetime) -> float | None:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = (aware - now).total_seconds()
    return seconds if seconds > 0 else None


NO_KEY: Final = "ask its owner to open it to Luister, or take it out of luister.toml"
"""What is to be done about a refusal where no secret could help."""


def fault_of(reply: Reply, connector: Any = None) -> LuisterError | None:
    """The error a reply stands for, or None when it is an answer.

    A connector that knows its platform's own codes is asked first (``refusal``).
    """
    refusal = getattr(connector, "refusal", None)
    told: LuisterError | None = refusal(reply) if refusal is not None else None
    error = told or _by_status(reply)
    access = getattr(connector, "ACCESS", None)
    if isinstance(error, SourceRefused) and access is not None and not access.secrets:
        error.todo = error.todo.replace(SourceRefused.default_todo, NO_KEY)
    return error


def _by_status(reply: Reply) -> LuisterError | None:
    status, where = reply.status, reply.url
    if 200 <= status < 300 or status == 304:
        return None
    if status == 429:
        return _rate_limited(reply)
    if reply.headers.get("cf-mitigated", "").lower() == "challenge":
        return SourceRefused(
            f"answers only browsers ({status}, a challenge page)",
            where=where,
            todo="ask the owner of the site to let Luister in, or use another address",
        )
    if status >= 500 or status in _CURABLE:
        seconds = retry_after(reply.headers, reply.observed_at)
        if status == 503 and seconds:
            return RateLimited("not available now (503)", seconds=seconds, where=where)
        words = own_words(reply.body)
        return SourceUnavailable(f"the server has trouble ({status}): {words}", where=where)
    if status in {401, 402, 403, 407, 451}:
        return SourceRefused(f"the server refuses ({status}): {own_words(reply.body)}", where=where)
    if status in {404, 410}:
        return SourceGone(f"is not there ({status}): {own_words(reply.body)}", where=where)
    return PayloadError(f"unexpected answer ({status}): {own_words(reply.body)}", where=where)


def _rate_limited(reply: Reply) -> RateLimited:
    seconds = retry_after(reply.headers, reply.observed_at)
    if seconds is None:
        seconds = reset_after(reply.headers, reply.observed_at)
    return RateLimited(
        f"too many requests: {own_words(reply.body)}", seconds=seconds, where=reply.url
    )


def reply_of(kept: Mapping[str, Any], observed_at: datetime | None = None) -> Reply:
    """The reply in an envelope: body as text, base64 or parsed JSON."""
    response = kept["response"]
    body, kind = response.get("body"), response.get("body_kind", "json")
    if kind == "base64":
        raw = base64.b64decode(body)
    elif kind == "json" or not isinstance(body, str):
        raw = msgspec.json.encode(body)
    else:
        raw = body.encode("utf-8", "surrogatepass")
    headers = {str(name).lower(): str(text) for name, text in response.get("headers", {}).items()}
    return Reply(
        url=kept["request"].get("url") or "",
        status=int(response.get("status", 200)),
        headers=headers,
        body=raw,
        observed_at=observed_at or datetime.now(UTC),
    )
