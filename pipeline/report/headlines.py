"""The night in five lines: volume, sending or listening, answering, waiting, mood."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.report import queries
from pipeline.report.chapters.listening import usual_volume
from pipeline.report.chapters.mood import net
from pipeline.report.facts import Ask, Facts
from pipeline.report.story import Tile, absent, rated
from pipeline.report.words import Words, named


def tiles(ask: Ask, facts: Facts, words: Words) -> tuple[Tile, ...]:
    """Five tiles; their sentences are the five lines a terminal or a mail shows."""
    return (
        _volume(ask, facts, words),
        _conversation(facts, words),
        _answers(facts, words),
        _queue(ask, facts, words),
        _mood(facts, words),
    )


def _volume(ask: Ask, facts: Facts, words: Words) -> Tile:
    rows = ask(queries.volume(facts.organisation, facts.days[0], facts.last_day))
    volumes = {row["posted_date"]: int(row["volume"]) for row in rows}
    heard = volumes.get(facts.last_day, 0)
    usual = usual_volume(volumes, facts.last_day)
    told = words.many(
        "On {day} we heard {count} post by, to or about {name}.",
        "On {day} we heard {count} posts by, to or about {name}.",
        heard,
        day=words.weekday(facts.last_day),
        name=named(facts.organisation),
    )
    if usual is not None:
        told += " " + words.say(
            "Usual on that day of the week: {usual}.", usual=words.number(usual)
        )
    sources = ask(queries.coverage_sources(facts.window_start, facts.last_day))
    trouble = [row["source"] for row in sources if row["last_status"] != "complete"]
    if trouble:
        told += " " + words.say(
            "Not everything was heard: {names}.", names=words.names(trouble[:3])
        )
    return Tile(
        chapter="listening",
        label=words.say("Who listens?"),
        number=words.number(heard),
        sentence=told,
    )


def _conversation(facts: Facts, words: Words) -> Tile:
    score = facts.score("conversation_share")
    if score.shown is None:
        told = words.say(
            "Replies in the posts of {name} over 28 days: {absent}.",
            name=named(facts.organisation),
            absent=absent(words, score),
        )
    else:
        told = words.say(
            "Of the {count} posts of {name} in 28 days, {share} were replies.",
            count=words.number(score.denominator or 0),
            name=named(facts.organisation),
            share=words.share(score.shown),
        )
        told += _against_rivals(facts, words)
    return Tile(
        chapter="sending",
        label=words.say("Do we send or listen?"),
        number=words.say("too few") if score.shown is None else words.share(score.shown),
        sentence=told,
    )


def _against_rivals(facts: Facts, words: Words) -> str:
    shares = [facts.score("conversation_share", rival).shown for rival in facts.rivals]
    known = [share for share in shares if share is not None]
    if not known:
        return ""
    return " " + words.many(
        "The competitor: {shares}.",
        "Competitors: {shares}.",
        len(known),
        shares=_list(sorted(known, reverse=True)[:4], words),
    )


def _list(shares: Sequence[float], words: Words) -> str:
    return words.names(words.share(share) for share in shares)


def _answers(facts: Facts, words: Words) -> Tile:
    score = facts.score("response_rate_24h")
    return Tile(
        chapter="answering",
        label=words.say("Do we answer?"),
        number=words.say("too few") if score.shown is None else words.share(score.shown),
        sentence=words.say("Answered within 24 hours: {share}.", share=rated(words, score))
        + _median(facts, words),
    )


def _median(facts: Facts, words: Words) -> str:
    median = facts.score("first_response_seconds_median")
    if median.too_few or not median.denominator:
        return ""
    if median.value is None:
        return " " + words.say("Less than half of those who ask get an answer.")
    return " " + words.say(
        "Half of those who ask have one within {median}.", median=words.duration(median.value)
    )


def _queue(ask: Ask, facts: Facts, words: Words) -> Tile:
    rows = ask(queries.waiting(facts.organisation))
    total = sum(int(row["posts_count"]) for row in rows)
    oldest = facts.score("oldest_waiting_seconds", period="all").value
    if not total:
        told = words.say("Nobody waits for an answer.")
    else:
        told = words.many(
            "{count} post waits for an answer.", "{count} posts wait for an answer.", total
        )
        if oldest is not None:
            told += " " + words.say("The longest for {duration}.", duration=words.duration(oldest))
    return Tile(
        chapter="open-queue",
        label=words.say("Who waits?"),
        number=words.number(total),
        sentence=told,
    )


def _mood(facts: Facts, words: Words) -> Tile:
    score = facts.score("net_sentiment")
    return Tile(
        chapter="mood",
        label=words.say("In what mood?"),
        number=words.say("too few") if score.shown is None else words.signed(score.shown),
        sentence=words.say(
            "Net sentiment of others over 28 days: {net}; 0 is as much praise as blame.",
            net=net(words, score),
        ),
    )
