"""Who waits for an answer: the open queue, and what the longest waiting said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.report import queries, snapshots
from pipeline.report.definitions import defined
from pipeline.report.drawing import draw
from pipeline.report.facts import Ask, Facts, Row
from pipeline.report.measured import Reckoned, Told, told_table
from pipeline.report.shown import platform, quoted
from pipeline.report.story import Figure, Key, Quote, Table, as_it_stood, cell
from pipeline.report.words import Words, later, named

BANDS: Final = (
    later("under 4 hours"),
    later("4 to 24 hours"),
    later("1 to 7 days"),
    later("over 7 days"),
)
NEEDS: Final = {
    "complaint": (later("complaint"), "wait-1"),
    "question": (later("question"), "wait-2"),
    "request": (later("request"), "wait-3"),
    "review": (later("low review"), "wait-4"),
}
MOODS: Final = {
    "positive": later("positive"),
    "neutral": later("neutral"),
    "negative": later("negative"),
}
LISTED = 6
LONGEST_QUOTE = 280


def queue(ask: Ask, facts: Facts, words: Words) -> Figure:
    """How many wait, for how long and for what."""
    query = queries.waiting(facts.organisation)
    found = [row for row in ask(query) if row["need"] in NEEDS]
    total = sum(int(row["posts_count"]) for row in found)
    labels = {need: words.say(label) for need, (label, _) in NEEDS.items()}
    present = {row["need"] for row in found}
    needs = [(labels[need], colour) for need, (_, colour) in NEEDS.items() if need in present]
    bands = [words.say(label) for label in BANDS]
    rows = [
        {
            "band": bands[row["band"] - 1],
            "need": labels[row["need"]],
            "count": int(row["posts_count"]),
        }
        for row in found
    ]
    sentences = (*_queue_sentences(found, total, facts, words), *as_it_stood(facts, words))
    title = words.say("Who waits for an answer, and how long already")
    told, told_query = _told(found, total, facts, words)
    return Figure(
        key="open-queue",
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: snapshots.waiting_bands(rows, bands, needs, words, size),
            "open-queue",
            title,
            " ".join(sentences),
            words,
        )
        if total
        else None,
        legend=tuple(Key(label=label, colour=colour) for label, colour in needs) if total else (),
        table=_queue_table(found, words),
        told=told,
        definitions=defined(words, ["open_queue"]),
        queries=(query, told_query),
    )


def _told(found: Sequence[Row], total: int, facts: Facts, words: Words) -> tuple[Table, str]:
    """The numbers of the sentences: how many wait, how many for long, and the longest."""
    late = sum(int(row["posts_count"]) for row in found if row["band"] > 2)
    oldest = Told(
        measure="oldest_waiting_seconds",
        label=words.say("longest wait"),
        form="duration",
        period="all",
    )
    counts = ((words.say("need an answer"), total), (words.say("wait for more than a day"), late))
    reckoned = [Reckoned(label=label, value=words.number(count)) for label, count in counts]
    return told_table([oldest], facts, words, reckoned)


def _queue_sentences(
    found: Sequence[Row], total: int, facts: Facts, words: Words
) -> tuple[str, ...]:
    if not total and not facts.score("addressed_posts", period="all").value:
        return (
            words.say(
                "Nobody waits: nobody addressed {name}, as far as we heard.",
                name=named(facts.organisation),
            ),
        )
    if not total:
        return (words.say("Nobody waits: every post that needed an answer from us has one."),)
    oldest = facts.score("oldest_waiting_seconds", period="all").value
    late = sum(int(row["posts_count"]) for row in found if row["band"] > 2)
    told = [
        words.many(
            "{count} post that needs an answer has none.",
            "{count} posts that need an answer have none.",
            total,
        ),
    ]
    if late == total:
        told.append(words.say("All of them have waited for more than a day."))
    else:
        told.append(
            words.many(
                "{count} of them has waited for more than a day.",
                "{count} of them have waited for more than a day.",
                late,
            )
        )
    if oldest is not None:
        told.append(
            words.say("The longest has waited {duration}.", duration=words.duration(oldest))
        )
    return tuple(told)


def _queue_table(found: Sequence[Row], words: Words) -> Table:
    counts = {(row["band"], row["need"]): int(row["posts_count"]) for row in found}
    return Table(
        columns=(
            words.say("waiting"),
            *(words.say(label) for label, _ in NEEDS.values()),
            words.say("total"),
        ),
        rows=tuple(
            (
                words.say(label),
                *(cell(words, counts.get((band, need), 0)) for need in NEEDS),
                cell(words, sum(counts.get((band, need), 0) for need in NEEDS)),
            )
            for band, label in enumerate(BANDS, start=1)
        ),
    )


def longest(ask: Ask, facts: Facts, words: Words) -> tuple[Figure, ...]:
    """Those who have waited longest, with what they said; nothing when nobody waits."""
    query = queries.longest_waiting(facts.organisation, LISTED)
    rows = ask(query)
    if not rows:
        return ()
    figure = Figure(
        key="waiting-longest",
        title=words.say("Waiting longest"),
        sentences=(),
        drawing=None,
        quotes=tuple(_someone(row, facts, words) for row in rows),
        table=_longest_table(rows, words),
        definitions=defined(words, ["open_queue", "waiting"]),
        queries=(query,),
    )
    return (figure,)


def _longest_table(rows: Sequence[Row], words: Words) -> Table:
    """The facts beside each of them; the words stand above."""
    return Table(
        columns=(
            words.say("day"),
            words.say("waiting"),
            words.say("need"),
            words.say("platform"),
            words.say("mood"),
            words.say("audience"),
        ),
        rows=tuple(
            (
                _day(row, words),
                words.duration(row["waiting_seconds"]),
                _need(row, words) or "–",
                platform(row["platform"], words),
                _mood(row, words) or "–",
                _audience(row) or "–",
            )
            for row in rows
        ),
        words=frozenset({2, 3, 4}),
    )


def _day(row: Row, words: Words) -> str:
    return words.day(row["asked_at"].astimezone(words.zone).date())


def _need(row: Row, words: Words) -> str:
    need = NEEDS.get(row["need"])
    return words.say(need[0]) if need else ""


def _mood(row: Row, words: Words) -> str:
    return words.say(MOODS.get(row["sentiment"], ""))


def _audience(row: Row) -> str:
    band: str = row["audience_band"]
    return "" if band == "unknown" else named(band.replace("-", "–"))


def _someone(row: Row, facts: Facts, words: Words) -> Quote:
    told = [
        words.say("waits {duration}", duration=words.duration(row["waiting_seconds"])),
        platform(row["platform"], words),
        _day(row, words),
    ]
    if mood := _mood(row, words):
        told.append(mood)
    if band := _audience(row):
        told.append(words.say("audience {band}", band=band))
    return Quote(
        text=quoted(row["text"], LONGEST_QUOTE, facts.accounts, words),
        language=row["language"],
        need=_need(row, words),
        facts=tuple(told),
    )
