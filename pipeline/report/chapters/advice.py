"""What to do next? Three to five advices, each with its numbers and the posts behind it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from pipeline.report import queries
from pipeline.report.chapters.more_advice import Advice, more
from pipeline.report.chapters.uses import USES
from pipeline.report.definitions import defined
from pipeline.report.facts import Ask, Facts, Row
from pipeline.report.measured import Reckoned, reckoned_table
from pipeline.report.shown import platform, quoted
from pipeline.report.story import Chapter, Figure, Quote, Table, cell
from pipeline.report.words import Words, later, named

FEWEST: Final = 3
MOST: Final = 5
QUOTED: Final = 3
"""Posts that are read without a click; the others stand in the table."""

LONGEST_QUOTE: Final = 160
TITLES: Final = {
    "unmet_demand": later("Answer what people ask about {subject}"),
    "unheard_audience": later("Hear people with {subject} followers too"),
    "unheard_platform": later("Answer on {subject} as well as elsewhere"),
    "open_queue": later("Work through the open queue"),
    "silent_habit": later("Do something else on {subject}"),
    "silent_hours": later("Send at another time than {subject}"),
    "silent_topic": later("Tell something else about {subject}, or nothing"),
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
    "silent_hours": later(
        "{value} of the broadcasts at that time of day drew any reaction in 92 days "
        "(n = {denominator}); of all broadcasts {compared}. The 95% interval lies wholly below "
        "that."
    ),
    "silent_topic": later(
        "{value} of the broadcasts about it drew any reaction in 92 days (n = {denominator}); of "
        "all that are about one of the six uses {compared}. The 95% interval lies wholly below "
        "that."
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

DAY_PARTS: Final = {
    "00-06": later("between midnight and six"),
    "06-12": later("between six and noon"),
    "12-18": later("between noon and six"),
    "18-24": later("between six and midnight"),
}


def chapter(ask: Ask, facts: Facts, words: Words) -> Chapter:
    """The advices of the rules, the weightiest first; where there are few, what else is worth."""
    found = _by_rules(ask, facts, words)
    added = islice(more(ask, facts, words), max(0, FEWEST - len(found)))
    figures = tuple(
        _figure(each, term, facts, words)
        for term, advices in (("advice", found), ("more_advice", added))
        for each in advices
    )
    lead = (
        _lead(facts, words)
        if figures
        else words.say("No rule gives reason for advice: nothing stands out in these weeks.")
    )
    return Chapter(
        key="advice",
        question=words.say("What to do next?"),
        lead=lead,
        figures=figures,
    )


def _lead(facts: Facts, words: Words) -> str:
    """What the advices rest on: of a week or a quarter that is over not the numbers above."""
    if facts.span.kind == "night":
        return words.say(
            "Each advice follows from a rule over the numbers above, the one with most posts at "
            "stake first; the posts it rests on stand under it."
        )
    return words.say(
        "Each advice follows from a rule over the newest numbers, as they stood on {day}, and not "
        "over those of this period alone; the one with most posts at stake comes first.",
        day=words.day(facts.night),
    )


def _by_rules(ask: Ask, facts: Facts, words: Words) -> list[Advice]:
    """Those of ``marts.advices``, five at most."""
    query, posts = (
        queries.advices(facts.organisation, MOST),
        queries.advice_posts(facts.organisation),
    )
    evidence = ask(posts)
    return [
        Advice(
            rule=rule,
            title=words.say(TITLES[rule], subject=_subject(row, words)),
            reason=_reason(row, words),
            numbers=_numbers(row, words),
            posts=tuple(each for each in evidence if each["rule"] == rule),
            queries=(query, posts),
        )
        for row in ask(query)
        for rule in [row["rule"]]
        if rule in TITLES
    ]


def _figure(advice: Advice, term: str, facts: Facts, words: Words) -> Figure:
    return Figure(
        key=f"advice-{advice.rule.replace('_', '-')}",
        title=advice.title,
        sentences=(advice.reason,),
        drawing=None,
        quotes=_quotes(advice.posts, facts, words) if facts.span.is_quoting else (),
        table=_posts(advice.posts, facts, words),
        told=reckoned_table(advice.numbers, words),
        definitions=defined(words, [term]),
        queries=advice.queries,
    )


def _subject(row: Row, words: Words) -> str:
    rule, subject = row["rule"], row["subject"]
    if rule in ("unmet_demand", "silent_topic"):
        return words.say(USES[subject])
    if rule == "silent_hours":
        return words.say(DAY_PARTS[subject])
    if rule == "silent_habit":
        return words.say(WEEKDAYS[int(subject) - 1])
    if rule == "unheard_platform":
        return platform(subject, words)
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


def _numbers(row: Row, words: Words) -> tuple[Reckoned, ...]:
    """What the reason tells, apart."""
    numerator, denominator = row["numerator"], row["denominator"]
    value, compared = row["value"] or 0, row["compared_with"]
    if row["rule"] == "open_queue":
        return (
            Reckoned(label=words.say("need an answer"), value=words.number(numerator)),
            Reckoned(label=words.say("longest wait"), value=words.duration(value)),
        )
    if row["rule"] == "unmet_demand":
        first = Reckoned(
            label=words.say("without an answer within 24 hours"),
            value=words.number((denominator or 0) - numerator),
            n=cell(words, denominator),
        )
    else:
        first = Reckoned(
            label=words.say("share"), value=words.share(value), n=cell(words, denominator)
        )
    if compared is None:
        return (first,)
    return first, Reckoned(label=words.say("compared with"), value=words.share(compared))


def _quotes(posts: Sequence[Row], facts: Facts, words: Words) -> tuple[Quote, ...]:
    """Some of the posts an advice rests on, to be read without a click: what asks comes first."""
    telling = sorted(posts, key=lambda each: not _asks(each))
    return tuple(
        Quote(
            text=quoted(each["text"], LONGEST_QUOTE, facts.accounts, words),
            language=each["language"],
            need="",
            facts=(platform(each["platform"], words), _day(each, words)),
        )
        for each in telling[:QUOTED]
    )


def _asks(post: Row) -> bool:
    return bool(post.get("is_question")) or post.get("sentiment") == "negative"


def _posts(posts: Sequence[Row], facts: Facts, words: Words) -> Table:
    """The posts an advice rests on, ten at most."""
    columns = (words.say("day"), words.say("platform"), words.say("what was said"))
    shown = len(columns) if facts.span.is_quoting else len(columns) - 1
    return Table(
        columns=columns[:shown],
        rows=tuple(
            (
                _day(each, words),
                platform(each["platform"], words),
                quoted(each["text"], LONGEST_QUOTE, facts.accounts, words),
            )[:shown]
            for each in posts
        ),
        words=frozenset({1, 2}),
    )


def _day(post: Row, words: Words) -> str:
    return words.day(post["posted_at"].astimezone(words.zone).date())
