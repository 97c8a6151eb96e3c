"""What people said of posts outlives the database, and goes with the posts."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import learn_labels, marks
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import NOW, gone, later, load, one, post, rows
from tests.pipeline.test_withdraw import withdrawn


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def warehouse(data: Path) -> Iterator[Warehouse]:
    with open_warehouse(data) as opened:
        load(opened, "1", post("p1"), post("p2"))
        yield opened


def key(warehouse: Warehouse, name: str) -> str:
    return str(one(warehouse, f"select text_key from raw.posts where post_id = '{name}'"))


def say(warehouse: Warehouse, label: str, *names: str, at: datetime = NOW) -> None:
    said = {key(warehouse, name): label for name in names}
    learn_labels.store(warehouse.database, warehouse.data, "complaint", said, at)


def said(warehouse: Warehouse) -> list[tuple[str, str]]:
    return rows(
        warehouse,
        """
        select posts.post_id, labels.label
        from enriched.labels as labels join raw.posts as posts using (text_key)
        order by all
        """,
    )


def file_of(data: Path) -> Path:
    return data / "marks" / "labels.jsonl"


def test_a_database_built_again_knows_what_people_said(warehouse: Warehouse, data: Path) -> None:
    say(warehouse, "complaint", "p1", "p2")
    say(warehouse, "other", "p2", at=later(1))
    warehouse.close()
    (data / "luister.duckdb").unlink()

    with open_warehouse(data) as again:
        assert said(again) == [("p1", "complaint"), ("p2", "other")]


def test_the_file_keeps_every_mark_for_this_user_alone_and_no_text(
    warehouse: Warehouse, data: Path
) -> None:
    say(warehouse, "complaint", "p1")
    say(warehouse, "other", "p1", at=later(1))

    assert [row["label"] for row in marks.read(data, marks.LABELS)] == ["complaint", "other"]
    assert file_of(data).stat().st_mode & 0o777 == 0o600
    assert file_of(data).parent.stat().st_mode & 0o777 == 0o700
    assert b"text of" not in file_of(data).read_bytes()


@pytest.mark.parametrize("line", [b'{"label": "ot', b'{"label": "\xa8"}'])
def test_a_damaged_line_is_left_out(warehouse: Warehouse, data: Path, line: bytes) -> None:
    say(warehouse, "complaint", "p1")
    with file_of(data).open("ab") as file:
        file.write(line + b"\n")

    assert [row["label"] for row in marks.read(data, marks.LABELS)] == ["complaint"]


def test_marks_of_a_post_that_is_withdrawn_or_deleted_are_forgotten(
    warehouse: Warehouse, data: Path
) -> None:
    load(warehouse, "2", post("p3"))
    say(warehouse, "complaint", "p1", "p2", "p3")
    gone_keys = [key(warehouse, "p1"), key(warehouse, "p2")]
    load(warehouse, "3", gone("p2"), withdrawn=[withdrawn("p1")])

    marks.settle(warehouse.database, data)

    assert said(warehouse) == [("p3", "complaint")]
    assert one(warehouse, "select count(*) from enriched.labels") == 1
    written = file_of(data).read_text(encoding="utf-8")
    assert not [each for each in gone_keys if each in written]
    assert file_of(data).stat().st_mode & 0o777 == 0o600


def test_a_mark_stays_when_somebody_else_wrote_the_same_or_the_text_was_edited(
    warehouse: Warehouse, data: Path
) -> None:
    load(warehouse, "2", post("p3", text="text of p1"))
    say(warehouse, "complaint", "p1", "p2")
    load(warehouse, "3", gone("p1"), post("p2", text="edited", observed_at=later(2)))

    marks.settle(warehouse.database, data)

    assert one(warehouse, "select count(*) from enriched.labels") == 2


def test_labels_from_before_the_file_are_written_down(warehouse: Warehouse, data: Path) -> None:
    warehouse.database.execute(
        "insert into enriched.labels values ('complaint', ?, 'other', ?)",
        [key(warehouse, "p1"), NOW],
    )
    marks.settle(warehouse.database, data)
    marks.settle(warehouse.database, data)

    (row,) = marks.read(data, marks.LABELS)
    assert (row["task"], row["label"]) == ("complaint", "other")


def test_a_mark_that_was_cut_off_in_writing_costs_only_itself(
    warehouse: Warehouse, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    say(warehouse, "complaint", "p1")
    with file_of(data).open("ab") as file:
        file.write(b'{"task":"compl')
    say(warehouse, "other", "p2", at=later(1))

    assert [row["label"] for row in marks.read(data, marks.LABELS)] == ["complaint", "other"]
    assert "line 2" in caplog.text


@pytest.mark.parametrize(
    "line", ["{}", '{"task": "complaint", "text_key": "1", "label": "x", "labelled_at": "soon"}']
)
def test_a_line_that_is_no_mark_costs_only_itself(
    warehouse: Warehouse, data: Path, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    say(warehouse, "complaint", "p1")
    with file_of(data).open("a") as file:
        file.write(f"{line}\n")

    marks.settle(warehouse.database, data)

    assert said(warehouse) == [("p1", "complaint")]
    assert "line 2 says not what was marked, or when" in caplog.text


def test_what_the_file_tells_never_takes_the_place_of_something_newer(
    warehouse: Warehouse, data: Path
) -> None:
    say(warehouse, "complaint", "p1", at=later(5))
    say(warehouse, "other", "p1", at=later(1))

    assert said(warehouse) == [("p1", "complaint")]
    marks.restore(warehouse.database, data)
    assert said(warehouse) == [("p1", "complaint")]
