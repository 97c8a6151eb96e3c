"""What stands in deploy is right as far as it can be seen without Docker; its steps can be done."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from deploy.try_steps import steps
from flows.cli import app
from tests.docs.test_site import HERE

DEPLOY = HERE / "deploy"
UNITS = DEPLOY / "systemd"


def tool(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a tool that stands beside the Python of the tests."""
    command = [str(Path(sys.executable).with_name(name)), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def instructions(name: str) -> list[str]:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    return [rest for instruction, rest in steps(text) if instruction == name]


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_the_dockerfile_passes_its_linter() -> None:
    told = tool("hadolint", DEPLOY / "Dockerfile")

    assert told.returncode == 0, told.stdout


def test_compose_fits_the_schema_of_its_specification() -> None:
    pytest.importorskip("check_jsonschema", reason="pip install check-jsonschema")
    told = tool(
        "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml"
    )

    assert told.returncode == 0, told.stdout


def test_the_image_runs_as_nobody_in_particular_and_asks_after_its_health() -> None:
    assert instructions("USER") == ["10001:10001"]
    (health,) = instructions("HEALTHCHECK")
    assert json.loads(health.partition("CMD ")[2])[:2] == ["luister", "health"]
    assert "health" in typer.main.get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(compose()["services"]))
def test_no_service_may_write_outside_its_volumes_or_gain_a_right(name: str) -> None:
    service = compose()["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert ":latest" not in service["image"]


def test_what_copy_takes_is_there_and_sent_along() -> None:
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    taken = [
        name
        for rest in instructions("COPY")
        if not rest.startswith("--from")
        for name in rest.split()[:-1]
    ]

    assert taken
    for name in taken:
        assert (HERE / name).exists()
        assert f"!{name}" in allowed


def test_the_reports_are_shown_read_only() -> None:
    assert "./data/reports:/reports:ro" in compose()["services"]["reports"]["volumes"]
    configuration = (DEPLOY / "nginx.conf").read_text()
    assert configuration.count("{") == configuration.count("}")
    assert "limit_except GET" in configuration


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_understands_the_units() -> None:
    told = subprocess.run(
        ["systemd-analyze", "verify", UNITS / "luister.service", UNITS / "luister.timer"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    wrong = [line for line in told.stderr.splitlines() if "luister.service: Command" not in line]

    assert [line for line in wrong if "luister" in line] == []


def test_the_timer_and_the_deployment_mean_the_same_hour() -> None:
    timer = (UNITS / "luister.timer").read_text()
    known = yaml.safe_load((HERE / "prefect.yaml").read_text())["deployments"]
    (schedule,) = next(each for each in known if each["name"] == "luister-nightly")["schedules"]

    assert f"OnCalendar=*-*-* 04:15:00 {schedule['timezone']}" in timer
    assert schedule["cron"] == "15 4 * * *"


@pytest.mark.thorough
def test_every_step_of_the_dockerfile_can_be_carried_out(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "deploy.try_steps"],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=1800,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )

    assert told.returncode == 0, told.stderr
    assert "well: the last night was published" in told.stdout
