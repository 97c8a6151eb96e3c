"""The example of a connector in a package of its own works as its README says, offline."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import connectors
from tests.shared import REPOSITORY

EXAMPLE = REPOSITORY / "docs" / "example-connector"
OFFLINE = """
import socket

def refuse(*_, **__):
    raise OSError("the tests of a connector ask nobody")

socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The package beside Luister as an installer would leave it: its files, and what it brings."""
    told = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    folder = tmp_path / "package"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    metadata = folder / f"{told['name'].replace('-', '_')}-{told['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {told['name']}\nVersion: {told['version']}\n"
    )
    lines = [
        line
        for group, points in told["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
    ]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "sitecustomize.py").write_text(OFFLINE)
    path = os.pathsep.join([str(folder), str(REPOSITORY)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_its_own_tests_pass_offline(installed: Path) -> None:
    answer = run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore", "-rs")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "passed" in answer.stdout
    assert "skipped" not in answer.stdout, answer.stdout


def test_luister_finds_it_and_inspects_its_recording(installed: Path) -> None:
    program = (
        "import connectors; found = connectors.load('praatpaal');"
        "print('praatpaal' in connectors.platforms(), *connectors.verbs(found))"
    )
    assert run(installed, "-c", program).stdout.split() == ["True", "mentions"]
    inspected = run(installed, "-m", "flows.cli", "inspect", "praatpaal", "recordings/zoek.json")
    assert inspected.returncode == 0, inspected.stderr
    assert len(inspected.stdout.splitlines()) == 2


def test_it_is_not_there_where_it_is_not_installed() -> None:
    assert "praatpaal" not in connectors.platforms()


def test_it_is_as_short_as_promised() -> None:
    lines = (EXAMPLE / "luister_praatpaal.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) < 100


def test_nothing_but_what_is_public_is_imported() -> None:
    for name in ("luister_praatpaal.py", "test_praatpaal.py"):
        source = (EXAMPLE / name).read_text("utf-8")
        for module in ("pipeline.warehouse", "pipeline.config", "connectors.testing.", "tests."):
            assert module not in source
