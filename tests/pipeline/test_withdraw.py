"""A post that was stored and may not be kept any more leaves its outline and nothing it said."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.landing import Landing, Withdrawn
from pipeline.privacy import blind_name
from pipeline.warehouse import Warehouse, canonical_export, open_warehouse
from tests.pipeline.landed import NOW, landed, later, load, one, post, rows


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "data") as opened:
        yield opened


def withdrawn(name: str = "p1", hours: float = 24) -> Withdrawn:
    return Withdrawn(name=blind_name("mastodon", name), observed_at=later(hours))


def test_a_stored_post_that_turns_private_loses_its_words(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(text="a"), post(text="b", observed_at=later(1)))
    load(warehouse, "2", withdrawn=[withdrawn()])

    ((text, author, deleted_at),) = rows(
        warehouse, "select text, author_id, deleted_at from raw.posts where post_id = 'p1'"
    )
    assert (text, author, deleted_at) == ("", None, later(24))
    for table in ("raw.post_versions", "raw.payloads", "raw.authors", "enriched.matches"):
        assert one(warehouse, f"select count(*) from {table}") == 0, table


def test_other_posts_stay(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1"), post("p2", parent_id="p1", author_id="kim"))
    load(warehouse, "2", withdrawn=[withdrawn("p1"), withdrawn("never stored")])

    assert rows(warehouse, "select post_id, text from raw.posts order by post_id") == [
        ("p1", ""),
        ("p2", "text of p2"),
    ]
    assert one(warehouse, "select thread_id from raw.threads where post_id = 'p2'") == "p1"


def test_a_post_seen_openly_in_the_same_run_is_withdrawn_all_the_same(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(observed_at=later(30)), withdrawn=[withdrawn(hours=24)])

    assert one(warehouse, "select text from raw.posts") == ""


def test_a_late_older_run_takes_nothing_from_what_was_seen_since(warehouse: Warehouse) -> None:
    load(warehouse, "2", post(observed_at=later(48)))
    load(warehouse, "1", withdrawn=[withdrawn(hours=24)])

    assert one(warehouse, "select text from raw.posts") == "text of p1"


def test_who_opens_up_again_is_read_again(warehouse: Warehouse) -> None:
    load(warehouse, "1", post())
    load(warehouse, "2", withdrawn=[withdrawn()])
    load(warehouse, "3", post(observed_at=later(48)))

    assert one(warehouse, "select text from raw.posts") == "text of p1"


def test_a_database_built_again_knows_the_same(tmp_path: Path) -> None:
    first = tmp_path / "first"
    with open_warehouse(first) as warehouse:
        load(warehouse, "1", post(), post("p2"))
        load(warehouse, "2", withdrawn=[withdrawn()])
        before = canonical_export(warehouse)
    (first / "luister.duckdb").unlink()

    with open_warehouse(first) as warehouse:
        assert canonical_export(warehouse) == before


def test_nothing_of_it_is_written_but_a_digest(tmp_path: Path) -> None:
    file = landed(tmp_path, "1", withdrawn=[withdrawn("https://a.example/secret-name")])

    assert file.manifest.left_out_count == 1
    written = b"".join(path.read_bytes() for path in (tmp_path / "landing").rglob("*.*"))
    assert b"secret-name" not in written
    assert Landing(tmp_path / "landing").files()[0].manifest.withdrawn[0].observed_at == NOW + (
        timedelta(hours=24)
    )
