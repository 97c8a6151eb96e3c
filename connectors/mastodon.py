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
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from connectors import mastodon_ask as ask
from connectors import mastodon_event as event
from connectors import mastodon_pages as pages
from connectors.mastodon_fault import refusal as refusal
from connectors.mastodon_server import TOKEN, Server, local_id, narrowed, server_of
from connectors.paging import once, understand
from pipeline.errors import AccountGone, SourceRefused
from pipeline.post import Post, Read
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


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts with the source's tags and, with a token, its terms."""
    server = server_of(source, client)
    if source.terms and not _tags(source) and server.token is None:
        raise SourceRefused(
            "searching words needs an access token; without one only tags can be followed",
            todo=f"give this source tags, or set {source.variable(TOKEN)}",
        )
    return once(_mentions(source, client, since, server))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts said, boosts included; an unknown account is told of after the others."""
    return once(_timeline(source, client, since, server_of(source, client)))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What was addressed to the token's account: mentions (replies are mentions) and quotes."""
    server = server_of(source, client)
    params = {"types[]": list(pages.ADDRESSING)}
    walk = server.walk(client, "/api/v1/notifications", params, since)
    return once(understand(server, walk))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The conversation around a post, up to its root and down all its branches."""
    return once(ask.conversation(client, post, server_of(source, client)))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The posts as they are now; one that is gone comes as its tombstone.

    Servers before 4.3 have no batch, and some leave out what they do have: each missing post is
    asked for alone before it is called deleted.
    """
    server = server_of(source, client)
    known = {local_id(post, server): post for post in posts}
    ids = [each for each in known if each]
    for start in range(0, len(ids), ask.BATCH):
        some = {each: known[each] for each in ids[start : start + ask.BATCH]}
        yield from ask.again(server, client, some)


def read(reply: Reply) -> Iterator[Item]:
    """Cut any reply of the API into statuses; accounts, instances, polls and the like give none.

    Events of its streams that were kept in a file are read too.
    """
    return event.cut(reply, {"host": urlsplit(reply.url).netloc.lower()})


def to_post(item: Item) -> Post | None:
    """Understand one item: a status, or what is left of one that was deleted."""
    return event.to_post(item)


def _mentions(source: Source, client: Client, since: datetime, server: Server) -> Iterator[Read]:
    tags = _tags(source)
    shown = narrowed(server, source) if tags else {}
    for tag in tags:
        path = f"/api/v1/timelines/tag/{quote(tag.removeprefix('#'), safe='')}"
        yield from understand(server, server.walk(client, path, shown, since))
    if server.token is not None:
        for term in _searched(source):
            yield from ask.search(server, client, term, since)


def _tags(source: Source) -> Sequence[str]:
    """The tags to follow, and those that queries name: timelines, as servers search few words."""
    return list(dict.fromkeys((*source.tags, *push.tags(source.query, source.platform))))


def _searched(source: Source) -> Sequence[str]:
    if source.query is not None:
        return push.searches(source.query, SYNTAX, source.platform).texts
    return source.terms


def _timeline(source: Source, client: Client, since: datetime, server: Server) -> Iterator[Read]:
    unknown = []
    for account in source.accounts:
        account_id = ask.account_id(server, client, account)
        if account_id is None:
            unknown.append(account)
            continue
        path = f"/api/v1/accounts/{quote(account_id, safe='')}/statuses"
        yield from understand(server, server.walk(client, path, {}, since))
    if unknown:
        raise AccountGone(
            f"{server.host} knows no account {', '.join(unknown)}",
            heard_others=len(unknown) < len(source.accounts),
        )
