"""Ask for posts, hashtags and what is said below the posts of an Instagram account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors import graph
from connectors.instagram_media import COMMENT, FOUND, MEDIA, REPLY, TAGGED, media_post
from connectors.instagram_reply import cut, unfinished
from connectors.paging import decode, understand
from pipeline.errors import ConfigError, SourceGone
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

THIS: Final[Any] = SimpleNamespace(read=cut, to_post=media_post)
TOKEN: Final = "IG_ACCESS_TOKEN"  # noqa: S105 the name of a variable
SERVER: Final = "https://graph.facebook.com"
HASHTAGS: Final = 30
RECENT: Final = timedelta(hours=24)
PAGE: Final = 50


class _Hashtag(msgspec.Struct):
    id: str | int
    name: str = ""


class _Hashtags(msgspec.Struct):
    data: list[_Hashtag]


def tagged(source: Source, client: Client, account: str, since: datetime) -> Iterator[Read]:
    """Recent posts with the hashtags; those beyond thirty in a week are a gap."""
    reply = get(source, client, f"{account}/recently_searched_hashtags", {"fields": "id,name"})
    known = {each.name.lower(): str(each.id) for each in decode(reply.body, _Hashtags).data}
    wanted = list(dict.fromkeys(tag.lower() for tag in source.tags))
    left = max(0, HASHTAGS - len(known))
    fresh = [tag for tag in wanted if tag not in known]
    if len(fresh) > left:
        reason = f"thirty hashtags in seven days: not asked for {', '.join(fresh[left:])}"
        yield Gap(gap_from=since, gap_to=reply.observed_at, reason=reason)
    for tag in wanted:
        if tag in fresh[left:]:
            continue
        name = known.get(tag) or _look_up(source, client, account, tag)
        if name is not None:
            found = edge(source, client, f"{name}/recent_media", FOUND, since, user_id=account)
            yield from graph.since_then(found, since)
    yield from graph.gap(since, reply.observed_at - RECENT, "a hashtag gives its last 24 hours")


def _look_up(source: Source, client: Client, account: str, tag: str) -> str | None:
    """The number of a hashtag; None for one that nobody ever used."""
    query = {"user_id": account, "q": tag}
    reply = get(source, client, "ig_hashtag_search", query, graph.MAYBE_GONE)
    told = graph.refusal(reply)
    if told is not None and not isinstance(told, SourceGone):
        raise told
    found = [] if told else decode(reply.body, _Hashtags).data
    return str(found[0].id) if found else None


def addressed(source: Source, client: Client, account: str, since: datetime) -> Iterator[Read]:
    """What is said below the posts of 30 days, and posts that tag the account."""
    posted = edge(source, client, f"{account}/media", MEDIA, since - graph.OWNED)
    for post in graph.since_then(posted, since - graph.OWNED):
        if isinstance(post, Post) and post.replies_count != 0:
            yield from graph.answering(comments(source, client, post.post_id), post)
    yield from edge(source, client, f"{account}/tags", TAGGED, since)


def comments(source: Source, client: Client, media: str) -> Iterator[Read]:
    """All comments, each with its answers, also those that did not fit inside it."""
    for reply in _pages(source, client, f"{media}/comments", {"fields": COMMENT}, None):
        yield from understand(THIS, [reply])
        for comment in unfinished(reply):
            yield from edge(source, client, f"{comment}/replies", REPLY, None)


def edge(
    source: Source,
    client: Client,
    path: str,
    fields: str,
    since: datetime | None,
    **more: str,
) -> Iterator[Read]:
    """What a list of something holds, until it is older."""
    return understand(THIS, _pages(source, client, path, {"fields": fields, **more}, since))


def _pages(
    source: Source, client: Client, path: str, query: graph.Query, since: datetime | None
) -> Iterator[Reply]:
    """Newest first; ``since`` is no parameter of most lists, so a page of old ones ends it."""
    asked = {**query, "limit": PAGE}
    return graph.pages(THIS, lambda some: get(source, client, path, some), asked, since)


def many(source: Source, client: Client) -> Callable[[Sequence[str]], Iterable[Reply]]:
    """How to ask for many things: in batches, which only one of the two servers surely takes."""
    if _base(source).startswith(SERVER):
        token = graph.token_of(source, client, TOKEN)
        return partial(graph.batch, client, _base(source), token)
    one = partial(get, source, client, expect=graph.MAYBE_GONE)
    return partial(graph.one_by_one, one)


def get(
    source: Source,
    client: Client,
    path: str,
    query: graph.Query,
    expect: tuple[int, ...] = (),
) -> Reply:
    """Ask the API for just this."""
    token = graph.token_of(source, client, TOKEN)
    return graph.get(client, f"{_base(source)}/{path}", query, token, expect)


def _base(source: Source) -> str:
    return f"{(source.server or SERVER).rstrip('/')}/v25.0"


def accounts(source: Source) -> tuple[str, ...]:
    """The accounts, each named by its number.

    Raises:
        ConfigError: one is named otherwise, or there is none.
    """
    odd = [account for account in source.accounts if not account.isdecimal()]
    if odd or not source.accounts:
        told = f"not {odd[0]!r}" if odd else "and none is given"
        raise ConfigError(f"an account is named by its number, {told}", where=source.name)
    return source.accounts
