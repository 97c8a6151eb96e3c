"""Feeds: news, blogs, podcasts, comments under posts, and searches that answer with a feed.

Reads: RSS 0.9-2.0, RDF, Atom and JSON Feed at ``urls``; with ``options.search`` also Google News
    and Bing News for the source's terms, language and ``options.country``
    (https://www.rssboard.org/rss-specification,
    https://www.rfc-editor.org/rfc/rfc4287, https://www.jsonfeed.org/version/1.1/).
Access: open. Google allows its news search for personal, non-commercial use only.
Cannot tell: audience sizes, likes, what left a feed between two nights; an item that is gone from a
    feed is not deleted. The person behind a name is only that name on that site
    (``name@site`` is the author's id).
Quirks: ids change and repeat, so an entry is named by the canonical address of its page; feeds are
    not in order of time, so all of a page is read; most give only the newest entries. A feed is a
    company's own when an account is its address, its host or a domain above it, or when
    ``options.owner`` says whose it is: its articles are then that account's posts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import feed_pages as pages
from connectors.feed_owner import owned, owner, signed
from connectors.feed_reply import cut, entry_post
from connectors.feed_search import SYNTAX as SYNTAX
from connectors.feed_search import searches
from connectors.paging import in_turn
from pipeline.errors import LuisterError
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="open",
    requests=60,
    seconds=60.0,
    lists=("search",),
    narrows={"mentions": {"language": "en", "country": ""}},
)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Entries of feeds that are nobody's own, and of news searches for the terms."""
    feeds = [address for address in source.urls if owner(source, address) is None]
    yield from pages.every(client, [*feeds, *searches(source, since)], since)


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Entries of a company's own feeds: its articles are the owner's, comments their writers'."""
    own = [(account, each) for account, feeds in owned(source).items() for each in feeds]

    def said(feed: tuple[str, str]) -> Iterator[Read]:
        account, address = feed
        for read in pages.one(client, address, since):
            yield signed(read, account)

    nobodys = sum(owner(source, address) is None for address in source.urls)
    others = nobodys + len(source.options.get("search", ()))
    yield from in_turn(own, said, forgiven=(LuisterError,), called="feeds", others=others)


def thread(_: Source, client: Client, post: Post) -> Iterator[Read]:
    """Comments on a post, where its feed names a feed of them."""
    address = pages.comments_feed(post)
    if address is not None:
        yield from pages.entries(client, address, since=None)


def read(reply: Reply) -> Iterator[Item]:
    """Cut a feed of any format into its entries; an unchanged one (304) has none.

    Raises:
        PayloadError: no feed: empty, a login page, other JSON, or broken beyond reading.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """An article, a microblog post without title, or a comment."""
    return entry_post(item)
