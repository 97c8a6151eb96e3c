"""Asked: what a verb of a source is asked for, to know later which names it was never asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pipeline.source import Source

SEARCHING: Final = ("mentions",)
"""The verbs that search for words and tags; the others ask for accounts and addresses."""


def names_of(source: Source, verb: str) -> dict[str, str]:
    """What ``verb`` of a source is asked for, each with its digest, by which it is noted.

    Words and tags, accounts, addresses, the platform and its server, and what stands in lists among
    its options. Words that leave posts out again make nothing new to ask for, so the query itself
    is not told.
    """
    return {name: _digest(kind, name) for kind, name in _named(source, verb)}


def new_names(source: Source, noted: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    """What each verb was never asked for, of the verbs to which something was added.

    Args:
        source: as it is configured now.
        noted: the digests by verb of what each was asked for in its last complete run; where that
            was never noted, nothing is told to be new.
    """
    found = {
        verb: sorted(name for name, digest in names_of(source, verb).items() if digest not in known)
        for verb, known in noted.items()
    }
    return {verb: names for verb, names in found.items() if names}


def _named(source: Source, verb: str) -> Iterator[tuple[str, str]]:
    yield "platform", source.platform
    yield from _each("account", (name.removeprefix("@") for name in source.accounts))
    yield from _each("address", source.urls)
    yield from _each("server", filter(None, [source.server]))
    if verb in SEARCHING:
        yield from _each("word", source.terms)
        yield from _each("tag", (tag.removeprefix("#") for tag in source.tags))
    for option, value in source.options.items():
        if isinstance(value, list | tuple):
            yield from _each(option, map(str, value))


def _each(kind: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((kind, name) for name in names)


def _digest(kind: str, name: str) -> str:
    """Of a name whatever its capitals: the ledger need not hold the names of people's accounts."""
    return hashlib.sha256(f"{kind} {name.casefold()}".encode()).hexdigest()[:24]
