import json
import logging
import os
import re
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipeline import migrate
from pipeline.config import Config
from pipeline.damage import explain
from pipeline.errors import (
    AlreadyRunning,
    LandingError,
    ModelError,
    PrivacyError,
    WarehouseError,
)
from pipeline.landing import Landing
from pipeline.tonight import new_run_id
from pipeline.warehouse import (
    Warehouse,
    canonical_export,
    nightly_lock,
    open_warehouse,
    read_status,
    setting_damage_aside,
)
from tests.pipeline.landed import CONFIG, NOW, WEEK, gone, landed, later, load, one, post, rows


@pytest.fixture
def warehouse(tmp_path: Path) -> Any:
    with open_warehouse(tmp_path / "data") as opened:
        yield opened


def in_another_process(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, cwd=Path.cwd()
    )


# --- the lock of the night


@pytest.mark.fault(34)
def test_one_night_at_a_time(tmp_path: Path) -> None:
    with nightly_lock(tmp_path), pytest.raises(AlreadyRunning) as raised, nightly_lock(tmp_path):
        pass

    assert re.search(r"already running \(pid \d+, since \d{4}-\d\d-\d\d", raised.value.what)
    assert str(os.getpid()) in raised.value.what
    assert raised.value.exit_code == 75


@pytest.mark.fault(34)
def test_a_lock_of_a_dead_process_is_taken_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    holder = in_another_process(
        """
        import os, sys
        from pathlib import Path
        from pipeline.lock import nightly_lock
        with nightly_lock(Path(sys.argv[1])):
            print("held", flush=True)
            sys.stdin.read()
        """,
        tmp_path,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(AlreadyRunning, match=f"pid {holder.pid}"), nightly_lock(tmp_path):
        pass
    holder.kill()
    holder.communicate()

    with caplog.at_level(logging.WARNING), nightly_lock(tmp_path):
        assert str(os.getpid()) in (tmp_path / "luister.lock").read_text()

    assert f"pid {holder.pid}" in caplog.text


def test_a_lock_that_is_damaged_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "luister.lock").write_bytes(b"\xff\xfe\x00")

    with nightly_lock(tmp_path):
        assert str(os.getpid()) in (tmp_path / "luister.lock").read_text()


def test_a_night_that_ended_leaves_no_name(tmp_path: Path) -> None:
    with nightly_lock(tmp_path):
        pass

    assert (tmp_path / "luister.lock").read_text() == ""


@pytest.mark.fault(32)
def test_a_folder_that_cannot_be_made_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WarehouseError, match="cannot be written"), nightly_lock(tmp_path / "file"):
        pass


# --- opening


def test_the_database_is_for_this_user_alone(warehouse: Warehouse) -> None:
    assert stat.S_IMODE((warehouse.data / "luister.duckdb").stat().st_mode) == 0o600
    assert stat.S_IMODE(warehouse.data.stat().st_mode) == 0o700


@pytest.mark.fault(33)
def test_another_process_that_holds_the_database_is_named(tmp_path: Path) -> None:
    open_warehouse(tmp_path).close()
    holder = in_another_process(
        """
        import duckdb, sys
        held = duckdb.connect(sys.argv[1], read_only=True)
        print("held", flush=True)
        sys.stdin.read()
        """,
        tmp_path / "luister.duckdb",
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        with pytest.raises(WarehouseError, match=f"pid {holder.pid}") as raised:
            open_warehouse(tmp_path, wait_seconds=0.3)
        with pytest.raises(WarehouseError, match=f"pid {holder.pid}"):
            open_warehouse(tmp_path, wait_seconds=0.0)
        assert "analytics.duckdb" in raised.value.todo
        assert (tmp_path / "luister.duckdb").exists()
    finally:
        holder.communicate("")

    open_warehouse(tmp_path, wait_seconds=0.0).close()


@pytest.mark.fault(33)
def test_a_holder_that_lets_go_in_time_is_waited_for(tmp_path: Path) -> None:
    open_warehouse(tmp_path).close()
    holder = in_another_process(
        """
        import duckdb, sys, time
        held = duckdb.connect(sys.argv[1])
        print("held", flush=True)
        time.sleep(0.5)
        """,
        tmp_path / "luister.duckdb",
    )
    assert holder.stdout is not None
    holder.stdout.readline()

    open_warehouse(tmp_path, wait_seconds=60).close()

    holder.communicate()


# --- migrations


def test_migrations_are_applied_once(tmp_path: Path) -> None:
    open_warehouse(tmp_path).close()
    with open_warehouse(tmp_path) as warehouse:
        applied = rows(warehouse, "select name from main.migrations order by name")

    assert [name for (name,) in applied] == [name for name, _ in migrate.migrations()]


@pytest.mark.fault(37)
def test_an_older_database_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = migrate.migrations()
    monkeypatch.setattr(migrate, "migrations", lambda: steps[:1])
    with open_warehouse(tmp_path) as warehouse:
        warehouse.begin_run("1", NOW, "0.1.0")
    monkeypatch.setattr(migrate, "migrations", lambda: steps)

    with open_warehouse(tmp_path) as warehouse:
        assert one(warehouse, "select count(*) from enriched.matched_posts") == 0
        assert one(warehouse, "select run_id from ops.runs") == "1"


@pytest.mark.fault(37)
def test_a_migration_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_warehouse(tmp_path).close()
    steps = migrate.migrations()
    broken = [("9998.sql", "create table ops.half (x int)"), ("9999.sql", "select nonsense")]
    monkeypatch.setattr(migrate, "migrations", lambda: steps + broken)
    with pytest.raises(WarehouseError, match="nonsense"):
        open_warehouse(tmp_path)
    monkeypatch.undo()

    with open_warehouse(tmp_path) as warehouse:
        assert rows(warehouse, "select 1 from duckdb_tables() where table_name = 'half'") == []


@pytest.mark.fault(37)
def test_a_database_of_a_newer_luister_is_refused(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        warehouse.database.execute("insert into main.migrations values ('9999_later.sql', now())")

    with pytest.raises(WarehouseError, match="newer Luister"):
        open_warehouse(tmp_path)


# --- what is none of ours


def another_program(path: Path) -> None:
    with duckdb.connect(str(path)) as database:
        database.execute("create table customers (name varchar)")


def with_migrations(columns: str) -> Callable[[Path], None]:
    """Many a program keeps a table of the steps that it took."""

    def put(path: Path) -> None:
        with duckdb.connect(str(path)) as database:
            database.execute("create schema app")
            database.execute(f"create table {columns}")
            table = columns.partition("(")[0]
            database.execute(f"insert into {table} values (1, '0001_initial')")

    return put


def sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table customers (name text)")


def newer(path: Path) -> None:
    """The version is named behind the first eight bytes, which hold the sum over them."""
    duckdb.connect(str(path)).close()
    head = bytearray(path.read_bytes())
    head[12:20] = (9999).to_bytes(8, "little")
    path.write_bytes(head)
    with pytest.raises(duckdb.Error, match="computed checksum") as raised:
        duckdb.connect(str(path))
    (checksum,) = re.findall(r"computed checksum (\d+)", str(raised.value))
    path.write_bytes(int(checksum).to_bytes(8, "little") + head[8:])


@pytest.mark.parametrize(
    ("put", "told"),
    [
        (Path.mkdir, "is a folder"),
        (os.mkfifo, "is no file"),
        (sqlite, r"of another program \(SQLite\)"),
        (another_program, r"of another program \(it holds customers\)"),
        (with_migrations("migrations(batch int, step varchar)"), r"\(it holds migrations\)"),
        (with_migrations("migrations(id int, name varchar)"), r"\(it holds migrations\)"),
        (with_migrations("app.migrations(id int, name varchar)"), r"\(it holds migrations\)"),
        (newer, "by a newer DuckDB"),
        (lambda path: path.symlink_to("/nowhere/luister.duckdb"), "is a link to /nowhere"),
    ],
)
def test_what_stands_in_place_of_the_database_is_told_and_left_as_it_is(
    tmp_path: Path, put: Callable[[Path], None], told: str
) -> None:
    path = tmp_path / "luister.duckdb"
    put(path)
    before = path.read_bytes() if path.is_file() else b""

    for look in (open_warehouse, read_status):
        with pytest.raises(WarehouseError, match=told) as raised:
            look(tmp_path)

        assert raised.value.where == str(path)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_database_that_was_cut_off_while_it_was_made_has_no_status(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "luister.duckdb")).close()

    assert read_status(tmp_path)["last_run"] is None


# --- damage


def damaged(data: Path, name: str, offset: int, size: int) -> None:
    with (data / name).open("r+b") as file:
        file.seek(offset)
        file.write(b"\xa5" * size)


def filled(data: Path) -> bytes:
    with open_warehouse(data) as warehouse:
        load(warehouse, "1", post(likes_count=1), post("p2", parent_id="p1"))
        load(warehouse, "2", gone("p2"), post("p3", aliases=("x:3",)))
        return canonical_export(warehouse)


@pytest.mark.fault(36)
@pytest.mark.parametrize(
    ("offset", "size"), [(0, 64), (4096, 8192), (12_288, 600_000)], ids=["start", "headers", "rest"]
)
def test_a_damaged_database_is_kept_aside_and_built_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, offset: int, size: int
) -> None:
    before = filled(tmp_path)
    damaged(tmp_path, "luister.duckdb", offset, size)

    with caplog.at_level(logging.WARNING), open_warehouse(tmp_path) as warehouse:
        assert canonical_export(warehouse) == before

    assert "is damaged" in caplog.text
    assert "built again from 2 landing files" in caplog.text
    assert len(list(tmp_path.glob("luister.duckdb.damaged-*"))) == 1


@pytest.mark.fault(36)
@pytest.mark.parametrize("size", [0, 100, 30_000])
def test_a_database_that_was_cut_off_is_built_again(tmp_path: Path, size: int) -> None:
    before = filled(tmp_path)
    os.truncate(tmp_path / "luister.duckdb", size)

    with open_warehouse(tmp_path) as warehouse:
        assert canonical_export(warehouse) == before


def test_pseudonyms_survive_a_rebuild(tmp_path: Path) -> None:
    filled(tmp_path)
    with open_warehouse(tmp_path) as warehouse:
        before = rows(warehouse, "select author_key from raw.authors")
    (tmp_path / "luister.duckdb").unlink()

    with open_warehouse(tmp_path) as warehouse:
        assert rows(warehouse, "select author_key from raw.authors") == before


@pytest.mark.fault(36)
def test_a_damaged_log_loses_only_what_landing_gives_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = filled(tmp_path)
    writer = in_another_process(
        """
        import os, sys
        from pathlib import Path
        from pipeline.warehouse import open_warehouse
        from tests.pipeline.landed import load, post
        warehouse = open_warehouse(Path(sys.argv[1]))
        load(warehouse, "3", *(post(f"n{number}") for number in range(50)))
        os._exit(9)
        """,
        tmp_path,
    )
    writer.communicate()
    assert (tmp_path / "luister.duckdb.wal").stat().st_size > 1_000
    damaged(tmp_path, "luister.duckdb.wal", 100, 64)

    with caplog.at_level(logging.WARNING), open_warehouse(tmp_path) as warehouse:
        assert one(warehouse, "select count(*) from raw.posts") == 53
        after = set(canonical_export(warehouse).splitlines())

    assert {line for line in before.splitlines() if b'"p1"' in line} <= after
    assert "luister.duckdb.wal is damaged" in caplog.text
    assert list(tmp_path.glob("luister.duckdb.damaged-*")) == []


def test_damage_that_shows_in_use_is_set_aside_for_the_next_time(tmp_path: Path) -> None:
    before = filled(tmp_path)

    with pytest.raises(WarehouseError, match="Corrupt"), open_warehouse(tmp_path):
        raise duckdb.IOException("Corrupt database file: computed checksum 1 does not match 2")

    assert not (tmp_path / "luister.duckdb").exists()
    with open_warehouse(tmp_path) as warehouse:
        assert canonical_export(warehouse) == before


def test_damage_that_the_models_meet_is_set_aside_for_the_next_night(tmp_path: Path) -> None:
    before = filled(tmp_path)
    failed = ModelError("int_posts cannot be built: IO Error: computed checksum 1 does not match 2")

    with pytest.raises(WarehouseError, match="is damaged"), setting_damage_aside(tmp_path):
        raise failed

    with open_warehouse(tmp_path) as warehouse:
        assert canonical_export(warehouse) == before
    with pytest.raises(ModelError, match="bad rows"), setting_damage_aside(tmp_path):
        raise ModelError("test unique_grain found 3 bad rows")
    assert (tmp_path / "luister.duckdb").exists()


@pytest.mark.fault(31)
def test_a_full_disk_that_the_models_meet_is_worth_trying_again(tmp_path: Path) -> None:
    filled(tmp_path)

    with (
        pytest.raises(WarehouseError, match="disk is full") as told,
        setting_damage_aside(tmp_path),
    ):
        raise ModelError("[Errno 28] No space left on device")

    assert told.value.exit_code == 75


@pytest.mark.fault(31)
def test_what_is_no_damage_is_not_set_aside(tmp_path: Path) -> None:
    filled(tmp_path)

    with pytest.raises(WarehouseError, match="disk is full"), open_warehouse(tmp_path):
        raise duckdb.IOException("Could not write file: No space left on device")
    with pytest.raises(WarehouseError, match="nope"), open_warehouse(tmp_path) as warehouse:
        warehouse.database.execute("from nope")

    assert (tmp_path / "luister.duckdb").exists()


@pytest.mark.fault(30, 36)
@pytest.mark.parametrize("harm", ["gone", "cut off", "overwritten", "footer"])
def test_a_landing_file_that_is_damaged_on_the_way_is_no_damage_of_the_database(
    tmp_path: Path, harm: str
) -> None:
    """Between the look at its digest and the load, where a disk may fail."""
    before = filled(tmp_path)
    with open_warehouse(tmp_path) as warehouse:
        bad = landed(tmp_path, "3", *(post(f"n{number}") for number in range(50)))
        landed(tmp_path, "4", post("p4"))
        if harm == "gone":
            bad.path.unlink()
        elif harm == "cut off":
            os.truncate(bad.path, 200)
        else:
            size = bad.path.stat().st_size
            start = 4 if harm == "overwritten" else size - 200
            damaged(bad.path.parent, bad.path.name, start, min(size - start, 3_000))

        with pytest.raises(LandingError, match="damaged while it was read"):
            warehouse.load(bad)
        assert canonical_export(warehouse) == before
        assert warehouse.load_landed() == 1
        assert one(warehouse, "select count(*) from raw.posts where post_id in ('p4', 'n1')") == 1

    assert (tmp_path / "luister.duckdb").exists()
    assert [path.name for path in bad.path.parent.glob("set-aside/*.json")] == ["3.json"]
    assert list(tmp_path.glob("*.damaged-*")) == []


def test_a_lost_key_is_told_before_anybody_becomes_somebody_else(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "keys" / "pseudonyms.key").unlink()

    with open_warehouse(tmp_path) as warehouse, pytest.raises(PrivacyError, match="is gone"):
        load(warehouse, "3", post("p4"))


def test_the_full_disk_has_a_next_step() -> None:
    error = explain(duckdb.IOException("IO Error: No space left on device"), Path("x"))

    assert "free some space" in error.todo


# --- killed


@pytest.mark.fault(28)
def test_a_load_that_is_killed_anywhere_ends_as_if_it_was_not(tmp_path: Path) -> None:
    """The process is killed at chosen places inside the load, again and again."""
    posts = [post(f"p{number}", parent_id=f"p{number - 1}") for number in range(1, 40)]
    with open_warehouse(tmp_path / "calm") as warehouse:
        for run in ("1", "2"):
            load(warehouse, run, *posts, post("p0", text=run, observed_at=later(int(run))))
        expected = canonical_export(warehouse)
    rough = tmp_path / "rough"
    open_warehouse(rough).close()
    for run in ("1", "2"):
        landed(rough, run, *posts, post("p0", text=run, observed_at=later(int(run))))
    for place in ("merge.merge_batch", "place_touched", "_write_collection"):
        killed = in_another_process(
            """
            import os, sys
            from pathlib import Path
            from pipeline import load, merge
            from pipeline.landing import Landing
            from pipeline.warehouse import open_warehouse
            place = sys.argv[2].split(".")
            owner = merge if place[0] == "merge" else load
            original = getattr(owner, place[-1])
            def die(*given, **named):
                original(*given, **named)
                os.kill(os.getpid(), 9)
            setattr(owner, place[-1], die)
            warehouse = open_warehouse(Path(sys.argv[1]))
            for file in Landing(warehouse.data / "landing").unloaded(warehouse.loaded_files()):
                warehouse.load(file)
            """,
            rough,
            place,
        )
        killed.communicate()
        assert killed.returncode == -9

    with open_warehouse(rough) as warehouse:
        assert warehouse.loaded_files() == frozenset()
        for file in Landing(rough / "landing").unloaded(warehouse.loaded_files()):
            warehouse.load(file)
        assert canonical_export(warehouse) == expected


# --- configuration


def test_the_models_are_told_what_the_configuration_says(warehouse: Warehouse) -> None:
    warehouse.write_configuration(Config.model_validate(CONFIG))
    warehouse.write_configuration(Config.model_validate(CONFIG | {"minimum_n": 25}))

    ((timezone, language, minimum_n, hours, country),) = rows(warehouse, "from conf.settings")
    assert (timezone, language, minimum_n, country) == ("Europe/Amsterdam", "nl", 25, "NL")
    assert json.loads(hours) == CONFIG["opening_hours"]
    assert rows(warehouse, "from conf.organisations") == [("Acme", "own"), ("Bolt", "competitor")]
    assert rows(warehouse, "from conf.accounts order by account") == [
        ("Acme", "mastodon", "acme@social.example", "owned"),
        ("Acme", "mastodon", "acmecare", "owned"),
        ("Acme", "mastodon", "jan", "employee"),
    ]
    assert rows(warehouse, "from conf.sources") == [("social", "mastodon", ["mentions", "inbox"])]


# --- what the night asks


def concerned(warehouse: Warehouse, *names: str) -> None:
    for name in names:
        warehouse.database.execute(
            "insert into enriched.matches values ('mastodon', ?, 'Acme', 'acme', 'name', '1')",
            [name],
        )


def named(posts: list[Any]) -> list[str]:
    return [each.post_id for each in posts]


def test_only_conversations_of_an_organisation_are_completed(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1", replies_count=3), post("p2", replies_count=3))
    concerned(warehouse, "p1")

    assert named(warehouse.posts_to_thread("social", NOW - WEEK)) == ["p1"]
    assert warehouse.posts_to_thread("other", NOW - WEEK) == []
    assert warehouse.posts_to_thread("social", NOW) == []


def test_accounts_concern_their_organisation_without_being_named(warehouse: Warehouse) -> None:
    warehouse.write_configuration(Config.model_validate(CONFIG))
    load(
        warehouse,
        "1",
        post("own", author_handle="@ACMEcare", author_id="77", replies_count=1),
        post("tagged", mentions=("@acmecare",), replies_count=1),
        post("answered", parent_author_id="acmecare", parent_id="far", replies_count=0),
        post("stranger", replies_count=1),
    )

    found = named(warehouse.posts_to_thread("social", NOW - WEEK))

    assert sorted(found) == ["answered", "own", "tagged"]


@pytest.mark.parametrize(
    ("fields", "is_asked"),
    [
        ({"replies_count": 2}, True),
        ({"replies_count": 1}, False),
        ({"replies_count": None}, True),
        ({"replies_count": 1, "parent_id": "unknown"}, True),
        ({"replies_count": 1, "parent_id": "other"}, False),
        ({"replies_count": 2, "kind": "article"}, False),
    ],
)
def test_a_thread_is_complete_when_parent_and_replies_are_known(
    warehouse: Warehouse, fields: dict[str, Any], is_asked: bool
) -> None:
    load(warehouse, "1", post("p1", **fields), post("other"), post("child", parent_id="p1"))
    concerned(warehouse, "p1")

    assert named(warehouse.posts_to_thread("social", NOW - WEEK)) == ["p1"] * is_asked


def test_the_newest_conversations_come_first(warehouse: Warehouse) -> None:
    for number in range(3):
        created = NOW - timedelta(hours=number)
        load(warehouse, str(number), post(f"p{number}", created_at=created, replies_count=1))
    concerned(warehouse, "p0", "p1", "p2")

    assert named(warehouse.posts_to_thread("social", NOW - WEEK)) == ["p0", "p1", "p2"]


def test_what_was_not_seen_for_longest_is_asked_for_first(warehouse: Warehouse) -> None:
    for number in range(3):
        load(warehouse, str(number), post(f"p{number}", observed_at=later(-number)))
    load(warehouse, "4", gone("p1"))

    asked = warehouse.posts_to_refresh("social", NOW - WEEK)

    assert named(asked) == ["p2", "p0"]


def test_what_was_heard_live_is_asked_for_again_with_its_source(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1"), source="social-live", status="partial")
    load(warehouse, "2", post("p2"), source="other")

    assert named(warehouse.posts_to_refresh("social", NOW - WEEK)) == ["p1"]


def test_a_post_to_ask_for_again_has_its_names(warehouse: Warehouse) -> None:
    load(
        warehouse, "1", post("p1", native_id="77", aliases=("x:2", "x:1"), url="https://a.example")
    )

    (asked,) = warehouse.posts_to_refresh("social", NOW - WEEK)

    assert (asked.native_id, asked.aliases, asked.url) == (
        "77",
        ("x:1", "x:2"),
        "https://a.example",
    )
    assert (asked.observed_at, asked.kind) == (NOW, "post")


# --- readings and matches


def readings(*keys: str) -> pa.Table:
    return pa.table(
        {
            "text_key": list(keys),
            "language": ["nl"] * len(keys),
            "language_confidence": [0.9] * len(keys),
            "sentiment": ["positive"] * len(keys),
            "sentiment_score": [0.5] * len(keys),
            "sentiment_confidence": [0.6] * len(keys),
            "intents": [["question"]] * len(keys),
            "purpose": ["service"] * len(keys),
            "giving": ["give"] * len(keys),
            "pr_model": ["two_way_symmetrical"] * len(keys),
            "message_type": ["community"] * len(keys),
            "is_signed": [True] * len(keys),
        }
    )


def waiting(warehouse: Warehouse, version: str) -> list[dict[str, Any]]:
    return [row for batch in warehouse.unread_texts(version) for row in batch.to_pylist()]


def test_each_text_is_read_once_for_each_version(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "1",
        post("p1", text="same"),
        post("p2", text="same", language="nl"),
        post("p3", text="body", title="Title"),
        post("p4", text=""),
    )
    texts = waiting(warehouse, "1")
    assert sorted((row["text"], row["language"]) for row in texts) == [
        ("Title\nbody", None),
        ("same", "nl"),
    ]

    warehouse.write_texts(readings(*(row["text_key"] for row in texts)), "1")

    assert waiting(warehouse, "1") == []
    assert len(waiting(warehouse, "2")) == 2
    warehouse.write_texts(readings(texts[0]["text_key"]), "2")
    assert len(waiting(warehouse, "2")) == 1
    assert one(warehouse, "select count(*) from enriched.texts") == 2


def test_texts_come_in_batches_and_may_be_written_meanwhile(warehouse: Warehouse) -> None:
    load(warehouse, "1", *(post(f"p{number}", text=f"t{number}") for number in range(60_000)))

    sizes = []
    for batch in warehouse.unread_texts("1"):
        sizes.append(batch.num_rows)
        warehouse.write_texts(readings(*batch["text_key"].to_pylist()), "1")

    assert sum(sizes) == 60_000
    assert max(sizes) <= 50_000
    assert waiting(warehouse, "1") == []


def matches(*names: str) -> pa.Table:
    return pa.table(
        {
            "platform": ["mastodon"] * len(names),
            "post_id": list(names),
            "organisation": ["Acme"] * len(names),
            "alias": ["acme"] * len(names),
            "alias_kind": ["name"] * len(names),
        },
        schema=pa.schema(
            [
                (name, pa.string())
                for name in ("platform", "post_id", "organisation", "alias", "alias_kind")
            ]
        ),
    )


def unmatched(warehouse: Warehouse, version: str) -> list[str]:
    found = [row for batch in warehouse.unmatched_posts(version) for row in batch.to_pylist()]
    return sorted(row["post_id"] for row in found)


def test_a_post_is_matched_once_for_each_version_and_text(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1"), post("p2"))
    for batch in warehouse.unmatched_posts("1"):
        warehouse.write_matches(batch, matches("p1"), "1")
    assert unmatched(warehouse, "1") == []
    assert unmatched(warehouse, "2") == ["p1", "p2"]

    load(warehouse, "2", post("p1", text="edited", observed_at=later(1)), gone("p2"))
    assert unmatched(warehouse, "1") == ["p1"]
    for batch in warehouse.unmatched_posts("1"):
        warehouse.write_matches(batch, matches(), "1")

    assert rows(warehouse, "from enriched.matches") == []
    assert unmatched(warehouse, "1") == []


def test_what_was_found_before_is_replaced_for_edited_posts_beside_new_ones(
    warehouse: Warehouse,
) -> None:
    load(warehouse, "1", post("p1"), post("p2"))
    for batch in warehouse.unmatched_posts("1"):
        warehouse.write_matches(batch, matches("p1", "p2"), "1")
    load(warehouse, "2", post("p1", text="edited", observed_at=later(1)), post("p3"))

    (batch,) = warehouse.unmatched_posts("1")
    warehouse.write_matches(batch, matches("p3"), "1")

    was_matched = {row["post_id"]: row["was_matched"] for row in batch.to_pylist()}
    found = rows(warehouse, "select post_id from enriched.matches order by post_id")
    assert was_matched == {"p1": True, "p3": False}
    assert found == [("p2",), ("p3",)]


def test_what_was_found_before_it_was_kept_where_one_had_looked_is_replaced(
    warehouse: Warehouse,
) -> None:
    load(warehouse, "1", post("p1"))
    (batch,) = warehouse.unmatched_posts("0")
    warehouse.write_matches(batch, matches("p1"), "0")
    warehouse.database.execute("delete from enriched.matched_posts")

    (batch,) = warehouse.unmatched_posts("1")
    warehouse.write_matches(batch, matches("p1"), "1")

    assert rows(warehouse, "select matcher_version from enriched.matches") == [("1",)]


def test_texts_are_told_apart_that_another_version_has_read(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1"))
    for batch in warehouse.unread_texts("1"):
        assert batch["was_read"].to_pylist() == [False]
        warehouse.write_texts(readings(*batch["text_key"].to_pylist()), "1", are_new=True)
    load(warehouse, "2", post("p2"))

    (batch,) = warehouse.unread_texts("2")
    (only_new,) = warehouse.unread_texts("1")

    assert sorted(batch["was_read"].to_pylist()) == [False, True]
    assert only_new["was_read"].to_pylist() == [False]


def test_the_batch_to_match_has_what_the_matcher_wants(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(mentions=("@acme",), tags=("t",), links=("https://a.example",)))

    (batch,) = warehouse.unmatched_posts("1")

    (row,) = batch.to_pylist()
    assert row["mentions"] == ["@acme"]
    assert (row["tags"], row["links"]) == (["t"], ["https://a.example"])
    assert (row["author_id"], row["author_handle"]) == ("anna", "@anna")
    assert (row["title"], row["text"]) == (None, "text of p1")


# --- the ledger


def test_a_run_begins_and_ends(warehouse: Warehouse) -> None:
    warehouse.begin_run("1", NOW, "0.1.0")
    assert one(warehouse, "select status from ops.runs") == "running"

    warehouse.finish_run("1", "completed")

    assert rows(warehouse, "select status, version, started_at from ops.runs") == [
        ("completed", "0.1.0", NOW)
    ]
    assert one(warehouse, "select finished_at is not null from ops.runs")


def test_a_run_that_was_killed_is_told_as_failed_by_the_next(warehouse: Warehouse) -> None:
    warehouse.begin_run("1", NOW, "0.1.0")
    warehouse.begin_run("1", NOW, "0.1.0")
    warehouse.begin_run("2", later(24), "0.1.0")

    assert rows(warehouse, "select run_id, status from ops.runs order by 1") == [
        ("1", "failed"),
        ("2", "running"),
    ]


@pytest.mark.fault(35)
def test_a_run_that_wakes_up_late_is_refused(warehouse: Warehouse) -> None:
    warehouse.begin_run("2", NOW, "0.1.0")

    with pytest.raises(WarehouseError, match="comes too late"):
        warehouse.begin_run("1", NOW, "0.1.0")


@pytest.mark.fault(24)
def test_a_run_of_a_clock_that_was_ahead_does_not_stop_the_nights_after_it(
    warehouse: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    far = NOW.replace(year=2999)
    landed(warehouse.data, "29990101T030000Z-aaaaaa", post(observed_at=NOW), asked_through=far)
    warehouse.begin_run("29990101T030000Z-aaaaaa", far, "0.1.0")
    warehouse.load_landed()
    warehouse.finish_run("29990101T030000Z-aaaaaa", "completed")

    tonight = new_run_id(NOW)
    warehouse.begin_run(tonight, NOW, "0.1.0")

    second_before = f"{NOW - timedelta(seconds=1):%Y%m%dT%H%M%SZ}-aaaaaa"
    assert rows(warehouse, "select run_id from ops.runs order by run_id") == [
        (second_before,),
        (tonight,),
    ]
    assert one(warehouse, "select max(started_at) from ops.runs") == NOW
    assert warehouse.progress("social") == NOW
    assert rows(warehouse, "select run_id from ops.collections") == [(second_before,)]
    assert "the clock was ahead in run 29990101T030000Z-aaaaaa" in caplog.text
    warehouse.begin_run(new_run_id(later(1)), later(1), "0.1.0")


def test_an_unknown_status_is_refused(warehouse: Warehouse) -> None:
    warehouse.begin_run("1", NOW, "0.1.0")

    with pytest.raises(ValueError, match="sort of done"):
        warehouse.finish_run("1", "sort of done")


def test_the_status_of_nothing_is_nothing(tmp_path: Path) -> None:
    assert read_status(tmp_path) == {
        "last_run": None,
        "sources": [],
        "moves": [],
        "spending": {},
    }
    assert list(tmp_path.iterdir()) == []


def test_the_status_tells_of_each_source(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        warehouse.write_configuration(Config.model_validate(CONFIG))
        warehouse.begin_run("2", NOW, "0.1.0")
        load(warehouse, "1", post(), post("p2"))
        load(
            warehouse,
            "2",
            asked_through=later(24),
            status="failed",
            error_code="SourceGone",
            error="gone",
        )
        load(warehouse, "2", source="imported", platform="table")
        warehouse.finish_run("2", "completed with failures")

    told = read_status(tmp_path)

    assert told["last_run"]["run_id"] == "2"
    assert told["last_run"]["status"] == "completed with failures"
    imported, social = told["sources"]
    assert (social["source"], social["status"], social["error"]) == ("social", "failed", "gone")
    assert (social["collected_through"], social["open_gaps"]) == (NOW, 1)
    assert (imported["source"], imported["status"], imported["open_gaps"]) == (
        *("imported", "complete", 0),
    )


def test_a_row_stands_where_it_stood_whatever_was_deleted_before_it(tmp_path: Path) -> None:
    """Who reads rows by where they stand (``batches_at``) relies on it."""
    with open_warehouse(tmp_path) as warehouse:
        database = warehouse.database
        database.execute("create table words as select range as number from range(400_000)")
        database.execute("checkpoint")
        place = "select rowid from words where number = 399_999"
        before = database.execute(place).fetchall()
        database.execute("delete from words where number < 300_000")
        database.execute("checkpoint")
        database.execute("insert into words select range from range(10)")
        database.execute("checkpoint")
        assert database.execute(place).fetchall() == before
