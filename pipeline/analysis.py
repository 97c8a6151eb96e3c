"""One question over the published file, asked without any right to touch anything else."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec

from pipeline.errors import WarehouseError
from pipeline.hardened import Rows, asking_hardened

LONGEST_SECONDS: Final = 120.0

_DESCRIBE = re.compile(r"\s*desc(?:ribe)?\s+marts\.(?P<table>\w+)\s*;?\s*", re.IGNORECASE)
_WITH_MEANING = """
    select described.column_name, described.column_type, dictionary.meaning
    from (describe marts.{table}) as described
    left join marts.dictionary as dictionary
        on dictionary.table_name = lower('{table}')
        and dictionary.column_name = described.column_name
"""
"""What ``describe`` tells, and what each column means."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FORMULA_INSIDE = re.compile(r"(?<=[;\t\n])(?=[\s\"']*[=+@＝＋＠]|[\s\"']*[-－]\S)")
"""Where a spreadsheet that parts cells by semicolons, as Dutch ones do, would begin a formula."""

_CONTROL = {
    code: f"\\x{code:02x}" for code in (*range(9), 11, 12, *range(14, 32), *range(127, 160))
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Columns and rows of an answer."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def as_dicts(self) -> list[dict[str, Any]]:
        """One mapping a row; a name that several columns have is numbered from the second on."""
        names: list[str] = []
        for name in self.columns:
            numbered = (f"{name}_{number}" for number in count(1))
            names.append(next(each for each in chain([name], numbered) if each not in names))
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def as_csv(self) -> str:
        """CSV in which no cell of text is a formula to a spreadsheet."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([[plain_cell(cell) for cell in row] for row in self.rows])
        return out.getvalue()


def plain_cell(cell: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front of it.

    Control characters, on which a terminal would act, are shown by their numbers. A carriage return
    is a new line: alone it would begin a row.
    """
    if not isinstance(cell, str):
        return cell
    plain = cell.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL)
    text = _FORMULA_INSIDE.sub("'", plain)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def ask(
    path: Path, query: str, *, seconds: float = LONGEST_SECONDS, spill: Path | None = None
) -> Answer:
    """The answer to one statement of our own; what somebody typed is asked by ``apart``.

    Args:
        path: the published file.
        query: the statement.
        seconds: how long it may take.
        spill: a folder for what does not fit into memory; else beside the file.

    Raises:
        WarehouseError: there is no published file, the statement is wrong, more than one, or took
            longer than ``seconds``.
    """
    with _opened(path, spill) as ask_file:
        return _answer(ask_file, query, seconds)


@contextmanager
def asking(
    path: Path, *, seconds: float = LONGEST_SECONDS, spill: Path | None = None
) -> Iterator[Callable[[str], Answer]]:
    """Answers to many statements of our own over one opening of the file.

    Raises:
        WarehouseError: there is no published file, or one of an earlier version, which lacks what
            is asked now; each statement raises as ``ask`` does.
    """
    with _opened(path, spill) as ask_file:

        def told(query: str) -> Answer:
            try:
                return _answer(ask_file, query, seconds)
            except WarehouseError as error:
                if isinstance(error.__cause__, duckdb.BinderException | duckdb.CatalogException):
                    raise WarehouseError(
                        "was published by an earlier version, and lacks what is asked now",
                        where=str(path),
                        todo="`luister run` first",
                    ) from error
                raise

        yield told


@contextmanager
def _opened(path: Path, spill: Path | None) -> Iterator[Callable[[str, float], Rows]]:
    if not path.exists():
        raise WarehouseError(
            "nothing is published yet", where=str(path), todo="`luister run` first"
        )
    with asking_hardened(path, spill) as ask_file:
        yield ask_file


def _answer(ask_file: Callable[[str, float], Rows], query: str, seconds: float) -> Answer:
    described = _DESCRIBE.fullmatch(query)
    asked = _WITH_MEANING.format(table=described["table"]) if described else query
    columns, rows = ask_file(asked, seconds)
    return Answer(columns=columns, rows=rows)
