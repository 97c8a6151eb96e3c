"""Known weaknesses of what Luister is built on are asked for, and not knowing is not "none".

A double of osv.dev on this machine answers as https://google.github.io/osv.dev/api/ tells.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.misbehaving import Line, Misbehaving, answer

REPOSITORY = Path(__file__).resolve().parents[2]
ADVISORY = "GHSA-aaaa-bbbb-cccc"
WEAKNESS = {
    "id": ADVISORY,
    "summary": "A template runs what it is given",
    "modified": "2026-01-01T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "jinja2"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]},
            ],
        }
    ],
}


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as running:
        yield running


def weak(*names: str) -> Any:
    """Answers for each package that was asked for; those named have a weakness."""

    def behave(line: Line) -> None:
        queries = json.loads(line.asked.body)["queries"]
        known = {"vulns": [{"id": ADVISORY, "modified": "2026-01-01T00:00:00Z"}]}
        told = [known if each["package"]["name"] in names else {} for each in queries]
        answer(200, json.dumps({"results": told}).encode())(line)

    return behave


def audit(address: str) -> tuple[int, str]:
    ran = subprocess.run(
        [REPOSITORY / ".ci" / "audit"],
        env={**os.environ, "OSV_URL": address.rstrip("/")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_parts_without_a_known_weakness_pass(server: Misbehaving) -> None:
    server.on("/v1/querybatch", weak())

    code, told = audit(server.url())

    assert (code, f"no known weakness, says {server.url().rstrip('/')}" in told) == (0, True)
    asked = json.loads(server.asked[0].body)["queries"]
    assert {"duckdb", "httpx", "jinja2"} <= {each["package"]["name"] for each in asked}
    assert all(each["version"] for each in asked)


def test_a_known_weakness_is_named_with_its_package(server: Misbehaving) -> None:
    server.on("/v1/querybatch", weak("jinja2"))
    server.on(f"/v1/vulns/{ADVISORY}", answer(200, json.dumps(WEAKNESS).encode()))

    code, told = audit(server.url())

    assert code == 1
    assert "jinja2" in told
    assert ADVISORY in told
    assert "uv lock --upgrade-package" in told


@pytest.mark.parametrize(
    "behaviour", [answer(503), answer(200, b"<html>log in first</html>"), answer(200, b"{}")]
)
def test_a_list_that_cannot_be_asked_is_no_pass(server: Misbehaving, behaviour: Any) -> None:
    server.on("/v1/querybatch", behaviour)

    code, told = audit(server.url())

    assert (code, "not audited" in told) == (2, True)


def test_nobody_there_is_no_pass() -> None:
    with Misbehaving() as gone:
        address = gone.url()

    code, told = audit(address)

    assert (code, "not audited" in told) == (2, True)
