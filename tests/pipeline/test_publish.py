import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import analysis
from pipeline import publish as publishing
from pipeline.config import Config
from pipeline.errors import PrivacyError, WarehouseError
from pipeline.hardened import ask_hardened, open_hardened
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import CONFIG, NOW, load, post, rows

MARTS = """
    create schema marts;
    create table marts.publication (
        run_id varchar, published_at timestamptz, collected_through timestamptz, timezone varchar
    );
    insert into marts.publication values (null, null, '2026-11-01', 'Europe/Amsterdam');
    create table marts.posts (author_key varchar, text varchar, tags varchar[], posted_date date);
    insert into marts.posts values ('ab12', 'hello @…, see [link]', ['x'], '2026-11-01');
    comment on table marts.posts is 'Grain: one row per post; it''s text is masked.';
    comment on column marts.posts.text is 'What was said, "masked"';
    create view marts.volume as
        select posted_date, count(*) as posts_count from marts.posts group by posted_date;
    comment on view marts.volume is 'Grain: one row per day.';
"""


READER = """
import os, sys, duckdb
while not os.path.exists(sys.argv[2]):
    with duckdb.connect(os.path.realpath(sys.argv[1]), read_only=True) as file:
        file.execute("from marts.posts").fetchall()
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Any:
    with open_warehouse(tmp_path / "data") as opened:
        opened.write_configuration(Config.model_validate(CONFIG))
        opened.database.execute(MARTS)
        yield opened


def published(warehouse: Warehouse) -> Path:
    return warehouse.data / "analytics.duckdb"


def ask(warehouse: Warehouse, query: str) -> list[tuple[Any, ...]]:
    return ask_hardened(published(warehouse), query, seconds=20)[1]


def test_the_marts_are_published_with_their_words(warehouse: Warehouse) -> None:
    path = warehouse.publish("20261101T041500Z-aa", NOW)

    assert path == warehouse.data / "publish" / "analytics-20261101T041500Z-aa.duckdb"
    assert published(warehouse).resolve() == path
    assert ask(warehouse, "select text, tags from marts.posts") == [("hello @…, see [link]", ["x"])]
    assert ask(warehouse, "select posts_count from marts.volume") == [(1,)]
    assert dict(ask(warehouse, "select table_name, comment from duckdb_tables()")) == {
        "dictionary": "Grain: one row per table (column_name is null) and column: what it means.",
        "posts": "Grain: one row per post; it's text is masked.",
        "publication": None,
        "volume": "Grain: one row per day.",
    }
    column = "select comment from duckdb_columns() where column_name = 'text'"
    assert ask(warehouse, column) == [('What was said, "masked"',)]


def test_what_columns_mean_can_be_asked_in_any_client(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)

    told = ask(
        warehouse,
        "select column_name, data_type, meaning from marts.dictionary where table_name = 'posts'",
    )
    assert told == [
        (None, None, "Grain: one row per post; it's text is masked."),
        ("author_key", "VARCHAR", None),
        ("text", "VARCHAR", 'What was said, "masked"'),
        ("tags", "VARCHAR[]", None),
        ("posted_date", "DATE", None),
    ]
    itself = ask(
        warehouse, "select column_name from marts.dictionary where table_name = 'dictionary'"
    )
    assert itself == [(None,), ("table_name",), ("column_name",), ("data_type",), ("meaning",)]
    own = "select column_name, comment from duckdb_columns() where table_name = 'dictionary'"
    assert all(comment for _, comment in ask(warehouse, own))


def test_our_own_describe_says_what_columns_mean(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)

    answer = analysis.ask(published(warehouse), "DESCRIBE marts.posts;")

    assert answer.columns == ("column_name", "column_type", "meaning")
    assert answer.rows[1] == ("text", "VARCHAR", 'What was said, "masked"')
    with pytest.raises(WarehouseError, match="nothing"):
        analysis.ask(published(warehouse), "describe marts.nothing")


def test_the_publication_says_when_and_by_which_run(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)

    assert ask(warehouse, "select run_id, published_at from marts.publication") == [("1", NOW)]
    assert rows(warehouse, "select published_at from marts.publication") == [(None,)]


def test_nothing_but_marts_is_published(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(text="private words", author_handle="@somebody"))
    warehouse.publish("1", NOW)

    assert ask(warehouse, "select distinct schema_name from duckdb_tables()") == [("marts",)]
    content = published(warehouse).read_bytes()
    assert b"private words" not in content
    assert b"somebody" not in content


def test_the_file_is_of_the_older_storage_that_older_clients_read(warehouse: Warehouse) -> None:
    path = warehouse.publish("1", NOW)

    start = path.read_bytes()[:64]
    assert start[8:12] == b"DUCK"
    assert int.from_bytes(start[12:20], "little") <= 65


def test_three_versions_are_kept(warehouse: Warehouse) -> None:
    for run in "12345":
        warehouse.publish(run, NOW)

    kept = sorted(path.name for path in (warehouse.data / "publish").iterdir())
    assert kept == ["analytics-3.duckdb", "analytics-4.duckdb", "analytics-5.duckdb"]
    assert published(warehouse).resolve().name == "analytics-5.duckdb"


def test_publishing_a_run_twice_leaves_one_file(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)
    warehouse.publish("1", NOW + timedelta(hours=1))

    assert [path.name for path in (warehouse.data / "publish").iterdir()] == ["analytics-1.duckdb"]


def test_a_reader_keeps_what_it_opened(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)
    with open_hardened(published(warehouse)) as reader:
        warehouse.database.execute("insert into marts.posts values ('cd', 'new', [], '2026-11-02')")
        warehouse.publish("2", NOW)

        count = "select count(*) from marts.posts"
        assert reader.execute(count).fetchall() == [(1,)]
        assert ask(warehouse, count) == [(2,)]


def test_readers_find_a_whole_file_at_every_moment(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            READER,
            str(published(warehouse)),
            str(warehouse.data / "stop"),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    for run in range(10, 22):
        warehouse.publish(str(run), NOW)
    (warehouse.data / "stop").write_text("")

    _, told = reader.communicate()
    assert (reader.returncode, told) == (0, "")


@pytest.mark.fault(35)
def test_a_late_run_does_not_publish_over_a_newer_one(warehouse: Warehouse) -> None:
    warehouse.begin_run("2", NOW, "0.1.0")
    warehouse.publish("2", NOW)

    with pytest.raises(WarehouseError, match="too late"):
        warehouse.publish("1", NOW)

    assert published(warehouse).resolve().name == "analytics-2.duckdb"


def test_without_marts_nothing_is_published(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse, pytest.raises(WarehouseError, match="no marts"):
        warehouse.publish("1", NOW)

    assert not (tmp_path / "analytics.duckdb").is_symlink()


def test_a_file_that_cannot_be_read_back_is_not_published(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.publish("1", NOW)

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(publishing, "force", broken)
    with pytest.raises(WarehouseError, match="Input/output error"):
        warehouse.publish("2", NOW)

    assert published(warehouse).resolve().name == "analytics-1.duckdb"
    assert [path.name for path in (warehouse.data / "publish").iterdir()] == ["analytics-1.duckdb"]


def test_a_folder_in_place_of_the_link_is_told(warehouse: Warehouse) -> None:
    (warehouse.data / "analytics.duckdb").mkdir()

    with pytest.raises(WarehouseError, match="move it away") as raised:
        warehouse.publish("1", NOW)

    assert raised.value.where == str(warehouse.data / "analytics.duckdb")


def test_names_of_tables_and_folders_are_only_names(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / 'it\'s [a] "folder"') as warehouse:
        warehouse.database.execute(MARTS)
        warehouse.database.execute('create table marts."odd ""name" as select 1 as "x y"')

        warehouse.publish("it's; drop", NOW)

        assert ask(warehouse, 'select "x y" from marts."odd ""name"') == [(1,)]


def test_the_published_file_is_open_to_readers(warehouse: Warehouse) -> None:
    path = warehouse.publish("1", NOW)

    assert stat.S_IMODE(path.stat().st_mode) == 0o644


# --- the audit


@pytest.mark.parametrize(
    "column",
    [
        "handle",
        "author_handle",
        "author_name",
        "author_id",
        "author_url",
        "profile_url",
        "url",
        "display_name",
        "username",
        "email",
        "payload",
        "parent_author_id",
    ],
)
def test_a_column_that_names_people_stops_publication(warehouse: Warehouse, column: str) -> None:
    warehouse.database.execute(f"create table marts.people as select 'x' as {column}")

    with pytest.raises(PrivacyError, match=column) as raised:
        warehouse.publish("1", NOW)

    assert raised.value.where == f"marts.people.{column}"
    assert not published(warehouse).exists()


@pytest.mark.parametrize(
    "text",
    [
        "thanks @Anna!",
        "(@anna)",
        "see https://social.example/@anna/",
        "https://social.example/@ANNA",
        "did:plc:abc123",
        "by did:plc:abc123, yesterday",
        "@ben.example.social: hello",
    ],
)
def test_a_known_person_in_a_text_stops_publication(warehouse: Warehouse, text: str) -> None:
    load(
        warehouse,
        "1",
        post(author_handle="anna", author_url="https://social.example/@anna"),
        post("p2", author_id="did:plc:abc123", author_handle="ben.example.social"),
    )
    warehouse.database.execute("insert into marts.posts (text) values (?)", [text])

    with pytest.raises(PrivacyError) as raised:
        warehouse.publish("1", NOW)

    assert raised.value.where == "marts.posts.text"
    for word in ("anna", "did:plc", "ben."):
        assert word not in str(raised.value).lower()


@pytest.mark.parametrize(
    "text",
    [
        "anna is a name, not a handle",
        "@acmecare please help",
        "@annabel is somebody else",
        "mail [mail] or see https://social.example/about",
        "",
    ],
)
def test_what_names_nobody_known_is_published(warehouse: Warehouse, text: str) -> None:
    load(
        warehouse,
        "1",
        post(author_handle="@anna", author_url="https://social.example/@anna"),
        post("p2", author_handle="AcmeCare", author_id="acmecare"),
    )
    warehouse.database.execute("insert into marts.posts (text) values (?)", [text])

    warehouse.publish("1", NOW)

    assert ask(warehouse, "select count(*) from marts.posts") == [(2,)]


def test_the_real_marts_name_nobody() -> None:
    """Every column that is described in the SQL project would pass the audit."""
    from pipeline.audit import names_people

    described = list(Path("sql/models/marts").glob("*.yml"))
    columns = {
        line.split("name:")[1].strip()
        for path in described
        for line in path.read_text().splitlines()
        if line.startswith("      - name:")
    }

    assert len(columns) > 30
    assert {column for column in columns if names_people(column)} == set()


# --- hardened reading


@pytest.mark.parametrize(
    "query",
    [
        "from read_text('/etc/hostname')",
        "from read_csv('/etc/passwd')",
        "from glob('/etc/*')",
        "copy (select 1) to '{folder}/out.csv'",
        "export database '{folder}/out'",
        "attach '{folder}/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "from 'https://a.example/x.parquet'",
        "set enable_external_access = true",
        "create table marts.x as select 1",
        "delete from marts.posts",
        "create persistent secret s (type s3)",
    ],
)
def test_a_question_can_touch_nothing_else(warehouse: Warehouse, query: str) -> None:
    warehouse.publish("1", NOW)

    with pytest.raises(WarehouseError):
        ask(warehouse, query.format(folder=warehouse.data))

    left = {path.name for path in warehouse.data.iterdir()}
    private = {"luister.duckdb", "luister.duckdb.wal", "luister.duckdb.tmp", "keys"}
    assert left <= {*private, "publish", "analytics.duckdb"}


@pytest.mark.fault(53)
def test_one_statement_at_a_time(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)

    for query in ("select 1; select 2", "", "-- nothing"):
        with pytest.raises(WarehouseError, match="not exactly one"):
            ask(warehouse, query)


def test_a_question_that_takes_too_long_is_stopped(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)

    with pytest.raises(WarehouseError, match="stopped after"):
        ask_hardened(
            published(warehouse),
            "select count(*) from range(10000000000) a, range(100000) b where a.range <> b.range",
            seconds=0.2,
        )


def test_columns_and_rows_come_back(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)

    columns, found = ask_hardened(published(warehouse), "select 1 as n, 'x' as t", seconds=5)

    assert (columns, found) == (("n", "t"), [(1, "x")])


def test_other_processes_read_while_the_night_holds_the_private_file(warehouse: Warehouse) -> None:
    warehouse.publish("1", NOW)

    with duckdb.connect(os.path.realpath(published(warehouse)), read_only=True) as reader:
        assert reader.execute("select count(*) from marts.posts").fetchall() == [(1,)]
