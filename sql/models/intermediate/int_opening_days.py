"""Grain: one row per day on which a question waited: when the desk opens and closes (UTC)."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pyarrow as pa

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SCHEMA = pa.schema(
    [
        ("opening_date", pa.date32()),
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
    zone = ZoneInfo(settings["timezone"])
    country = settings["holidays_country"]
    free = holidays.country_holidays(country) if country else {}
    days = [
        watched["first_day"] + timedelta(days=number)
        for number in range((watched["last_day"] - watched["first_day"]).days + 1)
    ]
    closed_or = [
        "closed" if day in free else hours.get(WEEKDAYS[day.weekday()], "closed") for day in days
    ]
    opened = [stretch(day, told, zone) for day, told in zip(days, closed_or, strict=True)]
    return pa.Table.from_pylist(opened, schema=SCHEMA)


def rows(relation):
    """The rows of a small relation, whatever engine holds it, as dictionaries."""
    return pa.table(relation.to_arrow_table()).to_pylist()


def stretch(day, hours, zone):
    """One day: `08:30-18:00`, or closed, which opens and closes at midnight."""
    begin, _, end = ("00:00-00:00" if hours == "closed" else hours).partition("-")
    return {
        "opening_date": day,
        "opens_at": moment(day, begin, zone),
        "closes_at": moment(day, end, zone),
    }


def moment(day, clock, zone):
    """A time of day in a zone; 24:00 is the next midnight."""
    hour, _, minute = clock.partition(":")
    later = timedelta(days=1) if hour == "24" else timedelta(0)
    return datetime(day.year, day.month, day.day, int(hour) % 24, int(minute), tzinfo=zone) + later
