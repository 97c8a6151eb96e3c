"""Whether a text asks something.

A question mark counts, unless it stands in a link or a quotation or closes a stock phrase that asks
nothing ("who cares?"). People leave it out as well: then a sentence that opens as questions do, in
Dutch or English, counts.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Final, NamedTuple

_QUOTED: Final = re.compile(
    r"“[^“”]{12,400}”|„[^„”]{12,400}”|\"[^\"]{12,400}\"|^\s*>.*$", re.MULTILINE
)
_QUOTE: Final = re.compile(r"[“„\">]")
_SENTENCE: Final = re.compile(r"[^.!?…\n]+(?:[.!?…]+|\n|$)")
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_BREAK: Final = re.compile(r"[,;:–—(]| - ")
_CLAUSES_READ: Final = 3
_WORDS: Final = tomllib.loads(
    resources.files("pipeline.enrich").joinpath("questions.toml").read_text("utf-8")
)
_OPENERS: Final = frozenset(_WORDS["openers"].split())
_EXCLAIMING: Final = frozenset(_WORDS["exclaiming"])
_ASKING_NOTHING: Final = frozenset(_WORDS["asking_nothing"])


def _listed(words: str | list[str]) -> frozenset[str]:
    return frozenset(words.split() if isinstance(words, str) else words)


class _Tongue(NamedTuple):
    """The words of one language, as ``questions.toml`` explains them."""

    asking: frozenset[str]
    verbs: frozenset[str]
    subjects: frozenset[str]
    clauses: frozenset[str]
    told: frozenset[str]
    always: frozenset[str]
    asked: frozenset[str]
    midway: frozenset[str]
    later: frozenset[str]
    anywhere: frozenset[str]
    tags: frozenset[str]
    first: frozenset[str]
    """First words of ``anywhere``."""


def _tongue(code: str) -> _Tongue:
    told = {name: _listed(words) for name, words in _WORDS[code].items()}
    return _Tongue(**told, first=frozenset(each.split()[0] for each in told["anywhere"]))


_TONGUES: Final = {code: _tongue(code) for code in ("en", "nl")}


def asks(plain: str, language: str) -> bool:
    """Whether a readable text asks something of its reader."""
    if "?" not in plain and language not in _TONGUES:
        return False
    own = _QUOTED.sub(" ", plain) if _QUOTE.search(plain) else plain
    return any(_is_question(sentence[0], language) for sentence in _SENTENCE.finditer(own))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.replace("’", "'").lower())


def _is_question(sentence: str, language: str) -> bool:
    found = _words(sentence)
    if not found or " ".join(found) in _ASKING_NOTHING:
        return False
    if "?" in sentence[-6:]:
        return True
    tongue = _TONGUES.get(language)
    if tongue is None:
        return False
    whole, *parts = _clauses(sentence, found)
    return (
        _opens_as_question(_after_openers(whole), tongue)
        or any(_goes_on_as_question(part, tongue) for part in parts)
        or (bool(parts) and " ".join(parts[-1]) in tongue.tags)
        or _asks_midway(found, tongue)
    )


def _asks_midway(found: list[str], tongue: _Tongue) -> bool:
    """Whether two or three words that always ask stand anywhere."""
    return any(
        word in tongue.first
        and (
            " ".join(found[at : at + 2]) in tongue.anywhere
            or " ".join(found[at : at + 3]) in tongue.anywhere
        )
        for at, word in enumerate(found)
    )


def _clauses(sentence: str, found: list[str]) -> list[list[str]]:
    """The words of the sentence, and those after each comma or dash."""
    parts = _BREAK.split(sentence)
    return [found, *(_words(part) for part in parts[1:][-_CLAUSES_READ:])]


def _after_openers(found: list[str]) -> list[str]:
    start = 0
    while start < len(found) - 1 and start < 4 and found[start] in _OPENERS:
        start += 1
    return found[start:]


def _opens_as_question(found: list[str], tongue: _Tongue) -> bool:
    """``what time``, ``can you``, ``werkt het``; but not ``what a day``, ``when I``."""
    if len(found) < 3:
        return False
    first, second = found[:2]
    if first in tongue.always or f"{first} {second}" in tongue.asked:
        return True
    if first in tongue.verbs:
        return second in tongue.subjects
    if first not in tongue.asking or f"{first} {second}" in _EXCLAIMING:
        return False
    return not (first in tongue.clauses and second in tongue.told)


def _goes_on_as_question(part: list[str], tongue: _Tongue) -> bool:
    """After a comma only what is hardly ever told: ``what should``, ``is it``."""
    found = _after_openers(part)
    if len(found) < 2:
        return False
    first, second = found[:2]
    if first in tongue.verbs:
        return second in tongue.later
    return len(found) > 2 and first in tongue.midway and second in tongue.verbs
