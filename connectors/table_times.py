"""Times as tables hold them: seconds, numbers of days, a day and an hour in two cells, or words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from connectors.dates import read_time, year_first
from pipeline.errors import ConfigError

_EPOCH: Final = re.compile(r"(\d{9,10}|\d{12,13})(?:\.\d+)?")
_SERIAL: Final = re.compile(r"[345]\d{4}(?:[.,]\d+)?")
_FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001
"""Spreadsheets number the days from here, in no zone; five digits are nothing else."""
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s*\S{1,6})?")


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
    """
    is_day = ":" not in text and _CLOCK.fullmatch(clock)
    whole = _one(f"{text} {clock}", zone, now, time_format) if is_day else None
    return whole or _one(text, zone, now, time_format)


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
    return read_time(year_first(text), now, zone)
