"""GitHub: issues, pull requests, discussions and the comments under them.

Reads: the REST API (https://docs.github.com/rest) and, for discussions, the GraphQL API
    (https://docs.github.com/graphql, seen November 2026): search for terms, and for ``accounts``
    (logins) what they wrote and what names them; ``options.repositories`` (``owner/name``) are
    one's own, of which everything is read.
Access: open, 60 requests an hour and ten searches a minute; 5,000 and thirty with GITHUB_TOKEN
    (a token without any scope is enough, and sees nothing that is private). Discussions are read
    with a token only, for 5,000 points an hour: one for a hundred of them, one for each hundred
    comments under one.
Cannot tell: language, audience sizes, views, edits of issues (``updated_at`` changes with every
    label; of discussions they are told).
Quirks: a search gives at most 1,000 results, so time is cut into slices; it finds the issue, not
    the comment that holds the term, so comments are read too and matched on our side; a limit is
    told with 403 as well as 429, by the GraphQL API with 200 and ``errors``; issues and pull
    requests share their numbers; comments of a discussion cannot be asked for by time, so that all
    of one that changed are read. Comments on commits are read of one's own repositories alone, the
    last page first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import github_issues as issues
from connectors.github_ask import TOKEN, as_they_are, conversation, discussed
from connectors.github_discussion import points_of
from connectors.github_reply import THIS, check_answers, cut, post_in
from connectors.github_reply import refusal as refusal
from connectors.paging import of_accounts, once, settled, tombstone, understand
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SYNTAX: Final = issues.SYNTAX
ACCESS: Final = Access(
    kind="open",
    requests=10,
    seconds=60.0,
    secrets=(TOKEN,),
    quotas={"points": Quota(limit=5_000, seconds=3_600.0, path="/graphql")},
    lists=("repositories",),
)
_GONE: Final = (404, 410)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Issues, pull requests and discussions that hold one of the terms, with new comments."""
    yield from once(
        read
        for query in issues.searched(source)
        for read in issues.found(source, client, query, since)
    )


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts opened and commented."""

    def said(login: str) -> Iterator[Read]:
        opened = issues.search(source, client, f"author:{login}", since)
        commented = issues.found(source, client, f"commenter:{login}", since)
        talked = discussed(source, client, f"author:{login}", since)
        for each in once(read for reads in (opened, talked, commented) for read in reads):
            if not isinstance(each, Post) or issues.is_by(each, (login,)):
                yield each

    yield from of_accounts(source.accounts, said)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What others wrote in one's own repositories and issues, and what names the accounts."""
    yield from once(
        each
        for each in issues.addressed(source, client, since)
        if not isinstance(each, Post) or not issues.is_by(each, source.accounts)
    )


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The issue, pull request or discussion that ``post`` is, or stands under, with all comments.

    A discussion gives nothing without a token.
    """
    issue = post.root_id or ""
    if not _is_of_rest(issue):
        if client.secret(TOKEN) is not None:
            yield from conversation(source, client, issue)
        return
    for reply in issues.pages(source, client, issue):
        yield from understand(THIS, [reply])
    yield from understand(THIS, issues.pages(source, client, f"{issue}/comments"))
    if "/pull/" in post.post_id:
        reviewed = issue.replace("/issues/", "/pulls/")
        for what in ("comments", "reviews"):
            yield from understand(THIS, issues.pages(source, client, f"{reviewed}/{what}"))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; one that is no longer there, or by another name, is gone."""
    talks = [post for post in posts if not _is_of_rest(post.native_id)]
    yield from as_they_are(source, client, talks)
    for post in filter(lambda each: _is_of_rest(each.native_id), posts):
        reply = issues.get(source, client, post.native_id or "", {}, expect=_GONE)
        if reply.status in _GONE:
            check_answers(reply)
            yield tombstone(post, reply)
        else:
            yield from settled([post], list(understand(THIS, [reply])), reply)


def spent(reply: Reply) -> Mapping[str, int]:
    """Points of the GraphQL API."""
    points = points_of(reply)
    return {"points": points} if points else {}


def read(reply: Reply) -> Iterator[Item]:
    """The issues, discussions and comments of a list or a search, or the one asked for.

    People, events, repositories and limits hold none.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """An issue, a discussion or a comment; None for people, events and the like."""
    return post_in(item)


def _is_of_rest(name: str | None) -> bool:
    """Whether a name is a path of the REST API; those of discussions are ids of the other."""
    return (name or "").startswith("repos/")
