"""Cut what GitHub's two APIs answer into items, and tell a limit from a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from types import SimpleNamespace
from typing import Any, Final

import msgspec

from connectors.github_discussion import cut_graph, discussion_or_comment, graph_refusal, is_graph
from connectors.github_item import issue_or_comment
from connectors.paging import decode, items, unless_refused
from connectors.told_status import refused
from pipeline.errors import LuisterError, RateLimited, SourceGone
from pipeline.exchange import fault_of
from pipeline.own_words import own_words
from pipeline.post import Post
from pipeline.source import Item, Reply

SECONDARY_SECONDS: Final = 60.0
_NO_POSTS: Final = frozenset({"resources", "event", "login", "full_name", "sha"})
_TIMES: Final = frozenset({"created_at", "submitted_at"})
_PLACES: Final = frozenset({"title", "issue_url", "pull_request_url", "commit_id"})
_MAY_BE_PAGE: Final = re.compile(b'"(?:items|data|errors|line-commented)"')
_OF_GRAPH: Final = re.compile(r"\$(\[\d+\])?\.data\b")
_PAGE_OF_SEARCH: Final = frozenset({"total_count", "items"})
_CONVERSATION: Final = frozenset({"event", "comments"})
"""Comments on lines of a pull request, together in one event of its timeline."""


class Found(msgspec.Struct):
    """A page of a search."""

    items: list[msgspec.Raw]
    incomplete_results: bool = False


class _Conversation(msgspec.Struct):
    comments: list[msgspec.Raw]


class _Message(msgspec.Struct):
    message: str


def refusal(reply: Reply) -> LuisterError | None:
    """Limits are told with 403 as well as 429, and some say only in words what they are.

    A search for somebody who is not there is answered with 422.
    """
    if reply.status not in {403, 422, 429}:
        return graph_refusal(reply)
    try:
        words = msgspec.json.decode(reply.body, type=_Message).message
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if reply.status == 422:
        is_lost = b"cannot be searched" in reply.body
        told = f"not there: {own_words(reply.body)}"
        return SourceGone(told, where=reply.url) if is_lost else None
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


def check_answers(reply: Reply) -> None:
    """Raise what a refusal stands for where it is not GitHub's own, as of a server that moved.

    Raises:
        LuisterError: so.
    """
    try:
        msgspec.json.decode(reply.body, type=_Message)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        unless_refused(fault_of(reply))


def cut(reply: Reply) -> Iterator[Item]:
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
        yield from items(decode(reply.body, Found).items, reply, "$.items")
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
            yield from items(decode(page, Found, where=path).items, reply, f"{path}.items")
        elif told >= _CONVERSATION:
            said = decode(page, _Conversation, where=path).comments
            yield from items(said, reply, f"{path}.comments")
        else:
            yield Item(raw=page, path=path, observed_at=reply.observed_at)


def _keys(element: bytes) -> Set[str]:
    is_page = element[:1] == b"{" and _MAY_BE_PAGE.search(element)
    return decode(element, dict[str, msgspec.Raw]).keys() if is_page else frozenset()


def post_in(item: Item) -> Post | None:
    """An issue, a discussion or a comment; None for people, events and the like."""
    return discussion_or_comment(item) if _OF_GRAPH.match(item.path) else issue_or_comment(item)


THIS: Final[Any] = SimpleNamespace(read=cut, to_post=post_in)
