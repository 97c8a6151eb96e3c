"""Hacker News: stories, comments and who answers whom.

Reads: the Algolia search API (https://hn.algolia.com/api: search_by_date, items) and, for posts as
    they are now, the Firebase API (https://github.com/HackerNews/API: item). ``server`` stands in
    for both. ``options.domains`` are web domains to which links count as mentions.
Access: open.
Cannot tell: language, edits, audience sizes, points of comments; there are no mentions by name.
Quirks: a query gives at most 1,000 hits whatever the page, so time is cut into slices; search is
    lenient, so matching is done again on our side; deleted items are told by Firebase alone; keys
    without a value are null in old answers and missing in new ones; Firebase knows a comment's
    parent, not its story.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from connectors import hackernews_ask as ask
from connectors import hackernews_item
from connectors.hackernews_reply import cut
from connectors.paging import once, tombstone, understand
from pipeline.post import Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(kind="open", requests=120, seconds=60.0, lists=("domains",))
SYNTAX: Final = push.Syntax(word='"{}"')


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Stories and comments that hold a term, and stories that link to one of the domains."""
    wanted = [f'"{push.unquoted(term)}"' for term in source.terms if push.unquoted(term)]
    if source.query is not None:
        wanted = list(push.searches(source.query, SYNTAX, source.platform).texts)
    queries: list[ask.Query] = [
        {"query": each, "tags": "(story,comment)", "typoTolerance": "false"} for each in wanted
    ]
    queries += [
        {"query": domain, "restrictSearchableAttributes": "url", "tags": "story"}
        for domain in source.options.get("domains", ())
    ]
    yield from once(read for query in queries for read in ask.search(source, client, query, since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts wrote: stories and comments."""
    for account in source.accounts:
        yield from once(ask.search(source, client, {"tags": f"author_{account}"}, since))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What answers the accounts' stories and comments, those of before ``since`` left out."""
    for account in source.accounts:
        for own in ask.search(source, client, {"tags": f"author_{account}"}, since):
            if isinstance(own, Post) and own.replies_count != 0:
                for read in ask.tree_under(source, client, own):
                    if not isinstance(read, Post) or read.parent_id == own.post_id:
                        yield read


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The whole story ``post`` stands under, in one answer."""
    yield from understand(ask.THIS, [ask.tree(source, client, post.root_id or post.post_id)])


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; null, deleted or dead means it is gone.

    Firebase does not know the story of a comment: what was known about it stays.
    """
    for post in posts:
        reply = client.get(f"{source.server or ask.FIREBASE}/v0/item/{post.post_id}.json")
        found = list(understand(ask.THIS, [reply])) or [tombstone(post, reply)]
        for read in found:
            yield _with_place(read, post) if isinstance(read, Post) else read


def read(reply: Reply) -> Iterator[Item]:
    """Hits of a search, a whole tree with its comments, or one item; people and ids hold none.

    Raises:
        PayloadError: not an answer of either API, or one beyond the search's cap.
        SourceGone: an item that does not exist.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A story or a comment; None for options of polls and for gaps in a tree."""
    return hackernews_item.to_post(item)


def _with_place(read: Post, known: Post) -> Post:
    is_told = read.root_id is not None
    return msgspec.structs.replace(
        read,
        root_id=read.root_id if is_told else known.root_id,
        kind=read.kind if is_told else known.kind,
    )
