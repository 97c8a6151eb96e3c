"""In what mood? Positive above the line, negative below it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipeline.report import queries
from pipeline.report.course import known_rivals
from pipeline.report.definitions import defined
from pipeline.report.facts import Ask, Facts, Row, Score
from pipeline.report.measured import Told, told_table
from pipeline.report.stacks import stack
from pipeline.report.story import Chapter, Figure, Table, absent, cell, told_or_absent
from pipeline.report.words import Words, named


def chapter(ask: Ask, facts: Facts, words: Words) -> Chapter:
    """Sentiment over time."""
    return Chapter(
        key="mood",
        question=words.say("In what mood?"),
        lead=words.say(
            "How others speak of {name}, as a computer reads it: good enough for the course, not "
            "for a single post.",
            name=named(facts.organisation),
        ),
        figures=(_sentiment(ask, facts, words),),
    )


def _sentiment(ask: Ask, facts: Facts, words: Words) -> Figure:
    query = queries.sentiment(facts.organisation, facts.steps[0], facts.steps_end, facts.step)
    found = {row["period_start"]: row for row in ask(query)}
    positive, negative = words.say("positive"), words.say("negative")
    kinds = [(positive, "positive"), (negative, "negative")]
    rows = [
        {"day": day.isoformat(), "kind": kind, "count": sign * int(found[day][column])}
        for day in facts.steps
        if day in found
        for kind, column, sign in (
            (positive, "positive_posts", 1),
            (negative, "negative_posts", -1),
        )
    ]
    sentences = _sentences(facts, words)
    label = words.say("Net sentiment")
    told, told_query = told_table(
        [
            Told(measure="net_sentiment", label=label, form="signed"),
            Told(measure="net_sentiment", label=label, form="signed", period="before"),
        ],
        facts,
        words,
    )
    title = (
        words.say("Positive and negative posts of others, by week")
        if facts.step == "week"
        else words.say("Positive and negative posts of others, by day")
    )
    bars = stack(
        "sentiment",
        title,
        sentences,
        rows=rows,
        days=facts.steps,
        kinds=kinds,
        counted=words.say("posts"),
        words=words,
    )
    return Figure(
        key="sentiment",
        title=title,
        sentences=sentences,
        drawing=bars.drawing,
        legend=bars.legend,
        table=_table(found, facts, words),
        told=told,
        definitions=defined(words, ["net_sentiment", "floor"]),
        queries=(query, told_query),
    )


def net(words: Words, score: Score) -> str:
    """A net sentiment with its n, or why there is none."""
    if score.shown is None:
        return absent(words, score)
    return words.say(
        "{value} (n = {count})",
        value=words.signed(score.shown),
        count=words.number(score.denominator or 0),
    )


def _sentences(facts: Facts, words: Words) -> tuple[str, ...]:
    now, before = facts.score("net_sentiment"), facts.score("net_sentiment", period="before")
    sentence = words.say(
        "Net sentiment over {period}: {net}, on a scale from −1 (all negative) to +1 "
        "(all positive).",
        period=facts.span.told(words),
        net=net(words, now),
    )
    told = [told_or_absent(words, now, sentence, words.say("Net sentiment"))]
    if before.shown is not None:
        told.append(
            words.say(
                "In {before}: {net}.", before=facts.span.told_before(words), net=net(words, before)
            )
        )
    known = known_rivals(facts, lambda rival: facts.score("net_sentiment", rival))
    others = [f"{named(rival)} {net(words, score)}" for rival, score in known]
    if others:
        told.append(words.say("For comparison: {others}.", others="; ".join(others)))
    return tuple(told)


def _table(found: Mapping[date, Row], facts: Facts, words: Words) -> Table:
    first = words.say("week of") if facts.step == "week" else words.say("day")
    columns = ("positive_posts", "neutral_posts", "negative_posts", "posts_count")
    return Table(
        columns=(
            first,
            words.say("positive"),
            words.say("neutral"),
            words.say("negative"),
            words.say("with a sentiment (n)"),
        ),
        rows=tuple(
            (words.day(day), *(cell(words, found[day][column]) for column in columns))
            for day in reversed(facts.steps)
            if day in found
        ),
    )
