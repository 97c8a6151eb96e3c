"""Do we send or listen? The acts of the company, conversation share and the ratio over time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from pipeline.report import queries
from pipeline.report.course import Course, compared, followed, short
from pipeline.report.definitions import defined
from pipeline.report.facts import Ask, Facts
from pipeline.report.measured import Reckoned, Told, told_table
from pipeline.report.stacks import stack
from pipeline.report.story import Chapter, Figure, Table, cell, rated, told_or_absent, unseen
from pipeline.report.words import Words, later, named

LISTENING: Final = (
    ("reply", "listening", later("replies")),
    ("relay", "relaying", later("relays of others")),
    ("outreach", "reaching", later("outreach to others")),
)
BROADCASTING: Final = (
    ("broadcast", "sending", later("broadcasts")),
    ("self_relay", "repeating", later("repeats of itself")),
)
CONTINUATION: Final = ("continuation", later("continuations"))
LOVEJOY_REPLIES = 0.2
EVEN = 1.0


def chapter(ask: Ask, facts: Facts, words: Words) -> Chapter:
    """Acts, conversation share, listening-to-broadcasting ratio."""
    return Chapter(
        key="sending",
        question=words.say("Do we send or listen?"),
        lead=words.say(
            "Every post of {name} is one act. Replying, relaying others and reaching out is "
            "listening; announcing and repeating yourself is broadcasting.",
            name=named(facts.organisation),
        ),
        figures=(
            _acts(ask, facts, words),
            _conversation_share(ask, facts, words),
            _listening_ratio(ask, facts, words),
        ),
    )


def _acts(ask: Ask, facts: Facts, words: Words) -> Figure:
    query = queries.acts(facts.organisation, facts.steps[0], facts.steps_end, facts.step)
    found = {(row["period_start"], row["act"]): int(row["posts_count"]) for row in ask(query)}
    signs = [(1, each) for each in LISTENING] + [(-1, each) for each in BROADCASTING]
    rows = [
        {
            "day": day.isoformat(),
            "kind": words.say(label),
            "count": sign * found.get((day, act), 0),
        }
        for day in facts.steps
        for sign, (act, _, label) in signs
    ]
    kinds = [(words.say(label), colour) for _, (_, colour, label) in signs]
    sentences = _act_sentences(facts, words)
    told, told_query = _acts_told(facts, words)
    title = (
        words.say("Listening above the line, broadcasting below it, by week")
        if facts.step == "week"
        else words.say("Listening above the line, broadcasting below it, by day")
    )
    bars = stack(
        "acts",
        title,
        sentences,
        rows=rows,
        days=facts.steps,
        kinds=kinds,
        counted=words.say("own posts"),
        words=words,
    )
    return Figure(
        key="acts",
        title=title,
        sentences=sentences,
        drawing=bars.drawing,
        legend=bars.legend,
        table=_act_table(found, facts, words),
        told=told,
        definitions=defined(words, ["acts", "listening_ratio", "broadcast_share"]),
        queries=(query, told_query),
    )


def _acts_told(facts: Facts, words: Words) -> tuple[Table, str]:
    """The numbers of the sentences: own posts, what listened, was broadcast and went on."""
    own, ratio = facts.score("own_posts").value or 0, facts.score("listening_ratio")
    listened, sent = ratio.numerator or 0, ratio.denominator or 0
    counts = (
        (words.say("listened"), listened),
        (words.say("broadcast"), sent),
        (words.say("continuations"), own - listened - sent),
    )
    over = facts.span.told(words)
    label = words.say("Listening-to-broadcasting ratio")
    return told_table(
        [
            Told(measure="own_posts", label=words.say("own posts"), form="count"),
            Told(measure="listening_ratio", label=label, form="ratio"),
        ],
        facts,
        words,
        [Reckoned(label=label, over=over, value=words.number(count)) for label, count in counts],
    )


def _act_table(found: Mapping[tuple[date, str], int], facts: Facts, words: Words) -> Table:
    acts = [(act, words.say(label)) for act, _, label in (*LISTENING, *BROADCASTING)]
    acts.append((CONTINUATION[0], words.say(CONTINUATION[1])))
    first = words.say("week of") if facts.step == "week" else words.say("day")
    return Table(
        columns=(first, *(label for _, label in acts)),
        rows=tuple(
            (words.day(day), *(cell(words, found.get((day, act), 0)) for act, _ in acts))
            for day in reversed(facts.steps)
        ),
    )


def _act_sentences(facts: Facts, words: Words) -> tuple[str, ...]:
    ratio = facts.score("listening_ratio")
    own = facts.score("own_posts")
    if not facts.owned_accounts:
        return (unseen(facts, words),)
    if not own.value:
        return (
            words.say(
                "In {period} {name} said nothing on the accounts we follow.",
                period=facts.span.told(words),
                name=named(facts.organisation),
            ),
        )
    listened, sent = ratio.numerator or 0, ratio.denominator or 0
    told = [
        words.say(
            "In {period} {name} wrote {own}: {listened} listened and {sent} broadcast.",
            period=facts.span.told(words),
            name=named(facts.organisation),
            own=words.many("{count} post", "{count} posts", own.value),
            listened=words.number(listened),
            sent=words.number(sent),
        )
    ]
    if continued := own.value - listened - sent:
        told.append(
            words.many(
                "{count} went on from an own post and counts on neither side.",
                "{count} went on from an own post and count on neither side.",
                continued,
            )
        )
    if ratio.shown is not None:
        told.append(
            words.say(
                "Against every post that was broadcast stand {ratio} that listened.",
                ratio=words.number(ratio.shown, 1),
            )
        )
    return tuple(told)


def _conversation_share(ask: Ask, facts: Facts, words: Words) -> Figure:
    course = Course(
        measure="conversation_share",
        form="share",
        title=words.say("Conversation share, {course}", course=facts.span.told_course(words)),
        axis=words.say("replies as a share of own posts"),
        reference=(
            LOVEJOY_REPLIES,
            words.say("20%: more than non-profits reached in 2012 (Lovejoy et al.)"),
        ),
    )
    score = facts.score(course.measure)
    sentence = words.say(
        "Over {period} the share of replies in the posts of {name} was {share}.",
        period=facts.span.told(words),
        name=named(facts.organisation),
        share=rated(words, score),
    )
    now = told_or_absent(words, score, sentence, words.say("Conversation share"))
    sentences = (now, *compared(facts, words, course.measure, course.form))
    return followed(ask, facts, words, course, sentences)


def _listening_ratio(ask: Ask, facts: Facts, words: Words) -> Figure:
    course = Course(
        measure="listening_ratio",
        form="ratio",
        title=words.say(
            "Listening-to-broadcasting ratio, {course}", course=facts.span.told_course(words)
        ),
        axis=words.say("posts that listened for each that was broadcast"),
        reference=(EVEN, words.say("1: as much listening as broadcasting")),
    )
    sentences = (_ratio(facts, words), *compared(facts, words, course.measure, course.form))
    return followed(ask, facts, words, course, sentences)


def _ratio(facts: Facts, words: Words) -> str:
    score, name = facts.score("listening_ratio"), named(facts.organisation)
    if not score.denominator:
        return words.say(
            "Over {period} {name} broadcast nothing that we heard, so there is no ratio.",
            period=facts.span.told(words),
            name=name,
        )
    sentence = words.say(
        "Over {period} the ratio of {name} was {ratio}.",
        period=facts.span.told(words),
        name=name,
        ratio=short(words, "ratio", score),
    )
    label = words.say("Listening-to-broadcasting ratio")
    return told_or_absent(words, score, sentence, label)
