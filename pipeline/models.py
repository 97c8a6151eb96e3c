"""Build the SQL models of ``sql/``: dbt in this process, on the private database."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.errors import ModelError

PROJECT: Final = Path(__file__).resolve().parent.parent / "sql"
RELATIONS: Final = ("model", "seed")
FAILED: Final = ("error", "fail", "runtime error")


class BuiltModel(msgspec.Struct, frozen=True, kw_only=True):
    """One model that was built.

    ``name`` is ``schema.model``; ``rows`` is None for a view, which holds none.
    """

    name: str
    seconds: float
    rows: int | None


class BuildResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a build made: its models in order, how many tests passed, and the seconds it took."""

    models: list[BuiltModel]
    tests: int
    seconds: float


def build(
    database: Path,
    *,
    select: str | None = None,
    full_refresh: bool = False,
    unit_tests: bool = False,
) -> BuildResult:
    """Build the models and run their data tests.

    Args:
        database: the private DuckDB file; nobody else may have it open.
        select: models in dbt's selection syntax; all when None.
        full_refresh: rebuild incremental models from nothing.
        unit_tests: also run the unit tests (rows given and expected), which read no data.

    Raises:
        ModelError: a model or a test failed; names it.
    """
    begin = time.perf_counter()
    if not database.is_file():
        raise ModelError("there is no database to build from", where=str(database))
    arguments = ["build", *_options(database.parent / "dbt")]
    if not unit_tests:
        arguments += ["--exclude-resource-type", "unit_test"]
    if select:
        # a test that looks at a model outside the selection would look at an old one
        arguments += ["--select", select, "--indirect-selection", "cautious"]
    if full_refresh:
        arguments += ["--full-refresh"]
    results, rows = _run(database, arguments)
    _raise_first(results)
    return BuildResult(
        models=[
            _built(result, rows) for result in results if result.node.resource_type in RELATIONS
        ],
        tests=sum(result.node.resource_type not in RELATIONS for result in results),
        seconds=time.perf_counter() - begin,
    )


def _options(folder: Path) -> list[str]:
    """All that dbt writes goes into the data folder; nothing to the screen or the network."""
    return [
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(PROJECT),
        "--target-path",
        str(folder / "target"),
        "--log-path",
        str(folder / "logs"),
        "--log-level",
        "none",
        "--log-level-file",
        "info",
        "--no-send-anonymous-usage-stats",
        "--no-version-check",
        "--no-use-colors",
    ]


def _run(database: Path, arguments: list[str]) -> tuple[list[Any], dict[str, int]]:
    """Invoke dbt; returns its results and the rows of every table, ``schema.table`` to count."""
    from dbt.cli.main import dbtRunner

    with _surroundings(database), _connections() as rows:
        outcome = dbtRunner().invoke(arguments)
        results = list(getattr(outcome.result, "results", None) or [])
        if outcome.exception is not None and not results:
            raise ModelError(_first_line(str(outcome.exception))) from outcome.exception
        return results, rows()


@contextmanager
def _surroundings(database: Path) -> Iterator[None]:
    """The variables the profile reads, and put back what was there."""
    wanted = {"LUISTER_DATABASE": str(database), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _connections() -> Iterator[Any]:
    """Dbt keeps the database open for its next call: ask it for counts, then really close it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager as Connections

    def rows() -> dict[str, int]:
        cursor = Connections.env().conn.cursor()
        found = cursor.execute(
            "select schema_name || '.' || table_name, estimated_size from duckdb_tables()"
        ).fetchall()
        return dict(found)

    try:
        yield rows
    finally:
        environment = Connections._ENV  # noqa: SLF001 - dbt-duckdb offers no other way to close it
        Connections.close_all_connections()
        if environment is not None:
            environment.close()


def _built(result: Any, rows: dict[str, int]) -> BuiltModel:
    name = f"{result.node.schema}.{result.node.name}"
    return BuiltModel(name=name, seconds=float(result.execution_time), rows=rows.get(name))


def _raise_first(results: list[Any]) -> None:
    """Raise for the first failure; what was skipped because of it is only counted."""
    failures = [result for result in results if str(result.status) in FAILED]
    if not failures:
        return
    first = failures[0]
    skipped = sum(str(result.status) == "skipped" for result in results)
    others = f"; {len(failures) - 1} more failed" if len(failures) > 1 else ""
    left_out = f"; {skipped} not built because of it" if skipped else ""
    raise ModelError(
        f"{_complaint(first)}{others}{left_out}",
        where=_model_of(first.node),
        todo=f"run `luister build --select {_model_of(first.node)}`",
    )


def _complaint(result: Any) -> str:
    if str(result.status) == "fail" and result.node.resource_type == "test":
        return f"test {result.node.name} found {result.failures or 0} bad rows"
    if str(result.status) == "fail" and result.node.resource_type == "unit_test":
        return f"unit test {result.node.name} got other rows than it expects"
    return f"{result.node.name} cannot be built: {_first_line(result.message or '')}"


def _model_of(node: Any) -> str:
    """The model a node is, or tests."""
    attached = getattr(node, "attached_node", None) or getattr(node, "tested_node_unique_id", None)
    if attached:
        return str(attached).rsplit(".", 1)[-1]
    return str(getattr(node, "model", None) or node.name)


def _first_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    # dbt's first line only says in which file; the second says what
    return " ".join(lines[:2])
