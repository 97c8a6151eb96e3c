"""Mastodon and servers that speak its client API (GoToSocial, Akkoma, Takahē, Pixelfed …).

Reads: tag timelines, search, account statuses, notifications, context and statuses of one server
    (https://docs.joinmastodon.org/methods/). Several servers are several sources.
Access: open for tags, accounts and threads on most servers; MASTODON_ACCESS_TOKEN (scopes
    read:search read:statuses read:notifications read:accounts) for search and inbox. Accounts are
    written ``user@server``.
Cannot tell: views; replies, boosts and likes that never reached this server; the root of a thread
    outside ``context``; posts of authors who did not opt in to search; the rest of a thread that a
    server shows visitors in more than ten parts (a gap is told).
Quirks: ids are local to a server and differ in form between programs, so pages are walked back by
    ``max_id`` and never jumped to by date; the same post has one ``uri`` everywhere. Servers that
    do not know ``any[]`` ignore it without a word, so each tag is asked for alone. People who set
    ``noindex``, are not ``discoverable`` or ask so in their description are left out; with
    ``options.indexable_only`` also those who did not agree to be found by search, which is nearly
    everybody who never chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import msgspec

from connectors import mastodon_event as event
from connectors import mastodon_pages as pages
from connectors.mastodon_server import (
    PAGE,
    TOKEN,
    Server,
    local_id,
    server_of,
)
from connectors.mastodon_status import Account
from connectors.paging import decode, follow, is_older, once, understand
from pipeline.errors import LuisterError, PayloadError, RateLimited, SourceGone, SourceRefused
from pipeline.post import Gap, Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SYNTAX: Final = push.Syntax(fields={"author": "from:{}"})
ACCESS: Final = Access(
    kind="open",
    requests=300,
    seconds=300.0,
    secrets=(TOKEN,),
    needs={"inbox": (TOKEN,)},
    narrows={verb: {"indexable_only": ""} for verb in ("mentions", "timeline", "inbox")},
)
BATCH: Final = 20
MAX_CONTEXTS: Final = 10
NO_BATCH: Final = (400, 403, 404, 405, 406, 422)


class _Error(msgspec.Struct, forbid_unknown_fields=True):
    error: str
    error_description: str | None = None
    details: Any = None


class _Found(msgspec.Struct):
    statuses: list[Any]


class _Context(msgspec.Struct):
    ancestors: list[Any]
    descendants: list[Any]


to_post: Final = event.to_post


def refusal(reply: Reply) -> LuisterError | None:
    """A token that is not accepted, told with status 400, or any refusal told with status 200."""
    if reply.status == 400 and b"token" in reply.body[:200].lower():
        return SourceRefused("the server does not accept the access token", where=reply.url)
    if reply.status != 200 or b'"error"' not in reply.body[:200]:
        return None
    told = _error_in(reply)
    words = told.lower()
    if not told:
        return None
    if "too many" in words:
        return RateLimited(f"the server says: {told}", where=reply.url)
    if "not found" in words:
        return SourceGone(f"it is not there: {told}", where=reply.url)
    if "token" in words or "not allowed" in words or "requires" in words:
        return SourceRefused(f"the server refuses: {told}", where=reply.url)
    return PayloadError(f"the server says: {told}", where=reply.url)


def _error_in(reply: Reply) -> str:
    """What an answer that is nothing but an error says."""
    try:
        return msgspec.json.decode(reply.body, type=_Error).error[:300]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def read(reply: Reply) -> Iterator[Item]:
    """Cut any reply of the API into statuses; accounts, instances, polls and the like give none.

    Events of its streams that were kept in a file are read too.
    """
    return event.cut(reply, {"host": urlsplit(reply.url).netloc.lower()})


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts with the source's tags and, with a token, its terms."""
    server = server_of(source, client)
    if source.terms and not _tags(source) and server.token is None:
        raise SourceRefused(
            "searching words needs an access token; without one only tags can be followed",
            todo=f"give this source tags, or set {source.variable(TOKEN)}",
        )
    return once(_mentions(source, client, since, server))


def _mentions(source: Source, client: Client, since: datetime, server: Server) -> Iterator[Read]:
    tags = _tags(source)
    narrowed = _narrowed(server, source) if tags else {}
    for tag in tags:
        path = f"/api/v1/timelines/tag/{quote(tag.removeprefix('#'), safe='')}"
        yield from understand(server, server.walk(client, path, narrowed, since))
    if server.token is not None:
        for term in _searched(source):
            yield from _search(server, client, term, since)


def _tags(source: Source) -> Sequence[str]:
    """The tags to follow, and those that queries name: timelines, as servers search few words."""
    return list(dict.fromkeys((*source.tags, *push.tags(source.query, source.platform))))


def _searched(source: Source) -> Sequence[str]:
    if source.query is not None:
        return push.searches(source.query, SYNTAX, source.platform).texts
    return source.terms


def _narrowed(server: Server, source: Source) -> dict[str, str]:
    """What of the tag timelines this server shows us.

    Raises:
        SourceRefused: it shows none of them.
    """
    shown = {"public"} | ({"authenticated"} if server.token else set())
    local, remote = (feed in shown for feed in server.tag_feeds)
    if local and remote:
        return {}
    if local or remote:
        return {"local": "true"} if local else {"remote": "true"}
    needs = "it has switched them off" if "authenticated" not in server.tag_feeds else "sign in"
    raise SourceRefused(
        f"{server.host} does not show its tag timelines: {needs}",
        todo=f"set {source.variable(TOKEN)}, or listen through another server",
    )


def _search(server: Server, client: Client, term: str, since: datetime) -> Iterator[Read]:
    """Search by growing offset; a server that repeats its first page leaves a gap behind it."""
    seen: set[str] = set()
    oldest: list[datetime] = []

    def fetch(offset: int) -> Reply:
        params = {"q": term, "type": "statuses", "limit": PAGE, "offset": offset}
        return server.get(client, "/api/v2/search", params)

    def following(reply: Reply, offset: int) -> int | None:
        page = decode(reply.body, _Found, where=reply.url).statuses
        fresh = set(pages.ids(page)) - seen
        times = pages.times(page)
        if len(page) < PAGE or is_older(times, since):
            return None
        if not fresh:
            oldest.extend(times)
            return None
        seen.update(fresh)
        return offset + len(page)

    yield from understand(server, follow(0, fetch, following))
    if oldest:
        reason = f"the search of {server.host} gives {PAGE} posts and no further page"
        yield Gap(gap_from=since, gap_to=min(oldest), reason=reason)


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts said, boosts included; an unknown account is told of after the others."""
    return once(_timeline(source, client, since, server_of(source, client)))


def _timeline(source: Source, client: Client, since: datetime, server: Server) -> Iterator[Read]:
    unknown = []
    for account in source.accounts:
        account_id = _account_id(server, client, account)
        if account_id is None:
            unknown.append(account)
            continue
        path = f"/api/v1/accounts/{quote(account_id, safe='')}/statuses"
        yield from understand(server, server.walk(client, path, {}, since))
    if unknown:
        raise SourceGone(f"{server.host} knows no account {', '.join(unknown)}")


def _account_id(server: Server, client: Client, account: str) -> str | None:
    name, _, home = account.removeprefix("@").partition("@")
    is_local = home.lower() in {"", server.domain, server.host}
    params = {"acct": name if is_local else f"{name}@{home}"}
    reply = server.get(client, "/api/v1/accounts/lookup", params, (404,))
    if reply.status == 404:
        return None
    return decode(reply.body, Account, where=reply.url).id


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What was addressed to the token's account: mentions (replies are mentions) and quotes."""
    server = server_of(source, client)
    params = {"types[]": list(pages.ADDRESSING)}
    walk = server.walk(client, "/api/v1/notifications", params, since)
    return once(understand(server, walk))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The conversation around a post, up to its root and down all its branches."""
    return once(_thread(client, post, server_of(source, client)))


def _thread(client: Client, post: Post, server: Server) -> Iterator[Read]:
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


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The posts as they are now; one that is gone comes as its tombstone.

    Servers before 4.3 have no batch, and some leave out what they do have: each missing post is
    asked for alone before it is called deleted.
    """
    server = server_of(source, client)
    known = {local_id(post, server): post for post in posts}
    ids = [each for each in known if each]
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        reply = server.get(client, "/api/v1/statuses", {"id[]": batch}, NO_BATCH)
        given: set[str] = set()
        if reply.status == 200:
            given = set(pages.ids(decode(reply.body, list[Any], where=reply.url)))
            yield from understand(server, [reply])
        for status_id in batch:
            if status_id not in given:
                yield from _again(server, client, status_id, known[status_id])


def _again(server: Server, client: Client, status_id: str, post: Post) -> Iterator[Read]:
    path = f"/api/v1/statuses/{quote(status_id, safe='')}"
    reply = server.get(client, path, {}, (404, 410))
    if reply.status in {404, 410}:
        now = reply.observed_at
        yield msgspec.structs.replace(post, deleted_at=now, observed_at=now)
    else:
        yield from understand(server, [reply])
