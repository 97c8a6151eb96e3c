"""Measures of the network as lines, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pipeline.report import charts
from pipeline.report.charts import Form
from pipeline.report.course import enough_points, reference_key, value_cell
from pipeline.report.definitions import defined
from pipeline.report.drawing import draw
from pipeline.report.facts import Facts, Score
from pipeline.report.span import NO_TWO_WEEKS
from pipeline.report.story import Figure, Table, cell, line_legend
from pipeline.report.words import Words

Weeks = Mapping[tuple[str, date, str], Score]
"""Scores by organisation, Monday and measure."""


def week_score(weeks: Weeks, facts: Facts, week: date, measure: str, name: str = "") -> Score:
    """A measure of a week, of the organisation of the report unless another is named."""
    return weeks.get((name or facts.organisation, week, measure), Score(value=None))


def lines_of(
    found: Weeks,
    facts: Facts,
    words: Words,
    *,
    key: str,
    title: str,
    axis: str,
    form: Form,
    measures: Sequence[tuple[str, str, str]],
    sentences: tuple[str, ...],
    definitions: Sequence[str],
    query: str,
    reference: tuple[float, str] | None = None,
    told: Table | None = None,
) -> Figure:
    """Measures of the company's network as lines over the weeks."""
    lines = [(words.say(label), colour) for _, colour, label in measures]
    rows = [
        {
            "name": words.say(label),
            "day": week.isoformat(),
            "value": week_score(found, facts, week, measure).shown,
        }
        for week in facts.weeks
        for measure, _, label in measures
    ]
    is_drawn = enough_points(rows)
    level, label = reference or (None, "")
    if facts.weeks and not is_drawn:
        sentences = (*sentences, words.say(NO_TWO_WEEKS))
    return Figure(
        key=key,
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: charts.lines(
                rows, facts.weeks, lines, axis, words, size, form=form, reference=level
            ),
            key,
            title,
            " ".join(sentences),
            words,
        )
        if is_drawn
        else None,
        legend=(*line_legend(lines), *reference_key(label)) if is_drawn else (),
        table=_line_table(found, facts, words, form, measures),
        told=told,
        definitions=defined(words, definitions),
        queries=(query,),
    )


def _line_table(
    found: Weeks,
    facts: Facts,
    words: Words,
    form: Form,
    measures: Sequence[tuple[str, str, str]],
) -> Table:
    def parts(score: Score) -> tuple[str, str]:
        return value_cell(words, form, score), cell(words, score.denominator)

    columns = [words.say("week of")]
    for _, _, label in measures:
        columns += [words.say(label), words.say("n")]
    return Table(
        columns=tuple(columns),
        rows=tuple(
            (
                words.day(week),
                *(
                    part
                    for measure, _, _ in measures
                    for part in parts(week_score(found, facts, week, measure))
                ),
            )
            for week in reversed(facts.weeks)
        ),
    )
