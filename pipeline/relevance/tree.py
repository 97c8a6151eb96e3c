"""A query as a tree: what it is made of, and what must be in a post that it matches.

Trees are plain data: they travel with a source to its connector, and to other processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import msgspec

FieldName = Literal["handle", "tag", "url", "lang", "platform", "author"]
FIELDS: Final[tuple[FieldName, ...]] = ("handle", "tag", "url", "lang", "platform", "author")
_OPEN: Final = ("lang", "platform")
"""Fields that say nothing of an organisation: no platform can be asked for all they match."""


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A word or a phrase; with ``is_pattern`` a word in which ``*`` and ``?`` stand for letters."""

    words: str
    is_pattern: bool = False


class Field(msgspec.Struct, frozen=True, tag="field"):
    """What a post says beside its text, as ``tag:ns``."""

    name: FieldName
    value: str


class Near(msgspec.Struct, frozen=True, tag="near"):
    """One of the ``left`` at most ``words`` words from one of the ``right``, in either order."""

    left: tuple[Text, ...]
    right: tuple[Text, ...]
    words: int


class Not(msgspec.Struct, frozen=True, tag="not"):
    """What must not hold."""

    of: Query


class All(msgspec.Struct, frozen=True, tag="all"):
    """What must all hold."""

    of: tuple[Query, ...]


class Any(msgspec.Struct, frozen=True, tag="any"):
    """Of which one must hold."""

    of: tuple[Query, ...]


Query: TypeAlias = Text | Field | Near | Not | All | Any
NOTHING: Final = Any(())
EVERYTHING: Final = All(())


def any_of(queries: Iterator[Query] | tuple[Query, ...] | list[Query]) -> Query:
    """One of these, each once; the query itself when there is one."""
    flat: dict[Query, None] = {}
    for each in queries:
        flat |= dict.fromkeys(each.of if isinstance(each, Any) else (each,))
    return next(iter(flat)) if len(flat) == 1 else Any(tuple(flat))


def all_of(queries: Iterator[Query] | tuple[Query, ...] | list[Query]) -> Query:
    """All of these, each once; the query itself when there is one."""
    flat: dict[Query, None] = {}
    for each in queries:
        flat |= dict.fromkeys(each.of if isinstance(each, All) else (each,))
    return next(iter(flat)) if len(flat) == 1 else All(tuple(flat))


def settled(query: Query) -> Query:
    """The same query with NOT before single things only."""
    match query:
        case Not(of=inner):
            return _denied(inner)
        case All(of=parts):
            return all_of([settled(each) for each in parts])
        case Any(of=parts):
            return any_of([settled(each) for each in parts])
    return query


def _denied(query: Query) -> Query:
    match query:
        case Not(of=inner):
            return settled(inner)
        case All(of=parts):
            return any_of([_denied(each) for each in parts])
        case Any(of=parts):
            return all_of([_denied(each) for each in parts])
    return Not(query)


def is_anchored(query: Query) -> bool:
    """Whether what matches must hold some word, tag, handle, link or author; ``query`` settled."""
    match query:
        case Text() | Near():
            return True
        case Field(name=name):
            return name not in _OPEN
        case All(of=parts):
            return any(is_anchored(each) for each in parts)
        case Any(of=parts):
            return all(is_anchored(each) for each in parts)
    return False


def leaves(query: Query) -> Iterator[Text | Field]:
    """Every word, phrase and field in a query, denied ones too, from left to right."""
    match query:
        case Text() | Field():
            yield query
        case Near(left=left, right=right):
            yield from (*left, *right)
        case Not(of=inner):
            yield from leaves(inner)
        case All(of=parts) | Any(of=parts):
            for each in parts:
                yield from leaves(each)


def written(query: Query) -> str:
    """A query as it may be typed again."""
    match query:
        case Text(words=words, is_pattern=True):
            return words
        case Text(words=words):
            return f'"{words}"'
        case Field(name=name, value=value):
            return f'{name}:"{value}"' if " " in value else f"{name}:{value}"
        case Near(left=left, right=right, words=words):
            return f"{_group(left)} NEAR/{words} {_group(right)}"
        case Not(of=inner):
            return f"NOT {_within(inner)}"
        case All(of=parts):
            return " AND ".join(map(_within, parts))
        case Any(of=parts):
            return " OR ".join(map(_within, parts))
    raise AssertionError(query)


def _group(texts: tuple[Text, ...]) -> str:
    told = " OR ".join(map(written, texts))
    return f"({told})" if len(texts) > 1 else told


def _within(query: Query) -> str:
    return f"({written(query)})" if isinstance(query, All | Any | Near) else written(query)
