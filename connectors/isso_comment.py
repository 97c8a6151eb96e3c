"""Cut an answer of Isso into its comments, and understand one of them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import parse_qs, quote, urlsplit

import msgspec

from connectors.markup import clean, comment_text, links_of, resolve
from connectors.paging import decode, items
from pipeline.errors import PayloadError
from pipeline.post import Post, Visibility, utc_from_epoch
from pipeline.source import Item, Reply

ACCEPTED: Final = 1
DELETED: Final = 4
_ENDING: Final = re.compile(r"/(?:latest|id/\d+)?$")
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_NO_POSTS: Final = frozenset({"config", "version"})


class _Comment(msgspec.Struct):
    """``uri`` is told by the list of the latest, counts of answers by that of a thread."""

    id: int
    parent: int | None
    created: float
    modified: float | None
    mode: int
    text: str
    author: str | None
    likes: Count
    website: str | None = None
    uri: str | None = None
    total_replies: Count | None = None


class _Nest(msgspec.Struct):
    id: Any = None
    author: Any = None
    replies: list[msgspec.Raw] | None = None
    total_replies: int | None = None
    hidden_replies: int | None = None


def cut(reply: Reply) -> Iterator[Item]:
    """The comments of a thread or of the latest, or the one asked for; counts hold none.

    Raises:
        PayloadError: none of these.
    """
    if reply.body.lstrip().startswith(b"["):
        elements = decode(reply.body, list[msgspec.Raw])
        told = [each for each in elements if not bytes(each).strip().isdigit()]
        yield from items(told, reply, "$", _place(reply))
        return
    answer = decode(reply.body, dict[str, msgspec.Raw])
    if "replies" in answer:
        yield from _cut_thread(reply, answer)
    elif "text" in answer or "created" in answer:
        context = _place(reply)
        yield Item(raw=reply.body, path="$", observed_at=reply.observed_at, context=context)
    elif not answer.keys() & _NO_POSTS or "total_replies" in answer:
        raise PayloadError("neither a thread nor comments", where="$")


def _cut_thread(reply: Reply, answer: Mapping[str, msgspec.Raw]) -> Iterator[Item]:
    """The comments of a thread, each followed by the answers inside it."""
    where = "$.replies"
    context = _place(reply)
    for at, raw in enumerate(decode(bytes(answer["replies"]), list[msgspec.Raw], where=where)):
        path = f"{where}[{at}]"
        nest = _nest(bytes(raw))
        answers = nest.replies or []
        if nest.replies is None and (nest.total_replies or 0) > (nest.hidden_replies or 0):
            raise PayloadError("a comment without the answers it counts", where=path)
        yield _item(_without_answers(bytes(raw), answers), path, reply, context)
        above = {"above": nest.author} if isinstance(nest.author, str) else {}
        for below, inner in enumerate(answers):
            yield _item(bytes(inner), f"{path}.replies[{below}]", reply, {**context, **above})


def cut_short(reply: Reply) -> list[int]:
    """The comments of a thread that have more answers than were sent."""
    answer = decode(reply.body, _Nest)
    nests = (_nest(bytes(raw)) for raw in answer.replies or [])
    return [each.id for each in nests if (each.hidden_replies or 0) > 0 and type(each.id) is int]


def _place(reply: Reply) -> dict[str, str]:
    """The server, and the thread that was asked for, as the address of the answer tells them."""
    parts = urlsplit(reply.url)
    told = {"server": f"{parts.scheme}://{parts.netloc}{_ENDING.sub('', parts.path)}"}
    uri = parse_qs(parts.query).get("uri", [])
    return {**(told if parts.netloc else {}), **({"uri": uri[0]} if uri else {})}


def thread_name(server: str, uri: str) -> str:
    """The name of a thread: where its comments are asked for."""
    return f"{server}/?uri={quote(uri, safe='/')}"


def uri_of(name: str | None) -> str | None:
    """The thread in a name that ``thread_name`` made."""
    found = parse_qs(urlsplit(name or "").query).get("uri", [])
    return found[0] if found else None


def understand_comment(item: Item) -> Post:
    """A comment; one that was deleted but has answers is kept by Isso without its words."""
    comment = msgspec.json.decode(item.raw, type=_Comment)
    server = item.context.get("server", "")
    uri = comment.uri or item.context.get("uri")
    root = thread_name(server, uri) if uri else None
    is_gone = comment.mode == DELETED
    return Post(
        platform="isso",
        post_id=f"{server}/id/{comment.id}",
        native_id=str(comment.id),
        kind="comment" if comment.parent is None else "reply",
        observed_at=item.observed_at,
        created_at=_time(comment.created),
        edited_at=None if comment.modified is None else _time(comment.modified),
        deleted_at=item.observed_at if is_gone else None,
        parent_id=root if comment.parent is None else f"{server}/id/{comment.parent}",
        parent_author_id=_account(server, item.context.get("above")),
        root_id=root,
        text="" if is_gone else comment_text(comment.text),
        links=() if is_gone else links_of(comment.text),
        likes_count=comment.likes,
        replies_count=comment.total_replies,
        visibility=_visibility(comment.mode),
        payload=item.raw.decode(),
        **({} if is_gone else _author(server, comment)),
    )


def _author(server: str, comment: _Comment) -> dict[str, Any]:
    """The name that was typed; it is all there is, and anybody may type it."""
    name = _plain(comment.author)
    return {
        "author_id": _account(server, comment.author),
        "author_handle": name,
        "author_name": name,
        "author_url": resolve(html.unescape(comment.website)) if comment.website else None,
    }


def _account(server: str, name: str | None) -> str | None:
    shown = _plain(name)
    return f"{server.partition('://')[2]}/name/{shown}" if shown else None


def _plain(name: str | None) -> str | None:
    """Isso keeps names as they stand in HTML."""
    return clean(html.unescape(name)).strip() or None if name else None


def _visibility(mode: int) -> Visibility:
    """What waits to be approved is not for everybody."""
    return "public" if mode in {ACCEPTED, DELETED} else "private"


def _item(raw: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Item:
    return Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)


def _nest(raw: bytes) -> _Nest:
    """What a comment holds; of an odd one nothing, so that it is rejected by itself."""
    try:
        return msgspec.json.decode(raw, type=_Nest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Nest()


def _without_answers(raw: bytes, answers: list[msgspec.Raw]) -> bytes:
    """A comment as it was sent, but without what others said below it."""
    if not answers:
        return raw
    try:
        told = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except UnicodeDecodeError:
        return raw
    return msgspec.json.encode({key: told[key] for key in told if key != "replies"})


def _time(seconds: float) -> datetime:
    """A time in epoch seconds with a fraction.

    Raises:
        PayloadError: no time that can be.
    """
    try:
        return utc_from_epoch(seconds)
    except (ValueError, OverflowError, OSError) as error:
        raise PayloadError(f"no time: {seconds}", where="$.created") from error
