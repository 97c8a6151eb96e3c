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

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from connectors.paging import of_accounts, once, understand
from connectors.youtube_ask import BATCH, READER, Query, again, ask, channel, named, pages
from connectors.youtube_comments import OF_ONE, THREADS, conversations, under
from connectors.youtube_item import item_post
from connectors.youtube_pages import elements, fault, is_nothing_there, taken
from connectors.youtube_videos import FOUND_LATE, searched, whole
from pipeline.errors import LuisterError
from pipeline.post import Post, Read
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
    quotas={"searches": Quota(limit=100, path="/search"), "units": Quota(limit=10_000)},
    narrows={"mentions": {"language": "", "region": ""}},
)
SYNTAX: Final = push.Syntax(words=1, fields={"tag": "#{}"})
OWNED: Final = timedelta(days=30)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Videos in whose title, description or keywords YouTube finds one of the terms."""
    words = [f'"{term}"' if " " in term else term for term in source.terms]
    if source.query is not None:
        words = list(push.searches(source.query, SYNTAX, source.platform).texts)
    words += [f"#{tag}" for tag in source.tags]
    if words:
        yield from once(searched(source, client, "|".join(words), since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The videos of the accounts."""

    def said(account: str) -> Iterator[Read]:
        _, uploads = channel(source, client, account)
        asked: Query = {
            "part": "snippet,contentDetails,status",
            "playlistId": uploads,
            "maxResults": 50,
        }
        for page in pages(source, client, "playlistItems", asked, since - FOUND_LATE):
            if not is_nothing_there(page):
                yield from whole(source, client, page)

    yield from of_accounts(source.accounts, said)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Comments of others under the videos of the accounts, of threads of 30 days."""

    def addressed(account: str) -> Iterator[Read]:
        own, _ = channel(source, client, account)
        asked = {**THREADS, "allThreadsRelatedToChannelId": own}
        found = pages(source, client, "commentThreads", asked, since - OWNED)
        for read in once(conversations(source, client, found)):
            if not isinstance(read, Post) or read.author_id != own:
                yield read

    yield from of_accounts(source.accounts, addressed)


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The video and the comments under it; of a comment without a video its own thread."""
    video = post.root_id or (post.post_id if post.kind == "post" else None)
    if video is None:
        page = ask(source, client, "commentThreads", {**OF_ONE, "id": post.post_id.split(".")[0]})
        yield from conversations(source, client, [page])
        return
    reads = list(understand(READER, [named(source, client, "videos", [video])]))
    yield from reads
    created = next((each.created_at for each in reads if isinstance(each, Post)), None)
    yield from once(under(source, client, video, created))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Videos and comments as they are now; one that is no longer listed is gone."""
    groups: dict[str, list[Post]] = {path: [] for path in BATCH}
    for post in posts:
        below = "comments" if post.kind == "reply" else "commentThreads"
        groups["videos" if post.kind == "post" else below].append(post)
    for path, some in groups.items():
        for start in range(0, len(some), BATCH[path]):
            yield from again(source, client, path, some[start : start + BATCH[path]])


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
