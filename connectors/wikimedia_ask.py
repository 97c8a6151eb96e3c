"""Ask a wiki: histories of pages and all else that a query gives, as the wiki says to go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from connectors.paging import follow, is_older, times_of, understand
from connectors.wikimedia_edit import edit_post
from connectors.wikimedia_pages import continuation, edits
from pipeline.errors import ConfigError
from pipeline.post import Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

Query = Mapping[str, str | int]
_ALWAYS: Final[Query] = {"action": "query", "format": "json", "formatversion": 2, "maxlag": 5}
REVISIONS: Final[Query] = {
    "prop": "revisions",
    "rvprop": "ids|timestamp|user|comment|flags|size",
}
_Place = tuple[tuple[str, str], ...]
"""What a reply gave to go on with: names and values."""
THIS: Final[Any] = SimpleNamespace(read=edits, to_post=edit_post)


def watched(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Edits of the watched pages and their talk pages."""
    for address in source.urls:
        home, title = _page(address, source)
        for name in (title, f"Talk:{title}"):
            yield from history(client, home, name, since)


def history(client: Client, home: str, title: str, since: datetime) -> Iterator[Read]:
    """Edits of one page."""
    asked = {**REVISIONS, "titles": title, "rvlimit": 500, "rvend": stamp(since)}
    yield from listed(client, home, asked)


def _page(address: str, source: Source) -> tuple[str, str]:
    """The wiki and the title in the address of a page."""
    parts = urlsplit(address)
    title = parse_qs(parts.query).get("title", [""])[0]
    if parts.path.startswith("/wiki/"):
        title = unquote(parts.path.removeprefix("/wiki/"))
    if not parts.netloc or not title:
        raise ConfigError(f"not the address of a wiki page: {address}", where=source.name)
    return f"{parts.scheme}://{parts.netloc}", title.replace("_", " ")


def home_of(source: Source) -> str:
    """The wiki of a source: its own, or the Wikipedia of its language."""
    language = (source.language or "en").partition("-")[0]
    return (source.server or f"https://{language}.wikipedia.org").rstrip("/")


def listed(
    client: Client, home: str, query: Query, since: datetime | None = None
) -> Iterator[Read]:
    """The edits that a query gives, page by page, until all of a page is older."""
    yield from understand(THIS, _pages(client, home, query, since))


def _pages(
    client: Client, home: str, query: Query, since: datetime | None = None
) -> Iterator[Reply]:
    """Page by page as the wiki says to go on."""

    def fetch(place: _Place) -> Reply:
        return get(client, home, {**query, **dict(place)})

    def following(reply: Reply, _: _Place) -> _Place | None:
        is_old = is_older(times_of(understand(THIS, [reply])), since)
        return None if is_old else continuation(reply)

    first: _Place = ()
    return follow(first, fetch, following)


def get(client: Client, home: str, query: Query) -> Reply:
    """One answer of a wiki."""
    return client.get(f"{home}/w/api.php", params={**_ALWAYS, **query})


def stamp(moment: datetime) -> str:
    """A time as wikis read it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
