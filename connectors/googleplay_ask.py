"""Ask Google Play for the reviews of an app, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from connectors.googleplay_reply import THIS, Listed
from connectors.paging import decode, follow, is_older, times_of, understand
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

API: Final = "https://androidpublisher.googleapis.com"
PAGE: Final = 100
LATE: Final = timedelta(days=1)


def pages(
    source: Source, client: Client, token: str, package: str, since: datetime
) -> Iterator[Reply]:
    """Pages until the last, or until one holds nothing but what is old."""

    def fetch(place: str) -> Reply:
        asked: dict[str, str | int] = {"maxResults": PAGE}
        if place:
            asked["token"] = place
        return client.get(address(source, package), params=asked, bearer=token)

    def following(reply: Reply, _: str) -> str | None:
        if is_older(times_of(understand(THIS, [reply])), since - LATE):
            return None
        return decode(reply.body, Listed).token_pagination.next_page_token

    return follow("", fetch, following)


def address(source: Source, package: str) -> str:
    """Where the reviews of an app are listed."""
    server = source.server or API
    return f"{server}/androidpublisher/v3/applications/{quote(package, safe='')}/reviews"
