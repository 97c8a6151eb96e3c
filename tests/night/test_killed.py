"""A night killed at any moment and run again ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from pipeline.warehouse import canonical_export, open_warehouse
from pipeline.world import simulate
from tests.night.played import TODAY, Stage, staged

NIGHT = """
import sys
from pathlib import Path
from connectors import load as connector_of, platforms
from pipeline import night
from pipeline.config import load
from datetime import datetime
class Telling:
    def step(self, name):
        print(name, flush=True)
    def source(self, name, posts, status):
        if status != "running":
            print("land", flush=True)
config = load(Path(sys.argv[1]), platforms())
run = night.open_night(config, night.new_run_id(datetime.fromisoformat(sys.argv[2])))
print("begins", flush=True)
night.run(run, connector_of, Telling())
"""
KILLS = int(os.environ.get("LUISTER_KILLS", "20"))
KILLS_A_FOLDER = 25
STEPS = {"prepare", "collect", "land", "load", "understand", "build", "publish"}


def begin(stage: Stage) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", NIGHT, str(stage.path), stage.next_run().isoformat()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ.copy(),
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begins\n"
    return process


def whole_night(stage: Stage) -> float:
    started = time.monotonic()
    process = begin(stage)
    _, errors = process.communicate(timeout=3000)
    assert process.returncode == 0, errors.decode()
    return time.monotonic() - started


def settled(stage: Stage) -> bytes:
    """The export after a whole night and two more, which ask again for all that is known."""
    for _ in range(3):
        whole_night(stage)
    with open_warehouse(stage.data) as warehouse:
        return canonical_export(warehouse)


def killed(stage: Stage, after_seconds: float) -> str | None:
    """Begin a night and kill it; returns the step it was in, None when it had ended before."""
    process = begin(stage)
    time.sleep(after_seconds)
    process.send_signal(signal.SIGKILL)
    told, _ = process.communicate()
    return told.decode().split()[-1] if process.returncode == -signal.SIGKILL else None


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
def test_killed_at_random_moments_and_run_again(
    tmp_path: Path,
) -> None:
    moments = random.Random(2011)
    steps: Counter[str] = Counter()
    with staged(tmp_path, simulate(7, TODAY, days=6, persons=30, busyness=0.5)) as stage:
        seconds = whole_night(stage)
        unkilled = settled(stage)
        stage.data.rename(tmp_path / "unkilled")
        while steps.total() < KILLS:
            folder, enough = steps.total(), min(KILLS, steps.total() + KILLS_A_FOLDER)
            while steps.total() < enough:
                steps.update([step] if (step := killed(stage, moments.uniform(0, seconds))) else [])
            assert settled(stage) == unkilled, f"after {folder} kills"
            assert asked_twice(stage) == []
            stage.data.rename(tmp_path / f"killed-{folder}")
            (tmp_path / "kills.txt").write_text(f"{dict(steps)}\n")
    if KILLS >= 200:
        assert steps.keys() >= STEPS
