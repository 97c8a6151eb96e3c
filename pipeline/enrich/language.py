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
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.enrich.text import running

VERSION: Final = 2
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
SURE_FROM: Final = 0.30
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
_TOGETHER: Final = 256
"""Texts read at once: their numbers fit in the processor's cache."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|'n")
_HELD: Final = re.compile(r"(.)\1+")
"""Letters written twice or held long: "holaaa" and "hola", "goed" as "gooed"."""

Shares = NDArray[np.float32]


class Language(NamedTuple):
    """ISO 639-1 code or ``und``, and the probability that it is right."""

    code: str
    confidence: float


class _Model(NamedTuple):
    """py3langid's tables: an automaton over bytes whose states may name a feature.

    ``weights`` has a row for each language: sums along a row read the memory in order.
    """

    next_state: Any
    row_base: Any
    features: Any
    weights: Any
    priors: Any


_CODES: Final = tuple(WEIGHTS)
_PLACES: Final = {code: place for place, code in enumerate(_CODES)}


def detect(plain: Sequence[str], tags: Sequence[str | None]) -> list[Language]:
    """The language of each readable text.

    Args:
        plain: texts as ``readable`` gives them.
        tags: what the platforms say (``nl``, ``nl-NL``), or None.
    """
    words = [running(text, ENOUGH) for text in plain]
    shares = probabilities(words) * np.array(list(WEIGHTS.values()), dtype=np.float32)
    for row, (text, tag) in enumerate(zip(words, tags, strict=True)):
        if len(text) < TOLD_BELOW:
            shares[row] *= _told(text)
            is_doubtful = shares[row].max() < CLEAR_FROM * shares[row].sum()
            if is_doubtful and len(text) < SHORT and any(map(str.isalpha, text)):
                shares[row, : len(FIRST)] *= _short(text)
        place = _PLACES.get((tag or "").partition("-")[0].lower())
        if place is not None:
            shares[row, place] *= TAG_WEIGHT
    best = shares.argmax(axis=1).tolist()
    sums = shares.sum(axis=1)
    confidences = (shares.max(axis=1) / np.where(sums > 0, sums, 1)).tolist()
    return [
        _judged(text, _CODES[place], confidence)
        for text, place, confidence in zip(words, best, confidences, strict=True)
    ]


def _judged(text: str, code: str, confidence: float) -> Language:
    if not any(map(str.isalpha, text)):
        return Language(UNKNOWN, 0.0)
    return Language(code if confidence >= SURE_FROM else UNKNOWN, round(confidence, 4))


def probabilities(words: Sequence[str]) -> Shares:
    """How likely each language of ``WEIGHTS`` is for each text, before any weighing.

    As ``LanguageIdentifier(norm_probs=True)`` restricted to these languages, many texts at once.
    """
    parts = [
        _probabilities(words[start : start + _TOGETHER])
        for start in range(0, len(words), _TOGETHER)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, len(_CODES)), dtype=np.float32)


def _probabilities(words: Sequence[str]) -> Shares:
    encoded = [_encoded(text) for text in words]
    lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
    scores = _scores(*_features(encoded, lengths), len(encoded))
    scores = scores / np.sqrt(np.maximum(lengths, 1))[:, None].astype(np.float32)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]


def _encoded(text: str) -> bytes:
    lower = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", lower).encode("utf-8", "surrogatepass")


def _features(encoded: list[bytes], lengths: Any) -> tuple[Any, Any]:
    """Walk the automaton over all texts side by side: (row, feature) of every feature met."""
    model = _model()
    longest = int(lengths.max(initial=0))
    order = np.argsort(-lengths, kind="stable")
    letters = np.zeros((len(encoded), longest), dtype=np.int64)
    for row, index in enumerate(order.tolist()):
        letters[row, : lengths[index]] = np.frombuffer(encoded[index], dtype=np.uint8)
    still = np.searchsorted(-lengths[order], -np.arange(longest), side="left").tolist()
    states = np.zeros(len(encoded), dtype=np.int64)
    met = np.full((longest, len(encoded)), -1, dtype=np.int64)
    for step, count in enumerate(still):
        states = model.next_state[model.row_base[states[:count]] + letters[:count, step]]
        met[step, :count] = model.features[states]
    steps, rows = np.nonzero(met >= 0)
    return order[rows], met[steps, rows]


def _scores(rows: Any, features: Any, count: int) -> Any:
    """Priors and the weights of the features of each text, repeated ones counting less and less.

    A text without any feature scores every language alike.
    """
    model = _model()
    scores = np.zeros((count, len(_CODES)), dtype=np.float32)
    if not len(rows):
        return scores
    kinds_known = model.weights.shape[1]
    keys, times = np.unique(rows * kinds_known + features, return_counts=True)
    owners, kinds = np.divmod(keys, kinds_known)
    weighted = np.take(model.weights, kinds, axis=1)
    weighted *= np.log1p(times, dtype=np.float32)
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    scores[owners[starts]] = np.add.reduceat(weighted, starts, axis=1).T + model.priors
    return scores


def _short(text: str) -> Any:
    """What lingua thinks of a short text, for the languages of ``FIRST``; a nudge, no veto."""
    values = {
        value.language.iso_code_639_1.name.lower(): value.value
        for value in _lingua().compute_language_confidence_values(text)
    }
    opinion = np.array([values[code] for code in FIRST], dtype=np.float32)
    return np.sqrt(opinion / opinion.max() + _DOUBT) if opinion.any() else 1.0


def _told(text: str) -> Any:
    """How strongly the small words of a text speak for each language."""
    counts = np.zeros(len(_CODES), dtype=np.float32)
    for word in set(_WORD.findall(_HELD.sub(r"\1", text.lower()))):
        for place in _tells().get(word, ()):
            counts[place] += 1
    return TELL ** np.minimum(counts, _MOST_TELLS)


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
def _model() -> _Model:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    chosen = [identifier.nb_classes.index(code) for code in _CODES]
    return _Model(
        next_state=np.asarray(identifier.tk_nextmove, dtype=np.int64),
        row_base=np.asarray(identifier.tk_row, dtype=np.int64) << 8,
        features=np.asarray(identifier.tk_output, dtype=np.int64),
        weights=np.ascontiguousarray(identifier.nb_ptc[:, chosen].T, dtype=np.float32),
        priors=np.asarray(identifier.nb_pc[chosen], dtype=np.float32),
    )


@cache
def _lingua() -> Any:
    from lingua import Language as Tongue
    from lingua import LanguageDetectorBuilder

    tongues = (Tongue.DUTCH, Tongue.ENGLISH, Tongue.GERMAN, Tongue.FRENCH)
    return LanguageDetectorBuilder.from_languages(*tongues).build()
