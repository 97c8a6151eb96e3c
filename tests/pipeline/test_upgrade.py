"""A database of any earlier version is brought up to date, and a night on it ends as any other."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors import load as connector_of
from pipeline import manifest
from pipeline import night as steps
from pipeline.config import Config
from pipeline.errors import LandingError, WarehouseError
from pipeline.landing import Landing
from pipeline.understand import understand
from pipeline.warehouse import canonical_export, open_warehouse, read_status
from pipeline.world import simulate
from tests.night.played import TODAY, staged
from tests.pipeline.landed import CONFIG, NOW, gone, landed, later, load, one, post
from tests.pipeline.upgrading import STEPS, make_older, rows_of, schema_of

EARLIER = range(1, len(STEPS))
ACME = Config.model_validate(CONFIG)


def understood(data: Path) -> None:
    """What a night does after its load, up to the models."""
    with open_warehouse(data) as warehouse:
        understand(warehouse, ACME)


@pytest.fixture(scope="module")
def of_today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as this version leaves it."""
    data = tmp_path_factory.mktemp("today")
    with open_warehouse(data) as warehouse:
        warehouse.write_configuration(ACME)
        warehouse.begin_run("1", NOW, "0.1.0")
        load(warehouse, "1", post(text="Acme is down"), post("p2", text="ok", parent_id="p1"))
        load(warehouse, "2", post(text="Acme is up", observed_at=later(2)), gone("p2"))
        load(warehouse, "3", post("p3", text="@acmecare waarom werkt het niet?"), status="partial")
        warehouse.finish_run("1", "completed")
    understood(data)
    return data


@pytest.mark.fault(37)
@pytest.mark.parametrize("version", EARLIER, ids=lambda number: STEPS[number - 1][:4])
def test_every_earlier_version_is_brought_up_to_date_and_kept(
    of_today: Path, tmp_path: Path, version: int
) -> None:
    make_older(of_today / "luister.duckdb", tmp_path / "luister.duckdb", version)
    shutil.copytree(of_today / "keys", tmp_path / "keys")
    with duckdb.connect(str(tmp_path / "luister.duckdb"), read_only=True) as database:
        before = rows_of(database)

    understood(tmp_path)

    with open_warehouse(tmp_path) as warehouse, open_warehouse(of_today) as today:
        assert schema_of(warehouse.database) == schema_of(today.database)
        assert canonical_export(warehouse) == canonical_export(today)
        told, fresh = rows_of(warehouse.database), rows_of(today.database)
    for table in ("enriched.texts", "enriched.matches", "enriched.matched_posts", "raw.posts"):
        assert told[table] == fresh[table]
        assert told[table]
    kept = tmp_path / f"luister.duckdb.before-{STEPS[version].removesuffix('.sql')}"
    assert [path.name for path in tmp_path.glob("*.before-*")] == [kept.name]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with duckdb.connect(str(kept), read_only=True) as database:
        assert rows_of(database) == before


def test_what_is_up_to_date_is_not_kept_twice(tmp_path: Path) -> None:
    open_warehouse(tmp_path).close()
    open_warehouse(tmp_path).close()

    assert list(tmp_path.glob("*.before-*")) == []


@pytest.mark.fault(37)
def test_going_back_is_refused_and_says_how(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        warehouse.database.execute("insert into main.migrations values ('9999_later.sql', now())")

    for ask in (open_warehouse, read_status):
        with pytest.raises(WarehouseError, match=r"newer Luister \(9999_later.sql\)") as raised:
            ask(tmp_path)
        assert "luister restore" in raised.value.todo
    assert list(tmp_path.glob("*.before-*")) == []


@pytest.mark.fault(37)
def test_a_copy_that_cannot_be_written_leaves_all_as_it_was(of_today: Path, tmp_path: Path) -> None:
    make_older(of_today / "luister.duckdb", tmp_path / "luister.duckdb", 1)
    (tmp_path / "luister.duckdb.before-0002_ledgers").mkdir()

    with pytest.raises(WarehouseError, match="cannot be kept"):
        open_warehouse(tmp_path)
    with duckdb.connect(str(tmp_path / "luister.duckdb"), read_only=True) as database:
        assert database.execute("select name from migrations").fetchall() == [(STEPS[0],)]


OLDEST = (
    *("run_id", "source", "platform", "asked_from", "asked_through", "status", "error_code"),
    *("error", "sha256", "posts_count", "left_out_count", "rejected", "gaps", "usage"),
    *("validators", "seconds"),
)
"""What the first manifests said; all that came since may be missing."""


def rewritten(path: Path, change: Any) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(change(told)), encoding="utf-8")


@pytest.mark.fault(37)
def test_what_the_first_version_landed_is_loaded(tmp_path: Path) -> None:
    file = landed(tmp_path, "1", post())
    rewritten(file.path.with_suffix(".json"), lambda told: {name: told[name] for name in OLDEST})

    with open_warehouse(tmp_path) as warehouse:
        assert one(warehouse, "select text from raw.posts") == "text of p1"


@pytest.mark.fault(37)
def test_what_a_newer_version_landed_is_refused_and_left_where_it_is(tmp_path: Path) -> None:
    open_warehouse(tmp_path).close()
    path = landed(tmp_path, "1", post()).path.with_suffix(".json")
    rewritten(path, lambda told: told | {"format": manifest.FORMAT + 1})

    with pytest.raises(LandingError, match="newer Luister"):
        Landing(tmp_path / "landing").files()
    assert path.exists()


MARTS = """
    select table_name from duckdb_tables() where schema_name = 'marts'
        and table_name not in ('publication', 'runs', 'sources', 'incidents', 'coverage_runs')
    order by 1
"""
"""All but those that tell of runs before: what the oldest did not note stays unknown."""


@pytest.mark.fault(37)
@pytest.mark.thorough
def test_a_night_on_the_oldest_database_says_what_a_fresh_one_says(tmp_path: Path) -> None:
    """All of a night: the marts of both are the same, row for row."""
    with staged(tmp_path, simulate(7, TODAY, days=6, persons=30, busyness=0.5)) as stage:
        stage.play()
        older = tmp_path / "older"
        shutil.copytree(stage.data, older, symlinks=True)
        (older / "luister.duckdb").unlink()
        make_older(stage.data / "luister.duckdb", older / "luister.duckdb", 1)
        began = stage.next_run()
        for data in (stage.data, older):
            config = stage.config.model_copy(update={"data": data})
            steps.run(steps.open_night(config, f"{began:%Y%m%dT%H%M%SZ}-abcdef"), connector_of)

    with duckdb.connect(str((older / "analytics.duckdb").resolve()), read_only=True) as database:
        fresh = (stage.data / "analytics.duckdb").resolve()
        database.execute(f"attach '{fresh}' as fresh (read_only)")
        tables = [name for (name,) in database.execute(MARTS).fetchall()]
        differing = [
            name
            for name in tables
            if database.execute(
                f"from marts.{name} except all from fresh.marts.{name} union all "
                f"(from fresh.marts.{name} except all from marts.{name}) limit 1"
            ).fetchall()
        ]
    assert len(tables) > 20
    assert differing == []
