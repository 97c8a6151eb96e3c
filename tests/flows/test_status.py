"""What ``luister status`` advises about posts that were not asked for again in time."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from pipeline.warehouse import open_warehouse
from tests.pipeline.test_deletion_terms import seen
from tests.pipeline.test_retention import at, night

TOML = """
contact = "desk@acme.example"
[organisation]
name = "Acme"
[[source]]
name = "social"
platform = "x"
options.compliance = {compliance}
"""
JOB = "the job of options.compliance asks for all of them in the next night"
MORE = "raise refresh_per_source, or set options.compliance, whose job asks for all of them"
DIVIDE = "asks for 1 of a source a night, and the words of the others go: divide its names"


@pytest.mark.parametrize(
    ("compliance", "most", "advice"),
    [
        ("false", 100_000, MORE),
        ("true", 100_000, JOB),
        ("false", 1, f"set options.compliance: its job {DIVIDE}"),
        ("true", 1, f"the job of options.compliance {DIVIDE}"),
    ],
)
def test_nothing_is_advised_that_is_set_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compliance: str, most: int, advice: str
) -> None:
    monkeypatch.setattr("flows.commands.nights.MOST_CONFIRMED", most)
    path = tmp_path / "luister.toml"
    path.write_text(TOML.format(compliance=compliance))
    night(tmp_path / "data", 0, seen("p1", 0, "x"), seen("p2", 0, "x"), platform="x")
    with open_warehouse(tmp_path / "data") as warehouse:
        warehouse.begin_run("20270301T000000Z-abcdef", at(9), "1")
        warehouse.finish_run("20270301T000000Z-abcdef", "completed")

    told = CliRunner().invoke(app, ["status", "-c", str(path)])

    assert "2 of 2 posts were not asked for again within 1 day, which x gives" in told.stdout
    assert f"gives for deletions; {advice}" in told.stdout
