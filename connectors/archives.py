"""Archives that people and companies download of their own account: what they said, years back.

Reads: files (``urls``): a zip as downloaded, the folder it was unpacked in, or one file of it, of X
    (``tweets.js``; before 2018 ``2017_03.js``), Facebook, Instagram and TikTok (choose JSON, not
    HTML) and LinkedIn (CSV), told apart by content. One source for one account: its handle in
    ``accounts``, where the archive does not tell it (only that of X does). Several parts of one
    archive are several ``urls``.
Access: open: nothing is asked of any server.
Cannot tell: what others answered, views and audiences; the posts' own ids on Facebook and Instagram
    and of comments (a digest stands in: the same post read over an API is another); who could see a
    post of Facebook, Instagram or TikTok (only read archives of accounts open to all); captions on
    TikTok; the parent of a Facebook comment; conversations on X beyond the post answered.
Quirks: Facebook and Instagram write each byte of UTF-8 as a character (repaired); names of keys are
    in the language of the account (English and Dutch are known); messages, likes, groups, stories
    and contacts are never opened; reposts on X show only by ``RT @``; long posts on X stand whole
    in a file of their own (``note-tweet.js``) that names no post: one of the same second and
    beginning is theirs; what was said in groups of LinkedIn is for their members and left out.
    Forms of 2026-11, of which only those of X, Facebook and LinkedIn were seen: the others are as
    described by people who read them, and a file of another form is an error, not an empty list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.archives_cut import WANTED, account_of, cut
from connectors.archives_entry import entry_post
from connectors.archives_files import Member, members_at, members_in
from connectors.archives_notes import NOTES, Notes, note_of, notes_in
from connectors.given_files import path_of, written_at
from connectors.paging import inner_path, once, understand_item
from pipeline.errors import ConfigError, LuisterError, PayloadError
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(kind="open", files=True)
_ACCOUNT: Final = re.compile(r"account\.js")


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:  # noqa: ARG001
    """Everything the account said, however old: an archive is given to be read whole."""
    if not source.urls:
        raise ConfigError("an archive needs the path of a file in `urls`", where=source.name)
    if len(source.accounts) > 1:
        raise ConfigError(
            "an archive is of one account", where=source.name, todo="make a source for each account"
        )
    owner = {"account": source.accounts[0].removeprefix("@")} if source.accounts else {}
    yield from once(read for address in source.urls for read in read_path(path_of(address), owner))


def read_path(path: Path, owner: Mapping[str, str]) -> Iterator[Read]:
    """The posts of one archive; a file of it that is broken is told after the others are read.

    Raises:
        SourceGone: there is no such file or folder.
        PayloadError: a broken file, or none in which posts could be.
    """
    observed_at = written_at(path)
    told = {**owner, **_told_account(members_at(path, _ACCOUNT))}
    broken: LuisterError | None = None
    notes: Notes = {}
    try:
        notes = notes_in(_named(members_at(path, NOTES)), observed_at)
    except PayloadError as error:
        error.where, broken = f"{path} {error.where}", error
    members = 0
    for member in members_at(path, WANTED):
        members += 1
        try:
            for item in _items(member, observed_at, told, notes):
                yield from understand_item(_UNDERSTANDING, item)
        except PayloadError as error:
            error.where = " ".join(filter(None, (str(path), member.name, error.where)))
            broken = broken or error
    if broken is not None:
        raise broken
    if not members:
        raise _nothing().at(str(path))


def read(reply: Reply) -> Iterator[Item]:
    """The entries of a zip, or of one file of an archive."""
    told = _told_account(members_in(reply.body, _ACCOUNT))
    notes = notes_in(_named(members_in(reply.body, NOTES)), reply.observed_at)
    members = 0
    for member in members_in(reply.body, WANTED):
        members += 1
        yield from _items(member, reply.observed_at, told, notes)
    if not members:
        raise _nothing()


def to_post(item: Item) -> Post | None:
    """A post or a comment; None for what is none (somebody saved, went, was tagged)."""
    return entry_post(item)


def _named(members: Iterator[Member]) -> Iterator[bytes]:
    """Files in an archive; one that is given by itself has no name."""
    return (member.body for member in members if member.name)


def _items(
    member: Member, observed_at: datetime, owner: Mapping[str, str], notes: Notes
) -> Iterator[Item]:
    for entry in cut(member.body):
        note = note_of(entry.raw, notes, observed_at) if entry.kind == "tweet" else None
        whole = {"note": msgspec.json.encode(note).decode()} if note else {}
        yield Item(
            raw=entry.raw,
            path=inner_path(member.name, entry.path) if member.name else entry.path,
            observed_at=observed_at,
            context={**owner, "kind": entry.kind, **whole},
        )


def _told_account(members: Iterator[Member]) -> Mapping[str, str]:
    """Who owns an X archive; a single file of another kind tells nothing."""
    for member in members:
        if member.name or member.body[:200].lstrip(b"\xef\xbb\xbf \r\n").startswith(b"window.YTD"):
            return account_of(member.body)
    return {}


def _nothing() -> LuisterError:
    return PayloadError(
        "no file in it that holds posts",
        todo="give the archive as downloaded; choose JSON where the platform offers HTML too",
    )


_UNDERSTANDING: Final[Any] = SimpleNamespace(to_post=to_post)
