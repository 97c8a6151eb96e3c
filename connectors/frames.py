"""What a stream said, kept in a file: an object a line, or server-sent events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from connectors.paging import decode
from pipeline.errors import PayloadError
from pipeline.live_events import events
from pipeline.source import Item, Reply

_BEGINNINGS: Final = (b"event:", b"data:", b"id:", b"retry:", b":")


class Kept(NamedTuple):
    """One message: where it stood, its kind where the stream tells one apart, and its bytes."""

    place: str
    event: str
    data: bytes


def kept(body: bytes) -> list[Kept]:
    """The messages of a body that holds several; none where it is an ordinary answer.

    Raises:
        PayloadError: an event that is too long.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if text.startswith(_BEGINNINGS):
        return list(_events(text))
    first, _, rest = text.partition(b"\n")
    if not first.startswith(b"{") or not rest or not _is_whole(first):
        return []
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return [Kept(f"line {number} ", "", line) for number, line in lines if line]


def cut_each(
    reply: Reply,
    messages: list[Kept],
    cut: Callable[[Reply], Iterator[Item]],
    broken: Mapping[str, str],
) -> Iterator[Item]:
    """What ``cut`` finds in each; one that is no JSON is an item of context ``broken``."""
    for place, _, data in messages:
        one = msgspec.structs.replace(reply, body=data)
        whole = Item(raw=data, path="$", observed_at=reply.observed_at, context=broken)
        for item in cut(one) if _is_whole(data) else (whole,):
            yield msgspec.structs.replace(item, path=f"{place}{item.path}")


def _events(text: bytes) -> Iterator[Kept]:
    """Events with data; heartbeats have none."""
    said = (frame for frame in events([text, b"\n\n"]) if frame.data)
    for number, frame in enumerate(said, 1):
        yield Kept(f"event {number} ", frame.event, frame.data)


def _is_whole(line: bytes) -> bool:
    try:
        decode(line, msgspec.Raw)
    except PayloadError:
        return False
    return True
