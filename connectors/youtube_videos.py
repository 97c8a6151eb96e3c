"""Ask YouTube for videos: searched slice by slice, and those of a list whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from connectors.paging import understand
from connectors.youtube_ask import READER, named, pages, times
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

FOUND_LATE: Final = timedelta(days=1)
REACH: Final = 10
"""Pages of a search after which YouTube gives nothing more."""


def searched(source: Source, client: Client, words: str, since: datetime) -> Iterator[Read]:
    """Slice by slice, newest first: a slice ends where the search gives nothing more."""
    asked: dict[str, str | int] = {
        "part": "snippet",
        "type": "video",
        "order": "date",
        "maxResults": 50,
        "q": words,
        "publishedAfter": _stamp(since - FOUND_LATE),
    }
    if source.language:
        asked["relevanceLanguage"] = source.language
    if source.options.get("region"):
        asked["regionCode"] = source.options["region"]
    before: datetime | None = None
    while True:
        bound = {} if before is None else {"publishedBefore": _stamp(before)}
        count, oldest = 0, before
        for page in pages(source, client, "search", {**asked, **bound}):
            count += 1
            oldest = min([*times(page), *([oldest] if oldest else [])], default=None)
            yield from whole(source, client, page)
        if count < REACH or oldest is None:
            return
        if oldest == before:
            yield Gap(gap_from=since, gap_to=oldest, reason="search gives about 500 videos")
            return
        before = oldest


def whole(source: Source, client: Client, page: Reply) -> Iterator[Read]:
    """The videos that a page of a list names, asked for with description and numbers."""
    found = list(understand(READER, [page]))
    yield from (each for each in found if not isinstance(each, Post))
    numbers = list(dict.fromkeys(each.post_id for each in found if isinstance(each, Post)))
    if numbers:
        yield from understand(READER, [named(source, client, "videos", numbers)])


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
