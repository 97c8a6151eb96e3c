"""A night killed at any moment and run again ends as if nothing had happened.

    make test-kills                                       # 20 kills
    make test-kills KILLS=200 KEPT=kills.json MINUTES=9   # goes on where it stopped; see below

Each kill waits for a step chosen at random and for a moment of it, so that all steps are met; how
long a step takes is seen in a night that is not killed. After every ``A_FOLDER`` kills in one data
folder the export must equal that of nights that were not, byte for byte. ``LUISTER_KILLS_KEPT``
names a file in which the kills that were followed by an equal export are counted over several runs,
``LUISTER_KILLS_MINUTES`` says after how long a run begins no other kill.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from pipeline.warehouse import canonical_export, open_warehouse
from pipeline.world import simulate
from tests.night.killable import STEPS, Night
from tests.night.played import TODAY, Stage, staged

KILLS = int(os.environ.get("LUISTER_KILLS", "20"))
KEPT = os.environ.get("LUISTER_KILLS_KEPT")
MINUTES = float(os.environ.get("LUISTER_KILLS_MINUTES") or "inf")
A_FOLDER = 25
WEIGHTS = {"build": 3, "retain": 1, "publish": 1, "report": 1}
"""How often a step is chosen; 2 where it is not said: what comes late costs a night each time."""


def whole_night(stage: Stage) -> dict[str, float]:
    return Night(stage.path, stage.next_run()).end()


def settled(stage: Stage) -> bytes:
    """The export after a whole night and two more, which ask again for all that is known."""
    for _ in range(3):
        whole_night(stage)
    with open_warehouse(stage.data) as warehouse:
        return canonical_export(warehouse)


def killed(stage: Stage, step: str, after_seconds: float) -> str | None:
    """Begin a night and kill it; returns the step it was in, None when it had ended before."""
    night = Night(stage.path, stage.next_run())
    if night.reaches(step):
        time.sleep(after_seconds)
    return night.kill()


def is_late(begun: float) -> bool:
    return time.monotonic() - begun > 60 * MINUTES


def counted() -> Counter[str]:
    """The kills of earlier runs that were followed by an equal export."""
    kept = Path(KEPT) if KEPT else None
    return Counter(json.loads(kept.read_text())) if kept and kept.exists() else Counter()


def asked_twice(stage: Stage) -> list[str]:
    """Sources that landed whole more than once in runs of which the last alone has ended."""
    with open_warehouse(stage.data) as warehouse:
        runs = warehouse.database.execute(
            """
            select runs.run_id, finished_at is not null,
                list(source) filter (collections.status = 'complete')
            from ops.runs as runs left join ops.collections as collections using (run_id)
            group by all order by runs.run_id
            """
        ).fetchall()
    tonight: Counter[str] = Counter()
    twice: list[str] = []
    for _, has_ended, landed in runs:
        tonight.update(landed or ())
        if has_ended:
            twice += [source for source, times in tonight.items() if times > 1]
            tonight.clear()
    return twice


@pytest.mark.fault(28)
@pytest.mark.kills
def test_killed_at_random_moments_and_run_again(tmp_path: Path) -> None:
    steps, begun = counted(), time.monotonic()
    moments = random.Random(2011 + steps.total())
    weights = [WEIGHTS.get(step, 2) for step in STEPS]
    with staged(tmp_path, simulate(7, TODAY, days=6, persons=30, busyness=0.5)) as stage:
        took = whole_night(stage)
        unkilled = settled(stage)
        stage.data.rename(tmp_path / "unkilled")
        while steps.total() < KILLS and not is_late(begun):
            tonight: Counter[str] = Counter()
            while tonight.total() < min(A_FOLDER, KILLS - steps.total()) and not is_late(begun):
                (aim,) = moments.choices(STEPS, weights)
                step = killed(stage, aim, moments.uniform(0, took.get(aim, 0.1)))
                tonight.update([step] if step else [])
            assert settled(stage) == unkilled, f"after {dict(tonight)}"
            assert asked_twice(stage) == []
            stage.data.rename(tmp_path / f"killed-{steps.total()}")
            steps += tonight
            if KEPT:
                Path(KEPT).write_text(json.dumps(steps))
    if steps.total() >= 200:
        assert steps.keys() >= set(STEPS)
