"""Where the names of dots stand in a drawing, so that they cover no other dot and no other name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

Point = tuple[float, float]
LETTER: Final = 7.2
"""How wide a bold letter of 12 pixels is at most on average, in pixels."""

TALL: Final = 15.0
GAPS: Final = (4.0, 10.0, 18.0, 28.0, 40.0)
"""How far from the edge of its dot a name may stand, in pixels."""

WAYS: Final = ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
COVERED: Final = 100.0
"""What a covered dot or name weighs, beside one for each pixel away from its own dot."""


class Dot(msgspec.Struct, frozen=True):
    """A dot of a drawing: its middle and radius in pixels, and its name, empty for most."""

    x: float
    y: float
    radius: float
    name: str = ""


class _Box(msgspec.Struct, frozen=True):
    """The room a name takes, by its middle."""

    x: float
    y: float
    width: float

    def covers(self, dot: Dot) -> bool:
        aside = max(abs(self.x - dot.x) - self.width / 2, 0.0)
        above = max(abs(self.y - dot.y) - TALL / 2, 0.0)
        return math.hypot(aside, above) < dot.radius

    def meets(self, other: _Box) -> bool:
        is_aside = abs(self.x - other.x) >= (self.width + other.width) / 2
        return not is_aside and abs(self.y - other.y) < TALL


def name_places(dots: Sequence[Dot], width: float, height: float) -> list[Point | None]:
    """The middle of the name of each dot, inside the drawing; None for a dot without a name.

    Names are placed in their order: at the nearest place beside their dot that covers least, and
    of equally near ones above it, then below, then aside.
    """
    taken: list[_Box] = []
    found: list[Point | None] = []
    for dot in dots:
        if not dot.name:
            found.append(None)
            continue
        boxes = (_inside(box, width, height) for box in _boxes(dot))
        best = min(boxes, key=lambda box: _weight(box, dot, dots, taken))
        taken.append(best)
        found.append((best.x, best.y))
    return found


def _boxes(dot: Dot) -> Iterator[_Box]:
    width = LETTER * len(dot.name)
    for gap in GAPS:
        for across, down in WAYS:
            far = dot.radius + gap
            if across and down:
                far *= math.sqrt(0.5)
            yield _Box(dot.x + across * (far + width / 2), dot.y + down * (far + TALL / 2), width)


def _inside(box: _Box, width: float, height: float) -> _Box:
    half = min(box.width, width) / 2
    return _Box(
        min(max(box.x, half), width - half),
        min(max(box.y, TALL / 2), height - TALL / 2),
        box.width,
    )


def _weight(box: _Box, own: Dot, dots: Sequence[Dot], taken: Sequence[_Box]) -> float:
    covered = sum(box.covers(dot) for dot in dots) + sum(box.meets(other) for other in taken)
    aside = max(abs(box.x - own.x) - box.width / 2, 0.0)
    above = max(abs(box.y - own.y) - TALL / 2, 0.0)
    return COVERED * covered + round(math.hypot(aside, above) - own.radius)
