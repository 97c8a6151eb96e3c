"""Is only the loud customer heard? How people are answered, by the size of their audience."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from pipeline.report import queries, ranges
from pipeline.report.facts import Ask, Facts, Row, Score, score_of
from pipeline.report.measured import Reckoned, reckoned_table
from pipeline.report.story import Figure, rated
from pipeline.report.words import Words, later, named

SMALLEST, LARGEST, UNKNOWN = "1", "4", "unknown"
GROUPS: Final = (
    (SMALLEST, later("smallest audience")),
    ("2", later("below the middle")),
    ("3", later("above the middle")),
    (LARGEST, later("largest audience")),
    (UNKNOWN, later("audience unknown")),
)


def figure(ask: Ask, facts: Facts, words: Words) -> Figure:
    """Response rates of the quartiles of audience, with their intervals."""
    query = queries.audiences(facts.span.grain, facts.window_start)
    found = ask(query)
    scores = {(row["organisation"], row["audience_quartile"]): score_of(row) for row in found}
    drawn = ranges.figure(
        scores,
        [(group, words.say(label)) for group, label in GROUPS],
        facts,
        words,
        key="audience",
        title=words.say(
            "Answered within a day, by size of audience, over {period}",
            period=facts.span.told(words),
        ),
        sentences=_sentences(found, scores, facts, words),
        first=words.say("organisation and audience"),
        counted=words.say("answered"),
        terms=["response_by_audience", "response_rate", "floor"],
        query=query,
    )
    return msgspec.structs.replace(drawn, told=reckoned_table(_sizes(found, facts, words), words))


def _sizes(found: Sequence[Row], facts: Facts, words: Words) -> list[Reckoned]:
    """From how many followers on somebody is in each group."""
    sizes = {
        row["audience_quartile"]: row["followers_from"]
        for row in found
        if row["organisation"] == facts.organisation and row["followers_from"] is not None
    }
    return [
        Reckoned(
            label=words.say("followers from"),
            over=words.say(label),
            value=words.number(sizes[group]),
        )
        for group, label in GROUPS
        if group in sizes
    ]


def _sentences(
    found: Sequence[Row], scores: Mapping[tuple[str, str], Score], facts: Facts, words: Words
) -> tuple[str, ...]:
    small, large, unknown = (
        ranges.score(scores, facts.organisation, group) for group in (SMALLEST, LARGEST, UNKNOWN)
    )
    told = []
    if small.shown is None and large.shown is None:
        told.append(
            words.say("What an audience does cannot be said: it is known of too few people.")
        )
    else:
        told.append(_quarters(small, large, facts, words))
    from_size = next(
        (
            row["followers_from"]
            for row in found
            if (row["organisation"], row["audience_quartile"]) == (facts.organisation, LARGEST)
        ),
        None,
    )
    if from_size is not None:
        told.append(
            words.say(
                "Those with the largest audience have {followers} followers or more.",
                followers=words.number(from_size),
            )
        )
    if verdict := _verdict(small, large):
        told.append(words.say(verdict))
    if unknown.denominator:
        told.append(
            words.many(
                "Of {count} post the size of the audience is not known.",
                "Of {count} posts the size of the audience is not known.",
                unknown.denominator,
            )
        )
    return tuple(told)


def _quarters(small: Score, large: Score, facts: Facts, words: Words) -> str:
    return words.say(
        "Of what the quarter of the people with the smallest audience asked {name}, {small} "
        "was answered within a day; of what the quarter with the largest asked, {large}.",
        name=named(facts.organisation),
        small=rated(words, small),
        large=rated(words, large),
    )


def _verdict(small: Score, large: Score) -> str:
    """What the two intervals say; nothing when one of them may not be shown."""
    if small.shown is None or large.shown is None:
        return ""
    if None in {small.low, small.high, large.low, large.high}:
        return ""
    if (large.low or 0) > (small.high or 0):
        return later("The loud are heard more: the two intervals do not meet.")
    if (small.low or 0) > (large.high or 0):
        return later("The loud are heard less: the two intervals do not meet.")
    return later("The two intervals meet: that a large audience helps is not shown.")
