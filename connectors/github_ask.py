"""Ask GitHub's GraphQL API for discussions: the only way to them, and only with a token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.dates import in_utc
from connectors.github_discussion import (
    Nest,
    Nodes,
    cut_graph,
    discussion_or_comment,
    gone_from,
    nest_of,
)
from connectors.paging import decode, follow, tombstone, understand
from pipeline.errors import PayloadError, SourceGone
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

API: Final = "https://api.github.com"
TOKEN: Final = "GITHUB_TOKEN"  # noqa: S105 the name of a variable
HEADERS: Final = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
}
PAGE: Final = 100
LAST_PAGE: Final = 10
_WHO: Final = "author { __typename login url }"
_SAID: Final = f"__typename id url body createdAt lastEditedAt upvoteCount {_WHO}"
_SEEN: Final = "repository { isPrivate }"
_TOPIC: Final = f"{_SAID} title updatedAt labels(first: 20) {{ nodes {{ name }} }} {_SEEN}"
_REMARK: Final = f"{_SAID} deletedAt replyTo {{ id }} discussion {{ id {_SEEN} }}"
_NEXT: Final = "pageInfo { hasNextPage endCursor }"
_COST: Final = "rateLimit { cost remaining resetAt }"
_ANSWERS: Final = f"replies(first: 100) {{ totalCount {_NEXT} nodes {{ {_REMARK} }} }}"
_SEARCH: Final = f"""query($asked: String!, $after: String) {{ {_COST}
  search(type: DISCUSSION, query: $asked, first: 100, after: $after) {{ {_NEXT}
    nodes {{ ... on Discussion {{ {_TOPIC} comments {{ totalCount }} }} }} }} }}"""
_REPOSITORY: Final = f"""query($owner: String!, $name: String!, $after: String) {{ {_COST}
  repository(owner: $owner, name: $name) {{ discussions(first: 100, after: $after,
    orderBy: {{field: UPDATED_AT, direction: DESC}}) {{ {_NEXT}
    nodes {{ {_TOPIC} comments {{ totalCount }} }} }} }} }}"""
_DISCUSSION: Final = f"""query($id: ID!, $after: String) {{ {_COST}
  node(id: $id) {{ ... on Discussion {{ {_TOPIC} comments(first: 100, after: $after) {{
    totalCount {_NEXT} nodes {{ {_REMARK} {_ANSWERS} }} }} }} }} }}"""
_COMMENT: Final = f"""query($id: ID!, $after: String) {{ {_COST}
  node(id: $id) {{ ... on DiscussionComment {{ {_REMARK} replies(first: 100, after: $after) {{
    totalCount {_NEXT} nodes {{ {_REMARK} }} }} }} }} }}"""
_NODES: Final = f"""query($ids: [ID!]!) {{ {_COST} nodes(ids: $ids) {{
    ... on Discussion {{ {_TOPIC} comments {{ totalCount }} }}
    ... on DiscussionComment {{ {_REMARK} replies {{ totalCount }} }} }} }}"""
_Place = tuple[str | None, str | None, int]
"""Up to which time, after which cursor, and which page."""
_THIS: Final[Any] = SimpleNamespace(read=cut_graph, to_post=discussion_or_comment)


class _Updated(msgspec.Struct, rename="camel"):
    updated_at: datetime


def discussed(source: Source, client: Client, query: str, since: datetime) -> Iterator[Read]:
    """The discussions that a search finds, each with what was said under it since."""
    for reply in _found(source, client, query, since):
        yield from _with_comments(source, client, reply, since)


def told_in(source: Source, client: Client, repository: str, since: datetime) -> Iterator[Read]:
    """The discussions of a repository that changed since, with what was said under them since."""
    owner, _, name = repository.partition("/")

    def fetch(after: str) -> Reply:
        asked = {"owner": owner, "name": name, "after": after or None}
        return _ask(source, client, _REPOSITORY, asked)

    def following(reply: Reply, _: str) -> str | None:
        found = nest_of(reply, "repository").discussions
        oldest = _oldest(found)
        is_old = oldest is not None and oldest < since
        return None if found is None or is_old else found.cursor

    if client.secret(TOKEN) is not None:
        for reply in follow("", fetch, following):
            yield from _with_comments(source, client, reply, since)


def conversation(source: Source, client: Client, number: str) -> Iterator[Read]:
    """A discussion by id, with all comments and all answers to them.

    Raises:
        SourceGone: it is no longer there.
    """
    for page in _pages(source, client, _DISCUSSION, number):
        yield from understand(_THIS, [page])
        found = nest_of(page, "node").comments
        for comment in decode(bytes(found.nodes), list[Nest | None]) if found else ():
            more = None if comment is None or comment.replies is None else comment.replies.cursor
            if comment is not None and comment.id and more:
                rest = _pages(source, client, _COMMENT, comment.id, more)
                yield from understand(_THIS, rest)


def as_they_are(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Discussions and comments as they are now, a hundred at once; what is not there is gone."""
    if client.secret(TOKEN) is None:
        return
    for start in range(0, len(posts), PAGE):
        some = posts[start : start + PAGE]
        reply = _ask(source, client, _NODES, {"ids": [each.native_id for each in some]})
        yield from understand(_THIS, [reply])
        for place in sorted(gone_from(reply)):
            if place < len(some):
                yield tombstone(some[place], reply)


def stamp(moment: datetime) -> str:
    """A time as GitHub writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _with_comments(source: Source, client: Client, reply: Reply, since: datetime) -> Iterator[Read]:
    """The discussions of a page, each with what was said under it since.

    Comments cannot be asked for by time: all are read, the new ones kept.
    """
    for each in understand(_THIS, [reply]):
        yield each
        if isinstance(each, Post) and each.is_keepable and each.replies_count != 0:
            try:
                below = list(conversation(source, client, each.native_id or ""))
            except SourceGone:
                continue
            yield from (one for one in below if not isinstance(one, Post) or _is_new(one, since))


def _is_new(post: Post, since: datetime) -> bool:
    times = (post.created_at, post.edited_at, post.deleted_at)
    return post.kind != "post" and any(time is not None and time >= since for time in times)


def _found(source: Source, client: Client, query: str, since: datetime) -> Iterator[Reply]:
    """Pages of a search, the last updated first; beyond a thousand, time is cut."""

    def fetch(place: _Place) -> Reply:
        until, after, _ = place
        bounds = f">={stamp(since)}" if until is None else f"{stamp(since)}..{until}"
        asked = f"{query} is:public updated:{bounds} sort:updated-desc"
        return _ask(source, client, _SEARCH, {"asked": asked, "after": after})

    def following(reply: Reply, place: _Place) -> _Place | None:
        until, _, page = place
        found = nest_of(reply, "search").discussions
        if found is not None and found.cursor:
            return until, found.cursor, page + 1
        oldest = _oldest(found)
        if page < LAST_PAGE or oldest is None:
            return None
        if stamp(oldest) == until:
            raise PayloadError(f"more than {LAST_PAGE * PAGE} updates in one second", where="$")
        return stamp(oldest), None, 1

    first: _Place = (None, None, 1)
    if client.secret(TOKEN) is not None:
        yield from follow(first, fetch, following)


def _oldest(found: Nodes | None) -> datetime | None:
    """When the one longest unchanged of a page was changed."""
    topics = [] if found is None else decode(bytes(found.nodes), list[_Updated | None])
    times = (in_utc(each.updated_at, "$.updatedAt") for each in topics if each is not None)
    return min(times, default=None)


def _pages(
    source: Source, client: Client, query: str, number: str, first: str = ""
) -> Iterator[Reply]:
    def fetch(after: str) -> Reply:
        return _ask(source, client, query, {"id": number, "after": after or None})

    def following(reply: Reply, _: str) -> str | None:
        found = nest_of(reply, "node")
        below = found.comments or found.replies
        return None if below is None else below.cursor

    return follow(first, fetch, following)


def _ask(source: Source, client: Client, query: str, asked: Mapping[str, Any]) -> Reply:
    """A server of one's own has the two APIs side by side: ``/api/v3`` and ``/api/graphql``."""
    base = (source.server or API).rstrip("/").removesuffix("/v3")
    return client.post(
        f"{base}/graphql",
        json={"query": query, "variables": asked},
        headers=HEADERS,
        bearer=client.secret(TOKEN),
    )
