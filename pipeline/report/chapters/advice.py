"""What to do next? Up to five advices, each with its numbers and the posts behind it."""

from __future__ import annotations

from typing import Any, Final

from pipeline.report import queries
from pipeline.report.chapters.uses import USES
from pipeline.report.definitions import defined
from pipeline.report.facts import Ask, Facts
from pipeline.report.story import Chapter, Figure, Table, cell, quoted
from pipeline.report.words import Words, later, named

MOST: Final = 5
LONGEST_QUOTE: Final = 160
Row = dict[str, Any]
TITLES: Final = {
    "unmet_demand": later("Answer what people ask about {subject}"),
    "unheard_audience": later("Hear people with {subject} followers too"),
    "unheard_platform": later("Answer on {subject} as well as elsewhere"),
    "open_queue": later("Work through the open queue"),
    "silent_habit": later("Do something else on {subject}"),
    "sends_more": later("Send less, answer more"),
    "takes_more": later("Give more than you ask"),
}
REASONS: Final = {
    "unmet_demand": later(
        "In 28 days {missing} of {denominator} posts about it that addressed us had no answer "
        "within 24 hours; of everything with a purpose {compared} had one."
    ),
    "unheard_audience": later(
        "{value} of what they asked was answered within 24 hours (n = {denominator}); of all "
        "questions {compared}. The 95% interval lies wholly below that."
    ),
    "unheard_platform": later(
        "{value} of what was asked there was answered within 24 hours (n = {denominator}); of all "
        "questions {compared}. The 95% interval lies wholly below that."
    ),
    "open_queue": later(
        "{numerator} posts that need an answer have none; the longest has waited {duration}."
    ),
    "silent_habit": later(
        "{value} of the broadcasts of that day drew any reaction in 92 days (n = {denominator}); "
        "of all broadcasts {compared}. The 95% interval lies wholly below that."
    ),
    "sends_more": later(
        "{value} of the own posts of 28 days were broadcasts (n = {denominator}); above {compared} "
        "a company speaks one way (Lovejoy, Waters & Saxton 2012)."
    ),
    "takes_more": later(
        "{value} of the own posts of 28 days that give or take give (n = {denominator}): with more "
        "than half of them we ask for something."
    ),
}
WEEKDAYS: Final = (
    *(later("Mondays"), later("Tuesdays"), later("Wednesdays"), later("Thursdays")),
    *(later("Fridays"), later("Saturdays"), later("Sundays")),
)


def chapter(ask: Ask, facts: Facts, words: Words) -> Chapter:
    """The advices, the weightiest first."""
    query = queries.advices(facts.organisation, MOST)
    posts = queries.advice_posts(facts.organisation)
    evidence = ask(posts)
    figures = tuple(
        _advice(row, _of(row, evidence), (query, posts), facts, words)
        for row in ask(query)
        if row["rule"] in TITLES
    )
    lead = (
        words.say(
            "Each advice follows from a rule over the numbers above, the one with most posts at "
            "stake first; the posts it rests on stand under it."
        )
        if figures
        else words.say("No rule gives reason for advice: nothing stands out in these weeks.")
    )
    return Chapter(
        key="advice",
        question=words.say("What to do next?"),
        lead=lead,
        figures=figures,
    )


def _advice(
    row: Row, evidence: list[Row], asked: tuple[str, ...], facts: Facts, words: Words
) -> Figure:
    rule = row["rule"]
    return Figure(
        key=f"advice-{rule.replace('_', '-')}",
        title=words.say(TITLES[rule], subject=_subject(row, words)),
        sentences=(_reason(row, words),),
        drawing=None,
        table=_posts(evidence, words, is_quoting=facts.span.is_quoting),
        definitions=defined(words, ["advice"]),
        queries=asked,
    )


def _of(row: Row, evidence: list[Row]) -> list[Row]:
    return [each for each in evidence if each["rule"] == row["rule"]]


def _subject(row: Row, words: Words) -> str:
    rule, subject = row["rule"], row["subject"]
    if rule == "unmet_demand":
        return words.say(USES[subject])
    if rule == "silent_habit":
        return words.say(WEEKDAYS[int(subject) - 1])
    return named(subject.replace("-", "–"))


def _reason(row: Row, words: Words) -> str:
    numerator, denominator = row["numerator"], row["denominator"]
    reason = REASONS[row["rule"]]
    return words.say(
        reason,
        value=words.share(row["value"] or 0),
        compared=words.share(row["compared_with"] or 0),
        numerator=words.number(numerator),
        denominator=cell(words, denominator),
        missing=words.number((denominator or 0) - numerator),
        duration=words.duration(row["value"] or 0),
    )


def _posts(evidence: list[Row], words: Words, *, is_quoting: bool) -> Table:
    """The posts an advice rests on, ten at most."""
    columns = (words.say("day"), words.say("platform"), words.say("what was said"))
    shown = len(columns) if is_quoting else len(columns) - 1
    return Table(
        columns=columns[:shown],
        rows=tuple(
            (
                words.day(each["posted_at"].astimezone(words.zone).date()),
                named(each["platform"]),
                quoted(each["text"], LONGEST_QUOTE, words),
            )[:shown]
            for each in evidence
        ),
        words=frozenset({1, 2}),
    )
