"""The long posts of an X archive: all of their words stand in a file of their own.

It does not say of which post they are: they were sent in the same second and begin alike. In the
file of posts their words are cut after some 280 characters.
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
_CUT: Final = "…"
_CUT_IN_BYTES: Final = (_CUT.encode(), b"\\u2026")


class _Address(msgspec.Struct, rename="camel"):
    expanded_url: str | None = None


class _Person(msgspec.Struct, rename="camel"):
    screen_name: str


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
"""By the second in which they were sent."""


def notes_in(bodies: Iterable[bytes], now: datetime) -> Notes:
    """The long posts in the files of an archive.

    Raises:
        PayloadError: a file that is no list of them.
    """
    found: dict[datetime, list[Note]] = {}
    for body in bodies:
        for each in decode(listed_in(body), list[_Held], where="note-tweet.js"):
            moment = read_time(each.note_tweet.created_at, now, UTC)
            if moment is not None:
                found.setdefault(moment.replace(microsecond=0), []).append(each.note_tweet.core)
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
    beginning, cut, _ = html.unescape(post.full_text).rpartition(_CUT)
    told = notes.get(moment, []) if moment and cut else []
    return next((each for each in told if html.unescape(each.text).startswith(beginning)), None)
