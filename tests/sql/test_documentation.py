"""The documentation of the models is one page, made offline, in which every column has words."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ModelError
from pipeline.model_pages import document
from pipeline.models import BuildResult


@pytest.fixture(scope="module")
def documented(built: tuple[BuildResult, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page, made of a copy of the story without any network."""
    folder = tmp_path_factory.mktemp("documented")
    shutil.copyfile(built[1], folder / "luister.duckdb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _refuse)
        document(folder / "luister.duckdb", folder / "page.html")
    return folder


def _refuse(self: socket.socket, address: Any) -> None:
    raise AssertionError(f"the network was asked: {address}")


def test_the_page_stands_alone_and_knows_the_marts(documented: Path) -> None:
    page = (documented / "page.html").read_text(encoding="utf-8")

    assert page.lstrip().lower().startswith("<!doctype html>")
    for told in ("response_by_audience", "Is only the loud customer heard?", "Kaplan-Meier"):
        assert told in page


def test_every_column_of_every_mart_is_described(documented: Path) -> None:
    target = documented / "dbt" / "target"
    catalogue = json.loads((target / "catalog.json").read_text(encoding="utf-8"))["nodes"]
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    marts = {key: node for key, node in nodes.items() if node["schema"] == "marts"}

    assert len(marts) > 20
    for key, node in marts.items():
        if node["resource_type"] not in ("model", "seed"):
            continue
        words = {name: column["description"] for name, column in node["columns"].items()}
        assert list(catalogue[key]["columns"]) == list(words), node["name"]
        assert all(words.values()), node["name"]


def test_without_a_database_there_is_nothing_to_document(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no database to document"):
        document(tmp_path / "luister.duckdb", tmp_path / "page.html")
