"""Discourse forums: topics and the posts in them, on any forum that visitors may read.

Reads: the JSON of every page (https://docs.discourse.org) of the forums in ``urls``, or the one at
    ``server``; an address may have a path below it. An account is ``name@host``.
Access: open; always as a visitor, so that what is closed to visitors is never read.
Cannot tell: language, audience sizes, what was said before an edit; lists of topics do not hold
    the words of the opening post.
Quirks: search gives 50 posts a page and ten pages at most, days at its finest, and in newer
    versions only a snippet of each post, so the posts are asked for again by topic; a topic's
    answer holds its first 20 posts and the numbers of all; zero likes may be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import discourse_ask as ask
from connectors.discourse_post import forum_post
from connectors.discourse_reply import cut
from connectors.discourse_reply import refusal as refusal
from connectors.paging import OF_ONE_SITE, in_turn, once, understand
from pipeline.post import Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(kind="open", requests=30, seconds=60.0)
SYNTAX: Final = push.Syntax(word='"{}"', fields={"author": "@{}"})


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts that hold one of the terms, or stand in a topic with one of the tags."""
    terms = [f'"{term}"' for term in source.terms]
    if source.query is not None:
        terms = list(push.searches(source.query, SYNTAX, source.platform).texts)
    queries = terms + [f"tags:{tag}" for tag in source.tags]

    def found(forum: str) -> Iterator[Read]:
        return once(each for query in queries for each in ask.search(client, forum, query, since))

    yield from in_turn(ask.forums(source), found, forgiven=OF_ONE_SITE, called="forums")


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts wrote."""

    def said(account: tuple[str, str]) -> Iterator[Read]:
        forum, name = account
        return ask.search(client, forum, f"@{name}", since)

    yield from in_turn(ask.accounts(source), said, forgiven=OF_ONE_SITE, called="accounts")


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What names the accounts, answers their posts of 30 days or stands in their topics."""

    def told(account: tuple[str, str]) -> Iterator[Read]:
        return once(ask.addressed(client, *account, since))

    yield from in_turn(ask.accounts(source), told, forgiven=OF_ONE_SITE, called="accounts")


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The whole topic ``post`` stands in."""
    forum, topic = ask.topic_of(source, post)
    yield from understand(ask.THIS, ask.whole_topic(client, forum, topic))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; one that visitors no longer see is gone."""
    topics: dict[tuple[str, str], list[Post]] = {}
    for post in posts:
        topics.setdefault(ask.topic_of(source, post), []).append(post)

    def again(place: tuple[str, str]) -> Iterator[Read]:
        some = topics[place]
        for start in range(0, len(some), ask.CHUNK):
            yield from ask.as_they_are(client, *place, some[start : start + ask.CHUNK])

    yield from in_turn(topics, again, forgiven=OF_ONE_SITE, called="topics")


def read(reply: Reply) -> Iterator[Item]:
    """The posts of a topic, a search, the newest of a forum, or one; topics of a list.

    Raises:
        LuisterError: a refusal, or none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A post; None for what the forum itself notes in a topic (moved, closed, pinned)."""
    return forum_post(item)
