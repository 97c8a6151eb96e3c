"""Cut the answers of Hacker News' two APIs: hits of a search, a tree of a story, one item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

import msgspec

from connectors.paging import decode, items
from pipeline.errors import PayloadError, SourceGone
from pipeline.source import Item, Reply

T = TypeVar("T")
_NO_POSTS: Final = frozenset({"karma", "profiles"})
"""Marks of people, and of what changed lately."""


class Page(msgspec.Struct):
    """A page of a search."""

    hits: list[msgspec.Raw]
    pages: int = msgspec.field(name="nbPages", default=0)
    message: str | None = None


class _Parent(msgspec.Struct):
    children: list[msgspec.Raw]


class _Numbered(msgspec.Struct):
    id: int | None = None


def cut(reply: Reply) -> Iterator[Item]:
    """Hits of a search, a whole tree with its comments, or one item; people and ids hold none.

    Raises:
        PayloadError: not an answer of either API, or one beyond the search's cap.
        SourceGone: an item that does not exist.
    """
    if not reply.body.lstrip().startswith(b"{"):
        decode(reply.body, list[int] | int | None)  # type: ignore[arg-type]
        return
    told = decode(reply.body, dict[str, msgspec.Raw])
    if _NO_POSTS & told.keys():
        return
    if "hits" in told:
        page = decode(reply.body, Page)
        if page.message and not page.hits:
            raise PayloadError(f"beyond the search's cap: {page.message}", where="$.message")
        yield from items(page.hits, reply, "$.hits", {"shape": "hit"})
    elif "children" in told:
        yield from _nodes(reply)
    elif "id" in told:
        yield Item(
            raw=reply.body, path="$", observed_at=reply.observed_at, context={"shape": "thing"}
        )
    elif "error" in told or "message" in told:
        _refuse(told, reply)
    else:
        raise PayloadError("neither hits, a tree nor an item", where="$")


def _refuse(told: Mapping[str, msgspec.Raw], reply: Reply) -> None:
    words = bytes(told.get("error") or told["message"]).decode("utf-8", "replace").strip('"')
    if "not found" in words.lower():
        raise SourceGone(f"there is no such item: {words}", where=reply.url)
    raise PayloadError(f"the search refuses: {words}", where="$")


def _nodes(reply: Reply) -> Iterator[Item]:
    """The nodes of a tree, parents first; a node that is none is left to be rejected."""
    waiting: list[tuple[bytes, str]] = [(reply.body, "$")]
    found: list[tuple[bytes, str]] = []
    while waiting:
        raw, path = waiting.pop()
        children = _children(raw)
        found.append((_without_children(raw, children), path))
        below = [(child, f"{path}.children[{at}]") for at, child in enumerate(children)]
        waiting.extend(reversed(below))
    context = {"shape": "node", "below": str(len(found) - 1)}
    for raw, path in found:
        yield Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)


def _children(raw: bytes) -> list[bytes]:
    parent = _decoded(raw, _Parent)
    return [] if parent is None else [bytes(child) for child in parent.children]


def _decoded(raw: bytes, shape: type[T]) -> T | None:
    """None for what has another shape: ``to_post`` rejects it, saying why."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _without_children(raw: bytes, children: list[bytes]) -> bytes:
    """A node as it was sent, but for its children, of whom the ids stay."""
    if not children:
        return raw
    numbered = (_decoded(child, _Numbered) for child in children)
    ids = [each.id for each in numbered if each is not None and each.id is not None]
    told = _decoded(raw, dict[str, msgspec.Raw])
    if told is None:
        return raw
    return msgspec.json.encode(told | {"children": msgspec.Raw(msgspec.json.encode(ids))})
