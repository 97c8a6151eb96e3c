"""Ask for feeds: their entries page by page, and which of several cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.feed_reply import THIS, cut, next_page
from connectors.markup import resolve
from connectors.paging import follow, in_turn, understand, understand_item
from pipeline.errors import LuisterError
from pipeline.post import Post, Read
from pipeline.source import Reply

if TYPE_CHECKING:
    from pipeline.http import Client

MAX_PAGES: Final = 50


def every(client: Client, addresses: Sequence[str], since: datetime) -> Iterator[Read]:
    """Entries of all feeds: one that fails does not keep the others from being read.

    Raises:
        LuisterError: the first failure, once all have been asked.
    """
    return in_turn(
        addresses,
        lambda address: one(client, address, since),
        forgiven=(LuisterError,),
        called="feeds",
    )


def one(client: Client, address: str, since: datetime) -> Iterator[Read]:
    """Entries of one feed.

    Raises:
        LuisterError: at the address of the feed, where only a place within it is named.
    """
    try:
        yield from entries(client, address, since)
    except LuisterError as error:
        if not error.where.startswith("http"):
            error.where = f"{address} {error.where}".strip()
        raise


def entries(client: Client, address: str, since: datetime | None) -> Iterator[Read]:
    """Entries of a feed and its next pages; those known to be older than ``since`` left out."""

    def following(reply: Reply, asked: str) -> str | None:
        further = next_page(reply, asked)
        return further if further and _reaches(reply, since) else None

    def fetch(asked: str) -> Reply:
        return client.get(asked, conditional=True)

    seen: set[str] = set()
    for found in understand(THIS, follow(address, fetch, following, max_pages=MAX_PAGES)):
        if isinstance(found, Post):
            if found.post_id in seen or _is_older(found, since):
                continue
            seen.add(found.post_id)
        yield found


def _is_older(post: Post, since: datetime | None) -> bool:
    latest = post.edited_at or post.created_at
    return since is not None and latest is not None and latest < since


def _reaches(reply: Reply, since: datetime | None) -> bool:
    """Whether a page holds an entry that is surely newer, so that an older page may matter."""
    if since is None:
        return True
    found = (post for item in cut(reply) for post in understand_item(THIS, item))
    return any(
        isinstance(post, Post) and post.created_at is not None and post.created_at >= since
        for post in found
    )


def comments_feed(post: Post) -> str | None:
    """The feed of comments that a post's entry names, or None."""
    try:
        entry = msgspec.json.decode(post.payload or "null", type=dict[str, Any] | None) or {}
    except msgspec.DecodeError:
        return None
    links = entry.get("links")
    told = [entry.get("wfw_commentrss"), *map(_replies, links if isinstance(links, list) else ())]
    addresses = (resolve(each, post.url) for each in told if isinstance(each, str))
    return next((address for address in addresses if address), None)


def _replies(link: Any) -> Any:
    """The address in an Atom link to replies, where they are a feed and not a page."""
    is_replies = isinstance(link, dict) and link.get("rel") == "replies"
    return link.get("href") if is_replies and "xml" in str(link.get("type")) else None
