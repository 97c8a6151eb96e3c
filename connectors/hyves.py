"""Hyves, the Dutch network of 2004 to 2013: krabbels, www's, blogs and comments kept by somebody.

Reads: files (``urls``): a CSV table, a JSON list or one JSON object a line, or a zip or folder of
    these. A row is one thing said; its columns are ``kind`` (krabbel, www, tip, blog, comment;
    member and friend are read over), ``created_at``, ``text``, and where known ``id``, ``url``,
    ``author``, ``author_name``, ``to`` (whose page), ``title``, ``in_reply_to``, ``visibility``;
    Dutch names (soort, datum, tekst, van, aan) do too. ``accounts`` names the one page it is about.
Access: open: nothing is asked of any server. The network closed on 2 December 2013.
Cannot tell: counts of any kind, edits, deletions, what was for friends where no column says so.
Quirks: there was an API once and members could take an export in November 2013, but no sample and
    no description of either was found (2026-11): the columns are OUR OWN, to be filled by whoever
    has an export or saved pages, and nothing here is checked against a real one. Only what the
    account said, what was said on its page, and answers to these are taken: what others said to
    each other is not ours to keep. Times without a zone are of the Netherlands; those in words
    ("gisteren") are refused. A post without an id gets a digest. Saved pages (WARC, HTML) are not
    understood: that needs a sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from connectors.archives_files import Member, members_at, members_in
from connectors.given_files import path_of, written_at
from connectors.hyves_row import row_post, rows_of
from connectors.paging import once, understand_item
from pipeline.errors import ConfigError, PayloadError
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(kind="open", files=True)
_WANTED: Final = re.compile(r"(?!\.).+\.(?:csv|json|jsonl|ndjson)", re.IGNORECASE)


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:  # noqa: ARG001
    """What the page itself said, however long ago; with it comes what is not understood."""
    page = _page(source)
    yield from once(
        read for read in _all(source) if not isinstance(read, Post) or read.author_id == page
    )


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:  # noqa: ARG001
    """What others said on the page, and answers to what it said."""
    page = _page(source)
    found = [read for read in _all(source) if isinstance(read, Post)]
    own = {post.post_id for post in found if page in {post.author_id, post.parent_author_id}}
    yield from once(
        post
        for post in found
        if post.author_id != page and (post.post_id in own or post.parent_id in own)
    )


def read(reply: Reply) -> Iterator[Item]:
    """The rows of a file, or of every file of a zip.

    Raises:
        PayloadError: no rows that are understood.
    """
    members = 0
    for member in members_in(reply.body, _WANTED):
        members += 1
        yield from _items(member, reply.observed_at)
    if not members:
        raise PayloadError("no table in it")


def to_post(item: Item) -> Post | None:
    """What a row says; None for friends and members."""
    return row_post(item)


def _all(source: Source) -> Iterator[Read]:
    for address in source.urls:
        path = path_of(address)
        observed_at = written_at(path)
        try:
            for member in members_at(path, _WANTED):
                for item in _items(member, observed_at):
                    yield from understand_item(_UNDERSTANDING, item)
        except PayloadError as error:
            raise error.at(str(path)) from error.__cause__


def _items(member: Member, observed_at: datetime) -> Iterator[Item]:
    for row in rows_of(member.body):
        path = member.name + row.path.removeprefix("$") if member.name else row.path
        yield Item(raw=row.raw, path=path, observed_at=observed_at)


def _page(source: Source) -> str:
    if not source.urls:
        raise ConfigError("Hyves is gone: name the path of a file in `urls`", where=source.name)
    if len(source.accounts) != 1:
        raise ConfigError("name the one page it is about in `accounts`", where=source.name)
    return source.accounts[0].removeprefix("@").lower()


_UNDERSTANDING: Final[Any] = SimpleNamespace(to_post=to_post)
