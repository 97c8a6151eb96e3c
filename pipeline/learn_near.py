"""What stands around the word that all texts are about: how it is written and its neighbours.

Whether "apple" is the company or the fruit is told by the words beside it and by its capital more
than by the rest of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

COMMON: Final = 0.8
"""The share of texts that hold a word, from which all are taken to be about it."""
SHORTEST: Final = 4
REACH: Final = 3
"""Words to each side that count."""
_TOKEN: Final = re.compile(r"[\w#@']+|[^\w\s]")
_NOBODY: Final = "<>"
_MOST: Final = 5
"""Places in one text that are looked at."""


def common_word(texts: Sequence[str]) -> str:
    """The word that most texts hold, if nearly all do; else empty."""
    told: Counter[str] = Counter()
    for text in texts:
        told.update({_bare(token) for token in _TOKEN.findall(text)})
    wanted = COMMON * len(texts)
    found = [word for word, n in told.items() if n >= wanted and len(word) >= SHORTEST]
    return max(
        (word for word in found if word.isalpha() and word != "xxurl"),
        key=lambda word: (told[word], word),
        default="",
    )


def around(texts: Sequence[str], about: str) -> list[str]:
    """For each text its neighbours of ``about``, parted by tabs."""
    return ["\t".join(_neighbours(_TOKEN.findall(text), about)) for text in texts]


def parted(text: str) -> list[str]:
    """The neighbours that ``around`` has joined."""
    return text.split("\t")


AROUND: Final[Mapping[str, Any]] = {"analyzer": parted, "min_df": 1}


def _neighbours(tokens: Sequence[str], about: str) -> list[str]:
    found: list[str] = []
    places = [at for at, token in enumerate(tokens) if _bare(token).startswith(about)]
    for at in places[:_MOST]:
        found.append(f"written {tokens[at]}")
        for step in range(-REACH, REACH + 1):
            if step:
                found += _neighbour(tokens, at, step)
    return found


def _neighbour(tokens: Sequence[str], at: int, step: int) -> list[str]:
    place = at + step
    token = tokens[place] if 0 <= place < len(tokens) else _NOBODY
    side = f"{'before' if step < 0 else 'after'} {token.lower()}"
    if abs(step) > 1:
        return [side]
    return [side, f"next {step} {token.lower()}", f"capital {step} {token[0].isupper()}"]


def _bare(token: str) -> str:
    return token.lower().lstrip("#@")
