"""YouTube: videos that name a company, the videos of a channel, and the comments under them.

Reads: the Data API v3 (https://developers.google.com/youtube/v3/docs). An account is the id of a
    channel (``UC…``) or its handle (``@acme``). ``language`` and ``options.region`` (``NL``) make
    search prefer a language and a country; they exclude nothing.
Access: YOUTUBE_API_KEY, free; 100 searches a day, every page is one, and 10,000 units a day for all
    other requests, of one each (as of 2026).
Cannot tell: comments that name a company under videos of others, unless the video is known; shares;
    audience sizes; subscribers; dislikes; what language a comment has.
Quirks: search gives descriptions cut short, so the videos found are asked for again, and about 500
    videos a query, so time is cut into slices; replies to old comments do not surface, so the inbox
    reads 30 days of threads; a list by ids leaves out what is gone or (comments) fails as a whole;
    comments switched off are an error; the day of quotas ends at midnight in California. Stored
    data must be refreshed or deleted within 30 days (terms, unverified).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.paging import once, tombstone, understand
from connectors.youtube_ask import READER, Query, ask, channel, named, pages, times
from connectors.youtube_item import item_post, unfinished
from connectors.youtube_pages import (
    elements,
    fault,
    is_nothing_there,
    listing,
    names_in,
    parts,
    taken,
)
from pipeline.errors import LuisterError, SourceGone
from pipeline.post import Gap, Post, Read
from pipeline.reading import understand_item
from pipeline.relevance import push
from pipeline.source import VERBS, Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="key",
    requests=120,
    seconds=60.0,
    secrets=("YOUTUBE_API_KEY",),
    needs=dict.fromkeys(VERBS, ("YOUTUBE_API_KEY",)),
    quotas={"searches": Quota(limit=100), "units": Quota(limit=10_000)},
    narrows={"mentions": {"language": "", "region": ""}},
)
SYNTAX: Final = push.Syntax(words=1, fields={"tag": "#{}"})
FOUND_LATE: Final = timedelta(days=1)
OWNED: Final = timedelta(days=30)
REACH: Final = 10
"""Pages of a search after which YouTube gives nothing more."""
THREAD_PAGES: Final = 20
"""Pages of a hundred comments, newest first, that are read of one video."""
_BATCH: Final = {"videos": 50, "commentThreads": 20, "comments": 20}
_OF_ONE: Final[Query] = {"part": "snippet,replies", "textFormat": "plainText"}
_THREADS: Final[Query] = {**_OF_ONE, "order": "time", "maxResults": 100}


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Videos in whose title, description or keywords YouTube finds one of the terms."""
    words = [f'"{term}"' if " " in term else term for term in source.terms]
    if source.query is not None:
        words = list(push.searches(source.query, SYNTAX, source.platform).texts)
    words += [f"#{tag}" for tag in source.tags]
    if words:
        yield from once(_searched(source, client, "|".join(words), since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The videos of the accounts."""
    for account in source.accounts:
        _, uploads = channel(source, client, account)
        asked: Query = {
            "part": "snippet,contentDetails,status",
            "playlistId": uploads,
            "maxResults": 50,
        }
        for page in pages(source, client, "playlistItems", asked, since - FOUND_LATE):
            if not is_nothing_there(page):
                yield from _whole(source, client, page)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Comments of others under the videos of the accounts, of threads of 30 days."""
    for account in source.accounts:
        own, _ = channel(source, client, account)
        asked = {**_THREADS, "allThreadsRelatedToChannelId": own}
        found = pages(source, client, "commentThreads", asked, since - OWNED)
        for read in once(_conversations(source, client, found)):
            if not isinstance(read, Post) or read.author_id != own:
                yield read


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The video and the comments under it; of a comment without a video its own thread."""
    video = post.root_id or (post.post_id if post.kind == "post" else None)
    if video is None:
        page = ask(source, client, "commentThreads", {**_OF_ONE, "id": post.post_id.split(".")[0]})
        yield from _conversations(source, client, [page])
        return
    reads = list(understand(READER, [named(source, client, "videos", [video])]))
    yield from reads
    created = next((each.created_at for each in reads if isinstance(each, Post)), None)
    yield from once(_under(source, client, video, created))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Videos and comments as they are now; one that is no longer listed is gone."""
    groups: dict[str, list[Post]] = {path: [] for path in _BATCH}
    for post in posts:
        under = "comments" if post.kind == "reply" else "commentThreads"
        groups["videos" if post.kind == "post" else under].append(post)
    for path, some in groups.items():
        for start in range(0, len(some), _BATCH[path]):
            yield from _now(source, client, path, some[start : start + _BATCH[path]])


def refusal(reply: Reply) -> LuisterError | None:
    """The platform's own reason for saying no; it counts more than the status."""
    return fault(reply)


def spent(reply: Reply) -> Mapping[str, int]:
    """One search or one unit, even for what is refused."""
    return taken(reply)


def read(reply: Reply) -> Iterator[Item]:
    """The elements of any list, threads cut into their comments, or the one resource asked for.

    Raises:
        PayloadError: not an answer of this API.
        LuisterError: what YouTube gives as its reason for saying no.
    """
    yield from elements(reply)


def to_post(item: Item) -> Post | None:
    """A video or a comment; None for channels, playlists, activities and subscriptions."""
    return item_post(item)


def _searched(source: Source, client: Client, words: str, since: datetime) -> Iterator[Read]:
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
            yield from _whole(source, client, page)
        if count < REACH or oldest is None:
            return
        if oldest == before:
            yield Gap(gap_from=since, gap_to=oldest, reason="search gives about 500 videos")
            return
        before = oldest


def _whole(source: Source, client: Client, page: Reply) -> Iterator[Read]:
    """The videos that a page of a list names, asked for with description and numbers."""
    found = list(understand(READER, [page]))
    yield from (each for each in found if not isinstance(each, Post))
    numbers = list(dict.fromkeys(each.post_id for each in found if isinstance(each, Post)))
    if numbers:
        yield from understand(READER, [named(source, client, "videos", numbers)])


def _under(source: Source, client: Client, video: str, created: datetime | None) -> Iterator[Read]:
    """The comments under a video, newest first; of very many the older ones are a gap."""
    asked = {**_THREADS, "videoId": video}
    oldest: list[datetime] = []
    for count, page in enumerate(pages(source, client, "commentThreads", asked), 1):
        if is_nothing_there(page):
            return
        yield from _conversations(source, client, [page])
        oldest = [*oldest, *times(page)]
        if count >= THREAD_PAGES and listing(page).next_page_token:
            ends = min(oldest, default=page.observed_at)
            reason = "more comments under one video than are read in a night"
            yield Gap(gap_from=created or ends, gap_to=ends, reason=reason)
            return


def _conversations(source: Source, client: Client, found: Iterable[Reply]) -> Iterator[Read]:
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
        for item in read(page):
            placed = msgspec.structs.replace(item, context={**item.context, **context})
            yield from understand_item(READER, placed)


def _now(source: Source, client: Client, path: str, some: Sequence[Post]) -> Iterator[Read]:
    """A batch as it is now; a list of comments fails as a whole, so it is halved until it tells."""
    known = {post.post_id: post for post in some}
    reply = named(source, client, path, list(known))
    told = refusal(reply)
    if isinstance(told, SourceGone):
        half = len(some) // 2
        halves = (some[:half], some[half:]) if half else ()
        for each in halves:
            yield from _now(source, client, path, each)
        if not halves:
            yield from (tombstone(post, reply) for post in some)
        return
    if told is not None:
        raise told
    yield from (_placed(each, known) for each in understand(READER, [reply]))
    here = names_in(reply)
    yield from (tombstone(post, reply) for name, post in known.items() if name not in here)


def _placed(read: Read, known: Mapping[str, Post]) -> Read:
    """A comment asked for by its id does not tell its video: what was known stays."""
    before = known.get(read.post_id) if isinstance(read, Post) else None
    if not isinstance(read, Post) or before is None:
        return read
    return msgspec.structs.replace(
        read,
        url=read.url or before.url,
        parent_id=read.parent_id or before.parent_id,
        root_id=read.root_id or before.root_id,
    )


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
