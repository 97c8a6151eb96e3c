"""Ask an Isso server: the threads of pages to their end, or the latest comments of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.isso_comment import cut, cut_short, understand_comment, uri_of
from connectors.paging import decode, follow, once, tombstone, understand
from pipeline.errors import ConfigError
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

THIS: Final[Any] = SimpleNamespace(read=cut, to_post=understand_comment)
PAGE: Final = 100
ANSWERS: Final = 1_000
LATEST: Final = (500, 4_000, 32_000)
Query = Mapping[str, str | int]


class _Made(msgspec.Struct):
    """Whether a list goes on is asked of its elements, odd as they may be."""

    created: float | None = None
    parent: int | None = None


class _Thread(msgspec.Struct):
    replies: list[msgspec.Raw]
    hidden_replies: int


def new(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What was written or edited since."""
    pages = dict.fromkeys(_path(address) for address in source.urls)
    reads = (
        (each for uri in pages for each in comments(source, client, uri))
        if pages
        else _latest(source, client, since)
    )
    for each in once(reads):
        moments = (each.created_at, each.edited_at) if isinstance(each, Post) else ()
        if not moments or any(moment and moment >= since for moment in moments):
            yield each


def _latest(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The latest comments, as many as are needed to have all since."""

    def fetch(step: int) -> Reply:
        return client.get(f"{_server(source)}/latest", params={"limit": LATEST[step]})

    def following(reply: Reply, step: int) -> int | None:
        is_last = step + 1 == len(LATEST) or _is_whole(reply, LATEST[step], since)
        return None if is_last else step + 1

    *_, reply = follow(0, fetch, following)
    yield from _addressed(understand(THIS, [reply]), source)
    if not _is_whole(reply, LATEST[-1], since):
        reason = f"more than {LATEST[-1]} comments: name the pages in urls"
        yield Gap(gap_from=since, gap_to=reply.observed_at, reason=reason)


def _is_whole(reply: Reply, limit: int, since: datetime) -> bool:
    """Whether nothing new was cut off: all is listed, or a comment that is old enough."""
    elements = decode(reply.body, list[_Made])
    if len(elements) < limit:
        return True
    first = elements[0]
    return first.parent is None and (first.created or 0.0) < since.timestamp()


def comments(source: Source, client: Client, uri: str) -> Iterator[Read]:
    """All comments on a page with their answers, the oldest first."""
    yield from _addressed(understand(THIS, _whole(source, client, uri)), source)


def _whole(source: Source, client: Client, uri: str) -> Iterator[Reply]:
    """A thread, and what was left out of it because a comment has very many answers."""
    for reply in _pages(source, client, {"uri": uri, "limit": PAGE, "nested_limit": ANSWERS}):
        yield reply
        for number in cut_short(reply):
            yield from _pages(source, client, {"uri": uri, "limit": ANSWERS, "parent": number})


def _pages(source: Source, client: Client, query: Query) -> Iterator[Reply]:
    """A thread from its beginning; answers are newer than what they answer, so none is skipped."""

    def fetch(after: str) -> Reply:
        return client.get(f"{_server(source)}/", params={**query, "after": after})

    def following(reply: Reply, _: str) -> str | None:
        page = decode(reply.body, _Thread)
        if page.hidden_replies <= 0 or not page.replies:
            return None
        times = [decode(bytes(each), _Made).created for each in page.replies]
        latest = max((each for each in times if each is not None), default=None)
        return None if latest is None else repr(latest)

    return follow("0", fetch, following)


def as_they_are(
    source: Source, client: Client, uri: str, wanted: Mapping[str, Post]
) -> Iterator[Read]:
    """Where one comment is not understood, none is taken for gone."""
    replies = list(_whole(source, client, uri))
    reads = list(once(_addressed(understand(THIS, replies), source)))
    here = {each.post_id for each in reads if isinstance(each, Post)}
    odd = [each for each in reads if not isinstance(each, Post)]
    yield from odd
    yield from (each for each in reads if isinstance(each, Post) and each.post_id in wanted)
    for name, post in wanted.items():
        if name not in here and not odd:
            yield tombstone(post, replies[-1])


def _addressed(reads: Iterator[Read], source: Source) -> Iterator[Read]:
    """With the address on the page, which Isso itself does not know."""
    for each in reads:
        uri = uri_of(each.root_id) if isinstance(each, Post) else None
        page = _page(source, uri) if uri is not None else None
        if isinstance(each, Post) and page is not None:
            yield msgspec.structs.replace(each, url=f"{page}#isso-{each.native_id}")
        else:
            yield each


def _page(source: Source, uri: str) -> str | None:
    """The page of a thread: the one named, or below the site."""
    named = {_path(address): address.partition("#")[0] for address in source.urls}
    site = source.options.get("site")
    return named.get(uri) or (f"{str(site).rstrip('/')}{uri}" if site else None)


def _path(address: str) -> str:
    return urlsplit(address).path or "/"


def _server(source: Source) -> str:
    if not source.server:
        raise ConfigError("an Isso source needs the address of its server", where=source.name)
    return source.server.rstrip("/")
