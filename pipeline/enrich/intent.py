"""What a text wants: asks, complains, requests, praises, thanks, suggests, reports a fault, sells.

Several may hold, and most texts want nothing. Each intent but the question is heard by phrases of
``intents.toml``, whose points are added up; a bad mood speaks for a complaint and a good one for
praise, for half of those who are let down or helped use no set phrase. A text needs an answer when
it asks, complains or requests.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pipeline.enrich.intent_phrases import Points, phrasebooks
from pipeline.enrich.intent_questions import asks
from pipeline.enrich.intent_scope import hearing_praise, telling_over
from pipeline.enrich.sentiment import Sentiment

VERSION: Final = 5
QUESTION: Final = "question"
NEEDS_RESPONSE: Final = frozenset({"question", "complaint", "request"})
INTENTS: Final = (
    QUESTION,
    "complaint",
    "request",
    "praise",
    "thanks",
    "suggestion",
    "fault_report",
    "spam",
    "advertisement",
)
BOOKS, _TOLD = phrasebooks("intents.toml")
_NEEDS: Final[dict[str, float]] = _TOLD["needs"]
_MOOD: Final[dict[str, float]] = _TOLD["mood"]
_ALONE: Final = frozenset(_TOLD["alone"])
_TELLS_OVER: Final = telling_over(_TOLD["over"])
_HEARD: Final = hearing_praise(_TOLD["denies_nothing"])
_NO_PRAISE: Final = ("thanks", "spam", "advertisement")
"""What is kind or loud by its nature: that mood praises nobody."""
_A_STORY: Final = 30
"""Words from which a text tells a story: who complains says what happened, and as a customer."""


def intents(
    plain: Iterable[str],
    said: Iterable[str],
    languages: Iterable[str],
    moods: Iterable[Sentiment | None],
) -> list[list[str]]:
    """What each readable text wants, in the order of ``INTENTS``.

    Args:
        plain: texts as ``readable`` gives them: a question mark in a link asks nothing.
        said: the same as ``spoken`` gives them.
        languages: ISO 639-1 codes or ``und``; in a language we do not read only the mark counts,
            in an unknown one the phrases of all.
        moods: the same texts as ``sentiment.judge`` read them.
    """
    return [_wants(*each) for each in zip(plain, said, languages, moods, strict=True)]


def needs_response(wanted: Iterable[str]) -> bool:
    """Whether somebody who wants this waits for an answer."""
    return not NEEDS_RESPONSE.isdisjoint(wanted)


def points(said: str, language: str, mood: Sentiment | None = None) -> Points:
    """How strongly a text speaks for each intent, and for the help groups beside them."""
    book = BOOKS.get(language)
    if book is None:
        return {}
    heard = _HEARD(said)
    found = book.points(heard)
    is_over = ("complaint" in found or "fault_report" in found) and _TELLS_OVER(said, language)
    if is_over:
        found |= {"complaint": 0.0, "fault_report": 0.0}
    elif mood is not None and heard == said and not found.get("talk"):
        _add_mood(found, mood, is_alone=language in _ALONE)
    if found.get("complaint", 0) > 0:
        story = min(said.count("  ") / _A_STORY, 1.0)
        found["complaint"] += found.get("customer", 0) + story
    return found


def _add_mood(found: Points, mood: Sentiment, *, is_alone: bool) -> None:
    """What the mood speaks for: more where it is strong, or where somebody speaks as a customer."""
    if mood.label == "negative" and mood.score < _MOOD["bad_below"]:
        if not (is_alone or found.get("customer")):
            return
        given = _MOOD["bad"] + found.get("person", 0)
        given += _MOOD["strong"] if mood.score < _MOOD["strong_below"] else 0
        found["complaint"] = found.get("complaint", 0) + given
    elif mood.label == "positive" and not any(found.get(n, 0) >= _NEEDS[n] for n in _NO_PRAISE):
        found["praise"] = found.get("praise", 0) + _MOOD["good"]


def _wants(plain: str, said: str, language: str, mood: Sentiment | None) -> list[str]:
    found = points(said, language, mood)
    wanted = [name for name, needed in _NEEDS.items() if found.get(name, 0) >= needed]
    return [QUESTION, *wanted] if asks(plain, said, language) else wanted
