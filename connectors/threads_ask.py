"""Ask Threads with the token: lists, single posts, and what answers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from connectors import graph
from connectors.paging import decode, understand
from connectors.threads_post import FIELDS, thing_post
from connectors.threads_reply import Account, Flags, cut
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

TOKEN: Final = "THREADS_ACCESS_TOKEN"  # noqa: S105 the name of a variable
BASE: Final = "https://graph.threads.net/v1.0"
ME: Final = "me"
PAGE: Final = 100
FIRST: Final = datetime(2023, 7, 5, 7, 0, tzinfo=UTC)
THIS: Final[Any] = SimpleNamespace(read=cut, to_post=thing_post)


def listed(
    source: Source,
    client: Client,
    path: str,
    since: datetime | None,
    more: Mapping[str, str] | None = None,
) -> Iterator[Read]:
    """What the pages of a list hold; no time before there was a Threads may be asked for."""
    query: dict[str, str | int] = {"fields": FIELDS, "limit": PAGE, **(more or {})}
    if since is not None:
        query["since"] = int(max(since, FIRST).timestamp())
    replies = graph.pages(
        THIS, lambda asked: get(source, client, path, asked), query, since, has_next=False
    )
    return understand(THIS, replies)


def get(
    source: Source,
    client: Client,
    path: str,
    query: graph.Query,
    expect: tuple[int, ...] = (),
) -> Reply:
    """One answer; a token that is not given is told as our error."""
    token = graph.token_of(source, client, TOKEN)
    return client.get(f"{BASE}/{path}", params=query, bearer=token, expect=expect)


def addressed(source: Source, client: Client, user: str, since: datetime) -> Iterator[Read]:
    """What names the account, and what answers its posts and answers of 30 days."""
    yield from listed(source, client, f"{user}/mentions", since)
    for edge in ("threads", "replies"):
        for post in listed(source, client, f"{user}/{edge}", since - graph.OWNED):
            if isinstance(post, Post) and _is_answered(post):
                below = conversation if edge == "threads" else _answers
                yield from graph.answering(below(source, client, post.post_id), post)


def _is_answered(post: Post) -> bool:
    """Unless the platform says that nobody answered; what shares another post has no answers."""
    flags = decode(post.payload.encode(), Flags)
    return post.kind != "repost" and flags.has_replies is not False


def conversation(source: Source, client: Client, root: str) -> Iterator[Read]:
    """All answers at any depth; the platform gives them for first posts only."""
    return listed(source, client, f"{root}/conversation", None, {"reverse": "false"})


def _answers(source: Source, client: Client, name: str) -> Iterator[Read]:
    """The answers right below an answer of one's own."""
    return listed(source, client, f"{name}/replies", None, {"reverse": "false"})


def own_name(source: Source, client: Client, user: str) -> str:
    """The account's name, by which its posts are known: as it is given, or looked up by number."""
    given = [account for account in source.accounts if not account.isdecimal()]
    if given and user == ME:
        return given[0].lstrip("@").lower()
    reply = get(source, client, user, {"fields": "id,username"})
    return decode(reply.body, Account).username


def users(source: Source) -> list[str]:
    """The account as the API names it: by number, or as the one whose token it is."""
    names = [account if account.isdecimal() else ME for account in source.accounts]
    return list(dict.fromkeys(names))
