"""Marks: what the company's own people said of posts, kept so that nothing but they can lose it.

The database can be made again from what landed; what people said cannot. So each mark is written to
a file of its own in the data folder first (one JSON object a line, only ever added to, for this
user alone) and to its table then, and a database that is built again reads the file. One rule goes
before that: marks of a post that is gone go with it, out of table and file.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import pyarrow as pa

from pipeline.files import force
from pipeline.query import records, transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = Mapping[str, Any]

_WRITTEN_TEXTS: Final = """
    select text_key from raw.posts where deleted_at is null
    union
    select md5(coalesce(title, '') || chr(10) || text) as text_key from raw.post_versions
"""
_log: Final = logging.getLogger(__name__)


class Marks(NamedTuple):
    """One kind of marks: where they are kept, what makes one, and while what is there they stay.

    ``key`` are the columns of which the newest mark counts, ``moment`` the column that tells when
    it was given, ``there`` a query for what a mark may be about: its columns are columns of the
    table, and a mark that is about nothing in its answer is forgotten.
    """

    name: str
    table: str
    key: tuple[str, ...]
    moment: str
    about: tuple[str, ...]
    there: str


LABELS: Final = Marks(
    "labels", "enriched.labels", ("task", "text_key"), "labelled_at", ("text_key",), _WRITTEN_TEXTS
)
SAMPLES: Final = Marks(
    "samples",
    "enriched.samples",
    ("platform", "post_id", "organisation"),
    "marked_at",
    ("platform", "post_id"),
    "select platform, post_id from raw.posts where deleted_at is null",
)
ALL: Final = (LABELS, SAMPLES)


def write(database: DuckDBPyConnection, data: Path, marks: Marks, rows: Sequence[Row]) -> None:
    """Keep marks in place of what was said before; of equal moments the last counts.

    Args:
        database: the private database, outside any transaction.
        data: the data folder.
        marks: which kind.
        rows: mappings of all columns of its table.
    """
    if rows:
        _append(_path(data, marks), rows)
        _merge(database, marks, [_plain(row) for row in rows])


def restore(database: DuckDBPyConnection, data: Path) -> None:
    """Give a database that was built again what its people had said."""
    for marks in ALL:
        _merge(database, marks, read(data, marks))


def settle(database: DuckDBPyConnection, data: Path) -> None:
    """Make table and file agree, and forget marks of posts that are gone.

    To be called when all that landed is loaded: what is not there then is not there any more.
    """
    for marks in ALL:
        said = read(data, marks)
        _merge(database, marks, said)
        in_file = {_values(row, marks.key) for row in said}
        told = [_plain(row) for row in records(database, f"from {marks.table}")]
        _append(_path(data, marks), [row for row in told if _values(row, marks.key) not in in_file])
        _forget(database, data, marks)


def read(data: Path, marks: Marks) -> list[dict[str, str | None]]:
    """Every mark of a kind that was ever given and not forgotten, in order; moments are texts."""
    path = _path(data, marks)
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            row = msgspec.json.decode(line, type=dict[str, str | None])
        except (msgspec.DecodeError, UnicodeDecodeError):
            _log.warning("%s, line %d was not written to its end: left out", path, number)
            continue
        if _is_whole(row, marks):
            found.append(row)
        else:
            _log.warning("%s, line %d says not what was marked, or when: left out", path, number)
    return found


def _is_whole(row: Mapping[str, str | None], marks: Marks) -> bool:
    try:
        datetime.fromisoformat(row.get(marks.moment) or "")
    except ValueError:
        return False
    return None not in _values(row, marks.key)


def _path(data: Path, marks: Marks) -> Path:
    return data / "marks" / f"{marks.name}.jsonl"


def _plain(row: Row) -> dict[str, str | None]:
    """A row as its file holds it: every value a text."""
    return {
        name: value if value is None or isinstance(value, str) else _text(value)
        for name, value in row.items()
    }


def _text(value: Any) -> str:
    told = msgspec.to_builtins(value)
    return told if isinstance(told, str) else msgspec.json.encode(told).decode()


def _values(row: Mapping[str, str | None], names: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(row.get(name) for name in names)


def _append(path: Path, rows: Sequence[Row]) -> None:
    """Add lines to a file; a line that was cut off before is ended first."""
    if not rows:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "rb+") as file:
        path.chmod(0o600)
        end = file.seek(0, os.SEEK_END)
        is_cut_off = end > 0 and os.pread(file.fileno(), 1, end - 1) != b"\n"
        lines = [msgspec.json.encode(_plain(row)) for row in rows]
        file.write(b"\n" * is_cut_off + b"".join(line + b"\n" for line in lines))
    force(path)
    force(path.parent)


def _replace(path: Path, rows: Sequence[Row]) -> None:
    temporary = path.with_suffix(".part")
    temporary.unlink(missing_ok=True)
    temporary.touch(0o600)
    _append(temporary, rows)
    temporary.replace(path)
    force(path.parent)


@contextmanager
def _given(database: DuckDBPyConnection, rows: Sequence[Mapping[str, str | None]]) -> Iterator[str]:
    """A table of these rows, numbered in order."""
    numbered = [{**row, "place": place} for place, row in enumerate(rows)]
    database.register("given_marks", pa.Table.from_pylist(numbered))
    try:
        yield "given_marks"
    finally:
        database.unregister("given_marks")


def _merge(
    database: DuckDBPyConnection, marks: Marks, rows: Sequence[Mapping[str, str | None]]
) -> None:
    """The newest of each into the table, unless what stands there is newer."""
    if not rows:
        return
    keys = ", ".join(marks.key)
    same = " and ".join(f"stored.{name} = given.{name}" for name in marks.key)
    with _given(database, rows) as given, transaction(database):
        database.execute(
            f"""
            create or replace temp table newest_marks as
            from {given}
            qualify row_number() over (
                partition by {keys} order by cast({marks.moment} as timestamptz) desc, place desc
            ) = 1
            """
        )
        database.execute(
            f"""
            delete from {marks.table} as stored using newest_marks as given
            where {same} and stored.{marks.moment} <= cast(given.{marks.moment} as timestamptz)
            """
        )
        database.execute(
            f"""
            insert into {marks.table} by name
            select given.* exclude (place)
            from newest_marks as given
            where not exists (from {marks.table} as stored where {same})
            """
        )
        database.execute("drop table newest_marks")


def _forget(database: DuckDBPyConnection, data: Path, marks: Marks) -> None:
    """Marks that are about nothing any more leave the file first, the table then."""
    about = ", ".join(marks.about)
    # marks are few: what is there is looked for among them, and not they among all there is
    still_there = f"select {about} from ({marks.there}) semi join {marks.table} using ({about})"
    is_gone = f"({about}) not in (select ({about}) from ({still_there}))"
    gone = records(database, f"select distinct {about} from {marks.table} where {is_gone}")
    if not gone:
        return
    left = {_values(_plain(row), marks.about) for row in gone}
    kept = [row for row in read(data, marks) if _values(row, marks.about) not in left]
    _replace(_path(data, marks), kept)
    database.execute(f"delete from {marks.table} where {is_gone}")
    _log.info("%d marks in %s are forgotten with their posts", len(left), marks.table)
