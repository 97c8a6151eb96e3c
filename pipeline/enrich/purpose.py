"""Which of the six strategic uses a text is about, or none (measures.md, section 4).

``service`` for help with what one has, ``sales`` for what one may buy and its price, ``product``
for what it is and could be, ``knowledge`` for sharing expertise, ``image`` for what the company
stands for, ``internal`` for working there. The phrases of ``purposes.toml`` give points; what the
text wants helps where they do not decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pipeline.enrich.intent_phrases import phrasebooks

VERSION: Final = 2
USES: Final = ("service", "knowledge", "image", "sales", "product", "internal")
BOOKS, _TOLD = phrasebooks("purposes.toml")
_NEEDS: Final[float] = _TOLD["needs"]
_ORDER: Final[tuple[str, ...]] = tuple(_TOLD["order"])
_BY_INTENT: Final = {
    "complaint": "service",
    "request": "service",
    "fault_report": "service",
    "suggestion": "product",
}
_NOT_OURS: Final = frozenset({"spam"})
"""Who plays a lottery or sells speaks of none of the uses."""


def purposes(
    said: Iterable[str], languages: Iterable[str], wanted: Iterable[Sequence[str]]
) -> list[str | None]:
    """The use each text is about; None where none can be told.

    Args:
        said: texts as ``spoken`` gives them.
        languages: ISO 639-1 codes or ``und``.
        wanted: the intents of each text, as ``intent.intents`` gives them.
    """
    return [
        _purpose(text, language, wants)
        for text, language, wants in zip(said, languages, wanted, strict=True)
    ]


def _purpose(said: str, language: str, wants: Sequence[str]) -> str | None:
    book = BOOKS.get(language)
    if book is None or not _NOT_OURS.isdisjoint(wants):
        return None
    points = book.points(said)
    for intent in wants:
        use = _BY_INTENT.get(intent)
        if use is not None:
            points[use] = points.get(use, 0) + 2
    if not points:
        return None
    best = max(_ORDER, key=lambda use: points.get(use, 0))
    return best if points.get(best, 0) >= _NEEDS else None
