"""Proof that somebody is in no file any more: every byte as it is, and what is packed unpacked."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

import pyarrow.parquet as pq

from pipeline.errors import PrivacyError
from pipeline.files import files_of
from pipeline.person import Person
from pipeline.query import identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

JOURNAL: Final = "forgetting.json"
_CHUNK: Final = 1 << 22


def _alternatives(person: Person) -> str:
    """The words of a person as one expression, for Python and for the database alike."""
    words = sorted(person.words, key=len, reverse=True)
    return "|".join("".join(map(_letter, word)) for word in words)


def _letter(character: str) -> str:
    """One character in either case, in one piece or two, and as JSON may escape it.

    The database knows no other way.
    """
    if character.isascii():
        return character if character == " " else re.escape(character)
    cases = sorted({character, character.lower(), character.upper()})
    forms = [*cases, *(parts for each in cases if (parts := normalize("NFD", each)) != each)]
    return f"(?:{'|'.join([*forms, *map(_escaped, forms)])})"


def _escaped(letters: str) -> str:
    """As JSON writes them: what is no ASCII in four hexadecimal digits, or in twice four."""
    return "".join(each if each.isascii() else _in_digits(each) for each in letters)


def _in_digits(character: str) -> str:
    digits = character.encode("utf-16-be").hex()
    return "".join(rf"\\+u{digits[at : at + 4]}" for at in range(0, len(digits), 4))


def _wide(word: str) -> int:
    """How many of its characters JSON may escape."""
    return sum(not each.isascii() for each in word)


def _plain_part(word: str) -> bytes:
    """The longest part of a word that every way of writing it has."""
    return max(re.split(r"[^\x00-\x7f]", word), key=len).encode().lower()


def found(folder: Path, person: Person) -> Iterator[tuple[Path, int]]:
    """Files whose bytes, as they are or unpacked, name the person, and how often."""
    if not person.words:
        return
    search = _Search(person)
    for path in files_of(folder):
        if path.name == JOURNAL:
            continue
        count = _count(path, search)
        if path.suffix == ".parquet":
            count += search.count(str(pq.read_table(path).to_pylist()).encode())
        if count:
            yield path, count


class _Search:
    """Looks for the words of a person, in any case, where they stand by themselves."""

    def __init__(self, person: Person) -> None:
        expression = rf"(?<!\w)(?:{_alternatives(person)})(?!\w)".encode()
        self._pattern = re.compile(expression, re.IGNORECASE)
        self._words = [_plain_part(word) for word in person.words]
        self.longest = max(len(word.encode()) + 16 * _wide(word) for word in person.words) + 2

    def count(self, content: bytes) -> int:
        """How often; that nearly all bytes hold none of the words is seen much sooner."""
        lowered = content.lower()
        if not any(word in lowered for word in self._words):
            return 0
        return len(self._pattern.findall(content))


def _count(path: Path, search: _Search) -> int:
    count, before = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            count += search.count(before + chunk)
            before = (before + chunk)[-(search.longest - 1) :]
    return count


def from_prefect(home: Path, person: Person) -> None:
    """Prefect's store: its database without them, and no result or log file that names them."""
    for path, _ in list(found(home, person)):
        if path.suffix in {".db", ".sqlite"}:
            _clean_sqlite(path, person)
        elif not path.name.endswith(("-wal", "-shm")):
            path.unlink()


def _clean_sqlite(path: Path, person: Person) -> None:
    """Blank their names in every text of a SQLite file, and write its bytes anew."""
    pattern = re.compile(_alternatives(person), re.IGNORECASE)

    def blanked(value: Any) -> Any:
        if isinstance(value, bytes):
            return pattern.sub("…", value.decode("utf-8", "surrogateescape")).encode(
                "utf-8", "surrogateescape"
            )
        return pattern.sub("…", value) if isinstance(value, str) else value

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
    for schema, table in tables:
        if schema == "conf":
            continue
        name = f"{identifier(schema)}.{identifier(table)}"
        hits = database.execute(
            f"select 1 from {name} as told where regexp_matches(told::varchar, ?, 'i') limit 1",
            [rf"(^|\W)({_alternatives(person)})($|\W)"],
        ).fetchall()
        if hits:
            raise PrivacyError("a row still names the account", where=name, todo="run it again")
