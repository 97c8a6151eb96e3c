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
    of one that changed are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.github_ask import (
    API,
    HEADERS,
    LAST_PAGE,
    PAGE,
    TOKEN,
    as_they_are,
    conversation,
    discussed,
    stamp,
    told_in,
)
from connectors.github_discussion import (
    cut_graph,
    discussion_or_comment,
    graph_refusal,
    is_graph,
    points_of,
)
from connectors.github_item import issue_or_comment
from connectors.paging import decode, follow, items, link, once, tombstone, understand
from connectors.told_status import refused
from pipeline.errors import LuisterError, PayloadError, RateLimited
from pipeline.post import Gap, Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SYNTAX: Final = push.Syntax(longest=200, words=5, word='"{}"')
ACCESS: Final = Access(
    kind="open",
    requests=10,
    seconds=60.0,
    secrets=(TOKEN,),
    quotas={"points": Quota(limit=5_000, seconds=3_600.0)},
    lists=("repositories",),
)
SECONDARY_SECONDS: Final = 60.0
_GONE: Final = (404, 410)
_NO_POSTS: Final = frozenset({"resources", "event", "login", "full_name", "sha"})
_TIMES: Final = frozenset({"created_at", "submitted_at"})
_PLACES: Final = frozenset({"title", "issue_url", "pull_request_url"})
_MAY_BE_PAGE: Final = re.compile(b'"(?:items|data|errors)"')
_OF_GRAPH: Final = re.compile(r"\$(\[\d+\])?\.data\b")
_PAGE_OF_SEARCH: Final = frozenset({"total_count", "items"})
_Place = tuple[str | None, int]
"""Up to which time, and which page."""


class _Found(msgspec.Struct):
    items: list[msgspec.Raw]
    incomplete_results: bool = False


class _Updated(msgspec.Struct):
    updated_at: str


class _Message(msgspec.Struct):
    message: str


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Issues, pull requests and discussions that hold one of the terms, with new comments."""
    yield from once(
        read for query in _searched(source) for read in _discussed(source, client, query, since)
    )


def _searched(source: Source) -> Sequence[str]:
    if source.query is not None:
        return push.searches(source.query, SYNTAX, source.platform).texts
    return [f'"{_phrase(term)}"' for term in source.terms]


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts opened and commented."""
    for login in source.accounts:
        opened = _search(source, client, f"author:{login}", since)
        commented = _discussed(source, client, f"commenter:{login}", since)
        talked = discussed(source, client, f"author:{login}", since)
        for each in once(read for reads in (opened, talked, commented) for read in reads):
            if not isinstance(each, Post) or _is_by(each, (login,)):
                yield each


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What others wrote in one's own repositories and issues, and what names the accounts."""
    yield from once(
        each
        for each in _addressed(source, client, since)
        if not isinstance(each, Post) or not _is_by(each, source.accounts)
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
    for reply in _pages(source, client, issue):
        yield from understand(_THIS, [reply])
    yield from understand(_THIS, _pages(source, client, f"{issue}/comments"))
    if "/pull/" in post.post_id:
        reviewed = issue.replace("/issues/", "/pulls/")
        yield from understand(_THIS, _pages(source, client, f"{reviewed}/comments"))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; one that is no longer there is gone."""
    talks = [post for post in posts if not _is_of_rest(post.native_id)]
    yield from as_they_are(source, client, talks)
    for post in filter(lambda each: _is_of_rest(each.native_id), posts):
        reply = _get(source, client, post.native_id or "", {}, expect=_GONE)
        if reply.status in _GONE:
            yield tombstone(post, reply)
        else:
            yield from understand(_THIS, [reply])


def refusal(reply: Reply) -> LuisterError | None:
    """Limits are told with 403 as well as 429, and some say only in words what they are."""
    if reply.status not in {403, 429}:
        return graph_refusal(reply)
    try:
        words = msgspec.json.decode(reply.body, type=_Message).message
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    asks = reply.headers.get("retry-after", "")
    reset = reply.headers.get("x-ratelimit-reset", "")
    seconds: float | None = None
    if asks.isdecimal():
        seconds = float(asks)
    elif reply.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        seconds = max(0.0, float(reset) - reply.observed_at.timestamp())
    elif "rate limit" in words.lower() or "abuse detection" in words:
        seconds = SECONDARY_SECONDS
    if seconds is None:
        return None
    return RateLimited(f"asks us to wait: {words}", seconds=seconds, where=reply.url)


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
    if reply.body.lstrip().startswith(b"["):
        yield from _listed(decode(reply.body, list[msgspec.Raw]), reply)
        return
    told = decode(reply.body, dict[str, msgspec.Raw])
    if is_graph(told):
        yield from cut_graph(reply)
    elif "items" in told:
        yield from items(decode(reply.body, _Found).items, reply, "$.items")
    elif _TIMES & told.keys() and _PLACES & told.keys():
        yield Item(raw=reply.body, path="$", observed_at=reply.observed_at)
    elif not _NO_POSTS & told.keys():
        raise refused(reply, "neither an issue, a comment nor a list")


def _listed(elements: Sequence[msgspec.Raw], reply: Reply) -> Iterator[Item]:
    """The elements of a list, or of the pages in it, as ``gh api --slurp`` keeps them."""
    for index, element in enumerate(elements):
        page, path = bytes(element), f"$[{index}]"
        told = _keys(page)
        if page[:1] == b"[":
            yield from items(decode(page, list[msgspec.Raw], where=path), reply, path)
        elif is_graph(told):
            for each in cut_graph(msgspec.structs.replace(reply, body=page)):
                yield msgspec.structs.replace(each, path=path + each.path.removeprefix("$"))
        elif told >= _PAGE_OF_SEARCH:
            yield from items(decode(page, _Found, where=path).items, reply, f"{path}.items")
        else:
            yield Item(raw=page, path=path, observed_at=reply.observed_at)


def _keys(element: bytes) -> Set[str]:
    is_page = element[:1] == b"{" and _MAY_BE_PAGE.search(element)
    return decode(element, dict[str, msgspec.Raw]).keys() if is_page else frozenset()


def to_post(item: Item) -> Post | None:
    """An issue, a discussion or a comment; None for people, events and the like."""
    return discussion_or_comment(item) if _OF_GRAPH.match(item.path) else issue_or_comment(item)


def _addressed(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    for repository in source.options.get("repositories", ()):
        everything = {"state": "all", "sort": "updated", "direction": "asc"}
        for path in ("issues", "issues/comments", "pulls/comments"):
            query = {**everything, "since": stamp(since)}
            pages = _pages(source, client, f"repos/{repository}/{path}", query)
            yield from understand(_THIS, pages)
        yield from told_in(source, client, repository, since)
    for login in source.accounts:
        for each in _discussed(source, client, f"mentions:{login}", since):
            if not isinstance(each, Post) or login.lower() in map(str.lower, each.mentions):
                yield each
        for each in _discussed(source, client, f"author:{login}", since):
            if not isinstance(each, Post) or each.kind != "post":
                yield each


def _discussed(source: Source, client: Client, query: str, since: datetime) -> Iterator[Read]:
    """The issues and discussions that a search finds, and their comments since."""
    for each in _search(source, client, query, since):
        yield each
        if isinstance(each, Post) and each.replies_count != 0 and each.root_id:
            new = {"since": stamp(since)}
            pages = _pages(source, client, f"{each.root_id}/comments", new)
            yield from understand(_THIS, pages)
    yield from discussed(source, client, query, since)


def _search(source: Source, client: Client, query: str, since: datetime) -> Iterator[Read]:
    """Issues, then pull requests, updated since: the last first; public ones only."""
    for kind in ("issue", "pr"):
        for page in _search_pages(source, client, f"{query} is:{kind} is:public", since):
            yield from understand(_THIS, [page])
            if decode(page.body, _Found).incomplete_results:
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
        return _get(source, client, "search/issues", asked)

    def following(reply: Reply, place: _Place) -> _Place | None:
        until, page = place
        if link(reply, "next"):
            return until, page + 1
        found = decode(reply.body, _Found).items
        if page < LAST_PAGE or not found:
            return None
        oldest = min(decode(bytes(each), _Updated).updated_at for each in found)
        if oldest == until:
            raise PayloadError(f"more than {LAST_PAGE * PAGE} updates in one second", where="$")
        return oldest, 1

    first: _Place = (None, 1)
    return follow(first, fetch, following)


def _pages(
    source: Source, client: Client, path: str, query: Mapping[str, str] | None = None
) -> Iterator[Reply]:
    def fetch(page: int) -> Reply:
        return _get(source, client, path, {**(query or {}), "per_page": PAGE, "page": page})

    def following(reply: Reply, page: int) -> int | None:
        return page + 1 if link(reply, "next") else None

    return follow(1, fetch, following)


def _get(
    source: Source,
    client: Client,
    path: str,
    query: Mapping[str, str | int],
    expect: tuple[int, ...] = (),
) -> Reply:
    return client.get(
        f"{source.server or API}/{path}",
        params=query,
        headers=HEADERS,
        bearer=client.secret(TOKEN),
        expect=expect,
    )


def _is_of_rest(name: str | None) -> bool:
    """Whether a name is a path of the REST API; those of discussions are ids of the other."""
    return (name or "").startswith("repos/")


def _is_by(post: Post, logins: Sequence[str]) -> bool:
    return (post.author_handle or "").lower() in [login.lower() for login in logins]


def _phrase(term: str) -> str:
    return " ".join(term.replace('"', " ").split())


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
