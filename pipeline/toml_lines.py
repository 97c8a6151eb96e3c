"""On which line of a TOML text a key stands (the standard parser does not tell)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_HEADER: Final = re.compile(r"^\s*(?P<open>\[\[?)\s*(?P<name>[^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY: Final = re.compile(
    r"^\s*(?P<key>(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*[^=\s]+)*)\s*="
)


def line_of(text: str, location: Sequence[str | int]) -> int:
    """The line, from 1, of the most precise part of ``location`` that the text spells out."""
    best_line, best_length = 1, 0
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        key = _KEY.match(line)
        if header:
            names = _parts(header["name"])
            table = _table(names, counts, is_array=header["open"] == "[[")
            here = table
        elif key:
            here = (*table, *_parts(key["key"]))
        else:
            continue
        if len(here) > best_length and tuple(location[: len(here)]) == here:
            best_line, best_length = number, len(here)
    return best_line


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in name.split("."))


def _table(
    names: tuple[str, ...], counts: dict[tuple[str, ...], int], *, is_array: bool
) -> tuple[str | int, ...]:
    if is_array:
        counts[names] = counts.get(names, -1) + 1
    path: list[str | int] = []
    for end, name in enumerate(names, start=1):
        path.append(name)
        if names[:end] in counts:
            path.append(counts[names[:end]])
    return tuple(path)
