"""Times in UTC: those of APIs, and those that feeds write, read strictly and never guessed.

Feeds write RFC 822, ISO 8601 and, against both, the month names of their own language. A zone that
is named is honoured (CEST is two hours), a day that does not exist is none, and a time that cannot
be meant (before 1990, after tomorrow) is unknown. A clock time without a zone is read in the zone
that the feed states elsewhere, else it is unknown; a date without a clock time is the start of its
day.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Annotated, Any, Final, overload

import msgspec

from pipeline.errors import PayloadError
from pipeline.meant import AHEAD, EARLIEST

MAX_CHARACTERS: Final = 80
_FARTHEST: Final = timedelta(hours=14)
"""No clock is farther from UTC."""
_MONTH_NAMES: Final = (
    "jan january januari januar janvier janv gennaio gen janeiro enero ene janner jaenner",
    "feb february februari februar fevrier fevr fev febbraio fevereiro febrero",
    "mar march maart mrt marz maerz mrz mars marzo marco",
    "apr april avril avr aprile abril abr",
    "may mei mai maggio mag maio mayo",
    "jun june juni juin giugno giu junho junio",
    "jul july juli juillet juil luglio lug julho julio",
    "aug august augustus aout agosto ago",
    "sep sept september septembre settembre set setembro septiembre setiembre",
    "oct october oktober okt octobre ottobre ott outubro out octubre",
    "nov november novembre novembro noviembre",
    "dec december dezember dez decembre dicembre dic dezembro diciembre",
)
_MONTHS: Final = {
    name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()
}
_ZONES: Final[dict[str, float]] = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0),
    **dict.fromkeys(("bst", "west", "cet", "met", "mez"), 1),
    **dict.fromkeys(("cest", "mest", "mesz", "eet"), 2),
    **dict.fromkeys(("eest", "msk", "trt"), 3),
    "nst": -3.5,
    "ndt": -2.5,
    "ast": -4,
    "adt": -3,
    "brt": -3,
    "art": -3,
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "akst": -9,
    "akdt": -8,
    "hst": -10,
    "hkt": 8,
    "sgt": 8,
    "awst": 8,
    "jst": 9,
    "kst": 9,
    "acst": 9.5,
    "aest": 10,
    "acdt": 10.5,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
}
_CLOCK: Final = (
    r"(?P<hour>\d{1,2})(?::|h)(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?|\s+uhr)?"
)
_ZONE: Final = r"(?P<zone>(?:ut|utc|gmt)?\s?[+-]\d{1,2}(?::?\d{2})?|[a-z]{1,5})(?:\s+\([^()]*\))?"
_ISO: Final = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})"
    r"(?:(?:t|,?\s+)(?P<hour>\d{2}|\d(?=:)):?(?P<minute>\d{2})"
    r"(?::?(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    rf"(?:\s*{_ZONE})?)?"
)
_WEEKDAY: Final = r"(?:[^\W\d_]{2,12}(?:-feira)?\.?(?:,\s*|\s+))?"
_YEAR: Final = r"(?P<year>\d{4}|\d{2})"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|o|a|\.)?"
_MONTH: Final = r"(?P<month>[^\W\d_]{3,10})\.?"
_JOIN: Final = r"(?:\s+de)?[\s-]+"
_AT: Final = r"(?:,?\s+(?:(?:at|om|um|kl\.?|a|alle|ore|as)\s+)?"
_DAY_FIRST: Final = re.compile(
    rf"{_WEEKDAY}{_DAY}{_JOIN}{_MONTH},?{_JOIN}{_YEAR}{_AT}{_CLOCK}(?:\s*{_ZONE})?)?"
)
_MONTH_FIRST: Final = re.compile(
    rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}{_AT}{_CLOCK}(?:\s*{_ZONE})?)?"
)
_UNIX: Final = re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}(?:\s+{_ZONE})?\s+{_YEAR}")
_FORMS: Final = (_ISO, _DAY_FIRST, _MONTH_FIRST, _UNIX)
_NUMBERS: Final = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(.*)")
_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(.*)")
_OFFSET: Final = re.compile(
    r"(?:ut|utc|gmt)?\s?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?"
)


def read_time(text: str | None, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """The time that ``text`` says, in UTC; None when it says none, or none that can be meant.

    Args:
        text: as the feed wrote it.
        now: when the feed was read; a time more than a day later cannot be meant.
        zone: what the feed uses elsewhere, for times that name none.
    """
    if not text:
        return None
    moment = _as_apis_write(text)
    if moment is None:
        found = _match(text)
        moment = None if found is None else _moment(found, zone)
    is_meant = moment is not None and EARLIEST <= moment <= now + AHEAD
    return moment if is_meant else None


def _as_apis_write(text: str) -> datetime | None:
    """The time in the one form that needs no patterns; None for all others, which may be times too.

    Longer ones may have more decimals than a time holds.
    """
    if not len("2026-01-01T00:00:00Z") <= len(text) <= len("2026-01-01T00:00:00+01:00"):
        return None
    moment = time_of(text)
    away = moment.utcoffset() if moment else None
    return (
        moment.astimezone(UTC) if moment and away is not None and abs(away) <= _FARTHEST else None
    )


class _At(msgspec.Struct):
    """A place for one time: a shape that is known is converted to faster than a bare type."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]


def time_of(given: Any) -> datetime | None:
    """The time that an API gave, as far as it is one that names its zone; None for all else."""
    try:
        return msgspec.convert({"at": given}, _At).at
    except msgspec.ValidationError:
        return None


@overload
def in_utc(moment: datetime, where: str, zone: tzinfo | None = None) -> datetime: ...


@overload
def in_utc(moment: None, where: str, zone: tzinfo | None = None) -> None: ...


@overload
def in_utc(moment: datetime | None, where: str, zone: tzinfo | None = None) -> datetime | None: ...


def in_utc(moment: datetime | None, where: str, zone: tzinfo | None = None) -> datetime | None:
    """The time that an API gave at ``where`` in its payload, in UTC; None where it gave none.

    ``zone`` is what the API means where it names none.

    Raises:
        PayloadError: a time without a zone, or beyond all time.
    """
    if moment is None or moment.tzinfo is UTC:
        return moment
    zoned = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    if zoned.tzinfo is None:
        raise PayloadError("a time without a zone", where=where)
    try:
        return zoned.astimezone(UTC)
    except OverflowError as error:
        raise PayloadError("a time beyond all time", where=where) from error


def year_first(text: str) -> str:
    """A day in numbers with its year in front and in full, as ``2011-02-04``; others stay.

    ``4-2-2011`` is in February; between strokes the year must be first: ``4/2/2011`` is two days.
    """
    if found := _NUMBERS.fullmatch(text):
        day, month, year, rest = found.groups()
    elif found := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, rest = found.groups()
    else:
        return text
    return f"{year}-{int(month):02}-{int(day):02}{rest}"


def until_midnight(now: datetime) -> float:
    """Seconds until the day ends in UTC, when many platforms count anew."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=1) - now).total_seconds()


def zone_of(text: str | None) -> tzinfo | None:
    """The zone that a time names, or None."""
    found = _match(text)
    return None if found is None or found["zone"] is None else _zone(found["zone"])


def _match(text: str | None) -> re.Match[str] | None:
    if not text or len(text) > MAX_CHARACTERS:
        return None
    folded = _folded(text)
    return next((found for form in _FORMS if (found := form.fullmatch(folded))), None)


def _folded(text: str) -> str:
    """Lower case, accents off, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in bare if not unicodedata.combining(char)).split())


def _moment(found: re.Match[str], feed_zone: tzinfo | None) -> datetime | None:
    parts = found.groupdict()
    named = parts["month"]
    month = int(named) if named.isdecimal() else _MONTHS.get(named)
    zone = _zone(parts["zone"]) if parts["zone"] else feed_zone
    if parts["zone"] is None and parts["hour"] is None:
        zone = zone or UTC
    hour = _hour(parts["hour"], parts.get("half"))
    if month is None or zone is None or hour is None:
        return None
    try:
        return datetime(
            _year(parts["year"]),
            month,
            int(parts["day"]),
            hour,
            int(parts["minute"] or 0),
            59 if parts["second"] == "60" else int(parts["second"] or 0),
            int((parts["part"] or "0").ljust(6, "0")[:6]),
            tzinfo=zone,
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _year(text: str) -> int:
    """A year of four digits, or of two as RFC 822 had them."""
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= 70 else 2000)


def _hour(text: str | None, half: str | None) -> int | None:
    hour = int(text or 0)
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if half == "p" else 0)


def _zone(text: str) -> tzinfo | None:
    """None for a zone whose meaning is not known (IST is three zones)."""
    offset = _OFFSET.fullmatch(text)
    if offset is None:
        hours = _ZONES.get(text)
        return None if hours is None else timezone(timedelta(hours=hours))
    away = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    if away > _FARTHEST:
        return None
    return timezone(-away if offset["sign"] == "-" else away)
