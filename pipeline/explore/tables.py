"""The posts of a choice as a file: CSV or XLSX in which nothing runs and nothing links."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

from pipeline.analysis import plain_cell
from pipeline.report.words import clean

Rows = Iterable[list[tuple[Any, ...]]]
BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel reads UTF-8 as something else."""

LONGEST_CELL: Final = 32_767
PIECE: Final = 65_536
_PLAIN: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}


def as_csv(columns: tuple[str, ...], found: Rows) -> Iterator[bytes]:
    """CSV in UTF-8 with a heading, piece by piece; no text is a formula to a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write(BYTE_ORDER_MARK)
    writer.writerow(columns)
    for rows in found:
        writer.writerows([[plain_cell(_text(cell)) for cell in row] for row in rows])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


def as_xlsx(columns: tuple[str, ...], found: Rows) -> Iterator[bytes]:
    """A workbook of one sheet; every text is a text, and every date is ISO 8601."""
    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.xlsx"
        with xlsxwriter.Workbook(path, {**_PLAIN, "tmpdir": folder}) as book:
            sheet = book.add_worksheet("posts")
            sheet.freeze_panes(1, 0)
            _write(sheet, 0, columns)
            for place, row in enumerate(chain.from_iterable(found), 1):
                _write(sheet, place, row)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _write(sheet: Any, place: int, row: Iterable[Any]) -> None:
    for column, cell in enumerate(row):
        told = _text(cell)
        if isinstance(told, str):
            sheet.write_string(place, column, told[:LONGEST_CELL])
        elif told is not None:
            sheet.write_number(place, column, told)


def _text(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return clean(cell) if isinstance(cell, str) else cell
