"""Opening hours and public holidays: when a company's desk answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import holidays

WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
OFFICE: Final[Mapping[str, tuple[time, time]]] = {
    **{day: (time(8, 30), time(18, 0)) for day in WEEKDAYS[:5]},
    "saturday": (time(10, 0), time(16, 0)),
}


class Desk:
    """A calendar of opening hours in one time zone; closed on the country's public holidays."""

    def __init__(
        self, opening: Mapping[str, tuple[time, time]], timezone: str, country: str = "NL"
    ) -> None:
        self._opening = opening
        self._zone = ZoneInfo(timezone)
        self._holidays = holidays.country_holidays(country)

    def stretch(self, day: date) -> tuple[datetime, datetime] | None:
        """Opening and closing instant of a day in the zone; None when closed."""
        hours = self._opening.get(WEEKDAYS[day.weekday()])
        if hours is None or day in self._holidays:
            return None
        begin, end = (datetime.combine(day, each, self._zone) for each in hours)
        return begin, end

    def add_open_minutes(self, start: datetime, minutes: float) -> datetime:
        """The instant at which ``minutes`` of open time have passed since ``start``."""
        left = timedelta(minutes=minutes)
        day = start.astimezone(self._zone).date()
        while True:
            stretch = self.stretch(day)
            if stretch is not None:
                begin, end = (each.astimezone(start.tzinfo) for each in stretch)
                begin = max(begin, start)
                if begin + left <= end:
                    return begin + left
                left -= max(end - begin, timedelta(0))
            day += timedelta(days=1)

    def open_seconds(self, start: datetime, end: datetime) -> float:
        """Open time between two instants."""
        total = 0.0
        day = start.astimezone(self._zone).date()
        last = end.astimezone(self._zone).date()
        while day <= last:
            stretch = self.stretch(day)
            if stretch is not None:
                begin, close = (each.astimezone(start.tzinfo) for each in stretch)
                total += max((min(close, end) - max(begin, start)).total_seconds(), 0.0)
            day += timedelta(days=1)
        return total
