"""Recorded replies with one thing changed: what a platform may send tomorrow, or an attacker today.

A recording is a bare body or an envelope, as ``luister inspect`` takes them. One change at a time:
a key removed, a value of another type, a list emptied, a hostile text; in what is not JSON a piece
cut out, the end cut off, or a hostile text between two tags.
"""

import copy
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from hypothesis import strategies as st

from pipeline.errors import LuisterError
from pipeline.http import fault_of
from pipeline.inspect import reply_in
from pipeline.post import Post, Read, Rejected, to_arrow, to_json
from pipeline.reading import understand_item
from pipeline.source import Connector, Reply

Spot = tuple[str | int, ...]
Recordings = Path | Sequence[Path]
READ_AT: Final = datetime(2026, 12, 1, 4, 15, tzinfo=UTC)
NO_RECORDINGS: Final = frozenset({"INDEX.json", "README.md"})
LONG: Final = "woord " * 17_000
HOSTILE: Final[Mapping[str, str]] = {
    "control characters": "a\x00b\x07c\x1bd\x7fe",
    "right to left": "links \u202erechts\u202c en \u2066los\u2069 \u200f.",
    "script": "<script>alert('x')</script> & <b onclick=\"y()\">vet</b>",
    "emoji of four bytes": "🚲 👩‍👩‍👧‍👦 🇳🇱 𝔄 \U0010fffd",
    "a hundred kilobytes": LONG.strip(),
}
"""Texts that break what is careless."""
HALF_A_CHARACTER: Final = f"a{chr(0xD800)}b"
OTHERS: Final[Sequence[Any]] = (
    *(None, True, 0, -1, 1.5, 2**53 + 1, -(10**18)),
    *("", "odd", "2026-13-45T99:99:99Z", "http://[broken"),
    *([], ["odd"], [None], [[]], {}, {"odd": {}}, {"id": 1}),
)
"""Values of other types, and of the right type but absurd."""
_NUMBER: Final = re.compile(r"[\d_:.-]+")
KINDS: Final = ("key removed", "type changed", "list emptied", "hostile text")


class Change(NamedTuple):
    """One change to one recording, by numbers, so that it can be drawn and made smaller."""

    file: int
    kind: str
    place: int
    other: Any
    hostile: str


CHANGES: Final = st.builds(
    Change,
    file=st.integers(0, 10_000),
    kind=st.sampled_from(KINDS),
    place=st.integers(0, 1_000_000),
    other=st.sampled_from(OTHERS),
    hostile=st.sampled_from([*HOSTILE.values(), HALF_A_CHARACTER]),
)


class Outcome(NamedTuple):
    """What came of a reply."""

    reads: list[Read]
    error: LuisterError | None

    @property
    def posts(self) -> int:
        return sum(isinstance(each, Post) for each in self.reads)

    @property
    def is_silent(self) -> bool:
        return self.error is None and not any(isinstance(each, Rejected) for each in self.reads)


class Recording:
    """A recorded reply, its JSON and the places in it."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.reply = reply_in(path.read_bytes(), READ_AT)
        self.before, self.body, self.after = _json_in(self.reply.body)
        spots = [] if self.body is None else list(places(self.body))
        self.spots = [spot for spot, _ in spots if spot]
        self.lists = [spot for spot, value in spots if isinstance(value, list) and value]
        self.texts = [spot for spot, value in spots if isinstance(value, str) and spot]
        self.keys = [spot for spot in self.spots if isinstance(spot[-1], str)]
        self._promised = _promised([value for value in spots if isinstance(value[1], dict)])

    def promises(self, spot: Spot) -> bool:
        """Whether every object of this kind in the recording has the key."""
        return kind_of(spot) in self._promised

    def changed(self, change: Change) -> tuple[Reply, Spot | None]:
        """The reply with the change, and the key that it lost."""
        if self.body is None:
            return self._with(_text_changed(self.reply.body, change)), None
        chosen = {
            "key removed": self.keys,
            "type changed": self.spots,
            "list emptied": self.lists,
            "hostile text": self.texts,
        }[change.kind]
        if not chosen:
            return self.reply, None
        spot = chosen[change.place % len(chosen)]
        if change.kind == "key removed":
            return self._with(self._json(without(self.body, spot))), spot
        new = {"type changed": change.other, "list emptied": [], "hostile text": change.hostile}
        return self.replacing(spot, new[change.kind]), None

    def replacing(self, spot: Spot, other: Any) -> Reply:
        """The reply with another value at a place."""
        return self._with(self._json(replaced(self.body, spot, other)))

    def _json(self, body: Any) -> bytes:
        return (self.before + json.dumps(body) + self.after).encode()

    def _with(self, body: bytes) -> Reply:
        return msgspec.structs.replace(self.reply, body=body)


@lru_cache(maxsize=2_000)
def recording(path: Path) -> Recording:
    return Recording(path)


def files_of(recordings: Recordings) -> list[Path]:
    """The recorded files of a folder, or those listed."""
    paths = sorted(recordings.iterdir()) if isinstance(recordings, Path) else list(recordings)
    return [path for path in paths if path.is_file() and path.name not in NO_RECORDINGS]


def outcome_of(connector: Connector, reply: Reply) -> Outcome:
    """What a night would make of the reply."""
    reads: list[Read] = []
    try:
        fault = fault_of(reply, connector)
        if fault is not None:
            return Outcome(reads, fault)
        if reply.status not in {204, 304}:
            for item in connector.read(reply):
                reads.extend(understand_item(connector, item))
    except LuisterError as error:
        return Outcome(reads, error)
    return Outcome(reads, None)


def check_change(
    connector: Connector,
    paths: Sequence[Path],
    change: Change,
    may_be_missing: Mapping[str, str],
) -> None:
    """A changed recording ends in right posts, rejected rows or an error of ours, never in less.

    ``may_be_missing`` names the keys that a platform leaves out where there is nothing, with the
    reason; as ``key`` or with what stands around it (``thread.replies``; a list is ``*``).
    """
    chosen = recording(paths[change.file % len(paths)])
    reply, lost = chosen.changed(change)
    found = outcome_of(connector, reply)
    check_right(found.reads)
    if lost is None or not chosen.promises(lost) or is_named(lost, may_be_missing):
        return
    before = outcome_of(connector, chosen.reply)
    if found.is_silent and before.error is None:
        assert found.posts >= before.posts, (
            f"{chosen.name}: without {kind_of(lost)} there are {found.posts} posts instead of "
            f"{before.posts}, and nothing tells why"
        )


def check_right(reads: Sequence[Read]) -> None:
    """Posts as they are promised: of the right types, at times in UTC, and fit to be stored."""
    found = [each for each in reads if isinstance(each, Post)]
    to_arrow(found)
    for post in found:
        assert msgspec.json.decode(to_json(post), type=Post) == post
        assert post.platform
        assert post.post_id
        for moment in (post.created_at, post.observed_at, post.edited_at, post.deleted_at):
            assert moment is None or moment.utcoffset() == timedelta(0)
    for row in reads:
        if isinstance(row, Rejected):
            assert row.reason
            (row.reason + row.path + row.payload).encode()


def is_named(spot: Spot, names: Mapping[str, str]) -> bool:
    """Whether the end of a place is among dotted names."""
    told = "." + kind_of(spot)
    return any(told.endswith("." + name) for name in names)


def kind_of(spot: Spot) -> str:
    """The place without its numbers: ``posts.*.author``."""
    return ".".join("*" if isinstance(part, int) else part for part in spot)


def places(body: Any, here: Spot = ()) -> Iterator[tuple[Spot, Any]]:
    """Every place in a JSON value, and what stands there."""
    yield here, body
    if isinstance(body, dict | list):
        for key, value in body.items() if isinstance(body, dict) else enumerate(body):
            yield from places(value, (*here, key))


def replaced(body: Any, spot: Spot, other: Any) -> Any:
    """The value with another one at a place."""
    if not spot:
        return other
    changed = copy.copy(body)
    changed[spot[0]] = replaced(body[spot[0]], spot[1:], other)
    return changed


def without(body: Any, spot: Spot) -> Any:
    """The value without the key at a place."""
    changed = copy.copy(body)
    if len(spot) == 1:
        del changed[spot[0]]
    else:
        changed[spot[0]] = without(body[spot[0]], spot[1:])
    return changed


def _promised(objects: Sequence[tuple[Spot, Mapping[str, Any]]]) -> frozenset[str]:
    """The keys that every object of its kind has; a number is the name of a thing, no promise."""
    seen: Counter[str] = Counter()
    keys: Counter[tuple[str, str]] = Counter()
    for spot, value in objects:
        kind = kind_of(spot)
        seen[kind] += 1
        keys.update((kind, key) for key in value if not _NUMBER.fullmatch(key))
    return frozenset(
        f"{kind}.{key}".removeprefix(".")
        for (kind, key), count in keys.items()
        if count == seen[kind]
    )


def _json_in(body: bytes) -> tuple[str, Any, str]:
    """The JSON of a body with what stands before and after it; None where there is none."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "", None, ""
    start = re.search(r"[\[{]", text)
    if start is None or text.lstrip().startswith("<"):
        return "", None, ""
    try:
        value, end = json.JSONDecoder().raw_decode(text, start.start())
    except (ValueError, RecursionError):
        return "", None, ""
    return text[: start.start()], value, text[end:]


def _text_changed(body: bytes, change: Change) -> bytes:
    """A change to what is not JSON: pages, feeds, tables."""
    text = body.decode("utf-8", "replace")
    if change.kind == "type changed":
        return text[: change.place % (len(text) + 1)].encode()
    pieces = re.split(r"(<[^<>]*>|\n)", text)
    spot = change.place % len(pieces)
    pieces[spot] = change.hostile if change.kind == "hostile text" else ""
    return "".join(pieces).encode("utf-8", "replace")
