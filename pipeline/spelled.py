"""What is written in other letters than it reads, or in words, and how it is blanked in its place.

A text is looked at as it reads: full-width, circled and mathematical letters and digits as plain
ones. It is blanked where something was found; what stands around that stays as it was written.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final

_HIDDEN: Final = "\ufffc"
_RANGES: Final = ((0x3000, 0x3000), (0x2460, 0x24FF), (0xFF01, 0xFF5E), (0x1D400, 0x1D7FF))
"""Circled, full-width and mathematical characters; superscripts are none: "10¹²" is no 1012."""


def _plain() -> dict[int, str]:
    """Those that read as one plain letter or digit, or as a sign of an address."""
    found = {
        code: unicodedata.normalize("NFKC", chr(code))
        for first, last in _RANGES
        for code in range(first, last + 1)
    }
    return {
        code: plain
        for code, plain in found.items()
        if len(plain) == 1 and plain.isascii() and (plain.isalnum() or plain in " @.+-_/()")
    }


_PLAIN: Final = _plain()
SEEN_OTHERWISE: Final = (
    f"[{''.join(chr(code) for code, plain in _PLAIN.items() if plain.isalnum())}]"
)
"""A class of the letters and digits that read otherwise than they are written; also in RE2."""

_DIGITS: Final = (
    ("nul", "zero", "oh"),
    ("een", "één", "eén", "éen", "one"),
    ("twee", "two"),
    ("drie", "three"),
    ("vier", "four"),
    ("vijf", "five"),
    ("zes", "six"),
    ("zeven", "seven"),
    ("acht", "eight"),
    ("negen", "nine"),
)
_VALUES: Final = {word: value for value, words in enumerate(_DIGITS) for word in words}
_AS_PLAIN: Final = str.maketrans({"ſ": "s", "ı": "i", "İ": "i"})
"""Letters that are taken for these two where capitals are not told apart."""
_LETTERS: Final = str.maketrans({"s": "[sſ]", "i": "[iıİ]"})
_WORD: Final = f"(?:{'|'.join(_VALUES).translate(_LETTERS)})"
_LEAST: Final = 8
_MOST: Final = 20
_PARTS: Final = "[ \t\n\r\v\f\u00a0\u2000-\u200a\u202f\u205f\u3000,./_-]"
FEWER_SPOKEN: Final = rf"(?:{_WORD}{_PARTS}{{1,3}}){{3,19}}{_WORD}"
"""Digits in words where something else says that they are a number."""
SPOKEN_DIGITS: Final = rf"(?i:({_WORD}{_PARTS}{{1,3}}){{{_LEAST - 1}}}{_WORD})"
"""As many digits in words as a telephone number has, also in RE2."""

_SPOKEN: Final = re.compile(
    rf"(?i)(?<!\w)(?:{_WORD}{_PARTS}{{1,3}}){{{_LEAST - 1},{_MOST - 1}}}{_WORD}(?!\w)"
)
_SPOKEN_DIGIT: Final = re.compile(rf"(?i){_WORD}")


def spoken_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where eight or more digits stand in words, in Dutch or English.

    Who counts ("een, twee, drie", or back) or says one word over and over gives no number.
    """
    for match in _SPOKEN.finditer(text):
        words = _SPOKEN_DIGIT.findall(match[0].translate(_AS_PLAIN).lower())
        if not _is_counting([_VALUES[each] for each in words]):
            yield match.span()


def _is_counting(digits: list[int]) -> bool:
    """Whether each follows on the one before; behind a zero, a number may go on like that too."""
    steps = Counter(after - before for before, after in itertools.pairwise(digits))
    most = max(steps.values())
    return len(steps) == 1 or (digits[0] != 0 and 2 * most > len(digits))


class Blanks:
    """What is to be blanked in a text, found in it as it reads; no stretch is found twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[tuple[int, int, str]] = []
        self.seen = text.translate(_PLAIN)

    def take(
        self,
        shown: str,
        pattern: re.Pattern[str],
        is_meant: Callable[[re.Match[str]], bool] = lambda _: True,
    ) -> None:
        """Blank each match that is meant, or its group ``blank`` where it has one."""
        group: str | int = "blank" if "blank" in pattern.groupindex else 0
        self.put(
            shown, (each.span(group) for each in pattern.finditer(self.seen) if is_meant(each))
        )

    def put(self, shown: str, spans: Iterable[tuple[int, int]]) -> None:
        """Blank these stretches: what comes after finds a sign there that belongs to nothing."""
        parts, done = [], 0
        for begin, end in spans:
            self._found.append((begin, end, shown))
            parts += [self.seen[done:begin], _HIDDEN * (end - begin)]
            done = end
        if parts:
            self.seen = "".join([*parts, self.seen[done:]])

    def text(self) -> str:
        """The text as it was written, with what was found named in its place."""
        parts, done = [], 0
        for begin, end, shown in sorted(self._found):
            parts += [self._text[done:begin], shown]
            done = end
        return "".join([*parts, self._text[done:]])
