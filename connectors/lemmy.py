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

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.lemmy_view import view_post
from connectors.paging import (
    decode,
    follow,
    is_older,
    items,
    once,
    times_of,
    tombstone,
    understand,
    unless_refused,
)
from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SecretError,
    SourceGone,
    SourceRefused,
)
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="open",
    requests=10,
    seconds=60.0,
    secrets=("LEMMY_JWT",),
    needs={"inbox": ("LEMMY_JWT",)},
)
PAGE: Final = 50
LATE: Final = timedelta(days=1)
_LISTS: Final = (
    *("posts", "comments", "replies", "mentions", "items"),
    *("results", "search", "notifications"),
)
_VIEWS: Final = ("post_view", "comment_view")
_ALONE: Final = ("post", "comment")
_NO_POSTS: Final = frozenset(
    [
        *("site_view", "communities", "users", "persons", "person_view", "community_view"),
        *("private_messages", "jwt", "success", "removed_posts", "modlog"),
    ]
)
_GONE: Final = (400, 404)
Query = Mapping[str, str | int]


class _Refusal(msgspec.Struct):
    error: str


class _Local(msgspec.Struct):
    post_id: int


class _Comment(msgspec.Struct):
    comment: _Local


class _CommentAnswer(msgspec.Struct):
    comment_view: _Comment


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts and comments that hold one of the terms."""
    asked = {"type_": "All", "listing_type": "All", "sort": "New"}
    yield from once(
        read
        for term in source.terms
        for read in _new(source, client, "search", {"q": term, **asked}, since)
    )


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts posted and commented."""
    for account in source.accounts:
        asked = {"username": account, "sort": "New"}
        yield from once(_new(source, client, "user", asked, since))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What answers or names the account of the token; no private messages."""
    if client.secret("LEMMY_JWT") is None:
        own = source.variable("LEMMY_JWT")
        raise SecretError(f"the inbox needs the token {own}", where=source.name)
    asked = {"sort": "New", "unread_only": "false"}
    yield from once(
        read
        for path in ("user/replies", "user/mention")
        for read in _new(source, client, path, asked, since)
    )


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The post and all comments under it."""
    kind, _, number = (post.native_id or "").partition("/")
    if kind == "comment":
        reply = _get(source, client, "comment", {"id": number})
        number = str(decode(reply.body, _CommentAnswer).comment_view.comment.post_id)
    yield from understand(_THIS, [_get(source, client, "post", {"id": number})])
    asked = {"post_id": number, "type_": "All", "sort": "Old"}
    yield from once(understand(_THIS, _pages(source, client, "comment/list", asked, None)))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; one that the server no longer finds is gone."""
    for post in posts:
        kind, _, number = (post.native_id or "").partition("/")
        try_again = client.get(
            _address(source, kind), params={"id": number}, bearer=_token(client), expect=_GONE
        )
        told = refusal(try_again)
        if isinstance(told, SourceGone):
            yield tombstone(post, try_again)
        elif told is not None:
            raise told
        else:
            yield from understand(_THIS, [try_again])


def refusal(reply: Reply) -> LuisterError | None:
    """The platform's own words for what is wrong, whatever the status."""
    if not reply.body.lstrip().startswith(b'{"error"'):
        return None
    try:
        word = msgspec.json.decode(reply.body, type=_Refusal).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if word in {"rate_limit_error", "too_many_requests"}:
        return RateLimited(f"asks us to wait ({word})", where=reply.url)
    if word.startswith("couldnt_find") or word == "not_found":
        return SourceGone(f"is not there ({word})", where=reply.url)
    if word in {"not_logged_in", "incorrect_login", "instance_is_private", "not_authenticated"}:
        return SourceRefused(f"the server refuses ({word})", where=reply.url)
    return PayloadError(f"the server does not take the request ({word})", where=reply.url)


def read(reply: Reply) -> Iterator[Item]:
    """The posts and comments of a list, a search, a person or an inbox, or the one asked for.

    Raises:
        PayloadError: none of these.
    """
    unless_refused(refusal(reply))
    answer = decode(reply.body, dict[str, msgspec.Raw])
    context = {"host": urlsplit(reply.url).netloc}
    if {"creator", "community"} < answer.keys() and not answer.keys().isdisjoint(_ALONE):
        yield Item(raw=reply.body, path="$", observed_at=reply.observed_at, context=context)
        return
    for name in (*_VIEWS, *_ALONE):
        if name in answer:
            yield Item(
                raw=bytes(answer[name]),
                path=f"$.{name}",
                observed_at=reply.observed_at,
                context=context,
            )
    for name in _LISTS:
        if name in answer and not bytes(answer[name]).isdigit():
            elements = decode(bytes(answer[name]), list[msgspec.Raw], where=f"$.{name}")
            yield from items(elements, reply, f"$.{name}", context)
    is_cut = "cross_posts" in answer and "post_view" not in answer
    if is_cut or not {*_VIEWS, *_ALONE, *_LISTS, *_NO_POSTS} & answer.keys():
        raise PayloadError("neither posts nor comments", where="$")


def to_post(item: Item) -> Post | None:
    """A post or a comment; None for private messages, people and communities."""
    return view_post(item)


def _new(
    source: Source, client: Client, path: str, query: Query, since: datetime
) -> Iterator[Read]:
    yield from understand(_THIS, _pages(source, client, path, query, since))


def _pages(
    source: Source, client: Client, path: str, query: Query, since: datetime | None
) -> Iterator[Reply]:
    """Pages until one is empty or, newest first, holds nothing but what is old."""

    def fetch(page: int) -> Reply:
        return _get(source, client, path, {**query, "limit": PAGE, "page": page})

    def following(reply: Reply, page: int) -> int | None:
        times = times_of(understand(_THIS, [reply]))
        return None if not times or is_older(times, since and since - LATE) else page + 1

    return follow(1, fetch, following)


def _get(source: Source, client: Client, path: str, query: Query) -> Reply:
    return client.get(_address(source, path), params=query, bearer=_token(client))


def _address(source: Source, path: str) -> str:
    if not source.server:
        raise ConfigError("a Lemmy source needs the address of a server", where=source.name)
    return f"{source.server.rstrip('/')}/api/v3/{path}"


def _token(client: Client) -> str | None:
    return client.secret("LEMMY_JWT")


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
