"""Read one payload the way a night would: how a person debugs a source, and how we check ourselves.

A file holds the bare body, or an envelope with ``request`` and ``response`` as recordings keep it.
"""

from __future__ import annotations

import email.utils
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from pipeline.errors import ConfigError, PayloadError
from pipeline.exchange import reply_of
from pipeline.http import fault_of
from pipeline.post import Post, Rejected
from pipeline.reading import read_item, whole_characters
from pipeline.source import VERBS, Connector, Reply


class _Request(msgspec.Struct):
    url: str | None = None
    method: str | None = None


class _Response(msgspec.Struct):
    body: msgspec.Raw
    status: int = 200
    headers: dict[str, Any] = msgspec.field(default_factory=dict)
    body_kind: str = "json"


class _Envelope(msgspec.Struct):
    request: _Request
    response: _Response


def inspect(
    connector: Connector, body: bytes, *, verb: str | None = None
) -> Iterator[Post | Rejected]:
    """The posts in a payload that everybody may read, and the items that are not understood.

    A connector tells by the shape of a payload what it is; ``verb`` only names what was asked.

    Raises:
        ConfigError: the connector has no such verb.
        LuisterError: what the reply as a whole stands for: a refusal, a login page, a new format.
    """
    if verb is not None and not (verb in VERBS and hasattr(connector, verb)):
        able = [name for name in VERBS if hasattr(connector, name)]
        raise ConfigError(
            f"this platform cannot be asked for {verb!r}", where="--verb", todo=f"one of {able}"
        )
    reply = reply_in(body)
    fault = fault_of(reply, connector)
    if fault is not None:
        raise fault
    if reply.status in {204, 304}:
        return
    for item in connector.read(reply):
        read = read_item(connector, item)
        if isinstance(read, Rejected) or (isinstance(read, Post) and read.is_keepable):
            yield read


def reply_in(body: bytes, now: datetime | None = None) -> Reply:
    """The reply that a file holds, at the time it was recorded, else ``now``.

    Raises:
        PayloadError: it looks like an envelope but cannot be opened.
    """
    read_at = now or datetime.now(UTC)
    kept = _envelope(body)
    if kept is None:
        return Reply(url="", body=body, observed_at=read_at)
    try:
        reply = reply_of(_as_mapping(kept))
        urlsplit(reply.url)
    except (ValueError, TypeError, msgspec.MsgspecError, RecursionError) as error:
        raise PayloadError(f"an envelope that cannot be opened: {error}", where="$.response") from (
            error
        )
    headers = dict(reply.headers)
    if kept.response.body_kind == "text" and "charset=" in headers.get("content-type", "").lower():
        headers["content-type"] = f"{reply.content_type}; charset=utf-8"
    observed_at = _recorded_at(headers.get("date", "")) or read_at
    return msgspec.structs.replace(reply, headers=headers, observed_at=observed_at)


def _envelope(body: bytes) -> _Envelope | None:
    """None for a bare body."""
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        return msgspec.json.decode(whole_characters(body), type=_Envelope)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _as_mapping(kept: _Envelope) -> Mapping[str, Any]:
    """The envelope as ``reply_of`` takes it; a JSON body keeps the bytes it has in the file."""
    return {
        "request": {"url": kept.request.url},
        "response": {
            "status": kept.response.status,
            "headers": kept.response.headers,
            "body_kind": kept.response.body_kind,
            "body": _body(kept.response),
        },
    }


def _body(response: _Response) -> Any:
    is_text = response.body_kind != "json" or bytes(response.body)[:1] == b'"'
    return msgspec.json.decode(response.body) if is_text else response.body


def _recorded_at(date: str) -> datetime | None:
    """The ``Date`` header as a time, or None."""
    try:
        moment = email.utils.parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
