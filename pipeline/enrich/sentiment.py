"""The mood of a text: positive, negative or neutral, with a score and how sure that is.

Three voices read each text under the same rules (``sentiment_rules``): our own words, VADER's and
TextBlob's lexicon; for Dutch our own and TextBlob's Dutch sibling. They are weighed against each
other in ``combine`` and nowhere else. A language that no reader is registered for has no sentiment:
unknown is None, not neutral. Emoji without a word are of every language.

Another language is a package more. It names a reader, any function from a readable text to a
``Sentiment``, under the entry point ``luister.sentiment`` and the code of the language::

    [project.entry-points."luister.sentiment"]
    de = "our_german:READ"

    READ = lexical("de", Voices(1.0, 0.0, 0.0, 0.35, -0.15), Path(__file__).with_name("de.toml"))

Lists like those of ``mood.en.toml`` are one way; a model of one's own is another. The version of
the package is part of ``VERSION``, so that installing it reads all texts again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pipeline.enrich.language import UNKNOWN, spoken_in
from pipeline.enrich.sentiment_names import Mask, masking
from pipeline.enrich.sentiment_rules import Heard, hear
from pipeline.enrich.sentiment_signs import has_words
from pipeline.enrich.sentiment_words import words
from pipeline.errors import LuisterError

EXTENSIONS: Final = "luister.sentiment"
_FOUND: Final = {point.name: point for point in metadata.entry_points(group=EXTENSIONS)}
VERSION: Final = "+".join(
    (
        f"5.vader{metadata.version('vaderSentiment')}",
        *(
            f"{code}.{point.dist.name}{point.dist.version}" if point.dist else code
            for code, point in sorted(_FOUND.items())
        ),
    )
)
Mood = Literal["positive", "negative", "neutral"]
_DECIDED_FROM: Final = 4
"""Words of mood from which a text takes a side: the neutral band narrows."""
_NOTHING_HEARD: Final = 0.65
"""How sure a neutral text is that holds no word of mood."""


class Sentiment(NamedTuple):
    """Label, score −1…1, and how likely the label is what a person would say, 0…1."""

    label: Mood
    score: float
    confidence: float


class Voices(NamedTuple):
    """How much each voice counts, and the scores between which a text is neutral.

    The cuts are not even: people who are content say so in stronger words than people who are not.
    """

    own: float
    vader: float
    textblob: float
    positive_above: float
    negative_below: float

    @property
    def middle(self) -> float:
        """The score that leans to neither side: the cut where there is no neutral."""
        return (self.positive_above + self.negative_below) / 2


Reader = Callable[[str], Sentiment | None]
ENGLISH: Final = Voices(0.6, 0.3, 0.1, 0.35, -0.15)
DUTCH: Final = Voices(0.8, 0.0, 0.2, 0.40, -0.135)


def lexical(code: str, voices: Voices, lists: Path | None = None) -> Reader:
    """A reader by words: of ``lists``, or of our ``mood.<code>.toml``, and of the packages."""
    return lambda text: combine(hear(words(code, lists).tokens(text)), voices)


READERS: Final[dict[str, Reader]] = {"en": lexical("en", ENGLISH), "nl": lexical("nl", DUTCH)}
"""Who reads which language; extensions add to these and do not replace them."""
_SIGNS: Final = READERS["en"]
MIDDLE: Final[Mapping[str, float]] = {"en": ENGLISH.middle, "nl": DUTCH.middle}


def judge(
    plain: Sequence[str],
    languages: Iterable[str],
    names: Iterable[str] = (),
    tags: Sequence[str | None] | None = None,
) -> list[Sentiment | None]:
    """The sentiment of each readable text in its language; None where none can be read.

    Args:
        plain: texts as ``readable`` gives them: a handle or link has no mood.
        languages: ISO 639-1 codes or ``und``.
        names: of organisations and products, read over: "United" is no praise.
        tags: what the platforms say of the language. An unsure text is read in that of its
            platform, and has no sentiment where that hears none: it may be of another.
    """
    mask = masking(tuple(names))
    told = zip(plain, languages, tags or [None] * len(plain), strict=True)
    return [_judge(text, code, tag, mask) for text, code, tag in told]


def _judge(text: str, code: str, tag: str | None, mask: Mask | None) -> Sentiment | None:
    spoken = spoken_in(code, tag)
    reader = READERS.get(spoken) or _extension(spoken)
    if mask:
        text = mask.blank(text, words(spoken if spoken in READERS else "en"))
    if not text or text.isspace():
        return None
    # what is said in signs alone is of no language, and alike in all
    found = _SIGNS(text) if not has_words(text) else reader(text) if reader else None
    is_sure = reader is not None and code != UNKNOWN
    return found if found and (is_sure or not _is_unheard(found)) else None


def _is_unheard(found: Sentiment) -> bool:
    return found.label == "neutral" and found.confidence == _NOTHING_HEARD


@cache
def _extension(language: str) -> Reader | None:
    point = _FOUND.get(language)
    if point is None:
        return None
    try:
        reader: Reader = point.load()
    except (ImportError, AttributeError) as error:
        raise LuisterError(
            f"the extension that reads {language} cannot be loaded: {error}",
            where=point.value,
            todo=f"mend or uninstall the package with the entry point {EXTENSIONS}",
        ) from error
    return reader


def combine(heard: Heard, voices: Voices) -> Sentiment:
    """One sentiment of what the voices say, in their proportions.

    The confidence of a label is how often people agreed with it at such a score, roughly: strong
    words are right nine times in ten, and a neutral text with mood words is anybody's guess.
    """
    score = voices.own * heard.own + voices.vader * heard.vader + voices.textblob * heard.textblob
    narrowing = min(1.0, _DECIDED_FROM / max(heard.evidence, 1))
    middle = voices.middle
    strength = abs(score)
    if score > middle + (voices.positive_above - middle) * narrowing:
        return Sentiment("positive", round(score, 4), round(min(0.95, 0.4 + 0.5 * strength), 4))
    if score < middle + (voices.negative_below - middle) * narrowing:
        return Sentiment("negative", round(score, 4), round(min(0.95, 0.6 + 0.35 * strength), 4))
    return Sentiment("neutral", round(score, 4), 0.4 if heard.evidence else _NOTHING_HEARD)


def lean(found: Sentiment, language: str) -> Mood:
    """The nearer side, for those who ask for one of two."""
    return "positive" if found.score > MIDDLE.get(language, 0.0) else "negative"
