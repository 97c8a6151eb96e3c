"""Figures that others published, beside ours: each with what was counted, by whom and when.

They come from ``marts.benchmarks``. Few were counted as we count, and that is said.
"""

from __future__ import annotations

import msgspec

from pipeline.report.course import plain
from pipeline.report.facts import Ask, Row
from pipeline.report.queries import literal
from pipeline.report.story import Table
from pipeline.report.words import Words, named


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """What was published on a measure: a sentence (empty where nothing was), rows, statement."""

    sentence: str
    table: Table
    query: str


def elsewhere(ask: Ask, measure: str, words: Words, *, is_time: bool = False) -> Elsewhere:
    """What others found.

    Args:
        ask: answers one SQL statement over the published file.
        measure: name of ours.
        words: the language.
        is_time: whether it is in seconds rather than a share.
    """
    query = _published(measure)
    rows = ask(query)
    return Elsewhere(
        sentence=_sentence(rows, words, is_time=is_time) if rows else "",
        table=Table(
            columns=(words.say("source"), words.say("what was counted"), words.say("value")),
            rows=tuple(
                (_source(row), _definition(row, words), _value(row, words, is_time=is_time))
                for row in rows
            ),
            words=frozenset({1}),
        ),
        query=query,
    )


def _published(measure: str) -> str:
    return f"""
select source, year, population, value, definition_en, definition_nl, is_same_definition
from marts.benchmarks
where measure = {literal(measure)}
order by year desc nulls last, benchmark
"""


def _sentence(rows: list[Row], words: Words, *, is_time: bool) -> str:
    found = words.names(f"{_value(row, words, is_time=is_time)} ({_source(row)})" for row in rows)
    if any(row["is_same_definition"] for row in rows):
        return words.say("Published by others: {found}.", found=found)
    return words.say("Published by others, counted otherwise than here: {found}.", found=found)


def _value(row: Row, words: Words, *, is_time: bool) -> str:
    if is_time:
        return words.duration(row["value"])
    return plain(words, "share", row["value"])


def _source(row: Row) -> str:
    """Who published it, and about which year: ``Coosto 2013``."""
    who = named(row["source"].split(",")[0].split("(")[0])
    return f"{who} {row['year']}" if row["year"] else who


def _definition(row: Row, words: Words) -> str:
    told = row["definition_nl" if words.language == "nl" else "definition_en"]
    return told if row["is_same_definition"] else words.say("{what}; not as we count", what=told)
