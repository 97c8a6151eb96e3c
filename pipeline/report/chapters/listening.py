"""Who listens? Volume a day, and what the sources covered."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from pipeline.report import queries
from pipeline.report.chapters import coverage, topics
from pipeline.report.definitions import defined
from pipeline.report.facts import Ask, Facts, Row
from pipeline.report.measured import Reckoned, Told, told_table
from pipeline.report.shown import platform
from pipeline.report.stacks import stack
from pipeline.report.story import Chapter, Figure, Table, cell, rated
from pipeline.report.words import Words, later, named

NAMED = 6
ROLES: Final = (
    ("outbound_posts", "own", later("by the organisation")),
    ("addressed_posts", "inbound", later("addressed to it")),
    ("other_inbound_posts", "mentioned", later("about it")),
    ("context_posts", "context", later("context")),
)


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
            coverage.figure(ask, facts, words),
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
    by_platform = ask(platform_query)
    sentences = _volume_sentences(found, by_platform, facts, words)
    title = words.say("Posts a day")
    sums = _sums(found, by_platform, facts, words)
    told, told_query = told_table(_told(facts, words), facts, words, sums)
    bars = stack(
        "volume",
        title,
        sentences,
        rows=rows,
        days=facts.days,
        kinds=kinds,
        counted=words.say("posts"),
        words=words,
    )
    return Figure(
        key="volume",
        title=title,
        sentences=sentences,
        drawing=bars.drawing,
        legend=bars.legend,
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
        definitions=defined(words, ["volume", "usual", "roles", "stories", "share_of_voice"]),
        queries=(query, platform_query, told_query),
    )


def _told(facts: Facts, words: Words) -> list[Told]:
    posts = words.say("posts in all")
    counts = [
        Told(measure="volume", label=posts, form="count"),
        Told(measure="volume", label=posts, form="count", period="before"),
        Told(measure="story_volume", label=words.say("stories"), form="count"),
    ]
    if not facts.rivals:
        return counts
    return [
        *counts,
        Told(measure="share_of_voice", label=words.say("Share of voice"), form="share"),
        Told(
            measure="story_share_of_voice",
            label=words.say("share of voice by stories"),
            form="share",
        ),
    ]


def _sums(
    found: dict[date, Row], by_platform: Sequence[Row], facts: Facts, words: Words
) -> list[Reckoned]:
    """What the sentences, and the first of the five lines, tell of the rows by day and platform."""
    window = [found[day] for day in facts.window if day in found]
    over, total = facts.span.told(words), _sum(window, "volume")
    if not total:
        return []
    others = ("addressed_posts", "other_inbound_posts")
    kinds = [
        (words.say("by others"), _sum(window, *others)),
        *((words.say(label), _sum(window, column)) for column, _, label in ROLES),
        (words.say("on the busiest day"), max(row["volume"] for row in window)),
        (words.say("on the middle day"), statistics.median(row["volume"] for row in window)),
    ]
    sums = [Reckoned(label=label, over=over, value=words.number(count)) for label, count in kinds]
    volumes = {day: int(row["volume"]) for day, row in found.items()}
    usual = usual_volume(volumes, facts.last_day)
    if facts.span.kind == "night" and usual is not None:
        day, label = words.weekday(facts.last_day), words.say("usual on that day of the week")
        sums.append(Reckoned(label=label, over=day, value=words.number(usual)))
    return [
        *sums,
        *(
            Reckoned(
                label=words.say("on {platform}", platform=platform(row["platform"], words)),
                over=over,
                value=words.share(int(row["volume"]) / total),
                n=words.number(total),
            )
            for row in by_platform
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
        "The {posts} above are {stories}, when copies of one text, reposts and articles at one "
        "address count once.",
        posts=words.many("{count} post", "{count} posts", total),
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


def usual_volume(found: dict[date, int], day: date) -> float | None:
    """The middle of the same weekday in the four weeks before; None for fewer than two."""
    same = [found[each] for week in range(1, 5) if (each := day - timedelta(weeks=week)) in found]
    return statistics.median(same) if len(same) > 1 else None
