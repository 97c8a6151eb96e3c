"""About whom: praise for one organisation and blame for another in one text are two judgements.

A text is cut into clauses. A clause counts for those it names; one that names nobody goes on about
the last who was named, or runs up to the first. In a comparison ("A is better than B") what is said
of the one is turned round for the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from pipeline.enrich.sentiment import Sentiment, judge
from pipeline.enrich.text import readable

VERSION: Final = 2
_FIRST: Final = 0xE000
"""Names stand in the text as characters of the private use area: they are no words."""
_MOST: Final = 6_000
_MARK: Final = re.compile("[\ue000-\uf76f]")
_CLAUSE: Final = re.compile(
    r"[.!?…]+\s+|\n+|[;,–—]\s*|\s-\s|"
    r"\b(?:but|however|although|though|while|whereas|unlike|maar|terwijl|echter|hoewel|daarentegen|"
    r"(?:switch\w*|mov\w+|went|chang\w+) to|over(?:stap\w*|gestapt|gegaan|zetten)? naar)\b",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\b(?:and|en)\b", re.IGNORECASE)
_THAN: Final = re.compile(
    r"\b(?:\w{2,}er|worse|more|less)\b(?:\s+\w+){0,3}?\s+(?P<than>than|dan)\b"
    r"|(?P<instead>\b(?:instead of|in plaats van|rather than)\b)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"\w{2,}")


def judge_about(
    text: str, language: str, names: Mapping[str, Sequence[str]], tag: str | None = None
) -> dict[str, Sentiment | None]:
    """The sentiment about each organisation that the text names.

    Args:
        text: as written, handles included.
        language: ISO 639-1 code or ``und``.
        names: organisation → how it is written: names, products, handles.
        tag: what the platform says of the language; an unsure text is read in that.

    Returns:
        Organisation → sentiment, or None in a language that nobody reads; organisations that are
        not named are absent.
    """
    owners = tuple(names)[:_MOST]
    marked = _marked(text, owners, names)
    own: dict[str, list[str]] = {}
    against: dict[str, list[str]] = {}
    for clause, about, other in _shared(_clauses(readable(marked))):
        for place in about:
            own.setdefault(owners[place], []).append(clause)
        for place in other:
            against.setdefault(owners[place], []).append(clause)
    found: dict[str, Sentiment | None] = {}
    for owner in sorted({*own, *against}, key=owners.index):
        (direct, turned) = judge(
            [". ".join(own.get(owner, ())), ". ".join(against.get(owner, ()))],
            [language] * 2,
            tags=[tag] * 2,
        )
        found[owner] = direct or (_turned(turned) if turned else None)
    return found


def _marked(text: str, owners: Sequence[str], names: Mapping[str, Sequence[str]]) -> str:
    for place, owner in enumerate(owners):
        pattern = _pattern(tuple(names[owner]))
        if pattern:
            text = pattern.sub(f" {chr(_FIRST + place)} ", text)
    return text


@lru_cache(maxsize=1024)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    written = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    if not written:
        return None
    choice = "|".join(r"\s+".join(map(re.escape, name.split())) for name in written)
    return re.compile(rf"(?<!\w)[@#]?(?:{choice})(?!\w)", re.IGNORECASE)


def _clauses(text: str) -> list[str]:
    clauses: list[str] = []
    for part in _CLAUSE.split(text):
        halves = _AND.split(part)
        is_of_two = len(halves) > 1 and all(map(_is_told, halves))
        clauses += halves if is_of_two else [part]
    return [clause for clause in clauses if clause.strip()]


def _is_told(half: str) -> bool:
    """Whether something is said of somebody: in "love KPN", not in the first of "KPN and Ziggo"."""
    return bool(_MARK.search(half)) and bool(_WORD.search(half))


def _shared(clauses: Sequence[str]) -> list[tuple[str, list[int], list[int]]]:
    """Each clause with whom it is about, and whom it speaks of by comparison."""
    found: list[tuple[str, list[int], list[int]]] = []
    before: list[str] = []
    about: list[int] = []
    for clause in clauses:
        named, other = _named(clause)
        if named or other:
            about = named or other
            found += [(earlier, about, []) for earlier in before]
            before = []
            found.append((clause, named, other))
        elif about:
            found.append((clause, about, []))
        else:
            before.append(clause)
    return found


def _named(clause: str) -> tuple[list[int], list[int]]:
    cut = _THAN.search(clause)
    at = cut.start("than") if cut and cut["than"] else cut.start() if cut else len(clause)
    head, tail = clause[:at], clause[at:]
    named, other = _places(head), _places(tail)
    return (named, other) if named else (other, [])


def _places(text: str) -> list[int]:
    return sorted({ord(mark) - _FIRST for mark in _MARK.findall(text)})


def _turned(found: Sentiment) -> Sentiment:
    """What is said of the other side of a comparison."""
    opposite = {"positive": "negative", "negative": "positive", "neutral": "neutral"}
    return Sentiment(opposite[found.label], -found.score, found.confidence)  # type: ignore[arg-type]
