"""Isso: the comments that people write on one's own site.

Reads: the comment server at ``server`` (https://isso-comments.de/docs/reference/server-api/):
    the threads of the pages in ``urls``, or without these ``latest``, all threads at once, which
    the server must allow (``latest-enabled``). ``options.site`` is the address of the site when
    ``urls`` does not tell it. An account is the name that one's own people sign with.
Access: open; always as a visitor, so that what waits to be approved is never read.
Cannot tell: who an author is: the name is what was typed, by anybody; language, views, audience
    sizes; what was said before an edit; titles of pages. There is no search.
Quirks: ``latest`` lists first the comments, then all answers, and cuts off from the front: so many
    are asked for until a comment of before ``since`` is among them; offsets skip answers too, so
    a thread is read on from the time of its last comment; a page that does not exist is an empty
    thread; times are floats; names are stored as HTML; a deleted comment with answers stays, empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from connectors import isso_ask as ask
from connectors.isso_comment import cut, understand_comment, uri_of
from connectors.paging import once
from pipeline.errors import ConfigError, LuisterError
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(kind="open", requests=60, seconds=60.0)


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What was signed with one of the accounts."""
    for each in ask.new(source, client, since):
        if not isinstance(each, Post) or _is_own(each, source):
            yield each


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What all others wrote."""
    for each in ask.new(source, client, since):
        if not isinstance(each, Post) or not _is_own(each, source):
            yield each


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """All comments on the page."""
    uri = uri_of(post.root_id)
    if uri is not None:
        yield from once(ask.comments(source, client, uri))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The comments as they are now, page by page; what is absent was deleted or taken down."""
    below: dict[str, dict[str, Post]] = {}
    for post in posts:
        uri = uri_of(post.root_id)
        if uri is not None:
            below.setdefault(uri, {})[post.post_id] = post
    for uri, wanted in below.items():
        yield from ask.as_they_are(source, client, uri, wanted)


def refusal(reply: Reply) -> LuisterError | None:
    """A server that does not list the latest comments says that there is no such thing."""
    if reply.status != 404 or not urlsplit(reply.url).path.endswith("/latest"):
        return None
    return ConfigError(
        "this Isso server does not list the latest comments",
        where=reply.url,
        todo="set latest-enabled in the server's [general], or name the pages in urls",
    )


def read(reply: Reply) -> Iterator[Item]:
    """The comments of a thread or of the latest, or the one asked for; counts hold none.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A comment."""
    return understand_comment(item)


def _is_own(post: Post, source: Source) -> bool:
    name = (post.author_handle or "").casefold()
    return name in {account.removeprefix("@").casefold() for account in source.accounts}
