"""Ask a Lemmy server, with the token where there is one, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from connectors.feed_names import place_of
from connectors.lemmy_reply import cut
from connectors.lemmy_view import view_post
from connectors.paging import follow, is_older, times_of, understand
from pipeline.errors import ConfigError
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

TOKEN: Final = "LEMMY_JWT"  # noqa: S105 the name of a variable
PAGE: Final = 50
LATE: Final = timedelta(days=1)
GONE: Final = (400, 404)
Query = Mapping[str, str | int]
THIS: Final[Any] = SimpleNamespace(read=cut, to_post=view_post)


def listed(
    source: Source, client: Client, path: str, query: Query, since: datetime | None
) -> Iterator[Read]:
    """What the pages of a list hold; newest first, down to ``since``."""
    yield from understand(THIS, _pages(source, client, path, query, since))


def _pages(
    source: Source, client: Client, path: str, query: Query, since: datetime | None
) -> Iterator[Reply]:
    """Pages until one is empty or, newest first, holds nothing but what is old."""

    def fetch(page: int) -> Reply:
        return get(source, client, path, {**query, "limit": PAGE, "page": page})

    def following(reply: Reply, page: int) -> int | None:
        times = times_of(understand(THIS, [reply]))
        return None if not times or is_older(times, since and since - LATE) else page + 1

    return follow(1, fetch, following)


def name_here(source: Source, post: Post) -> tuple[str, str]:
    """The kind and number by which this server knows a post; empty where it never told of it.

    Every server has numbers of its own: that of another one is another post here.
    """
    host = place_of(source.server or "")
    told = (each.partition("/") for each in post.aliases)
    names = [name for place, _, name in told if place_of(f"https://{place}") == host]
    kind, _, number = (names[0] if names else post.native_id or "").partition("/")
    return (kind, number) if names or not post.aliases else ("", "")


def get(
    source: Source, client: Client, path: str, query: Query, expect: tuple[int, ...] = ()
) -> Reply:
    """One answer of the server.

    Raises:
        ConfigError: no server is named.
    """
    if not source.server:
        raise ConfigError("a Lemmy source needs the address of a server", where=source.name)
    address = f"{source.server.rstrip('/')}/api/v3/{path}"
    return client.get(address, params=query, bearer=client.secret(TOKEN), expect=expect)
