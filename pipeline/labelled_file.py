"""Labelled texts as people save them: CSV in UTF-8, parted by commas, semicolons or tabs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipeline.errors import LuisterError

WANTED: Final = "give a CSV file in UTF-8 with the columns text and label"
_LONGEST_FIELD: Final = 10_000_000


@contextmanager
def reading(file: Path, raised: type[LuisterError]) -> Iterator[csv.DictReader[str]]:
    """The rows of a file, to be read before it is left.

    Args:
        file: with the names of the columns in its first line.
        raised: the error that tells what is wrong with it.

    Raises:
        raised: it cannot be opened, or is not UTF-8 or no CSV.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            head = lines.readline()
            lines.seek(0)
            # a spreadsheet in Dutch saves CSV with semicolons
            yield csv.DictReader(lines, delimiter=max(",;\t", key=head.count))
    except OSError as error:
        what = f"cannot be opened: {error.strerror or error}"
        raise raised(what, where=str(file), todo=WANTED) from error
    except UnicodeDecodeError as error:
        raise raised("is not UTF-8", where=str(file), todo=WANTED) from error
    except csv.Error as error:
        raise raised(f"is not CSV: {error}", where=str(file), todo=WANTED) from error
