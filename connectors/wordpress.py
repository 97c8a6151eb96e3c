"""WordPress sites: their posts and the comments under them, through the site's own REST interface.

Reads: wp/v2/posts and wp/v2/comments of the sites in ``urls``
    (https://developer.wordpress.org/rest-api/reference/comments/). A site is a base address, such
    as https://blog.example.org. The account of a site's author is ``host/number`` (``accounts``).
Access: open on most sites; some close the interface to visitors (401). Feeds show only the last
    ten comments and cannot be paged, so this is the way to read them all.
Cannot tell: audience sizes, likes, edits of comments; the person behind a comment is only the name
    that was typed.
Quirks: a comment that was held and approved later keeps its old date, so the trailing window
    catches it; pages drift while comments arrive, so that one may come twice; past the end stands
    an empty list. ``after`` is compared with the site's own clock whatever zone it names
    (build_mysql_datetime of WP_Date_Query, seen November 2026), so half a day more is asked for.
    The address of a comment tells on which page of comments it is: that changes and is no name.
    A post behind a password is listed without its words and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from connectors import wordpress_ask as ask
from connectors.feed_names import place_of
from connectors.paging import OF_ONE_SITE, in_turn, once
from connectors.wordpress_item import cut, site_post
from pipeline.http import Client
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

ACCESS: Final = Access(kind="open", requests=60, seconds=60.0)
HALF_A_DAY: Final = timedelta(hours=12)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Comments and posts of the sites that hold one of the terms."""

    def found(site: str) -> Iterator[Read]:
        for term in source.terms:
            for what in ("posts", "comments"):
                asked = {"search": term, "after": _stamp(since)}
                yield from ask.listed(client, site, what, asked)

    yield from once(in_turn(source.urls, found, forgiven=OF_ONE_SITE, called="sites"))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the sites themselves published."""
    yield from _all_sites(source, client, "posts", since)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What people wrote under it."""
    yield from _all_sites(source, client, "comments", since)


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """All comments under the article that ``post`` is, or stands under, where its site is known."""
    sites, number = _sites_of(source, post.post_id), _article_of(post)
    if len(sites) != 1:
        return
    site = sites[0]
    yield from ask.listed(client, site, "posts", {"include": number})
    yield from once(ask.listed(client, site, "comments", {"post": number}))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The same posts now; one that is no longer listed was deleted or taken down.

    Those that may stand on several sites are asked of each, and none of these is called gone.
    """
    asked = [
        (post, what, _sites_of(source, post.post_id))
        for what, kinds in (("posts", {"article"}), ("comments", {"comment", "reply"}))
        for post in posts
        if post.kind in kinds and post.native_id
    ]

    def again(site: str) -> Iterator[Read]:
        batches: dict[tuple[str, bool], list[Post]] = {}
        for post, what, sites in asked:
            if site in sites:
                batches.setdefault((what, len(sites) == 1), []).append(post)
        for (what, is_sure), some in batches.items():
            tell = ask.again if is_sure else ask.looked_for
            for start in range(0, len(some), ask.PAGE):
                yield from tell(client, site, what, some[start : start + ask.PAGE])

    yield from in_turn(source.urls, again, forgiven=OF_ONE_SITE, called="sites")


def read(reply: Reply) -> Iterator[Item]:
    """The posts and comments of a reply; tags, users and other lists hold none.

    Raises:
        LuisterError: a refusal that says so in its body.
        PayloadError: neither a list nor anything that a site gives by its number.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A comment or an article; None for tags, users and the like."""
    return site_post(item)


def _all_sites(source: Source, client: Client, what: str, since: datetime) -> Iterator[Read]:
    asked = {"after": _stamp(since)}
    yield from in_turn(
        source.urls,
        lambda site: once(ask.listed(client, site, what, asked)),
        forgiven=OF_ONE_SITE,
        called="sites",
    )


def _article_of(post: Post) -> str:
    names = (post.root_id, *post.aliases)
    alias = next((name for name in names if name and "/post/" in name), None)
    return alias.rpartition("/")[2] if alias else "0"


def _sites_of(source: Source, address: str) -> Sequence[str]:
    """The site a page stands on: of several below one host the one whose address goes farthest.

    A site may write its own address with or without ``www`` and, alone on its host, another path.
    Where several sites of the host may hold the page, all of them.
    """
    place = _bare(address)
    here = [
        each for each in source.urls if _bare(each).partition("/")[0] == place.partition("/")[0]
    ]
    below = [each for each in here if f"{place}/".startswith(f"{_bare(each)}/")]
    if len(here) < 2 or not below:
        return here
    return [max(below, key=lambda each: len(_bare(each)))]


def _bare(address: str) -> str:
    path = urlsplit(address).path.rstrip("/").lower()
    return place_of(address) + path.removesuffix("/index.php")


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC) - HALF_A_DAY:%Y-%m-%dT%H:%M:%S}"
