"""A linear model on words, letters and our own readings: trained in seconds, kept without pickle.

Words that stand in two texts and letter groups that stand in three count, weighed by TF-IDF, beside
everything our own rules hear. Where nearly all texts hold one and the same word, as they do when
the question is which of its namesakes they speak of, what stands around it counts as well. A model
is numbers and words in one ``.npz`` file that runs no code when it is read
(``allow_pickle=False``).
"""

from __future__ import annotations

import html
import json
import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from pipeline.enrich import acts, intent, purpose, sentiment
from pipeline.enrich.intent_phrases import phrasebooks, spoken
from pipeline.enrich.intent_questions import asks
from pipeline.enrich.text import LONGEST, readable
from pipeline.errors import LuisterError
from pipeline.learn_near import AROUND, around, common_word

FORMAT: Final = 1
READINGS_WEIGHT: Final = 0.6
"""How much our readings weigh together, beside words and letters of length one each."""
SOFTNESS: Final = 0.3
"""Regularisation of the linear model (C): the lower the less it trusts single words."""
_CONSTANT: Final = 1e-6
"""Spread below which a reading is the same for all."""
_FARTHEST: Final = 5.0
_LINK: Final = re.compile(r"https?://\S+|www\.\S+")
_TOKENS: Final = r"[\w#@']+|[^\w\s]"
_WORDS: Final = {"ngram_range": (1, 2), "min_df": 2, "token_pattern": _TOKENS}
_LETTERS: Final = {"ngram_range": (2, 5), "min_df": 3, "analyzer": "char_wb"}

Numbers = NDArray[np.float64]


class Labelled(NamedTuple):
    """A text, what a person says it is, and its language."""

    text: str
    label: str
    language: str


class Model(NamedTuple):
    """What was learnt: label = argmax of weights · features + offset."""

    classes: tuple[str, ...]
    words: TfidfVectorizer
    letters: TfidfVectorizer
    about: str
    near: TfidfVectorizer | None
    readings: tuple[str, ...]
    centres: Numbers
    scales: Numbers
    weights: Numbers
    offsets: Numbers
    told: Mapping[str, Any]

    def predict(self, texts: Sequence[str], languages: Sequence[str]) -> list[str]:
        """The label of each text."""
        if not texts:
            return []
        return self.labels(self.scores(texts, languages))

    def labels(self, scores: Numbers) -> list[str]:
        """The label that each row of scores speaks for most."""
        return [self.classes[place] for place in scores.argmax(axis=1)]

    def margins(self, texts: Sequence[str], languages: Sequence[str]) -> Numbers:
        """How far the best label is ahead of the second: near 0 the model does not know."""
        ordered = np.sort(self.scores(texts, languages), axis=1)
        return np.asarray(ordered[:, -1] - ordered[:, -2], dtype=np.float64)

    def scores(self, texts: Sequence[str], languages: Sequence[str]) -> Numbers:
        """How strongly each text speaks for each class."""
        return self.weighed(texts, heard(texts, languages, self.readings))

    def weighed(self, texts: Sequence[str], told: Numbers) -> Numbers:
        """As ``scores``, of texts that our rules have heard already."""
        written = [_written(text) for text in texts]
        features = _joined(
            self.words.transform([text.lower() for text in written]),
            self.letters.transform(written),
            *([self.near.transform(around(written, self.about))] if self.near else []),
            _even(told, self.centres, self.scales),
        )
        found = np.asarray(features @ self.weights.T + self.offsets, dtype=np.float64)
        return np.hstack([-found, found]) if len(self.classes) == 2 else found


def held_back(
    examples: Sequence[Labelled], folds: Iterable[tuple[Sequence[int], Sequence[int]]]
) -> list[str]:
    """What models say of each text that have not seen it: one model a fold of (seen, unseen)."""
    heard_once = _heard(examples)
    found = [""] * len(examples)
    for seen, unseen in folds:
        known = [examples[place] for place in seen]
        if len({each.label for each in known}) < 2:
            said = [known[0].label] * len(unseen)
        else:
            model = train(known, readings=heard_once[seen])
            texts = [examples[place].text for place in unseen]
            said = model.labels(model.weighed(texts, heard_once[unseen]))
        for place, label in zip(unseen, said, strict=True):
            found[place] = label
    return found


def _heard(examples: Sequence[Labelled]) -> Numbers:
    return heard(
        [each.text for each in examples], [each.language for each in examples], reading_names()
    )


def train(
    examples: Sequence[Labelled],
    told: Mapping[str, Any] | None = None,
    readings: Numbers | None = None,
) -> Model:
    """Learn from labelled texts; needs two labels at least.

    Args:
        examples: what to learn from.
        told: what to remember of how it was learnt.
        readings: what our rules hear in the texts, when that is known already.

    Raises:
        LuisterError: no two texts share a word.
    """
    texts = [each.text for each in examples]
    written = [_written(text) for text in texts]
    words = TfidfVectorizer(sublinear_tf=True, lowercase=False, **_WORDS)
    letters = TfidfVectorizer(sublinear_tf=True, lowercase=False, **_LETTERS)
    about = common_word(written)
    names = reading_names()
    readings = _heard(examples) if readings is None else readings
    spread = readings.std(axis=0)
    scales = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > _CONSTANT)
    centres = readings.mean(axis=0)
    try:
        in_words = words.fit_transform([text.lower() for text in written])
        in_letters = letters.fit_transform(written)
        near = TfidfVectorizer(sublinear_tf=True, lowercase=False, **AROUND) if about else None
        in_near = [near.fit_transform(around(written, about))] if near else []
    except ValueError as error:
        raise LuisterError(
            "the labelled texts have no words in common", todo="label more texts"
        ) from error
    features = _joined(in_words, in_letters, *in_near, _even(readings, centres, scales))
    machine = LinearSVC(C=SOFTNESS, class_weight="balanced", random_state=0)
    machine.fit(features, [each.label for each in examples])
    return Model(
        classes=tuple(str(each) for each in machine.classes_),
        words=words,
        letters=letters,
        about=about,
        near=near,
        readings=names,
        centres=centres,
        scales=scales,
        weights=machine.coef_,
        offsets=machine.intercept_,
        told=dict(told or {}),
    )


def save(model: Model, path: Path) -> None:
    """Write a model; the folder and the file are its owner's alone."""
    told = {
        **model.told,
        "format": FORMAT,
        "classes": model.classes,
        "readings": model.readings,
        "words": list(model.words.get_feature_names_out()),
        "letters": list(model.letters.get_feature_names_out()),
        "about": model.about,
        "near": list(model.near.get_feature_names_out()) if model.near else [],
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    waiting = path.with_suffix(".part")
    with waiting.open("wb") as file:
        waiting.chmod(0o600)
        np.savez_compressed(
            file,
            told=np.frombuffer(json.dumps(told).encode(), dtype=np.uint8),
            words=model.words.idf_,
            letters=model.letters.idf_,
            near=model.near.idf_ if model.near else np.zeros(0),
            centres=model.centres,
            scales=model.scales,
            weights=model.weights.astype(np.float32),
            offsets=model.offsets,
        )
    waiting.replace(path)


def load(path: Path) -> Model:
    """Read a model as ``save`` wrote it.

    Raises:
        LuisterError: the file is damaged, or of a newer Luister.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return _unpacked(file)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise LuisterError(
            f"the model cannot be read ({error})",
            where=str(path),
            todo="learn again, or go back with --rollback",
        ) from error


def _unpacked(file: Any) -> Model:
    told = json.loads(file["told"].tobytes())
    if told["format"] != FORMAT:
        raise ValueError(f"format {told['format']}")
    # a model from before has nothing around a word
    near = told.get("near")
    return Model(
        classes=tuple(told["classes"]),
        words=_vectorizer(told["words"], file["words"], _WORDS),
        letters=_vectorizer(told["letters"], file["letters"], _LETTERS),
        about=told.get("about", ""),
        near=_vectorizer(near, file["near"], AROUND) if near else None,
        readings=tuple(told["readings"]),
        centres=file["centres"],
        scales=file["scales"],
        weights=file["weights"].astype(np.float64),
        offsets=file["offsets"],
        told=told,
    )


def _vectorizer(vocabulary: list[str], idf: Numbers, how: Mapping[str, Any]) -> TfidfVectorizer:
    rest = {name: value for name, value in how.items() if name != "min_df"}
    found = TfidfVectorizer(sublinear_tf=True, lowercase=False, vocabulary=vocabulary, **rest)
    found.idf_ = idf
    return found


def _joined(*features: Any) -> Any:
    """Words, letters, what is around a word where there is one, and readings side by side."""
    return hstack([*features[:-1], csr_matrix(features[-1])]).tocsr()


def _even(readings: Numbers, centres: Numbers, scales: Numbers) -> Numbers:
    """Readings of equal weight, none so far out that it alone decides."""
    standard = np.clip((readings - centres) * scales, -_FARTHEST, _FARTHEST)
    return np.asarray(standard * (READINGS_WEIGHT / math.sqrt(len(centres))), dtype=np.float64)


def _written(text: str) -> str:
    """The text with capitals, signs and handles; links are all the same."""
    return _LINK.sub(" XXURL ", html.unescape(text[:LONGEST]))


# --- our own readings as features


@cache
def _books() -> dict[str, Any]:
    topics, _ = phrasebooks("purpose_topics.toml")
    return {"wants": intent.BOOKS, "about": purpose.BOOKS, "does": acts.BOOKS, "topic": topics}


@cache
def reading_names() -> tuple[str, ...]:
    """Names of all our readings, in order."""
    phrases = {f"{kind}:{name}" for kind, books in _books().items() for name in books["und"].names}
    return (*sorted(phrases), *_SHAPES)


_SHAPES: Final = (
    *("score", "positive", "negative", "asks", "signed", "length", "links", "handles", "tags"),
    *("exclaims", "mark", "digits", "shouts", "handle first"),
)


def heard(texts: Sequence[str], languages: Sequence[str], names: Sequence[str]) -> Numbers:
    """What our rules hear in each text, one column a name."""
    places = {name: place for place, name in enumerate(names)}
    found = np.zeros((len(texts), len(names)))
    plain = [readable(text) for text in texts]
    moods = sentiment.judge(plain, languages)
    for row, (text, clean, language, mood) in enumerate(
        zip(texts, plain, languages, moods, strict=True)
    ):
        for name, value in _readings(text, clean, language, mood).items():
            if name in places:
                found[row, places[name]] = value
    return found


def _readings(
    text: str, plain: str, language: str, mood: sentiment.Sentiment | None
) -> dict[str, float]:
    said = spoken(plain)
    found: dict[str, float] = {}
    for kind, books in _books().items():
        book = books.get(language)
        if book is not None:
            found |= {f"{kind}:{name}": value for name, value in book.points(said).items()}
    if mood is not None:
        found |= {
            "score": mood.score,
            "positive": float(mood.label == "positive"),
            "negative": float(mood.label == "negative"),
        }
    return found | {
        "asks": float(asks(plain, said, language)),
        "signed": float(acts.is_signed(plain, said)),
        "length": math.log1p(said.count("  ")),
        "links": float("http" in text),
        "handles": float(min(text.count("@"), 5)),
        "tags": float(min(text.count("#"), 5)),
        "exclaims": float("!" in text),
        "mark": float("?" in text),
        "digits": float(any(map(str.isdigit, plain[:300]))),
        "shouts": float(sum(word.isupper() and len(word) > 2 for word in plain.split()[:60])),
        "handle first": float(text.startswith(("@", ".@"))),
    }
