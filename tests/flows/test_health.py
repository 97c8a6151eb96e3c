"""Whether a night was published lately, as a container asks it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from pipeline.errors import WarehouseError


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "luister.toml"
    result = CliRunner().invoke(app, ["init", "Zon", "--config", str(path)])
    assert result.exit_code == 0
    (tmp_path / "data").mkdir()
    return path


def publish(config: Path, moment: datetime) -> None:
    with duckdb.connect(str(config.parent / "data" / "analytics.duckdb")) as database:
        database.execute("create schema marts")
        database.execute(
            "create table marts.publication as select $moment::timestamptz as published_at",
            {"moment": moment},
        )


@pytest.mark.parametrize(
    ("hours", "options", "code", "told"),
    [
        (3, [], 0, "well: the last night was published 3.0 hours ago"),
        (30, [], 1, "not well: the last night was published 30.0 hours ago"),
        (30, ["--within", "50"], 0, "well: the last night was published 30.0 hours ago"),
    ],
)
def test_a_night_of_today_is_well(
    config: Path, hours: float, options: list[str], code: int, told: str
) -> None:
    publish(config, datetime.now(UTC) - timedelta(hours=hours))

    result = CliRunner().invoke(app, ["health", "--config", str(config), *options])

    assert (result.exit_code, result.stdout.strip()) == (code, told)


def test_a_monitor_gets_json(config: Path) -> None:
    publish(config, datetime.now(UTC))

    result = CliRunner().invoke(app, ["health", "--config", str(config), "--json"])

    assert json.loads(result.stdout)["is_well"] is True


def test_before_the_first_night_it_says_what_to_do(config: Path) -> None:
    result = CliRunner().invoke(app, ["health", "--config", str(config)])

    assert isinstance(result.exception, WarehouseError)
    assert "luister run" in str(result.exception)
