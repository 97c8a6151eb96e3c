"""Many rows are found first, and read by where they stand, so many at once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline import query
from pipeline.query import batches_at


@pytest.mark.parametrize("at_once", [1, 3, 1_000])
def test_each_row_that_is_found_is_read_once_with_what_was_told_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(query, "_AT_ONCE", at_once)
    with duckdb.connect(str(tmp_path / "some.duckdb")) as database:
        database.execute(
            "create table words as select range as number, 'w' || range as word from range(20)"
        )
        database.execute(
            "create temp table wanted as select 7 as number union all select 19 union all select 0"
        )
        places = """
            select words.rowid as place, words.number * $factor as told
            from words join wanted using (number)
        """
        asked = "select word, found.told from words join found on words.rowid = found.place"

        found = [
            tuple(row.values())
            for batch in batches_at(database, places, asked, {"factor": 10}, 2)
            for row in batch.to_pylist()
        ]

    assert sorted(found) == [("w0", 0), ("w19", 190), ("w7", 70)]


def test_nothing_found_is_nothing_read(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "some.duckdb")) as database:
        database.execute("create table words as select 1 as number")
        places = "select rowid as place from words where number > 1"
        asked = "select number from words join found on words.rowid = found.place"
        assert list(batches_at(database, places, asked, {}, 10)) == []
