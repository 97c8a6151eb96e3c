"""Where the nodes of a drawn network stand."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline.report.layout import places

TIES = some.lists(
    some.tuples(some.integers(1, 30), some.integers(1, 30)).filter(lambda two: two[0] != two[1]),
    max_size=60,
)


def test_nothing_has_no_place() -> None:
    assert places([]) == {}


def test_everybody_around_one_stands_around_one() -> None:
    placed = places([(1, number) for number in range(2, 40)])

    x, y = placed[1]
    assert 0.35 < x < 0.65
    assert 0.35 < y < 0.65


def test_a_part_of_its_own_stands_below_the_largest() -> None:
    circle = list(combinations(range(1, 7), 2))

    placed = places([*circle, (20, 21)])

    assert max(placed[20][1], placed[21][1]) < min(placed[number][1] for number in range(1, 7))


@settings(max_examples=25, deadline=None)
@given(TIES)
def test_every_node_has_one_place_inside_the_square(ties: list[tuple[int, int]]) -> None:
    placed = places(ties)

    assert set(placed) == {number for tie in ties for number in tie}
    assert all(0 <= x <= 1.0000001 and 0 <= y <= 1.0000001 for x, y in placed.values())
    assert placed == places(list(reversed(ties)))
