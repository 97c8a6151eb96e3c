"""The commands backup and restore, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.warehouse import open_warehouse
from tests.flows.test_cli import luister


def test_a_backup_is_put_back_on_another_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    monkeypatch.chdir(here)
    luister(monkeypatch, "init", "Zonneveld")
    open_warehouse(here / "data").close()
    archive = str(tmp_path / "kept.tar.gz")
    capfd.readouterr()

    assert luister(monkeypatch, "backup", archive, "--json") == 0
    assert json.loads(capfd.readouterr().out)["file"] == archive
    assert luister(monkeypatch, "backup", archive) == 1

    monkeypatch.chdir(there)
    assert luister(monkeypatch, "restore", archive) == 0
    told = capfd.readouterr()
    assert "next: `luister run`" in told.out
    assert (there / "luister.toml").read_text() == (here / "luister.toml").read_text()
    assert (there / "data" / "luister.duckdb").exists()

    assert luister(monkeypatch, "restore", archive) == 1
    assert "is not empty" in capfd.readouterr().err
    assert luister(monkeypatch, "restore", archive, "--force", "--json") == 0
    assert json.loads(capfd.readouterr().out)["before"]

    elsewhere = tmp_path / "new" / "luister.toml"
    assert luister(monkeypatch, "restore", archive, "--config", str(elsewhere)) == 0
    assert (elsewhere.parent / "data" / "luister.duckdb").exists()
    assert luister(monkeypatch, "restore", archive, "--config", "/proc/nowhere/luister.toml") == 2
