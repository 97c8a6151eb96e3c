"""Grain: one row per opening_date and opens_at: when the desk opens and closes, in UTC.

Hours that run on after midnight belong to the day on which they begin: a holiday, or a day without
hours, has none of its own, and the desk of the evening before still closes when it would.
"""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pyarrow as pa

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONE_DAY = timedelta(days=1)
SCHEMA = pa.schema(
    [
        ("opening_date", pa.date32()),
        ("told_from", pa.timestamp("us", tz="UTC")),
        ("told_until", pa.timestamp("us", tz="UTC")),
        ("opens_at", pa.timestamp("us", tz="UTC")),
        ("closes_at", pa.timestamp("us", tz="UTC")),
    ]
)


def model(dbt, session):
    """The days from the first question to the newest moment collected, holidays closed."""
    dbt.config(materialized="table")
    settings = rows(dbt.ref("stg_settings"))[0]
    watched = rows(dbt.ref("int_question_days"))[0]
    hours = json.loads(settings["opening_hours"] or "{}")
    if watched["first_day"] is None or not hours:
        return SCHEMA.empty_table()
    country = settings["holidays_country"]
    free = holidays.country_holidays(country) if country else {}
    zone = ZoneInfo(settings["timezone"])
    opened = calendar(watched["first_day"], watched["last_day"], hours, free, zone)
    return pa.Table.from_pylist(opened, schema=SCHEMA)


def rows(relation):
    """The rows of a small relation, whatever engine holds it, as dictionaries."""
    return pa.table(relation.to_arrow_table()).to_pylist()


def calendar(first_day, last_day, hours, free, zone):
    """The rows of all days from a first to a last one; the evening before the first may run on."""
    found = []
    day, before = first_day, begun_on(first_day - ONE_DAY, hours, free, zone)
    while day <= last_day:
        begun = begun_on(day, hours, free, zone)
        found += rows_of(day, [*before, *begun], zone)
        day, before = day + ONE_DAY, begun
    return found


def begun_on(day, hours, free, zone):
    """Opening and closing moments of the stretches that begin on a day, the last maybe after it."""
    told = "closed" if day in free else hours.get(WEEKDAYS[day.weekday()], "closed")
    stretches = [] if told == "closed" else [each.strip().split("-") for each in told.split(",")]
    return [
        (moment(day, begin, zone), moment(day + ONE_DAY if end <= begin else day, end, zone))
        for begin, end in stretches
    ]


def rows_of(day, stretches, zone):
    """What of the stretches lies in a day; where nothing does, it opens and closes at midnight."""
    midnight, next_midnight = moment(day, "00:00", zone), moment(day, "24:00", zone)
    inside = apart(
        (max(opens, midnight), min(closes, next_midnight)) for opens, closes in stretches
    ) or [(midnight, midnight)]
    # a warehouse whose list of time zones is older than ours may put its midnight elsewhere
    ends = midnight - ONE_DAY, next_midnight + ONE_DAY
    bounds = [ends[0], *(opens for opens, _ in inside[1:]), ends[1]]
    return [
        {
            "opening_date": day,
            "told_from": bounds[place],
            "told_until": bounds[place + 1],
            "opens_at": opens,
            "closes_at": closes,
        }
        for place, (opens, closes) in enumerate(inside)
    ]


def apart(stretches):
    """Stretches in order, those that touch or overlap as one, without those that have no time."""
    found = []
    for opens, closes in sorted(stretches):
        if opens >= closes:
            continue
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return found


def moment(day, clock, zone):
    """A time of day in a zone, as UTC; 24:00 is the next midnight."""
    hour, _, minute = clock.partition(":")
    date = day + ONE_DAY if hour == "24" else day
    local = datetime(date.year, date.month, date.day, int(hour) % 24, int(minute), tzinfo=zone)
    return local.astimezone(UTC)
