"""What waiting can cure is waited for; what it cannot is told at once."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import httpx
import pytest

from connectors import load
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.exchange import fault_of, reset_after, retry_after
from pipeline.http import HttpSettings
from pipeline.pace import Pace
from pipeline.source import Access, Reply
from tests.misbehaving import Misbehaving, answer, cut_off, html_instead, reset
from tests.pipeline.http_client import ATTEMPTS, PLATFORM, answering, client_of, still_pace

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def busy(**headers: str):
    return answer(
        429, b"slow down", {name.replace("_", "-"): text for name, text in headers.items()}
    )


@pytest.mark.fault(1)
def test_a_wish_in_seconds_is_waited_out_and_the_same_page_asked_again(server: Misbehaving) -> None:
    url = server.on("/page", busy(Retry_After="120"), answer(200, b"[]"))
    with client_of() as client:
        assert client.get(url, params={"max_id": 7}).body == b"[]"
    assert client.usage.rate_limited_seconds == 120
    assert client.usage.retries == 1
    assert server.paths() == ["/page?max_id=7"] * 2


@pytest.mark.fault(2)
def test_a_wish_as_a_date_is_waited_out(server: Misbehaving) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=500), usegmt=True)
    url = server.on("/", busy(Retry_After=later), answer())
    with client_of() as client:
        client.get(url)
    assert 400 < client.usage.rate_limited_seconds <= 500


@pytest.mark.fault(2)
@pytest.mark.parametrize("wish", ["Wed, 21 Oct 2015 07:28:00 GMT", "soon", "", "²", "-5", "0"])
def test_no_wish_for_the_future_means_a_normal_pause(server: Misbehaving, wish: str) -> None:
    url = server.on("/", busy(Retry_After=wish), answer(200, b"ok"))
    with client_of() as client:
        assert client.get(url).body == b"ok"
    assert client.usage.rate_limited_seconds == 0


@pytest.mark.fault(2)
@pytest.mark.parametrize("wish", ["901", "Fri, 24 Nov 2090 12:00:00 GMT"])
def test_a_wish_over_the_cap_ends_the_source_for_tonight(server: Misbehaving, wish: str) -> None:
    url = server.on("/", busy(Retry_After=wish), answer())
    with client_of() as client, pytest.raises(RateLimited) as error:
        client.get(url)
    assert error.value.seconds is not None
    assert error.value.seconds > 900
    assert len(server.asked) == 1
    assert client.usage.rate_limited_seconds == 0


def test_all_wishes_of_one_request_together_stay_under_the_cap(server: Misbehaving) -> None:
    url = server.on("/", busy(Retry_After="400"))
    with client_of() as client, pytest.raises(RateLimited):
        client.get(url)
    assert len(server.asked) == 3
    assert client.usage.rate_limited_seconds == 800


def test_only_what_was_waited_is_counted(server: Misbehaving) -> None:
    url = server.on("/", busy(Retry_After="10"))
    with client_of(attempts=2) as client, pytest.raises(RateLimited):
        client.get(url)
    assert client.usage.rate_limited_seconds == 10


@pytest.mark.fault(1)
def test_a_host_that_wants_rest_gets_it_from_all_sources(server: Misbehaving) -> None:
    url = server.on("/", busy(Retry_After="3600"))
    pace = still_pace()
    with client_of(pace=pace) as first, pytest.raises(RateLimited):
        first.get(url)
    with client_of(pace=pace) as second, pytest.raises(RateLimited) as error:
        second.get(server.url("/other"))
    assert error.value.seconds == 3600
    assert server.paths() == ["/"]
    assert second.usage.requests == 0


def test_one_who_was_told_to_wait_makes_others_wait_too(server: Misbehaving) -> None:
    waited: list[float] = []
    pace = Pace(clock=lambda: 0.0, sleep=waited.append)
    url = server.on("/", busy(Retry_After="60"))
    with client_of(pace=pace, attempts=1) as first, pytest.raises(RateLimited):
        first.get(url)
    server.on("/other", answer())
    with client_of(pace=pace) as second:
        second.get(server.url("/other"))
    assert waited == [60]
    assert second.usage.rate_limited_seconds == 60


@pytest.mark.fault(3)
@pytest.mark.parametrize("status", [500, 502, 503, 504, 522])
def test_a_burst_of_trouble_is_sat_out(server: Misbehaving, status: int) -> None:
    url = server.on("/", answer(status), answer(status), answer(200, b"well again"))
    with client_of() as client:
        assert client.get(url).body == b"well again"
    assert client.usage.retries == 2


@pytest.mark.fault(3)
def test_a_reset_connection_is_tried_again(server: Misbehaving) -> None:
    url = server.on("/", reset(), answer(200, b"well again"))
    with client_of() as client:
        assert client.get(url).body == b"well again"


@pytest.mark.fault(20)
def test_a_body_that_is_cut_off_is_dropped_whole_and_asked_again(server: Misbehaving) -> None:
    url = server.on("/", cut_off(b'{"half":', 100), answer(200, b'{"whole":1}'))
    with client_of() as client:
        assert client.get(url).body == b'{"whole":1}'


@pytest.mark.parametrize("behaviour", [answer(503), reset(), cut_off(b"half", 100)])
def test_trouble_without_end_makes_the_source_unavailable(server: Misbehaving, behaviour) -> None:
    url = server.on("/", behaviour)
    with client_of() as client, pytest.raises(SourceUnavailable) as error:
        client.get(url)
    assert len(server.asked) == ATTEMPTS
    assert error.value.where == url
    assert not isinstance(error.value, RateLimited)


def test_a_port_where_nobody_listens_is_unavailable(server: Misbehaving) -> None:
    with Misbehaving() as closed:
        url = closed.url()
    with client_of() as client, pytest.raises(SourceUnavailable, match="cannot be reached"):
        client.get(url)


@pytest.mark.fault(3)
def test_a_name_that_is_unknown_is_unavailable() -> None:
    with client_of() as client, pytest.raises(SourceUnavailable, match="is not known"):
        client.get("http://no-such-shop.invalid/")


@pytest.mark.fault(3)
def test_patience_with_a_dead_host_ends_until_it_answers_again(server: Misbehaving) -> None:
    url = server.on("/", answer(503))
    pace = still_pace()
    for expected in (ATTEMPTS, ATTEMPTS + 1):
        with client_of(pace=pace) as client, pytest.raises(SourceUnavailable):
            client.get(url)
        assert len(server.asked) == expected
    server.on("/", answer(200), answer(503), answer(200, b"patience"))
    with client_of(pace=pace) as client:
        client.get(url)
        assert client.get(url).body == b"patience"


@pytest.mark.fault(4, 6)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, PayloadError),
        (401, SourceRefused),
        (403, SourceRefused),
        (404, SourceGone),
        (410, SourceGone),
        (418, PayloadError),
        (451, SourceRefused),
    ],
)
def test_what_waiting_cannot_cure_is_told_at_once(
    server: Misbehaving, status: int, kind: type[LuisterError]
) -> None:
    url = server.on("/", answer(status, b'{"error": "because"}'))
    with client_of() as client, pytest.raises(kind, match="because"):
        client.get(url)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("platform", "step"),
    [("wordpress", "ask its owner to open it"), ("discourse", "ask its owner"), ("x", "renew the")],
)
def test_who_has_no_secret_is_not_told_to_renew_one(platform: str, step: str) -> None:
    closed = b'{"errors": ["not permitted"], "error_type": "invalid_access"}'
    reply = Reply(url="https://a.example/", status=403, headers={}, body=closed, observed_at=NOW)

    error = fault_of(reply, load(platform))

    assert isinstance(error, SourceRefused)
    assert step in error.todo


@pytest.mark.parametrize("status", [404, 429, 503])
def test_an_expected_status_is_an_answer(server: Misbehaving, status: int) -> None:
    url = server.on("/", answer(status, b"as expected"))
    with client_of() as client:
        assert client.get(url, expect=(404, 429, 503)).body == b"as expected"


def test_the_own_pace_of_a_source_is_kept_and_counted(server: Misbehaving) -> None:
    url = server.on("/", answer())
    with client_of(requests_per_minute=2) as client:
        for _ in range(3):
            client.get(url)
    assert client.usage.rate_limited_seconds == 60


def test_the_pace_of_a_platform_is_kept_and_counted(server: Misbehaving) -> None:
    url = server.on("/", answer())
    slow = SimpleNamespace(ACCESS=Access(requests=1, seconds=2.0))
    with client_of(connector=slow) as client:
        for _ in range(3):
            client.get(url)
    assert client.usage.rate_limited_seconds == 2 + 4


def test_waiting_for_the_pace_takes_nothing_from_the_time_of_a_request(server: Misbehaving) -> None:
    slow = SimpleNamespace(ACCESS=Access(requests=1, seconds=3_600.0))
    url = server.on("/", answer(200, b"here"))
    with client_of(connector=slow, settings=HttpSettings(total_seconds=5)) as client:
        assert [client.get(url).body for _ in range(3)] == [b"here"] * 3


def reply(status: int, body: bytes = b"", **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(url="https://shop.test/", status=status, headers=named, body=body, observed_at=NOW)


def test_mastodon_tells_its_reset_as_iso_time() -> None:
    fault = fault_of(reply(429, x_ratelimit_reset="2026-11-24T12:05:00.123456Z"), PLATFORM)
    assert isinstance(fault, RateLimited)
    assert fault.seconds == pytest.approx(300.123456)


@pytest.mark.parametrize("headers", [{"retry-after": "7"}, {"retry-after": "7, 7"}])
def test_seconds_come_once_or_twice(headers: dict[str, str]) -> None:
    assert retry_after(headers, NOW) == 7


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-reset": str(NOW.timestamp() + 90)}, 90),
        ({"ratelimit-reset": "45"}, 45),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 10)}, 10),
        ({"x-ratelimit-reset": "2026-11-24T11:00:00Z"}, None),
        ({"x-ratelimit-reset": "2026-11-24T12:01:00"}, 60),
        ({"x-ratelimit-reset": "nan"}, None),
        ({"x-ratelimit-reset": "inf"}, None),
        ({"x-ratelimit-reset": "whenever"}, None),
        ({}, None),
    ],
)
def test_resets_are_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert reset_after(headers, NOW) == (seconds and pytest.approx(seconds))


def test_a_wish_goes_before_a_reset() -> None:
    fault = fault_of(reply(429, retry_after="5", x_ratelimit_reset="300"), PLATFORM)
    assert isinstance(fault, RateLimited)
    assert fault.seconds == 5


def test_trouble_is_not_a_limit_because_a_limit_is_told_beside_it() -> None:
    fault = fault_of(reply(500, x_ratelimit_reset="2026-11-24T12:05:00Z"), PLATFORM)
    assert isinstance(fault, SourceUnavailable)
    assert not isinstance(fault, RateLimited)


@pytest.mark.fault(19)
def test_a_page_for_browsers_only_is_a_refusal_that_no_waiting_cures(server: Misbehaving) -> None:
    url = server.on("/", answer(503, b"<html>", {"cf-mitigated": "challenge"}))
    with client_of() as client, pytest.raises(SourceRefused, match="only browsers"):
        client.get(url)
    assert len(server.asked) == 1


def test_a_platform_is_asked_first_what_its_answer_means(server: Misbehaving) -> None:
    def refusal(given: Reply) -> LuisterError | None:
        return RateLimited("quota", seconds=30) if b"quota" in given.body else None

    platform = SimpleNamespace(ACCESS=PLATFORM.ACCESS, refusal=refusal)
    url = server.on("/", answer(200, b"quota"), answer(200, b"posts"))
    with client_of(connector=platform) as client:
        assert client.get(url).body == b"posts"
    assert client.usage.rate_limited_seconds == 30


def test_html_with_status_200_comes_to_the_connector_with_its_kind(server: Misbehaving) -> None:
    url = server.on("/api", html_instead())
    with client_of() as client:
        assert client.get(url).content_type == "text/html"


def test_what_cannot_be_sent_is_told_and_not_tried_again() -> None:
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        raise httpx.LocalProtocolError("illegal header")

    with client_of(transport=answering(handler)) as client, pytest.raises(PayloadError):
        client.get("https://shop.example/")
    assert len(asked) == 1


def test_requests_and_bytes_are_counted(server: Misbehaving) -> None:
    url = server.on("/", answer(503), answer(200, b"12345"))
    with client_of() as client:
        client.get(url)
    assert (client.usage.requests, client.usage.retries, client.usage.bytes) == (2, 1, 5)
