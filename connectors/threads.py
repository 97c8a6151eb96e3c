"""Threads: what the own account says, what answers and names it, and a public search.

Reads: keyword_search, threads, replies, mentions and conversation of the API v1.0
    (https://developers.facebook.com/docs/threads); what webhooks push is read by ``inspect``.
    ``accounts`` are the name or number of the one account whose token it is.
Access: approval (threads_basic, threads_read_replies, threads_manage_mentions,
    threads_keyword_search: without the last a search sees only own posts, and does not say so);
    THREADS_ACCESS_TOKEN, which lives 60 days and must be renewed by its owner.
Cannot tell: likes, replies, reposts, views; numbers of authors, who are known by name; edits; who
    is not public; whether another's post is gone or only out of sight, so only own ones are asked
    for again.
Quirks: 2,200 searches with results in 24 hours across all apps; words held to be sensitive find
    nothing; no time before 5 July 2023 may be asked for; fields of replies vanish without their
    permission; a list may end with a page that has a cursor, so one more, empty, is asked for.
    No recorded answer was found: shapes are those of Meta's pages (2025-08, seen 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from connectors import graph
from connectors import threads_ask as ask
from connectors.paging import once, understand
from connectors.threads_post import FIELDS, thing_post
from connectors.threads_reply import cut
from pipeline.errors import SourceGone, SourceRefused
from pipeline.post import Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="approval",
    requests=60,
    seconds=60.0,
    secrets=(ask.TOKEN,),
    needs=dict.fromkeys(("mentions", "timeline", "inbox", "thread", "refresh"), (ask.TOKEN,)),
    quotas={"searches": Quota(limit=2_200, path="/keyword_search")},
)
LATE: Final = timedelta(hours=1)
refusal = graph.refusal
pause = graph.pause


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Public posts that hold a term or carry a tag, the newest first."""
    tags = dict.fromkeys((*source.tags, *push.tags(source.query, source.platform)))
    queries = [("KEYWORD", term) for term in source.terms] + [("TAG", tag) for tag in tags]
    for mode, words in queries:
        asked = {"q": words, "search_type": "RECENT", "search_mode": mode}
        found = ask.listed(source, client, "keyword_search", since - LATE, asked)
        yield from once(graph.since_then(found, since - LATE))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the account posted, answered and shared."""
    for user in ask.users(source):
        for edge in ("threads", "replies"):
            found = ask.listed(source, client, f"{user}/{edge}", since)
            yield from once(graph.since_then(found, since))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What names the account, and what answers its posts and answers of 30 days."""
    for user in ask.users(source):
        own = ask.own_name(source, client, user)
        for each in once(graph.since_then(ask.addressed(source, client, user, since), since)):
            if not isinstance(each, Post) or each.author_handle != own:
                yield each


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """An own first post and all that answers it; of others' posts no answers are given."""
    for user in ask.users(source)[:1]:
        own, root = ask.own_name(source, client, user), post.root_id or post.post_id
        if root == post.post_id and post.author_handle != own:
            return
        reply = ask.get(source, client, root, {"fields": FIELDS}, (*graph.MAYBE_GONE, 403))
        told = refusal(reply)
        if isinstance(told, SourceGone | SourceRefused):
            return
        if told is not None:
            raise told
        for first in understand(ask.THIS, [reply]):
            yield first
            if isinstance(first, Post) and first.author_handle == own:
                yield from once(graph.answering(ask.conversation(source, client, root), first))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Own posts as they are now; one that is no longer found is gone."""
    for user in ask.users(source):
        own = ask.own_name(source, client, user)
        chosen = [each for each in posts if each.author_handle == own]
        asked = [(each, graph.node(each.native_id, FIELDS)) for each in chosen]
        get = partial(ask.get, source, client, expect=graph.MAYBE_GONE)
        one_by_one = partial(graph.one_by_one, get)
        yield from graph.refreshed(ask.THIS, one_by_one, user, asked, len(asked) + 1)


def spent(reply: Reply) -> Mapping[str, int]:
    """A search that found something; one that found nothing is free."""
    is_search = urlsplit(reply.url).path.endswith("/keyword_search")
    is_empty = reply.status != 200 or b'"id"' not in reply.body
    return {} if not is_search or is_empty else {"searches": 1}


def read(reply: Reply) -> Iterator[Item]:
    """The posts of a list, a webhook, or the one asked for; profiles hold none.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A post, a reply, a quote or a repost; None for profiles and statistics."""
    return thing_post(item)
