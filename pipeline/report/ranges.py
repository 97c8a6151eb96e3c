"""Shares with their 95% intervals: a dot an organisation for each of a few measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.report import snapshots
from pipeline.report.definitions import defined
from pipeline.report.drawing import draw
from pipeline.report.facts import Facts, Row, Score, score_of
from pipeline.report.story import Figure, Key, Table, cell, series, share_cell
from pipeline.report.words import Words, named

Scores = Mapping[tuple[str, str], Score]
Measures = Sequence[tuple[str, str]]
"""Names of measures, each with its label in the language of the report."""


def scores_of(rows: Sequence[Row]) -> Scores:
    """Rows of the scorecard by organisation and measure."""
    return {(row["organisation"], row["measure"]): score_of(row) for row in rows}


def score(scores: Scores, name: str, measure: str) -> Score:
    """A measure of an organisation; one without value when it is not there."""
    return scores.get((name, measure), Score(value=None))


def figure(
    scores: Scores,
    measures: Measures,
    facts: Facts,
    words: Words,
    *,
    key: str,
    title: str,
    sentences: tuple[str, ...],
    first: str,
    counted: str,
    terms: Sequence[str],
    query: str,
    listed: Measures | None = None,
    is_absent_left_out: bool = False,
) -> Figure:
    """The measures drawn as dots with their intervals, and everything behind them.

    Args:
        scores: by organisation and measure.
        measures: what is drawn, from top to bottom.
        facts: whose report.
        words: the language.
        key: unique on the page.
        title: what is drawn.
        sentences: what it means.
        first: heading of the table's first column.
        counted: heading of what stands above the line.
        terms: the definitions it rests on.
        query: where the scores come from.
        listed: what the table lists, when that is not what is drawn.
        is_absent_left_out: whether a measure without any dot has no line of its own.
    """
    rows = dots(scores, measures, facts, words)
    lines = series(facts)
    present = {row["window"] for row in rows}
    labels = [label for _, label in measures if not is_absent_left_out or label in present]
    return Figure(
        key=key,
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: snapshots.response_ranges(rows, labels, lines, size),
            key,
            title,
            " ".join(sentences),
            words,
        )
        if rows
        else None,
        legend=tuple(Key(label=name, colour=colour) for name, colour in lines) if rows else (),
        table=table(scores, listed or measures, facts, words, first=first, counted=counted),
        definitions=defined(words, terms),
        queries=(query,),
    )


def dots(scores: Scores, measures: Measures, facts: Facts, words: Words) -> list[dict[str, Any]]:
    """What is drawn: measures that may be shown, of the company and the first competitors."""
    return [
        {
            "window": label,
            "name": drawn,
            "value": found.shown,
            "low": found.low,
            "high": found.high,
            "is_own": name == facts.organisation,
            "shown": words.share(found.shown),
        }
        for measure, label in measures
        for name, (drawn, _) in zip(facts.everybody, series(facts), strict=False)
        if (found := score(scores, name, measure)).shown is not None
    ]


def table(
    scores: Scores, measures: Measures, facts: Facts, words: Words, *, first: str, counted: str
) -> Table:
    """Every organisation and measure: share, interval, number and n.

    Args:
        scores: by organisation and measure.
        measures: measures and their labels.
        facts: whose report.
        words: the language.
        first: heading of the first column.
        counted: heading of what stands above the line.
    """
    return Table(
        columns=(first, words.say("share"), words.say("95% interval"), counted, words.say("n")),
        rows=tuple(
            (
                f"{named(name)}: {label}",
                share_cell(words, found) if found.denominator else "–",
                _interval(words, found),
                cell(words, found.numerator),
                cell(words, found.denominator),
            )
            for name in facts.everybody
            for measure, label in measures
            for found in [score(scores, name, measure)]
        ),
    )


def _interval(words: Words, found: Score) -> str:
    if found.shown is None or found.low is None or found.high is None:
        return "–"
    return f"{words.share(found.low)} – {words.share(found.high)}"
