"""Ask the YouTube Data API: with the key in a header, page by page, and in batches of ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.paging import follow, is_older, tombstone, understand
from connectors.youtube_item import item_post
from connectors.youtube_pages import channel_in, elements, fault, listing, names_in
from pipeline.errors import SecretError, SourceGone
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

API: Final = "https://www.googleapis.com"
BATCH: Final = {"videos": 50, "commentThreads": 20, "comments": 20}
READER: Final[Any] = SimpleNamespace(read=elements, to_post=item_post)
Query = Mapping[str, str | int]
_WHOLE: Final[Mapping[str, Query]] = {
    "videos": {"part": "snippet,statistics,status"},
    "commentThreads": {"part": "snippet", "textFormat": "plainText"},
    "comments": {"part": "snippet", "textFormat": "plainText"},
}
_MAY_BE_NOTHING: Final = frozenset({"commentThreads", "comments", "playlistItems"})


def ask(source: Source, client: Client, path: str, query: Query) -> Reply:
    """One request; a refusal to list comments or uploads comes back: there may just be none.

    Raises:
        SecretError: there is no key.
    """
    key = client.secret("YOUTUBE_API_KEY")
    if key is None:
        own = source.variable("YOUTUBE_API_KEY")
        raise SecretError(f"YouTube needs the key {own}", where=source.name)
    return client.get(
        f"{source.server or API}/youtube/v3/{path}",
        params=query,
        headers={"X-Goog-Api-Key": key},
        expect=(403, 404) if path in _MAY_BE_NOTHING else (),
    )


def named(source: Source, client: Client, path: str, names: Sequence[str]) -> Reply:
    """Videos or comments by their ids."""
    return ask(source, client, path, {**_WHOLE[path], "id": ",".join(names)})


def channel(source: Source, client: Client, account: str) -> tuple[str, str]:
    """The id of an account's channel and its playlist of uploads."""
    is_id = account.startswith("UC") and len(account) == 24
    asked = {"part": "contentDetails", "id" if is_id else "forHandle": account}
    return channel_in(ask(source, client, "channels", asked))


def pages(
    source: Source, client: Client, path: str, query: Query, since: datetime | None = None
) -> Iterator[Reply]:
    """All pages, or those of a newest-first list that hold anything since then."""

    def fetch(token: str) -> Reply:
        place = {"pageToken": token} if token else {}
        return ask(source, client, path, {**query, **place})

    def following(reply: Reply, _: str) -> str | None:
        if fault(reply) is not None:
            return None
        return None if is_older(times(reply), since) else listing(reply).next_page_token

    return follow("", fetch, following)


def times(page: Reply) -> list[datetime]:
    """When what stands in a list itself was published, whatever stands below it."""
    return [
        each.created_at
        for each in understand(READER, [page])
        if isinstance(each, Post) and each.kind != "reply" and each.created_at is not None
    ]


def again(source: Source, client: Client, path: str, some: Sequence[Post]) -> Iterator[Read]:
    """A batch as it is now; a list of comments fails as a whole, so it is halved until it tells."""
    known = {post.post_id: post for post in some}
    reply = named(source, client, path, list(known))
    told = fault(reply)
    if isinstance(told, SourceGone):
        half = len(some) // 2
        halves = (some[:half], some[half:]) if half else ()
        for each in halves:
            yield from again(source, client, path, each)
        if not halves:
            yield from (tombstone(post, reply) for post in some)
        return
    if told is not None:
        raise told
    yield from (_placed(each, known) for each in understand(READER, [reply]))
    here = names_in(reply)
    yield from (tombstone(post, reply) for name, post in known.items() if name not in here)


def _placed(read: Read, known: Mapping[str, Post]) -> Read:
    """A comment asked for by its id does not tell its video: what was known stays."""
    before = known.get(read.post_id) if isinstance(read, Post) else None
    if not isinstance(read, Post) or before is None:
        return read
    return msgspec.structs.replace(
        read,
        url=read.url or before.url,
        parent_id=read.parent_id or before.parent_id,
        root_id=read.root_id or before.root_id,
    )
