"""Tumblr: posts with a tag, posts of a blog, and what is said under them.

Reads: the API v2 (https://www.tumblr.com/docs/en/api/v2): tagged, posts of a blog and their notes.
    There is no search for words: ``terms`` are looked for as tags, which may hold spaces.
Access: TUMBLR_CONSUMER_KEY of a registered application; it can only be sent as part of the address,
    and is blanked wherever that is shown.
Cannot tell: likes, reblogs and answers apart, as long as there are any; followers, views, language,
    edits; posts that name a blog without its tag, for which one must be signed in.
Quirks: a list of tagged posts is not in order, has holes and ends early: it is asked again from
    ever earlier moments, in steps of six hours that double while nothing comes. A reblog carries
    along all that was said before: only what it adds counts, without that it is a repost. Answers
    have no id: blog and second make one. Of a reblog under a post only a summary may be told. Blogs
    that are only for people who are signed in are not read (2026-11), which is no deletion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from connectors.paging import follow, once, tombstone, understand
from connectors.tumblr_post import to_post
from connectors.tumblr_reply import cut, next_notes, pause, refusal
from pipeline.errors import ConfigError, SecretError, SourceGone
from pipeline.post import Gap, Post, Read, utc_from_epoch
from pipeline.relevance import push
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

__all__ = ["ACCESS", "pause", "refusal", "to_post"]

KEY: Final = "TUMBLR_CONSUMER_KEY"
ACCESS: Final = Access(
    kind="key",
    requests=1_000,
    seconds=3_600.0,
    secrets=(KEY,),
    needs=dict.fromkeys(("mentions", "timeline", "inbox", "thread", "refresh"), (KEY,)),
    quotas={"calls": Quota(limit=5_000)},
)
API: Final = "https://api.tumblr.com"
PAGE: Final = 20
MOST_CALLS: Final = 500
STEP: Final = 6 * 3600
OWN_DAYS: Final = timedelta(days=30)
_BLOG: Final = re.compile(r"@?(?P<name>t:[\w-]+|[\w-]+(?:\.[\w-]+)*)", re.ASCII)
Params = Mapping[str, str | int]


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts with one of the tags, or with one of the terms as a tag."""
    named = (*source.terms, *source.tags, *push.tags(source.query, source.platform))
    tags = {each.removeprefix("#").casefold(): each for each in named}
    yield from once(read for tag in tags for read in _tagged(source, client, tag, since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the blogs posted and reblogged."""
    yield from once(
        read for blog in _blogs(source) for read in _posts_of(source, client, blog, since)
    )


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Answers to, and reblogs with words of, what the blogs posted in the last thirty days."""
    first = min(since, datetime.now(UTC) - OWN_DAYS)
    for blog in _blogs(source):
        for each in once(_posts_of(source, client, blog, first)):
            if isinstance(each, Post) and _may_be_answered(each, first):
                yield from once(_notes(source, client, blog, each.post_id, since))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """Answers and reblogs with words under a post; those of a reblog hang under the original."""
    blog, _, number = (post.native_id or "").partition("/")
    if number:
        yield from once(_notes(source, client, blog, number, None))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; one that is no longer found is gone. Answers cannot be asked for."""
    for post in posts:
        blog, _, number = (post.native_id or "").partition("/")
        if not number:
            continue
        reply = _get(source, client, f"blog/{blog}/posts", {"id": number}, expect=(404,))
        told = refusal(reply)
        if isinstance(told, SourceGone):
            yield tombstone(post, reply)
        elif told is None:
            yield from understand(_THIS, [reply])


def read(reply: Reply) -> Iterator[Item]:
    """The posts of any list, or the notes under one; blogs, people and activity give none."""
    return cut(reply)


def spent(reply: Reply) -> Mapping[str, int]:  # noqa: ARG001
    """Every answer is a call of the day's."""
    return {"calls": 1}


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)


def _tagged(source: Source, client: Client, tag: str, since: datetime) -> Iterator[Read]:
    """Posts with a tag, from ever earlier moments down to ``since``; each moment is earlier."""
    before, step = int(datetime.now(UTC).timestamp()), STEP
    for _ in range(MOST_CALLS):
        if before <= since.timestamp():
            return
        asked: Params = {"tag": tag, "before": before, "limit": PAGE}
        reads = list(understand(_THIS, [_get(source, client, "tagged", asked)]))
        yield from reads
        oldest = min(_seconds(reads), default=before)
        if oldest < before:
            before, step = oldest, STEP
        else:
            before, step = before - step, step * 2
    reason = f"a tag with more posts than {MOST_CALLS} calls give"
    yield Gap(gap_from=since, gap_to=utc_from_epoch(before), reason=reason)


def _posts_of(source: Source, client: Client, blog: str, since: datetime) -> Iterator[Read]:
    """Posts of a blog, newest first, until a page holds nothing but what is old."""

    def fetch(before: int) -> Reply:
        place = {"before": before} if before else {}
        return _get(source, client, f"blog/{blog}/posts", {"limit": PAGE, **place})

    def following(reply: Reply, before: int) -> int | None:
        times = _seconds(understand(_THIS, [reply]))
        if not times or max(times) < since.timestamp():
            return None
        # The last, not the oldest: a post that is pinned stands first, whatever its age.
        oldest = times[-1] + 1
        return oldest if not before or oldest < before else before - 1

    return understand(_THIS, follow(0, fetch, following))


def _notes(
    source: Source, client: Client, blog: str, number: str, since: datetime | None
) -> Iterator[Read]:
    """What was said under a post, newest first, until a page holds nothing but what is old."""

    def fetch(before: str) -> Reply:
        asked: Params = {"id": number, "mode": "conversation"}
        place = {"before_timestamp": before} if before else {}
        return _get(source, client, f"blog/{blog}/notes", {**asked, **place})

    def following(reply: Reply, _: str) -> str | None:
        times = _seconds(understand(_THIS, [reply]))
        is_old = since is not None and bool(times) and max(times) < since.timestamp()
        return None if is_old else next_notes(reply)

    return understand(_THIS, follow("", fetch, following))


def _may_be_answered(post: Post, first: datetime) -> bool:
    """Whether a post is recent, one's own and noted; what is said of a reblog is said to others."""
    is_recent = post.created_at is not None and post.created_at >= first
    return is_recent and post.kind == "post" and post.replies_count != 0


def _get(
    source: Source, client: Client, path: str, params: Params, expect: tuple[int, ...] = ()
) -> Reply:
    key = client.secret(KEY)
    if key is None:
        raise SecretError(f"Tumblr needs {source.variable(KEY)}", where=source.name)
    shape = {} if path.endswith("/notes") else {"npf": "true", "reblog_info": "true"}
    address = f"{(source.server or API).rstrip('/')}/v2/{path}"
    return client.get(address, params={**params, **shape, "api_key": key}, expect=expect)


def _blogs(source: Source) -> Iterator[str]:
    """Blogs by name, address or lasting id.

    Raises:
        ConfigError: no blog can have that name.
    """
    for account in source.accounts:
        found = _BLOG.fullmatch(account.strip())
        if found is None:
            raise ConfigError(f"{account!r} is no name of a blog", where=source.name)
        yield found["name"]


def _seconds(reads: Iterator[Read] | list[Read]) -> list[int]:
    return [
        int(each.created_at.timestamp())
        for each in reads
        if isinstance(each, Post) and each.created_at is not None
    ]
