"""What proves that somebody is gone is led astray neither by packing nor by chance."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import PrivacyError
from pipeline.person import Person
from pipeline.proof import found

FIRST = Person(platform="mastodon", account="1", author_ids=frozenset({"1"}))
"""Whoever set up a server is often number 1 on it: two letters, with a sign, to look for."""


def in_duckdb(path: Path, told: str, numbers: bytes) -> None:
    with duckdb.connect(str(path)) as database:
        database.execute("create table said as select unnest(?) as words", [[told] * 3])
        database.execute(
            "create table counts as select unnest(?::uinteger[]) as many",
            [np.frombuffer(numbers, np.uint32).tolist()],
        )


def in_parquet(path: Path, told: str, numbers: bytes) -> None:
    table = pa.table({"words": [told], "many": [np.frombuffer(numbers, np.uint32).tolist()]})
    pq.write_table(table, path, compression="none", use_dictionary=False)


def in_sqlite(path: Path, told: str, numbers: bytes) -> None:
    """Its rows begin with a byte of the length of each text: ``/`` is 17 letters, ``1`` is 18."""
    del numbers
    with sqlite3.connect(path) as database:
        database.execute("create table said (words text, place text, day text)")
        database.execute("insert into said values (?, ?, ?)", (told, "a" * 17, "b" * 18))


def in_zip(path: Path, told: str, numbers: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, values in (
            ("told.npy", np.frombuffer(told.encode(), np.uint8)),
            ("weights.npy", np.frombuffer(numbers, np.float32)),
        ):
            member = io.BytesIO()
            np.save(member, values)
            archive.writestr(name, member.getvalue())


def in_gzip(path: Path, told: str, numbers: bytes) -> None:
    """Its header holds a name, and here numbers; only what it packs is read."""
    packed = gzip.compress(told.encode())
    extra = len(numbers).to_bytes(2, "little") + numbers
    path.write_bytes(packed[:3] + b"\x04" + packed[4:10] + extra + packed[10:])


PACKED = {
    "said.duckdb": in_duckdb,
    "said.parquet": in_parquet,
    "said.sqlite": in_sqlite,
    "said.npz": in_zip,
    "said.csv.gz": in_gzip,
}


@pytest.mark.parametrize(("name", "write"), PACKED.items(), ids=PACKED)
def test_a_short_name_is_seen_where_something_packed_holds_it_not_where_chance_writes_it(
    tmp_path: Path, name: str, write: Callable[[Path, str, bytes], None]
) -> None:
    numbers = b"".join(b"*/1*" + at.to_bytes(4, "little") for at in range(2_000))

    write(tmp_path / name, "nobody of ours", numbers)
    assert b"/1" in (tmp_path / name).read_bytes()
    assert list(found(tmp_path, FIRST)) == []

    (tmp_path / name).unlink()
    write(tmp_path / name, "says @1 to them", numbers)
    assert [path.name for path, _ in found(tmp_path, FIRST)] == [name]


def test_a_name_too_long_for_chance_is_seen_in_any_byte(tmp_path: Path) -> None:
    """Bytes of rows that are gone hold no cell, but may still be there."""
    anna = Person(platform="mastodon", account="anna_bakkersma")
    with sqlite3.connect(tmp_path / "prefect.db") as store:
        store.execute("create table log (message text)")
        store.execute("insert into log values ('by @anna_bakkersma')")
    with sqlite3.connect(tmp_path / "prefect.db") as store:
        store.execute("pragma secure_delete = off")
        store.execute("delete from log")

    assert [path.name for path, _ in found(tmp_path, anna)] == ["prefect.db"]


def test_a_database_that_somebody_uses_is_not_called_damaged(tmp_path: Path) -> None:
    in_sqlite(tmp_path / "prefect.db", "said", b"")
    with sqlite3.connect(tmp_path / "prefect.db") as store:
        store.execute("begin exclusive")
        with pytest.raises(PrivacyError, match=r"prefect\.db: it is in use, .* end what uses it"):
            list(found(tmp_path, FIRST))


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "theirs.duckdb").write_bytes(b"\0" * 8 + b"DUCK" + b"\1" * 9_000)

    with pytest.raises(PrivacyError, match=r"theirs\.duckdb: it is damaged.*delete it"):
        list(found(tmp_path, FIRST))
