"""Do we see individuals? Who was answered, who came back, and whether a few got everything."""

from __future__ import annotations

from typing import Final

from pipeline.report import queries, ranges
from pipeline.report.chapters import audience
from pipeline.report.course import Course, change, followed, for_comparison, of_rivals
from pipeline.report.facts import Ask, Facts
from pipeline.report.story import Chapter, Figure, absent, rated, told_or_absent
from pipeline.report.words import Words, later, named

ANSWERED: Final = "people_answered"
SHARES: Final = (
    ("people_answered_share", later("got an answer")),
    ("repeat_converser_share", later("came back")),
    ("personal_address_share", later("personal answers")),
)


def chapter(ask: Ask, facts: Facts, words: Words) -> Chapter:
    """People answered and how, and how evenly answers are spread."""
    return Chapter(
        key="people",
        question=words.say("Do we see individuals?"),
        lead=words.say(
            "A target group is spoken to, a person is answered. Whether everybody who came to "
            "{name} had a turn, and whether it saw who they were.",
            name=named(facts.organisation),
        ),
        figures=(
            _people(ask, facts, words),
            _spread(ask, facts, words),
            audience.figure(ask, facts, words),
        ),
    )


def _people(ask: Ask, facts: Facts, words: Words) -> Figure:
    query = queries.measured(
        [ANSWERED, *(measure for measure, _ in SHARES)], facts.span.grain, [facts.window_start]
    )
    shares = [(measure, words.say(label)) for measure, label in SHARES]
    return ranges.figure(
        ranges.scores_of(ask(query)),
        shares,
        facts,
        words,
        key="people-answered",
        title=words.say("Seen as a person, over {period}", period=facts.span.told(words)),
        sentences=_people_sentences(facts, words),
        first=words.say("organisation and measure"),
        counted=words.say("number"),
        terms=["people_answered", "repeat_conversers", "personal_address", "floor"],
        query=query,
        listed=[(ANSWERED, words.say("people answered")), *shares],
    )


def _people_sentences(facts: Facts, words: Words) -> tuple[str, ...]:
    answered = facts.score(ANSWERED).value
    reach, again, personal = (facts.score(measure) for measure, _ in SHARES)
    if not answered and not reach.denominator:
        return (
            words.say(
                "In {period} nobody came to {name}, and it answered nobody.",
                period=facts.span.told(words),
                name=named(facts.organisation),
            ),
        )
    told = [
        words.many(
            "In {period} {name} answered {count} person.",
            "In {period} {name} answered {count} people.",
            answered or 0,
            period=facts.span.told(words),
            name=named(facts.organisation),
        ),
    ]
    sentences = (
        words.say(
            "Of the people who addressed it, {share} got an answer.", share=rated(words, reach)
        ),
        words.say(
            "Of the people it answered, {share} were answered in two conversations or more.",
            share=rated(words, again),
        ),
        words.say(
            "Of its replies, {share} named whom they answered or were signed by their writer.",
            share=rated(words, personal),
        ),
    )
    told += [
        told_or_absent(words, score, sentence, words.say(label))
        for score, sentence, (_, label) in zip(
            (reach, again, personal), sentences, SHARES, strict=True
        )
    ]
    if others := of_rivals(facts, words, "people_answered_share", "share"):
        told.append(words.say("People who got an answer, for comparison: {others}.", others=others))
    return tuple(told)


def _spread(ask: Ask, facts: Facts, words: Words) -> Figure:
    course = Course(
        measure="answer_gini",
        form="index",
        title=words.say(
            "How unevenly answers are spread, {course}", course=facts.span.told_course(words)
        ),
        axis=words.say("Gini: 0 all alike, 1 all to one person"),
    )
    return followed(ask, facts, words, course, _spread_sentences(facts, words))


def _spread_sentences(facts: Facts, words: Words) -> tuple[str, ...]:
    score = facts.score("answer_gini")
    if score.shown is None:
        return (
            words.say("How answers are spread over people: {absent}.", absent=absent(words, score)),
        )
    before = facts.score("answer_gini", period="before")
    changed = (change(facts, words, "index", score, before),) if before.shown is not None else ()
    return (
        words.say(
            "Over the {count} people who addressed {name} in {period} the Gini coefficient of "
            "answers was {gini}: at 0 everybody gets as many, at 1 one person gets them all.",
            period=facts.span.told(words),
            count=words.number(score.denominator or 0),
            name=named(facts.organisation),
            gini=words.number(score.shown, 2),
        ),
        *changed,
        words.say(
            "Who got no answer counts as zero: answering more people brings it down, answering "
            "the same ones more often drives it up."
        ),
        *for_comparison(facts, words, "answer_gini", "index"),
    )
