"""Build the SQL models on Spark: the same project, another engine, the same tables after it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from pipeline.dbt_results import RELATIONS, built_model, raise_first, results_of
from pipeline.engine.exchange import READ_ELSEWHERE, bring_back, export, show
from pipeline.engine.session import spark_session
from pipeline.engine.settings import SparkSettings
from pipeline.errors import ModelError
from pipeline.models import BuildResult, dbt_options, surroundings

MARTS = "marts"


def build(database: Path, settings: SparkSettings) -> BuildResult:
    """Make all models on Spark and put the marts into the database, in place of what was there.

    Args:
        database: the private DuckDB file; nobody else may have it open.
        settings: which Spark.

    Raises:
        ConfigError: Spark is not installed.
        ModelError: a model failed, or Spark; the tables that were in the database stay.
    """
    begin = time.perf_counter()
    if not database.is_file():
        raise ModelError("there is no database to build from", where=str(database))
    folder = (settings.folder or database.parent / "spark").resolve()
    tables = folder / "tables"
    shutil.rmtree(tables, ignore_errors=True)
    names = export(database, folder / "sources")
    with spark_session(settings, tables) as session:
        show(session, folder / "sources", names)
        nodes = _run(database.parent / "dbt" / "spark")
    made = {f"{each.node.schema}.{each.node.name}": each.node for each in nodes}
    wanted = [name for name in made if name.startswith(f"{MARTS}.") or name in READ_ELSEWHERE]
    rows = bring_back(database, tables, made, wanted)
    return BuildResult(
        models=[built_model(each, rows) for each in nodes],
        tests=0,
        seconds=time.perf_counter() - begin,
        is_full=True,
    )


def _run(folder: Path) -> list[Any]:
    """Invoke dbt in this process on the open session; returns its results, models and seeds."""
    from dbt.cli.main import dbtRunner

    from pipeline.engine.inside_dbt import ours

    arguments = ["build", "--target", "spark", "--full-refresh", *dbt_options(folder)]
    for kind in ("unit_test", "test"):
        arguments += ["--exclude-resource-type", kind]
    # the profile names a DuckDB file, which nobody opens now
    with surroundings(Path(":memory:")), ours():
        results = results_of(dbtRunner().invoke(arguments))
    raise_first(results)
    return [each for each in results if each.node.resource_type in RELATIONS]
