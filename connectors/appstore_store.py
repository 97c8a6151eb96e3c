"""The public lists of the App Store: by country and page, in two forms of the address."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from connectors.appstore_list import READER, is_old, last_page, ratings, read_answer
from connectors.paging import follow, once, tombstone, understand
from pipeline.errors import ConfigError
from pipeline.post import Gap, Post, Read, Rejected
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

STORE: Final = "https://itunes.apple.com"
COUNTRIES: Final = ("nl", "be")
LAST_PAGE: Final = 10
_FORMS: Final = (
    "rss/customerreviews/page={page}/id={app}/sortby=mostrecent/json",
    "rss/customerreviews/id={app}/sortBy=mostRecent/page={page}/json",
)
_COUNTRY: Final = re.compile(r"[a-z]{2}")
_Place = tuple[int, int]
"""Which form of the address, and which page."""


def from_stores(source: Source, client: Client, app: str, since: datetime) -> Iterator[Read]:
    """The reviews of an app in each country, and gaps where there are more or should be some."""
    is_empty = True
    for country in _countries(source):
        replies = list(_store_pages(source, client, f"{country}/{app}", since))
        reads = list(once(understand(READER, replies)))
        yield from reads
        oldest = min(_times(reads), default=None)
        pages = sum(1 for reply in replies if list(read_answer(reply)))
        if pages >= LAST_PAGE and oldest is not None and oldest > since:
            yield Gap(gap_from=since, gap_to=oldest, reason="a store lists the newest 500 reviews")
        is_empty = is_empty and not reads
    if is_empty and since < datetime.now(UTC):
        yield from _silence(source, client, app, since)


def _silence(source: Source, client: Client, app: str, since: datetime) -> Iterator[Gap]:
    """A gap where there should be reviews: the lists are sometimes empty for no reason."""
    found: list[int | None] = []
    now = datetime.now(UTC)
    for country in _countries(source):
        query = {"id": app, "country": country}
        found += ratings(client.get(f"{source.server or STORE}/lookup", params=query))
    if not found:
        yield Gap(gap_from=since, gap_to=now, reason=f"no store has app {app}")
    elif any(count != 0 for count in found):
        reason = f"no store lists a review of app {app}, though it has ratings"
        yield Gap(gap_from=since, gap_to=now, reason=reason)


def _countries(source: Source) -> Sequence[str]:
    given = source.options.get("countries", COUNTRIES)
    if not isinstance(given, list | tuple) or not all(
        isinstance(each, str) and _COUNTRY.fullmatch(each) for each in given
    ):
        raise ConfigError('options.countries is a list like ["nl", "be"]', where=source.name)
    return given


def _store_pages(source: Source, client: Client, place: str, since: datetime) -> Iterator[Reply]:
    country, _, app = place.partition("/")

    def fetch(asked: _Place) -> Reply:
        path = _FORMS[asked[0]].format(app=app, page=asked[1])
        return client.get(f"{source.server or STORE}/{country}/{path}")

    def following(reply: Reply, asked: _Place) -> _Place | None:
        form, page = asked
        if not list(read_answer(reply)):
            return (form + 1, 1) if page == 1 and form + 1 < len(_FORMS) else None
        is_last = page >= min(last_page(reply) or LAST_PAGE, LAST_PAGE)
        return None if is_last or is_old(reply, since) else (form, page + 1)

    return follow((0, 1), fetch, following)


def refresh_stores(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The lists in which the posts stood, as they are now, and which of the posts are gone."""
    lists: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        place, _, _ = (post.native_id or "").rpartition("/")
        if post.created_at is not None and place.count("/") == 1:
            lists[place].append(post)
    for place, some in lists.items():
        yield from _refresh_list(source, client, place, some)


def _refresh_list(
    source: Source, client: Client, place: str, posts: Sequence[Post]
) -> Iterator[Read]:
    """The list as it is now; what it lacks is gone if a second reading lacks it too.

    While one reads, pages may move, so that one reading alone misses what is there.
    """
    oldest = min(post.created_at for post in posts if post.created_at is not None)
    missing = list(posts)
    for is_second in (False, True):
        replies = list(_store_pages(source, client, place, oldest))
        reads = list(once(understand(READER, replies)))
        if not is_second:
            yield from reads
        missing = _lacking(reads, missing)
        if not missing:
            return
    yield from (tombstone(post, replies[-1]) for post in missing)


def _lacking(reads: Sequence[Read], posts: Sequence[Post]) -> list[Post]:
    """The posts that should be in the list, being newer than its end, and are not.

    They are older than its beginning, too: lists are kept ready and may be of yesterday.
    """
    times = _times(reads)
    if not times or any(isinstance(each, Rejected) for each in reads):
        return []
    oldest, newest = min(times), max(times)
    here = {each.post_id for each in reads if isinstance(each, Post)}
    return [
        post
        for post in posts
        if post.post_id not in here
        and post.created_at is not None
        and oldest < post.created_at < newest
    ]


def _times(reads: Sequence[Read]) -> list[datetime]:
    found = [each.created_at for each in reads if isinstance(each, Post)]
    return [each for each in found if each is not None]
