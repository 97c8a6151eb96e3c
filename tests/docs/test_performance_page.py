"""What the page of performance sums up: stages of all posts, and those told for one post."""

from __future__ import annotations

from benchmarks.harness import Pair, Run, Side
from benchmarks.page import FOR_EACH, NIGHT, _sum


def test_a_night_is_the_sum_of_its_stages_and_of_all_that_is_told_for_one_post() -> None:
    stages = {name: Pair(ours=_side(10, 1000), floor=_side(5, 1000)) for name in NIGHT}
    # timed on a hundred posts, told for a thousand
    stages |= {name: Pair(ours=_side(3, 100), floor=_side(1, 100)) for name in FOR_EACH}
    run = Run(posts=1000, day="2026-11-28", cores=2, stages=stages)

    without_reading, _, whole, _ = _sum(run)

    assert "60.0 s, 2.00 times the sum of the floors (30.0 s)" in without_reading
    assert "120.0 s, 2.40 times the sum of the floors (50.0 s)" in whole


def test_a_night_of_which_a_stage_is_missing_is_not_summed_up() -> None:
    stages = {name: Pair(ours=_side(10, 1000), floor=_side(5, 1000)) for name in NIGHT}

    assert _sum(Run(posts=1000, day="2026-11-28", cores=2, stages=stages)) == []


def _side(seconds: float, units: int) -> Side:
    return Side(
        units=units,
        seconds=seconds,
        processor_seconds=seconds,
        peak_megabytes=1.0,
        written_megabytes=None,
    )
