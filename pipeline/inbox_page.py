"""The inbox as one page: self-contained, nothing asked of the network, nothing run.

It holds names, so only its owner may read the file (mode 0600).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec
from markupsafe import Markup

from pipeline.inbox import HOUR_SECONDS, Inbox, Waiting
from pipeline.inbox_threads import Message
from pipeline.report import page
from pipeline.report.chapters.uses import USES
from pipeline.report.chapters.waiting import MOODS, NEEDS
from pipeline.report.shown import platform
from pipeline.report.words import Words, clean, later, named

NEED_NAMES: Final = {
    "fault": later("fault"),
    **{need: label for need, (label, _) in NEEDS.items()},
}
INTENT_NAMES: Final = {
    "question": later("question"),
    "complaint": later("complaint"),
    "request": later("request"),
    "fault_report": later("report of a fault"),
    "praise": later("praise"),
    "thanks": later("thanks"),
    "suggestion": later("suggestion"),
}
RECKONED: Final = (
    later(
        "What is asked: a fault 40, a complaint 30, a low review 25, a question 20, a request 15."
    ),
    later("Age: up to 40, reckoned in opening hours; 40 from the target on, and no more after it."),
    later("Tone: 10 when it is negative."),
    later("Audience: 10 from 10,000 followers, 6 from 1,000, 3 from 100."),
    later("Equal ones stand by how long they wait."),
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a conversation as it is shown."""

    who: str
    moment: str
    text: str
    link: str
    is_ours: bool
    is_waiting: bool


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One person who waits, in words."""

    points: int
    parts: str
    need: str
    is_late: bool
    open_age: str
    clock_age: str
    who: str
    text: str
    language: str
    link: str
    platform: str
    facts: tuple[str, ...]
    thread: tuple[Line, ...]
    left_out: str


def render(inbox: Inbox, words: Words) -> str:
    """The page as HTML."""
    environment = page.environment(words)
    sheet = page.style() + page.style("inbox.css")
    longest = max(inbox.waiting, key=lambda each: each.clock_hours, default=None)
    return environment.get_template("inbox.html").render(
        language=words.language,
        policy=page.policy(sheet),
        sheet=Markup(sheet),  # noqa: S704 - our own files
        organisation=named(inbox.organisation),
        as_of=words.moment(inbox.as_of) if inbox.as_of else "",
        numbers=_numbers(inbox, longest, words),
        entries=[entry(each, words) for each in inbox.waiting],
        shown=_shown(inbox, words),
        reckoned=[words.say(line) for line in RECKONED],
    )


def write(html: str, path: Path) -> None:
    """Write the page whole or not at all, for its owner only."""
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(html)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _numbers(inbox: Inbox, longest: Waiting | None, words: Words) -> list[tuple[str, str]]:
    found = [
        (
            words.number(inbox.people),
            words.say("person waits") if inbox.people == 1 else words.say("people wait"),
        ),
        (
            words.number(inbox.conversations),
            words.say("conversation") if inbox.conversations == 1 else words.say("conversations"),
        ),
        (words.number(inbox.late), words.say("of these past the target")),
    ]
    if longest is not None:
        found.append((clock_age(longest, words), words.say("is the longest wait shown")))
    return found


def _shown(inbox: Inbox, words: Words) -> str:
    if len(inbox.waiting) == inbox.conversations:
        return ""
    return words.say(
        "The first {shown} of {count} are shown.",
        shown=words.number(len(inbox.waiting)),
        count=words.number(inbox.conversations),
    )


def entry(each: Waiting, words: Words) -> Entry:
    """One who waits, in words."""
    return Entry(
        points=each.urgency.points,
        parts=_parts(each, words),
        need=words.say(NEED_NAMES[each.need]),
        is_late=each.is_late,
        open_age=open_age(each, words),
        clock_age=clock_age(each, words),
        who=who(each.name, each.handle, words),
        text=clean(each.text),
        language=each.language or "",
        link=each.link or "",
        platform=platform(each.platform, words),
        facts=tuple(_facts(each, words)),
        thread=tuple(_line(message, words) for message in each.thread)
        if len(each.thread) > 1
        else (),
        left_out=words.many(
            "{count} message in between is left out.",
            "{count} messages in between are left out.",
            each.thread_left_out,
        )
        if each.thread_left_out
        else "",
    )


def open_age(each: Waiting, words: Words) -> str:
    """The age in opening hours: ``12 opening hours``; empty where none are known."""
    if each.open_hours is None:
        return ""
    digits = 1 if each.open_hours < 10 else 0
    return words.many(
        "{hours} opening hour",
        "{hours} opening hours",
        round(each.open_hours, digits),
        hours=words.number(each.open_hours, digits),
    )


def clock_age(each: Waiting, words: Words) -> str:
    """The age by the clock: ``3 days``."""
    return words.duration(each.clock_hours * HOUR_SECONDS)


def who(name: str | None, handle: str | None, words: Words) -> str:
    """``Anna (anna@social.example)``, or what of it is known."""
    shown = [named(each) for each in (name, handle) if each]
    if not shown:
        return words.say("somebody without a name")
    return shown[0] if len(shown) == 1 or shown[0] == shown[1] else f"{shown[0]} ({shown[1]})"


def _parts(each: Waiting, words: Words) -> str:
    found = each.urgency
    return words.say(
        "{need} for what is asked, {age} for age, {tone} for tone, {audience} for audience",
        need=str(found.need_points),
        age=str(found.age_points),
        tone=str(found.tone_points),
        audience=str(found.audience_points),
    )


def _facts(each: Waiting, words: Words) -> list[str]:
    facts = [words.say("asked {moment}", moment=words.moment(each.asked_at))]
    if each.messages > 1:
        facts.append(words.say("{count} messages wait", count=words.number(each.messages)))
    if each.purpose in USES:
        facts.append(words.say("about: {purpose}", purpose=words.say(USES[each.purpose])))
    if each.sentiment in MOODS:
        facts.append(words.say("tone: {tone}", tone=words.say(MOODS[each.sentiment])))
    intents = [words.say(INTENT_NAMES[name]) for name in each.intents if name in INTENT_NAMES]
    if intents:
        facts.append(words.say("contains: {intents}", intents=", ".join(intents)))
    if each.rating is not None:
        facts.append(words.say("{stars} stars", stars=words.number(each.rating, 1)))
    if each.audience is not None:
        facts.append(words.many("{count} follower", "{count} followers", each.audience))
    return facts


def _line(message: Message, words: Words) -> Line:
    return Line(
        who=who(message.name, message.handle, words),
        moment=words.moment(message.said_at),
        text=clean(message.text),
        link=message.link or "",
        is_ours=message.is_ours,
        is_waiting=message.is_waiting,
    )
