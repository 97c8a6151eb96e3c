"""The inbox as a table in a terminal: its headings, its cells, and what stands under it."""

from __future__ import annotations

from typing import Final

from pipeline.inbox import Inbox, Waiting
from pipeline.inbox_page import entry
from pipeline.report.words import Words

LONGEST_TEXT: Final = 200
"""Characters of a text that are shown."""


def headings(words: Words) -> tuple[str, ...]:
    """One a column."""
    return (
        words.say("urgency"),
        words.say("waits"),
        words.say("who"),
        words.say("what was said"),
    )


def cells(each: Waiting, words: Words) -> tuple[str, ...]:
    """One who waits; a cell may have more lines. The text is not yet safe for a terminal."""
    shown = entry(each, words)
    ages = [age for age in (shown.open_age, shown.clock_age) if age]
    late = [words.say("past the target")] if each.is_late else []
    text = " ".join(shown.text.split())
    text = text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
    return (
        str(shown.points),
        "\n".join([shown.need, *ages, *late]),
        f"{shown.who}\n{shown.platform}",
        text,
    )


def summary(told: Inbox, words: Words) -> list[str]:
    """How many wait in all, and up to when that is known."""
    lines = [
        words.say(
            "{people} in {conversations}, of which {late} past the target; {shown} are shown.",
            people=words.many("{count} person waits", "{count} people wait", told.people),
            conversations=words.many(
                "{count} conversation", "{count} conversations", told.conversations
            ),
            late=words.number(told.late),
            shown=words.number(len(told.waiting)),
        )
    ]
    if told.as_of:
        lines.append(words.say("As we last looked, on {moment}.", moment=words.moment(told.as_of)))
    return lines
