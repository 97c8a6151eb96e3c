"""Do we send or listen? The acts of the company, conversation share and the ratio over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from pipeline.report import charts, queries
from pipeline.report.definitions import defined
from pipeline.report.drawing import draw
from pipeline.report.facts import Ask, Facts, Score, score_of
from pipeline.report.story import (
    Chapter,
    Figure,
    Key,
    Table,
    absent,
    cell,
    line_legend,
    rated,
    series,
    share_cell,
)
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
FEWEST_WEEKS = 2
STEADY = 0.1


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
            _over_time(ask, facts, words, "conversation_share"),
            _over_time(ask, facts, words, "listening_ratio"),
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
    title = (
        words.say("Listening above the line, broadcasting below it, by week")
        if facts.step == "week"
        else words.say("Listening above the line, broadcasting below it, by day")
    )
    return Figure(
        key="acts",
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: charts.stacked_days(
                rows, facts.steps, kinds, words.say("own posts"), words, size
            ),
            "acts",
            title,
            " ".join(sentences),
            words,
        ),
        legend=tuple(Key(label=label, colour=colour) for label, colour in kinds),
        table=_act_table(found, facts, words),
        definitions=defined(words, ["acts", "listening_ratio", "broadcast_share"]),
        queries=(query,),
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
    if not own.value:
        return (
            words.say(
                "In these 28 days {name} said nothing on the accounts we follow.",
                name=named(facts.organisation),
            ),
        )
    listened, sent = ratio.numerator or 0, ratio.denominator or 0
    told = [
        words.say(
            "In 28 days {name} wrote {own}: {listened} listened and {sent} broadcast.",
            name=named(facts.organisation),
            own=words.many("{count} post", "{count} posts", own.value),
            listened=words.number(listened),
            sent=words.number(sent),
        )
    ]
    if ratio.shown is not None:
        told.append(
            words.say(
                "Against every post that was broadcast stand {ratio} that listened.",
                ratio=words.number(ratio.shown, 1),
            )
        )
    return tuple(told)


def _over_time(ask: Ask, facts: Facts, words: Words, measure: str) -> Figure:
    is_share = measure == "conversation_share"
    ends = facts.window_ends
    query = queries.course(measure, ends[0], ends[-1])
    scores = {(row["organisation"], row["period_end"]): score_of(row) for row in ask(query)}
    lines = series(facts)
    drawn = dict(zip(facts.everybody, (name for name, _ in lines), strict=False))
    rows = [
        {"name": drawn[name], "day": end.isoformat(), "value": score.shown}
        for (name, end), score in scores.items()
        if name in drawn
    ]
    title, axis = _titles(words, is_share=is_share)
    sentences = _comparison(facts, words, measure)
    is_drawn = len({row["day"] for row in rows if row["value"] is not None}) >= FEWEST_WEEKS
    if not is_drawn:
        sentences += (words.say("There are not two weeks with enough posts yet to draw a course."),)
    reference = LOVEJOY_REPLIES if is_share else EVEN
    return Figure(
        key=measure.replace("_", "-"),
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: charts.lines(
                rows, ends, lines, axis, words, size, is_share=is_share, reference=reference
            ),
            measure.replace("_", "-"),
            title,
            " ".join(sentences),
            words,
        )
        if is_drawn
        else None,
        legend=(*line_legend(lines), _reference_key(words, is_share=is_share)) if is_drawn else (),
        table=_course_table(scores, ends, facts, words, is_share=is_share),
        definitions=defined(words, [measure, "floor"]),
        queries=(query,),
    )


def _titles(words: Words, *, is_share: bool) -> tuple[str, str]:
    if is_share:
        return (
            words.say("Conversation share, over the 28 days up to each date"),
            words.say("replies as a share of own posts"),
        )
    return (
        words.say("Listening-to-broadcasting ratio, over the 28 days up to each date"),
        words.say("posts that listened for each that was broadcast"),
    )


def _reference_key(words: Words, *, is_share: bool) -> Key:
    label = (
        words.say("20%: more than non-profits reached in 2012 (Lovejoy e.a.)")
        if is_share
        else words.say("1: as much listening as broadcasting")
    )
    return Key(label=label, colour="muted", dash="2 4")


def _comparison(facts: Facts, words: Words, measure: str) -> tuple[str, ...]:
    now, before = facts.score(measure), facts.score(measure, period="before")
    told = [_now(facts, words, measure, now)]
    if now.shown is not None and before.shown is not None:
        told.append(_change(words, measure, now, before))
    others = [
        f"{named(rival)} {_short(words, measure, facts.score(measure, rival))}"
        for rival in facts.rivals[:4]
    ]
    if others:
        told.append(words.say("For comparison: {others}.", others="; ".join(others)))
    return tuple(told)


def _now(facts: Facts, words: Words, measure: str, now: Score) -> str:
    name = named(facts.organisation)
    if measure == "conversation_share":
        return words.say(
            "Over the last 28 days the share of replies in the posts of {name} was {share}.",
            name=name,
            share=rated(words, now),
        )
    return words.say(
        "Over the last 28 days the ratio of {name} was {ratio}.",
        name=name,
        ratio=_short(words, measure, now),
    )


def _short(words: Words, measure: str, score: Score) -> str:
    if score.shown is None:
        return absent(words, score)
    if measure == "conversation_share":
        shown = words.share(score.shown)
    else:
        shown = words.number(score.shown, 1)
    return words.say(
        "{value} (n = {count})", value=shown, count=words.number(score.denominator or 0)
    )


def _change(words: Words, measure: str, now: Score, before: Score) -> str:
    was = _short(words, measure, before)
    change = (now.value or 0) - (before.value or 0)
    if measure == "conversation_share" and _overlap(now, before):
        return words.say(
            "The 28 days before it was {was}: the intervals overlap, so this is no certain change.",
            was=was,
        )
    if abs(change) < STEADY * (before.value or 0):
        return words.say("About the same as in the 28 days before: {was}.", was=was)
    if change > 0:
        return words.say("That is more than in the 28 days before: {was}.", was=was)
    if change < 0:
        return words.say("That is less than in the 28 days before: {was}.", was=was)
    return words.say("The same as in the 28 days before: {was}.", was=was)


def _overlap(one: Score, other: Score) -> bool:
    if None in (one.low, one.high, other.low, other.high):
        return False
    return (one.low or 0) <= (other.high or 0) and (other.low or 0) <= (one.high or 0)


def _course_table(
    scores: Mapping[tuple[str, date], Score],
    ends: Sequence[date],
    facts: Facts,
    words: Words,
    *,
    is_share: bool,
) -> Table:
    def shown(score: Score | None) -> tuple[str, str]:
        if score is None:
            return "–", "–"
        value = share_cell(words, score) if is_share else _ratio_cell(words, score)
        return value, cell(words, score.denominator)

    columns: list[str] = [words.say("28 days up to")]
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


def _ratio_cell(words: Words, score: Score) -> str:
    if score.shown is None:
        return words.say("too few") if score.too_few else "–"
    return words.number(score.shown, 1)
