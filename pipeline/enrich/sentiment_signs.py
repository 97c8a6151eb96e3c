"""What is said in signs alone: marks and stars, and texts that hold emoji and no word."""

from __future__ import annotations

import re
from typing import Final

_MARK: Final = re.compile(
    r"(?<!\bon )(?<!\bop )(?<!\bby )(?<!\bper )(?<!\btot )(?<!\buntil )(?<!\bvanaf )"
    r"(?<![\d/.,:])(?:5/5|10/10)(?![\d/]|[.,:]\d|\s{1,3}\d{1,2}[:.]\d\d)",
    re.IGNORECASE,
)
"""Full marks, and no date: ``10/10/2024``, ``10/10 14:00``, ``on 10/10``."""
_STARS: Final = re.compile(r"(?P<full>(?:[⭐★]\ufe0f?)+)(?P<empty>(?:☆\ufe0f?)*)")
_EMOTICON: Final = re.compile(
    r"[:;=]['\-,^o]?[dpsco3]+(?!\w)|(?<!\w)(?:xd|x'd|[cd]:|t_t)(?!\w)|ℹ", re.IGNORECASE
)
_WORD: Final = re.compile(r"(?<![\w:;=\-',^])[^\W\d_]{4}")
"""What no emoticon holds: most texts need no closer look."""
_GOOD, _BAD, _NEITHER = " ⭐ ", " 👎 ", " "
_GOOD_FROM: Final = 0.8
_BAD_TO: Final = 0.4
_ENOUGH: Final = 4
"""Full stars that are a judgement by themselves: fewer are mostly there for show."""


def with_marks_read(text: str) -> str:
    """The text with marks and rows of stars as one sign of praise or blame."""
    if "/" in text:
        text = _MARK.sub(_GOOD, text)
    return _STARS.sub(_counted, text) if "★" in text or "☆" in text else text


def has_words(text: str) -> bool:
    """Whether a text holds a letter that is of no emoticon."""
    return bool(_WORD.search(text)) or any(map(str.isalpha, _EMOTICON.sub(" ", text)))


def _counted(found: re.Match[str]) -> str:
    full, empty = (len(found[part].replace("\ufe0f", "")) for part in ("full", "empty"))
    if not empty:
        return _GOOD if "★" in found["full"] and full >= _ENOUGH else found[0]
    share = full / (full + empty)
    return _GOOD if share >= _GOOD_FROM else _BAD if share <= _BAD_TO else _NEITHER
