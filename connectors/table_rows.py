"""Cut a file into rows: CSV, NDJSON or Parquet, told by its content, streamed.

A row comes as the JSON object of its columns and the place where it stands. What makes a file
unreadable as a whole raises; what is wrong with one row is left for whoever understands rows.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from pipeline.errors import ConfigError, PayloadError

LONGEST: Final = 16_000_000
"""Characters of one cell or line; more is a file that is not what it seems."""
PEEKED: Final = 200
_HEAD: Final = 65_536
_MOST_TITLES: Final = 8
_DELIMITERS: Final = ",;\t|"
_BATCH: Final = 2_000
EXTRA: Final = ""
"""Name under which cells beyond the last column are kept: such a row is not understood."""
_LINE_END: Final = re.compile(r"\r\n?|\n")
_QUOTED: Final = re.compile(r'"[^"]*"')
_BYTES: Final = re.compile(r"(?<!fixed_size_)binary")
"""Types of columns that hold bytes, however deep; those of one size are no texts but keys."""
_UNREADABLE: Final = {
    b"PK\x03\x04": "a spreadsheet or zip file; save it as CSV (UTF-8)",
    b"\x1f\x8b": "a gzip file; unpack it first",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet; save it as CSV (UTF-8)",
    b"SQLite": "a database; export a table as CSV",
    b"[": "one JSON list; give one object a line (`jq -c '.[]'`)",
    b"<": "HTML or XML, not a table",
}


class Row(NamedTuple):
    """One row as a JSON object, and where it stands (``line 12``, ``row 12``)."""

    raw: bytes
    path: str


class Table(NamedTuple):
    """The columns that occur, and the rows."""

    columns: list[str]
    rows: Iterator[Row]


@contextmanager
def open_table(
    file: BinaryIO, options: Mapping[str, Any], is_header: Callable[[list[str]], bool]
) -> Iterator[Table]:
    """The table in an open file.

    Args:
        file: open for reading bytes, at its beginning.
        options: ``encoding`` and ``delimiter`` of a CSV file that is not what it looks like.
        is_header: whether these are the columns of a table of posts; what stands above them is
            the title of a page.

    Raises:
        PayloadError: it is no table that can be read, now or while the rows are taken.
        ConfigError: an encoding or delimiter that does not exist.
    """
    head = file.read(_HEAD)
    file.seek(0)
    plain = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not plain:
        raise PayloadError("the file is empty")
    if head[:4] == b"PAR1":
        yield _parquet(file)
        return
    for magic, what in _UNREADABLE.items():
        if plain.startswith(magic):
            raise PayloadError(f"this is {what}")
    if plain.startswith(b"{"):
        yield _ndjson(file)
        return
    encoding = _encoding(head, options)
    above, delimiter = _titles(head.decode(encoding, "replace"), options, is_header)
    with _text(file, encoding) as text:
        yield _csv(text, {**options, **({"delimiter": delimiter} if delimiter else {})}, above)


def _encoding(head: bytes, options: Mapping[str, Any]) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if "encoding" not in options and b"\0" in head[:2]:
        return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    chosen = str(options.get("encoding", "utf-8"))
    try:
        name = codecs.lookup(chosen).name
    except LookupError as error:
        raise ConfigError(f"no such encoding: {chosen!r}", where="options.encoding") from error
    return "utf-8-sig" if name == "utf-8" else name


@contextmanager
def _text(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The file as text with its line ends as they are; leaves the file open."""
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _titles(
    head: str, options: Mapping[str, Any], is_header: Callable[[list[str]], bool]
) -> tuple[int, str]:
    """How many lines stand above the header and what parts its cells; 0 where it is the first."""
    for above, line in enumerate(_LINE_END.split(head, _MOST_TITLES)[:_MOST_TITLES]):
        for delimiter in str(options.get("delimiter") or _DELIMITERS):
            cells = next(csv.reader([line], delimiter=delimiter), [])
            if is_header([cell.strip() for cell in cells]):
                return above, delimiter if above else ""
    return 0, ""


def _csv(text: io.TextIOWrapper, options: Mapping[str, Any], above: int) -> Table:
    csv.field_size_limit(max(LONGEST, csv.field_size_limit()))
    lines = _Lines(text)
    first = next(islice(lines, above, None))
    delimiter = str(options.get("delimiter") or _delimiter(first))
    if first.lower().startswith("sep="):
        delimiter = str(options.get("delimiter") or first[4:5])
        first = next(lines, "")
    if len(delimiter) != 1:
        raise ConfigError("a delimiter is one character", where="options.delimiter")
    reader = csv.reader(chain([first], lines), delimiter=delimiter)
    columns = _told_apart([name.strip() for name in _next_row(reader, lines) or []])
    if not any(columns):
        raise PayloadError("the first line names no columns")
    return Table(columns, _csv_rows(reader, lines, columns))


class _Lines:
    """Lines of a text, counted; a line that cannot be decoded is named."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.number = 0
        self.quotes = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(LONGEST)
        except UnicodeDecodeError as error:
            raise PayloadError(
                f"not {error.encoding} after line {self.number}: {error.reason}",
                todo='name the encoding in options, e.g. encoding = "windows-1252"',
            ) from error
        if not line:
            raise StopIteration
        self.number += 1
        self.quotes += line.count('"')
        return line


def _delimiter(header: str) -> str:
    """The most frequent of the usual signs; a table of one column needs none."""
    return max(_DELIMITERS, key=_QUOTED.sub("", header).count)


def again(name: str, time: int = 2) -> str:
    """What the second column of one name is called."""
    return f"{name} ({time})"


def _told_apart(names: list[str]) -> list[str]:
    """The names of columns, each another one but for those of columns without a name."""
    columns: list[str] = []
    times: Counter[str] = Counter()
    for name in names:
        times[name] += 1
        is_again = name and times[name] > 1
        columns.append(again(name, times[name]) if is_again else name)
    return columns


def _csv_rows(reader: Any, lines: _Lines, columns: list[str]) -> Iterator[Row]:
    while True:
        start = lines.number + 1
        cells = _next_row(reader, lines)
        if cells is None:
            return
        is_open = lines.quotes % 2 == 1 and lines.number > start
        if is_open and _is_last(lines):
            raise PayloadError(f'a quotation mark (") opened on line {start} is never closed')
        if any(map(str.strip, cells)):
            row: dict[str, Any] = dict(zip(columns, cells, strict=False))
            row.pop(EXTRA, None)
            if any(map(str.strip, cells[len(columns) :])):
                row[EXTRA] = cells[len(columns) :]
            raw = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")
            yield Row(raw, f"line {start}")


def _next_row(reader: Any, lines: _Lines) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise PayloadError(f"line {lines.number}: {error}") from error


def _is_last(lines: _Lines) -> bool:
    return next(lines, None) is None


def _ndjson(file: BinaryIO) -> Table:
    lines = _json_lines(file)
    first = list(islice(lines, PEEKED))
    columns: dict[str, None] = {}
    for row in first:
        columns.update(dict.fromkeys(_keys(row.raw)))
    return Table(list(columns), chain(first, lines))


def _json_lines(file: BinaryIO) -> Iterator[Row]:
    number = 0
    while line := file.readline(LONGEST):
        number += 1
        if len(line) >= LONGEST:
            raise PayloadError(f"line {number} is longer than {LONGEST} bytes")
        plain = line.removeprefix(codecs.BOM_UTF8).strip() if number == 1 else line.strip()
        if plain:
            yield Row(plain, f"line {number}")


def _keys(raw: bytes) -> Iterable[str]:
    try:
        return msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()


def _parquet(file: BinaryIO) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        opened = parquet.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise PayloadError(f"a damaged Parquet file: {error}") from error
    return Table(list(opened.schema_arrow.names), _parquet_rows(opened))


def _parquet_rows(opened: Any) -> Iterator[Row]:
    """Times in nanoseconds come as objects of their own, texts of old writers as bytes."""
    import pyarrow as pa

    in_bytes = [field.name for field in opened.schema_arrow if _BYTES.search(str(field.type))]
    number = 0
    try:
        for batch in opened.iter_batches(_BATCH):
            for row in batch.to_pylist():
                number += 1
                texts = {name: _as_text(row[name]) for name in in_bytes}
                yield Row(msgspec.json.encode({**row, **texts}, enc_hook=str), f"row {number}")
    except (pa.ArrowException, OSError) as error:
        raise PayloadError(f"a damaged Parquet file after row {number}: {error}") from error


def _as_text(value: Any) -> Any:
    """Bytes as text, also within a list or an object."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list | tuple):
        return [_as_text(each) for each in value]
    if isinstance(value, dict):
        return {name: _as_text(each) for name, each in value.items()}
    return value
