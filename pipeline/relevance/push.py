"""A query as a platform's own search can be asked it: wider where it must be, never narrower.

What a platform gives is matched again on our side, so a search may find too much. It may not find
too little: a word with wildcards, NOT before a word (platforms also look in links and in what we do
not see), NEAR, languages (platforms tell them otherwise than we do) and fields a platform does not
have are left out of what is asked. Where nothing to search for is left, that is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final, Literal, NamedTuple

import msgspec

from pipeline.folding import fold
from pipeline.relevance.tree import (
    EVERYTHING,
    NOTHING,
    All,
    Any,
    Field,
    FieldName,
    Near,
    Not,
    Query,
    Text,
    all_of,
    any_of,
    is_anchored,
    settled,
    written,
)

MOST_CLAUSES: Final = 32
"""Combinations of one AND that are asked for one by one; of more, some words are left out."""


class Syntax(msgspec.Struct, frozen=True, kw_only=True):
    """What the search of a platform can express.

    ``either`` is where it knows OR: ``anywhere`` (with brackets), between single words and
    phrases (``flat``), or ``nowhere``: then each combination is a search of its own. ``words`` is
    how many things may be joined by AND, ``longest`` and ``shortest`` the characters of a search
    and of a word in it. ``fields`` says how it writes what is no text;
    ``denies`` those before which it knows ``-``.
    """

    either: Literal["anywhere", "flat", "nowhere"] = "nowhere"
    longest: int = 400
    shortest: int = 1
    words: int = 8
    word: str = "{}"
    phrase: str = '"{}"'
    fields: Mapping[FieldName, str] = msgspec.field(default_factory=dict)
    denies: tuple[FieldName, ...] = ()
    or_: str = " OR "


WORDS: Final = Syntax(words=1, phrase="{}")
"""A platform that is asked for one word or phrase at a time."""
TAGS: Final = Syntax(words=1, fields={"tag": "#{}"})


class Searches(NamedTuple):
    """What to ask for: each by itself or joined by OR; and what cannot be searched for there."""

    texts: tuple[str, ...]
    lost: tuple[str, ...]


def searches(query: Query | None, syntax: Syntax, platform: str) -> Searches:
    """What finds at least all that a query matches on a platform.

    Args:
        query: as parsed.
        syntax: what the platform can express.
        platform: as in the field ``platform:``.
    """
    if query is None:
        return Searches((), ())
    texts: dict[str, None] = {}
    lost: dict[str, None] = {}
    for each in _alternatives(_here(settled(query), platform)):
        wider = _wider(each, syntax)
        asked = tuple(_asked(wider, syntax)) if is_anchored(wider) else ()
        texts |= dict.fromkeys(asked)
        if not asked and each != NOTHING:
            lost[written(each)] = None
    return Searches(tuple(texts), tuple(lost))


def words(query: Query | None, platform: str) -> tuple[str, ...]:
    """Single words and phrases of which each match holds one."""
    return searches(query, WORDS, platform).texts


def tags(query: Query | None, platform: str) -> tuple[str, ...]:
    """Hashtags that a query names, without sign."""
    found = searches(query, TAGS, platform).texts
    return tuple(each.removeprefix("#") for each in found if each.startswith("#"))


def unquoted(said: str) -> str:
    """Words with one space between them and no quotes, so that they can be put between quotes."""
    return " ".join(said.replace('"', " ").split())


def together(texts: Sequence[str], syntax: Syntax) -> Iterator[str]:
    """As few searches as the length allows, each one of several texts."""
    some = ""
    for text in texts:
        more = f"{some}{syntax.or_}{text}" if some else text
        if some and len(more) > syntax.longest:
            yield some
            more = text
        some = more
    if some:
        yield some


def _here(query: Query, platform: str) -> Query:
    """A settled query on one platform, where ``platform:`` is answered."""
    match query:
        case Field(name="platform", value=value):
            return EVERYTHING if fold(value) == fold(platform) else NOTHING
        case Not(of=Field(name="platform", value=value)):
            return NOTHING if fold(value) == fold(platform) else EVERYTHING
        case All(of=parts):
            some = [_here(each, platform) for each in parts]
            return NOTHING if NOTHING in some else all_of(some)
        case Any(of=parts):
            some = [_here(each, platform) for each in parts]
            return EVERYTHING if EVERYTHING in some else any_of(some)
    return query


def _alternatives(query: Query) -> Iterator[Query]:
    """What may match each by itself, so that one that cannot be asked spoils no other.

    An OR that alone names the organisation is one by one joined with the rest.
    """
    match query:
        case Any(of=parts):
            for each in parts:
                yield from _alternatives(each)
        case All(of=parts):
            anchors = [each for each in parts if is_anchored(each)]
            if len(anchors) == 1 and isinstance(anchors[0], Any):
                rest = [each for each in parts if each is not anchors[0]]
                for each in anchors[0].of:
                    yield from _alternatives(all_of([each, *rest]))
            else:
                yield query
        case _:
            yield query


def _wider(query: Query, syntax: Syntax) -> Query:
    """The query without what cannot be asked; of a part that is not known, anything will do."""
    match query:
        case Text(is_pattern=True):
            return EVERYTHING
        case Text(words=said):
            return query if len(said) >= syntax.shortest or not said.isascii() else EVERYTHING
        case Field(name=name, value=value):
            is_known = name in syntax.fields and not {"*", "?"} & set(value)
            return query if is_known else EVERYTHING
        case Near(left=left, right=right):
            return all_of([_wider(any_of(left), syntax), _wider(any_of(right), syntax)])
        case Not(of=Field(name=name) as field):
            return query if name in syntax.denies and _wider(field, syntax) == field else EVERYTHING
        case Not():
            return EVERYTHING
        case All(of=parts):
            return all_of([_wider(each, syntax) for each in parts])
        case Any(of=parts):
            some = [_wider(each, syntax) for each in parts]
            return EVERYTHING if EVERYTHING in some else any_of(some)
    raise AssertionError(query)


def _asked(query: Query, syntax: Syntax) -> Iterator[str]:
    """The searches of one alternative, each short enough."""
    if syntax.either == "anywhere":
        yield from _fitting(query, syntax)
    else:
        for clause in _clauses(query, syntax):
            yield _joined(clause, syntax)


def _fitting(query: Query, syntax: Syntax) -> Iterator[str]:
    """The query in one text, or in several when it is too long: of an AND the first is kept."""
    text = _rendered(query, syntax)
    if len(text) <= syntax.longest:
        yield text
        return
    match query:
        case Any(of=parts):
            for each in parts:
                yield from _fitting(each, syntax)
        case All(of=parts):
            kept = _first_anchor(parts)
            rest = [each for each in parts if each is not kept]
            options = kept.of if isinstance(kept, Any) else ()
            for each in options:
                yield from _fitting(all_of([each, *rest]), syntax)
            if not options and rest:
                yield from _fitting(all_of([kept, *rest[:-1]]), syntax)


def _rendered(query: Query, syntax: Syntax, *, is_inner: bool = True) -> str:
    match query:
        case All(of=parts):
            told = " ".join(_rendered(each, syntax) for each in parts)
            return f"({told})" if is_inner else told
        case Any(of=parts):
            return f"({syntax.or_.join(_rendered(each, syntax) for each in parts)})"
    return _leaf(query, syntax)


def _leaf(query: Query, syntax: Syntax) -> str:
    match query:
        case Not(of=inner):
            return f"-{_leaf(inner, syntax)}"
        case Field(name=name, value=value):
            return syntax.fields[name].format(value.replace('"', ""))
        case Text(words=said):
            plain = unquoted(said)
            form = syntax.word if plain.isalnum() else syntax.phrase
            return form.format(plain)
    raise AssertionError(query)


Clause = tuple[Query, ...]


def _clauses(query: Query, syntax: Syntax) -> list[Clause]:
    """Combinations of single things, one of which each match holds; each short enough."""
    found = dict.fromkeys(_short(clause, syntax) for clause in _combined(query))
    some = [clause for clause in found if len(_joined(clause, syntax)) <= syntax.longest]
    return [
        clause
        for clause in some
        if not any(other != clause and set(other) < set(clause) for other in some)
    ]


def _combined(query: Query) -> list[Clause]:
    match query:
        case Any(of=parts):
            return [clause for each in parts for clause in _combined(each)]
        case All(of=parts):
            kept = _first_anchor(parts)
            combined = _combined(kept)
            for each in parts:
                more = _combined(each) if each is not kept else []
                if more and len(combined) * len(more) <= MOST_CLAUSES:
                    pairs = product(combined, more)
                    combined = [tuple(dict.fromkeys((*one, *other))) for one, other in pairs]
            return combined
    return [(query,)]


def _short(clause: Clause, syntax: Syntax) -> Clause:
    """A clause of as many things as may be joined, the first that names something among them."""
    kept = _first_anchor(clause)
    rest = [each for each in clause if each is not kept][: syntax.words - 1]
    while rest and len(_joined((kept, *rest), syntax)) > syntax.longest:
        rest.pop()
    return (kept, *rest)


def _joined(clause: Clause, syntax: Syntax) -> str:
    return " ".join(_leaf(each, syntax) for each in clause)


def _first_anchor(parts: Sequence[Query]) -> Query:
    return next(each for each in parts if is_anchored(each))
