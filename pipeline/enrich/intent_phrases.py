"""Phrases of a language, found in one pass over a text, and the points they give.

The word lists beside this module are TOML: groups of phrases with a reason and with what they speak
for (``gives``) and, where somebody denies them, for instead (``denied``). A phrase ends a word with
``*`` to stand for every ending, begins with it for every beginning (``*storing``). A group counts
once, however many of its phrases are there, unless ``each`` of them does; the longest phrase wins.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.enrich.memory import Memory

LANGUAGES: Final = ("en", "nl")
UNKNOWN: Final = "und"
DENIED_WITHIN: Final = 22
"""Characters back in which a denial still holds: about three words."""
_DENIALS: Final = {
    "en": "not no never isnt arent wasnt werent dont doesnt didnt cant cannot couldnt wont wouldnt "
    "without nothing hardly aint far+from instead+of less wish",
    "nl": "niet geen nooit nergens niks niets zonder nauwelijks allesbehalve minder ipv",
}
_TOKEN: Final = re.compile(r"[^\W_]+|[^\w\s]")
_LINE: Final = "_\0"
"""Stands for the end of a line, which is a sign of its own."""
_DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)*")

Points = dict[str, float]


_Given = tuple[tuple[str, float], ...]


class _Group(NamedTuple):
    number: int
    gives: _Given
    denied: _Given | None
    each: bool


_DENIAL: Final = _Group(-1, (), None, each=True)


def spoken(plain: str) -> str:
    """A readable text as phrases are looked for in it: lower case, signs apart, numbers as 0.

    Words stand between two spaces, so that each has its own on either side; apostrophes go, for
    half of those who write them leave them out. A hyphen between spaces is a dash.
    """
    lower = plain.lower()
    if "'" in lower:
        lower = lower.replace("'", "")
    if " - " in lower:
        lower = lower.replace(" - ", " – ")
    if not lower.isascii():
        lower = lower.replace("’", "").replace("‘", "")
    if "\n" in lower:
        lower = lower.replace("\n", f" {_LINE} ")
    return f" {'  '.join(filter(None, map(_PIECES.__getitem__, lower.split())))} "


def _piece(form: str) -> str:
    """The words and signs of a written form, two spaces between them."""
    if form.isalpha():
        return form
    if form == _LINE:
        return "\n"
    return "  ".join(_TOKEN.findall(_DIGITS.sub("0", form)))


_PIECES: Final = Memory(_piece)


class Phrasebook:
    """All groups of one word list for one language, or for both where the language is unknown."""

    def __init__(self, groups: list[dict[str, Any]], languages: tuple[str, ...]) -> None:
        found: dict[str, list[_Group]] = {}
        for number, each in enumerate(groups):
            group = _Group(
                number, _given(each["gives"]), _denied(each), each=each.get("each", False)
            )
            for language in languages:
                for phrase in _phrases(each.get(language, "")):
                    found.setdefault(phrase, []).append(group)
        for language in languages:
            for word in _DENIALS[language].split():
                found.setdefault(_pattern(word.replace("+", " ")), []).append(_DENIAL)
        self._groups = list(found.values())
        self.names = frozenset(
            name for listed in found.values() for each in listed for name, _ in each.gives
        )
        self._automaton = AhoCorasick(list(found), matchkind=MatchKind.LeftmostLongest)

    def points(self, said: str) -> Points:
        """What the groups heard in a text, as ``spoken`` gives it, speak for."""
        points: Points = {}
        counted: set[int] = set()
        denied_until = -1
        for index, start, end in self._automaton.find_matches_as_indexes(said):
            for group in self._groups[index]:
                number, gives, denied, each = group
                if number < 0:
                    denied_until = end + DENIED_WITHIN
                    continue
                if not each:
                    if number in counted:
                        continue
                    counted.add(number)
                given = denied if denied is not None and start <= denied_until else gives
                for name, count in given:
                    points[name] = points.get(name, 0) + count
        return points


def phrasebooks(name: str) -> tuple[dict[str, Phrasebook], dict[str, Any]]:
    """A phrasebook for each language we read and for the unknown one, and the rest of the file."""
    told = tomllib.loads(resources.files("pipeline.enrich").joinpath(name).read_text("utf-8"))
    groups = told.pop("group")
    books = {language: Phrasebook(groups, (language,)) for language in LANGUAGES}
    return {**books, UNKNOWN: Phrasebook(groups, LANGUAGES)}, told


def _given(told: Mapping[str, float]) -> _Given:
    return tuple(told.items())


def _denied(group: Mapping[str, Any]) -> _Given | None:
    return _given(group["denied"]) if "denied" in group else None


def _phrases(listed: str) -> list[str]:
    phrases = (part.strip() for line in listed.splitlines() for part in line.split(","))
    return [_pattern(phrase) for phrase in phrases if phrase]


def _pattern(phrase: str) -> str:
    """The phrase as it stands in what ``spoken`` gives."""
    starts_open, ends_open = phrase.startswith("*"), phrase.endswith("*")
    words = spoken(phrase.strip("*"))
    return words[1 if starts_open else 0 : -1 if ends_open else None]
