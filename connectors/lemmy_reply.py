"""Replies of Lemmy: the views in a list, a search, a person or an inbox, and refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import msgspec

from connectors.paging import decode, items, unless_refused
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
)
from pipeline.source import Item, Reply

_LISTS: Final = (
    *("posts", "comments", "replies", "mentions", "items"),
    *("results", "search", "notifications"),
)
_VIEWS: Final = ("post_view", "comment_view")
_ALONE: Final = ("post", "comment")
_NO_POSTS: Final = frozenset(
    [
        *("site_view", "communities", "users", "persons", "person_view", "community_view"),
        *("private_messages", "jwt", "success", "removed_posts", "modlog"),
    ]
)


class _Refusal(msgspec.Struct):
    error: str


class _Nest(msgspec.Struct):
    replies: msgspec.Raw = msgspec.Raw(b"")


class _Local(msgspec.Struct):
    post_id: int


class _Comment(msgspec.Struct):
    comment: _Local


class _CommentAnswer(msgspec.Struct):
    comment_view: _Comment


def refusal(reply: Reply) -> LuisterError | None:
    """The platform's own words for what is wrong, whatever the status."""
    if not reply.body.lstrip().startswith(b'{"error"'):
        return None
    try:
        word = msgspec.json.decode(reply.body, type=_Refusal).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if word in {"rate_limit_error", "too_many_requests"}:
        return RateLimited(f"asks us to wait ({word})", where=reply.url)
    if word.startswith("couldnt_find") or word == "not_found":
        return SourceGone(f"is not there ({word})", where=reply.url)
    if word in {"not_logged_in", "incorrect_login", "instance_is_private", "not_authenticated"}:
        return SourceRefused(f"the server refuses ({word})", where=reply.url)
    return PayloadError(f"the server does not take the request ({word})", where=reply.url)


def cut(reply: Reply) -> Iterator[Item]:
    """The posts and comments of a list, a search, a person or an inbox, or the one asked for.

    Raises:
        PayloadError: none of these.
    """
    unless_refused(refusal(reply))
    answer = decode(reply.body, dict[str, msgspec.Raw])
    context = {"host": urlsplit(reply.url).netloc}
    if {"creator", "community"} < answer.keys() and not answer.keys().isdisjoint(_ALONE):
        yield Item(raw=reply.body, path="$", observed_at=reply.observed_at, context=context)
        return
    for name in (*_VIEWS, *_ALONE):
        if name in answer:
            yield Item(
                raw=bytes(answer[name]),
                path=f"$.{name}",
                observed_at=reply.observed_at,
                context=context,
            )
    for name in _LISTS:
        if name in answer and not bytes(answer[name]).isdigit():
            elements = decode(bytes(answer[name]), list[msgspec.Raw], where=f"$.{name}")
            for item in items(elements, reply, f"$.{name}", context):
                yield from _with_answers(item)
    is_cut = "cross_posts" in answer and "post_view" not in answer
    if is_cut or not {*_VIEWS, *_ALONE, *_LISTS, *_NO_POSTS} & answer.keys():
        raise PayloadError("neither posts nor comments", where="$")


def _with_answers(first: Item) -> Iterator[Item]:
    """A view and the answers inside it, as PieFed nests them, each before its own answers."""
    waiting = [first]
    while waiting:
        item = waiting.pop()
        yield item
        inner = _inner(item.raw) if b'"replies"' in item.raw else b""
        if inner.startswith(b"["):
            path = f"{item.path}.replies"
            for index, raw in reversed(list(enumerate(decode(inner, list[msgspec.Raw])))):
                place = f"{path}[{index}]"
                waiting.append(msgspec.structs.replace(item, raw=bytes(raw), path=place))


def _inner(view: bytes) -> bytes:
    try:
        return bytes(msgspec.json.decode(view, type=_Nest).replies)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return b""


def post_above(reply: Reply) -> str:
    """The number of the post that the comment in a reply stands under."""
    return str(decode(reply.body, _CommentAnswer).comment_view.comment.post_id)
