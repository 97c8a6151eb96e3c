"""What dbt did once is done again without it, and comes to the same."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Timer
from types import SimpleNamespace
from typing import Any

import duckdb
import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from docs.recorded import without_posts
from pipeline import models, recorded
from pipeline.errors import ModelError
from pipeline.models import PROJECT, build, shipped_key
from pipeline.recorded import Recording, Step, keep, play, recording
from pipeline.shipped import _shipped, in_order, shipped
from tests.sql.towns import shared_warehouse, warehouse_rows

COLUMNS = """
    select schema_name, table_name, column_name, data_type, is_nullable, comment
    from duckdb_columns() where schema_name in ('staging', 'intermediate', 'marts') order by all
"""
RELATIONS = """
    select schema_name || '.' || name as name, comment
    from (
        select schema_name, table_name as name, comment from duckdb_tables()
        union all
        select schema_name, view_name as name, comment from duckdb_views()
    )
    where schema_name in ('staging', 'intermediate', 'marts') order by all
"""


@pytest.fixture(scope="module")
def by_dbt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The towns, built by dbt; what it did lies beside them."""
    return shared_warehouse(tmp_path_factory)


@pytest.fixture
def nobody_asks_dbt(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("dbt was asked")

    monkeypatch.setattr(models, "_run", refuse)


@pytest.fixture
def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "_KEPT", {})


def beside(by_dbt: Path, folder: Path) -> Path:
    """A data folder in which dbt has built these models, but not this database."""
    (folder / "dbt").mkdir()
    shutil.copy(by_dbt.parent / "dbt" / "recorded-full.json", folder / "dbt")
    return folder / by_dbt.name


@pytest.mark.usefixtures("nobody_asks_dbt", "another_process")
def test_a_build_without_dbt_leaves_what_dbt_leaves(by_dbt: Path, tmp_path: Path) -> None:
    database = warehouse_rows().write(beside(by_dbt, tmp_path))

    result = build(database)

    assert result.is_full
    with (
        duckdb.connect(str(by_dbt), read_only=True) as theirs,
        duckdb.connect(str(database), read_only=True) as ours,
    ):
        assert ours.execute(COLUMNS).fetchall() == theirs.execute(COLUMNS).fetchall()
        relations = ours.execute(RELATIONS).fetchall()
        assert relations == theirs.execute(RELATIONS).fetchall()
        assert {model.name for model in result.models} == {name for name, _ in relations}
        ours.execute(f"attach '{by_dbt}' as dbt (read_only)")
        for name, _ in relations:
            ((differing,),) = ours.execute(
                f"select count(*) from ((from {name} except all from dbt.{name}) "
                f"union all (from dbt.{name} except all from {name}))"
            ).fetchall()
            assert differing == 0, name
    assert result.tests > 100


@pytest.mark.usefixtures("another_process")
def test_where_a_step_does_not_go_well_dbt_says_what_is_wrong(
    by_dbt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = warehouse_rows().write(beside(by_dbt, tmp_path))
    with duckdb.connect(str(database)) as connection:
        connection.execute("insert into conf.organisations values ('Zon', 'owner')")
    asked: list[list[str]] = []

    def refuse(_: Path, arguments: list[str], **__: Any) -> None:
        asked.append(arguments)
        raise ModelError("said by dbt")

    monkeypatch.setattr(models, "_run", refuse)

    with pytest.raises(ModelError, match="said by dbt"):
        build(database)

    assert "--full-refresh" in asked[0]
    with duckdb.connect(str(database)) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert ("built",) not in tables, "the next build begins anew"


@pytest.mark.usefixtures("another_process")
def test_what_was_kept_counts_for_the_same_models_only(tmp_path: Path) -> None:
    kept = Recording(key="these", settings={}, steps=[])
    keep(tmp_path, "full", kept)

    assert recording(tmp_path, "full", "these") == kept
    assert recording(tmp_path, "full", "others") is None
    assert recording(tmp_path, "adding", "these") is None
    recorded._KEPT.clear()
    assert recording(tmp_path, "full", "these") == kept, "the next process finds it"
    assert recording(tmp_path, "full", "others") is None
    recorded._KEPT.clear()
    (tmp_path / "recorded-full.json").write_text('{"key": "these"', encoding="utf-8")
    assert recording(tmp_path, "full", "these") is None


@pytest.mark.usefixtures("nobody_asks_dbt", "another_process")
def test_nobody_waits_for_dbt_not_even_the_first_night(tmp_path: Path) -> None:
    database = without_posts(tmp_path)

    first, second = build(database), build(database)

    assert (first.is_full, second.is_full) == (True, False)
    assert first.tests == second.tests > 100


def test_what_is_shipped_is_what_dbt_does(by_dbt: Path, tmp_path: Path) -> None:
    """Where this fails: `python -m docs.recorded`."""
    folder = tmp_path / "adding"
    shutil.copytree(by_dbt.parent, folder)
    assert not build(folder / by_dbt.name, by_dbt=True).is_full

    for kind, place in (("full", by_dbt.parent), ("adding", folder)):
        told = (place / "dbt" / f"recorded-{kind}.json").read_bytes()
        done = msgspec.json.decode(told, type=Recording)
        found = shipped(kind, shipped_key(by_dbt))
        assert found is not None, "another project, or other versions"
        assert found.steps == in_order(done.steps)
        assert found.settings == {
            name: told for name, told in done.settings.items() if name != "memory_limit"
        }


@pytest.fixture
def read_anew() -> Iterator[Callable[[], None]]:
    """What is shipped is read again by whoever asks next."""
    yield _shipped.cache_clear
    _shipped.cache_clear()


def test_what_is_shipped_counts_for_the_same_project_only(
    tmp_path: Path, read_anew: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = shipped_key(tmp_path / "luister.duckdb")
    assert shipped("full", key) is not None
    assert shipped("full", f"{key}0") is None
    for content in (None, b"{", b"{}", b"\xff"):
        path = tmp_path / "recorded.json"
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setattr("pipeline.shipped.PATH", path)
        read_anew()
        assert shipped("full", key) is None


@given(st.randoms())
def test_the_order_of_steps_does_not_hang_on_the_one_they_came_in(random: Random) -> None:
    """A diamond, a step that waits for nothing, and one at the end of a chain."""
    reads = {"a": "", "b": "a", "c": "a", "d": "bc", "e": "", "f": "d"}
    names = list(reads)
    random.shuffle(names)
    names.sort(key=lambda name: len(_all_before(name, reads)))
    steps = [
        Step(name=name, kind="model", code="", after=[names.index(each) for each in reads[name]])
        for name in names
    ]

    ordered = in_order(steps)

    assert [step.name for step in ordered] == ["a", "b", "c", "d", "e", "f"]
    assert [step.after for step in ordered] == [[], [0], [0], [1, 2], [], [3]]


def _all_before(name: str, reads: dict[str, str]) -> set[str]:
    return set(reads[name]).union(*(_all_before(each, reads) for each in reads[name]))


def test_a_step_that_fails_leaves_nothing_half_done() -> None:
    def steps(second: str) -> Recording:
        code = f"create table marts.one as select 1 as one; {second}"
        return Recording(
            key="", settings={}, steps=[Step(name="marts.one", kind="model", code=code, after=[])]
        )

    with duckdb.connect() as connection:
        assert play(connection, steps("select * from marts.gone"), PROJECT) is None
        assert connection.execute("select table_name from duckdb_tables()").fetchall() == []
        done = play(connection, steps("select 1"), PROJECT, memory="500MB")
        assert done is not None
        assert connection.execute("select current_setting('memory_limit')").fetchall() == [
            ("476.8 MiB",)
        ]


def test_whoever_presses_ctrl_c_does_not_wait_for_a_long_statement() -> None:
    code = "create table marts.long as select count(*) from range(10_000_000), range(10_000_000)"
    step = Step(name="marts.long", kind="model", code=code, after=[])
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        with duckdb.connect() as connection, pytest.raises(KeyboardInterrupt):
            play(connection, Recording(key="", settings={}, steps=[step]), PROJECT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_step_waits_for_what_it_reads_here_a_view(by_dbt: Path) -> None:
    kept = msgspec.json.decode(
        (by_dbt.parent / "dbt" / "recorded-full.json").read_bytes(), type=Recording
    )
    places = {step.name: place for place, step in enumerate(kept.steps)}
    view, reader = places["intermediate.int_addressed"], places["intermediate.int_talk_days"]

    assert all(other < place for place, step in enumerate(kept.steps) for other in step.after)
    assert view in kept.steps[reader].after
    assert places["intermediate.int_asked"] in kept.steps[view].after


def test_a_test_that_finds_bad_rows_fails() -> None:
    code = "select 1 as failures, false as should_warn, {} as should_error"
    with duckdb.connect() as connection:
        for is_failure in (False, True):
            told = Step(name="test", kind="test", code=code.format(is_failure), after=[])
            recorded_test = Recording(key="", settings={}, steps=[told])
            assert (play(connection, recorded_test, PROJECT) is None) == is_failure


def test_no_checkpoint_of_a_build_moves_rows() -> None:
    """A night notes where rows stand in one step and reads them there in another."""
    profile = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    assert profile["luister"]["outputs"]["duckdb"]["settings"]["max_vacuum_tasks"] == 0


def test_of_a_database_that_broke_with_a_model_nothing_more_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the model, whatever DuckDB would say by then."""
    database = tmp_path / "luister.duckdb"
    duckdb.connect(str(database)).close()
    node = SimpleNamespace(name="int_posts", schema="intermediate", resource_type="model")
    failed = SimpleNamespace(node=node, status="error", message="the disk is full", failures=None)
    outcome = SimpleNamespace(result=SimpleNamespace(results=[failed]), exception=None)

    @contextmanager
    def broken() -> Iterator[Any]:
        def cursor() -> Any:
            raise duckdb.FatalException("database has been invalidated")

        yield cursor

    monkeypatch.setattr(models, "connections", broken)
    monkeypatch.setattr(models, "project", lambda *_: None)
    runner = SimpleNamespace(invoke=lambda _: outcome)
    monkeypatch.setattr("dbt.cli.main.dbtRunner", lambda **_: runner)

    with pytest.raises(ModelError, match="int_posts cannot be built: the disk is full"):
        build(database)
