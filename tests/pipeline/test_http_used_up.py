"""A limit that an answer says is used up is heeded before it is broken."""

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exchange import used_up_for
from pipeline.http import HttpSettings
from pipeline.pace import Pace
from pipeline.source import Reply
from tests.misbehaving import Behaviour, Misbehaving, answer
from tests.pipeline.http_client import client_of

NOW = datetime(2026, 11, 24, 4, 15, tzinfo=UTC)


class Time:
    """A clock that goes forward only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def pace(self) -> Pace:
        return Pace(clock=lambda: self.now, sleep=self.sleep)


def left(requests: int, seconds: float, status: int = 200) -> Behaviour:
    told = {"X-RateLimit-Remaining": str(requests), "X-RateLimit-Reset": str(seconds)}
    return answer(status, b"[]", told)


def test_the_next_request_waits_until_the_limit_is_lifted(server: Misbehaving) -> None:
    time = Time()
    url = server.on("/", left(1, 90), left(0, 90), left(299, 300))
    with client_of(pace=time.pace()) as client:
        client.get(url)
        client.get(url)
        assert time.now == 0
        client.get(url)
    assert time.now == 90
    assert client.usage.rate_limited_seconds == 90
    assert client.usage.retries == 0


def test_so_do_other_sources_on_the_same_host_but_no_other_host(server: Misbehaving) -> None:
    time = Time()
    pace = time.pace()
    with Misbehaving() as other, client_of(pace=pace) as first, client_of(pace=pace) as second:
        first.get(server.on("/", left(0, 90)))
        second.get(other.on("/", answer()))
        assert time.now == 0
        second.get(server.on("/other", answer()))
    assert time.now == 90
    assert second.usage.rate_limited_seconds == 90


def test_an_answer_that_is_expected_uses_a_limit_up_as_well(server: Misbehaving) -> None:
    time = Time()
    with client_of(pace=time.pace()) as client:
        client.get(server.on("/deleted", left(0, 90, status=404)), expect=(404,))
        client.get(server.on("/", answer()))
    assert time.now == 90


def test_a_reset_far_away_stops_us_no_longer_than_allowed(server: Misbehaving) -> None:
    time = Time()
    url = server.on("/", left(0, 900_000_000), answer(200, b"ok"))
    with client_of(pace=time.pace(), settings=HttpSettings(max_retry_after_seconds=60)) as client:
        client.get(url)
        assert client.get(url).body == b"ok"
    assert time.now == 60


def reply(status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(url="", status=status, headers=named, observed_at=NOW)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": "2026-11-24T04:16:00Z"}, 60),
        ({"ratelimit_remaining": "0", "ratelimit_reset": str(NOW.timestamp() + 60)}, 60),
        ({"x_rate_limit_remaining": "0", "x_rate_limit_reset": "60"}, 60),
        ({"x_ratelimit_remaining": "0.0", "x_ratelimit_reset": "60"}, 60),
        ({"x_ratelimit_remaining": "1", "x_ratelimit_reset": "60"}, None),
        ({"x_ratelimit_remaining": "0"}, None),
        ({"x_ratelimit_reset": "60"}, None),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": "2026-11-24T04:14:00Z"}, None),
    ],
)
def test_it_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert used_up_for(reply(**headers)) == seconds


def test_who_was_refused_for_asking_too_much_is_told_by_the_error() -> None:
    assert used_up_for(reply(429, x_ratelimit_remaining="0", x_ratelimit_reset="60")) is None


@given(left=st.text(), reset=st.text())
def test_nonsense_is_no_wish(left: str, reset: str) -> None:
    seconds = used_up_for(reply(x_ratelimit_remaining=left, x_ratelimit_reset=reset))
    assert seconds is None or 0 < seconds < math.inf
