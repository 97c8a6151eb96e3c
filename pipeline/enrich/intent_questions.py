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

from pipeline.enrich.intent_phrases import spoken

_QUOTED: Final = re.compile(
    r"“[^“”]{12,400}”|„[^„”]{12,400}”|\"[^\"]{12,400}\"|^\s*>.*$", re.MULTILINE
)
_QUOTES: Final = ("“", "„", '"', ">")
_ENDS: Final = frozenset(".!?…\n")
"""What ends a sentence, as ``spoken`` gives it."""
_BREAKS: Final = frozenset(",;:–—(")
"""What ends a clause."""
_CLAUSES_READ: Final = 3
_WORDS: Final = tomllib.loads(
    resources.files("pipeline.enrich").joinpath("questions.toml").read_text("utf-8")
)


def _listed(words: str | list[str]) -> frozenset[str]:
    """Words as ``spoken`` has them: without apostrophes."""
    listed = words.split() if isinstance(words, str) else words
    return frozenset(each.replace("'", "") for each in listed)


_OPENERS: Final = _listed(_WORDS["openers"])
_EXCLAIMING: Final = _listed(_WORDS["exclaiming"])
_ASKING_NOTHING: Final = _listed(_WORDS["asking_nothing"])


class _Tongue(NamedTuple):
    """The words of one language, as ``questions.toml`` explains them."""

    asking: frozenset[str]
    verbs: frozenset[str]
    subjects: frozenset[str]
    clauses: frozenset[str]
    told: frozenset[str]
    dropped: frozenset[str]
    answering: frozenset[str]
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


def asks(plain: str, said: str, language: str) -> bool:
    """Whether a readable text asks something of its reader.

    Args:
        plain: the text as ``readable`` gives it.
        said: the same as ``spoken`` gives it.
        language: ISO 639-1 code or ``und``.
    """
    if "?" not in plain and language not in _TONGUES:
        return False
    is_quoting = any(mark in plain for mark in _QUOTES)
    own = spoken(_QUOTED.sub(" ", plain)) if is_quoting else said
    tongue = _TONGUES.get(language)
    clauses: list[list[str]] = [[]]
    is_over = is_marked = False
    for form in own[1:-1].split("  "):
        if form.isalnum():
            if is_over:
                if _is_question(clauses, tongue, is_marked=is_marked):
                    return True
                clauses, is_over, is_marked = [[]], False, False
            clauses[-1].append(form)
        elif form in _ENDS:
            is_over = True
            is_marked = is_marked or form == "?"
        elif form in _BREAKS:
            clauses.append([])
    return _is_question(clauses, tongue, is_marked=is_marked)


def _is_question(clauses: list[list[str]], tongue: _Tongue | None, *, is_marked: bool) -> bool:
    """Whether a sentence, clause by clause, asks."""
    found = clauses[0] if len(clauses) == 1 else [word for part in clauses for word in part]
    if not found or (len(found) < 8 and " ".join(found) in _ASKING_NOTHING):
        return False
    if is_marked or tongue is None:
        return is_marked
    if _opens_as_question(_after_openers(found), tongue) or _asks_midway(found, tongue):
        return True
    parts = clauses[1:][-_CLAUSES_READ:]
    return bool(parts) and (
        " ".join(parts[-1]) in tongue.tags
        or any(_goes_on_as_question(part, tongue) for part in parts)
    )


def _asks_midway(found: list[str], tongue: _Tongue) -> bool:
    """Whether two or three words that always ask stand anywhere."""
    if tongue.first.isdisjoint(found):
        return False
    for at, word in enumerate(found):
        if word in tongue.first and (
            " ".join(found[at : at + 2]) in tongue.anywhere
            or " ".join(found[at : at + 3]) in tongue.anywhere
        ):
            return True
    return False


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
    if f"{first} {second}" in _EXCLAIMING or " ".join(found[:3]) in _EXCLAIMING:
        return False
    if first in tongue.dropped:
        return second in tongue.answering
    if first in tongue.verbs:
        return second in tongue.subjects
    if first not in tongue.asking:
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
