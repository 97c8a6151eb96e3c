"""Numbers that a sentence tells and no picture draws: a table of them, and what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from pipeline.report import queries
from pipeline.report.facts import Facts, Period, Score
from pipeline.report.story import Table, cell
from pipeline.report.words import Words, named

Form = Literal["share", "count", "signed", "duration", "ratio", "index"]
_DIGITS: Final = {"ratio": 1, "index": 2}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One measure that is told, what it is called, and how it is written."""

    measure: str
    label: str
    form: Form
    period: Period = "now"


class Reckoned(msgspec.Struct, frozen=True, kw_only=True):
    """One number that was reckoned from the rows of an exhibit: all as text.

    ``over`` says which days, posts or people; ``n`` is what stands below the line.
    """

    label: str
    value: str
    over: str = "–"
    n: str = "–"


def told_table(
    told: Sequence[Told], facts: Facts, words: Words, reckoned: Iterable[Reckoned] = ()
) -> tuple[Table, str]:
    """Each measure of every organisation that has it, and the statement that gives these rows.

    Args:
        told: the measures.
        facts: whose report.
        words: the language.
        reckoned: numbers that stand above them, from the other rows of the exhibit.
    """
    rows = [
        (
            f"{named(name)}: {each.label}",
            _period(each, facts, words),
            _value(each, score, words),
            _interval(each, score, words),
            cell(words, score.denominator),
        )
        for name in facts.everybody
        for each in told
        for score in [facts.score(each.measure, name, each.period)]
        if score.value is not None or score.denominator
    ]
    table = _table(words.say("organisation and measure"), (*map(_row, reckoned), *rows), words)
    starts = [facts.window_start, facts.span.before.first]
    measures = sorted({each.measure for each in told})
    return table, queries.told(measures, facts.span.grain, starts)


def reckoned_table(reckoned: Iterable[Reckoned], words: Words) -> Table:
    """Numbers that were reckoned from the rows of an exhibit, alone."""
    return _table(words.say("what"), tuple(map(_row, reckoned)), words)


def _table(first: str, rows: tuple[tuple[str, ...], ...], words: Words) -> Table:
    return Table(
        columns=(
            first,
            words.say("over"),
            words.say("value"),
            words.say("95% interval"),
            words.say("n"),
        ),
        rows=rows,
        words=frozenset({1}),
    )


def _row(each: Reckoned) -> tuple[str, ...]:
    return each.label, each.over, each.value, "–", each.n


def _period(told: Told, facts: Facts, words: Words) -> str:
    if told.period == "all":
        return words.say("since {day}", day=words.day(facts.first_day))
    return facts.span.told(words) if told.period == "now" else facts.span.told_before(words)


def _value(told: Told, score: Score, words: Words) -> str:
    if score.shown is None:
        return words.say("too few") if score.too_few else "–"
    if told.form == "share":
        return words.share(score.shown)
    if told.form == "duration":
        return words.duration(score.shown)
    if told.form == "signed":
        return words.signed(score.shown)
    return words.number(score.shown, _DIGITS.get(told.form, 0))


def _interval(told: Told, score: Score, words: Words) -> str:
    if told.form != "share" or score.shown is None or score.low is None or score.high is None:
        return "–"
    return f"{words.share(score.low)} – {words.share(score.high)}"
