"""Ask Hacker News: searches beyond their cap, and the trees of stories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.hackernews_item import to_post
from connectors.hackernews_reply import Page, cut
from connectors.paging import decode, follow, understand
from pipeline.errors import PayloadError, SourceGone
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

THIS: Final[Any] = SimpleNamespace(read=cut, to_post=to_post)
ALGOLIA: Final = "https://hn.algolia.com"
FIREBASE: Final = "https://hacker-news.firebaseio.com"
PAGE: Final = 100
CAP: Final = 1_000
MAX_PAGES: Final = 5_000
Query = Mapping[str, str]
_Place = tuple[int | None, int]
"""Before which second, and which page."""


class _Moment(msgspec.Struct):
    created_at_i: int


def tree(source: Source, client: Client, number: str) -> Reply:
    """A story, or a comment, with all that stands below it."""
    return client.get(f"{source.server or ALGOLIA}/api/v1/items/{number}")


def tree_under(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The comments below a post; none when it was deleted meanwhile."""
    try:
        reply = tree(source, client, post.post_id)
    except SourceGone:
        return
    yield from understand(THIS, [reply])


def search(source: Source, client: Client, query: Query, since: datetime) -> Iterator[Read]:
    """All hits since, newest first; before a query's cap the walk goes on in an earlier slice."""
    address = f"{source.server or ALGOLIA}/api/v1/search_by_date"

    def fetch(place: _Place) -> Reply:
        before, page = place
        bounds = [f"created_at_i>{int(since.timestamp())}"]
        bounds += [f"created_at_i<{before}"] if before is not None else []
        place_asked: dict[str, str | int] = {
            "numericFilters": ",".join(bounds),
            "hitsPerPage": PAGE,
            "page": page,
        }
        return client.get(address, params={**query, **place_asked})

    first: _Place = (None, 0)
    yield from understand(THIS, follow(first, fetch, _following, max_pages=MAX_PAGES))


def _following(reply: Reply, place: _Place) -> _Place | None:
    """The next page, or at the cap the slice that ends with the second of the oldest hit."""
    before, page = place
    found = decode(reply.body, Page)
    if not found.hits or (page + 1 >= found.pages and (page + 1) * PAGE < CAP):
        return None
    if (page + 1) * PAGE < CAP:
        return before, page + 1
    oldest = min(decode(bytes(hit), _Moment).created_at_i for hit in found.hits)
    if before is not None and oldest + 1 >= before:
        raise PayloadError(f"more than {CAP} hits in one second: they cannot all be read")
    return oldest + 1, 0
