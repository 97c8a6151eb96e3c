"""Where the nodes of a graph stand in a drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

Place = tuple[float, float]
Room = tuple[float, float, float, float]
SEED: Final = 11
TALLEST_ROW: Final = 0.12
LARGE: Final = 5
INSIDE: Final = 0.85


def places(ties: Sequence[tuple[int, int]]) -> dict[int, Place]:
    """Where each node stands, in a square of one by one: the same for the same ties.

    The largest connected parts share the upper side of the square, the others stand in a row below
    them. Within a part nodes that are tied pull each other and all push each other off
    (Fruchterman & Reingold 1991); the outskirts are drawn in, so that the middle has room.
    """
    import networkx as nx

    graph = nx.Graph(sorted(ties))
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    large = [part for part in parts if len(part) * 4 >= len(parts[0]) and len(part) >= LARGE]
    large = large or parts[:1]
    small = parts[len(large) :]
    row = _rooms([len(part) for part in small])
    floor = max((side for _, side in row), default=0.0)
    placed: dict[int, Place] = {}
    for part, (left, width) in zip(large, _columns([len(part) for part in large]), strict=True):
        placed |= _part(graph, sorted(part), (left, floor, width, 1.0 - floor))
    for part, (left, side) in zip(small, row, strict=True):
        placed |= _part(graph, sorted(part), (left, 0.0, side * INSIDE, side * INSIDE))
    return placed


def _columns(sizes: Sequence[int]) -> list[tuple[float, float]]:
    """Left side and width of a column for each of the large parts, with room between them."""
    sides = [math.sqrt(size) for size in sizes]
    columns, left = [], 0.0
    for side in sides:
        share = side / sum(sides)
        columns.append((left, share if len(sides) == 1 else share * INSIDE))
        left += share
    return columns


def _rooms(sizes: Sequence[int]) -> list[tuple[float, float]]:
    """Left side and width of a square for each of the small parts, in one row."""
    if not sizes:
        return []
    sides = [math.sqrt(size) for size in sizes]
    scale = min(TALLEST_ROW / sides[0], 1.0 / sum(sides))
    rooms, x = [], 0.0
    for side in sides:
        rooms.append((x, side * scale))
        x += side * scale
    return rooms


def _part(
    graph: Any, part: Sequence[int], room: tuple[float, float, float, float]
) -> dict[int, Place]:
    import networkx as nx

    left, bottom, width, height = room
    sub = graph.subgraph(part)
    if len(part) <= 2:
        middle = bottom + height / 2
        spread = (0.25, 0.75)[: len(part)]
        return {node: (left + width * at, middle) for node, at in zip(part, spread, strict=True)}
    ordered = nx.Graph()
    ordered.add_nodes_from(part)
    ordered.add_edges_from(sorted(tuple(sorted(edge)) for edge in sub.edges))
    raw = nx.spring_layout(ordered, seed=SEED, iterations=120, k=1.8 / math.sqrt(len(part)))
    drawn = {node: _drawn_in(float(x), float(y)) for node, (x, y) in raw.items()}
    xs, ys = zip(*drawn.values(), strict=True)
    return {
        node: (
            left + width * _between(x, min(xs), max(xs)),
            bottom + height * _between(y, min(ys), max(ys)),
        )
        for node, (x, y) in drawn.items()
    }


def _drawn_in(x: float, y: float) -> Place:
    far = math.hypot(x, y)
    return (0.0, 0.0) if not far else (x / far * far**0.7, y / far * far**0.7)


def _between(value: float, least: float, most: float) -> float:
    return 0.5 if most == least else (value - least) / (most - least)
