"""Ask a Mastodon server: what its search finds, conversations part by part, single statuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from connectors import mastodon_pages as pages
from connectors.mastodon_server import PAGE, Server, local_id
from connectors.mastodon_status import Account
from connectors.paging import MAX_PAGES, decode, is_older, understand
from pipeline.errors import PayloadError
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply

if TYPE_CHECKING:
    from pipeline.http import Client

BATCH: Final = 20
MAX_CONTEXTS: Final = 10
GONE: Final = (404, 410)
REPEATED: Final = 2
HIDDEN: Final = 10
"""Pages in a row of which a server may leave out everything before its search is at an end."""
NO_BATCH: Final = (400, 403, 404, 405, 406, 422)


class _Found(msgspec.Struct):
    statuses: list[Any]


class _Context(msgspec.Struct):
    ancestors: list[Any]
    descendants: list[Any]


def search(server: Server, client: Client, term: str, since: datetime) -> Iterator[Read]:
    """Search by growing offset; a server that repeats its first page leaves a gap behind it.

    A page may be short before the end, or empty: what is deleted or muted is left out after it was
    counted (StatusesSearchService of Mastodon, seen November 2026).

    Raises:
        PayloadError: the search does not end.
    """
    oldest: list[datetime] = []
    yield from understand(server, _search_pages(server, client, term, since, oldest))
    if oldest:
        reason = f"the search of {server.host} gives {PAGE} posts and no further page"
        yield Gap(gap_from=since, gap_to=min(oldest), reason=reason)


def _search_pages(
    server: Server, client: Client, term: str, since: datetime, oldest: list[datetime]
) -> Iterator[Reply]:
    """Pages until many in a row are empty, or two repeat what was seen.

    Fills ``oldest`` where one comes back whole. No step is wider than the widest page, as a server
    may give fewer than it is asked for; past a page without anything new it is as wide as what was
    asked for.
    """
    seen: set[str] = set()
    offset, widest, stale = 0, 0, 0
    for _ in range(MAX_PAGES):
        params = {"q": term, "type": "statuses", "limit": PAGE, "offset": offset}
        reply = server.get(client, "/api/v2/search", params)
        page = decode(reply.body, _Found, where=reply.url).statuses
        yield reply
        times = pages.times(page)
        fresh = set(pages.ids(page)) - seen
        if not fresh and len(page) >= PAGE:
            oldest.extend(times)
            return
        stale = 0 if fresh else stale + 1
        if is_older(times, since) or stale >= (REPEATED if page else HIDDEN):
            return
        seen.update(fresh)
        widest = max(widest, len(page))
        offset += widest if fresh else PAGE
    raise PayloadError(f"more than {MAX_PAGES} pages: paging does not end", where=server.host)


def conversation(client: Client, post: Post, server: Server) -> Iterator[Read]:
    """Everything around a post, asked for in parts; a gap where these are too many."""
    start = local_id(post, server)
    waiting = [start] if start else []
    asked: set[str] = set()
    while waiting and len(asked) < MAX_CONTEXTS:
        status_id = waiting.pop(0)
        if status_id in asked:
            continue
        asked.add(status_id)
        reply = server.get(client, f"/api/v1/statuses/{quote(status_id, safe='')}/context", {})
        context = decode(reply.body, _Context, where=reply.url)
        yield from understand(server, [reply])
        waiting += pages.ids(context.ancestors[:1])
        if server.token is None:
            waiting += pages.cut_off(status_id, context.descendants)
    if not asked.issuperset(waiting):
        begun = post.created_at or reply.observed_at
        reason = f"{server.host} shows a thread in more than {MAX_CONTEXTS} parts"
        yield Gap(gap_from=begun, gap_to=reply.observed_at, reason=reason)


def account_id(server: Server, client: Client, account: str) -> str | None:
    """The id by which this server knows an account, or None where it does not."""
    name, _, home = account.removeprefix("@").partition("@")
    is_local = home.lower() in {"", server.domain, server.host}
    params = {"acct": name if is_local else f"{name}@{home}"}
    reply = server.get(client, "/api/v1/accounts/lookup", params, (404,))
    if reply.status == 404:
        return None
    return decode(reply.body, Account, where=reply.url).id


def again(server: Server, client: Client, known: Mapping[str, Post]) -> Iterator[Read]:
    """A batch of posts by their ids here, as they are now; those left out each alone.

    Raises:
        LuisterError: nothing answers there as a server does: what it does not find proves nothing.
    """
    reply = server.get(client, "/api/v1/statuses", {"id[]": list(known)}, NO_BATCH)
    given: set[str] = set()
    is_there = server.is_known or reply.status == 200
    if reply.status == 200:
        given = set(pages.ids(decode(reply.body, list[Any], where=reply.url)))
        yield from understand(server, [reply])
    for status_id, post in known.items():
        if status_id in given:
            continue
        path = f"/api/v1/statuses/{quote(status_id, safe='')}"
        reply = server.get(client, path, {}, GONE)
        if reply.status not in GONE:
            yield from understand(server, [reply])
            continue
        if not is_there:
            old = server.get(client, "/api/v1/instance", {})
            decode(old.body, dict[str, Any], where=old.url)
            is_there = True
        now = reply.observed_at
        yield msgspec.structs.replace(post, deleted_at=now, observed_at=now)
