"""What compose starts side by side, without containers: Prefect on PostgreSQL, nightly, worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from pipeline.world import simulate
from tests.night.played import TODAY, staged
from tests.servers.postgres import postgres, program
from tests.servers.prefect_server import REPOSITORY, Prefect

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(program("initdb") is None, reason="needs Debian's postgresql"),
]


def service(name: str) -> dict[str, Any]:
    told = yaml.safe_load((REPOSITORY / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = told["services"][name]
    return found


def test_the_services_do_a_night_on_postgresql(tmp_path: Path) -> None:
    """``nightly`` makes pool and deployment, twice without harm; ``worker`` does what is asked."""
    (command,) = service("nightly")["command"]
    world = simulate(7, TODAY, days=3, persons=20, busyness=0.3)
    with postgres() as database, staged(tmp_path, world) as stage:
        prefect = Prefect(tmp_path / "prefect", database)
        here = command.replace("cd /luister", f"cd {REPOSITORY}")
        here = here.replace("/srv/luister/luister.toml", str(stage.path))
        with prefect.server():
            for _ in range(2):
                prefect.shell(here)
            (deployment,) = _asked(prefect, "deployments/filter")
            words = service("worker")["command"]
            run = ("deployment", "run", "nightly/luister-nightly", "--watch")
            with prefect.started(*words, name="worker"):
                prefect.say(*run, "--param", 'run_id="20261120T031500Z-abc123"', seconds=900)
            runs = _asked(prefect, "flow_runs/filter")
        ((posts,),) = stage.ask("select count(*) from marts.posts")

    assert [each["schedule"]["cron"] for each in deployment["schedules"]] == ["15 4 * * *"]
    assert deployment["parameters"] == {"config_path": str(stage.path)}
    # the others are those of the nights to come
    states = [run["state_type"] for run in runs]
    assert states.count("COMPLETED") == 1
    assert set(states) == {"COMPLETED", "SCHEDULED"}
    assert posts > 0


def _asked(prefect: Prefect, what: str) -> list[dict[str, Any]]:
    told = httpx.post(f"{prefect.api}/{what}", json={}, timeout=30)
    found: list[dict[str, Any]] = told.raise_for_status().json()
    return found
