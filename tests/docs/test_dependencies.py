"""What Luister is built on is locked, digest by digest, and can be listed for others to check."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def locked() -> list[dict[str, Any]]:
    """Every package of the lock, but Luister itself."""
    lock = tomllib.loads((REPOSITORY / "uv.lock").read_text(encoding="utf-8"))
    return [each for each in lock["package"] if "registry" in each["source"]]


def test_every_file_that_may_be_installed_is_locked_by_its_digest() -> None:
    files = [
        (package["name"], file)
        for package in locked()
        for file in [*package.get("wheels", ()), *filter(None, [package.get("sdist")])]
    ]

    assert len(files) > 500
    assert [name for name, file in files if not file["hash"].startswith("sha256:")] == []


def test_nothing_comes_from_elsewhere_than_the_registry() -> None:
    lock = tomllib.loads((REPOSITORY / "uv.lock").read_text(encoding="utf-8"))

    elsewhere = {each["name"] for each in lock["package"]} - {each["name"] for each in locked()}
    assert elsewhere == {"luister"}
    assert {each["source"]["registry"] for each in locked()} == {"https://pypi.org/simple"}


def test_the_list_of_parts_names_what_is_installed_with_its_digests(tmp_path: Path) -> None:
    """`make sbom` writes the same list."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not on the path")
    target = tmp_path / "parts.json"
    command = ["export", "--frozen", "--no-dev", "--all-extras", "--format", "cyclonedx1.5"]
    subprocess.run(
        [uv, *command, "--quiet", "--offline", "--output-file", str(target)],
        cwd=REPOSITORY,
        check=True,
        timeout=120,
    )

    told = json.loads(target.read_text(encoding="utf-8"))
    parts = {each["name"]: each for each in told["components"]}
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.5")
    assert {"duckdb", "httpx", "prefect", "pydantic"} <= parts.keys()
    assert {"mypy", "ruff", "sqlfluff"}.isdisjoint(parts)
    versions = {each["name"]: each["version"] for each in locked()}
    assert parts["duckdb"]["purl"] == f"pkg:pypi/duckdb@{versions['duckdb']}"
    digests = [file["hashes"] for file in parts["duckdb"]["externalReferences"]]
    assert all(digest["alg"] == "SHA-256" for each in digests for digest in each)
