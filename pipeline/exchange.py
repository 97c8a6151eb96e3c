"""One answer, read with care: bounded, decoded by us, told apart, recorded and replayed."""

from __future__ import annotations

import base64
import email.utils
import hashlib
import time
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
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

CHUNK: Final = 1 << 20
MAX_RATIO: Final = 200
_PRIVATE_HEADERS: Final = frozenset({"set-cookie", "authorization", "cookie", "x-api-key"})
_WAITS: Final = frozenset({408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524})


def read_body(chunks: Iterable[bytes], encoding: str, *, max_bytes: int, deadline: float) -> bytes:
    """The whole body, decoded, never more than ``max_bytes`` on the wire or after.

    Raises:
        PayloadError: too large, a bomb, or an encoding that was not asked for.
        SourceUnavailable: cut off, or not finished by ``deadline`` (monotonic seconds).
    """
    decoder = _decoder(encoding)
    wire = 0
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        if time.monotonic() > deadline:
            raise SourceUnavailable("the answer did not end in time")
        wire += len(chunk)
        for part in (chunk,) if decoder is None else _inflate(decoder, chunk):
            size += len(part)
            if size > max_bytes or wire > max_bytes:
                raise PayloadError(f"an answer of more than {max_bytes / 1e6:g} MB")
            if decoder is not None and size > CHUNK and size > MAX_RATIO * wire:
                raise PayloadError("an answer that swells out of all proportion when unpacked")
            parts.append(part)
    if decoder is not None and wire and not decoder.eof:
        raise SourceUnavailable("the packed answer was cut off")
    return b"".join(parts)


def _decoder(encoding: str) -> Any:
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return None
    if name in {"gzip", "x-gzip"}:
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    if name == "deflate":
        return zlib.decompressobj()
    raise PayloadError(f"packed as {encoding!r}, which was not asked for")


def _inflate(decoder: Any, chunk: bytes) -> Iterable[bytes]:
    waiting = chunk
    while waiting and not decoder.eof:
        try:
            yield decoder.decompress(waiting, CHUNK)
        except zlib.error as error:
            raise PayloadError(f"cannot be unpacked: {error}") from error
        waiting = decoder.unconsumed_tail


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the platform asks us to wait, from ``Retry-After`` or a reset header; None if untold.

    Both forms of RFC 9110 are read. A time in the past is no wish. Mastodon gives its reset as ISO
    time, others as epoch seconds or as seconds from now.
    """
    asked = headers.get("retry-after", "").strip()
    if asked.isdigit():
        return float(asked)
    if asked:
        try:
            seconds = (email.utils.parsedate_to_datetime(asked) - now).total_seconds()
        except (ValueError, TypeError):
            return None
        return seconds if seconds > 0 else None
    for name in ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset"):
        if headers.get(name):
            return _until(headers[name], now)
    return None


def _until(text: str, now: datetime) -> float | None:
    try:
        number = float(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (aware - now).total_seconds()
    else:
        seconds = number - now.timestamp() if number > 1e9 else number
    return seconds if seconds > 0 else None


def fault_of(reply: Reply, connector: Any = None) -> LuisterError | None:
    """The error a reply stands for, or None when it is an answer.

    A connector that knows its platform's own codes is asked first (``refusal``).
    """
    refusal = getattr(connector, "refusal", None)
    told: LuisterError | None = refusal(reply) if refusal is not None else None
    return told or _by_status(reply)


def _by_status(reply: Reply) -> LuisterError | None:
    status, where = reply.status, reply.url
    if 200 <= status < 300 or status == 304:
        return None
    if status == 429:
        return RateLimited(
            f"too many requests: {excerpt(reply)}",
            seconds=retry_after(reply.headers, reply.observed_at),
            where=where,
        )
    if status in _WAITS:
        seconds = retry_after(reply.headers, reply.observed_at)
        if status == 503 and seconds is not None:
            return RateLimited("not available now (503)", seconds=seconds, where=where)
        return SourceUnavailable(f"the server has trouble ({status})", where=where)
    if status in {401, 402, 403, 407, 451}:
        return SourceRefused(f"the server refuses ({status}): {excerpt(reply)}", where=where)
    if status in {404, 410}:
        return SourceGone(f"is not there ({status}): {excerpt(reply)}", where=where)
    return PayloadError(f"unexpected answer ({status}): {excerpt(reply)}", where=where)


def excerpt(reply: Reply, length: int = 160) -> str:
    """The beginning of what a server says, on one line; a page is only called a page."""
    text = reply.body[:2000].decode("utf-8", "replace").strip()
    if text.startswith("<"):
        return "an HTML page"
    return " ".join(text.split())[:length] or "no text"


def envelope(method: str, reply: Reply) -> dict[str, Any]:
    """A reply as recordings keep it, without cookies and secrets."""
    try:
        kind, body = "text", reply.body.decode("utf-8")
    except UnicodeDecodeError:
        kind, body = "base64", base64.b64encode(reply.body).decode()
    headers = {name: text for name, text in reply.headers.items() if name not in _PRIVATE_HEADERS}
    return {
        "request": {"method": method, "url": reply.url},
        "response": {
            "status": reply.status,
            "headers": headers,
            "body_kind": kind,
            "body": body,
        },
    }


class Recorder:
    """Keeps every exchange as one file, named by a hash of what was asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count: dict[str, int] = {}

    def keep(self, method: str, asked: str, reply: Reply) -> None:
        """Write one exchange."""
        key = _key(method, asked)
        self._count[key] = self._count.get(key, 0) + 1
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{key}-{self._count[key]:04}.json"
        path.write_bytes(msgspec.json.format(msgspec.json.encode(envelope(method, reply))))


class Replayer:
    """Answers from recorded exchanges, in the order in which they were kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count: dict[str, int] = {}

    def answer(self, method: str, asked: str) -> Reply:
        """The next kept answer to this request; the last one again when there is no next.

        Raises:
            SourceUnavailable: nothing was kept for it.
        """
        key = _key(method, asked)
        kept = sorted(self._folder.glob(f"{key}-*.json"))
        if not kept:
            raise SourceUnavailable("not among the recorded answers", where=asked)
        index = min(self._count.get(key, 0), len(kept) - 1)
        self._count[key] = index + 1
        return reply_of(msgspec.json.decode(kept[index].read_bytes()))


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


def _key(method: str, asked: str) -> str:
    return hashlib.sha256(f"{method} {asked}".encode()).hexdigest()[:24]
