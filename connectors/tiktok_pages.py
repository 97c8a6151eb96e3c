"""Ask TikTok: log in with the refresh token, and walk lists, with what hangs below their posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.paging import decode, follow, is_older, times_of, tombstone, understand
from connectors.tiktok_query import Query, under
from connectors.tiktok_reply import READER, is_partial
from pipeline.errors import SecretError
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SECRETS: Final = ("TIKTOK_CLIENT_KEY", "TIKTOK_CLIENT_SECRET", "TIKTOK_REFRESH_TOKEN")
API: Final = "https://business-api.tiktok.com"
SORTED: Final = 500
CAP: Final = 1_000
Cursor = int | str


class _Grant(msgspec.Struct):
    access_token: str
    open_id: str
    refresh_token: str | None = None


class _Granted(msgspec.Struct):
    data: _Grant


class _Data(msgspec.Struct):
    has_more: bool
    cursor: int | str | None = None


class _Page(msgspec.Struct):
    data: _Data


class Desk(msgspec.Struct, frozen=True):
    """Where to ask, as whom."""

    client: Client
    address: str
    token: str
    business: str


def log_in(source: Source, client: Client) -> Desk:
    """Change the refresh token for one of a day; the answer also says whose it is.

    The refresh token that comes with it takes the place of the old one, where that was found.
    """
    key, secret, kept = (client.secret(name) for name in SECRETS)
    if not (key and secret and kept):
        raise SecretError(f"TikTok needs {source.variables(SECRETS)}", where=source.name)
    address = f"{(source.server or API).rstrip('/')}/open_api/v1.3"
    asked = {
        "client_id": key,
        "client_secret": secret,
        "grant_type": "refresh_token",
        "refresh_token": kept,
    }
    reply = client.post(f"{address}/tt_user/oauth2/refresh_token/", json=asked)
    grant = decode(reply.body, _Granted).data
    client.learn(grant.access_token)
    if grant.refresh_token:
        client.renew(SECRETS[2], grant.refresh_token)
    return Desk(client, address, grant.access_token, grant.open_id)


def walk(desk: Desk, path: str, query: Query, since: datetime | None = None) -> Iterator[Read]:
    """What the pages of a list hold."""
    yield from understand(READER, pages(desk, path, query, since))


def pages(
    desk: Desk,
    path: str,
    query: Query,
    since: datetime | None = None,
    at_least: timedelta | None = None,
) -> Iterator[Reply]:
    """Pages until the last or, the newest first, one that is older than wanted throughout.

    With ``at_least`` the time is the earlier of ``since`` and so long ago.
    """

    def fetch(cursor: Cursor) -> Reply:
        return desk.client.get(
            f"{desk.address}/business/{path}/",
            params={"business_id": desk.business, **query, "cursor": cursor},
            headers={"Access-Token": desk.token},
        )

    def following(reply: Reply, cursor: Cursor) -> Cursor | None:
        page = decode(reply.body, _Page).data
        if not page.has_more or page.cursor is None:
            return None
        is_sorted = path != "comment/list" or (isinstance(cursor, int) and cursor < SORTED)
        times = times_of(understand(READER, [reply]))
        is_past = is_sorted and is_older(times, earlier(since, reply, at_least))
        return None if is_past else page.cursor

    first: Cursor = 0
    return follow(first, fetch, following)


def earlier(since: datetime | None, reply: Reply, at_least: timedelta | None) -> datetime | None:
    """The earlier of ``since`` and so long before the answer."""
    return min(since, reply.observed_at - at_least) if since and at_least else since


def capped(reads: Iterator[Read], since: datetime) -> Iterator[Read]:
    """The same, and a gap where the list was full before ``since`` was reached."""
    times: list[datetime] = []
    for each in reads:
        yield each
        if isinstance(each, Post) and each.created_at is not None:
            times.append(each.created_at)
    if len(times) >= CAP and min(times) > since:
        reason = "a list of mentions ends after 1,000"
        yield Gap(gap_from=since, gap_to=min(times), reason=reason)


def comments(desk: Desk, video: str, since: datetime | None = None) -> Iterator[Read]:
    """Comments under a video, the newest first, each followed by its answers."""
    query = {"sort_field": "create_time", "sort_order": "desc", **under(video)}
    for each in walk(desk, "comment/list", query, since):
        yield each
        if isinstance(each, Post) and each.kind == "comment" and each.replies_count != 0:
            asked = {"comment_id": each.post_id, **under(video)}
            for answer in walk(desk, "comment/reply/list", asked):
                yield _below(answer, each)


def _below(answer: Read, comment: Post) -> Read:
    """What is listed as an answer to a comment is one, whether it says so or not."""
    if not isinstance(answer, Post):
        return answer
    return msgspec.structs.replace(answer, kind="reply", parent_id=comment.post_id)


def again(desk: Desk, path: str, query: Query, posts: Sequence[Post]) -> Iterator[Read]:
    """The posts as they are now; none is taken for gone where not all was answered."""
    replies = list(pages(desk, path, query))
    reads = list(understand(READER, replies))
    yield from reads
    is_whole = all(isinstance(each, Post) for each in reads) and not any(map(is_partial, replies))
    here = {each.post_id for each in reads if isinstance(each, Post)}
    for post in posts:
        if is_whole and post.post_id not in here:
            yield tombstone(post, replies[-1])
