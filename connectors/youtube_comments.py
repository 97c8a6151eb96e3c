"""Ask YouTube for comments: those under a video, and the replies that did not come with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.paging import understand
from connectors.youtube_ask import READER, Query, pages, times
from connectors.youtube_item import unfinished
from connectors.youtube_pages import elements, is_nothing_there, listing, parts
from pipeline.post import Gap, Read
from pipeline.reading import understand_item
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

THREAD_PAGES: Final = 20
"""Pages of a hundred comments, newest first, that are read of one video."""
OF_ONE: Final[Query] = {"part": "snippet,replies", "textFormat": "plainText"}
THREADS: Final[Query] = {**OF_ONE, "order": "time", "maxResults": 100}


def under(source: Source, client: Client, video: str, created: datetime | None) -> Iterator[Read]:
    """The comments under a video, newest first; of very many the older ones are a gap."""
    asked = {**THREADS, "videoId": video}
    oldest: list[datetime] = []
    for count, page in enumerate(pages(source, client, "commentThreads", asked), 1):
        if is_nothing_there(page):
            return
        yield from conversations(source, client, [page])
        oldest = [*oldest, *times(page)]
        if count >= THREAD_PAGES and listing(page).next_page_token:
            ends = min(oldest, default=page.observed_at)
            reason = "more comments under one video than are read in a night"
            yield Gap(gap_from=created or ends, gap_to=ends, reason=reason)
            return


def conversations(source: Source, client: Client, found: Iterable[Reply]) -> Iterator[Read]:
    """The comments of threads, and the replies that did not come with them."""
    for page in found:
        if is_nothing_there(page):
            return
        yield from understand(READER, [page])
        for raw in parts(page):
            more = unfinished(raw)
            if more is not None:
                yield from _replies(source, client, *more)


def _replies(
    source: Source, client: Client, above: str, context: Mapping[str, str]
) -> Iterator[Read]:
    asked: Query = {
        "part": "snippet",
        "parentId": above,
        "maxResults": 100,
        "textFormat": "plainText",
    }
    for page in pages(source, client, "comments", asked):
        if is_nothing_there(page):
            return
        for item in elements(page):
            placed = msgspec.structs.replace(item, context={**item.context, **context})
            yield from understand_item(READER, placed)
