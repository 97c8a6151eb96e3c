"""Ask LinkedIn for the comments below a post, and for posts that are known, with their counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from connectors.linkedin_pages import CLOSED, counts_of, get, pages, with_counts
from connectors.linkedin_reply import GONE, READER, Fault
from connectors.paging import decode, tombstone, understand
from pipeline.post import Post, Read
from pipeline.source import Source

if TYPE_CHECKING:
    from pipeline.http import Client


class _Batch(msgspec.Struct):
    """``statuses`` and ``errors`` are absent when all was found."""

    results: dict[str, msgspec.Raw]
    statuses: dict[str, int] = {}
    errors: dict[str, Fault] = {}


def comments(source: Source, client: Client, root: str) -> Iterator[Read]:
    """All comments under a post, each followed by its answers."""
    for each in _below(source, client, root):
        yield each
        if isinstance(each, Post) and each.replies_count != 0:
            for answer in _below(source, client, each.post_id):
                is_post = isinstance(answer, Post)
                yield msgspec.structs.replace(answer, root_id=root) if is_post else answer


def _below(source: Source, client: Client, urn: str) -> Iterator[Read]:
    path = f"socialActions/{quote(urn, safe='')}/comments"
    for reply in pages(source, client, path, expect=CLOSED):
        if reply.status not in CLOSED:
            yield from understand(READER, [reply])


def again(source: Source, client: Client, path: str, posts: Mapping[str, Post]) -> Iterator[Read]:
    """Posts by their key in one request; only what LinkedIn says is not there is gone."""
    if len(posts) == 1:
        ((key, post),) = posts.items()
        yield from _one_again(source, client, f"{path}/{quote(key, safe='')}", post)
        return
    keys = ",".join(quote(key, safe="") for key in posts)
    reply = get(source, client, f"{path}?ids=List({keys})", method="BATCH_GET")
    yield from understand(READER, [reply])
    batch = decode(reply.body, _Batch)
    told = {key: each.status for key, each in batch.errors.items()} | batch.statuses
    for key, post in posts.items():
        if key in batch.results:
            continue
        if told.get(key) in GONE:
            yield tombstone(post, reply)
        elif key not in told:
            yield from _one_again(source, client, f"{path}/{quote(key, safe='')}", post)


def _one_again(source: Source, client: Client, path: str, post: Post) -> Iterator[Read]:
    reply = get(source, client, path, expect=(403, *GONE))
    if reply.status in GONE:
        yield tombstone(post, reply)
    elif reply.status != 403:
        yield from understand(READER, [reply])


def counted(source: Source, client: Client, reads: list[Read]) -> Iterator[Read]:
    """The posts with their counts, which LinkedIn keeps elsewhere."""
    keys = [each.post_id for each in reads if isinstance(each, Post) and not each.deleted_at]
    counts = counts_of(source, client, keys) if keys else {}
    for each in reads:
        told = counts.get(each.post_id) if isinstance(each, Post) else None
        yield with_counts(each, told) if isinstance(each, Post) and told else each
