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
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import msgspec

from connectors import bluesky_event, bluesky_post
from connectors import bluesky_pages as pages
from connectors.bluesky_post import POST
from connectors.bluesky_session import (
    IDENTIFIER,
    PASSWORD,
    Params,
    Session,
    session_of,
)
from connectors.bluesky_session import (
    refusal as refusal,
)
from connectors.frames import cut_each, kept
from connectors.paging import follow, once, understand
from pipeline.errors import (
    LuisterError,
    SourceGone,
    SourceRefused,
)
from pipeline.post import Gap, Post, Read
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
PAGE: Final = 100
BATCH: Final = 25
DEPTH: Final = 200
MAX_PAGES: Final = 5_000
MAX_THREAD_REPLIES: Final = 20
SEARCH_STOPS_NEAR: Final = 9_000
REASONS: Final = ("mention", "reply", "quote")
_EVENT: Final = {"shape": "event"}


def read(reply: Reply) -> Iterator[Item]:
    """Cut any reply into posts; profiles, likes, handles and the like give none.

    Messages of Jetstream that were kept in a file are read too.
    """
    messages = kept(reply.body)
    return cut_each(reply, messages, pages.cut, _EVENT) if messages else pages.cut(reply)


def to_post(item: Item) -> Post | None:
    """Understand one item; likes, follows and records of other kinds are no posts."""
    if item.context["shape"] == "event":
        return bluesky_event.to_post(item)
    return bluesky_post.to_post(item)


_READER: Final = SimpleNamespace(read=read, to_post=to_post)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts with the source's terms, tags and the handles of its accounts; needs an account."""
    session = session_of(source, client)
    handles = [f"@{each.removeprefix('@')}" for each in source.accounts if "did:" not in each]
    terms = source.terms
    if source.query is not None:
        terms = push.searches(source.query, SYNTAX, source.platform).texts
    queries = [*terms, *(f"#{tag}" for tag in source.tags), *handles]
    return once(each for query in queries for each in _search(session, client, query, since))


class _Place(msgspec.Struct, frozen=True):
    """A place in a search: below ``until``, after ``cursor``, ``count`` posts into this slice."""

    until: str | None = None
    cursor: str | None = None
    count: int = 0


def _search(session: Session, client: Client, query: str, since: datetime) -> Iterator[Read]:
    """One query, newest first; where a search stops for its length a new one begins below it."""
    oldest: list[datetime] = []

    def fetch(place: _Place) -> Reply:
        params = {"q": query, "sort": "latest", "limit": PAGE, "since": _iso(since)}
        params |= {"until": place.until} if place.until else {}
        params |= {"cursor": place.cursor} if place.cursor else {}
        is_deep = place.count >= SEARCH_STOPS_NEAR
        method = "app.bsky.feed.searchPosts"
        return session.get(client, method, params, (502,) if is_deep else ())

    def following(reply: Reply, place: _Place) -> _Place | None:
        if reply.status == 502:
            return _Place(until=_iso(min(oldest)))
        page = pages.page(reply, "posts")
        oldest.extend(page.times)
        if page.is_older(since):
            return None
        count = place.count + len(page.times)
        if page.cursor is not None:
            return _Place(place.until, page.cursor, count)
        return _Place(until=_iso(min(oldest))) if count >= SEARCH_STOPS_NEAR else None

    replies = follow(_Place(), fetch, following, max_pages=MAX_PAGES)
    return understand(_READER, (reply for reply in replies if reply.status == 200))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts said, reposts included; one that cannot be read is told of at the end."""
    return once(_timeline(source, client, since, session_of(source, client)))


def _timeline(source: Source, client: Client, since: datetime, session: Session) -> Iterator[Read]:
    failure: LuisterError | None = None
    for account in source.accounts:
        params = {"actor": account.removeprefix("@"), "filter": "posts_with_replies"}
        try:
            yield from _walk(session, client, "app.bsky.feed.getAuthorFeed", params, "feed", since)
        except (SourceGone, SourceRefused) as error:
            failure = failure or error.at(account)
    if failure is not None:
        raise failure


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Mentions of, replies to and quotes of the account that is signed in."""
    session = session_of(source, client)
    method = "app.bsky.notification.listNotifications"
    params = {"reasons": list(REASONS)}
    return once(_walk(session, client, method, params, "notifications", since))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The conversation a post stands in, from its root where that still exists."""
    return once(_thread(session_of(source, client), client, post))


def _thread(session: Session, client: Client, post: Post) -> Iterator[Read]:
    try:
        reply = _ask_thread(session, client, post.root_id or post.post_id)
    except SourceGone:
        if post.root_id in {None, post.post_id}:
            raise
        reply = _ask_thread(session, client, post.post_id)
    waiting = [reply]
    asked, left = 1, 0
    while waiting:
        reply = waiting.pop()
        yield from understand(_READER, [reply])
        for uri in pages.cut_off(reply):
            if asked < MAX_THREAD_REPLIES:
                asked += 1
                waiting.append(_ask_thread(session, client, uri))
            else:
                left += 1
    if left:
        begun = post.created_at or reply.observed_at
        reason = f"a thread branches further than {MAX_THREAD_REPLIES} requests follow"
        yield Gap(gap_from=begun, gap_to=reply.observed_at, reason=reason)


def _ask_thread(session: Session, client: Client, uri: str) -> Reply:
    params = {"uri": uri, "depth": DEPTH, "parentHeight": DEPTH}
    return session.get(client, "app.bsky.feed.getPostThread", params)


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The posts as they are now; one that is missing was deleted and comes as its tombstone.

    Reposts are left out: the platform tells of them only in the feeds they stand in.
    """
    session = session_of(source, client)
    askable = [post for post in posts if f"/{POST}/" in post.post_id]
    for start in range(0, len(askable), BATCH):
        batch = askable[start : start + BATCH]
        params = {"uris": [post.post_id for post in batch]}
        reply = session.get(client, "app.bsky.feed.getPosts", params)
        given = set(pages.page(reply, "posts").uris)
        yield from once(understand(_READER, [reply]))
        now = reply.observed_at
        for post in batch:
            if post.post_id not in given:
                yield msgspec.structs.replace(post, deleted_at=now, observed_at=now)


def _walk(
    session: Session, client: Client, method: str, params: Params, name: str, since: datetime
) -> Iterator[Read]:
    """Posts of a list, newest first, until a whole page is older than ``since``."""

    def fetch(cursor: str) -> Reply:
        place = {"cursor": cursor} if cursor else {}
        return session.get(client, method, {**params, **place, "limit": PAGE})

    def following(reply: Reply, _: str) -> str | None:
        page = pages.page(reply, name)
        return None if page.is_older(since) else page.cursor

    return understand(_READER, follow("", fetch, following, max_pages=MAX_PAGES))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
