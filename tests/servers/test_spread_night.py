"""A night whose sources are collected by a worker of its own, with Prefect's real server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import night as steps
from pipeline.world import simulate
from tests.night.played import TODAY, staged

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.servers

WORKER = """
from flows.spread import collect_source
collect_source.serve(name="luister-collect", limit=4, print_starting_message=False)
"""


def _await_deployment(seconds: float = 300) -> None:
    """Wait until the worker has told the server what it serves."""
    from prefect.client.orchestration import get_client

    until = time.monotonic() + seconds
    with get_client(sync_client=True) as client:
        while not client.read_deployments() and time.monotonic() < until:
            time.sleep(0.5)


def test_workers_hand_in_what_they_read_one_source_of_a_platform_at_a_time(tmp_path: Path) -> None:
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL
    from prefect.testing.utilities import prefect_test_harness

    from flows.spread import limit_of, nightly_spread

    world = simulate(7, TODAY, days=6, persons=30, busyness=0.5)
    with staged(tmp_path, world) as stage, prefect_test_harness(server_startup_timeout=240):
        address = f"file://{tmp_path / 'store'}"
        stage.path.write_text(f'landing = "{address}"\n' + stage.path.read_text())
        environment = os.environ | {"PREFECT_API_URL": str(PREFECT_API_URL.value())}
        worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=REPOSITORY, env=environment)
        stage.served.play(TODAY)
        _await_deployment()
        try:
            outcome = nightly_spread(str(stage.path), run_id=steps.new_run_id(TODAY))
        finally:
            worker.terminate()
            worker.wait(60)
        with get_client(sync_client=True) as client:
            runs = [run for run in client.read_flow_runs() if run.name.startswith("collect ")]
            limits = {
                limit.name: limit
                for limit in client.read_global_concurrency_limits(limit=200, offset=0)
            }

    assert outcome.status == "completed"
    assert outcome.new_posts > 0
    assert all(run.state is not None and run.state.is_completed() for run in runs)
    assert len(runs) == len(stage.config.source)
    names = {limit_of(source.platform) for source in stage.config.source}
    assert {(limits[name].limit, limits[name].active_slots) for name in names} == {(1, 0)}
    # nothing is left in the box, neither posts nor plans
    assert not [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
