"""Do we answer? Response rates, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from pipeline.report import queries, ranges, snapshots
from pipeline.report.chapters import waiting
from pipeline.report.course import known_rivals
from pipeline.report.definitions import defined
from pipeline.report.drawing import draw
from pipeline.report.elsewhere import elsewhere
from pipeline.report.facts import Ask, Facts, Row, Score
from pipeline.report.measured import Told, told_table
from pipeline.report.story import (
    Chapter,
    Figure,
    Key,
    Table,
    absent,
    as_it_stood,
    cell,
    line_legend,
    rated,
    series,
)
from pipeline.report.words import DAY, HOUR, Words, later, named

WINDOWS: Final = (
    ("response_rate_1h", HOUR, later("within 1 hour")),
    ("response_rate_4h", 4 * HOUR, later("within 4 hours")),
    ("response_rate_24h", DAY, later("within 24 hours")),
    ("response_rate_7d", 7 * DAY, later("within 7 days")),
)


def chapter(ask: Ask, facts: Facts, words: Words) -> Chapter:
    """Response rate, response time, open queue."""
    return Chapter(
        key="answering",
        question=words.say("Do we answer?"),
        lead=words.say(
            "Who speaks to {name} expects to be heard. Everyone who did counts, answered or not.",
            name=named(facts.organisation),
        ),
        figures=(
            _rates(ask, facts, words),
            _curve(ask, facts, words),
            waiting.queue(ask, facts, words),
            *(waiting.longest(ask, facts, words) if facts.span.is_quoting else ()),
        ),
    )


def _rates(ask: Ask, facts: Facts, words: Words) -> Figure:
    query = queries.response_rates(facts.span.grain, facts.window_start)
    windows = [(measure, words.say(label)) for measure, _, label in WINDOWS]
    needing = words.say("within 24 hours, where an answer is needed")
    others = elsewhere(ask, "response_rate_7d", words)
    sentences = _rate_sentences(facts, words)
    drawn = ranges.figure(
        ranges.scores_of(ask(query)),
        windows,
        facts,
        words,
        key="response-rate",
        title=words.say("Answered in time, over {period}", period=facts.span.told(words)),
        sentences=(*sentences, others.sentence) if others.sentence else sentences,
        first=words.say("organisation and time"),
        counted=words.say("answered"),
        terms=["response_rate", "needs_response_rate", "first_response", "floor"],
        query=query,
        listed=[*windows, ("needs_response_rate_24h", needing)],
    )
    median = Told(
        measure="first_response_seconds_median", label=words.say("half within"), form="duration"
    )
    told, told_query = told_table([median], facts, words)
    return msgspec.structs.replace(
        drawn,
        told=told,
        published=others.table,
        queries=(*drawn.queries, told_query, others.query),
    )


def _rate_sentences(facts: Facts, words: Words) -> tuple[str, ...]:
    day, needing = facts.score("response_rate_24h"), facts.score("needs_response_rate_24h")
    if not day.denominator:
        return (
            words.say(
                "In {period} nobody addressed {name} at least 24 hours before we looked.",
                period=facts.span.told(words),
                name=named(facts.organisation),
            ),
        )
    told = [
        words.say("Answered within 24 hours: {share}.", share=rated(words, day))
        if day.shown is None
        else words.say(
            "Of the posts that addressed {name} and are at least 24 hours old, {share} had an "
            "answer within 24 hours.",
            name=named(facts.organisation),
            share=rated(words, day),
        ),
        words.say(
            "Of those that needed an answer (question, complaint, request, low review): {share}.",
            share=rated(words, needing),
        ),
    ]
    known = known_rivals(facts, lambda rival: facts.score("response_rate_24h", rival))
    others = [f"{named(rival)} {rated(words, score)}" for rival, score in known]
    if others:
        told.append(words.say("For comparison: {others}.", others="; ".join(others)))
    return tuple(told)


def _curve(ask: Ask, facts: Facts, words: Words) -> Figure:
    query = queries.curve()
    points = [row for row in ask(query) if row["organisation"] in facts.everybody]
    lines = series(facts)
    drawn = dict(zip(facts.everybody, (name for name, _ in lines), strict=False))
    counted = {name: facts.score("first_response_seconds_median", name, "all") for name in drawn}
    fair = {name for name in drawn if not counted[name].too_few and counted[name].denominator}
    rows = [
        {
            "name": drawn[row["organisation"]],
            "seconds": row["seconds"],
            "share": row["answered_share"],
        }
        for row in points
        if row["organisation"] in fair
    ]
    others = elsewhere(ask, "first_response_seconds_median", words, is_time=True)
    told = _curve_sentences(points, facts, words)
    sentences = (*told, others.sentence) if others.sentence else told
    title = words.say("How long until the first answer")
    median = counted[facts.organisation].shown
    rows_told, told_query = told_table(_told(words), facts, words)
    return Figure(
        key="answer-curve",
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: snapshots.answer_curve(rows, lines, median, words, size),
            "answer-curve",
            title,
            " ".join(sentences),
            words,
        )
        if rows
        else None,
        legend=(
            *line_legend(lines),
            Key(label=words.say("half have an answer"), colour="muted", dash="2 4"),
        )
        if rows
        else (),
        table=_curve_table(points, counted, facts, words),
        told=rows_told,
        published=others.table,
        definitions=defined(words, ["first_response", "open_hours", "floor"]),
        queries=(query, told_query, others.query),
    )


def _told(words: Words) -> list[Told]:
    half, nine = words.say("half within"), words.say("nine out of ten within")
    in_hours = words.say("half within, in opening hours")
    return [
        Told(measure="first_response_seconds_median", label=half, form="duration"),
        Told(measure="first_response_seconds_median", label=half, form="duration", period="all"),
        Told(measure="first_response_seconds_p90", label=nine, form="duration", period="all"),
        Told(
            measure="first_response_open_seconds_median",
            label=in_hours,
            form="duration",
            period="all",
        ),
    ]


def answered_within(points: Sequence[Row], organisation: str, seconds: float) -> float | None:
    """The height of the curve: the estimated share with an answer within so many seconds.

    None when observation ended before that.
    """
    own = [row for row in points if row["organisation"] == organisation]
    if not own or own[-1]["seconds"] < seconds:
        return None
    passed = [row["answered_share"] for row in own if row["seconds"] <= seconds]
    return float(passed[-1]) if passed else 0.0


def _curve_sentences(points: Sequence[Row], facts: Facts, words: Words) -> tuple[str, ...]:
    median = facts.score("first_response_seconds_median", period="all")
    nine = facts.score("first_response_seconds_p90", period="all")
    count = words.number(median.denominator or 0)
    if median.too_few or not median.denominator:
        return (words.say("How long people wait: {absent}.", absent=absent(words, median)),)
    if median.value is not None:
        told = [
            words.say(
                "Since {day} half of those who address {name} have an answer within {median} "
                "(n = {count}).",
                name=named(facts.organisation),
                median=words.duration(median.value),
                count=count,
                day=words.day(facts.first_day),
            )
        ]
    else:
        reached = answered_within(points, facts.organisation, 7 * DAY)
        told = [
            words.say(
                "Less than half of those who address {name} get an answer, as far as we have "
                "looked (n = {count} since {day}).",
                name=named(facts.organisation),
                count=count,
                day=words.day(facts.first_day),
            )
        ]
        if reached is not None:
            told.append(words.say("After seven days it is {share}.", share=words.share(reached)))
    if nine.value is not None:
        told.append(
            words.say("Nine out of ten within {duration}.", duration=words.duration(nine.value))
        )
    in_hours = facts.score("first_response_open_seconds_median", period="all").shown
    if in_hours is not None and in_hours < 1:
        told.append(
            words.say("Counted in opening hours, half had an answer before the clock began to run.")
        )
    elif in_hours is not None:
        told.append(
            words.say(
                "Counted in opening hours alone, half within {duration}.",
                duration=words.duration(in_hours),
            )
        )
    if median.value is not None:
        told += _recently(facts, words)
    told.append(words.say("Whoever still waits is counted, for as long as we have looked."))
    return (*told, *as_it_stood(facts, words))


def _recently(facts: Facts, words: Words) -> tuple[str, ...]:
    """Where the period itself tells something else than all the time that was heard."""
    recent = facts.score("first_response_seconds_median")
    if recent.too_few or not recent.denominator:
        return ()
    if recent.value is None:
        return (
            words.say(
                "Of those who addressed {name} in {period}, less than half have an answer so far.",
                name=named(facts.organisation),
                period=facts.span.told(words),
            ),
        )
    return (
        words.say(
            "Of those who addressed {name} in {period} half had one within {median}.",
            name=named(facts.organisation),
            period=facts.span.told(words),
            median=words.duration(recent.value),
        ),
    )


def _curve_table(
    points: Sequence[Row], counted: Mapping[str, Score], facts: Facts, words: Words
) -> Table:
    def line(name: str) -> tuple[str, ...]:
        median = counted[name]
        nine = facts.score("first_response_seconds_p90", name, "all")
        if median.too_few:
            return (
                named(name),
                *(words.say("too few") for _ in range(6)),
                cell(words, median.denominator),
            )
        shares = [answered_within(points, name, seconds) for _, seconds, _ in WINDOWS]
        return (
            named(name),
            *("–" if share is None else words.share(share) for share in shares),
            *("–" if each.value is None else words.duration(each.value) for each in (median, nine)),
            cell(words, median.denominator),
        )

    return Table(
        columns=(
            words.say("organisation"),
            *(words.say(label) for _, _, label in WINDOWS),
            words.say("half within"),
            words.say("nine out of ten within"),
            words.say("n"),
        ),
        rows=tuple(line(name) for name in counted),
    )
