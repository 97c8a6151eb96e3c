"""What time a report is about: 28 days as seen from a night, a whole week, or a whole quarter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Self

import msgspec

from pipeline.report import Kind
from pipeline.report.words import Words, later

WINDOW_DAYS: Final = 28
WEEK_DAYS: Final = 7
STEPS_SHOWN: Final = 26
MONTHS_A_YEAR: Final = 12
MONTHS_A_QUARTER: Final = 3
_GRAINS: Final = {"night": "rolling_28d", "week": "week", "quarter": "quarter"}
_EYEBROWS: Final = {
    "night": later("Luister: report of the night"),
    "week": later("Luister: report of the week"),
    "quarter": later("Luister: report of the quarter"),
}
_LINES: Final = {
    "night": later("Today in five lines"),
    "week": later("The week in five lines"),
    "quarter": later("The quarter in five lines"),
}
_COURSES: Final = {
    "night": later("over the 28 days up to each date"),
    "week": later("week by week"),
    "quarter": later("month by month"),
}
_ENDS: Final = {
    "night": later("28 days up to"),
    "week": later("week up to"),
    "quarter": later("month up to"),
}
NO_TWO_WEEKS: Final = later("There are not two weeks with enough posts yet to draw a course.")
_TOO_SHORT: Final = {
    "night": NO_TWO_WEEKS,
    "week": NO_TWO_WEEKS,
    "quarter": later("There are not two months with enough posts yet to draw a course."),
}


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of report and its first and last day."""

    kind: Kind
    first: date
    last: date

    @classmethod
    def of_night(cls, last_day: date) -> Self:
        """The 28 days that end with ``last_day``."""
        return cls(kind="night", first=last_day - timedelta(days=WINDOW_DAYS - 1), last=last_day)

    @classmethod
    def around(cls, kind: Kind, day: date) -> Self:
        """The week or quarter that ``day`` lies in; for a night the 28 days up to it."""
        if kind == "night":
            return cls.of_night(day)
        if kind == "week":
            first = day - timedelta(days=day.weekday())
            return cls(kind=kind, first=first, last=first + timedelta(days=WEEK_DAYS - 1))
        first = date(day.year, day.month - (day.month - 1) % MONTHS_A_QUARTER, 1)
        last = months_later(first, MONTHS_A_QUARTER) - timedelta(days=1)
        return cls(kind=kind, first=first, last=last)

    @classmethod
    def ended(cls, kind: Kind, last_day: date) -> Self:
        """The newest one that is over when ``last_day`` is the newest day heard to its end."""
        span = cls.around(kind, last_day)
        return span if span.last <= last_day else cls.around(kind, span.first - timedelta(days=1))

    @property
    def grain(self) -> str:
        """What the scorecard calls such a period."""
        return _GRAINS[self.kind]

    @property
    def before(self) -> Span:
        """The one before it, as long."""
        return Span.around(self.kind, self.first - timedelta(days=1))

    @property
    def is_quoting(self) -> bool:
        """Whether words of posts may stand in its report.

        A report of a week or a quarter is kept as long as numbers are, so it holds numbers alone.
        """
        return self.kind == "night"

    @property
    def name(self) -> str:
        """What its file is called: ``2026-03-16``, ``2026-W11``, ``2026-Q1``; sorts by time."""
        if self.kind == "week":
            year, week, _ = self.first.isocalendar()
            return f"{year}-W{week:02}"
        if self.kind == "quarter":
            return f"{self.first.year}-Q{1 + self.first.month // MONTHS_A_QUARTER}"
        return self.last.isoformat()

    def course(self, first_day: date) -> tuple[str, list[tuple[date, date]]]:
        """Grain, first and last days of what is followed over time; the newest last.

        The windows of a night are a week apart, so that the newest is its own. Weeks and months
        are those that were heard from their first day; at most half a year of the former.

        Args:
            first_day: when collecting began.
        """
        if self.kind == "quarter":
            firsts = [months_later(self.first, each) for each in range(2 - MONTHS_A_YEAR, 3)]
            months = [(each, months_later(each, 1) - timedelta(days=1)) for each in firsts]
            return "month", [month for month in months if month[0] >= first_day] or months[-1:]
        weeks = [timedelta(weeks=number) for number in range(STEPS_SHOWN - 1, -1, -1)]
        pairs = [(self.first - ago, self.last - ago) for ago in weeks]
        begun = 1 if self.kind == "night" else 0
        return self.grain, [pair for pair in pairs if pair[begun] >= first_day] or pairs[-1:]

    def told(self, words: Words) -> str:
        """As a sentence says it: ``the last 28 days``, ``week 11``, ``the 1st quarter``."""
        if self.kind == "night":
            return words.say("the last 28 days")
        if self.kind == "week":
            return words.say("week {week}", week=str(self.first.isocalendar().week))
        return words.say("the {quarter}", quarter=words.day(self.first, form="QQQQ"))

    def named(self, words: Words) -> str:
        """What is told of, by its name and year: ``Week 11 of 2026``, ``1st quarter of 2026``."""
        if self.kind == "night":
            return words.day(self.last)
        if self.kind == "week":
            year, week, _ = self.first.isocalendar()
            return words.say("Week {week} of {year}", week=str(week), year=str(year))
        return words.say(
            "{quarter} of {year}",
            quarter=words.day(self.first, form="QQQQ"),
            year=str(self.first.year),
        )

    def told_before(self, words: Words) -> str:
        """The one before it, as a sentence says it."""
        return words.say("the 28 days before") if self.kind == "night" else self.before.told(words)

    def told_course(self, words: Words) -> str:
        """How its course goes: ``week by week``."""
        return words.say(_COURSES[self.kind])

    def told_ends(self, words: Words) -> str:
        """What stands above the last days of a course."""
        return words.say(_ENDS[self.kind])

    def told_too_short(self, words: Words) -> str:
        """Why there is no course yet."""
        return words.say(_TOO_SHORT[self.kind])

    def eyebrow(self, words: Words) -> str:
        """What kind of report this is."""
        return words.say(_EYEBROWS[self.kind])

    def heading(self, words: Words) -> str:
        """What stands above its five lines."""
        return words.say(_LINES[self.kind])


def months_later(first: date, months: int) -> date:
    """The first day of a month so many months after that of ``first``."""
    years, month = divmod(first.year * MONTHS_A_YEAR + first.month - 1 + months, MONTHS_A_YEAR)
    return date(years, month + 1, 1)
