"""Asked: what a verb of a source is asked for, to know later which names it was never asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from pipeline.source import Source

SEARCHING: Final = ("mentions",)
"""The verbs that search for words and tags; the others ask for accounts and addresses."""


def names_of(source: Source, verb: str, lists: Collection[str]) -> dict[str, str]:
    """What ``verb`` of a source is asked for, by the digest under which it is noted.

    Words that leave posts out again make nothing new to ask for, so the query itself is not told.

    Args:
        source: as it is configured.
        verb: one of those that listen.
        lists: the options of its platform that list what to ask for.
    """
    return {_digest(kind, name): name for kind, name in _named(source, verb, lists)}


def new_names(
    source: Source, lists: Collection[str], noted: Mapping[str, Collection[str]]
) -> dict[str, list[str]]:
    """What each verb was never asked for, of the verbs to which something was added.

    Args:
        source: as it is configured now.
        lists: the options of its platform that list what to ask for.
        noted: the digests by verb of what each was asked for before; where that was never noted,
            nothing is told to be new.
    """
    found = {
        verb: sorted(
            name for digest, name in names_of(source, verb, lists).items() if digest not in known
        )
        for verb, known in noted.items()
    }
    return {verb: names for verb, names in found.items() if names}


def _named(source: Source, verb: str, lists: Collection[str]) -> Iterator[tuple[str, str]]:
    yield "platform", source.platform
    if source.server:
        yield "server", source.server
    yield from (("account", name.removeprefix("@")) for name in source.accounts)
    yield from (("address", address) for address in source.urls)
    if verb in SEARCHING:
        yield from (("word", term) for term in source.terms)
        yield from (("tag", tag.removeprefix("#")) for tag in source.tags)
    yield from ((option, str(each)) for option in lists for each in source.options.get(option, ()))


def _digest(kind: str, name: str) -> str:
    """Of a name whatever its capitals: the ledger need not hold the names of people's accounts."""
    return hashlib.sha256(f"{kind} {name.casefold()}".encode()).hexdigest()[:24]
