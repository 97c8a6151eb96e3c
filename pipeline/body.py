"""The body of an answer: unpacked by us, bounded before and after."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from pipeline.errors import PayloadError, SourceUnavailable

CHUNK: Final = 1 << 20
MAX_RATIO: Final = 200
LATE: Final = "the answer did not end in time"
_GZIP: Final = zlib.MAX_WBITS | 16
_GZIP_MAGIC: Final = b"\x1f\x8b"


def read_body(
    chunks: Iterable[bytes],
    encoding: str,
    *,
    max_bytes: int,
    deadline: float,
    clock: Callable[[], float] = time.monotonic,
) -> bytes:
    """The whole body, unpacked, never more than ``max_bytes`` on the wire or after.

    Raises:
        PayloadError: too large, a bomb, or an encoding that was not asked for.
        SourceUnavailable: cut off, or not finished by ``deadline`` (monotonic seconds).
    """
    unpacker = _unpacker(encoding)
    wire = size = 0
    parts: list[bytes] = []
    for chunk in chunks:
        if clock() > deadline:
            raise SourceUnavailable(LATE)
        wire += len(chunk)
        for part in (chunk,) if unpacker is None else unpacker.feed(chunk):
            size += len(part)
            if size > max_bytes or wire > max_bytes:
                raise PayloadError(f"an answer of more than {max_bytes / 1e6:g} MB")
            if unpacker is not None and size > CHUNK and size > MAX_RATIO * wire:
                raise PayloadError("an answer that swells out of all proportion when unpacked")
            parts.append(part)
    if unpacker is not None and wire and not unpacker.is_whole:
        raise SourceUnavailable("the packed answer was cut off")
    return b"".join(parts)


def _unpacker(encoding: str) -> _Unpacker | None:
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return None
    if name in {"gzip", "x-gzip", "deflate"}:
        return _Unpacker(is_gzip=name != "deflate")
    raise PayloadError(f"packed as {encoding!r}, which was not asked for")


class _Unpacker:
    """Unpacks gzip, of several members too, and deflate with or without its envelope."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._held = b""
        self._stream: Any = zlib.decompressobj(_GZIP) if is_gzip else None

    @property
    def is_whole(self) -> bool:
        """Whether the packed data has come to its end."""
        return self._stream is not None and bool(self._stream.eof)

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What the next bytes of the wire unpack to, in pieces of at most ``CHUNK``."""
        waiting = self._held + chunk
        self._held = b""
        if self._stream is None:
            if len(waiting) < 2:
                self._held = waiting
                return
            self._stream = zlib.decompressobj(_deflate_window(waiting))
        while True:
            if self._stream.eof:
                waiting = self._next_member(waiting)
                if not waiting:
                    return
            try:
                piece = self._stream.decompress(waiting, CHUNK)
            except zlib.error as error:
                raise PayloadError(f"cannot be unpacked: {error}") from error
            yield piece
            waiting = self._stream.unused_data or self._stream.unconsumed_tail
            if not waiting and len(piece) < CHUNK:
                return

    def _next_member(self, rest: bytes) -> bytes:
        """What to go on with after an end: another member of gzip, or nothing."""
        if self._is_gzip and rest[:2] == _GZIP_MAGIC:
            self._stream = zlib.decompressobj(_GZIP)
            return rest
        if self._is_gzip and rest == _GZIP_MAGIC[:1]:
            self._held = rest
        return b""


def _deflate_window(beginning: bytes) -> int:
    """Deflate is promised with the envelope of zlib, but some servers send it bare."""
    first, second = beginning[0], beginning[1]
    is_enveloped = first & 0x0F == 8 and (first << 8 | second) % 31 == 0
    return zlib.MAX_WBITS if is_enveloped else -zlib.MAX_WBITS
