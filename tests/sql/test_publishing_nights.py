"""A night published by copying what stands is what writing everything would have made of it."""

from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import standing
from pipeline.models import BuildResult, build
from pipeline.privacy import key_id, published_key
from pipeline.publish import publish
from tests.sql.conftest import after, story
from tests.sql.test_adding import Town
from tests.sql.warehouse_rows import Rows

THANKS = "dank aan Gerda voor de tip"
NOW = datetime(2025, 4, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def of_few_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of so few posts any change is one of many."""
    monkeypatch.setattr(standing, "SHARE", 0)


def published(database: Path, run: str) -> tuple[dict[str, list[Any]], int]:
    """All that analysts see after a publication, and how many in a row copied rows."""
    data = database.parent
    with duckdb.connect(str(database)) as connection:
        path = publish(connection, data, f"run-{run}", NOW, check=lambda _: None)
        name = key_id(published_key(data / "keys", NOW.date()))
        found = standing.last_publication(connection, path.parent, name)
    assert found is not None
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
        return {
            table: sorted(connection.execute(f"from marts.{table}").fetchall(), key=repr)
            for (table,) in tables
        }, found.copies


def compare(database: Path, run: str) -> dict[str, list[Any]]:
    """Publish by copying and again from the marts alone; what is seen of both."""
    copied, copies = published(database, run)
    with duckdb.connect(str(database)) as connection:
        standing.forget(connection)
    whole, none = published(database, run)
    assert (copies, none) == (1, 0)
    assert copied.keys() == whole.keys()
    for name, rows in whole.items():
        assert copied[name] == rows, name
    return copied


def fill(database: Path, rows: Rows) -> None:
    with duckdb.connect(str(database)) as connection:
        rows.fill(connection)


def test_a_night_of_answers_edits_and_deletions(
    built: tuple[BuildResult, str], tmp_path: Path
) -> None:
    database = tmp_path / "luister.duckdb"
    shutil.copy(built[1], database)
    rows = story()
    # the same words in two conversations, in one of which somebody will be called so
    for number in (1, 2):
        rows.post(f"thanks {number}", "zon", after(days=8), mentions=["eva"], text=THANKS)
    fill(database, rows)
    build(database, full_refresh=True)
    published(database, "1")
    rows.post("late", "zon", after(days=9), parent="carla", text="hallo Gerda, mail me")
    rows.post("new", "gerda", after(days=9, hours=1), mentions=["zon"], intents=["question"])
    rows.post("gerda on thanks", "gerda", after(days=9, hours=2), parent="thanks 1")
    rows.author("town", "gerda", None, "Gerda")
    (edited,) = [row for row in rows.tables["raw.posts"] if row["post_id"] == "carla"]
    edited |= {"text": "bel 06-12345678, says @bob", "text_key": "of the edited text"}
    del rows.tables["raw.posts"][5]
    fill(database, rows)
    assert not build(database).is_full

    shown = compare(database, "2")
    assert [row for row in shown["posts"] if THANKS in row] == []


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(2))
def test_random_nights(tmp_path: Path, seed: int) -> None:
    town = Town(random.Random(seed))
    for _ in range(15):
        town.say()
    database = tmp_path / "luister.duckdb"
    town.rows().write(database)
    build(database)
    published(database, "0")
    for each in range(6):
        town.night()
        fill(database, town.rows())
        if not build(database).is_full:
            compare(database, str(each + 1))
        else:
            published(database, str(each + 1))
