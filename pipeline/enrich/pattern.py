"""The scorer of TextBlob and its Dutch sibling, several times as fast and exactly equal.

Words, weights, negations and emoticons are those of the installed packages; what is ours is that a
written form is tokenised and looked up once and then remembered. Where pieces of several written
forms may join (an emoticon typed with spaces) the packages' own tokeniser reads the whole text.
Results equal ``textblob.en.sentiment`` and ``textblob_nl.nl.sentiment`` on any text, faults
included: this is the baseline that docs/quality.md sets our reading beside. In ``sentiment`` the
same words are a voice under rules of our own, which mend the faults.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from types import ModuleType
from typing import Any, Final, NamedTuple

from pipeline.enrich.lexicons import Lexicon, lexicon

_REMEMBERED: Final = 100_000
_LONGEST_REMEMBERED: Final = 30
_EXCLAMATION, _MOOD = 1, 2


class Score(NamedTuple):
    """Polarity −1…1, subjectivity 0…1, and how many words or signs they rest on."""

    polarity: float
    subjectivity: float
    evidence: int


class _Known(NamedTuple):
    """A word of the lexicon: its weights, and what it does to the next word."""

    polarity: float
    subjectivity: float
    intensity: float
    modifies: bool
    modifies_negation: bool
    negates: bool


class _Unknown(NamedTuple):
    """Any other token: what it does to a negation or modifier before it, and to the score."""

    negates: bool
    ends_negation: bool
    ends_modifier: bool
    sign: int
    polarity: float


_Word = _Known | _Unknown | None
"""None is a token that only ends a negation or modifier before it: most words of a text."""


class _Form(NamedTuple):
    """A written form: its words, its last sign, and the signs that would join it from before."""

    words: tuple[_Word, ...]
    last: str
    joins: frozenset[str]


class Scorer:
    """One language's scorer: the packages' lexicon and a bounded memory of written forms."""

    def __init__(self, known: Lexicon) -> None:
        sentiment = known.sentiment
        self._weights: dict[str, dict[str | None, Any]] = dict(dict.items(sentiment))
        self._negations = frozenset(sentiment.negations)
        self._modifiers = frozenset(sentiment.modifiers)
        self._modifies_negation = sentiment.modifier
        self._tokens_of = sentiment.tokenizer
        self._abbreviations = known.abbreviations
        self._moods = _moods(known.text)
        self._pieces = _pieces(known.text)
        self._forms: dict[str, _Form] = {}
        self._words: dict[str, _Word] = {}

    def score(self, text: str) -> Score:
        """The score of one text, in time that grows with its length alone."""
        words: list[_Word] = []
        last = ""
        forms = self._forms
        for chunk in text.split():
            form = forms.get(chunk) or self._read(chunk)
            if last in form.joins:
                return _score(self._word(token) for token in self._tokens(text))
            words += form.words
            last = form.last or last
        return _score(words)

    def _read(self, chunk: str) -> _Form:
        tokens = self._tokens(chunk)
        words = tuple(self._word(token) for token in tokens)
        form = _Form(words, tokens[-1][-1], self._joining(tokens[0])) if tokens else _NOTHING
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self._forms) >= _REMEMBERED:
                self._forms.clear()
            self._forms[chunk] = form
        return form

    def _tokens(self, text: str) -> list[str]:
        """Tokens as the packages cut them; words and words with a full stop are quickly told."""
        if text.isalpha():
            return [text]
        word = text[:-1]
        if text[-1] in ",?" and word.isalpha():
            return [word, text[-1]]
        if text[-1] == "." and len(word) > 1 and word.isalpha() and word.islower():
            return [text] if text in self._abbreviations else [word, "."]
        return " ".join(self._tokens_of(text)).split()

    def _joining(self, first: str) -> frozenset[str]:
        """The signs which, standing before this token, could make an emoticon with it."""
        starts = {first}
        if not first.isalpha():
            starts |= {first[:length] for length in range(1, 5)}
        return frozenset().union(*(self._pieces.get(start, ()) for start in starts))

    def _word(self, token: str) -> _Word:
        lower = token.lower()
        if lower not in self._words:
            if len(self._words) >= _REMEMBERED:
                self._words.clear()
            self._words[lower] = self._look_up(lower)
        return self._words[lower]

    def _look_up(self, word: str) -> _Word:
        negates = word in self._negations
        weights = self._weights.get(word)
        if weights is not None:
            polarity, subjectivity, intensity = weights[None]
            modifies = any(tag in weights for tag in self._modifiers)
            modifies_negation = bool(self._modifies_negation(word))
            return _Known(polarity, subjectivity, intensity, modifies, modifies_negation, negates)
        sign, polarity = 0, 0.0
        if word == "!":
            sign = _EXCLAMATION
        elif word in self._moods:
            sign, polarity = _MOOD, self._moods[word]
        ends_negation, ends_modifier = len(word.strip("'")) > 1, len(word) > 2
        if ends_negation and ends_modifier and not negates and not sign:
            return None
        return _Unknown(negates, ends_negation, ends_modifier, sign, polarity)


def _score(words: Iterable[_Word]) -> Score:
    """The packages' rules over known, unknown and plain words; sums in their order."""
    total = subjective = 0.0
    evidence = 0
    polarity = subjectivity = intensity = 0.0
    is_negated = negation = False
    modifier: _Known | None = None
    for word in words:
        if word is None:
            negation, modifier = False, None
        elif isinstance(word, _Known):
            if modifier is None:
                if evidence:
                    total += polarity * -0.5 if is_negated else polarity
                    subjective += subjectivity
                evidence += 1
                polarity, subjectivity, intensity = word[:3]
                is_negated = False
            else:
                polarity = max(-1.0, min(word.polarity * intensity, 1.0))
                subjectivity = max(-1.0, min(word.subjectivity * intensity, 1.0))
                intensity = word.intensity
            if negation:
                intensity = 1.0 / intensity
                is_negated = True
            modifier = word if word.modifies else None
            negation = word.negates
        else:
            if word.negates:
                negation = True
            elif word.ends_negation:
                negation = False
            if negation and modifier is not None and modifier.modifies_negation:
                is_negated, negation = True, False
            elif word.ends_modifier:
                modifier = None
            if word.sign == _EXCLAMATION:
                polarity = max(-1.0, min(polarity * 1.25, 1.0))
            elif word.sign == _MOOD:
                if evidence:
                    total += polarity * -0.5 if is_negated else polarity
                    subjective += subjectivity
                evidence += 1
                polarity, subjectivity, intensity = word.polarity, 1.0, 1.0
                is_negated = False
    if not evidence:
        return Score(0.0, 0.0, 0)
    total += polarity * -0.5 if is_negated else polarity
    subjective += subjectivity
    return Score(total / evidence, subjective / evidence, evidence)


def _moods(text: ModuleType) -> dict[str, float]:
    """Emoticons in lower case with their polarity, as far as the packages recognise them."""
    moods: dict[str, float] = {"(!)": 0.0}
    for (_, polarity), signs in text.EMOTICONS.items():
        for sign in map(str.lower, signs):
            if not sign.isalpha() and len(sign) <= 5 and sign not in text.PUNCTUATION:
                moods.setdefault(sign, polarity)
    return moods


def _pieces(text: ModuleType) -> dict[str, frozenset[str]]:
    """For each piece an emoticon may go on with after a space: the signs it may follow."""
    pieces: dict[str, set[str]] = {}
    for sign in ("(!)", *(sign for signs in text.EMOTICONS.values() for sign in signs)):
        for cut in range(1, len(sign)):
            for end in range(cut + 1, len(sign) + 1):
                pieces.setdefault(sign[cut:end], set()).add(sign[cut - 1])
    return {piece: frozenset(before) for piece, before in pieces.items()}


_NOTHING: Final = _Form((), "", frozenset())


@cache
def scorer(language: str) -> Scorer:
    """The scorer of ``en`` or ``nl``, made once in a process."""
    return Scorer(lexicon(language))
