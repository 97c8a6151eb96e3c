"""The laws of the SQL project, read from what dbt understood of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.models import PROJECT, BuildResult

READS = {
    "staging": {"raw", "enriched", "conf", "ops", "staging"},
    "intermediate": {"staging", "intermediate"},
    "marts": {"intermediate", "marts"},
}
PREFIXES = {"staging": "stg_", "intermediate": "int_", "marts": ""}


@pytest.fixture(scope="module")
def manifest(built: tuple[BuildResult, str]) -> dict[str, Any]:
    path = Path(built[1]).parent / "dbt" / "target" / "manifest.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def test_each_layer_reads_only_what_lies_below_it(
    manifest: dict[str, Any], models: list[dict[str, Any]]
) -> None:
    everything = manifest["nodes"] | manifest["sources"]
    trespassing = [
        (model["name"], everything[name]["name"])
        for model in models
        for name in model["depends_on"]["nodes"]
        if everything[name]["schema"] not in READS[model["schema"]]
    ]
    assert trespassing == []


def test_names_tell_the_layer_and_words_tell_the_rest(models: list[dict[str, Any]]) -> None:
    assert len(models) > 60
    for model in models:
        assert model["name"].startswith(PREFIXES[model["schema"]])
        assert model["description"].startswith("Grain: "), model["name"]
        assert all(column["description"] for column in model["columns"].values()), model["name"]


def test_every_mart_keeps_a_contract_and_tests_its_grain(
    manifest: dict[str, Any], models: list[dict[str, Any]]
) -> None:
    grains = {
        node["attached_node"].rsplit(".", 1)[-1]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node["test_metadata"]["name"] == "unique_grain"
    }
    marts = [model for model in models if model["schema"] == "marts"]
    assert len(marts) > 12
    for model in marts:
        assert model["contract"]["enforced"], model["name"]
        assert all(column["data_type"] for column in model["columns"].values()), model["name"]
        assert model["name"] in grains


def test_every_select_gives_the_columns_and_the_types_of_its_contract(
    built: tuple[BuildResult, str],
    database: duckdb.DuckDBPyConnection,
    models: list[dict[str, Any]],
) -> None:
    """A night only puts them into columns of these types: whether they fit is seen here."""
    compiled = Path(built[1]).parent / "dbt" / "target" / "compiled" / "luister" / "models"
    marts = [model for model in models if model["contract"]["enforced"]]
    assert len(marts) > 12
    for model in marts:
        select = (compiled / model["path"]).read_text(encoding="utf-8")
        found = database.execute(f"describe {select}").fetchall()
        promised = {name: column["data_type"] for name, column in model["columns"].items()}
        assert {name: kind.lower() for name, kind, *_ in found} == promised, model["name"]


@pytest.mark.parametrize(
    "path", sorted(PROJECT.glob("models/**/*.sql")), ids=lambda path: path.stem
)
def test_a_model_says_its_grain_reads_no_clock_and_speaks_both_dialects(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text.startswith("-- grain: one row")
    words = set(re.findall(r"[a-z_]+", re.sub(r"--.*", "", text.lower())))
    assert not words & {"now", "current_date", "current_timestamp", "today", "random"}
    assert not words & {"filter", "quantile_cont", "median", "regexp_replace", "unnest", "epoch"}
    assert "select distinct" not in text
