"""The inbox as a table of text: one row a person, nothing in it a formula to a spreadsheet."""

from __future__ import annotations

from typing import Any, Final

from pipeline.analysis import Answer
from pipeline.inbox import Inbox, Waiting

COLUMNS: Final = (
    *("key", "organisation", "platform", "urgency", "need", "is_late", "open_hours"),
    *("clock_hours", "target_hours", "asked_at", "as_of", "name", "handle", "link", "purpose"),
    *("intents", "sentiment", "rating", "language", "audience", "messages", "text", "thread"),
)


def as_csv(inbox: Inbox) -> str:
    """CSV with a heading; the conversation stands in one cell, a line a message."""
    rows = [tuple(_cell(each, name) for name in COLUMNS) for each in inbox.waiting]
    return Answer(columns=COLUMNS, rows=rows).as_csv()


def _cell(each: Waiting, name: str) -> Any:
    if name == "urgency":
        return each.urgency.points
    if name == "intents":
        return " ".join(each.intents)
    if name in {"asked_at", "as_of"}:
        return getattr(each, name).isoformat(timespec="seconds")
    if name == "thread":
        return "\n".join(
            f"{line.said_at.isoformat(timespec='seconds')} {line.handle or line.name or '?'}: "
            f"{line.text}"
            for line in each.thread
        )
    return getattr(each, name)
