"""Cut an answer of GitHub's GraphQL API into discussions and comments, and understand one of them.

An answer has status 200 whatever happened: what went wrong stands in ``errors`` beside the data, or
instead of it. (https://docs.github.com/graphql, seen November 2026.)
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec

from connectors.dates import in_utc
from connectors.github_item import what_is_said
from connectors.paging import decode
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post
from pipeline.source import Item, Reply

KINDS: Final = frozenset({"Discussion", "DiscussionComment"})
WAIT_SECONDS: Final = 60.0
_LISTS: Final = ("comments", "replies", "discussions")
_ROOTS: Final = ("search", "repository", "node", "nodes")
_REFUSED: Final = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES", "UNAUTHORIZED"})
_NOTHING: Final = msgspec.Raw(b"")
_BUSY: Final = frozenset({"", "SERVICE_UNAVAILABLE", "RESOURCE_LIMITS_EXCEEDED", "INTERNAL"})


class _Error(msgspec.Struct):
    """``path`` leads to the null in the data that this error explains.

    Without it, ``locations`` in the question tell one that could not be read from trouble.
    """

    message: str = ""
    type: str | None = None
    path: list[str | int] = []
    locations: list[msgspec.Raw] = []
    extensions: dict[str, Any] = {}


class _Answer(msgspec.Struct):
    data: dict[str, msgspec.Raw] | None = None
    errors: list[_Error] = []


class _Page(msgspec.Struct, rename="camel"):
    has_next_page: bool
    end_cursor: str | None = None


class Nodes(msgspec.Struct, rename="camel"):
    """One page of a connection; without ``nodes`` only its length was asked for."""

    nodes: msgspec.Raw = _NOTHING
    page_info: _Page | None = None

    @property
    def cursor(self) -> str | None:
        """Where the next page begins, or None when there is none."""
        page = self.page_info
        return page.end_cursor if page is not None and page.has_next_page else None


class Nest(msgspec.Struct):
    """A node, with the list that may stand in it."""

    typename: str | None = msgspec.field(name="__typename", default=None)
    id: str | None = None
    comments: Nodes | None = None
    replies: Nodes | None = None
    discussions: Nodes | None = None


class _Cost(msgspec.Struct):
    cost: int = 0


class _Actor(msgspec.Struct):
    login: str
    url: str | None = None
    typename: str | None = msgspec.field(name="__typename", default=None)


class _Label(msgspec.Struct):
    name: str


class _Labels(msgspec.Struct):
    nodes: list[_Label | None] = []


class _Repository(msgspec.Struct, rename="camel"):
    is_private: bool | None = None


class _Above(msgspec.Struct):
    id: str
    repository: _Repository | None = None


class _Count(msgspec.Struct, rename="camel"):
    total_count: int | None = None


class _Said(msgspec.Struct, rename="camel"):
    """A discussion or a comment: what only one of them has is None in the other."""

    typename: str = msgspec.field(name="__typename")
    id: str
    url: str
    body: str
    created_at: datetime
    author: _Actor | None
    last_edited_at: datetime | None = None
    deleted_at: datetime | None = None
    upvote_count: int | None = None
    title: str | None = None
    labels: _Labels | None = None
    repository: _Repository | None = None
    comments: _Count | None = None
    replies: _Count | None = None
    reply_to: _Above | None = None
    discussion: _Above | None = None


def is_graph(told: Container[str]) -> bool:
    """Whether an answer is one of the GraphQL API; the other one's refusals have errors too."""
    return "data" in told or ("errors" in told and "message" not in told)


def cut_graph(reply: Reply) -> Iterator[Item]:
    """Discussions and comments wherever they stand, each followed by what was said under it.

    Raises:
        PayloadError: no data, or none that was asked for.
    """
    answer = decode(reply.body, _Answer)
    roots = [name for name in _ROOTS if name in (answer.data or {})]
    if answer.data is None or not (roots or answer.data.keys() == {"rateLimit"}):
        raise PayloadError("neither discussions nor comments", where="$.data")
    gone = {_path_of(error) for error in answer.errors if error.type == "NOT_FOUND"}
    for name in roots:
        where = f"$.data.{name}"
        raw = bytes(answer.data[name])
        if name == "nodes":
            yield from _each(raw, where, reply, gone)
        elif name == "search":
            yield from _listed(decode(raw, Nodes, where=where), where, reply, gone)
        elif raw != b"null":
            yield from _node(raw, where, reply, gone)
        elif where not in gone:
            raise PayloadError("nothing, and no word why", where=where)


def graph_refusal(reply: Reply) -> LuisterError | None:
    """The error that an answer with status 200 stands for; None while there are data in it."""
    if reply.status != 200 or b'"errors"' not in reply.body:
        return None
    try:
        if not is_graph(msgspec.json.decode(reply.body, type=dict[str, msgspec.Raw])):
            return None
        answer = msgspec.json.decode(reply.body, type=_Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    for error in answer.errors:
        if (error.type or "").startswith("RATE_LIMIT") or "rate limit" in error.message:
            seconds = _wait(reply)
            return RateLimited(
                f"asks us to wait: {error.message}", seconds=seconds, where=reply.url
            )
    given = {name: raw for name, raw in (answer.data or {}).items() if name != "rateLimit"}
    if not answer.errors or any(bytes(raw) != b"null" for raw in given.values()):
        return None
    first = answer.errors[0]
    kind = first.type or str(first.extensions.get("code", ""))
    said = f"the server says {first.message or kind}"
    if kind == "NOT_FOUND":
        return SourceGone(said, where=reply.url)
    if kind in _REFUSED:
        return SourceRefused(said, where=reply.url)
    is_misread = kind == "" and first.locations and not first.path
    if kind in _BUSY and not is_misread:
        return SourceUnavailable(said, where=reply.url)
    return PayloadError(said, where=reply.url)


def points_of(reply: Reply) -> int:
    """What an answer cost, of 5,000 points an hour; 0 for one of the other API."""
    if b'"rateLimit"' not in reply.body:
        return 0
    try:
        data = msgspec.json.decode(reply.body, type=_Answer).data or {}
        return msgspec.json.decode(data["rateLimit"], type=_Cost).cost
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError):
        return 0


def gone_from(reply: Reply) -> frozenset[int]:
    """Which of the nodes asked for by id are there no longer, by their place."""
    answer = decode(reply.body, _Answer)
    return frozenset(
        error.path[1]
        for error in answer.errors
        if error.type == "NOT_FOUND" and len(error.path) == 2 and isinstance(error.path[1], int)
    )


def nest_of(reply: Reply, name: str) -> Nest:
    """The node with its list, or the list alone, that an answer gives for ``name``.

    Raises:
        PayloadError: it gives none.
    """
    data = decode(reply.body, _Answer).data or {}
    if name not in data:
        raise PayloadError("an answer without what was asked for", where=f"$.data.{name}")
    where = f"$.data.{name}"
    if name == "search":
        return Nest(discussions=decode(bytes(data[name]), Nodes, where=where))
    return decode(bytes(data[name]), Nest, where=where)


def discussion_or_comment(item: Item) -> Post:
    """A discussion, a comment or an answer to one; of a deleted one only its place.

    Raises:
        PayloadError: a null without a word why, a kind that is not known, a time without a zone.
    """
    said = msgspec.json.decode(item.raw, type=_Said | None)
    if said is None:
        raise PayloadError("a post that the server did not give", where="$")
    if said.typename not in KINDS:
        raise PayloadError(f"neither discussion nor comment: {said.typename}", where="$.__typename")
    deleted = in_utc(said.deleted_at, "$.deletedAt")
    words = {} if deleted else what_is_said(said.body) | _author(said.author)
    answers = said.comments or said.replies
    return Post(
        platform="github",
        post_id=said.url,
        native_id=said.id,
        aliases=(said.id,),
        observed_at=item.observed_at,
        created_at=in_utc(said.created_at, "$.createdAt"),
        edited_at=in_utc(said.last_edited_at, "$.lastEditedAt"),
        deleted_at=deleted,
        url=said.url,
        title=said.title,
        tags=tuple(label.name for label in (said.labels or _Labels()).nodes if label is not None),
        likes_count=said.upvote_count,
        replies_count=None if answers is None else answers.total_count,
        payload="null" if deleted else item.raw.decode("utf-8", "replace"),
        **words,
        **_place(said),
    )


def _place(said: _Said) -> dict[str, Any]:
    """Where it stands, and whether everybody may read it."""
    repository = said.repository or (said.discussion.repository if said.discussion else None)
    is_hidden = repository is not None and repository.is_private is True
    seen: dict[str, Any] = {"visibility": "private"} if is_hidden else {}
    if said.typename == "Discussion":
        return {"kind": "post", "root_id": said.id, **seen}
    if said.discussion is None:
        raise PayloadError("a comment that stands under nothing", where="$.discussion")
    root = said.discussion.id
    if said.reply_to is None:
        return {"kind": "comment", "parent_id": root, "root_id": root, **seen}
    return {"kind": "reply", "parent_id": said.reply_to.id, "root_id": root, **seen}


def _author(actor: _Actor | None) -> dict[str, Any]:
    """Nobody when the account was deleted; a bot has the name that the other API gives it."""
    if actor is None:
        return {}
    is_bot = actor.typename == "Bot"
    login = f"{actor.login}[bot]" if is_bot and "[" not in actor.login else actor.login
    return {
        "author_id": login,
        "author_handle": login,
        "author_url": actor.url,
        "author_is_bot": None if actor.typename is None else is_bot,
    }


def _node(raw: bytes, where: str, reply: Reply, gone: set[str]) -> Iterator[Item]:
    """The node without the lists in it, then what stands in them."""
    nest = decode(raw, Nest, where=where)
    lists = [(name, found) for name in _LISTS if (found := getattr(nest, name)) is not None]
    if nest.typename is not None or not lists:
        bare = raw
        for _, found in lists:
            bare = bare.replace(bytes(found.nodes), b"[]", 1) if bytes(found.nodes) else bare
        yield Item(raw=bare, path=where, observed_at=reply.observed_at)
    for name, found in lists:
        if bytes(found.nodes) or found.page_info is not None or nest.typename is None:
            yield from _listed(found, f"{where}.{name}", reply, gone)


def _listed(found: Nodes, where: str, reply: Reply, gone: set[str]) -> Iterator[Item]:
    if not bytes(found.nodes):
        raise PayloadError("a list without its nodes", where=where)
    yield from _each(bytes(found.nodes), f"{where}.nodes", reply, gone)


def _each(raw: bytes, where: str, reply: Reply, gone: set[str]) -> Iterator[Item]:
    """Each of a list; a null that no word explains is kept as what could not be read."""
    for index, node in enumerate(decode(raw, list[msgspec.Raw], where=where)):
        path = f"{where}[{index}]"
        if bytes(node).startswith(b"{"):
            try:
                yield from _node(bytes(node), path, reply, gone)
            except PayloadError:
                yield Item(raw=bytes(node), path=path, observed_at=reply.observed_at)
        elif path not in gone:
            yield Item(raw=bytes(node), path=path, observed_at=reply.observed_at)


def _wait(reply: Reply) -> float:
    asks = reply.headers.get("retry-after", "")
    reset = reply.headers.get("x-ratelimit-reset", "")
    if asks.isdecimal():
        return float(asks)
    if reset.isdecimal() and reply.headers.get("x-ratelimit-remaining") == "0":
        return max(0.0, float(reset) - reply.observed_at.timestamp())
    return WAIT_SECONDS


def _path_of(error: _Error) -> str:
    """Where in the answer the null stands that an error explains."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.path)
    return "$.data" + "".join(steps)
