"""Every row of the threat model names tests, and these exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    line
    for line in (ROOT / "docs" / "threat-model.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| Threat")
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@pytest.mark.parametrize("row", ROWS)
def test_each_threat_names_tests_that_exist(row: str) -> None:
    named = NAMED.findall(row)

    assert named
    for path, name in named:
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE), (path, name)


def test_there_are_enough_threats_to_be_a_model() -> None:
    assert len(ROWS) >= 19
