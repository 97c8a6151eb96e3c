"""Where the names of dots stand: beside their dot, over no other."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline.report.labelling import LETTER, TALL, Dot, Point, name_places

WIDTH, HEIGHT = 700.0, 400.0
CIRCLE = [(math.cos(turn * math.pi / 4), math.sin(turn * math.pi / 4)) for turn in range(8)]
DOTS = some.lists(
    some.builds(
        Dot,
        x=some.floats(0, WIDTH),
        y=some.floats(0, HEIGHT),
        radius=some.floats(2, 13),
        name=some.sampled_from(["", "", "Havenvonk", "Een heel lange naam van een bedrijf"]),
    ),
    max_size=30,
)


def is_covered(dot: Dot, name: str, place: Point) -> bool:
    aside = max(abs(place[0] - dot.x) - LETTER * len(name) / 2, 0)
    above = max(abs(place[1] - dot.y) - TALL / 2, 0)
    return math.hypot(aside, above) < dot.radius


def test_a_name_stands_above_its_dot_where_there_is_room() -> None:
    dots = [Dot(300, 200, 10, "Havenvonk"), Dot(300, 230, 5)]

    place, nothing = name_places(dots, WIDTH, HEIGHT)

    assert place is not None
    assert place[0] == 300
    assert 200 - 10 - 20 < place[1] < 200 - 10
    assert nothing is None


def test_a_name_in_a_small_group_covers_none_of_it() -> None:
    middle = Dot(60, 370, 6, "Havenvonk")
    around = [Dot(60 + 24 * x, 370 + 24 * y, 4) for x, y in CIRCLE]

    place = name_places([middle, *around], WIDTH, HEIGHT)[0]

    assert place is not None
    assert not [dot for dot in [middle, *around] if is_covered(dot, "Havenvonk", place)]


def test_two_names_do_not_cover_each_other() -> None:
    one, other = name_places([Dot(300, 200, 6, "Een"), Dot(305, 200, 6, "Twee")], WIDTH, HEIGHT)

    assert one is not None
    assert other is not None
    assert abs(one[1] - other[1]) >= TALL or abs(one[0] - other[0]) >= LETTER * 3.5


@settings(max_examples=50, deadline=None)
@given(DOTS)
def test_every_name_stands_inside_the_drawing(dots: list[Dot]) -> None:
    places = name_places(dots, WIDTH, HEIGHT)

    assert [place is not None for place in places] == [bool(dot.name) for dot in dots]
    for dot, place in zip(dots, places, strict=True):
        if place is not None:
            half = LETTER * len(dot.name) / 2
            assert half - 0.001 <= place[0] <= WIDTH - half + 0.001
            assert TALL / 2 <= place[1] <= HEIGHT - TALL / 2
