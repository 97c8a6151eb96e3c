"""The parts a report is made of, ready to be shown: everything here is text in one language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from pipeline.report.definitions import Definition
from pipeline.report.drawing import Drawing
from pipeline.report.facts import RIVALS_SHOWN, Facts, Score
from pipeline.report.palette import DASHES
from pipeline.report.words import Words, named

RIVAL_COLOURS: Final = ("rival-1", "rival-2", "rival-3", "rival-4")


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a legend: an area, a line with its dash pattern, or a sign without colour."""

    label: str
    colour: str
    dash: str = ""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of a picture: a first column that names the row, then figures, or ``words``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: frozenset[int] = frozenset()


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said, what it needs (empty where that is not the point), and its facts."""

    text: str
    language: str | None
    need: str
    facts: tuple[str, ...]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, what it means, and what it was made of.

    ``quotes`` stand under it; ``told`` are numbers of its sentences that ``table`` does not hold,
    ``published`` those that others found.
    """

    key: str
    title: str
    sentences: tuple[str, ...]
    drawing: Drawing | None
    legend: tuple[Key, ...] = ()
    quotes: tuple[Quote, ...] = ()
    table: Table
    told: Table | None = None
    published: Table | None = None
    definitions: tuple[Definition, ...]
    queries: tuple[str, ...]


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """A question and the pictures that answer it."""

    key: str
    question: str
    lead: str
    figures: tuple[Figure, ...]


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """One of the five lines: what it is about, the number, the sentence.

    ``exhibit`` is the key of the figure whose formula and rows the number opens.
    """

    chapter: str
    exhibit: str
    label: str
    number: str
    sentence: str

    @property
    def is_worded(self) -> bool:
        """Whether words stand where the number would."""
        return not any(each.isdigit() for each in self.number)


def rated(words: Words, score: Score) -> str:
    """A share with its interval and n, or why there is none."""
    if score.shown is None:
        return absent(words, score)
    count = words.number(score.denominator or 0)
    if score.low is None or score.high is None:
        return words.say("{share} (n = {count})", share=words.share(score.shown), count=count)
    return words.say(
        "{share} (95%: {low} to {high}, n = {count})",
        share=words.share(score.shown),
        low=words.share(score.low),
        high=words.share(score.high),
        count=count,
    )


def told_or_absent(words: Words, score: Score, sentence: str, label: str) -> str:
    """The sentence about a number; where there is none, what it is called and why."""
    if score.shown is not None:
        return sentence
    return words.say(
        "{what}: {absent}.", what=label[:1].upper() + label[1:], absent=absent(words, score)
    )


def unseen(facts: Facts, words: Words) -> str:
    """Why nothing is known of what a company says where none of its accounts is configured."""
    return words.say(
        "No account of {name} is configured, so what it says itself cannot be seen.",
        name=named(facts.organisation),
    )


def as_it_stood(facts: Facts, words: Words) -> tuple[str, ...]:
    """Of which day it is what a week or a quarter cannot be told of by itself: who waits now."""
    if facts.span.kind == "night":
        return ()
    return (words.say("That is how it stood on {day}.", day=words.day(facts.night)),)


def absent(words: Words, score: Score) -> str:
    """Why a rate is not shown: too few, or nothing to divide by."""
    if score.denominator:
        return words.say("too few (n = {count})", count=words.number(score.denominator))
    return words.say("not defined (n = 0)")


def cell(words: Words, value: float | None, digits: int = 0) -> str:
    """A number in a table; a dash where it is unknown."""
    return "–" if value is None else words.number(value, digits)


def share_cell(words: Words, score: Score) -> str:
    """A share in a table, or ``too few``."""
    if score.shown is None:
        return words.say("too few") if score.too_few else "–"
    return words.share(score.shown)


def series(facts: Facts) -> list[tuple[str, str]]:
    """The lines of a comparison: the company first, then the first few competitors."""
    drawn = [(named(facts.organisation), "own")]
    for rival, colour in zip(facts.rivals[:RIVALS_SHOWN], RIVAL_COLOURS, strict=False):
        drawn.append((named(rival), colour))
    return drawn


def line_legend(lines: Sequence[tuple[str, str]]) -> tuple[Key, ...]:
    """The legend of lines, with the dashes they are drawn in."""
    return tuple(
        Key(label=name, colour=colour, dash=" ".join(map(str, DASHES[number % len(DASHES)])))
        for number, (name, colour) in enumerate(lines)
    )
