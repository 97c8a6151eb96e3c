"""Who listens? Volume a day, and what the sources covered."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from pipeline.report import charts, queries, snapshots
from pipeline.report.chapters import topics
from pipeline.report.definitions import defined
from pipeline.report.drawing import draw
from pipeline.report.facts import Ask, Facts, Row
from pipeline.report.measured import Told, told_table
from pipeline.report.shown import platform
from pipeline.report.story import Chapter, Figure, Key, Table, cell, rated
from pipeline.report.words import Words, later, named

SOURCES_DRAWN = 24
NAMED = 6
ROLES: Final = (
    ("outbound_posts", "own", later("by the organisation")),
    ("addressed_posts", "inbound", later("addressed to it")),
    ("other_inbound_posts", "mentioned", later("about it")),
    ("context_posts", "context", later("context")),
)
ERRORS: Final = {
    "SourceUnavailable": later("could not be reached"),
    "RateLimited": later("asked us to wait"),
    "SourceRefused": later("refused access"),
    "SourceGone": later("no longer exists"),
    "PayloadError": later("sent something we do not understand"),
}
UNFINISHED: Final = later("was not read to the end")
VERBS: Final = {
    "mentions": later("mentions"),
    "inbox": later("what is addressed to us"),
    "timeline": later("own posts"),
}


def chapter(ask: Ask, facts: Facts, words: Words) -> Chapter:
    """Volume and coverage."""
    return Chapter(
        key="listening",
        question=words.say("Who listens?"),
        lead=words.say(
            "What was said by, to and about {name}, and how much of it we can have heard.",
            name=named(facts.organisation),
        ),
        figures=(
            _volume(ask, facts, words),
            topics.figure(ask, facts, words),
            _coverage(ask, facts, words),
        ),
    )


def _volume(ask: Ask, facts: Facts, words: Words) -> Figure:
    query = queries.volume(facts.organisation, facts.days[0], facts.days[-1])
    found = {row["posted_date"]: row for row in ask(query)}
    platform_query = queries.platforms(facts.organisation, facts.window_start, facts.last_day)
    rows = [
        {"day": day.isoformat(), "kind": words.say(label), "count": int(found[day][column])}
        for day in facts.days
        if day in found
        for column, _, label in ROLES
    ]
    kinds = [(words.say(label), colour) for _, colour, label in ROLES]
    sentences = _volume_sentences(found, ask(platform_query), facts, words)
    title = words.say("Posts a day")
    told, told_query = told_table(_told(facts, words), facts, words)
    return Figure(
        key="volume",
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: charts.stacked_days(
                rows, facts.days, kinds, words.say("posts"), words, size
            ),
            "volume",
            title,
            " ".join(sentences),
            words,
        ),
        legend=tuple(Key(label=label, colour=colour) for label, colour in kinds),
        table=Table(
            columns=(words.say("day"), *(label for label, _ in kinds), words.say("total")),
            rows=tuple(
                (
                    words.day(day),
                    *(cell(words, found[day][column]) for column, _, _ in ROLES),
                    cell(words, found[day]["volume"]),
                )
                for day in reversed(facts.days)
                if day in found
            ),
        ),
        told=told,
        definitions=defined(words, ["volume", "roles", "stories", "share_of_voice"]),
        queries=(query, platform_query, told_query),
    )


def _told(facts: Facts, words: Words) -> list[Told]:
    stories = Told(measure="story_volume", label=words.say("stories"), form="count")
    if not facts.rivals:
        return [stories]
    return [
        Told(measure="share_of_voice", label=words.say("Share of voice"), form="share"),
        stories,
        Told(
            measure="story_share_of_voice",
            label=words.say("share of voice by stories"),
            form="share",
        ),
    ]


def _volume_sentences(
    found: dict[date, Row], by_platform: Sequence[Row], facts: Facts, words: Words
) -> tuple[str, ...]:
    window = [found[day] for day in facts.window if day in found]
    total = sum(int(row["volume"]) for row in window)
    if not total:
        return (
            words.say("In {period} nothing was said that we heard.", period=facts.span.told(words)),
        )
    busiest = max(window, key=lambda row: (row["volume"], row["posted_date"]))
    told = [
        words.say(
            "In {period} we heard {total}: {inbound} by others ({addressed} "
            "addressed to {name}), {outbound} by {name} itself, and {context} around them.",
            period=facts.span.told(words),
            total=words.many("{count} post", "{count} posts", total),
            inbound=words.number(_sum(window, "addressed_posts", "other_inbound_posts")),
            addressed=words.number(_sum(window, "addressed_posts")),
            outbound=words.number(_sum(window, "outbound_posts")),
            context=words.number(_sum(window, "context_posts")),
            name=named(facts.organisation),
        ),
        words.say(
            "The busiest day was {day}, with {count}; on the middle day there were {median}.",
            day=words.weekday(busiest["posted_date"]),
            count=words.number(busiest["volume"]),
            median=words.number(statistics.median([row["volume"] for row in window])),
        ),
    ]
    if len(by_platform) > 1:
        told.append(
            words.say(
                "Most of it stands on {platforms}.",
                platforms=words.names(
                    f"{platform(row['platform'], words)} "
                    f"({words.share(int(row['volume']) / total)})"
                    for row in by_platform[:3]
                ),
            )
        )
    voice = facts.score("share_of_voice")
    if facts.rivals and voice.shown is not None:
        told.append(
            words.say(
                "Of all mentions of {names}, the share of {name} was {share}.",
                names=_panel(facts, words),
                name=named(facts.organisation),
                share=rated(words, voice),
            )
        )
    return (*told, *_story_sentences(total, facts, words))


def _panel(facts: Facts, words: Words) -> str:
    """Everybody who is compared: by name while they are few."""
    if len(facts.everybody) <= NAMED:
        return words.names(facts.everybody)
    return words.say(
        "{name} and its {count} competitors",
        name=named(facts.organisation),
        count=words.number(len(facts.rivals)),
    )


def _story_sentences(total: int, facts: Facts, words: Words) -> tuple[str, ...]:
    """Volume and share of voice with copies counted once, where there are copies."""
    stories = facts.score("story_volume").value
    if stories is None or stories >= total:
        return ()
    told = words.say(
        "Copies of one text, reposts and articles at one address counted once, it was {stories}.",
        stories=words.many("{count} story", "{count} stories", int(stories)),
    )
    if not facts.rivals:
        return (told,)
    share = words.say(
        "By stories, the share of {name} of all mentions was {share}.",
        name=named(facts.organisation),
        share=rated(words, facts.score("story_share_of_voice")),
    )
    return (f"{told} {share}",)


def _sum(rows: Sequence[Row], *columns: str) -> int:
    return sum(int(row[column]) for row in rows for column in columns)


def _coverage(ask: Ask, facts: Facts, words: Words) -> Figure:
    source_query = queries.coverage_sources(facts.window_start, facts.last_day)
    day_query = queries.coverage_days(facts.window_start, facts.last_day)
    sources = ask(source_query)
    drawn = sorted(sources, key=_trouble)[:SOURCES_DRAWN]
    names = {row["source"]: named(row["source"]) for row in drawn}
    found = {(row["source"], row["covered_date"]): row for row in ask(day_query)}
    squares = [
        {
            "source": names[source],
            "day": day.isoformat(),
            "level": _level(row["coverage"] if row else None),
            "is_silent": bool(row and row["is_silent"]),
        }
        for source in names
        for day in facts.window
        for row in [found.get((source, day))]
    ]
    sentences = _coverage_sentences(sources, facts, words)
    title = words.say("What the sources covered")
    return Figure(
        key="coverage",
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: snapshots.coverage_strip(
                squares, facts.window, list(names.values()), words, size
            ),
            "coverage",
            title,
            " ".join(sentences),
            words,
        )
        if drawn
        else None,
        legend=(
            Key(label=words.say("covered"), colour="cover-3"),
            Key(label=words.say("mostly"), colour="cover-2"),
            Key(label=words.say("partly"), colour="cover-1"),
            Key(label=words.say("not covered"), colour="cover-0"),
            *_silent_key(squares, words),
        ),
        table=_coverage_table(sources, words),
        definitions=defined(words, ["coverage"]),
        queries=(source_query, day_query),
    )


def _silent_key(squares: Sequence[Row], words: Words) -> tuple[Key, ...]:
    if not any(square["is_silent"] for square in squares):
        return ()
    label = words.say("! silent: nothing came where much was expected")
    return (Key(label=label, colour=""),)


def _trouble(row: Row) -> tuple[bool, float, str]:
    """Sources with trouble first, then the least covered."""
    return (row["last_status"] == "complete", _share(row) or 0.0, row["source"])


def _share(row: Row) -> float | None:
    return float(row["covered_hours"]) / float(row["hours"]) if row["hours"] else None


def _level(coverage: float | None) -> int:
    if not coverage:
        return 0
    return 3 if coverage >= 0.99 else 2 if coverage >= 0.5 else 1


def _coverage_sentences(sources: Sequence[Row], facts: Facts, words: Words) -> tuple[str, ...]:
    if not sources:
        return (words.say("No source is configured: these posts were imported."),)
    good = [row for row in sources if row["last_status"] == "complete"]
    hours = sum(float(row["hours"] or 0) for row in sources)
    covered = sum(float(row["covered_hours"] or 0) for row in sources)
    told = [_last_runs(len(good), len(sources), words)]
    if hours:
        told.append(
            words.say(
                "Of all hours of all sources in {period}, {share} was covered.",
                period=facts.span.told(words),
                share=words.share(covered / hours),
            )
        )
    told += [_failure(row, words) for row in sources if row["last_status"] != "complete"][:5]
    told += _without_access(sources, words)
    silent = [row["source"] for row in sources if row["silent_days"]]
    if silent:
        told.append(
            words.say(
                "Remarkably silent: {names}. Look whether the source still works.",
                names=words.names(silent[:5]),
            )
        )
    return tuple(told)


def _without_access(sources: Sequence[Row], words: Words) -> list[str]:
    """What no source was asked for want of a secret, as at most one sentence."""
    lacking = [
        f"{named(row['source'])} ({words.names(verbs)})"
        for row in sources
        if (verbs := _verbs(row["last_verbs_without_access"], words))
    ]
    if not lacking:
        return []
    return [words.say("Not asked, because a key is missing: {names}.", names="; ".join(lacking))]


def _verbs(told: str | None, words: Words) -> list[str]:
    return [words.say(VERBS[verb]) for verb in (told or "").split(", ") if verb in VERBS]


def _last_runs(good: int, total: int, words: Words) -> str:
    if good < total:
        return words.say(
            "{good} of {total} sources were read to the end in their last run.",
            good=words.number(good),
            total=words.number(total),
        )
    if total == 1:
        return words.say("The one source was read to the end in its last run.")
    return words.say(
        "All {total} sources were read to the end in their last run.", total=words.number(total)
    )


def _failure(row: Row, words: Words) -> str:
    if row["last_status"] is None:
        return words.say("Source {source} has not been read yet.", source=named(row["source"]))
    if row["last_status"] == "unasked":
        return words.say(
            "Source {source} has nothing to ask yet: a key, accounts or names are missing.",
            source=named(row["source"]),
        )
    reason = ERRORS.get(row["last_error_code"], UNFINISHED)
    why = words.say(reason)
    through: datetime | None = row["collected_through"]
    if through is None:
        return words.say("Source {source} {why}.", source=named(row["source"]), why=why)
    return words.say(
        "Source {source} {why}; we have heard it up to {moment}.",
        source=named(row["source"]),
        why=why,
        moment=words.moment(through),
    )


def _coverage_table(sources: Sequence[Row], words: Words) -> Table:
    def line(row: Row) -> tuple[str, ...]:
        share = _share(row)
        through: datetime | None = row["collected_through"]
        status = {
            "complete": words.say("complete"),
            "partial": words.say("partial"),
            "failed": words.say("failed"),
            "unasked": words.say("nothing asked"),
        }
        return (
            named(row["source"]),
            platform(row["platform"], words),
            status.get(row["last_status"], "–"),
            words.moment(through) if through else "–",
            "–" if share is None else words.share(share),
            cell(words, row["gap_hours"], 1),
            cell(words, row["posts_count"]),
            cell(words, row["rejected_count"]),
        )

    return Table(
        columns=(
            words.say("source"),
            words.say("platform"),
            words.say("last run"),
            words.say("collected through"),
            words.say("covered"),
            words.say("open gaps (hours)"),
            words.say("posts"),
            words.say("not understood"),
        ),
        rows=tuple(line(row) for row in sources),
        words=frozenset({1, 2, 3}),
    )


def usual_volume(found: dict[date, int], day: date) -> float | None:
    """The middle of the same weekday in the four weeks before; None for fewer than two."""
    same = [found[each] for week in range(1, 5) if (each := day - timedelta(weeks=week)) in found]
    return statistics.median(same) if len(same) > 1 else None
