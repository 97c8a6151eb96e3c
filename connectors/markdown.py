"""Markdown as people write it: the addresses in it, and what of it is code or is not shown."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

_ADDRESS: Final = re.compile(r"(?i:https?)://[^\s<>\"'`\[\]{}|\\^]+")
_LAST: Final = ".,;:!?*_"
_ITEM: Final = r"(?:[-*+]|\d{1,9}[.)])[ \t]+"
_FENCE: Final = re.compile(rf"[ \t>]*(?:{_ITEM})?(?P<fence>`{{3,}}(?=[^`]*$)|~{{3,}})")
_LISTED: Final = re.compile(rf"[ \t>]*{_ITEM}")
_INDENTED: Final = re.compile(r"(?: {4}| {0,3}\t)[ \t]*\S")
_MARK: Final = re.compile(r"\\.|(?P<ticks>`+)|(?P<comment><!--)")
_TICKS: Final = re.compile("`+")
_QUOTED: Final = re.compile(r"^ {0,3}>(?!!).*$", re.MULTILINE)
"""``>!`` is what Reddit hides until it is asked for."""
_GAP: Final = re.compile(r"\n[ \t]*(?=\n)")


def links_in(words: str) -> tuple[str, ...]:
    """Addresses in reading order, each once, http and https only.

    A bracket that was opened before an address ends it; one opened inside belongs to it.
    """
    if "://" not in words:
        return ()
    found = [_balanced(address.rstrip(_LAST)) for address in _ADDRESS.findall(words)]
    return tuple(dict.fromkeys(found))


def _balanced(address: str) -> str:
    if ")" not in address:
        return address
    depth = 0
    for at, character in enumerate(address):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return address[:at].rstrip(_LAST)
    return address


def unquoted(words: str) -> str:
    """The words without lines that quote, as they are looked through for whom they name."""
    return _QUOTED.sub("", words) if ">" in words else words


def pieces(words: str) -> Iterator[tuple[str, bool]]:
    """The words in pieces, each with whether it is code; comments of HTML are left out.

    Code stands between backticks, in fences, closed or not, and in indented paragraphs outside of
    lists; a comment in it is shown (https://spec.commonmark.org/0.31.2). What follows a comment
    that is never closed is shown too.
    """
    ends = _ends_of_code(words)
    at, is_free, is_list = 0, True, False
    while at < len(words):
        end = _line_end(words, at)
        line = words[at:end]
        is_listed = _LISTED.match(line) is not None
        is_list = is_listed or (is_list and not (is_free and line[:1].strip()))
        opened = _FENCE.match(line)
        if is_free and not is_list and _INDENTED.match(line):
            yield line, True
        elif opened is not None:
            end = _fence_end(words, end, opened["fence"])
            yield words[at:end], True
            is_free = True
        else:
            is_free = not line.strip()
            while found := _MARK.search(words, at, end):
                start, close = found.span()
                if found["comment"]:
                    yield words[at:start], False
                    close = words.find("-->", start + 2) + 3
                    if close < 3:
                        yield words[start:], False
                        return
                elif found["ticks"] and start in ends:
                    close = ends[start]
                    yield words[at:start], False
                    yield words[start:close], True
                else:
                    yield words[at:close], False
                at, end = close, end if close <= end else _line_end(words, close - 1)
            yield words[at:end], False
        at = end


def _line_end(words: str, at: int) -> int:
    return words.find("\n", at) + 1 or len(words)


def _fence_end(words: str, at: int, fence: str) -> int:
    """After the line that closes a fence, or the end of all."""
    while at < len(words):
        end = _line_end(words, at)
        line = words[at:end].strip(" \t>\n")
        if len(line) >= len(fence) and not line.strip(fence[0]):
            return end
        at = end
    return at


def _ends_of_code(words: str) -> dict[int, int]:
    """Where code that begins at backticks ends: after as many, the next in its paragraph."""
    gaps = [each.start() for each in _GAP.finditer(words)] if "`" in words else []
    ends, later = {}, dict[tuple[int, int], int]()
    for run in reversed(list(_TICKS.finditer(words))):
        start, end = run.span()
        place = (bisect_left(gaps, start), end - start)
        if place in later:
            ends[start] = later[place]
        later[place] = end
    return ends
