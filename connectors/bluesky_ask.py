"""Ask the AT protocol: searches, lists and threads, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from connectors import bluesky_pages as pages
from connectors.bluesky_session import Params, Session
from connectors.paging import follow, of_accounts, understand
from pipeline.errors import SourceGone
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

PAGE: Final = 100
BATCH: Final = 25
DEPTH: Final = 200
MAX_PAGES: Final = 5_000
MAX_THREAD_REPLIES: Final = 20
SEARCH_STOPS_NEAR: Final = 9_000


class _Place(msgspec.Struct, frozen=True):
    """A place in a search: below ``until``, after ``cursor``, ``count`` posts into this slice."""

    until: str | None = None
    cursor: str | None = None
    count: int = 0


def search(session: Session, client: Client, query: str, since: datetime) -> Iterator[Read]:
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
    return understand(pages.THIS, (reply for reply in replies if reply.status == 200))


def feeds(source: Source, client: Client, since: datetime, session: Session) -> Iterator[Read]:
    """What the accounts said; one that cannot be read is told of when the others were."""

    def said(account: str) -> Iterator[Read]:
        params = {"actor": account.removeprefix("@"), "filter": "posts_with_replies"}
        return walk(session, client, "app.bsky.feed.getAuthorFeed", params, "feed", since)

    return of_accounts(source.accounts, said)


def conversation(session: Session, client: Client, post: Post) -> Iterator[Read]:
    """The whole thread of a post, where it is cut off asked for again: above from the uppermost."""
    try:
        reply = _ask_thread(session, client, post.root_id or post.post_id)
    except SourceGone:
        if post.root_id in {None, post.post_id}:
            raise
        reply = _ask_thread(session, client, post.post_id)
    is_cut: dict[str, bool] = {}
    asked = 1
    while True:
        yield from understand(pages.THIS, [reply])
        for uri, is_cut_here in pages.cut_off(reply).items():
            is_cut[uri] = is_cut_here and is_cut.get(uri, True)
        waiting = [uri for uri, is_waiting in is_cut.items() if is_waiting]
        if not waiting or asked == MAX_THREAD_REPLIES:
            break
        asked += 1
        is_cut[waiting[-1]] = False
        reply = _ask_thread(session, client, waiting[-1])
    if waiting:
        begun = post.created_at or reply.observed_at
        reason = f"a thread branches further than {MAX_THREAD_REPLIES} requests follow"
        yield Gap(gap_from=begun, gap_to=reply.observed_at, reason=reason)


def _ask_thread(session: Session, client: Client, uri: str) -> Reply:
    params = {"uri": uri, "depth": DEPTH, "parentHeight": DEPTH}
    return session.get(client, "app.bsky.feed.getPostThread", params)


def walk(
    session: Session, client: Client, method: str, params: Params, name: str, since: datetime
) -> Iterator[Read]:
    """Posts of a list, newest first, until a whole page is older than ``since``."""

    def fetch(cursor: str) -> Reply:
        place = {"cursor": cursor} if cursor else {}
        return session.get(client, method, {**params, **place, "limit": PAGE})

    def following(reply: Reply, _: str) -> str | None:
        page = pages.page(reply, name)
        return None if page.is_older(since) else page.cursor

    return understand(pages.THIS, follow("", fetch, following, max_pages=MAX_PAGES))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
