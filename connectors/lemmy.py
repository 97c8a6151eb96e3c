"""Lemmy: posts and comments in communities, as one server of the fediverse knows them.

Reads: the API v3 (https://join-lemmy.org/api) of ``server``; posts and comments in the shape of v4
    are understood too. An account is ``name@host``.
Access: open; ``inbox`` needs LEMMY_JWT, the token of one's own account.
Cannot tell: audience sizes, views, reposts; the language, which is a number of each server's own;
    votes are those this server heard of.
Quirks: there is no ``since``: newest first, until a whole page is older by a day, because posts of
    other servers arrive late with their old time; times of old versions name no zone and are UTC;
    refusals come with status 400; a comment names its parents by numbers of this server.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import lemmy_ask as ask
from connectors.lemmy_reply import cut, post_above
from connectors.lemmy_reply import refusal as refusal
from connectors.lemmy_view import view_post
from connectors.paging import of_accounts, once, tombstone, understand
from pipeline.errors import SecretError, SourceGone
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="open",
    requests=10,
    seconds=60.0,
    secrets=(ask.TOKEN,),
    needs={"inbox": (ask.TOKEN,)},
)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts and comments that hold one of the terms."""
    asked = {"type_": "All", "listing_type": "All", "sort": "New"}
    yield from once(
        read
        for term in source.terms
        for read in ask.listed(source, client, "search", {"q": term, **asked}, since)
    )


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts posted and commented."""

    def said(account: str) -> Iterator[Read]:
        asked = {"username": account, "sort": "New"}
        return once(ask.listed(source, client, "user", asked, since))

    yield from of_accounts(source.accounts, said)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What answers or names the account of the token; no private messages."""
    if client.secret(ask.TOKEN) is None:
        own = source.variable(ask.TOKEN)
        raise SecretError(f"the inbox needs the token {own}", where=source.name)
    asked = {"sort": "New", "unread_only": "false"}
    yield from once(
        read
        for path in ("user/replies", "user/mention")
        for read in ask.listed(source, client, path, asked, since)
    )


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The post and all comments under it."""
    kind, number = ask.name_here(source, post)
    if not number:
        return
    if kind == "comment":
        reply = ask.get(source, client, "comment", {"id": number})
        number = post_above(reply)
    yield from understand(ask.THIS, [ask.get(source, client, "post", {"id": number})])
    asked = {"post_id": number, "type_": "All", "sort": "Old"}
    yield from once(ask.listed(source, client, "comment/list", asked, None))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; one that the server no longer finds is gone."""
    for post in posts:
        kind, number = ask.name_here(source, post)
        if not number:
            continue
        try_again = ask.get(source, client, kind, {"id": number}, ask.GONE)
        told = refusal(try_again)
        if isinstance(told, SourceGone):
            yield tombstone(post, try_again)
        elif told is not None:
            raise told
        else:
            yield from understand(ask.THIS, [try_again])


def read(reply: Reply) -> Iterator[Item]:
    """The posts and comments of a list, a search, a person or an inbox, or the one asked for.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A post or a comment; None for private messages, people and communities."""
    return view_post(item)
