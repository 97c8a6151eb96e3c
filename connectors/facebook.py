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

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from connectors import facebook_ask as ask
from connectors import graph
from connectors.facebook_post import POST
from connectors.facebook_reply import THIS, cut, post_in
from connectors.paging import once, understand
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="approval",
    requests=60,
    seconds=60.0,
    secrets=(ask.TOKEN, graph.APP_SECRET),
    needs=dict.fromkeys(("timeline", "inbox", "thread", "refresh"), (ask.TOKEN,)),
)
YEARLY: Final = 600
refusal = graph.refusal
pause = graph.pause


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the pages published."""
    for page in ask.pages_of(source):
        found = list(ask.published(source, client, page, since))
        yield from once(iter(found))
        times = [each.created_at for each in found if isinstance(each, Post) and each.created_at]
        if len(times) >= YEARLY:
            yield from graph.gap(
                since, min(times), f"Facebook gives about {YEARLY} posts of a year"
            )


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What others posted on the pages, how they tag, answer and rate them."""
    for page in ask.pages_of(source):
        for each in once(ask.addressed(source, client, page, since)):
            if not isinstance(each, Post) or each.author_id != page:
                yield each


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """A post of the pages and all comments on it; elsewhere they may not be read."""
    root = post.root_id or ""
    if root.partition("_")[0] not in ask.pages_of(source):
        return
    reply = ask.get(source, client, root, {"fields": ask.allowed(source, POST)})
    for first in understand(THIS, [reply]):
        yield first
        if isinstance(first, Post) and first.post_id == root:
            below = once(ask.comments(source, client, root, None))
            yield from graph.answering(below, first)


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Posts on the pages and comments there as they are now; reviews cannot be asked for again."""
    token = graph.token_of(source, client, ask.TOKEN)
    batch = partial(graph.batch, client, ask.BASE, token)
    for page in ask.pages_of(source):
        chosen = [each for each in posts if (each.root_id or "").startswith(f"{page}_")]
        asked = [(each, graph.node(each.native_id, ask.fields_of(source, each))) for each in chosen]
        yield from graph.refreshed(THIS, batch, page, asked)


def read(reply: Reply) -> Iterator[Item]:
    """The posts, comments and reviews of a list, a batch, a webhook, or the one asked for.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A post, a comment or a review; None for pages, people, pictures, videos and likes."""
    return post_in(item)
