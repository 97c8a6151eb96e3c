"""Ask a WordPress site through its REST interface: lists, and posts by their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from connectors.feed_names import canonical
from connectors.paging import follow, settled, understand
from connectors.wordpress_item import cut, site_post
from pipeline.http import Client
from pipeline.post import Post, Read
from pipeline.source import Reply

PAGE: Final = 100
THIS: Final[Any] = SimpleNamespace(read=cut, to_post=site_post)


def listed(client: Client, site: str, what: str, query: Mapping[str, str]) -> Iterator[Read]:
    """The posts or comments of a site that a query finds."""
    yield from understand(THIS, _pages(client, site, what, query))


def again(client: Client, site: str, what: str, posts: Sequence[Post]) -> Iterator[Read]:
    """A batch as it is now; one that is no longer listed as its tombstone."""
    reads, last = _known(client, site, what, posts)
    yield from settled(posts, reads, last)


def looked_for(client: Client, site: str, what: str, posts: Sequence[Post]) -> Iterator[Read]:
    """Those of a batch that stand on a site: what has their numbers there may be something else."""
    reads, _ = _known(client, site, what, posts)
    names = {post.post_id for post in posts}
    yield from (each for each in reads if not isinstance(each, Post) or each.post_id in names)


def _known(
    client: Client, site: str, what: str, posts: Sequence[Post]
) -> tuple[Sequence[Read], Reply]:
    """What a site lists by the numbers of posts, and the last page of it."""
    numbers = ",".join(str(post.native_id) for post in posts)
    replies = list(_pages(client, site, what, {"include": numbers}))
    reads = [each for read in understand(THIS, replies) for each in _as_known(read, posts)]
    return reads, replies[-1]


def _as_known(read: Read, posts: Sequence[Post]) -> Iterator[Read]:
    """The post by the names it was asked for: older ones tell its page of comments."""
    if not isinstance(read, Post):
        yield read
        return
    name = canonical(read.post_id)
    names = [post.post_id for post in posts if canonical(post.post_id) == name]
    yield from (msgspec.structs.replace(read, post_id=each) for each in names or [read.post_id])


def _pages(client: Client, site: str, what: str, query: Mapping[str, str]) -> Iterator[Reply]:
    base = f"{site.rstrip('/')}/wp-json/wp/v2/{what}"

    def fetch(page: int) -> Reply:
        asked = {**query, "per_page": str(PAGE), "page": str(page), "order": "asc"}
        return client.get(f"{base}?{urlencode(asked)}")

    def following(reply: Reply, page: int) -> int | None:
        told = reply.headers.get("x-wp-totalpages", "")
        return page + 1 if told.isdecimal() and page < int(told) else None

    return follow(1, fetch, following)
