"""The long posts of an X archive: all of their words stand in a file of their own.

It does not say of which post they are: they were sent in the same second and begin alike. In the
file of posts their words are cut after some 280 characters, and the address of the post itself
stands behind the cut. A long post that is not what it should be leaves its post the short text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from connectors.archives_cut import listed_in
from connectors.dates import read_time
from connectors.paging import decode

NOTES: Final = re.compile(r"note-tweet(?:-part\d+)?\.js")
_CUT: Final = re.compile(r"(.*)…\s*(?:https?://t\.co/\w+\s*)?", re.DOTALL)
_CUT_IN_BYTES: Final = ("…".encode(), b"\\u2026")
_SHORTEST: Final = 200
"""Characters before the cut, by X's own count; with fewer the sign is the writer's own."""
_NARROW: Final = re.compile(r"[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
"""What X counts as one character; anything else is two."""


class _Address(msgspec.Struct, rename="camel"):
    expanded_url: str | None = None


class _Person(msgspec.Struct, rename="camel"):
    screen_name: str | None = None


class Note(msgspec.Struct):
    """All words of a long post, whom they name and where they lead."""

    text: str
    urls: tuple[_Address, ...] = ()
    mentions: tuple[_Person, ...] = ()


class _Kept(msgspec.Struct, rename="camel"):
    created_at: str
    core: Note


class _Held(msgspec.Struct, rename="camel"):
    note_tweet: _Kept


class _Post(msgspec.Struct):
    created_at: str | None = None
    full_text: str = ""


class _Around(msgspec.Struct):
    tweet: _Post = msgspec.field(default_factory=_Post)


Notes = Mapping[datetime, list[Note]]
"""By the second in which they were sent; each leaves when its post is found."""


def notes_in(bodies: Iterable[bytes], now: datetime) -> Notes:
    """The long posts in the files of an archive.

    Raises:
        PayloadError: a file that is no list of them.
    """
    found: dict[datetime, list[Note]] = {}
    for body in bodies:
        for raw in decode(listed_in(body), list[msgspec.Raw], where="note-tweet.js"):
            kept = _kept(raw)
            moment = read_time(kept.created_at, now, UTC) if kept else None
            if kept and moment is not None:
                found.setdefault(moment.replace(microsecond=0), []).append(kept.core)
    return found


def note_of(raw: bytes, notes: Notes, now: datetime) -> Note | None:
    """The long post that an entry of the file of posts is the beginning of."""
    if not notes or not any(cut in raw for cut in _CUT_IN_BYTES):
        return None
    try:
        post = msgspec.json.decode(raw, type=_Around).tweet
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    moment = read_time(post.created_at, now, UTC)
    cut = _CUT.fullmatch(html.unescape(post.full_text))
    if moment is None or cut is None or _counted(cut[1]) < _SHORTEST:
        return None
    told = notes.get(moment, [])
    for index, each in enumerate(told):
        if html.unescape(each.text).startswith(cut[1]):
            return told.pop(index)
    return None


def _kept(raw: msgspec.Raw) -> _Kept | None:
    try:
        return msgspec.json.decode(raw, type=_Held).note_tweet
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _counted(text: str) -> int:
    return 2 * len(text) - len(_NARROW.findall(text))
