"""The night in five lines: volume, sending or listening, answering, waiting, mood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from pipeline.report import coverage_queries, queries
from pipeline.report.chapters.listening import usual_volume
from pipeline.report.chapters.mood import net
from pipeline.report.facts import RIVALS_SHOWN, Ask, Facts, Score
from pipeline.report.story import Tile, absent, as_it_stood, rated, unseen
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
    rows = ask(queries.volume(facts.organisation, *_days_counted(facts)))
    volumes = {row["posted_date"]: int(row["volume"]) for row in rows}
    heard, told = (
        _of_last_day(volumes, facts, words)
        if facts.span.kind == "night"
        else _of_span(volumes, facts, words)
    )
    if trouble := _trouble(ask, facts):
        told += " " + words.say(
            "Not everything was heard: {names}.", names=words.first_names(trouble, 3)
        )
    return Tile(
        chapter="listening",
        exhibit="volume",
        label=words.say("Who listens?"),
        number=words.number(heard),
        sentence=told,
    )


def _trouble(ask: Ask, facts: Facts) -> list[str]:
    """Sources that were not wholly heard: in the last run of a night, in all of a longer time."""
    sources = ask(coverage_queries.coverage_sources(facts.window_start, facts.last_day))
    if facts.span.kind == "night":
        return [row["source"] for row in sources if row["last_status"] != "complete"]
    return [row["source"] for row in sources if (row["covered_hours"] or 0) < (row["hours"] or 0)]


def _days_counted(facts: Facts) -> tuple[date, date]:
    """The days of the span and, of a week or a quarter, those of the one before it."""
    return min(facts.days[0], facts.span.before.first), facts.last_day


def _of_span(volumes: Mapping[date, int], facts: Facts, words: Words) -> tuple[int, str]:
    """The volume of a week or a quarter, and that of the one before if it was all heard."""
    heard = sum(volumes.get(day, 0) for day in facts.window)
    told = words.many(
        "In {period} we heard {count} post by, to, about or around {name}.",
        "In {period} we heard {count} posts by, to, about or around {name}.",
        heard,
        period=facts.span.told(words),
        name=named(facts.organisation),
    )
    before = facts.span.before
    if before.first >= facts.first_day:
        told += " " + words.say(
            "In {before}: {count}.",
            before=facts.span.told_before(words),
            count=words.number(
                sum(count for day, count in volumes.items() if before.first <= day <= before.last)
            ),
        )
    elif facts.window_start < facts.first_day:
        told += " " + words.say("We have listened since {day}.", day=words.day(facts.first_day))
    return heard, told


def _of_last_day(volumes: dict[date, int], facts: Facts, words: Words) -> tuple[int, str]:
    """The volume of the newest day, and what is usual on such a day."""
    heard = volumes.get(facts.last_day, 0)
    usual = usual_volume(volumes, facts.last_day)
    day, name = words.weekday(facts.last_day), named(facts.organisation)
    if heard:
        told = words.many(
            "On {day} we heard {count} post by, to, about or around {name}.",
            "On {day} we heard {count} posts by, to, about or around {name}.",
            heard,
            day=day,
            name=name,
        )
    else:
        told = words.say(
            "On {day} we heard nothing by, to, about or around {name}.", day=day, name=name
        )
    if usual is not None and (heard or usual):
        told += " " + words.say(
            "Usual on that day of the week: {usual}.", usual=words.number(usual)
        )
    return heard, told


def _conversation(facts: Facts, words: Words) -> Tile:
    score = facts.score("conversation_share")
    if not facts.owned_accounts:
        told = unseen(facts, words)
    elif score.shown is None:
        told = words.say(
            "Replies in the posts of {name} over {period}: {absent}.",
            period=facts.span.told(words),
            name=named(facts.organisation),
            absent=absent(words, score),
        )
    else:
        told = words.say(
            "Of the {count} posts of {name} in {period}, {share} were replies.",
            period=facts.span.told(words),
            count=words.number(score.denominator or 0),
            name=named(facts.organisation),
            share=words.share(score.shown),
        )
        told += _against_rivals(facts, words)
    return Tile(
        chapter="sending",
        exhibit="conversation-share",
        label=words.say("Do we send or listen?"),
        number=_tile_number(words, score, words.share),
        sentence=told,
    )


def _against_rivals(facts: Facts, words: Words) -> str:
    shares = [(facts.score("conversation_share", rival).shown, rival) for rival in facts.rivals]
    known = [(share, rival) for share, rival in shares if share is not None]
    if not known:
        return ""
    highest = sorted(known, key=lambda each: -each[0])[:RIVALS_SHOWN]
    others = words.names(f"{rival} {words.share(share)}" for share, rival in highest)
    return " " + words.say("For comparison: {others}.", others=others)


def _tile_number(words: Words, score: Score, written: Callable[[float], str]) -> str:
    """The number of a tile; a dash where there is nothing to reckon it from."""
    if score.shown is not None:
        return written(score.shown)
    return words.say("too few") if score.denominator else "–"


def _answers(facts: Facts, words: Words) -> Tile:
    score = facts.score("response_rate_24h")
    return Tile(
        chapter="answering",
        exhibit="response-rate",
        label=words.say("Do we answer?"),
        number=_tile_number(words, score, words.share),
        sentence=words.say("Answered within 24 hours: {share}.", share=rated(words, score))
        + _median(facts, words),
    )


def _median(facts: Facts, words: Words) -> str:
    median = facts.score("first_response_seconds_median")
    if median.too_few or not median.denominator:
        return ""
    if median.value is None:
        return " " + words.say(
            "Of those who addressed {name} in {period}, less than half have an answer so far.",
            period=facts.span.told(words),
            name=named(facts.organisation),
        )
    return " " + words.say(
        "Half of those who address {name} have an answer within {median}.",
        median=words.duration(median.value),
        name=named(facts.organisation),
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
    told = " ".join((told, *as_it_stood(facts, words)))
    return Tile(
        chapter="open-queue",
        exhibit="open-queue",
        label=words.say("Who waits?"),
        number=words.number(total),
        sentence=told,
    )


def _mood(facts: Facts, words: Words) -> Tile:
    score = facts.score("net_sentiment")
    values = {"period": facts.span.told(words), "net": net(words, score)}
    if score.shown is None:
        told = words.say("Net sentiment of others over {period}: {net}.", **values)
    else:
        told = words.say(
            "Net sentiment of others over {period}: {net}; 0 is as much praise as blame.", **values
        )
    return Tile(
        chapter="mood",
        exhibit="sentiment",
        label=words.say("In what mood?"),
        number=_tile_number(words, score, words.signed),
        sentence=told,
    )
