"""Teaching on the command line: labels asked for, models learnt and taken back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from pipeline.warehouse import open_warehouse
from tests.flows.test_cli import luister
from tests.pipeline.test_learn import about_apples, add

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert luister(monkeypatch, "init", "Zonneveld Energie") == 0
    return tmp_path


def data_of(here: Path) -> Path:
    from connectors import platforms
    from pipeline.config import load

    return load(here / "luister.toml", platforms()).data


def labelled(here: Path) -> Path:
    path = here / "labelled.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "label", "language"))
        writer.writerows(about_apples())
    return path


def test_labels_are_asked_for_and_kept(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: Printed
) -> None:
    with open_warehouse(data_of(here)) as warehouse:
        for number in range(4):
            add(warehouse, f"p{number}", f"Het is vandaag weer {number} graden \x1b[2J")
    monkeypatch.setattr("sys.stdin", io.StringIO("1\nzes\nother\ns\nq\n"))

    assert luister(monkeypatch, "label", "complaint", "--count", "4") == 0

    told = capfd.readouterr().out
    assert "1 complaint  2 other  s skip  q quit" in told
    assert "2 labels are kept" in told
    assert "\x1b" not in told
    with open_warehouse(data_of(here)) as warehouse:
        kept = warehouse.database.execute("select task, label from enriched.labels").fetchall()
    assert sorted(kept) == [("complaint", "complaint"), ("complaint", "other")]


def test_what_was_answered_before_the_input_ends_is_kept(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: Printed
) -> None:
    with open_warehouse(data_of(here)) as warehouse:
        add(warehouse, "p1", "Mooi weer vandaag")
        add(warehouse, "p2", "Slecht weer vandaag")
    monkeypatch.setattr("sys.stdin", io.StringIO("ja\n"))

    assert luister(monkeypatch, "label", "weather", "--labels", "ja,nee") == 0
    assert "1 label is kept" in capfd.readouterr().out


def test_a_task_of_ones_own_needs_its_labels(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: Printed
) -> None:
    assert luister(monkeypatch, "label", "weather") == 2
    assert "--labels first,second" in capfd.readouterr().err


def test_a_model_is_learnt_told_of_and_taken_back(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: Printed
) -> None:
    file = str(labelled(here))

    assert luister(monkeypatch, "learn", "relevance", "--from", file) == 0
    assert "takes over as version 1" in capfd.readouterr().out

    assert luister(monkeypatch, "learn", "relevance", "--from", file, "--json") == 0
    lesson = json.loads(capfd.readouterr().out)
    assert (lesson["version"], lesson["examples"], lesson["baseline"]) == (2, 80, "guessing")

    assert luister(monkeypatch, "learn", "relevance", "--test", file) == 0
    assert "macro-F1 1.000 by the model in use" in capfd.readouterr().out

    assert luister(monkeypatch, "learn", "relevance", "--rollback") == 0
    assert "version 1 reads again" in capfd.readouterr().out
    assert luister(monkeypatch, "learn", "relevance", "--rollback") == 0
    assert "the rules read again" in capfd.readouterr().out
    assert luister(monkeypatch, "learn", "relevance", "--rollback") == 1
    assert luister(monkeypatch, "learn", "relevance", "--test", file) == 1


def test_nothing_is_learnt_from_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: Printed
) -> None:
    assert luister(monkeypatch, "learn", "sentiment") == 1
    assert "too few to learn sentiment" in capfd.readouterr().err


def test_a_file_that_is_not_there_is_named_with_what_is_wanted(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: Printed
) -> None:
    assert luister(monkeypatch, "learn", "complaint", "--from", "labelled.csv") == 1

    told = capfd.readouterr().err
    assert "labelled.csv: cannot be opened: No such file or directory" in told
    assert "→ give a CSV file in UTF-8 with the columns text and label" in told
