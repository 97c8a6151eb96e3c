"""TikTok: the videos of one's own business account, the comments under them, and who names it.

Reads: the Accounts and Mentions interfaces of the API for Business, v1.3
    (https://business-api.tiktok.com/portal/docs): video/list, comment/list, comment/reply/list,
    mention/video/list and mention/comment/list. One source is one business account, the one that
    granted the token; ``accounts`` holds its handle. Answers of the Display and the Research
    interface are understood when inspected; the latter is closed to companies.
Access: by approval: TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET of an app with the scopes
    video.list and comment.list (biz.brand.insights for ``mentions``), and TIKTOK_REFRESH_TOKEN of
    the account, good for a year.
Cannot tell: videos of others that do not name the account; language; edits; audience sizes; the
    address of a comment; who answers a comment in a mention.
Quirks: errors come with status 200 and a code of their own; ids are greater than a float can
    hold; comments past the first 500 come sorted by likes and more than once; a page may be empty
    and yet not the last; of mentions at most 1,000 are listed (a gap is told). ``inbox`` reads
    new comments under videos of 30 days with all answers to them; a late answer to an old comment
    comes with the thread. Unverified in 2026-11, for want of recordings: the codes 40100 and 40133
    for too many requests, how far back mentions go, and whether an old refresh token outlives a
    new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from connectors import tiktok_query as query
from connectors.paging import once, understand
from connectors.tiktok_pages import (
    SECRETS,
    again,
    capped,
    comments,
    earlier,
    log_in,
    pages,
    walk,
)
from connectors.tiktok_reply import READER, cut, refused, understood
from pipeline.errors import LuisterError
from pipeline.post import Post, Read
from pipeline.source import VERBS, Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="approval",
    requests=120,
    seconds=60.0,
    secrets=SECRETS,
    needs=dict.fromkeys(VERBS, SECRETS),
)
OWNED: Final = timedelta(days=30)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Videos and comments that name the account."""
    desk = log_in(source, client)
    for path, asked in query.mentioned():
        yield from capped(once(walk(desk, path, asked, since)), since)


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The account's videos."""
    desk = log_in(source, client)
    yield from once(walk(desk, "video/list", query.videos(), since))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """New comments under the videos of the last 30 days, and the answers to them."""
    desk = log_in(source, client)
    for page in pages(desk, "video/list", query.videos(), since, OWNED):
        first = earlier(since, page, OWNED)
        for video in understand(READER, [page]):
            if isinstance(video, Post) and _is_spoken_under(video, first):
                yield from once(comments(desk, video.post_id, since))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The video and all comments under it; nothing for videos of others."""
    if post.native_id is None:
        return
    desk = log_in(source, client)
    video = post.native_id.partition("/")[0]
    yield from walk(desk, "video/list", query.videos([video]))
    yield from once(comments(desk, video))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The account's videos, and the comments of each, in batches; what is absent is gone."""
    known = [each for each in posts if each.native_id is not None]
    if not known:
        return
    desk = log_in(source, client)
    videos = [each for each in known if "/" not in str(each.native_id)]
    for start in range(0, len(videos), query.VIDEOS):
        some = videos[start : start + query.VIDEOS]
        asked = query.videos([each.post_id for each in some])
        yield from again(desk, "video/list", asked, some)
    below: dict[str, list[Post]] = {}
    for each in known:
        video, slash, _ = str(each.native_id).partition("/")
        if slash:
            below.setdefault(video, []).append(each)
    for video, under in below.items():
        for start in range(0, len(under), query.COMMENTS):
            some = under[start : start + query.COMMENTS]
            asked = query.named([each.post_id for each in some], video)
            yield from again(desk, "comment/list", asked, some)


def refusal(reply: Reply) -> LuisterError | None:
    """TikTok's own code for what is wrong, mostly with status 200."""
    return refused(reply)


def read(reply: Reply) -> Iterator[Item]:
    """The videos or comments of a list; users, tokens and webhooks hold none.

    Raises:
        PayloadError: not an answer of TikTok.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A video or a comment."""
    return understood(item)


def _is_spoken_under(video: Post, first: datetime | None) -> bool:
    is_new = first is None or video.created_at is None or video.created_at >= first
    return is_new and video.replies_count != 0
