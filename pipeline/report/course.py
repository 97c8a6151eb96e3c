"""A measure over time: a line an organisation, a point for each window, week or month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from pipeline.report import charts, queries
from pipeline.report.charts import Form
from pipeline.report.definitions import DEFINITIONS, defined
from pipeline.report.drawing import draw
from pipeline.report.facts import RIVALS_SHOWN, Ask, Facts, Score, score_of
from pipeline.report.measured import Reckoned, Told, told_table
from pipeline.report.story import Figure, Key, Table, absent, cell, line_legend, series
from pipeline.report.words import Words, named

FEWEST_POINTS = 2
STEADY = 0.1


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What is followed over time, and how it is told.

    ``reference`` marks a published or natural figure by a line across, with its label.
    """

    measure: str
    form: Form
    title: str
    axis: str
    reference: tuple[float, str] | None = None


def followed(
    ask: Ask,
    facts: Facts,
    words: Words,
    course: Course,
    sentences: Sequence[str],
    reckoned: Sequence[Reckoned] = (),
) -> Figure:
    """The figure of a course: the picture when there are two points to draw a line between.

    Args:
        ask: answers one SQL statement over the published file.
        facts: whose report.
        words: the language.
        course: what is followed.
        sentences: what it means.
        reckoned: numbers of the sentences that are not the measure itself.
    """
    grain, periods = facts.course
    query = queries.course(course.measure, grain, periods[0][0], periods[-1][0])
    end_of = dict(periods)
    ends = list(end_of.values())
    scores = {
        (row["organisation"], end_of[row["period_start"]]): score_of(row)
        for row in ask(query)
        if row["period_start"] in end_of
    }
    lines = series(facts)
    drawn = dict(zip(facts.everybody, (name for name, _ in lines), strict=False))
    rows = [
        {"name": drawn[name], "day": end.isoformat(), "value": score.shown}
        for (name, end), score in scores.items()
        if name in drawn
    ]
    is_drawn = enough_points(rows)
    told = (*sentences,) if is_drawn else (*sentences, facts.span.told_too_short(words))
    key = course.measure.replace("_", "-")
    label = words.say(DEFINITIONS[course.measure][0])
    rows_told, told_query = told_table(
        [
            Told(measure=course.measure, label=label, form=course.form),
            Told(measure=course.measure, label=label, form=course.form, period="before"),
        ],
        facts,
        words,
        reckoned,
    )
    level, label = course.reference or (None, "")
    return Figure(
        key=key,
        title=course.title,
        sentences=told,
        drawing=draw(
            lambda size: charts.lines(
                rows, ends, lines, course.axis, words, size, form=course.form, reference=level
            ),
            key,
            course.title,
            " ".join(told),
            words,
        )
        if is_drawn
        else None,
        legend=(*line_legend(lines), *reference_key(label)) if is_drawn else (),
        table=_table(scores, ends, facts, words, course.form),
        told=rows_told,
        definitions=defined(words, [course.measure, "floor"]),
        queries=(query, told_query),
    )


def enough_points(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether there are two moments with a value to draw a line between."""
    return len({row["day"] for row in rows if row["value"] is not None}) >= FEWEST_POINTS


def reference_key(label: str) -> tuple[Key, ...]:
    """The legend of the line across, if there is one."""
    return (Key(label=label, colour="muted", dash="2 4"),) if label else ()


def plain(words: Words, form: Form, value: float) -> str:
    """A value in its form: a percentage, a ratio with one digit, an index with two."""
    if form == "share":
        return words.share(value)
    return words.number(value, 1 if form == "ratio" else 2)


def short(words: Words, form: Form, score: Score) -> str:
    """A value with its n, or why there is none."""
    if score.shown is None:
        return absent(words, score)
    return words.say(
        "{value} (n = {count})",
        value=plain(words, form, score.shown),
        count=words.number(score.denominator or 0),
    )


def compared(facts: Facts, words: Words, measure: str, form: Form) -> tuple[str, ...]:
    """What it was before, and what it is for competitors."""
    now, before = facts.score(measure), facts.score(measure, period="before")
    told = []
    if now.shown is not None and before.shown is not None:
        told.append(change(facts, words, form, now, before))
    return (*told, *for_comparison(facts, words, measure, form))


def for_comparison(facts: Facts, words: Words, measure: str, form: Form) -> tuple[str, ...]:
    """A sentence on the measure of the first few competitors, if there are any."""
    others = of_rivals(facts, words, measure, form)
    return (words.say("For comparison: {others}.", others=others),) if others else ()


def of_rivals(facts: Facts, words: Words, measure: str, form: Form) -> str:
    """The first few competitors, each with its value and n."""
    known = known_rivals(facts, lambda rival: facts.score(measure, rival))
    return "; ".join(f"{named(rival)} {short(words, form, score)}" for rival, score in known)


def known_rivals(facts: Facts, score_of: Callable[[str], Score]) -> list[tuple[str, Score]]:
    """The first few competitors of whom there is a number; the table tells of the others."""
    found = ((rival, score_of(rival)) for rival in facts.rivals)
    return [(rival, score) for rival, score in found if score.shown is not None][:RIVALS_SHOWN]


def change(facts: Facts, words: Words, form: Form, now: Score, before: Score) -> str:
    """More, less or the same as in the period before; shares only when the intervals part."""
    values = {"before": facts.span.told_before(words), "was": short(words, form, before)}
    grown = (now.value or 0) - (before.value or 0)
    if form == "share" and overlap(now, before):
        return words.say(
            "In {before} it was {was}: the intervals overlap, so this is no certain change.",
            **values,
        )
    if abs(grown) < STEADY * (before.value or 0):
        return words.say("About the same as in {before}: {was}.", **values)
    if grown > 0:
        return words.say("That is more than in {before}: {was}.", **values)
    if grown < 0:
        return words.say("That is less than in {before}: {was}.", **values)
    return words.say("The same as in {before}: {was}.", **values)


def overlap(one: Score, other: Score) -> bool:
    """Whether the 95% intervals of two shares have something in common."""
    if None in (one.low, one.high, other.low, other.high):
        return False
    return (one.low or 0) <= (other.high or 0) and (other.low or 0) <= (one.high or 0)


def value_cell(words: Words, form: Form, score: Score) -> str:
    """A value in a table, or ``too few``."""
    if score.shown is None:
        return words.say("too few") if score.too_few else "–"
    return plain(words, form, score.shown)


def _table(
    scores: Mapping[tuple[str, date], Score],
    ends: Sequence[date],
    facts: Facts,
    words: Words,
    form: Form,
) -> Table:
    def shown(score: Score | None) -> tuple[str, str]:
        if score is None:
            return "–", "–"
        return value_cell(words, form, score), cell(words, score.denominator)

    columns: list[str] = [facts.span.told_ends(words)]
    for name in facts.everybody:
        columns += [named(name), words.say("n")]
    rows: list[tuple[Any, ...]] = [
        (
            words.day(end),
            *(part for name in facts.everybody for part in shown(scores.get((name, end)))),
        )
        for end in reversed(ends)
    ]
    return Table(columns=tuple(columns), rows=tuple(rows))
