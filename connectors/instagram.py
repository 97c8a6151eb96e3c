"""Instagram: posts and stories of one's own accounts, what is said below, and hashtags.

Reads: media, stories, comments, tags of business and creator accounts, and hashtags (Graph API
    v25.0, https://developers.facebook.com/docs/instagram-platform). ``accounts`` are numbers
    (1784…); ``server`` is https://graph.instagram.com for apps with Instagram login, where there
    are no hashtags. Webhooks, mentions and business discovery are read by ``inspect``.
Access: approval (instagram_basic, instagram_manage_comments; for hashtags Instagram Public Content
    Access); IG_ACCESS_TOKEN, and FB_APP_SECRET where the app demands a proof of its secret.
Cannot tell: who posted what a hashtag finds, audience sizes, views, edits; likes where the owner
    hides them; @mentions, of which only a webhook tells; there is no search for words.
Quirks: a hashtag gives its last 24 hours (unverified), thirty of them in seven days, told by the
    account's own list; a post has another number in another API, its code in the address stays;
    answers to old comments come late, so all comments on posts of 30 days are read; only own posts
    and comments on them can be asked for again, elsewhere gone and unseen look the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors import graph
from connectors.instagram_media import COMMENT, FOUND, MEDIA, REPLY, TAGGED, media_post
from connectors.instagram_reply import cut, unfinished
from connectors.paging import decode, once, understand
from pipeline.errors import ConfigError, SourceGone
from pipeline.post import Gap, Post, Read
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

TOKEN: Final = "IG_ACCESS_TOKEN"  # noqa: S105 the name of a variable
WEEK: Final = timedelta(days=7)
ACCESS: Final = Access(
    kind="approval",
    requests=60,
    seconds=60.0,
    secrets=(TOKEN, graph.APP_SECRET),
    needs=dict.fromkeys(("mentions", "timeline", "inbox", "thread", "refresh"), (TOKEN,)),
    # Counted only: the account's own list says what is left, and a repeated hashtag is free.
    quotas={"hashtags": Quota(seconds=WEEK.total_seconds())},
)
SERVER: Final = "https://graph.facebook.com"
HASHTAGS: Final = 30
RECENT: Final = timedelta(hours=24)
PAGE: Final = 50
refusal = graph.refusal
pause = graph.pause


class _Hashtag(msgspec.Struct):
    id: str | int
    name: str = ""


class _Hashtags(msgspec.Struct):
    data: list[_Hashtag]


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Recent posts with the hashtags; those beyond thirty in a week are a gap."""
    if source.tags:
        yield from once(_tagged(source, client, _accounts(source)[0], since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts posted, and their stories of the last day."""
    for account in _accounts(source):
        for edge in ("media", "stories"):
            found = _edge(source, client, f"{account}/{edge}", MEDIA, since)
            yield from once(graph.since_then(found, since))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Comments on posts of 30 days with the answers to them, and posts that tag the accounts."""
    for account in _accounts(source):
        for each in once(graph.since_then(_addressed(source, client, account, since), since)):
            if not isinstance(each, Post) or each.author_id != account:
                yield each


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """A post of the accounts and all comments on it; elsewhere they may not be read."""
    is_below = post.kind in {"comment", "reply"}
    if post.root_id is None or not (is_below or post.author_id in source.accounts):
        return
    reply = _get(source, client, post.root_id, {"fields": MEDIA})
    for first in understand(_THIS, [reply]):
        yield first
        if isinstance(first, Post):
            yield from once(graph.answering(_comments(source, client, first.post_id), first))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Own posts and comments on them as they are now; a story that ran out was not deleted."""
    asked = []
    for post in posts:
        if post.kind in {"comment", "reply"}:
            asked.append((post, graph.node(post.native_id, REPLY)))
        elif post.author_id in source.accounts and "/stories/" not in (post.url or ""):
            asked.append((post, graph.node(post.native_id, MEDIA)))
    if asked:
        own = _accounts(source)[0]
        yield from graph.refreshed(_THIS, _many(source, client), own, asked)


def spent(reply: Reply) -> Mapping[str, int]:
    """A hashtag that was looked up."""
    is_search = urlsplit(reply.url).path.endswith("/ig_hashtag_search")
    return {"hashtags": 1} if is_search and reply.status == 200 else {}


def read(reply: Reply) -> Iterator[Item]:
    """The posts, comments and answers of a list, a batch, a webhook, or the one asked for.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A post, a story, a comment or an answer; None for people, hashtags and statistics."""
    return media_post(item)


def _tagged(source: Source, client: Client, account: str, since: datetime) -> Iterator[Read]:
    reply = _get(source, client, f"{account}/recently_searched_hashtags", {"fields": "id,name"})
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
            found = _edge(source, client, f"{name}/recent_media", FOUND, since, user_id=account)
            yield from graph.since_then(found, since)
    yield from graph.gap(since, reply.observed_at - RECENT, "a hashtag gives its last 24 hours")


def _look_up(source: Source, client: Client, account: str, tag: str) -> str | None:
    """The number of a hashtag; None for one that nobody ever used."""
    query = {"user_id": account, "q": tag}
    reply = _get(source, client, "ig_hashtag_search", query, graph.MAYBE_GONE)
    told = refusal(reply)
    if told is not None and not isinstance(told, SourceGone):
        raise told
    found = [] if told else decode(reply.body, _Hashtags).data
    return str(found[0].id) if found else None


def _addressed(source: Source, client: Client, account: str, since: datetime) -> Iterator[Read]:
    posted = _edge(source, client, f"{account}/media", MEDIA, since - graph.OWNED)
    for post in graph.since_then(posted, since - graph.OWNED):
        if isinstance(post, Post) and post.replies_count != 0:
            yield from graph.answering(_comments(source, client, post.post_id), post)
    yield from _edge(source, client, f"{account}/tags", TAGGED, since)


def _comments(source: Source, client: Client, media: str) -> Iterator[Read]:
    """All comments, each with its answers, also those that did not fit inside it."""
    for reply in _pages(source, client, f"{media}/comments", {"fields": COMMENT}, None):
        yield from understand(_THIS, [reply])
        for comment in unfinished(reply):
            yield from _edge(source, client, f"{comment}/replies", REPLY, None)


def _edge(
    source: Source,
    client: Client,
    path: str,
    fields: str,
    since: datetime | None,
    **more: str,
) -> Iterator[Read]:
    return understand(_THIS, _pages(source, client, path, {"fields": fields, **more}, since))


def _pages(
    source: Source, client: Client, path: str, query: graph.Query, since: datetime | None
) -> Iterator[Reply]:
    """Newest first; ``since`` is no parameter of most lists, so a page of old ones ends it."""
    asked = {**query, "limit": PAGE}
    return graph.pages(_THIS, lambda some: _get(source, client, path, some), asked, since)


def _many(source: Source, client: Client) -> Callable[[Sequence[str]], Iterable[Reply]]:
    """How to ask for many things: in batches, which only one of the two servers surely takes."""
    if _base(source).startswith(SERVER):
        token = graph.token_of(source, client, TOKEN)
        return partial(graph.batch, client, _base(source), token)
    one = partial(_get, source, client, expect=graph.MAYBE_GONE)
    return partial(graph.one_by_one, one)


def _get(
    source: Source,
    client: Client,
    path: str,
    query: graph.Query,
    expect: tuple[int, ...] = (),
) -> Reply:
    token = graph.token_of(source, client, TOKEN)
    return graph.get(client, f"{_base(source)}/{path}", query, token, expect)


def _base(source: Source) -> str:
    return f"{(source.server or SERVER).rstrip('/')}/v25.0"


def _accounts(source: Source) -> tuple[str, ...]:
    odd = [account for account in source.accounts if not account.isdecimal()]
    if odd or not source.accounts:
        told = f"not {odd[0]!r}" if odd else "and none is given"
        raise ConfigError(f"an account is named by its number, {told}", where=source.name)
    return source.accounts


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
