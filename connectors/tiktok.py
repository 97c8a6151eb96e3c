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
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.paging import once, tombstone, understand
from connectors.tiktok_pages import SECRETS, Desk, Query, earlier, log_in, pages, walk
from connectors.tiktok_reply import READER, cut, is_partial, refused, understood
from pipeline.errors import LuisterError
from pipeline.post import Gap, Post, Read
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
VIDEOS: Final = 20
COMMENTS: Final = 30
MENTIONS: Final = 100
CAP: Final = 1_000
OWNED: Final = timedelta(days=30)
_FIELDS: Final = (
    *("item_id", "caption", "create_time", "share_url"),
    *("video_views", "likes", "comments", "shares"),
)
_MENTIONING_VIDEO: Final = (
    *("item_id", "caption", "create_time", "video_link", "creator_handle_name"),
    *("views", "likes", "comments", "shares"),
)
_MENTIONING_COMMENT: Final = (
    *("item_id", "video_link", "comment_id", "comment_text", "comment_create_time"),
    *("comment_likes", "commenter_handle_name", "commenter_display_name"),
)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Videos and comments that name the account."""
    desk = log_in(source, client)
    for path, sort, fields in (
        ("mention/video/list", "CREATE_TIME", _MENTIONING_VIDEO),
        ("mention/comment/list", "COMMENT_CREATE_TIME", _MENTIONING_COMMENT),
    ):
        query: Query = {
            "sort_field": sort,
            "sort_type": "DESC",
            "max_count": MENTIONS,
            **_list(fields),
        }
        yield from _capped(once(walk(desk, path, query, since)), since)


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The account's videos."""
    desk = log_in(source, client)
    yield from once(walk(desk, "video/list", _videos(), since))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """New comments under the videos of the last 30 days, and the answers to them."""
    desk = log_in(source, client)
    for page in pages(desk, "video/list", _videos(), since, OWNED):
        first = earlier(since, page, OWNED)
        for video in understand(READER, [page]):
            if isinstance(video, Post) and _is_spoken_under(video, first):
                yield from once(_comments(desk, video.post_id, since))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The video and all comments under it; nothing for videos of others."""
    if post.native_id is None:
        return
    desk = log_in(source, client)
    video = post.native_id.partition("/")[0]
    yield from walk(desk, "video/list", _videos([video]))
    yield from once(_comments(desk, video))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The account's videos, and the comments of each, in batches; what is absent is gone."""
    known = [each for each in posts if each.native_id is not None]
    if not known:
        return
    desk = log_in(source, client)
    videos = [each for each in known if "/" not in str(each.native_id)]
    for start in range(0, len(videos), VIDEOS):
        some = videos[start : start + VIDEOS]
        query = _videos([each.post_id for each in some])
        yield from _again(desk, "video/list", query, some)
    below: dict[str, list[Post]] = {}
    for each in known:
        video, slash, _ = str(each.native_id).partition("/")
        if slash:
            below.setdefault(video, []).append(each)
    for video, comments in below.items():
        for start in range(0, len(comments), COMMENTS):
            some = comments[start : start + COMMENTS]
            named = _text([each.post_id for each in some])
            query = {"comment_ids": named, **_under(video)}
            yield from _again(desk, "comment/list", query, some)


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


def _capped(reads: Iterator[Read], since: datetime) -> Iterator[Read]:
    """The same, and a gap where the list was full before ``since`` was reached."""
    times: list[datetime] = []
    for each in reads:
        yield each
        if isinstance(each, Post) and each.created_at is not None:
            times.append(each.created_at)
    if len(times) >= CAP and min(times) > since:
        reason = "a list of mentions ends after 1,000"
        yield Gap(gap_from=since, gap_to=min(times), reason=reason)


def _is_spoken_under(video: Post, first: datetime | None) -> bool:
    is_new = first is None or video.created_at is None or video.created_at >= first
    return is_new and video.replies_count != 0


def _comments(desk: Desk, video: str, since: datetime | None = None) -> Iterator[Read]:
    """Comments under a video, the newest first, each followed by its answers."""
    query = {"sort_field": "create_time", "sort_order": "desc", **_under(video)}
    for each in walk(desk, "comment/list", query, since):
        yield each
        if isinstance(each, Post) and each.kind == "comment" and each.replies_count != 0:
            asked = {"comment_id": each.post_id, **_under(video)}
            for answer in walk(desk, "comment/reply/list", asked):
                yield _below(answer, each)


def _below(answer: Read, comment: Post) -> Read:
    """What is listed as an answer to a comment is one, whether it says so or not."""
    if not isinstance(answer, Post):
        return answer
    return msgspec.structs.replace(answer, kind="reply", parent_id=comment.post_id)


def _again(desk: Desk, path: str, query: Query, posts: Sequence[Post]) -> Iterator[Read]:
    """The posts as they are now; none is taken for gone where not all was answered."""
    replies = list(pages(desk, path, query))
    reads = list(understand(READER, replies))
    yield from reads
    is_whole = all(isinstance(each, Post) for each in reads) and not any(map(is_partial, replies))
    here = {each.post_id for each in reads if isinstance(each, Post)}
    for post in posts:
        if is_whole and post.post_id not in here:
            yield tombstone(post, replies[-1])


def _videos(numbers: Sequence[str] = ()) -> Query:
    only = {"filters": _text({"video_ids": list(numbers)})} if numbers else {}
    return {"max_count": VIDEOS, **_list(_FIELDS), **only}


def _under(video: str) -> Query:
    return {"video_id": video, "status": "PUBLIC", "max_count": COMMENTS}


def _list(fields: Sequence[str]) -> dict[str, str]:
    return {"fields": _text(fields)}


def _text(told: Any) -> str:
    return msgspec.json.encode(told).decode()
