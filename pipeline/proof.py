"""Proof that somebody is in no file any more: every byte as it is, and what is packed unpacked."""

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

import pyarrow as pa
import pyarrow.parquet as pq

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
_DAMAGED: Final = (pa.ArrowException, zipfile.BadZipFile, BadGzipFile, EOFError, zlib.error)
_CHUNK: Final = 1 << 22
_ROWS: Final = 1_000
_CODED_LETTERS: Final = r"(?:%|\\u00)(?:2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a])"


def found(folder: Path, person: Person) -> Iterator[tuple[Path, int]]:
    """Files whose bytes, as they are or unpacked, name the person, and how often."""
    if not person.words:
        return
    search = _Search(person)
    for path in files_of(folder):
        if path.name == JOURNAL:
            continue
        try:
            with path.open("rb") as file:
                count = _count(file, search) + _count_unpacked(path, file, search)
        except _DAMAGED as error:
            raise _unsearchable(path, error) from error
        if count:
            yield path, count


class _Search:
    """Looks for the words of a person, however they are written, where they stand by themselves."""

    def __init__(self, person: Person) -> None:
        self.words = [_Word(word) for word in sorted(person.words, key=len, reverse=True)]
        self.longest = max(word.longest for word in self.words) + 2

    def count(self, content: bytes) -> int:
        """How often. That nearly all bytes hold none of the words is seen soon."""
        content = with_plain_letters(content)
        lowered = content.lower()
        often = lru_cache(maxsize=None)(lowered.count)
        return sum(word.count(content, lowered, often) for word in self.words)

    def names(self, text: str) -> bool:
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


def _count(file: IO[bytes], search: _Search) -> int:
    count, before = 0, b""
    while chunk := file.read(_CHUNK):
        count += search.count(before + chunk)
        before = (before + chunk)[-(search.longest - 1) :]
    return count


def _count_unpacked(path: Path, file: IO[bytes], search: _Search) -> int:
    """How often in what is packed: Parquet, zip (a learnt model, a sheet of XLSX) and gzip."""
    file.seek(0)
    begin = file.read(4)
    file.seek(0)
    if path.suffix == ".parquet":
        return search.count(str(pq.read_table(path).to_pylist()).encode())
    if begin == b"PK\x03\x04":
        with zipfile.ZipFile(file) as archive:
            return sum(_count(archive.open(name), search) for name in archive.namelist())
    if begin.startswith(b"\x1f\x8b"):
        return _count(BufferedReader(GzipFile(fileobj=file)), search)
    return 0


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
    return PrivacyError(
        f"it is damaged, so that it cannot be searched: {error}",
        where=str(path),
        todo="delete it, then run it again",
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
    search = _Search(person)

    def blanked(value: Any) -> Any:
        if isinstance(value, bytes):
            text = value.decode("utf-8", "surrogateescape")
            return search.blanked(text).encode("utf-8", "surrogateescape")
        return search.blanked(value) if isinstance(value, str) else value

    database = sqlite3.connect(path)
    try:
        database.create_function("blanked", 1, blanked, deterministic=True)
        tables = database.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            columns = database.execute(f"pragma table_info({identifier(table)})").fetchall()
            for _, column, *_ in columns:
                name = identifier(column)
                database.execute(
                    f"update {identifier(table)} set {name} = blanked({name}) "
                    f"where typeof({name}) in ('text', 'blob') and blanked({name}) <> {name}"
                )
        database.commit()
        database.execute("pragma wal_checkpoint(truncate)")
        database.execute("vacuum")
        database.execute("pragma wal_checkpoint(truncate)")
    finally:
        database.close()


def search_cells(database: DuckDBPyConnection, person: Person) -> None:
    """A database may pack its texts: every cell is looked at too."""
    tables = database.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database()"
    ).fetchall()
    if not person.words:
        return
    search = _Search(person)
    worth = _worth_a_look(search)
    for schema, table in tables:
        if schema == "conf":
            continue
        name = f"{identifier(schema)}.{identifier(table)}"
        rows = database.execute(
            f"select told from (select told::varchar as told from {name} as told) "
            "where regexp_matches(told, ?, 'is')",
            [worth],
        )
        while batch := rows.fetchmany(_ROWS):
            if any(search.names(told) for (told,) in batch):
                raise PrivacyError("a row still names the account", where=name, todo="run it again")


def _worth_a_look(search: _Search) -> str:
    """For which rows: they have all parts of a word one behind the other, or coded letters."""
    words = (".*".join(part.decode() for part in word.parts) for word in search.words)
    return "|".join([*words, _CODED_LETTERS])
