"""Reddit: posts and comments, searched, by account, under one's own posts.

Reads: the OAuth API (https://www.reddit.com/dev/api) with ``raw_json=1``. There is no search for
    comments: those of ``options.subreddits`` are read and matched on our side.
Access: by approval since November 2025: REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET; the inbox
    needs REDDIT_REFRESH_TOKEN of one's own account as well.
Cannot tell: language, audience sizes, views, whether an author is a program; scores are blurred,
    and hidden while a comment is young.
Quirks: a list ends after about 1,000 things, and a thread is unfolded by a hundred requests at
    most (a gap is told); ``created`` is hours off, only ``created_utc`` counts; what users deleted
    stays in place with ``[deleted]`` as its words; comments of an inbox name their post only in
    ``context``; ``replies`` is empty text when none; a subreddit that does not exist is answered
    with a search for its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import reddit_ask as ask
from connectors.paging import in_turn, of_accounts, once, settled, understand
from connectors.reddit_reply import cut
from connectors.reddit_thing import thing_post
from pipeline.post import Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="approval",
    requests=60,
    seconds=60.0,
    secrets=ask.OWN,
    needs={
        "mentions": ask.SECRETS,
        "timeline": ask.SECRETS,
        "inbox": ask.OWN,
        "thread": ask.SECRETS,
        "refresh": ask.SECRETS,
    },
    lists=("subreddits",),
)
SYNTAX: Final = push.Syntax(
    either="anywhere", longest=500, word='"{}"', fields={"author": "author:{}"}
)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts that a search finds, and all new comments in the subreddits chosen."""
    token = ask.log_in(source, client)
    asked = {"sort": "new", "t": "all", "type": "link"}
    queries = [f'"{term}"' for term in source.terms]
    if source.query is not None:
        found = push.searches(source.query, SYNTAX, source.platform)
        queries = list(push.together(found.texts, SYNTAX))
    paths: list[tuple[str, ask.Query]] = [("search", {"q": each, **asked}) for each in queries]
    paths += [(f"r/{name}/comments", {}) for name in source.options.get("subreddits", ())]
    yield from once(
        in_turn(paths, lambda each: ask.new(source, client, token, *each, since), called="lists")
    )


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts posted and commented."""
    token = ask.log_in(source, client)

    def said(account: str) -> Iterator[Read]:
        path = f"user/{account}/overview"
        return once(ask.new(source, client, token, path, {"sort": "new"}, since))

    yield from of_accounts(source.accounts, said)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What names the account of the token or answers it; no private messages."""
    token = ask.log_in(source, client, own=True)
    yield from once(
        each
        for name in ("mentions", "comments", "selfreply")
        for each in ask.new(source, client, token, f"message/{name}", {}, since)
    )


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The post with its comments, those folded away too."""
    token = ask.log_in(source, client)
    yield from once(ask.unfolded(source, client, token, post.root_id or post.post_id))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now, a hundred at a time; one no longer listed is gone."""
    token = ask.log_in(source, client)
    for start in range(0, len(posts), ask.PAGE):
        some = posts[start : start + ask.PAGE]
        query = {"id": ",".join(post.post_id for post in some)}
        reply = ask.get(source, client, token, "api/info", query)
        reads = list(understand(ask.THIS, [reply]))
        yield from settled(some, reads, reply)


def read(reply: Reply) -> Iterator[Item]:
    """The things of a list, a thread with all its comments, or what was folded away.

    Raises:
        LuisterError: a refusal that says so in its body.
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A post or a comment; None for people, subreddits, messages and what is folded away."""
    return thing_post(item)
