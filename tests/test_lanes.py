"""Steps that wait for each other, and go side by side where they do not."""

from __future__ import annotations

from threading import Barrier, Event, Lock
from time import sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.lanes import taken

GRAPHS = st.integers(0, 12).flatmap(
    lambda count: st.tuples(
        *(st.sets(st.integers(0, max(place - 1, 0)), max_size=place) for place in range(count))
    )
)


@settings(deadline=None)
@given(GRAPHS, st.integers(1, 3))
def test_every_step_is_taken_once_and_after_what_it_waits_for(
    after: tuple[set[int], ...], lanes: int
) -> None:
    ended: list[int] = []

    def take(place: int, _: int) -> int:
        assert after[place] <= set(ended)
        ended.append(place)
        return place

    assert sorted(taken(after, take, lanes=lanes)) == list(range(len(after)))
    assert sorted(ended) == list(range(len(after)))


def test_two_that_do_not_wait_for_each_other_go_at_the_same_time_in_lanes_of_their_own() -> None:
    together = Barrier(2, timeout=10)
    seen = []

    def take(_: int, lane: int) -> None:
        together.wait()
        seen.append(lane)

    taken([[], []], take, lanes=2)

    assert sorted(seen) == [0, 1]


def test_of_steps_that_stand_apart_one_goes_at_a_time() -> None:
    under_way = Lock()

    def take(place: int, _: int) -> None:
        if place in (0, 1, 2):
            assert under_way.acquire(blocking=False)
            sleep(0.02)
            under_way.release()

    taken([[]] * 6, take, lanes=3, apart={0, 1, 2})


def test_what_had_too_little_room_is_taken_again_alone() -> None:
    together = Barrier(2, timeout=10)
    tries: list[int] = []
    under_way: set[int] = set()

    def take(place: int, _: int) -> int:
        tries.append(place)
        if tries.count(place) > 1:
            assert under_way == set()
            return place
        under_way.add(place)
        together.wait()
        try:
            if place == 1:
                raise MemoryError("no room")
        finally:
            under_way.discard(place)
        return place

    assert sorted(taken([[], []], take, lanes=2, crowded=MemoryError)) == [0, 1]
    assert tries.count(1) == 2


@pytest.mark.parametrize("lanes", [1, 2])
def test_what_has_too_little_room_alone_fails(lanes: int) -> None:
    def take(_: int, lane: int) -> None:
        raise MemoryError(f"no room in lane {lane}")

    with pytest.raises(MemoryError, match="no room"):
        taken([[]], take, lanes=lanes, crowded=MemoryError)


def test_after_a_step_that_fails_no_other_begins() -> None:
    begun = []

    def take(place: int, _: int) -> None:
        begun.append(place)
        if place == 1:
            raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        taken([[], [0], [1], [0, 2]], take, lanes=2)

    assert begun == [0, 1]


def test_whoever_interrupts_does_not_wait_for_what_is_under_way() -> None:
    told = Event()
    others_began = Event()

    def take(place: int, _: int) -> None:
        if place == 0:
            others_began.wait(10)
            raise KeyboardInterrupt
        others_began.set()
        assert told.wait(10)

    with pytest.raises(KeyboardInterrupt):
        taken([[], []], take, lanes=2, interrupt=told.set)

    assert told.is_set()
