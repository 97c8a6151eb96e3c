"""Facebook: what a page says, what visitors say on it and to it, and what they think of it.

Reads: published_posts, feed, tagged, ratings and comments of pages (Graph API v25.0,
    https://developers.facebook.com/docs/graph-api/reference/page); what webhooks push is read by
    ``inspect``. ``accounts`` are the numbers of one's own pages.
Access: approval (App Review: pages_read_engagement, pages_read_user_content); FB_PAGE_ACCESS_TOKEN,
    and FB_APP_SECRET where the app demands a proof of its secret.
Cannot tell: what is said elsewhere: the search was removed, so only posts that tag a page are seen;
    views, languages, edits (a webhook tells them), who wrote where the permission is missing.
Quirks: a new comment does not move its post, so the comments of posts of 30 days are read again;
    about 600 posts of a year are given, ranked (unverified); a recommendation counts as five
    stars, its opposite as one; one field that is not allowed fails the whole request
    (``options.without`` names fields and lists, such as ratings, to leave out, ``options.page`` how
    many to ask for at once); a batch with the token in a header is unverified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from connectors import graph
from connectors.facebook_post import COMMENT, POST, REVIEW, node_post
from connectors.facebook_reply import cut
from connectors.facebook_webhook import change_post
from connectors.paging import once, understand
from pipeline.errors import ConfigError
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

TOKEN: Final = "FB_PAGE_ACCESS_TOKEN"  # noqa: S105 the name of a variable
ACCESS: Final = Access(
    kind="approval",
    requests=60,
    seconds=60.0,
    secrets=(TOKEN, graph.APP_SECRET),
    needs=dict.fromkeys(("timeline", "inbox", "thread", "refresh"), (TOKEN,)),
)
BASE: Final = "https://graph.facebook.com/v25.0"
PAGE: Final = 50
YEARLY: Final = 600
refusal = graph.refusal
pause = graph.pause


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the pages published."""
    for page in _pages_of(source):
        found = list(_published(source, client, page, since))
        yield from once(iter(found))
        times = [each.created_at for each in found if isinstance(each, Post) and each.created_at]
        if len(times) >= YEARLY:
            yield from graph.gap(
                since, min(times), f"Facebook gives about {YEARLY} posts of a year"
            )


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What others posted on the pages, how they tag, answer and rate them."""
    for page in _pages_of(source):
        for each in once(_addressed(source, client, page, since)):
            if not isinstance(each, Post) or each.author_id != page:
                yield each


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """A post of the pages and all comments on it; elsewhere they may not be read."""
    root = post.root_id or ""
    if root.partition("_")[0] not in _pages_of(source):
        return
    reply = _get(source, client, root, {"fields": _fields(source, POST)})
    for first in understand(_THIS, [reply]):
        yield first
        if isinstance(first, Post) and first.post_id == root:
            below = once(_comments(source, client, root, None))
            yield from graph.answering(below, first)


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Posts on the pages and comments there as they are now; reviews cannot be asked for again."""
    token = graph.token_of(source, client, TOKEN)
    batch = partial(graph.batch, client, BASE, token)
    for page in _pages_of(source):
        chosen = [each for each in posts if (each.root_id or "").startswith(f"{page}_")]
        asked = [(each, graph.node(each.native_id, _again(source, each))) for each in chosen]
        yield from graph.refreshed(_THIS, batch, page, asked)


def read(reply: Reply) -> Iterator[Item]:
    """The posts, comments and reviews of a list, a batch, a webhook, or the one asked for.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A post, a comment or a review; None for pages, people, pictures, videos and likes."""
    return change_post(item) if "page" in item.context else node_post(item)


def _addressed(source: Source, client: Client, page: str, since: datetime) -> Iterator[Read]:
    """Posts of visitors, posts that tag the page, comments on its own posts, and reviews."""
    published = _published(source, client, page, since - graph.OWNED)
    own = [each for each in published if isinstance(each, Post)]
    names = {each.post_id for each in own}
    for edge in _wanted(source, ("feed", "tagged")):
        for each in _edge(source, client, f"{page}/{edge}", POST, since):
            if not isinstance(each, Post) or each.post_id not in names:
                yield each
    for post in own:
        if post.replies_count != 0:
            below = graph.since_then(_comments(source, client, post.post_id, since), since)
            yield from graph.answering(below, post)
    for edge in _wanted(source, ("ratings",)):
        yield from _edge(source, client, f"{page}/{edge}", REVIEW, since)


def _published(source: Source, client: Client, page: str, since: datetime) -> Iterator[Read]:
    return _edge(source, client, f"{page}/published_posts", POST, since)


def _comments(source: Source, client: Client, root: str, since: datetime | None) -> Iterator[Read]:
    """All comments, answers to comments too, newest first."""
    order = {"filter": "stream", "order": "reverse_chronological"}
    return _edge(source, client, f"{root}/comments", COMMENT, since, order)


def _edge(
    source: Source,
    client: Client,
    path: str,
    fields: Sequence[str],
    since: datetime | None,
    more: Mapping[str, str] | None = None,
) -> Iterator[Read]:
    """What hangs at one edge, page by page; where an edge knows no ``since`` its order tells."""
    query: dict[str, str | int] = {"fields": _fields(source, fields), "limit": _limit(source)}
    if since is not None and path.endswith(("feed", "published_posts")):
        query["since"] = int(since.timestamp())
    replies = graph.pages(
        _THIS, lambda asked: _get(source, client, path, asked), {**query, **(more or {})}, since
    )
    return understand(_THIS, replies)


def _get(source: Source, client: Client, path: str, query: graph.Query) -> Reply:
    return graph.get(client, f"{BASE}/{path}", query, graph.token_of(source, client, TOKEN))


def _again(source: Source, post: Post) -> str:
    return _fields(source, COMMENT if post.kind in {"comment", "reply"} else POST)


def _fields(source: Source, fields: Sequence[str]) -> str:
    return ",".join(_wanted(source, fields))


def _wanted(source: Source, names: Sequence[str]) -> list[str]:
    """All but those this app may not ask for."""
    without = source.options.get("without", ())
    return [name for name in names if re.split(r"[.{]", name)[0] not in without]


def _limit(source: Source) -> int:
    return int(source.options.get("page", PAGE))


def _pages_of(source: Source) -> tuple[str, ...]:
    odd = [page for page in source.accounts if not page.isdecimal()]
    if odd:
        raise ConfigError(f"a page is named by its number, not {odd[0]!r}", where=source.name)
    return source.accounts


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
