"""Cut what the API of Threads says into items: lists, single posts, webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from connectors.graph import refusal
from connectors.graph_batch import by_name
from connectors.paging import decode, items, unless_refused
from pipeline.source import Item, Reply

_FIELDS: Final = frozenset({"replies", "mentions", "publish", "delete"})


class _Change(msgspec.Struct):
    field: str
    value: msgspec.Raw


class Flags(msgspec.Struct):
    """Whether somebody answered; not told without ``threads_read_replies``."""

    has_replies: bool | None = None


class Account(msgspec.Struct):
    """Whose token it is."""

    id: str | int
    username: str


def cut(reply: Reply) -> Iterator[Item]:
    """Items of any reply; which of them are posts, their own fields tell.

    Raises:
        LuisterError: the reply is a refusal, or neither a thing nor a list of things.
    """
    unless_refused(refusal(reply))
    answer = decode(reply.body, dict[str, msgspec.Raw])
    if "values" in answer:
        yield from _changes(bytes(answer["values"]), reply)
    elif "data" in answer:
        elements = decode(bytes(answer["data"]), list[msgspec.Raw], where="$.data")
        yield from items(elements, reply, "$.data")
    elif "id" in answer:
        yield Item(raw=reply.body.strip(), path="$", observed_at=reply.observed_at)
    else:
        for one, path in by_name(answer):
            yield from _one(one, path, reply)


def _changes(values: bytes, reply: Reply) -> Iterator[Item]:
    """What a webhook tells of: one change, or a list of them."""
    is_list = values[:1] == b"["
    changes = decode(values, list[_Change] if is_list else _Change, where="$.values")
    for change in changes if isinstance(changes, list) else [changes]:
        if change.field in _FIELDS:
            yield from _one(bytes(change.value), "$.values.value", reply)


def _one(raw: bytes, path: str, reply: Reply) -> Iterator[Item]:
    yield Item(raw=raw, path=path, observed_at=reply.observed_at)
