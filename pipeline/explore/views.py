"""What the page of posts shows of a choice, in words: bars to click, posts to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec
from babel import Locale

from pipeline.explore.filters import FACETS, UNKNOWN, Filter, pages_of
from pipeline.explore.published import About
from pipeline.explore.questions import EXPORT_ROWS, Counts, Row, Step
from pipeline.report.chapters.uses import USES
from pipeline.report.chapters.waiting import MOODS
from pipeline.report.shown import platform, told
from pipeline.report.words import Words, later, named

ROLES: Final = {
    "addressed": later("addressed to the organisation"),
    "mentioned": later("names the organisation"),
    "peer_to_peer": later("among others"),
    "employee": later("by an employee"),
    "outbound": later("by the organisation"),
    "context": later("around it"),
}
NAMES: Final = {
    "platform": later("Platform"),
    "role": later("Role"),
    "purpose": later("Purpose"),
    "sentiment": later("Sentiment"),
    "language": later("Language"),
}
TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "role": ROLES,
    "purpose": USES,
    "sentiment": MOODS,
}
HIGHEST: Final = 100
"""Height of the tallest bar and width of the longest, in units of the drawing."""

FACET_ROWS: Final = 12
MARKS: Final = 4
LAST_MARK: Final = 86.0
"""Further to the right a mark under the columns would be cut off on a phone; of 100."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar: what it counts, and the address that shows the posts behind it.

    ``size`` is 0-100; ``place`` and ``width`` (0-100) say where a column stands.
    """

    label: str
    count: str
    size: float
    address: str
    is_chosen: bool = False
    place: float = 0.0
    width: float = 0.0
    mark: str = ""


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """The bars of one property of posts."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    left_out: str


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a list to choose from."""

    value: str
    label: str
    is_chosen: bool


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A list to choose from."""

    name: str
    title: str
    options: tuple[Option, ...]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One post as it is read."""

    moment: str
    machine_moment: str
    facts: tuple[str, ...]
    title: str
    text: str
    language: str
    thread_address: str


def choices(chosen: Filter, about: About, words: Words) -> list[Choice]:
    """The lists of the form, whose first entry leaves the property open."""
    found = [
        Choice(
            name="organisation",
            title=words.say("Organisation"),
            options=tuple(
                Option(value=name, label=named(name), is_chosen=name == chosen.organisation)
                for name in about.organisations
            ),
        )
    ]
    known = {"platform": about.platforms, "language": about.languages}
    for name in FACETS:
        values: Sequence[str | None] = (*(known.get(name) or TEXTS[name]),)
        unknown = () if name in {"platform", "role"} else (None,)
        now = getattr(chosen, name)
        options = [Option(value="", label=words.say("all"), is_chosen=not now)] + [
            Option(
                value=value or UNKNOWN,
                label=label(name, value, words),
                is_chosen=now == (value or UNKNOWN),
            )
            for value in (*values, *unknown)
        ]
        found.append(Choice(name=name, title=words.say(NAMES[name]), options=tuple(options)))
    return found


def facets(chosen: Filter, counts: Counts, words: Words) -> list[Facet]:
    """A picture for each property: its bars, most posts first."""
    found = []
    for name in FACETS:
        rows = counts.facets[name]
        most = max((count for _, count in rows), default=1)
        bars = [
            Bar(
                label=label(name, value, words),
                count=words.number(count),
                size=round(HIGHEST * count / most, 2),
                address=_toggled(chosen, name, value).address,
                is_chosen=getattr(chosen, name) == (value or UNKNOWN),
            )
            for value, count in rows[:FACET_ROWS]
        ]
        left_out = len(rows) - len(bars)
        found.append(
            Facet(
                name=name,
                title=words.say(NAMES[name]),
                bars=tuple(bars),
                left_out=words.say("{count} more in the list", count=words.number(left_out))
                if left_out
                else "",
            )
        )
    return found


def columns(chosen: Filter, counts: Counts, about: About, words: Words) -> list[Bar]:
    """A bar for each day, week or month of the choice, also where there is no post."""
    first, last = chosen.first or about.first, chosen.last or about.last
    if not first or not last:
        return []
    held = dict(counts.periods)
    starts = _starts(max(first, about.first), min(last, about.last), counts.step)
    most = max(held.values(), default=1)
    width = HIGHEST / max(1, len(starts))
    every = max(1, len(starts) // MARKS)
    return [
        Bar(
            label=_period(start, counts.step, words),
            count=words.number(held.get(start, 0)),
            size=round(HIGHEST * held.get(start, 0) / most, 2),
            address=chosen.but(
                first=max(start, first), last=min(_end(start, counts.step), last)
            ).address,
            place=round(number * width, 3),
            width=round(width * 0.86, 3),
            mark=_mark(start, counts.step, words)
            if number % every == 0 and number * width <= LAST_MARK
            else "",
        )
        for number, start in enumerate(starts)
    ]


def scale(counts: Counts, words: Words) -> str:
    """What the columns stand for, and how many posts the highest holds."""
    each = {
        "day": words.say("each bar is a day"),
        "week": words.say("each bar is a week"),
        "month": words.say("each bar is a month"),
    }
    most = max((count for _, count in counts.periods), default=0)
    told = words.many("the highest {count} post", "the highest {count} posts", most)
    return f"{each[counts.step]}, {told}"


def shown(row: Row, chosen: Filter, about: About, words: Words) -> Shown:
    """A post as it is read: nothing in it runs, links or turns the reading direction."""
    facts = [platform(row["platform"], words), label("role", row["role"], words)]
    facts += [
        label(name, row[name], words) for name in ("purpose", "sentiment") if row[name] is not None
    ]
    if row["language"]:
        facts.append(label("language", row["language"], words))
    if row["rating"] is not None:
        facts.append(words.say("{stars} stars", stars=words.number(row["rating"], 1)))
    if row["likes_count"]:
        facts.append(words.many("{count} like", "{count} likes", row["likes_count"]))
    thread = Filter(organisation=chosen.organisation, thread=row["thread_key"])
    return Shown(
        moment=words.moment(row["posted_at"]),
        machine_moment=row["posted_at"].isoformat(timespec="seconds"),
        facts=tuple(facts),
        title=told(row["title"] or "", about.accounts, words),
        text=told(row["text"], about.accounts, words) or words.say("(no text)"),
        language=(row["language"] or "") if (row["language"] or "").isalpha() else "",
        thread_address=thread.address,
    )


def label(name: str, value: str | None, words: Words) -> str:
    """What a value of a property is called."""
    if value is None:
        return words.say("not known")
    if name == "platform":
        return platform(value, words)
    if name == "language":
        return named(_language(value, words.locale))
    return words.say(TEXTS[name][value]) if value in TEXTS.get(name, {}) else named(value)


def summary(chosen: Filter, total: int, words: Words) -> str:
    """How many posts the choice holds."""
    if chosen.thread:
        return words.many(
            "{count} post in this conversation", "{count} posts in this conversation", total
        )
    return words.many("{count} post", "{count} posts", total)


def too_long(total: int, words: Words) -> str:
    """What an export leaves out."""
    if total <= EXPORT_ROWS:
        return ""
    return words.say("A file holds the newest {count} posts.", count=words.number(EXPORT_ROWS))


def pages(chosen: Filter, total: int) -> tuple[str, str, int]:
    """Address of the page before and of the next (empty where there is none), and how many."""
    count = pages_of(total)
    before = chosen.but(page=chosen.page - 1).address if chosen.page > 1 else ""
    after = chosen.but(page=chosen.page + 1).address if chosen.page < count else ""
    return before, after, count


def _language(code: str, locale: Locale) -> str:
    return str(locale.languages.get(code, code))


def _toggled(chosen: Filter, name: str, value: str | None) -> Filter:
    told = value or UNKNOWN
    return chosen.but(**{name: "" if getattr(chosen, name) == told else told})


def _starts(first: date, last: date, step: Step) -> list[date]:
    found, start = [], _start(first, step)
    while start <= last:
        found.append(start)
        start = _end(start, step) + timedelta(days=1)
    return found


def _start(day: date, step: Step) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def _end(start: date, step: Step) -> date:
    if step == "week":
        return start + timedelta(days=6)
    if step == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return start


def _period(start: date, step: Step, words: Words) -> str:
    if step == "month":
        return words.day(start, form="MMMM y")
    if step == "week":
        return words.say("week of {day}", day=words.day(start))
    return words.day(start)


def _mark(start: date, step: Step, words: Words) -> str:
    return words.day(start, form="MMM y") if step == "month" else words.short_day(start)
