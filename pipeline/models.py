"""Build the SQL models of ``sql/``: dbt in this process, on the private database.

A build either makes everything again or adds: then only the threads that changed are made again.
It adds only to what a whole build of the same models has left in this very database; in any doubt,
or where a large part of all posts has changed, everything is made again. What the last whole build
left is noted in ``main.built``, which is gone as soon as a build begins and comes back when it has
ended well.

The statements of both kinds of build are shipped, and kept where they are others: they run without
dbt where the database holds what they expect (``pipeline.recorded``, ``pipeline.shipped``).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec

from pipeline.built import note_build
from pipeline.dbt_results import (
    RELATIONS,
    TESTS,
    BuiltModel,
    built_model,
    changes_much,
    failures_of,
    first_line,
    raise_exception,
    raise_first,
    results_of,
)
from pipeline.errors import ModelError
from pipeline.model_memory import FEW_POSTS, lanes_for, memory_for
from pipeline.model_project import PROJECT as PROJECT
from pipeline.model_project import fingerprint as fingerprint
from pipeline.model_project import rendering
from pipeline.query import exists
from pipeline.recorded import Recording, keep, play, recording, steps_of
from pipeline.shipped import shipped

CHANGING: Final = (
    "config.materialized:table",
    "config.materialized:incremental",
    "resource_type:test",
)
"""What is made or looked at again on a night that adds, in dbt's selection syntax."""
SAME, EMPTY, OTHER = "same", "empty", "other"

_PROJECTS: dict[str, Any] = {}

_ROWS: Final = "select schema_name || '.' || table_name, estimated_size from duckdb_tables()"
_RELATIONS: Final = """
    select name
    from (
        select schema_name || '.' || table_name as name, schema_name from duckdb_tables()
        union all
        select schema_name || '.' || view_name as name, schema_name from duckdb_views()
    )
    where schema_name in ('staging', 'intermediate', 'marts')
"""
_TABLES: Final = f"""
    select md5(coalesce(string_agg(name, ',' order by name), '')) from ({_RELATIONS})
"""
"""A name for the tables and views that are there: whoever drops one has it made again."""


class BuildResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a build made: its models in order, how many tests passed, and the seconds it took.

    ``is_full`` tells whether everything was made again, rather than the threads that changed.
    """

    models: list[BuiltModel]
    tests: int
    seconds: float
    is_full: bool


def build(
    database: Path,
    *,
    select: str | None = None,
    full_refresh: bool = False,
    unit_tests: bool = False,
    by_dbt: bool = False,
) -> BuildResult:
    """Build the models and run their data tests.

    Args:
        database: the private DuckDB file; nobody else may have it open.
        select: models in dbt's selection syntax, made again in full; all when None.
        full_refresh: make everything again, also what has not changed.
        unit_tests: also run the unit tests (rows given and expected), which read no data;
            everything is made again with them.
        by_dbt: have dbt do it, even where what it would do is known; its artefacts are then fresh.

    Raises:
        ModelError: a model or a test failed; names it.
    """
    begin = time.perf_counter()
    if not database.is_file():
        raise ModelError("there is no database to build from", where=str(database))
    state = fingerprint()
    before = _begin(database, state)
    is_full = before != SAME or full_refresh or unit_tests or select is not None
    is_plain = before != OTHER and select is None and not unit_tests
    while is_plain and not by_dbt:
        known = _known(database, state, is_full=is_full)
        if known is None:
            break
        models = _play(database, known, state, is_full=is_full)
        if models is not None:
            return BuildResult(
                models=models,
                tests=len(known.steps) - len(models),
                seconds=time.perf_counter() - begin,
                is_full=is_full,
            )
        if is_full:
            break
        is_full = True
    while True:
        results, rows = _run(
            database,
            _arguments(database, select, is_full=is_full, unit_tests=unit_tests),
            built=None if select else state,
            is_full=is_full,
            is_recorded=is_plain,
        )
        if is_full or not changes_much(results):
            break
        is_full = True
    raise_first(results)
    return BuildResult(
        models=[
            built_model(each, rows) for each in results if each.node.resource_type in RELATIONS
        ],
        tests=sum(result.node.resource_type in TESTS for result in results),
        seconds=time.perf_counter() - begin,
        is_full=is_full,
    )


def _known(database: Path, state: str, *, is_full: bool) -> Recording | None:
    """What dbt would do: as it did it here, or as it is shipped."""
    kind = _kind(is_full)
    here = recording(database.parent / "dbt", kind, _key(database, state))
    return here or shipped(kind, shipped_key(database))


def _kind(is_full: bool) -> str:
    return "full" if is_full else "adding"


def _key(database: Path, state: str) -> str:
    """A name for all that decides what dbt makes; relations bear the name of the database."""
    return f"{state} {database.stem} {FEW_POSTS}"


def shipped_key(database: Path) -> str:
    """A name for all that decides by which statements dbt makes it."""
    return _key(database, rendering())


def _arguments(database: Path, select: str | None, *, is_full: bool, unit_tests: bool) -> list[str]:
    """What dbt is to do."""
    arguments = ["build", *dbt_options(database.parent / "dbt")]
    if not unit_tests:
        arguments += ["--exclude-resource-type", "unit_test"]
    if select:
        # a test that looks at a model outside the selection would look at an old one
        arguments += ["--select", select, "--indirect-selection", "cautious"]
    # where the same project built everything before, its views and its lists of words still stand
    return arguments + (
        ["--full-refresh"] if is_full else ["--no-write-json", "--select", *CHANGING]
    )


def _play(
    database: Path, known: Recording, state: str, *, is_full: bool
) -> list[BuiltModel] | None:
    """Build without dbt, by what it did before; None when that did not go well."""
    try:
        with duckdb.connect(str(database)) as connection:
            done = play(
                connection,
                known,
                PROJECT,
                memory=memory_for(connection, is_full=is_full),
                lanes=lanes_for(connection, is_full=is_full),
            )
            if done is None:
                return None
            _note_built(connection, state, is_adding=not is_full)
            rows = dict(connection.execute(_ROWS).fetchall())
    except duckdb.Error as error:
        raise ModelError(first_line(str(error)), where=str(database)) from error
    return [
        BuiltModel(name=each.step.name, seconds=each.seconds, rows=rows.get(each.step.name))
        for each in done
        if each.step.kind in RELATIONS
    ]


def project(database: Path, state: str | None = None) -> Any:
    """The project as dbt reads it: that takes seconds, so once in a process.

    What dbt reads depends on the project and on what the database is called, not on what is in it.

    Args:
        database: the private DuckDB file.
        state: the fingerprint, where it is known.

    Raises:
        ModelError: dbt cannot read the project.
    """
    key = _key(database, state or fingerprint())
    if key not in _PROJECTS:
        from dbt.cli.main import dbtRunner

        options = ["parse", "--no-write-json", *dbt_options(database.parent / "dbt")]
        with surroundings(database):
            outcome = dbtRunner().invoke(options)
        raise_exception(outcome)
        _PROJECTS.clear()
        _PROJECTS[key] = outcome.result
    return _PROJECTS[key]


def _begin(database: Path, state: str) -> str:
    """What the models find, and forget that there was a build.

    Returns ``same`` for what a whole build with this fingerprint has left, ``empty`` for nothing,
    and else ``other``.
    """
    try:
        with duckdb.connect(str(database)) as connection:
            (tables,) = connection.execute(_TABLES).fetchone() or (None,)
            found = connection.execute(
                "select 1 from duckdb_tables() where schema_name = 'main' and table_name = 'built'"
            ).fetchone()
            if found is None:
                return OTHER if exists(connection, f"{_RELATIONS} limit 1") else EMPTY
            last = connection.execute("select fingerprint, tables from main.built").fetchall()
            connection.execute("drop table main.built")
            return SAME if last == [(state, tables)] else OTHER
    except duckdb.Error as error:
        raise ModelError(first_line(str(error)), where=str(database)) from error


def dbt_options(folder: Path) -> list[str]:
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


def _run(
    database: Path,
    arguments: list[str],
    *,
    built: str | None = None,
    is_full: bool = True,
    is_recorded: bool = False,
) -> tuple[list[Any], dict[str, int]]:
    """Invoke dbt; returns its results and the rows of every table, ``schema.table`` to count.

    Args:
        database: the private DuckDB file.
        arguments: what dbt is to do.
        built: fingerprint to note when all has gone well; None when this is not a whole build.
        is_full: whether everything is made again.
        is_recorded: whether what was done is kept, to be done again.
    """
    from dbt.cli.main import dbtRunner

    with duckdb.connect(str(database)) as connection:
        memory = memory_for(connection, is_full=is_full)
        # dbt makes nothing again that had too little memory beside another
        if lanes_for(connection, is_full=True) == 1:
            arguments = [*arguments, "--threads", "1"]
    others = {"LUISTER_MEMORY": memory, "LUISTER_FEW_POSTS": str(FEW_POSTS)}
    with surroundings(database, **others), connections() as cursor:
        manifest = project(database, built)
        results = results_of(dbtRunner(manifest=manifest).invoke(arguments))
        # whatever broke may have broken the database with it: nothing more is asked of it
        if failures_of(results):
            return results, {}
        if built is not None:
            if is_recorded:
                key = _key(database, built)
                _record(database, key, results, manifest, cursor(), is_full=is_full)
            _note_built(cursor(), built, is_adding=not is_full)
        return results, dict(cursor().execute(_ROWS).fetchall())


def _record(
    database: Path, key: str, results: list[Any], manifest: Any, cursor: Any, *, is_full: bool
) -> None:
    """Keep what dbt has just done."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager as Connections

    steps = steps_of(results, manifest.nodes, cursor, PROJECT, is_adding=not is_full)
    settings = {name: str(value) for name, value in Connections.env().creds.settings.items()}
    found = Recording(key=key, settings=settings, steps=steps)
    keep(database.parent / "dbt", _kind(is_full), found)


def _note_built(cursor: Any, state: str, *, is_adding: bool) -> None:
    note_build(cursor, is_adding=is_adding)
    (tables,) = cursor.execute(_TABLES).fetchone()
    cursor.execute(
        "create or replace table main.built as select ?::varchar as fingerprint, ? as tables",
        [state, tables],
    )


@contextmanager
def surroundings(database: Path, **others: str) -> Iterator[None]:
    """The variables the profile reads, and put back what was there."""
    wanted = {
        "LUISTER_DATABASE": str(database),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        **others,
    }
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
def connections() -> Iterator[Any]:
    """Dbt keeps the database open for its next call: ask it what it made, then really close it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager as Connections

    def cursor() -> Any:
        return Connections.env().conn.cursor()

    try:
        yield cursor
    finally:
        environment = Connections._ENV  # noqa: SLF001 - dbt-duckdb offers no other way to close it
        Connections.close_all_connections()
        if environment is not None:
            environment.close()
