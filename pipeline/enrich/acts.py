"""What a company does with a text of its own (measures.md, section 3.2).

Three readings of the same phrases (``acts.toml``): whether it gives or takes, after which of
the four models of public relations it speaks (Grunig & Hunt, as Waters & Jamal 2011 coded tweets),
and whether it informs, asks for action or speaks with its community (Lovejoy & Saxton 2012). And
one more: whether it is signed by the person who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from pipeline.enrich.intent_phrases import Points, phrasebooks

VERSION: Final = 2
Giving = Literal["give", "take", "neither"]
Model = Literal[
    "press_agentry", "public_information", "two_way_asymmetrical", "two_way_symmetrical"
]
MessageType = Literal["information", "community", "action"]


BOOKS, _TOLD = phrasebooks("acts.toml")
_NEEDS: Final[dict[str, float]] = _TOLD["needs"]
_TAIL: Final = 60
"""Characters at the end in which somebody signs."""
_LAST: Final = 8
"""Words and signs at the end among which there is one of these, if it is signed there."""
_NEAR_END: Final = 120
_MARKS: Final = frozenset(_TOLD["signing"].split())
_CARET: Final = re.compile(r"(?:^|[\s.,!?)])\^ ?[^\W\d_][\w.'’-]{0,20}(?![\w^])")
_SLASH: Final = re.compile(r"(?:^|\s)[/~] ?[^\W\d_][\w'’-]{0,14}\s*$")
_INITIALS: Final = re.compile(r"(?:^|\s)[-–—*/~^(] ?[A-Z]{1,3}\)?\s*$")
_DASH: Final = re.compile(r"(?:[.!?…)\n]|[^\w\s,;])\s*[-–—*~] ?([A-Z][a-zà-ÿ'’-]{1,14})\s*$")
_GREETING: Final = re.compile(
    r"\b(?:groet(?:en|jes)?|gr|mvg|vriendelijke groet(?:en)?|regards|cheers|best|sincerely|"
    r"grüße|gruß|cordialement)\b[,.!]?\s*(?:van\s+)?[-–—]?\s*([A-Z][\wà-ÿ'’-]{1,14})\b[^\w]*"
    r"(?:$|\n|/|\||,|\()",
    re.IGNORECASE,
)
_NO_AGENT: Final = frozenset(_TOLD["no_agent"].split())


class Act(NamedTuple):
    """The four readings of a company's own text; the model is None where nothing tells it."""

    giving: Giving
    pr_model: Model | None
    message_type: MessageType | None
    is_signed: bool


NOTHING: Final = Act("neither", None, None, False)


def acts(plain: Iterable[str], said: Iterable[str], languages: Iterable[str]) -> list[Act]:
    """What each readable text does, were it a company's own.

    Args:
        plain: texts as ``readable`` gives them.
        said: the same as ``spoken`` gives them.
        languages: ISO 639-1 codes or ``und``; in a language we do not read only signatures count.
    """
    return [act(*each) for each in zip(plain, said, languages, strict=True)]


def act(plain: str, said: str, language: str) -> Act:
    """What one readable text does."""
    signed = is_signed(plain, said)
    book = BOOKS.get(language)
    if book is None:
        return NOTHING._replace(is_signed=signed)
    points = book.points(said)
    if signed:
        points["give"] = points.get("give", 0) + 2
        points["community"] = points.get("community", 0) + 3
        points["dialogue"] = points.get("dialogue", 0) + 2
    strong = {name: points.get(name, 0) >= needed for name, needed in _NEEDS.items()}
    return Act(_giving(points, strong), _model(points, strong), _type(points, strong), signed)


def is_signed(plain: str, said: str) -> bool:
    """Whether it names who wrote it: ``^Anna``, ``/AB``, ``- Kim`` or ``Groet, Anna``."""
    if "^" in plain and _CARET.search(plain):
        return True
    if _MARKS.isdisjoint(_last(said)):
        return False
    end = plain[-_TAIL:].rstrip()
    if _INITIALS.search(end) or _SLASH.search(end):
        return True
    named = _DASH.search(end) or _GREETING.search(end)
    return named is not None and named[1].lower() not in _NO_AGENT and named[1][0].isupper()


def _last(said: str) -> list[str]:
    """The last words and signs, sought near the end first: most of a text is before it."""
    parts = said[-_NEAR_END:].strip().rsplit("  ", _LAST)
    return (parts if len(parts) > _LAST else said.strip().rsplit("  ", _LAST))[-_LAST:]


def _giving(points: Points, strong: dict[str, bool]) -> Giving:
    if strong["take"] and points["take"] >= points.get("give", 0):
        return "take"
    return "give" if strong["give"] else "neither"


def _model(points: Points, strong: dict[str, bool]) -> Model | None:
    """Talks with somebody, asks, boasts or sells, or informs: in this order."""
    if points.get("dialogue", 0) >= 2 and points.get("take", 0) < points.get("give", 0):
        return "two_way_symmetrical"
    if strong["asks"]:
        return "two_way_asymmetrical"
    if strong["take"] or strong["hype"]:
        return "press_agentry"
    if strong["community"] and points.get("information", 0) < 2:
        return "two_way_symmetrical" if strong["give"] else None
    return "public_information" if strong["information"] or strong["action"] else None


def _type(points: Points, strong: dict[str, bool]) -> MessageType | None:
    if strong["community"] and points["community"] >= points.get("action", 0):
        return "community"
    if strong["action"]:
        return "action"
    return "information"
