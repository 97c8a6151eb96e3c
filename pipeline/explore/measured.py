"""What the page of comparisons shows: measures of two sides, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from pipeline.explore.comparing import Comparison, Side
from pipeline.explore.published import About
from pipeline.explore.views import Choice, Option
from pipeline.report.shown import platform as shown_platform
from pipeline.report.words import Words, named

MOST_BESIDE: Final = 6


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One measure on both sides."""

    name: str
    definition: str
    one: str
    one_more: str
    other: str
    other_more: str
    difference: str
    difference_more: str
    is_sure: bool


def lines(found: list[Comparison], words: Words) -> list[Line]:
    """A line for each measure."""
    return [
        Line(
            name=each.measure.name,
            definition=_sentence(each.measure.definitions[words.language]),
            one=value(each.measure.unit, each.one, words),
            one_more=more(each.measure.unit, each.one, words),
            other=value(each.measure.unit, each.other, words),
            other_more=more(each.measure.unit, each.other, words),
            difference=_difference(each, words),
            difference_more=_range(each, words),
            is_sure=each.is_sure,
        )
        for each in found
    ]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def beside(one: Side, about: About, words: Words) -> list[Option]:
    """Addresses that put each other organisation beside this one, over the same period."""
    period = f"{one.grain}:{one.start.isoformat()}"
    found = []
    for name in about.organisations:
        if name != one.organisation:
            asked = {"one": one.organisation, "one_period": period}
            asked |= {"other": name, "other_period": period}
            label = words.say(
                "{one} beside {other}", one=named(one.organisation), other=named(name)
            )
            found.append(Option(value=urlencode(asked), label=label, is_chosen=False))
    return found[:MOST_BESIDE]


def side_name(side: Side, words: Words) -> str:
    """Whose scorecard over when: ``Havenvonk, oktober 2026``."""
    return f"{named(side.organisation)}, {period_name(side.grain, side.start, words)}"


def period_name(grain: str, start: date, words: Words) -> str:
    """What a period of the scorecard is called."""
    if grain == "all":
        return words.say("the whole time")
    if grain == "month":
        return words.day(start, form="MMMM y")
    if grain == "quarter":
        return words.day(start, form="QQQQ y")
    return words.say("week of {day}", day=words.day(start))


def side_choices(
    prefix: str, side: Side, about: About, known: list[tuple[str, date]], words: Words
) -> list[Choice]:
    """The two lists that make a side."""
    return [
        Choice(
            name=prefix,
            title=words.say("Organisation"),
            options=tuple(
                Option(value=name, label=named(name), is_chosen=name == side.organisation)
                for name in about.organisations
            ),
        ),
        Choice(
            name=f"{prefix}_period",
            title=words.say("Period"),
            options=tuple(
                Option(
                    value=f"{grain}:{start.isoformat()}",
                    label=period_name(grain, start, words),
                    is_chosen=(grain, start) == (side.grain, side.start),
                )
                for grain, start in known
            ),
        ),
    ]


def platform_choice(platform: str, about: About, words: Words) -> Choice:
    """All platforms, or one."""
    return Choice(
        name="platform",
        title=words.say("Platform"),
        options=tuple(
            Option(
                value=value,
                label=words.say("all") if value == "all" else shown_platform(value, words),
                is_chosen=value == platform,
            )
            for value in ("all", *about.platforms)
        ),
    )


def value(unit: str, row: Mapping[str, Any] | None, words: Words) -> str:
    """The value of a measure, or why it is not shown."""
    if row is None or (row["value"] is None and not row["too_few"]):
        return "–"
    if row["too_few"]:
        return words.say("too few")
    return amount(unit, row["value"], words)


def amount(unit: str, number: float, words: Words) -> str:
    """A number of a unit: a share as a percentage, seconds as a duration."""
    if unit == "share":
        return words.share(round(number, 9))
    if unit == "seconds":
        return words.duration(number)
    return words.number(number) if unit == "count" else words.number(number, 2)


def more(unit: str, row: Mapping[str, Any] | None, words: Words) -> str:
    """Interval and n of a value, as far as there are any."""
    if row is None or row["denominator"] is None:
        return ""
    count = words.say("n = {count}", count=words.number(row["denominator"]))
    if row["too_few"] or row["value"] is None or row["low"] is None or row["high"] is None:
        return count
    low, high = (amount(unit, row[name], words) for name in ("low", "high"))
    return f"{words.say('{low} to {high}', low=low, high=high)}, {count}"


def _difference(each: Comparison, words: Words) -> str:
    if each.difference is None:
        return "–"
    if each.measure.unit == "share":
        return words.say("{points} points", points=words.signed(100 * each.difference, 1))
    if each.measure.unit == "seconds":
        sign = "+" if each.difference > 0 else "−" if each.difference < 0 else ""
        return f"{sign}{words.duration(abs(each.difference))}"
    return words.signed(each.difference, 0 if each.measure.unit == "count" else 2)


def _range(each: Comparison, words: Words) -> str:
    if each.low is None or each.high is None:
        return ""
    digits, times = (1, 100) if each.measure.unit == "share" else (2, 1)
    return words.say(
        "{low} to {high}",
        low=words.signed(times * each.low, digits),
        high=words.signed(times * each.high, digits),
    )
