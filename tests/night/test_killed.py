"""A night killed at any moment and run again ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.export import canonical_export
from pipeline.warehouse import open_warehouse
from pipeline.world import simulate
from tests.night.played import TODAY, Stage, staged

NIGHT = """
import sys
from pathlib import Path
from connectors import load as connector_of, platforms
from pipeline import night
from pipeline.config import load
from datetime import datetime
config = load(Path(sys.argv[1]), platforms())
run = night.open_night(config, night.new_run_id(datetime.fromisoformat(sys.argv[2])))
print("begins", flush=True)
night.run(run, connector_of)
"""
KILLS = int(os.environ.get("LUISTER_KILLS", "20"))
KILLS_A_FOLDER = 10


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
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors.decode()
    return time.monotonic() - started


def settled(stage: Stage) -> bytes:
    """The export after a whole night and one more, which asks again for all that is known."""
    whole_night(stage)
    whole_night(stage)
    with open_warehouse(stage.data) as warehouse:
        return canonical_export(warehouse.database)


@pytest.mark.fault(28)
@pytest.mark.kills
def test_killed_at_random_moments_and_run_again(tmp_path: Path) -> None:
    moments = random.Random(2011)
    with staged(tmp_path, simulate(7, TODAY, days=6, persons=30, busyness=0.5)) as stage:
        seconds = whole_night(stage)
        unkilled = settled(stage)
        stage.data.rename(tmp_path / "unkilled")
        for folder in range(-(-KILLS // KILLS_A_FOLDER)):
            for _ in range(min(KILLS_A_FOLDER, KILLS - folder * KILLS_A_FOLDER)):
                process = begin(stage)
                time.sleep(moments.uniform(0, seconds))
                process.send_signal(signal.SIGKILL)
                process.wait()
            assert settled(stage) == unkilled, f"folder {folder}"
            stage.data.rename(tmp_path / f"killed-{folder}")
