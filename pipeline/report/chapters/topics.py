"""What is new? Words of the last whole week that the weeks before had not, with a post to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from pipeline.report import queries
from pipeline.report.definitions import defined
from pipeline.report.facts import Ask, Facts, Row, monday
from pipeline.report.measured import Reckoned, reckoned_table
from pipeline.report.queries import literal
from pipeline.report.shown import quoted
from pipeline.report.story import Figure, Table, cell
from pipeline.report.words import Words, named

MOST: Final = 8
SHARED: Final = 3
LONGEST_QUOTE: Final = 160


def figure(ask: Ask, facts: Facts, words: Words) -> Figure:
    """Topics of the last week that was heard to its end, and what was passed on in it."""
    week = monday(facts.last_day + timedelta(days=1)) - timedelta(days=7)
    asked = (
        _topics(facts.organisation, week),
        _shared(facts.organisation, week),
        queries.volume(facts.organisation, week, week + timedelta(days=6)),
    )
    topics, shared, days = (ask(query) for query in asked)
    spoken = sum(int(row["addressed_posts"] + row["other_inbound_posts"]) for row in days)
    return Figure(
        key="topics",
        title=words.say("What was new in the week of {day}", day=words.day(week)),
        sentences=_sentences(topics, spoken, shared, facts, words),
        drawing=None,
        table=_table(topics, facts, words),
        told=reckoned_table(
            (
                Reckoned(
                    label=words.say("people who passed on {shared}", shared=named(row["shared"])),
                    over=words.say("week of {day}", day=words.day(week)),
                    value=words.number(row["people_count"]),
                )
                for row in shared
            ),
            words,
        ),
        definitions=defined(words, ["topics", "stories"]),
        queries=asked,
    )


def _topics(organisation: str, week: date) -> str:
    return f"""
select topics.term, topics.stories_count, topics.stories_before_count, topics.score, posts.text
from marts.topics_weekly as topics
left join marts.topic_posts as examples
    on topics.organisation = examples.organisation and topics.week_start = examples.week_start
    and topics.term = examples.term and examples.post_rank = 1
left join marts.posts as posts on examples.post_key = posts.post_key
where topics.organisation = {literal(organisation)} and topics.week_start = date '{week}'
    and topics.topic_rank <= {MOST}
order by topics.topic_rank
"""


def _shared(organisation: str, week: date) -> str:
    return f"""
select kind, shared, people_count
from marts.shared_links
where organisation = {literal(organisation)} and week_start = date '{week}'
    and kind in ('hashtag', 'domain') and shared_rank <= {SHARED}
order by people_count desc, kind, shared
"""


def _sentences(
    topics: Sequence[Row], spoken: int, shared: Sequence[Row], facts: Facts, words: Words
) -> tuple[str, ...]:
    if topics:
        told = words.say(
            "In what others wrote to and about {name} these words stand out against the four "
            "weeks before: {terms}.",
            name=named(facts.organisation),
            terms=words.names(f"“{named(row['term'])}”" for row in topics[:4]),
        )
    elif not spoken:
        told = words.say(
            "Others wrote nothing to or about {name} in that week that we heard.",
            name=named(facts.organisation),
        )
    else:
        told = words.say(
            "In what others wrote to and about {name} no words stand out against the four weeks "
            "before.",
            name=named(facts.organisation),
        )
    if not shared:
        return (told,)
    passed_on = words.say(
        "Passed on most: {shared}.",
        shared=words.names(
            f"{named(row['shared'])} ({words.number(row['people_count'])})"
            for row in shared[:SHARED]
        ),
    )
    return (told, passed_on)


def _table(topics: Sequence[Row], facts: Facts, words: Words) -> Table:
    columns = (
        words.say("term"),
        words.say("stories"),
        words.say("four weeks before"),
        words.say("for example"),
    )
    shown = len(columns) if facts.span.is_quoting else len(columns) - 1
    return Table(
        columns=columns[:shown],
        rows=tuple(
            (
                named(row["term"]),
                cell(words, row["stories_count"]),
                cell(words, row["stories_before_count"]),
                quoted(row["text"] or "", LONGEST_QUOTE, facts.accounts, words),
            )[:shown]
            for row in topics
        ),
        words=frozenset({0, 3}),
    )
