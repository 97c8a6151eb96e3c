"""Times as tables hold them: seconds, numbers of days, a day and an hour in two cells, or words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from connectors.dates import MAX_CHARACTERS, read_time, year_first
from pipeline.errors import ConfigError, PayloadError

_EPOCH: Final = re.compile(r"(\d{9,10}|\d{12,13})(?:\.\d+)?")
_SERIAL: Final = re.compile(r"[345]\d{4}(?:[.,]\d+)?")
_FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001
"""Spreadsheets number the days from here, in no zone; five digits are nothing else."""
_HALF: Final = r"(?:(?:uur|u|h)\b|(?P<half>[ap])\.?m\b\.?)"
_CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2})"
    r"(?:\s?[:.uh]\s?(?P<minute>\d{2})(?:[:.](?P<second>\d{2}(?:[.,]\d{1,9})?))?"
    rf"|(?=\s*{_HALF.replace('?P<half>', '?:')}$))"
    rf"\s*{_HALF}?\s*(?P<zone>\S{{0,6}})",
    re.IGNORECASE,
)
_PART: Final = re.compile(r"0(?:[.,]\d+)?")
_LONG_PART: Final = re.compile(r"0(?:,\d+|\.\d|\.\d{3,})")
"""A part of a day that is no clock: ``0.38`` beside a written day is just after midnight."""
_MIDNIGHT: Final = re.compile(
    r"[T ]0?0:00(?::00(?:[.,]0{1,9})?)?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?$", re.IGNORECASE
)
"""How programs fill up a day to a time; whoever gives the hour beside it means no midnight."""
_NO_DAY: Final = re.compile(
    r"(?:1899-12-3[01]|1900-01-0[01]|1904-01-01|3[01]-12-1899|0?1-0?1-1900)[T ]+", re.IGNORECASE
)
"""The day that spreadsheets and programs put before an hour of no day."""
_IN_FOUR: Final = re.compile(r"0\d[0-5]\d")
"""``0930``: no number begins so; ``2107`` may be anything."""
_LATEST: Final = re.compile(r"24[:.]?00(?:[:.]00)?(?:\s?(?:uur|u|h))?", re.IGNORECASE)
"""The end of the day, which is the beginning of the next."""
_DAY_AND_HOUR: Final = re.compile(
    r"(?P<day>.*\d)(?:T|,?\s+(?:(?:om|at|um)\s+)?)(?P<hour>\d{1,2}\s?[:.uh]\s?\d{2}\b.*|\d{1,2}\s?(?:uur|u|h))",
    re.IGNORECASE,
)
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
"""With full stops between, the day comes first in every country."""
_SHORT_YEAR: Final = re.compile(r"(?<=\s)['’](\d{2})(?!\d)")
_HOURS: Final = re.compile(r"%[-#]?[HIcXTRsfp]")


@lru_cache
def zone_called(name: str) -> tzinfo:
    """The time zone of that name.

    Raises:
        ConfigError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(f"no such time zone: {name}", where="options.timezone") from error


def time_of(
    text: str, zone: tzinfo, now: datetime, *, clock: str = "", time_format: str | None = None
) -> datetime | None:
    """The time that a cell tells, in UTC; None when it tells none.

    Args:
        text: what stands in the cell.
        zone: of times that name none.
        now: when the table was written; a time more than a day later cannot be meant.
        clock: what stands in a cell beside it, the hour where the first holds only the day.
        time_format: how times are written, as for ``strptime``.

    Raises:
        PayloadError: the cell holds only the day, and what stands beside it is no hour.
    """
    if clock and time_format and (whole := _one(f"{text} {clock}", zone, now, time_format)):
        return whole
    moment = _one(text, zone, now, time_format)
    bare = _MIDNIGHT.sub("", text) if clock and time_format is None else text
    start = moment if bare == text else _one(bare, zone, now, time_format)
    if moment is None or start is None or not clock:
        return moment
    local = start.astimezone(zone)
    if not _is_day(bare, local, time_format):
        return moment
    is_number = bool(_SERIAL.fullmatch(text))
    whole = _at(local.replace(tzinfo=None), clock, zone, now, is_number=is_number)
    if whole is None and bare == text:
        raise PayloadError(f"{clock!r} is not an hour that is understood, beside the day {text!r}")
    return whole or moment


def _is_day(text: str, local: datetime, time_format: str | None) -> bool:
    if time_format is not None:
        return not _HOURS.search(time_format)
    is_midnight = (local.hour, local.minute, local.second) == (0, 0, 0)
    return is_midnight and ":" not in text and not _EPOCH.fullmatch(text)


def _at(
    day: datetime, clock: str, zone: tzinfo, now: datetime, *, is_number: bool
) -> datetime | None:
    """A day with its hour: a clock, a part of the day, or a time that names the day again."""
    clock = _NO_DAY.sub("", clock)
    if _LATEST.fullmatch(clock):
        return read_time((day + timedelta(days=1)).isoformat(), now, zone)
    if _IN_FOUR.fullmatch(clock):
        clock = f"{clock[:2]}:{clock[2:]}"
    if (_PART if is_number else _LONG_PART).fullmatch(clock):
        seconds = round(float(clock.replace(",", ".")) * 86_400)
        return read_time((day + timedelta(seconds=seconds)).isoformat(), now, zone)
    if told := _CLOCK.fullmatch(clock):
        hour = int(told["hour"])
        if told["half"]:
            hour = hour % 12 + 12 * (told["half"] in "pP") if 1 <= hour <= 12 else 24
        clock = f"{hour:02}:{told['minute'] or '00'}:{told['second'] or '00'}"
        return read_time(f"{day.date()} {clock} {told['zone']}".strip(), now, zone)
    again = _one(clock, zone, now, None) if ":" in clock else None
    is_same = again is not None and again.astimezone(zone).date() == day.date()
    return again if is_same else None


def _one(text: str, zone: tzinfo, now: datetime, time_format: str | None) -> datetime | None:
    if time_format is not None:
        try:
            moment = datetime.strptime(text, time_format)  # noqa: DTZ007
        except ValueError:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    if epoch := _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(epoch[1]) > 10 else 1)
        return datetime.fromtimestamp(seconds, tz=UTC)
    if _SERIAL.fullmatch(text):
        seconds = round(float(text.replace(",", ".")) * 86_400)
        text = (_FIRST_DAY + timedelta(seconds=seconds)).isoformat()
    text = _DOTTED.sub(r"\1-\2-\3", _SHORT_YEAR.sub(r"\1", text))
    return read_time(year_first(text), now, zone) or _in_one_cell(text, zone, now)


def _in_one_cell(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    """A day and an hour that is not written as in other times: ``4-2-2026 9u30``, ``24:00``."""
    found = _DAY_AND_HOUR.fullmatch(text) if len(text) <= MAX_CHARACTERS else None
    start = read_time(year_first(found["day"]), now, zone) if found else None
    if found is None or start is None:
        return None
    local = start.astimezone(zone)
    if not _is_day(found["day"], local, None):
        return None
    return _at(local.replace(tzinfo=None), found["hour"], zone, now, is_number=False)
