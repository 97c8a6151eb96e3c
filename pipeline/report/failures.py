"""Why a source was not read to the end, and what to do about it, in words of the reader.

An error tells its story in English, to whoever mends it. A reader is told its kind, which the
ledger keeps as a code; the whole story stands in ``luister status``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipeline.report.words import Words, later

WHY: Final[Mapping[str, str]] = {
    "SourceUnavailable": later("could not be reached"),
    "RateLimited": later("asked us to wait"),
    "SourceRefused": later("refused access"),
    "SourceGone": later("no longer exists"),
    "PayloadError": later("sent something we do not understand"),
    "ConfigError": later("is not set up well"),
    "BudgetSpent": later("has used up its budget"),
}
UNFINISHED: Final = later("was not read to the end")
NEXT: Final[Mapping[str, str]] = {
    "SourceUnavailable": later("Look whether its address still holds; each night tries it again."),
    "RateLimited": later("Ask for less: a lower budget or fewer names. Each night tries it again."),
    "SourceRefused": later("Arrange access, or renew its key: {check} says which."),
    "SourceGone": later("Give it its new address in luister.toml, or take it out."),
    "PayloadError": later("The platform answers otherwise than before: look for a newer Luister."),
    "ConfigError": later("Mend luister.toml: {check} says where."),
    "BudgetSpent": later("Raise the budget of its platform in luister.toml, or wait."),
}


def why(code: str | None, words: Words) -> str:
    """What the source did, as the end of a sentence that begins with its name."""
    return words.say(WHY.get(code or "", UNFINISHED))


def next_step(code: str | None, words: Words) -> str:
    """What somebody can do about it; empty for what only a look at the whole story tells."""
    return words.say(NEXT.get(code or "", ""), check="luister check")
