"""What a text wants; so far whether it asks something.

A question mark counts, unless it stands in a link or a quotation or closes a stock phrase that asks
nothing ("who cares?"). People leave it out as well: then a sentence that opens as questions do, in
Dutch or English, counts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import resources
from typing import Final, NamedTuple

from pipeline.enrich.text import readable

VERSION: Final = 1
QUESTION: Final = "question"

_QUOTED: Final = re.compile(
    r"“[^“”]{12,400}”|„[^„”]{12,400}”|\"[^\"]{12,400}\"|^\s*>.*$", re.MULTILINE
)
_SENTENCE: Final = re.compile(r"[^.!?…\n]+(?:[.!?…]+|\n|$)")
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_WORDS: Final = tomllib.loads(
    resources.files("pipeline.enrich").joinpath("questions.toml").read_text("utf-8")
)
_OPENERS: Final = frozenset(_WORDS["openers"].split())
_EXCLAIMING: Final = frozenset(_WORDS["exclaiming"])
_ASKING_NOTHING: Final = frozenset(_WORDS["asking_nothing"])


class _Tongue(NamedTuple):
    """The words of one language, as ``questions.toml`` explains them."""

    asking: frozenset[str]
    verbs: frozenset[str]
    subjects: frozenset[str]
    clauses: frozenset[str]
    told: frozenset[str]


_TONGUES: Final = {
    code: _Tongue(*(frozenset(_WORDS[code][name].split()) for name in _Tongue._fields))
    for code in ("en", "nl")
}


def intents(texts: Iterable[str], languages: Iterable[str]) -> list[list[str]]:
    """What each text wants: a list that holds ``question`` or nothing, and more kinds later."""
    return [
        [QUESTION] if asks(text, language) else []
        for text, language in zip(texts, languages, strict=True)
    ]


def asks(text: str, language: str) -> bool:
    """Whether the text asks something of its reader."""
    plain = _QUOTED.sub(" ", readable(text))
    return any(_is_question(sentence[0], language) for sentence in _SENTENCE.finditer(plain))


def _is_question(sentence: str, language: str) -> bool:
    found = [word.replace("’", "'").lower() for word in _WORD.findall(sentence)]
    ends_with_mark = "?" in sentence[-6:]
    if not found or " ".join(found) in _ASKING_NOTHING:
        return False
    return ends_with_mark or _opens_as_question(_after_openers(found), language)


def _after_openers(found: list[str]) -> list[str]:
    start = 0
    while start < len(found) - 1 and start < 4 and found[start] in _OPENERS:
        start += 1
    return found[start:]


def _opens_as_question(found: list[str], language: str) -> bool:
    """``what time``, ``can you``, ``werkt het``; but not ``what a day``, ``when I``."""
    tongue = _TONGUES.get(language)
    if tongue is None or len(found) < 3:
        return False
    first, second = found[:2]
    if first in tongue.verbs:
        return second in tongue.subjects
    if first not in tongue.asking or f"{first} {second}" in _EXCLAIMING:
        return False
    return not (first in tongue.clauses and second in tongue.told)
