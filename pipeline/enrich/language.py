"""Which language a text is in: Dutch, English, German and French first, others told apart.

The naive Bayes model of py3langid gives the probabilities, so that Frisian, Afrikaans, Spanish or
Polish is not taken for Dutch for want of a better choice; languages are weighed by how likely they
are around a company in the Low Countries, and by the platform's own tag. Short texts are told by
the small words they hold as well (``tells.toml``), and by lingua where that leaves a doubt. Unsure
is ``und``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

import numpy as np

from pipeline.enrich.language_model import Shares, probabilities
from pipeline.enrich.memory import Memory
from pipeline.enrich.text import running

VERSION: Final = 4
UNKNOWN: Final = "und"
FIRST: Final = ("nl", "en", "de", "fr")
NEAR: Final = ("fy", "af", "es", "pl", "it", "pt", "tr", "da", "sv", "no", "ro", "id", "ar")
FAR: Final = (
    *("bg", "bn", "ca", "cs", "el", "et", "fa", "fi", "he", "hi", "hr", "hu", "ja", "ko", "lb"),
    *("lt", "lv", "ru", "sk", "sl", "sq", "ta", "th", "uk", "ur", "vi", "zh"),
)
WEIGHTS: Final = {
    **dict.fromkeys(FIRST, 1.0),
    **dict.fromkeys(NEAR, 0.5),
    **dict.fromkeys(FAR, 0.1),
    # what looks most like Dutch is written by few people around a company in the Low Countries
    "af": 0.3,
}
TAG_WEIGHT: Final = 3.0
"""How much the platform's tag adds: it breaks ties, and loses against a clear text."""
SURE_FROM: Final = 0.25
SHORT: Final = 45
"""Characters of running words below which lingua is asked too, where the rest leaves a doubt."""
CLEAR_FROM: Final = 0.9
TOLD_BELOW: Final = 100
"""Characters below which small words are counted: longer texts need no help."""
TELL: Final = 2.2
"""How much a small word of a language speaks for it."""
_MOST_TELLS: Final = 3
ENOUGH: Final = 160
"""Characters read: more of the same text adds nothing."""
_DOUBT: Final = 0.02
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|'n")
_HELD: Final = re.compile(r"(.)\1+")
"""Letters written twice or held long: "holaaa" and "hola", "goed" as "gooed"."""


class Language(NamedTuple):
    """ISO 639-1 code or ``und``, and the probability that it is right."""

    code: str
    confidence: float


_CODES: Final = tuple(WEIGHTS)
_PLACES: Final = {code: place for place, code in enumerate(_CODES)}
_LIKELY: Final = np.array(list(WEIGHTS.values()), dtype=np.float32)
_TELLING: Final = TELL ** np.arange(_MOST_TELLS + 1, dtype=np.float32)


def detect(plain: Sequence[str], tags: Sequence[str | None]) -> list[Language]:
    """The language of each readable text.

    Args:
        plain: texts as ``readable`` gives them.
        tags: what the platforms say (``nl``, ``nl-NL``), or None.
    """
    words = [running(text, ENOUGH) for text in plain]
    shares = probabilities(words, _CODES) * _LIKELY
    _hear_small_words(shares, words)
    _heed_tags(shares, tags)
    best = shares.argmax(axis=1).tolist()
    sums = shares.sum(axis=1)
    confidences = (shares.max(axis=1) / np.where(sums > 0, sums, 1)).tolist()
    return [
        _judged(text, _CODES[place], confidence)
        for text, place, confidence in zip(words, best, confidences, strict=True)
    ]


def spoken_in(code: str, tag: str | None) -> str:
    """The language a text is read in: an unsure one in that of its platform."""
    return _of_tag(tag or code) if code == UNKNOWN else code


def _of_tag(tag: str) -> str:
    """The language of a platform's tag: ``nl``, ``nl-NL``, ``nl_NL``."""
    return tag.replace("_", "-").partition("-")[0].lower()


def _judged(text: str, code: str, confidence: float) -> Language:
    if not _has_letters(text):
        return Language(UNKNOWN, 0.0)
    return Language(code if confidence >= SURE_FROM else UNKNOWN, round(confidence, 4))


def _has_letters(text: str) -> bool:
    return text[:1].isalpha() or any(map(str.isalpha, text))


def _hear_small_words(shares: Shares, words: Sequence[str]) -> None:
    """Weigh short texts by the small words in them, and by lingua where that leaves a doubt."""
    rows = [row for row, text in enumerate(words) if len(text) < TOLD_BELOW]
    told = _told([words[row] for row in rows])
    shares[rows] *= _TELLING[np.minimum(told, _MOST_TELLS)]
    short = shares[rows]
    is_doubtful = short.max(axis=1, initial=0) < CLEAR_FROM * short.sum(axis=1)
    for row in (rows[place] for place in np.flatnonzero(is_doubtful)):
        if len(words[row]) < SHORT and _has_letters(words[row]):
            shares[row, : len(FIRST)] *= _short(words[row])


def _heed_tags(shares: Shares, tags: Sequence[str | None]) -> None:
    """Weigh each text by what its platform says of it."""
    for row, tag in enumerate(tags):
        if tag:
            place = _PLACES.get(_of_tag(tag))
            if place is not None:
                shares[row, place] *= TAG_WEIGHT


def _short(text: str) -> Any:
    """What lingua thinks of a short text, for the languages of ``FIRST``; a nudge, no veto."""
    values = {
        value.language.iso_code_639_1.name.lower(): value.value
        for value in _lingua().compute_language_confidence_values(text)
    }
    opinion = np.array([values[code] for code in FIRST], dtype=np.float32)
    return np.sqrt(opinion / opinion.max() + _DOUBT) if opinion.any() else 1.0


def _told(words: Sequence[str]) -> Any:
    """How many small words of each text speak for each language, each word once."""
    cells: list[int] = []
    for row, text in enumerate(words):
        told = filter(None, map(_TOLD.__getitem__, text.split(" ")))
        found = {word: places for each in told for word, places in each}
        for places in found.values():
            cells += [row * len(_CODES) + place for place in places]
    counts = np.bincount(np.array(cells, dtype=np.int64), minlength=len(words) * len(_CODES))
    return counts.reshape(len(words), len(_CODES))


def _told_by(form: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The small words in a written form, with the places of their languages."""
    words = _WORD.findall(_HELD.sub(r"\1", form.lower()))
    return tuple((word, _tells()[word]) for word in words if word in _tells())


_TOLD: Final = Memory(_told_by)


@cache
def _tells() -> dict[str, tuple[int, ...]]:
    """Each small word with the places of the languages it tells of."""
    file = resources.files("pipeline.enrich").joinpath("tells.toml")
    places: dict[str, list[int]] = {}
    for code, words in tomllib.loads(file.read_text("utf-8")).items():
        for word in set(words.split()):
            places.setdefault(_HELD.sub(r"\1", word), []).append(_PLACES[code])
    return {word: tuple(found) for word, found in places.items()}


@cache
def _lingua() -> Any:
    from lingua import Language as Tongue
    from lingua import LanguageDetectorBuilder

    tongues = (Tongue.DUTCH, Tongue.ENGLISH, Tongue.GERMAN, Tongue.FRENCH)
    return LanguageDetectorBuilder.from_languages(*tongues).build()
