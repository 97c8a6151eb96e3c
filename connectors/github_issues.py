"""Ask GitHub's REST API for issues and what stands below, with the discussions beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.github_ask import (
    API,
    HEADERS,
    LAST_PAGE,
    PAGE,
    TOKEN,
    discussed,
    stamp,
    told_in,
)
from connectors.github_reply import THIS, Found
from connectors.paging import decode, follow, in_turn, link, times_of, understand
from pipeline.errors import PartGone, PayloadError, SourceRefused
from pipeline.post import Gap, Post, Read
from pipeline.relevance import push
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SYNTAX: Final = push.Syntax(longest=200, words=5, word='"{}"')
_Place = tuple[str | None, int]
"""Up to which time, and which page."""


class _Updated(msgspec.Struct):
    updated_at: str


def searched(source: Source) -> Sequence[str]:
    """What is searched for: the terms as phrases, or what the query asks."""
    if source.query is not None:
        return push.searches(source.query, SYNTAX, source.platform).texts
    return [f'"{push.unquoted(term)}"' for term in source.terms]


def addressed(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What was written in the repositories, and what names or answers the accounts."""
    below = ("issues", "issues/comments", "pulls/comments")
    asked: list[Callable[[], Iterator[Read]]] = []
    for repository in source.options.get("repositories", ()):
        paths = [f"repos/{repository}/{each}" for each in below]
        asked += [partial(_written, source, client, path, since) for path in paths]
        asked.append(partial(_on_commits, source, client, f"repos/{repository}/comments", since))
        asked.append(partial(told_in, source, client, repository, since))
    asked += [partial(_naming, source, client, login, since) for login in source.accounts]
    yield from in_turn(asked, lambda ask: ask(), called="lists")


def _written(source: Source, client: Client, path: str, since: datetime) -> Iterator[Read]:
    asked = {"state": "all", "sort": "updated", "direction": "asc", "since": stamp(since)}
    return understand(THIS, pages(source, client, path, asked))


def _on_commits(source: Source, client: Client, path: str, since: datetime) -> Iterator[Read]:
    """Comments on commits, which come oldest first and know no ``since``: from the last page back.

    Raises:
        PartGone: the token may not read them; issues and discussions can be read all the same.
        LuisterError: the repository is not there, or the platform refuses.
    """
    try:
        first = get(source, client, path, {"per_page": PAGE, "page": 1})
    except SourceRefused as refused:
        raise PartGone(
            f"shows no comments on commits: {refused.what}",
            where=refused.where,
            todo="give the token the right to read contents",
        ) from refused
    last = parse_qs(urlsplit(link(first, "last") or "").query).get("page", [""])[0]

    def fetch(page: int) -> Reply:
        return first if page == 1 else get(source, client, path, {"per_page": PAGE, "page": page})

    def following(reply: Reply, page: int) -> int | None:
        times = times_of(understand(THIS, [reply]))
        is_far = any(each is not None and each < since for each in times)
        return page - 1 if page > 1 and not is_far else None

    # all of them, where the list does not tell its length
    is_told = last.isdecimal()
    found = follow(int(last), fetch, following) if is_told else pages(source, client, path)
    for each in understand(THIS, found):
        times = (each.created_at, each.edited_at) if isinstance(each, Post) else ()
        if not times or any(time is not None and time >= since for time in times):
            yield each


def _naming(source: Source, client: Client, login: str, since: datetime) -> Iterator[Read]:
    for each in found(source, client, f"mentions:{login}", since):
        if not isinstance(each, Post) or login.lower() in map(str.lower, each.mentions):
            yield each
    for each in found(source, client, f"author:{login}", since):
        if not isinstance(each, Post) or each.kind != "post":
            yield each


def found(source: Source, client: Client, query: str, since: datetime) -> Iterator[Read]:
    """The issues and discussions that a search finds, and their comments since."""
    for each in search(source, client, query, since):
        yield each
        if isinstance(each, Post) and each.replies_count != 0 and each.root_id:
            new = {"since": stamp(since)}
            replies = pages(source, client, f"{each.root_id}/comments", new)
            yield from understand(THIS, replies)
    yield from discussed(source, client, query, since)


def search(source: Source, client: Client, query: str, since: datetime) -> Iterator[Read]:
    """Issues, then pull requests, updated since: the last first; public ones only."""
    for kind in ("issue", "pr"):
        for page in _search_pages(source, client, f"{query} is:{kind} is:public", since):
            yield from understand(THIS, [page])
            if decode(page.body, Found).incomplete_results:
                reason = "the search took too long and shows a part only"
                yield Gap(gap_from=since, gap_to=page.observed_at, reason=reason)


def _search_pages(source: Source, client: Client, query: str, since: datetime) -> Iterator[Reply]:
    def fetch(place: _Place) -> Reply:
        until, page = place
        bounds = f">={stamp(since)}" if until is None else f"{stamp(since)}..{until}"
        asked: dict[str, str | int] = {
            "q": f"{query} updated:{bounds}",
            "sort": "updated",
            "order": "desc",
            "per_page": PAGE,
            "page": page,
        }
        return get(source, client, "search/issues", asked)

    def following(reply: Reply, place: _Place) -> _Place | None:
        until, page = place
        if link(reply, "next"):
            return until, page + 1
        hits = decode(reply.body, Found).items
        if page < LAST_PAGE or not hits:
            return None
        oldest = min(decode(bytes(each), _Updated).updated_at for each in hits)
        if oldest == until:
            raise PayloadError(f"more than {LAST_PAGE * PAGE} updates in one second", where="$")
        return oldest, 1

    first: _Place = (None, 1)
    return follow(first, fetch, following)


def pages(
    source: Source, client: Client, path: str, query: Mapping[str, str] | None = None
) -> Iterator[Reply]:
    """A list to its end."""

    def fetch(page: int) -> Reply:
        return get(source, client, path, {**(query or {}), "per_page": PAGE, "page": page})

    def following(reply: Reply, page: int) -> int | None:
        return page + 1 if link(reply, "next") else None

    return follow(1, fetch, following)


def get(
    source: Source,
    client: Client,
    path: str,
    query: Mapping[str, str | int],
    expect: tuple[int, ...] = (),
) -> Reply:
    """Ask GitHub for just this, signed in if there is a token."""
    return client.get(
        f"{source.server or API}/{path}",
        params=query,
        headers=HEADERS,
        bearer=client.secret(TOKEN),
        expect=expect,
    )


def is_by(post: Post, logins: Sequence[str]) -> bool:
    """Whether one of the accounts wrote it; case does not count."""
    return (post.author_handle or "").lower() in [login.lower() for login in logins]
