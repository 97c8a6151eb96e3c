"""Bluesky and other networks of the AT protocol.

Reads: searchPosts, getAuthorFeed, listNotifications, getPostThread and getPosts of
    ``app.bsky`` (https://docs.bsky.app/docs/category/http-reference).
Access: open for accounts, threads and posts through the public AppView (``server``, default
    https://public.api.bsky.app); BSKY_IDENTIFIER and BSKY_APP_PASSWORD for search and inbox,
    through the account's own server (``options.pds``, default ``server`` or https://bsky.social).
Cannot tell: views, edits, who left a post unseen; followers outside profiles; the rest of a thread
    that branches further than twenty requests follow (a gap is told).
Quirks: lists are ordered by the earlier of the claimed and the real time, so a post that claims an
    old date arrives deep in the list; a deleted post is simply missing; search ends near 10,000.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from connectors import bluesky_ask as ask
from connectors import bluesky_pages as pages
from connectors.bluesky_post import POST
from connectors.bluesky_session import IDENTIFIER, PASSWORD, session_of
from connectors.bluesky_session import refusal as refusal
from connectors.paging import once, understand
from pipeline.post import Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="open",
    requests=3000,
    seconds=300.0,
    secrets=(IDENTIFIER, PASSWORD),
    needs={"mentions": (IDENTIFIER, PASSWORD), "inbox": (IDENTIFIER, PASSWORD)},
)
SYNTAX: Final = push.Syntax(fields={"tag": "#{}", "handle": "mentions:{}", "author": "from:{}"})
REASONS: Final = ("mention", "reply", "quote")


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts with the source's terms, tags and the handles of its accounts; needs an account."""
    session = session_of(source, client)
    handles = [f"@{each.removeprefix('@')}" for each in source.accounts if "did:" not in each]
    terms = source.terms
    if source.query is not None:
        terms = push.searches(source.query, SYNTAX, source.platform).texts
    queries = [*terms, *(f"#{tag}" for tag in source.tags), *handles]
    return once(each for query in queries for each in ask.search(session, client, query, since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts said, reposts included; one that cannot be read is told of at the end."""
    return once(ask.feeds(source, client, since, session_of(source, client)))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Mentions of, replies to and quotes of the account that is signed in."""
    session = session_of(source, client)
    method = "app.bsky.notification.listNotifications"
    params = {"reasons": list(REASONS)}
    return once(ask.walk(session, client, method, params, "notifications", since))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The conversation a post stands in, from its root where that still exists."""
    return once(ask.conversation(session_of(source, client), client, post))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The posts as they are now; one that is missing was deleted and comes as its tombstone.

    Reposts are left out: the platform tells of them only in the feeds they stand in.
    """
    session = session_of(source, client)
    askable = [post for post in posts if f"/{POST}/" in post.post_id]
    for start in range(0, len(askable), ask.BATCH):
        batch = askable[start : start + ask.BATCH]
        params = {"uris": [post.post_id for post in batch]}
        reply = session.get(client, "app.bsky.feed.getPosts", params)
        given = set(pages.page(reply, "posts").uris)
        yield from once(understand(pages.THIS, [reply]))
        now = reply.observed_at
        for post in batch:
            if post.post_id not in given:
                yield msgspec.structs.replace(post, deleted_at=now, observed_at=now)


def read(reply: Reply) -> Iterator[Item]:
    """Cut any reply into posts; profiles, likes, handles and the like give none.

    Messages of Jetstream that were kept in a file are read too.
    """
    return pages.cut(reply)


def to_post(item: Item) -> Post | None:
    """Understand one item; likes, follows and records of other kinds are no posts."""
    return pages.post_in(item)
