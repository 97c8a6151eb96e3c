"""The same night as a real Prefect flow, with Prefect's own temporary server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.world import simulate
from tests.night.played import TODAY, staged

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.fault(57)
@pytest.mark.slow
def test_a_night_through_prefect_says_what_it_did_and_leaks_nothing(tmp_path: Path) -> None:
    world = simulate(7, TODAY, days=6, persons=30, busyness=0.5)
    home = tmp_path / "home"
    home.mkdir()
    own = {"HOME": str(home), "TMPDIR": str(home), "LUISTER_PSEUDONYM_KEY": "CANARY-of-the-night"}
    with staged(tmp_path, world) as stage:
        # what a night in this process has set leads to its store
        set_here = {name: os.environ[name] for name in os.environ if "PREFECT_" not in name}
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", "run", "-c", str(stage.path)],
            cwd=REPOSITORY,
            env=set_here | own,
            capture_output=True,
            text=True,
            timeout=400,
        )
        assert done.returncode == 0, done.stderr
        assert "completed" in done.stdout
        assert "report: " in done.stdout
        secrets = [os.environ[name] for name in os.environ if name.startswith("LUISTER_WORLD_")]
        passwords = [each.encode() for each in secrets if "." not in each]
        assert passwords
        canaries = [*passwords, own["LUISTER_PSEUDONYM_KEY"].encode()]
        assert not [each for each in canaries if each in (done.stdout + done.stderr).encode()]
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert [path for path in files if path.name == "prefect.db"]
        for path in files:
            written = path.read_bytes()
            assert not [each for each in canaries if each in written], path
