"""Tumblr: posts with a tag, posts of a blog, and what is said under them.

Reads: the API v2 (https://www.tumblr.com/docs/en/api/v2): tagged, posts of a blog and their notes.
    There is no search for words: ``terms`` are looked for as tags, which may hold spaces.
Access: TUMBLR_CONSUMER_KEY of a registered application; it can only be sent as part of the address,
    and is blanked wherever that is shown.
Cannot tell: likes, reblogs and answers apart, as long as there are any; followers, views, language,
    edits; posts that name a blog without its tag, for which one must be signed in.
Quirks: a list of tagged posts is not in order, has holes and ends early: it is asked again from
    ever earlier moments, in steps of six hours that double while nothing comes. A reblog carries
    along all that was said before: only what it adds counts, without that it is a repost. A
    question that a post answers is quoted in it. Answers have no id: blog and second make one. Of a
    reblog under a post only a summary may be told. Blogs that are only for people who are signed in
    are not read (2026-11), which is no deletion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from connectors import tumblr_ask as ask
from connectors.paging import of_accounts, once, tombstone, understand
from connectors.tumblr_post import to_post as to_post
from connectors.tumblr_reply import cut
from connectors.tumblr_reply import pause as pause
from connectors.tumblr_reply import refusal as refusal
from pipeline.errors import SourceGone
from pipeline.post import Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="key",
    requests=1_000,
    seconds=3_600.0,
    secrets=(ask.KEY,),
    needs=dict.fromkeys(("mentions", "timeline", "inbox", "thread", "refresh"), (ask.KEY,)),
    quotas={"calls": Quota(limit=5_000)},
)
OWN_DAYS: Final = timedelta(days=30)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts with one of the tags, or with one of the terms as a tag."""
    named = (*source.terms, *source.tags, *push.tags(source.query, source.platform))
    tags = {each.removeprefix("#").casefold(): each for each in named}
    yield from once(read for tag in tags for read in ask.tagged(source, client, tag, since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the blogs posted and reblogged."""
    blogs = list(ask.blogs(source))
    yield from once(of_accounts(blogs, lambda blog: ask.posts_of(source, client, blog, since)))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Answers to, and reblogs with words of, what the blogs posted in the last thirty days."""
    first = min(since, datetime.now(UTC) - OWN_DAYS)

    def said(blog: str) -> Iterator[Read]:
        for each in once(ask.posts_of(source, client, blog, first)):
            if isinstance(each, Post) and _may_be_answered(each, first):
                yield from once(ask.notes(source, client, blog, each.post_id, since))

    yield from of_accounts(list(ask.blogs(source)), said)


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """Answers and reblogs with words under a post; those of a reblog hang under the original."""
    blog, _, number = (post.native_id or "").partition("/")
    if number:
        yield from once(ask.notes(source, client, blog, number, None))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; one that is no longer found is gone. Answers cannot be asked for."""
    for post in posts:
        blog, _, number = (post.native_id or "").partition("/")
        if not number:
            continue
        reply = ask.get(source, client, f"blog/{blog}/posts", {"id": number}, expect=(404,))
        told = refusal(reply)
        if isinstance(told, SourceGone):
            yield tombstone(post, reply)
        elif told is None:
            yield from understand(ask.THIS, [reply])


def read(reply: Reply) -> Iterator[Item]:
    """The posts of any list, or the notes under one; blogs, people and activity give none."""
    return cut(reply)


def spent(reply: Reply) -> Mapping[str, int]:  # noqa: ARG001
    """Every answer is a call of the day's."""
    return {"calls": 1}


def _may_be_answered(post: Post, first: datetime) -> bool:
    """Whether a post is recent, one's own and noted; what is said of a reblog is said to others."""
    is_recent = post.created_at is not None and post.created_at >= first
    return is_recent and post.kind == "post" and post.replies_count != 0
