import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline.threads import place
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import load, post, rows


def walked(parents: list[int]) -> list[tuple[int, int]]:
    """Root and depth by walking up from each post; a circle is cut at its lowest member."""
    cut = list(parents)
    for start in range(len(parents)):
        seen: list[int] = []
        here = start
        while here >= 0 and here not in seen:
            seen.append(here)
            here = cut[here]
        if here >= 0:
            cut[min(seen[seen.index(here) :])] = -1
    found = []
    for start in range(len(parents)):
        here, depth = start, 0
        while cut[here] >= 0:
            here, depth = cut[here], depth + 1
        found.append((here, depth))
    return found


def placed(parents: list[int]) -> list[tuple[int, int]]:
    roots, depths = place(np.array(parents, dtype=np.int64))
    return list(zip(roots.tolist(), depths.tolist(), strict=True))


@given(
    some.integers(1, 40).flatmap(
        lambda size: some.lists(some.integers(-1, size - 1), min_size=size, max_size=size)
    )
)
@settings(max_examples=300)
def test_places_are_those_found_by_walking(parents: list[int]) -> None:
    assert placed(parents) == walked(parents)


def test_no_posts_have_no_places() -> None:
    assert placed([]) == []


def test_an_answer_to_itself_is_a_root() -> None:
    assert placed([0, 0]) == [(0, 0), (0, 1)]


def test_a_circle_is_cut_at_its_lowest_member() -> None:
    assert placed([2, 0, 1, 2]) == [(0, 0), (0, 1), (0, 2), (0, 3)]


def test_a_very_deep_tree_is_placed() -> None:
    depth = 100_000
    roots, depths = place(np.arange(-1, depth - 1, dtype=np.int64))

    assert (roots == 0).all()
    assert depths.tolist() == list(range(depth))


def threads(warehouse: Warehouse) -> dict[str, tuple[str, int, bool]]:
    found = rows(warehouse, "select post_id, thread_id, depth, is_parent_known from raw.threads")
    return {name: (thread, depth, is_known) for name, thread, depth, is_known in found}


def test_a_tree_that_arrives_in_pieces_is_one_tree(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        load(warehouse, "1", post("c", parent_id="b"), post("d", parent_id="c"))
        assert threads(warehouse) == {"c": ("c", 0, False), "d": ("c", 1, True)}

        load(warehouse, "2", post("a"))
        load(warehouse, "3", post("b", parent_id="a"))

        assert threads(warehouse) == {
            "a": ("a", 0, False),
            "b": ("a", 1, True),
            "c": ("a", 2, True),
            "d": ("a", 3, True),
        }


def test_every_order_of_arrival_gives_the_same_trees(tmp_path: Path) -> None:
    posts = [
        post("a"),
        post("b", parent_id="a"),
        post("c", parent_id="b"),
        post("d", parent_id="a"),
        post("x", parent_id="y"),
        post("y", parent_id="x"),
    ]
    chosen = list(itertools.permutations(posts))[::103]
    found = []
    for number, order in enumerate(chosen):
        with open_warehouse(tmp_path / str(number)) as warehouse:
            for run, each in enumerate(order):
                load(warehouse, str(run), each)
            found.append(threads(warehouse))

    assert all(each == found[0] for each in found)
    assert found[0]["c"] == ("a", 2, True)
    assert found[0]["y"] == ("x", 1, True)


def test_trees_written_piece_by_piece_are_those_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights = (
        [post(f"p{at}", parent_id=f"p{at * 3 // 7}" if at % 4 else None) for at in range(30)],
        [post("round", parent_id="trip"), post("trip", parent_id="round")],
        [post(f"q{at}", parent_id=f"p{at}") for at in range(30)],
    )
    found = []
    for most in (1_000_000, 7):
        monkeypatch.setattr("pipeline.threads._TOGETHER", most)
        with open_warehouse(tmp_path / str(most)) as warehouse:
            for at, said in enumerate(nights):
                load(warehouse, str(at), *said)
            found.append(threads(warehouse))

    assert found[0] == found[1]
    assert len(found[0]) == 62
    assert found[0]["q29"] == ("p12", 2, True)
    assert found[0]["round"] == ("round", 0, True)


def test_a_post_that_moves_takes_its_branch_along(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        load(
            warehouse,
            "1",
            post("a"),
            post("b"),
            post("c", parent_id="a"),
            post("d", parent_id="c"),
        )

        load(warehouse, "2", post("c", parent_id="b"))

        assert threads(warehouse)["c"] == ("b", 1, True)
        assert threads(warehouse)["d"] == ("b", 2, True)


def test_the_same_names_on_two_platforms_are_two_trees(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        load(
            warehouse,
            "1",
            post("a"),
            post("a", platform="bluesky"),
            post("b", platform="bluesky", parent_id="a"),
            post("c", parent_id="b"),
        )

        found = rows(warehouse, "select platform, post_id, depth from raw.threads order by all")

    assert found == [
        ("bluesky", "a", 0),
        ("bluesky", "b", 1),
        ("mastodon", "a", 0),
        ("mastodon", "c", 0),
    ]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_thread_ten_thousand_deep_is_placed_in_two_nights(
    tmp_path: Path, is_reversed: bool
) -> None:
    chain = [
        post(f"p{number:05}", parent_id=f"p{number - 1:05}" if number else None)
        for number in range(10_000)
    ]
    halves = [chain[:5_000], chain[5_000:]]
    with open_warehouse(tmp_path) as warehouse:
        for run, half in enumerate(halves[::-1] if is_reversed else halves):
            load(warehouse, str(run), *half)

        found = threads(warehouse)

    assert found["p09999"] == ("p00000", 9_999, True)
    assert sorted(depth for _, depth, _ in found.values()) == list(range(10_000))


def test_only_the_trees_that_were_touched_are_placed_again(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        load(warehouse, "1", post("a"), post("b", parent_id="a"), post("z"))
        warehouse.database.execute("update raw.threads set depth = 77 where post_id = 'z'")

        load(warehouse, "2", post("c", parent_id="b"))

        assert threads(warehouse)["c"] == ("a", 2, True)
        assert threads(warehouse)["z"] == ("z", 77, False)


def test_a_deleted_post_keeps_its_place(tmp_path: Path) -> None:
    from tests.pipeline.landed import gone

    with open_warehouse(tmp_path) as warehouse:
        load(warehouse, "1", post("a"), post("b", parent_id="a"), post("c", parent_id="b"))

        load(warehouse, "2", gone("b"))

        assert threads(warehouse)["c"] == ("a", 2, True)
