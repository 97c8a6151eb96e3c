"""Spark makes what DuckDB makes: every mart row for row, also on a cluster that loses a worker.

Everything runs on a standalone cluster of two workers on this machine.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

pytest.importorskip("pyspark")
pytest.importorskip("dbt.adapters.spark")
if shutil.which("java") is None:
    pytest.skip("needs Java 17", allow_module_level=True)

from benchmarks.spark import made
from pipeline import enrich
from pipeline.engine.build import build
from pipeline.engine.dialect import for_spark
from pipeline.engine.reading import read_on
from pipeline.engine.session import spark_session
from pipeline.engine.settings import SparkSettings
from pipeline.models import BuildResult
from tests.real.conversations import play
from tests.shared import shared
from tests.spark.cluster import Cluster
from tests.spark.compared import copied, differences, marts_of
from tests.spark.rendered import environment
from tests.sql.conftest import built as built
from tests.sql.towns import shared_warehouse

pytestmark = pytest.mark.spark

TEXTS = ["Wat een drama!", "Thanks, great help", "", "Hoe laat gaan jullie open?", "ok"] * 40
WORLD_POSTS = 20_000


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers that live as long as the tests of this module."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def of(cluster: Cluster) -> SparkSettings:
    """The settings of whoever uses a cluster."""
    return SparkSettings(master=cluster.address, driver_memory="1g", executor_memory="1g", parts=4)


def test_every_mart_of_the_story_is_the_same(
    built: tuple[BuildResult, str], cluster: Cluster, tmp_path: Path
) -> None:
    database = copied(Path(built[1]), tmp_path)

    result = build(database, of(cluster))

    assert differences(Path(built[1]), database) == {}
    assert {model.name for model in result.models} == {model.name for model in built[0].models}


def test_every_mart_of_random_towns_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, cluster: Cluster, tmp_path: Path
) -> None:
    towns = shared_warehouse(tmp_path_factory)
    database = copied(towns, tmp_path)

    build(database, of(cluster))

    assert differences(towns, database) == {}


def test_every_mart_of_real_conversations_is_the_same(cluster: Cluster, tmp_path: Path) -> None:
    play(tmp_path, shared("conversations", "twcs_5k.dev.csv"))
    here = tmp_path / "data" / "luister.duckdb"
    database = copied(here, tmp_path / "spark")

    build(database, of(cluster))

    assert len(marts_of(here)) > 30
    assert differences(here, database) == {}


def test_every_mart_of_the_world_is_the_same(cluster: Cluster, tmp_path: Path) -> None:
    """The same with a million posts: ``python -m benchmarks.spark --posts 1000000``."""
    here = made(tmp_path, WORLD_POSTS)
    database = copied(here, tmp_path / "spark")

    build(database, of(cluster))

    assert differences(here, database) == {}


def test_texts_are_read_as_in_the_pool(cluster: Cluster, tmp_path: Path) -> None:
    table = pa.table(
        {
            "text_key": [str(number) for number in range(len(TEXTS))],
            "text": TEXTS,
            "language": pa.array([None, "en", None, "nl", None] * 40, pa.string()),
        }
    )
    with enrich.readers(1, ["Drama"]) as reader:
        expected = reader(table)

    with spark_session(of(cluster), tmp_path) as session:
        found = read_on(session, table, 2, ["Drama"])

    assert found.equals(expected)


def test_a_print_tells_nulls_and_moments_apart(cluster: Cluster, tmp_path: Path) -> None:
    told = environment().from_string("{{ print_of(['one.at', 'other.at']) }}").render()
    moments = "values ('2025-03-03 09:00:00.000001'), ('2025-03-03 09:00:00.000002'), (null)"
    of_moments = f"(select cast(col1 as timestamp) as at from {moments})"

    with spark_session(of(cluster), tmp_path) as session:
        asked = f"select {told} as print from {of_moments} as one cross join {of_moments} as other"
        prints = [row["print"] for row in session.sql(for_spark(asked)).collect()]

    assert len(set(prints)) == len(prints) == 9


def test_what_is_small_in_its_file_alone_is_not_handed_to_every_worker(
    cluster: Cluster, tmp_path: Path
) -> None:
    rows = "select id div 10 as number, repeat('word ', 40) as text from range(300000)"
    with spark_session(of(cluster), tmp_path) as session:
        session.sql(f"create table repeated using parquet as {rows}")
        joined = session.sql("select * from repeated as one join repeated as two using (number)")
        plan = joined._jdf.queryExecution().executedPlan().toString()

    size = sum(path.stat().st_size for path in tmp_path.glob("repeated/*.parquet"))
    assert size < 1_000_000
    assert "SortMergeJoin" in plan
    assert "Broadcast" not in plan


def test_a_worker_that_is_killed_changes_nothing(
    built: tuple[BuildResult, str], tmp_path: Path
) -> None:
    """It is killed, with what it runs, as soon as ten of the tables in the middle are there."""
    database = copied(Path(built[1]), tmp_path / "data")
    tables = tmp_path / "data" / "spark" / "tables" / "intermediate.db"
    made_before: list[int] = []

    with Cluster(tmp_path / "cluster") as dying:

        def kill_when_it_is_under_way() -> None:
            while len(list(tables.glob("int_*"))) < 10:
                time.sleep(0.1)
            dying.kill(0)
            made_before.append(len(list(tables.glob("int_*"))))

        killer = threading.Thread(target=kill_when_it_is_under_way, daemon=True)
        killer.start()
        build(database, of(dying))
        killer.join(1)

    assert not killer.is_alive()
    # it was under way: much was made after it
    assert made_before[0] < len(list(tables.glob("int_*")))
    assert differences(Path(built[1]), database) == {}
