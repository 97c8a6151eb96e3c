"""Instagram: posts and stories of one's own accounts, what is said below, and hashtags.

Reads: media, stories, comments, tags of business and creator accounts, and hashtags (Graph API
    v25.0, https://developers.facebook.com/docs/instagram-platform). ``accounts`` are numbers
    (1784…); ``server`` is https://graph.instagram.com for apps with Instagram login, where there
    are no hashtags. Webhooks, mentions and business discovery are read by ``inspect``.
Access: approval (instagram_basic, instagram_manage_comments; for hashtags Instagram Public Content
    Access); IG_ACCESS_TOKEN, and FB_APP_SECRET where the app demands a proof of its secret.
Cannot tell: who posted what a hashtag finds, audience sizes, views, edits; likes where the owner
    hides them; @mentions, of which only a webhook tells; there is no search for words.
Quirks: a hashtag gives its last 24 hours (unverified), thirty of them in seven days, told by the
    account's own list; a post has another number in another API, its code in the address stays;
    answers to old comments come late, so all comments on posts of 30 days are read; only own posts
    and comments on them can be asked for again, elsewhere gone and unseen look the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from connectors import graph
from connectors import instagram_ask as ask
from connectors.instagram_media import MEDIA, REPLY, media_post
from connectors.instagram_reply import cut
from connectors.paging import once, understand
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

WEEK: Final = timedelta(days=7)
ACCESS: Final = Access(
    kind="approval",
    requests=60,
    seconds=60.0,
    secrets=(ask.TOKEN, graph.APP_SECRET),
    needs=dict.fromkeys(("mentions", "timeline", "inbox", "thread", "refresh"), (ask.TOKEN,)),
    # Counted only: the account's own list says what is left, and a repeated hashtag is free.
    quotas={"hashtags": Quota(seconds=WEEK.total_seconds(), path="/ig_hashtag_search")},
)
refusal = graph.refusal
pause = graph.pause


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Recent posts with the hashtags; those beyond thirty in a week are a gap."""
    if source.tags:
        yield from once(ask.tagged(source, client, ask.accounts(source)[0], since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts posted, and their stories of the last day."""
    for account in ask.accounts(source):
        for edge in ("media", "stories"):
            found = ask.edge(source, client, f"{account}/{edge}", MEDIA, since)
            yield from once(graph.since_then(found, since))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Comments on posts of 30 days with the answers to them, and posts that tag the accounts."""
    for account in ask.accounts(source):
        for each in once(graph.since_then(ask.addressed(source, client, account, since), since)):
            if not isinstance(each, Post) or each.author_id != account:
                yield each


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """A post of the accounts and all comments on it; elsewhere they may not be read."""
    is_below = post.kind in {"comment", "reply"}
    if post.root_id is None or not (is_below or post.author_id in source.accounts):
        return
    reply = ask.get(source, client, post.root_id, {"fields": MEDIA})
    for first in understand(ask.THIS, [reply]):
        yield first
        if isinstance(first, Post):
            yield from once(graph.answering(ask.comments(source, client, first.post_id), first))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Own posts and comments on them as they are now; a story that ran out was not deleted."""
    asked = []
    for post in posts:
        if post.kind in {"comment", "reply"}:
            asked.append((post, graph.node(post.native_id, REPLY)))
        elif post.author_id in source.accounts and "/stories/" not in (post.url or ""):
            asked.append((post, graph.node(post.native_id, MEDIA)))
    if asked:
        own = ask.accounts(source)[0]
        yield from graph.refreshed(ask.THIS, ask.many(source, client), own, asked)


def spent(reply: Reply) -> Mapping[str, int]:
    """A hashtag that was looked up."""
    is_search = urlsplit(reply.url).path.endswith("/ig_hashtag_search")
    return {"hashtags": 1} if is_search and reply.status == 200 else {}


def read(reply: Reply) -> Iterator[Item]:
    """The posts, comments and answers of a list, a batch, a webhook, or the one asked for.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A post, a story, a comment or an answer; None for people, hashtags and statistics."""
    return media_post(item)
