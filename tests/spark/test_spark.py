"""Spark makes what DuckDB makes: every mart row for row, also on a cluster that loses a worker."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

pytest.importorskip("pyspark")
pytest.importorskip("dbt.adapters.spark")
if shutil.which("java") is None:
    pytest.skip("needs Java 17", allow_module_level=True)

from pipeline import enrich
from pipeline.engine.build import build
from pipeline.engine.reading import read_on
from pipeline.engine.session import spark_session
from pipeline.engine.settings import SparkSettings
from pipeline.models import BuildResult
from tests.spark.cluster import Cluster
from tests.spark.compared import differences
from tests.sql.conftest import built as built
from tests.sql.towns import shared_warehouse

pytestmark = pytest.mark.spark

HERE = SparkSettings(master="local[2]", driver_memory="2g", parts=2)
TEXTS = ["Wat een drama!", "Thanks, great help", "", "Hoe laat gaan jullie open?", "ok"] * 40


def copied(path: str, folder: Path) -> Path:
    """A copy of a database to build in; its tables of before are gone."""
    database = folder / "luister.duckdb"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, database)
    with duckdb.connect(str(database)) as connection:
        for schema in ("marts", "intermediate", "staging"):
            connection.execute(f"drop schema if exists {schema} cascade")
    return database


def test_every_mart_of_the_story_is_the_same(
    built: tuple[BuildResult, str], tmp_path: Path
) -> None:
    database = copied(built[1], tmp_path)

    result = build(database, HERE)

    assert differences(Path(built[1]), database) == {}
    assert {model.name for model in result.models} == {model.name for model in built[0].models}


def test_every_mart_of_random_towns_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    towns = shared_warehouse(tmp_path_factory)
    database = copied(str(towns), tmp_path)

    build(database, HERE)

    assert differences(towns, database) == {}


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with Cluster(tmp_path / "cluster") as started:
        yield started


def test_a_worker_that_is_killed_changes_nothing(
    built: tuple[BuildResult, str], cluster: Cluster, tmp_path: Path
) -> None:
    database = copied(built[1], tmp_path / "data")
    settings = SparkSettings(
        master=cluster.address, driver_memory="1g", executor_memory="512m", parts=4
    )
    tables = tmp_path / "data" / "spark" / "tables" / "intermediate.db"

    def kill_when_it_is_under_way() -> None:
        while len(list(tables.glob("int_*"))) < 10:
            time.sleep(0.1)
        cluster.kill(0)

    killer = threading.Thread(target=kill_when_it_is_under_way, daemon=True)
    killer.start()
    build(database, settings)

    killer.join(1)
    assert not killer.is_alive()
    assert differences(Path(built[1]), database) == {}


def test_texts_are_read_as_in_the_pool(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text_key": [str(number) for number in range(len(TEXTS))],
            "text": TEXTS,
            "language": pa.array([None, "en", None, "nl", None] * 40, pa.string()),
        }
    )
    with enrich.readers(1, ["Drama"]) as reader:
        expected = reader(table)

    with spark_session(HERE, tmp_path) as session:
        found = read_on(session, table, 2, ["Drama"])

    assert found.equals(expected)
