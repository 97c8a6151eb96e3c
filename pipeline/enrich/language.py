"""Which language a text is in: Dutch, English, German and French first, others told apart.

A naive Bayes model over all its languages (py3langid) gives the probabilities, so that Frisian,
Afrikaans, Spanish or Polish is not taken for Dutch for want of a better choice; languages are
weighed by how likely they are around a company in the Low Countries, and by the platform's own tag.
Short texts are judged by lingua as well, which is better at them. Unsure is ``und``.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from pipeline.enrich.text import words

VERSION: Final = 1
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
}
TAG_WEIGHT: Final = 3.0
"""How much the platform's tag adds: it breaks ties, and loses against a clear text."""
SURE_FROM: Final = 0.35
SHORT: Final = 45
"""Characters of running words below which lingua is asked too."""
_DOUBT: Final = 0.02
ENOUGH: Final = 240
"""Characters read: more of the same text adds nothing."""


class Language(NamedTuple):
    """ISO 639-1 code or ``und``, and the probability that it is right."""

    code: str
    confidence: float


class _Model(NamedTuple):
    codes: tuple[str, ...]
    columns: Any
    priors: Any
    weights: Any
    next_state: Any
    row_base: list[int]
    features: Any


def detect(texts: Iterable[str], tags: Iterable[str | None]) -> list[Language]:
    """The language of each text; ``tags`` are what the platforms say (``nl``, ``nl-NL``, None)."""
    return [_detect(text, tag) for text, tag in zip(texts, tags, strict=True)]


def _detect(text: str, tag: str | None) -> Language:
    running = words(text)[:ENOUGH]
    if not running:
        return Language(UNKNOWN, 0.0)
    shares = probabilities(running) * _model().weights
    if len(running) < SHORT:
        shares[: len(FIRST)] *= _short(running)
    spoken = (tag or "")[:2].lower()
    if spoken in WEIGHTS:
        shares[_model().codes.index(spoken)] *= TAG_WEIGHT
    best = int(shares.argmax())
    confidence = round(float(shares[best] / shares.sum()), 4)
    return Language(_model().codes[best] if confidence >= SURE_FROM else UNKNOWN, confidence)


def probabilities(running: str) -> Any:
    """How likely each language of ``WEIGHTS`` is, in that order, before any weighing.

    As ``LanguageIdentifier(norm_probs=True)`` restricted to these languages, from one pass.
    """
    from py3langid.langid import visit_counts

    model = _model()
    lower = running.lower() if running.isupper() else running
    encoded = unicodedata.normalize("NFC", lower).encode("utf-8", "surrogatepass")
    visits = visit_counts(model.next_state, model.row_base, model.features, encoded)
    scores = model.priors
    if visits:
        rows = np.fromiter(visits.keys(), dtype=np.intp, count=len(visits))
        counts = np.fromiter(visits.values(), dtype=np.float32, count=len(visits))
        scores = np.log1p(counts) @ model.columns[rows] + model.priors
    scores = scores / math.sqrt(len(encoded))
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()


def _short(running: str) -> Any:
    """What lingua thinks of a short text, for the languages of ``FIRST``; a nudge, no veto."""
    values = {
        value.language.iso_code_639_1.name.lower(): value.value
        for value in _lingua().compute_language_confidence_values(running)
    }
    opinion = np.array([values[code] for code in FIRST], dtype=np.float32)
    return np.sqrt(opinion / opinion.max() + _DOUBT)


@cache
def _model() -> _Model:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    codes = tuple(WEIGHTS)
    chosen = [identifier.nb_classes.index(code) for code in codes]
    return _Model(
        codes=codes,
        columns=np.ascontiguousarray(identifier.nb_ptc[:, chosen], dtype=np.float32),
        priors=np.asarray(identifier.nb_pc[chosen], dtype=np.float32),
        weights=np.array(list(WEIGHTS.values()), dtype=np.float32),
        next_state=identifier.tk_nextmove,
        row_base=[row << 8 for row in identifier.tk_row],
        features=identifier.tk_output,
    )


@cache
def _lingua() -> Any:
    from lingua import Language as Tongue
    from lingua import LanguageDetectorBuilder

    tongues = (Tongue.DUTCH, Tongue.ENGLISH, Tongue.GERMAN, Tongue.FRENCH)
    return LanguageDetectorBuilder.from_languages(*tongues).build()
