"""Building in process: what it says, what it leaves alone, how it fails."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import ModelError
from pipeline.models import build
from tests.sql.warehouse_rows import Rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small database in it."""
    folder = tmp_path_factory.mktemp("data")
    rows = Rows()
    rows.organisation("Zon", accounts={"town": ["zon"]})
    rows.write(folder / "luister.duckdb")
    return folder


def test_a_build_is_silent_and_leaves_nothing_open(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    result = build(folder / "luister.duckdb", select="+organisations")

    assert capfd.readouterr() == ("", "")
    assert {model.name for model in result.models} == {
        "staging.stg_organisations",
        "staging.stg_accounts",
        "staging.stg_panel",
        "staging.stg_settings",
        "intermediate.int_organisations",
        "marts.organisations",
    }
    assert "LUISTER_DATABASE" not in os.environ
    assert (folder / "dbt" / "logs" / "dbt.log").is_file()
    shutil.copy(folder / "luister.duckdb", folder / "copy.duckdb")
    with duckdb.connect(str(folder / "luister.duckdb")) as connection:
        connection.execute("update marts.organisations set role = role")


def test_a_failing_test_names_the_model_and_itself(folder: Path) -> None:
    database = folder / "luister.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("insert into conf.organisations values ('Zon', 'owner')")

    with pytest.raises(ModelError, match="found 1 bad rows") as failure:
        build(database, select="stg_organisations")

    assert failure.value.where == "stg_organisations"
    assert "stg_organisations" in failure.value.what
    assert failure.value.todo == "run `luister build --select stg_organisations`"


def test_a_model_that_cannot_be_built_is_named_with_what_hangs_on_it(folder: Path) -> None:
    database = folder / "luister.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table conf.sources")

    with pytest.raises(ModelError, match="cannot be built") as failure:
        build(database, select="stg_sources+")

    assert failure.value.where == "stg_sources"
    assert "not built because of it" in failure.value.what


def test_without_a_database_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no database"):
        build(tmp_path / "luister.duckdb")

    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_has_all_marts_and_no_numbers(tmp_path: Path) -> None:
    rows = Rows()
    rows.organisation("Zon", accounts={"town": ["zon"]})
    database = rows.write(tmp_path / "luister.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema marts; create table marts.retired as select 1 as one")

    build(database)

    with duckdb.connect(str(database), read_only=True) as connection:
        counts = dict(
            connection.execute(
                "select table_name, estimated_size from duckdb_tables() where schema_name = 'marts'"
            ).fetchall()
        )
    assert counts.pop("organisations") == counts.pop("publication") == 1
    assert counts.pop("measure_catalogue") > 60
    assert counts.pop("benchmarks") > 5
    assert "retired" not in counts, "what no model makes any more is gone"
    assert set(counts.values()) == {0}
