"""Rows that would leave as they did are copied from the last publication; in any doubt none is."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import standing
from pipeline.built import last_build, note_build
from pipeline.engine.exchange import bring_back
from pipeline.forget_rows import from_database
from pipeline.hardened import ask_hardened
from pipeline.privacy import key_id, published_key, rotate
from pipeline.standing import WHOLE_AFTER, last_publication
from pipeline.suppress import add
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import NOW

MARTS = """
    create schema marts;
    create schema intermediate;
    create table marts.publication (run_id varchar, published_at timestamptz);
    insert into marts.publication values (null, null);
    create table marts.posts (post_key varchar, author_key varchar, text varchar);
    create table marts.post_roles (organisation varchar, post_key varchar);
    create table intermediate.int_changed_keys (post_key varchar);
    create table intermediate.int_changed_rows (post_number bigint);
    create table intermediate.int_keys (post_number bigint, post_key varchar);
    create table main.built (fingerprint varchar);
"""


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Warehouse]:
    # of so few posts any change is one of many
    monkeypatch.setattr(standing, "SHARE", 1)
    with open_warehouse(tmp_path / "data") as opened:
        opened.database.execute(MARTS)
        for number in range(20):
            say(opened, number, f"text {number}")
        note_build(opened.database, is_adding=False)
        yield opened


def say(warehouse: Warehouse, number: int, text: str) -> None:
    name = f"p{number}"
    database = warehouse.database
    database.execute("insert into marts.posts values (?, 'somebody', ?)", [name, text])
    database.execute("insert into marts.post_roles values ('Zon', ?)", [name])
    database.execute("insert into intermediate.int_keys values (?, ?)", [number, name])


def night(
    warehouse: Warehouse, *, gone: tuple[int, ...] = (), told: dict[int, str] | None = None
) -> None:
    """A build that adds: posts that are gone, and those that are new or other than before."""
    database = warehouse.database
    database.execute("delete from intermediate.int_changed_keys")
    database.execute("delete from intermediate.int_changed_rows")
    for number in (*gone, *(told or {})):
        for table in ("marts.posts", "marts.post_roles", "intermediate.int_keys"):
            database.execute(f"delete from {table} where post_key = 'p{number}'")
        database.execute(f"insert into intermediate.int_changed_keys values ('p{number}')")
    for number, text in (told or {}).items():
        say(warehouse, number, text)
        database.execute("insert into intermediate.int_changed_rows values (?)", [number])
    note_build(database, is_adding=True)


def unnoticed(warehouse: Warehouse, text: str = "unnoticed") -> None:
    """Change a mart behind the back of the models: only what is copied does not show it."""
    warehouse.database.execute("update marts.posts set text = ? where post_key = 'p1'", [text])


def texts(warehouse: Warehouse, run: str) -> list[str]:
    path = warehouse.publish(run, NOW)
    rows: list[str] = [
        text for (text,) in ask_hardened(path, "select text from marts.posts", seconds=9)[1]
    ]
    return sorted(rows)


def is_copied(warehouse: Warehouse, run: str) -> bool:
    """Whether the next publication takes rows of the one before."""
    unnoticed(warehouse, f"unnoticed before {run}")
    return f"unnoticed before {run}" not in texts(warehouse, run)


def test_what_a_night_changed_is_written_and_all_else_is_copied(warehouse: Warehouse) -> None:
    before = texts(warehouse, "1")
    night(warehouse, gone=(3,), told={4: "other words", 20: "bel 06-12345678"})
    unnoticed(warehouse)

    found = texts(warehouse, "2")

    expected = set(before) - {"text 3", "text 4"} | {"other words", "bel [phone]"}
    assert found == sorted(expected)
    rows = ask_hardened(
        warehouse.data / "analytics.duckdb",
        "select count(distinct post_key), count(distinct author_key), (select count(*) from "
        "marts.post_roles semi join marts.posts using (post_key)) from marts.posts",
        seconds=9,
    )[1]
    assert rows == [(20, 1, 20)]


def test_nothing_of_a_post_that_is_gone_is_in_the_bytes(warehouse: Warehouse) -> None:
    night(warehouse, told={3: "swordfish"})
    assert "swordfish" in texts(warehouse, "1")
    night(warehouse, gone=(3,))
    texts(warehouse, "2")

    content = (warehouse.data / "analytics.duckdb").resolve().read_bytes()
    assert b"swordfish" not in content


def test_the_same_build_may_be_published_again(warehouse: Warehouse) -> None:
    texts(warehouse, "1")
    night(warehouse, told={4: "other words"})
    found = texts(warehouse, "2")

    assert is_copied(warehouse, "2")
    assert texts(warehouse, "3") == found


def test_a_night_that_was_not_published_in_between_makes_all_new(warehouse: Warehouse) -> None:
    texts(warehouse, "1")
    night(warehouse, told={4: "once"})
    night(warehouse, told={5: "twice"})

    assert not is_copied(warehouse, "2")


def test_after_a_build_that_made_everything_again_all_is_new(warehouse: Warehouse) -> None:
    texts(warehouse, "1")
    note_build(warehouse.database, is_adding=False)

    assert not is_copied(warehouse, "2")


def test_after_a_build_that_did_not_end_all_is_new(warehouse: Warehouse) -> None:
    texts(warehouse, "1")
    warehouse.database.execute("drop table main.built")

    assert not is_copied(warehouse, "2")


def test_other_rules_make_all_new(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    texts(warehouse, "1")
    monkeypatch.setattr(standing, "rules", lambda: "others")

    assert not is_copied(warehouse, "2")


def test_another_key_makes_all_new(warehouse: Warehouse) -> None:
    texts(warehouse, "1")
    assert rotate(warehouse.data / "keys", NOW.date() + timedelta(days=90), 90)

    assert not is_copied(warehouse, "2")


def test_another_column_makes_that_mart_new(warehouse: Warehouse) -> None:
    texts(warehouse, "1")
    warehouse.database.execute("alter table marts.posts add column likes_count bigint")

    assert not is_copied(warehouse, "2")


@pytest.mark.parametrize("harm", ["touched", "cut", "damaged", "gone"])
def test_a_file_that_is_not_as_it_was_left_is_not_copied(warehouse: Warehouse, harm: str) -> None:
    texts(warehouse, "1")
    path = (warehouse.data / "analytics.duckdb").resolve()
    told = path.stat()
    if harm == "touched":
        os.utime(path, (1, 1))
    elif harm == "gone":
        path.unlink()
    else:
        content = path.read_bytes()
        path.write_bytes(content[:-4096] if harm == "cut" else b"\0" * len(content))
        os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))

    assert not is_copied(warehouse, "2")
    assert is_copied(warehouse, "3")


def test_what_duckdb_has_not_yet_written_into_the_file_is_not_copied(warehouse: Warehouse) -> None:
    texts(warehouse, "1")
    path = (warehouse.data / "analytics.duckdb").resolve()
    path.with_name(f"{path.name}.wal").touch()

    assert not is_copied(warehouse, "2")


def test_rows_that_do_not_fit_the_marts_are_not_published(warehouse: Warehouse) -> None:
    texts(warehouse, "1")
    warehouse.database.execute("delete from marts.posts where post_key = 'p5'")

    assert "text 5" not in texts(warehouse, "2")


def test_tables_that_spark_made_are_of_no_build_that_was_published(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    texts(warehouse, "1")
    database = str(
        warehouse.database.execute("select path from duckdb_databases()").fetchall()[0][0]
    )
    warehouse.close()

    bring_back(Path(database), tmp_path, {}, [])

    with open_warehouse(warehouse.data) as again:
        assert last_build(again.database) is None


def test_what_a_killed_publication_left_is_taken_away(warehouse: Warehouse) -> None:
    folder = warehouse.data / "publish"
    folder.mkdir()
    for name in ("analytics-0.tmp", "analytics-0.tmp.wal"):
        (folder / name).touch()

    texts(warehouse, "1")

    assert [path.name for path in folder.iterdir()] == ["analytics-1.duckdb"]


def test_after_a_week_everything_is_written_once(warehouse: Warehouse) -> None:
    texts(warehouse, "0")
    copied = [is_copied(warehouse, str(run)) for run in range(1, WHOLE_AFTER + 3)]

    assert copied == [True] * WHOLE_AFTER + [False, True]
    found = last_publication(
        warehouse.database,
        warehouse.data / "publish",
        key_id(published_key(warehouse.data / "keys", NOW.date())),
    )
    assert found is not None
    assert found.copies == 1


def test_where_much_has_changed_all_is_new(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "SHARE", 5)
    texts(warehouse, "1")
    night(warehouse, told=dict.fromkeys(range(4, 9), "other words"))

    assert not is_copied(warehouse, "2")


def test_forgetting_somebody_lets_nothing_stand(warehouse: Warehouse) -> None:
    texts(warehouse, "1")
    warehouse.close()

    from_database(warehouse.data, add(warehouse.data, ["@anna"], ["anna"]))

    with open_warehouse(warehouse.data) as again:
        assert not again.database.execute(
            "select 1 from duckdb_tables() where table_name in ('published', 'named_posts')"
        ).fetchall()
