"""The graph of who turns to whom, one an ISO week (measures.md, section 3.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipeline.world.shape import Person, Said
from pipeline.world.truth.scope import Scope

Edge = tuple[int, int]
Measures = dict[str, tuple[float | None, float | None]]
TELLING: Final = frozenset({"bluesky", "feed"})
"""Platforms whose replies tell whom they answer, also where what they answer may not be kept."""


def edges(scope: Scope, said: Iterable[Said]) -> set[Edge]:
    """u→v when u replied to, quoted, reposted or tagged v; no loops."""
    return {
        (each.author.number, other.number)
        for each in said
        for other in _turned_to(scope, each)
        if other is not each.author
    }


def _turned_to(scope: Scope, said: Said) -> Iterator[Person]:
    is_told = said.platform in TELLING or scope.seen.parent(said) is not None
    if said.parent is not None and is_told:
        yield said.parent.author
    if said.target is not None:
        yield said.target.author
    yield from said.mentions


def network_measures(scope: Scope, said: Sequence[Said], before: Sequence[Said]) -> Measures:
    """Measures of one week's graph; ``before`` are the posts of the week before it."""
    links = edges(scope, said)
    nodes = nodes_of(said, links)
    count = len(nodes)
    mutual = sum((v, u) in links for u, v in links)
    pairs = len({frozenset(each) for each in links})
    everybody = {person for each in said for person in (each.author, *_turned_to(scope, each))}
    customers = {person.number for person in everybody if person.organisation is None}
    ties = sum(u in customers and v in customers for u, v in links)
    earlier = nodes_of(before, edges(scope, before))
    lonely = nodes - {each for link in links for each in link}
    return {
        "edge_reciprocity": (mutual, len(links)),
        "dyad_reciprocity": (mutual / 2, pairs),
        "density": (len(links), count * (count - 1)),
        "in_centralization": centralization(Counter(v for _, v in links), count),
        "out_centralization": centralization(Counter(u for u, _ in links), count),
        "isolate_share": (len(lonely), count),
        "customer_to_customer_share": (ties, len(links)),
        "returning_node_share": (len(earlier & nodes), len(earlier)),
    }


def nodes_of(said: Iterable[Said], links: Iterable[Edge]) -> set[int]:
    """Who spoke or was turned to."""
    return {each.author.number for each in said} | {each for link in links for each in link}


def centralization(degrees: Counter[int], count: int) -> tuple[float | None, float | None]:
    """(sum of what the others lack of the highest degree, the most that can be)."""
    highest = max(degrees.values(), default=0)
    lacking = count * highest - sum(degrees.values())
    return lacking, max(count - 1, 0) ** 2
