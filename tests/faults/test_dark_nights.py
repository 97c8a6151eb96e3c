"""A source that was dark for three nights, against one that was read at once at their end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from connectors import load as connector_of
from pipeline import night as steps
from pipeline.pace import Pace
from pipeline.warehouse import open_warehouse
from pipeline.world import simulate
from tests.night.played import TODAY, Stage, staged

BEFORE, *DARK = [TODAY - timedelta(days=days) for days in (4, 3, 2, 1)]


def collect_and_load(stage: Stage, as_of: datetime) -> tuple[str, ...]:
    """A night of one source up to where its posts are in the database; returns what failed."""
    stage.served.play(as_of)
    only = tuple(each.name for each in stage.config.source if each.platform == "mastodon")
    night = steps.open_night(stage.config, steps.new_run_id(stage.next_run(as_of)), only=only)
    for name in steps.prepare(night):
        steps.collect(night, name, connector_of, Pace(), steps.Silent())
    steps.load(night)
    return steps.close(night)[2]


def told(stage: Stage, query: str, *values: object) -> list[tuple[Any, ...]]:
    with open_warehouse(stage.data) as warehouse:
        return warehouse.database.execute(query, values).fetchall()


POSTS = """
    select platform, post_id, created_at, text, parent_id
    from raw.posts where deleted_at is null order by all
"""
GAPS = """
    select source, gap_from, gap_to from ops.gaps
    where closed_by_run_id is null order by all
"""
REACHED = "select distinct collected_through::date from ops.progress"
DARK_POSTS = "select count(*) from raw.posts where created_at between ? and ?"


def test_fault_17_three_dark_nights_leave_no_gap_and_nothing_twice(tmp_path: Path) -> None:
    with staged(tmp_path, simulate(7, TODAY, days=6, persons=30, busyness=0.5)) as stage:
        assert collect_and_load(stage, TODAY) == ()
        at_once = [told(stage, query) for query in (POSTS, GAPS)]
        stage.data.rename(tmp_path / "at-once")

        assert collect_and_load(stage, BEFORE) == ()
        stage.served.faults["mastodon"] = "login page"
        for as_of in DARK:
            (failure,) = collect_and_load(stage, as_of)
            assert "mastodon" in failure
        stage.served.faults.clear()
        assert len(told(stage, GAPS)) == 1
        assert collect_and_load(stage, TODAY) == ()

        assert [told(stage, query) for query in (POSTS, GAPS)] == at_once
        assert told(stage, REACHED) == [(TODAY.date(),)]
        ((late,),) = told(stage, DARK_POSTS, BEFORE, DARK[-1])
        assert late > 0
