"""A callable of another package reads a task, and nothing else changes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import LuisterError
from pipeline.learn_readers import OutsideReader, outside_readers, try_out

REPOSITORY = Path(__file__).parents[2]
PACKAGE = """
def sentiment(texts, languages):
    return ["Negative" if "regen" in text else None for text in texts]
def purpose(texts, languages):
    return ["none"] * len(texts)
"""
NIGHT = """
import pyarrow as pa
from pipeline import enrich, learn_over
texts = pa.table({"text_key": ["a", "b"], "text": ["Heerlijk, regen!", "Heerlijk, zon!"],
                  "language": ["nl", "nl"]})
found = learn_over.over(enrich.enrich_texts(texts), texts, {})
print(found.column("sentiment").to_pylist(), learn_over.version("rules", {}))
"""
CHECK = """
from pipeline.check import _readers
for each in _readers():
    print(each.level, each.about, each.found, each.mend)
"""


EVALUATED = """
from pathlib import Path
from pipeline.evaluate import evaluate
Path("labelled.csv").write_text(
    "text,label,language\\nHeerlijk in de regen,negative,nl\\nWat een geweldige dag,positive,nl\\n"
)
found = evaluate("sentiment", Path("labelled.csv"))
print(found.accuracy, found.note)
"""


def installed(folder: Path, points: str) -> Path:
    """A package with readers, as pip leaves it."""
    folder.joinpath("our_reader.py").write_text(PACKAGE)
    about = folder / "our_reader-2.3.dist-info"
    about.mkdir()
    about.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: our-reader\nVersion: 2.3\n")
    about.joinpath("entry_points.txt").write_text(f"[luister.readers]\n{points}\n")
    return folder


def with_package(folder: Path, script: str) -> str:
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{REPOSITORY}"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def test_a_package_reads_where_it_answers_and_the_rules_where_it_does_not(tmp_path: Path) -> None:
    folder = installed(tmp_path, "sentiment = our_reader:sentiment")
    assert with_package(folder, NIGHT) == ("['negative', 'positive'] rules+sentiment.our-reader2.3")


def test_the_check_tries_every_reader_and_names_what_is_wrong(tmp_path: Path) -> None:
    points = "purpose = our_reader:purpose\nsentiment = our_reader:gone"
    told = with_package(installed(tmp_path, points), CHECK)
    assert told.startswith("wrong reader our_reader:gone the reader of sentiment cannot be loaded")
    assert "luister.readers" in told


def test_an_evaluation_reads_as_a_night_would(tmp_path: Path) -> None:
    told = with_package(installed(tmp_path, "sentiment = our_reader:sentiment"), EVALUATED)
    assert told == "1.0 read by our-reader2.3"


def test_a_reader_that_is_in_order_is_told(tmp_path: Path) -> None:
    told = with_package(installed(tmp_path, "purpose = our_reader:purpose"), CHECK)
    assert told == "ok reader of purpose our-reader2.3"


def test_a_reader_of_no_task_is_refused(tmp_path: Path) -> None:
    told = with_package(installed(tmp_path, "weather = our_reader:sentiment"), CHECK)
    assert "weather is nothing that is read" in told
    assert "sentiment" in told


def fails(texts: object, languages: object) -> list[str | None]:
    raise ValueError("no weights")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda texts, languages: ["positive"], "gives 1 labels for 2 texts"),
        (lambda texts, languages: ["happy"] * 2, "says happy, which is none of"),
        (fails, "fails: ValueError: no weights"),
    ],
)
def test_wrong_answers_are_named_and_never_stored(answer: object, told: str) -> None:
    reader = OutsideReader("sentiment", "our1", "our:answer", answer)  # type: ignore[arg-type]
    with pytest.raises(LuisterError, match=told):
        try_out(reader)


def test_without_packages_nobody_else_reads() -> None:
    assert outside_readers() == ()
