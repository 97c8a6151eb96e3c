"""Proof that somebody is in no file any more: every byte as it is, and what is packed unpacked.

In the bytes of what is packed, a short word stands by chance: ``/1`` thousands of times in a
database of a million posts. There it counts only where a cell, a row or an unpacked file holds it.
"""

from __future__ import annotations

import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from gzip import BadGzipFile, GzipFile
from io import BufferedReader
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.damage import is_held
from pipeline.errors import PrivacyError
from pipeline.files import files_of
from pipeline.person import Person
from pipeline.query import identifier
from pipeline.written import (
    anchors,
    from_capitals,
    longest_way,
    low,
    places,
    plain,
    readings,
    with_plain_letters,
    without,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

JOURNAL: Final = "forgetting.json"
_DAMAGED: Final = (
    *(pa.ArrowException, zipfile.BadZipFile, BadGzipFile, EOFError, zlib.error),
    *(duckdb.Error, sqlite3.DatabaseError),
)
_CHUNK: Final = 1 << 22
_ROWS: Final = 1_000
_SQLITE: Final = b"SQLite format 3\0"
_OF_NUMPY: Final = 128
_BEYOND_CHANCE: Final = 8
"""Letters of a word that no file is large enough to hold by chance: one in 64 to the eighth power,
should all of it be bytes that are letters and signs."""

_SIGN: Final = "(?:[@/]|(?:40|2f|64|47|commat|sol);?)"
"""What counts before a short word, as it stands or how its code ends."""

_CODED_LETTERS: Final = r"(?:%|\\u00)(?:2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a])"


def found(
    folder: Path, person: Person, leaving_out: Callable[[Path], bool] | None = None
) -> Iterator[tuple[Path, int]]:
    """Files whose bytes, as they are or unpacked, name the person, and how often.

    Args:
        folder: all that is in it is searched.
        person: by all names.
        leaving_out: says of which files nothing needs to be known.

    Raises:
        PrivacyError: a file is damaged, or a database is held by somebody else; names it.
    """
    if not person.words:
        return
    search = Search(person.words)
    for path in files_of(folder):
        if path.name == JOURNAL or (leaving_out and leaving_out(path)):
            continue
        try:
            with path.open("rb") as file:
                count = _count_in(path, file, search)
        except _DAMAGED as error:
            raise _unsearchable(path, error) from error
        if count:
            yield path, count


class Search:
    """Looks for the words of a person, however they are written, where they stand by themselves."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = [_Word(word) for word in sorted(words, key=len, reverse=True)]
        self.longest = max((word.longest for word in self.words), default=0) + 2

    def beyond_chance(self) -> Search:
        """The same for bytes that are no text: with the words alone that chance does not write."""
        return Search(word.word for word in self.words if len(word.word) >= _BEYOND_CHANCE)

    def count(self, content: bytes) -> int:
        """How often. That nearly all bytes hold none of the words is seen soon."""
        content = with_plain_letters(content)
        lowered = content.lower()
        often = lru_cache(maxsize=None)(lowered.count)
        return sum(word.count(content, lowered, often) for word in self.words)

    def names(self, text: str) -> bool:
        """Whether any of the words stands in a text."""
        return any(word.is_in(text) for word in self.words)

    def blanked(self, text: str) -> str:
        """A text with ``…`` in place of every word."""
        for word in self.words:
            if word.is_in(text):
                text = word.blanked(text)
        return text


class _Word:
    """One word in all ways it is written."""

    def __init__(self, word: str) -> None:
        self.word = word
        name = r"\*{0,3}[\s+]{1,3}\*{0,3}".join(map(re.escape, low(word).split()))
        # what hangs on another word by a dot, a dash or an at is somebody else's handle
        begin = r"(?<!\w)(?<!\w[.@-])(?<!--)"
        whole = rf"{begin}(?:{name}|{from_capitals(name)})(?!\w)"
        self._expression = re.compile(whole)
        self.longest = longest_way(word)
        self.parts, self.begins = anchors(word)

    def is_in(self, text: str) -> bool:
        """Whether a text has it, as it stands or coded."""
        return any(
            self._expression.search(read) for each in (text, plain(text)) for read in readings(each)
        )

    def count(self, content: bytes, lowered: bytes, often: Callable[[bytes], int]) -> int:
        """How often it stands in bytes, twice if two of it are near each other."""
        if not all(map(often, self.parts)):
            return 0
        near = [min(self.parts, key=often)] if self.parts else self.begins
        return sum(self._is_near(content, lowered, at) for at in _places(lowered, near))

    def _is_near(self, content: bytes, lowered: bytes, place: int) -> bool:
        around = slice(max(place - self.longest, 0), place + self.longest)
        return all(part in lowered[around] for part in self.parts) and self.is_in(
            content[around].decode("utf-8", "replace")
        )

    def blanked(self, text: str) -> str:
        """A text with ``…`` in its place, the rest as it was."""
        text = without(text, self._spans(text), "…")
        read, begins, ends = places(text)
        spans = [(begins[begin], ends[end - 1]) for begin, end in self._spans(read)]
        return without(text, spans, "…")

    def _spans(self, text: str) -> list[tuple[int, int]]:
        found = [self._expression.finditer(read) for read in readings(text)]
        return sorted(match.span() for matches in found for match in matches)


def _places(content: bytes, parts: Iterable[bytes]) -> Iterator[int]:
    for part in parts:
        place = content.find(part)
        while place >= 0:
            yield place
            place = content.find(part, place + 1)


def _count(file: IO[bytes], search: Search) -> int:
    count, before = 0, b""
    while chunk := file.read(_CHUNK):
        count += search.count(before + chunk)
        before = (before + chunk)[-(search.longest - 1) :]
    return count


def _count_in(path: Path, file: BufferedReader, search: Search) -> int:
    """How often in a file; of what is packed, in what it holds, and in its bytes without chance."""
    unpacked = _unpacking(path, file.peek(len(_SQLITE))[: len(_SQLITE)])
    if unpacked is None:
        return _count(file, search)
    count = _count(file, search.beyond_chance())
    file.seek(0)
    return count + unpacked(path, file, search)


def _unpacking(path: Path, begin: bytes) -> _Unpacking | None:
    """How to look into a packed file, by how it begins; of plain text, None."""
    if path.suffix == ".parquet":
        return _count_parquet
    if path.name.endswith(("-wal", "-shm")):
        return _count_elsewhere
    if begin[8:12] == b"DUCK":
        return _count_duckdb
    return next((count for sign, count in _PACKED.items() if begin.startswith(sign)), None)


def _count_parquet(path: Path, file: BufferedReader, search: Search) -> int:
    del path
    return search.count(str(pq.read_table(file).to_pylist()).encode())


def _count_zip(path: Path, file: BufferedReader, search: Search) -> int:
    """A sheet of XLSX, or a learnt model, whose words are text among tables of numbers."""
    del path
    certain = search.beyond_chance()
    with zipfile.ZipFile(file) as archive:
        members: list[Any] = [archive.open(name) for name in archive.namelist()]
        return sum(_count(each, certain if _is_numbers(each) else search) for each in members)


def _is_numbers(member: BufferedReader) -> bool:
    begin = member.peek(_OF_NUMPY)[:_OF_NUMPY]
    return begin.startswith(b"\x93NUMPY") and b"|u1" not in begin


def _count_gzip(path: Path, file: BufferedReader, search: Search) -> int:
    del path
    return _count(BufferedReader(GzipFile(fileobj=file)), search)


def _count_duckdb(path: Path, file: BufferedReader, search: Search) -> int:
    del file
    with duckdb.connect(str(path), read_only=True) as database:
        return sum(1 for _ in cells(database, search))


def _count_sqlite(path: Path, file: BufferedReader, search: Search) -> int:
    del file
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        rows = (
            told
            for table, column in _columns_of(database)
            for (told,) in database.execute(
                f"select {column} from {table} where typeof({column}) in ('text', 'blob')"
            )
        )
        return sum(1 for told in rows if search.names(_text(told)))
    finally:
        database.close()


def _count_elsewhere(path: Path, file: BufferedReader, search: Search) -> int:
    """What SQLite writes beside a database is read with the database."""
    del path, file, search
    return 0


_Unpacking = Callable[[Path, BufferedReader, Search], int]
_PACKED: Final[dict[bytes, _Unpacking]] = {
    b"PK\x03\x04": _count_zip,
    b"\x1f\x8b": _count_gzip,
    _SQLITE: _count_sqlite,
}


def readable(path: Path) -> str:
    """The words of a file; of a learnt model, which is zipped, those it holds.

    Raises:
        PrivacyError: it is a zip, and damaged.
    """
    if not zipfile.is_zipfile(path):
        return path.read_text(encoding="utf-8", errors="replace")
    try:
        with zipfile.ZipFile(path) as archive:
            told = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
    except _DAMAGED as error:
        raise _unsearchable(path, error) from error
    return " ".join(told)


def _unsearchable(path: Path, error: Exception) -> PrivacyError:
    is_used = is_held(error) if isinstance(error, duckdb.Error) else "locked" in str(error)
    return PrivacyError(
        f"it is {'in use' if is_used else 'damaged'}, so that it cannot be searched: {error}",
        where=str(path),
        todo=f"{'end what uses it' if is_used else 'delete it'}, then run it again",
    )


def from_prefect(home: Path, person: Person) -> None:
    """Prefect's store: its database without them, and no result or log file that names them."""
    for path, _ in list(found(home, person)):
        if path.suffix in {".db", ".sqlite"}:
            _clean_sqlite(path, person)
        elif not path.name.endswith(("-wal", "-shm")):
            path.unlink()


def _clean_sqlite(path: Path, person: Person) -> None:
    """Blank their names in every text of a SQLite file, and write its bytes anew."""
    search = Search(person.words)

    def blanked(value: Any) -> Any:
        if isinstance(value, bytes):
            return search.blanked(_text(value)).encode("utf-8", "surrogateescape")
        return search.blanked(value) if isinstance(value, str) else value

    database = sqlite3.connect(path)
    try:
        database.create_function("blanked", 1, blanked, deterministic=True)
        for table, column in _columns_of(database):
            database.execute(
                f"update {table} set {column} = blanked({column}) "
                f"where typeof({column}) in ('text', 'blob') and blanked({column}) <> {column}"
            )
        database.commit()
        database.execute("pragma wal_checkpoint(truncate)")
        database.execute("vacuum")
        database.execute("pragma wal_checkpoint(truncate)")
    finally:
        database.close()


def _columns_of(database: sqlite3.Connection) -> list[tuple[str, str]]:
    """Every column of every table of a SQLite file, with its table."""
    tables = database.execute("select name from sqlite_master where type = 'table'").fetchall()
    return [
        (identifier(table), identifier(column))
        for (table,) in tables
        for _, column, *_ in database.execute(f"pragma table_info({identifier(table)})")
    ]


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")


def cells(database: DuckDBPyConnection, search: Search) -> Iterator[str]:
    """Names of tables of ours, one for each row that names somebody: texts may be packed there."""
    if not search.words:
        return
    tables = database.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and schema_name <> 'conf'"
    ).fetchall()
    worth = _worth_a_look(search)
    for schema, table in tables:
        name = f"{identifier(schema)}.{identifier(table)}"
        rows = database.execute(
            f"select told from (select told::varchar as told from {name} as told) "
            "where regexp_matches(told, ?, 'is')",
            [worth],
        )
        while batch := rows.fetchmany(_ROWS):
            yield from (name for (told,) in batch if search.names(told))


def _worth_a_look(search: Search) -> str:
    """For which rows: they have all parts of a word one behind the other, or coded letters."""
    return "|".join([*(_roughly(word) for word in search.words), _CODED_LETTERS])


def _roughly(word: _Word) -> str:
    """The parts of a word; of one that counts only behind its sign, with that before it.

    Nearly every row has a ``1`` somewhere.
    """
    parts = ".*".join(part.decode() for part in word.parts)
    is_behind_sign = word.word[0] in "@/" and word.word[1:] == parts
    return f"{_SIGN}{parts}(?:[^a-z0-9]|$)" if is_behind_sign else parts
