"""Feeds write times in many ways; what is not surely a time is unknown."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.dates import in_utc, read_time, until_midnight, year_first, zone_of
from pipeline.errors import PayloadError

NOW = datetime(2026, 12, 1, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("Tue, 24 Nov 2026 19:46:21 +0000", "2026-11-24T19:46:21Z"),
        ("Tue,24 Nov 2026 19:46:21 GMT", "2026-11-24T19:46:21Z"),
        ("Mon, 14 Jul 26 10:00 EDT", "2026-07-14T14:00:00Z"),
        ("Wed, 19 jan 2026 00:00:00 GMT", "2026-01-19T00:00:00Z"),
        ("Fri, 31 May 2019 12:17:58 -0700 (PDT)", "2019-05-31T19:17:58Z"),
        ("Sun, 06 Nov 1994 08:49:60 GMT", "1994-11-06T08:49:59Z"),
        ("2026-11-24T19:46:21.123456789Z", "2026-11-24T19:46:21.123456Z"),
        ("2019-05-31T12:00+02", "2019-05-31T10:00:00Z"),
        ("20261124T194621Z", "2026-11-24T19:46:21Z"),
        ("2026-11-24 9:46 +0100", "2026-11-24T08:46:00Z"),
        ("2026-11-24, 19:46:21 UTC", "2026-11-24T19:46:21Z"),
        ("May 31, 2019 2:05 PM PST", "2019-05-31T22:05:00Z"),
        ("Wed Jan 19 00:00:00 CET 2026", "2026-01-18T23:00:00Z"),
        ("Thu, 3 Sep 2026 10:00 GMT+0200", "2026-09-03T08:00:00Z"),
    ],
)
def test_the_usual_forms(text: str, utc: str) -> None:
    assert read_time(text, NOW) == datetime.fromisoformat(utc)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("10 juli 2026 10:00 CEST", "2026-07-10T08:00:00Z"),
        ("di 3 maart 2026 10:00 CET", "2026-03-03T09:00:00Z"),
        ("2026-10-25 02:30 CET", "2026-10-25T01:30:00Z"),
        ("2026-10-25 02:30 CEST", "2026-10-25T00:30:00Z"),
        ("mer, 16 nov 2022 10:00:00 +0100", "2022-11-16T09:00:00Z"),
        ("mar, 16 mar 2021 10:00:00 +0100", "2021-03-16T09:00:00Z"),
        ("mardi 3 août 2025 à 14h05 CEST", "2025-08-03T12:05:00Z"),
        ("Seg, 24 Set 2018 19:42:40 -0300", "2018-09-24T22:42:40Z"),
        ("quarta-feira, 1 de maio de 2024 10:00 -0300", "2024-05-01T13:00:00Z"),
        ("15. März 2024 um 12:00 Uhr MEZ", "2024-03-15T11:00:00Z"),
        ("3 gennaio 2024 12:00 +0100", "2024-01-03T11:00:00Z"),
    ],
)
def test_months_and_zones_of_our_neighbours(text: str, utc: str) -> None:
    assert read_time(text, NOW) == datetime.fromisoformat(utc)


@pytest.mark.fault(26)
@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "1725703200",
        "2026-02-30",
        "31 Feb 2026 10:00 GMT",
        "2026",
        "2026-05",
        "0000-00-00 00:00:00",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 1 Jan 2038 00:00:00 GMT",
        "Fri, 31 May 2019 25:00:00 GMT",
        "Fri, 31 May 2019 13:00 PM GMT",
        "Mon, 10 Dec 2018 18:02:06 +9900",
        "Tue, 10 Jun 2003 04:00:00 IST",
        "03/04/2026 10:00 GMT",
        "2026-11-24 19:46:21",
        "Tue, 24 Nov 2026 19:46:21",
    ],
)
def test_what_is_not_surely_a_time_is_unknown(text: str | None) -> None:
    assert read_time(text, NOW) is None


def test_a_clock_without_zone_is_read_in_the_zone_of_the_feed() -> None:
    new_york = timezone(timedelta(hours=-5))
    assert read_time("Sat, Dec 16 2023 02:02:33 PM", NOW, new_york) == datetime(
        2023, 12, 16, 19, 2, 33, tzinfo=UTC
    )


def test_a_day_without_clock_begins_at_its_start() -> None:
    assert read_time("2024-01-15", NOW) == datetime(2024, 1, 15, tzinfo=UTC)
    amsterdam = timezone(timedelta(hours=1))
    assert read_time("15 januari 2024", NOW, amsterdam) == datetime(2024, 1, 14, 23, tzinfo=UTC)


@pytest.mark.fault(26)
def test_tomorrow_can_be_meant_but_not_the_day_after() -> None:
    assert read_time("2026-12-02T04:00:00Z", NOW) is not None
    assert read_time("2026-12-02T04:30:00Z", NOW) is None


def test_the_zone_that_a_time_names() -> None:
    zone = zone_of("Sat, 16 Dec 2023 15:23:50 -0500")
    assert zone is not None
    assert zone.utcoffset(None) == timedelta(hours=-5)
    assert zone_of("Sat, 16 Dec 2023 15:23:50") is None
    assert zone_of(None) is None


@given(st.integers(700_000_000, 1_790_000_000), st.integers(-14 * 60, 14 * 60))
def test_what_is_written_by_the_book_is_read_back(epoch: int, minutes: int) -> None:
    moment = datetime.fromtimestamp(epoch, timezone(timedelta(minutes=minutes)))
    assert read_time(moment.strftime("%a, %d %b %Y %H:%M:%S %z"), NOW) == moment
    assert read_time(moment.isoformat(), NOW) == moment


@pytest.mark.fault(26)
@given(st.text(alphabet="0123456789 :-+,.TZjanmeiCETde", max_size=40))
def test_any_text_is_a_meant_time_or_unknown(text: str) -> None:
    found = read_time(text, NOW)
    assert found is None or datetime(1990, 1, 1, tzinfo=UTC) <= found <= NOW + timedelta(days=1)


def test_the_time_of_an_api_is_in_utc_or_an_error() -> None:
    at = datetime.fromisoformat("2026-07-01T12:00:00")
    amsterdam = timezone(timedelta(hours=2))
    assert in_utc(None, "$.at") is None
    assert in_utc(at.replace(tzinfo=amsterdam), "$.at") == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert in_utc(at, "$.at", UTC) == at.replace(tzinfo=UTC)
    with pytest.raises(PayloadError, match="without a zone"):
        in_utc(at, "$.at")
    with pytest.raises(PayloadError, match="beyond all time"):
        in_utc(datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), "$.at")


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("4-2-2011 21:07", "2011-02-04 21:07"),
        ("2011-02-04", "2011-02-04"),
        ("2011/2/4 21:07", "2011-02-04 21:07"),
        ("2011-2-4", "2011-02-04"),
        ("4/2/2011", "4/2/2011"),
        ("4 feb", "4 feb"),
    ],
)
def test_a_day_that_comes_first_is_put_last(text: str, turned: str) -> None:
    assert year_first(text) == turned


def test_a_day_ends_at_midnight_in_utc() -> None:
    assert until_midnight(NOW.replace(hour=23, minute=30)) == 1800
    assert until_midnight(NOW.replace(hour=0, minute=0)) == 86400
