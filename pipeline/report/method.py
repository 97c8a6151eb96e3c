"""How the numbers were made: definitions, n, intervals, coverage, and what was not measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from pipeline.report import queries
from pipeline.report.definitions import DEFINITIONS, Definition, defined
from pipeline.report.facts import Facts, Score
from pipeline.report.story import Table, share_cell, unseen
from pipeline.report.words import DAY, Words, later, named

KEPT: Final = {
    "payload": later("what platforms sent, kept for"),
    "text": later("words of posts, kept for"),
    "pseudonym": later("posts and pseudonyms, kept for"),
    "counts": later("numbers about few people, kept for"),
}


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """The last chapter: how to read the numbers, what they cannot say, and every definition."""

    reading: tuple[str, ...]
    table: Table
    queries: tuple[str, ...]
    missing: tuple[str, ...]
    definitions: tuple[Definition, ...]


def method(facts: Facts, words: Words) -> Method:
    """The chapter on method."""
    coverage = queries.told(["volume"], facts.span.grain, [facts.window_start])
    return Method(
        reading=_reading(facts, words),
        table=_table(facts, words),
        queries=(queries.PUBLICATION, coverage, queries.PRECISION, queries.RETENTION),
        missing=_missing(facts, words),
        definitions=defined(words, DEFINITIONS),
    )


def _reading(facts: Facts, words: Words) -> tuple[str, ...]:
    coverage = facts.score("volume").coverage
    told = [
        words.say(
            "Numbers without another date are over {period}, from {first} to {last}, in the "
            "time zone {zone}.",
            period=facts.span.told(words),
            first=words.day(facts.window_start),
            last=words.day(facts.last_day),
            zone=facts.timezone,
        ),
        words.say(
            "n is the number below the line. Behind a share stands Wilson's 95% interval: the "
            "true share lies between those bounds unless chance played us a trick it plays once "
            "in twenty."
        ),
    ]
    if facts.collected_through is not None:
        told.append(
            words.say(
                "Everything was looked at up to {moment}. What is newer than that is never "
                "called unanswered.",
                moment=words.moment(facts.collected_through),
            )
        )
    if not facts.span.is_quoting:
        told.append(
            words.say(
                "Who waits, how soon answers come and what to do next are told as they stood on "
                "{day}. What people wrote is not quoted: this page may be kept as long as numbers.",
                day=words.day(facts.night),
            )
        )
    if coverage is not None:
        told.append(
            words.say(
                "Of all hours of all sources in {period}, {share} was covered.",
                period=facts.span.told(words),
                share=words.share(coverage),
            )
        )
    return (*told, *_precision(facts, words))


def _table(facts: Facts, words: Words) -> Table:
    """The numbers this chapter tells."""
    coverage = facts.score("volume").coverage
    rows = [(words.say("Coverage"), "–" if coverage is None else words.share(coverage), "–", "–")]
    for name in facts.everybody:
        score = facts.precision.get(name, Score(value=None))
        if score.denominator:
            label = words.say("really about {name}", name=named(name))
            bounds = (score.low, score.high)
            rows.append(
                (
                    label,
                    share_cell(words, score),
                    "–"
                    if score.too_few or None in bounds
                    else " – ".join(words.share(each or 0) for each in bounds),
                    words.number(score.denominator),
                )
            )
    for kind, days in facts.kept_days.items():
        if kind in KEPT:
            rows.append((words.say(KEPT[kind]), words.duration(days * DAY), "–", "–"))
    return Table(
        columns=(words.say("what"), words.say("value"), words.say("95% interval"), words.say("n")),
        rows=tuple(rows),
    )


def _precision(facts: Facts, words: Words) -> Iterator[str]:
    """How many matched posts are really about each organisation, by marks of people."""
    for name in facts.everybody:
        score = facts.precision.get(name, Score(value=None))
        if score.shown is not None and score.low is not None and score.high is not None:
            yield words.say(
                "Of {count} posts picked at random among those that count as about {name}, your "
                "own people found {share} to be so (95% interval {low} to {high}).",
                count=words.number(score.denominator or 0),
                name=named(name),
                share=words.share(score.shown),
                low=words.share(score.low),
                high=words.share(score.high),
            )
        elif name == facts.organisation:
            yield words.say(
                "How many of the posts that count as about {name} really are so is not known: "
                "too few are marked. The command luister sample shows 50 to mark.",
                name=named(name),
            )


def _missing(facts: Facts, words: Words) -> tuple[str, ...]:
    told = [
        words.say(
            "Only public posts from the configured sources: no private messages, telephone, mail "
            "or counter."
        ),
        words.say(
            "Sentiment, need, purpose, giving and taking are read by rules and word lists. Irony "
            "escapes them; single posts are often read wrongly."
        ),
        words.say(
            "The network is that of what was heard: ties in posts we did not collect are missing."
        ),
        words.say(
            "Addresses of posts and names of people are not in this file. Authors are "
            "pseudonyms, and @mentions in quoted texts are masked."
        ),
    ]
    if facts.kept_days.keys() >= {"payload", "text", "pseudonym", "counts"}:
        told.append(
            words.say(
                "What platforms sent is kept for {payload} days, the words of posts for {text} "
                "days, posts and pseudonyms for {pseudonym} days, and numbers about few people "
                "for {counts} days. What is left after that are numbers about enough people.",
                **{kind: str(days) for kind, days in facts.kept_days.items()},
            )
        )
    if not facts.owned_accounts:
        told.append(unseen(facts, words))
    silent = [name for name in facts.rivals if not _speaks(facts.score("own_posts", name))]
    if silent:
        told.append(
            words.say(
                "No own posts were heard from {names} in {period}: their shares are not defined.",
                names=words.first_names(silent, 8),
                period=facts.span.told(words),
            )
        )
    return tuple(told)


def _speaks(own_posts: Score) -> bool:
    return bool(own_posts.value)
