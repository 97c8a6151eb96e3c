"""Asked: what a verb of a source is asked for, to know later which of it was never asked for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import Any, Final

from pipeline.relevance import push
from pipeline.source import Source

SEARCHING: Final = ("mentions",)
"""The verbs that search for words and tags; the others ask for accounts and addresses."""
MOST_PARTS: Final = 8
"""Of a search of more parts that must hold together, no wider one is looked for."""
LEFT_OUT: Final = "what was left out until now"
"""The ledger does not know what that is: only that something does not keep it out any more."""
_NARROWING: Final = "-"
"""Before the digest of what keeps a part of it out: without it, more is asked for."""
_TOGETHER: Final = " AND "
_PARTS: Final = re.compile(r'\((?:[^()]|\([^()]*\))*\)|[^\s"]*"[^"]*"|\S+')
"""Of a search: groups of alternatives, phrases with the field before them, and words."""


def names_of(source: Source, verb: str, connector: Any) -> dict[str, str]:
    """What ``verb`` of a source is asked for and what narrows that, by the digests to note.

    Args:
        source: as it is configured.
        verb: one of those that listen.
        connector: of its platform.
    """
    asked = {_digest(kind, name): name for kind, name in _named(source, verb, connector)}
    kept_out = {
        _NARROWING + _digest(option, value): value
        for option, value in _narrowed(source, verb, connector)
    }
    return asked | kept_out


def new_names(
    source: Source, connector: Any, noted: Mapping[str, Collection[str]]
) -> dict[str, list[str]]:
    """What each verb was never asked for, of the verbs that are asked for more than before.

    Args:
        source: as it is configured now.
        connector: of its platform.
        noted: the digests by verb of what each was asked for before; where that was never noted,
            nothing is told to be new.
    """
    found: dict[str, list[str]] = {}
    for verb, known in noted.items():
        found[verb] = sorted(
            name
            for kind, name in _named(source, verb, connector)
            if not any(_digest(kind, each) in known for each in _wider(name))
        )
        now = names_of(source, verb, connector)
        if any(each.startswith(_NARROWING) and each not in now for each in known):
            found[verb].append(LEFT_OUT)
    return {verb: names for verb, names in found.items() if names}


def _named(source: Source, verb: str, connector: Any) -> Iterator[tuple[str, str]]:
    yield "platform", source.platform
    if source.server:
        yield "server", source.server
    yield from (("account", name.removeprefix("@")) for name in source.accounts)
    yield from (("address", address) for address in source.urls)
    if verb in SEARCHING:
        yield from (("word", each) for each in _searched(source, connector))
        yield from (("tag", tag.removeprefix("#")) for tag in source.tags)
    for option in connector.ACCESS.lists:
        yield from ((option, str(each)) for each in source.options.get(option, ()))


def _searched(source: Source, connector: Any) -> Iterator[str]:
    """Words, phrases, and searches in which several things must hold, as the platform gets them."""
    syntax = getattr(connector, "SYNTAX", None)
    if source.query is None or syntax is None:
        yield from source.terms
        return
    for text in push.searches(source.query, syntax, source.platform).texts:
        parts = [_in_order(part, syntax.or_) for part in _parts(text, syntax.or_)]
        yield _TOGETHER.join(sorted(part.replace('"', "") for part in parts))


def _in_order(part: str, or_: str) -> str:
    """A group of alternatives is the same in whatever order they stand."""
    if not (part.startswith("(") and or_ in part):
        return part
    return f"({or_.join(sorted(part[1:-1].split(or_)))})"


def _parts(text: str, or_: str) -> list[str]:
    """What must hold together in a search; alternatives are one part."""
    parts: list[str] = _PARTS.findall(text)
    if len(parts) == 1 and parts[0].startswith("("):
        inner: list[str] = _PARTS.findall(parts[0][1:-1])
        return parts if or_.strip() in inner else inner
    return parts


def _wider(name: str) -> Iterator[str]:
    """The name, and what finds all that it finds: of what must hold together, a part."""
    parts = name.split(_TOGETHER)
    yield name
    for count in range(1, len(parts) if len(parts) <= MOST_PARTS else 0):
        yield from map(_TOGETHER.join, combinations(parts, count))


def _narrowed(source: Source, verb: str, connector: Any) -> Iterator[tuple[str, str]]:
    for option, otherwise in connector.ACCESS.narrows.get(verb, {}).items():
        given = source.language if option == "language" else source.options.get(option)
        if given or otherwise:
            yield option, str(given or otherwise)


def _digest(kind: str, name: str) -> str:
    """Of a name whatever its capitals: the ledger need not hold the names of people's accounts."""
    return hashlib.sha256(f"{kind} {name.casefold()}".encode()).hexdigest()[:24]
