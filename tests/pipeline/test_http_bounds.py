"""No answer takes more memory or time than it may."""

import gzip
import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from pipeline.errors import PayloadError, RateLimited, SourceRefused, SourceUnavailable
from pipeline.http import HttpSettings
from tests.misbehaving import (
    Behaviour,
    Line,
    Misbehaving,
    answer,
    bomb,
    dense_bomb,
    drip,
    drip_headers,
    endless,
    packed,
    redirect,
)
from tests.pipeline.http_client import client_of

HURRIED = HttpSettings(total_seconds=0.3)
LONG = 400
"""Drops that would take twenty seconds."""

MEASURE = Path(__file__).with_name("measure_memory.py")
PEAK_MEGABYTES = 100


@pytest.mark.fault(21)
@pytest.mark.parametrize("behaviour", [drip(b"x" * LONG), drip_headers(LONG)])
def test_a_slow_drip_ends_with_the_time_of_the_request(server: Misbehaving, behaviour) -> None:
    url = server.on("/", behaviour)
    with (
        client_of(settings=HURRIED, attempts=1) as client,
        pytest.raises(SourceUnavailable, match="did not end in time"),
    ):
        client.get(url)


def slowly(behaviour: Behaviour) -> Behaviour:
    """The same, after two thirds of the time there is."""

    def behave(line: Line) -> None:
        line.pause(HURRIED.total_seconds * 2 / 3)
        behaviour(line)

    return behave


def test_redirects_share_the_time_of_a_request(server: Misbehaving) -> None:
    url = server.on("/", slowly(redirect("/next")))
    server.on("/next", slowly(answer()))
    with (
        client_of(settings=HURRIED, attempts=1) as client,
        pytest.raises(SourceUnavailable, match="in time"),
    ):
        client.get(url)


def test_a_silent_server_is_left_after_the_time_of_a_read(server: Misbehaving) -> None:
    url = server.on("/", lambda line: line.pause(20))
    with (
        client_of(settings=HttpSettings(read_seconds=0.2), attempts=1) as client,
        pytest.raises(SourceUnavailable, match="cannot be reached"),
    ):
        client.get(url)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"hello", mtime=0), "gzip"),
        (gzip.compress(b"hello", mtime=0), "X-GZip"),
        (gzip.compress(b"hel", mtime=0) + gzip.compress(b"lo", mtime=0), "gzip"),
        (gzip.compress(b"hello", mtime=0) + b"\0\0padding", "gzip"),
        (zlib.compress(b"hello"), "deflate"),
        (zlib.compress(b"hello", wbits=-15), "deflate"),
        (b"hello", "identity"),
        (b"", "gzip"),
    ],
)
def test_what_was_asked_for_is_unpacked(server: Misbehaving, body: bytes, encoding: str) -> None:
    url = server.on("/", packed(body, encoding))
    with client_of() as client:
        assert client.get(url).body == (b"hello" if body else b"")
    assert server.asked[0].headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.fault(40)
@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "gzip,br", "compress"])
def test_what_was_not_asked_for_is_refused(server: Misbehaving, encoding: str) -> None:
    url = server.on("/", packed(gzip.compress(gzip.compress(b"hello", mtime=0)), encoding))
    with client_of() as client, pytest.raises(PayloadError, match="not asked for"):
        client.get(url)
    assert len(server.asked) == 1


@pytest.mark.fault(20)
def test_packed_data_that_breaks_off_is_asked_again(server: Misbehaving) -> None:
    url = server.on(
        "/",
        packed(gzip.compress(b"hello", mtime=0)[:-4], "gzip"),
        packed(gzip.compress(b"hello", mtime=0), "gzip"),
    )
    with client_of() as client:
        assert client.get(url).body == b"hello"
    assert client.usage.retries == 1


def test_packed_data_that_is_none_is_told(server: Misbehaving) -> None:
    url = server.on("/", packed(b"hello, not packed at all", "gzip"))
    with client_of() as client, pytest.raises(PayloadError, match="cannot be unpacked"):
        client.get(url)


@pytest.mark.parametrize(
    ("status", "kind"), [(403, SourceRefused), (429, RateLimited), (503, SourceUnavailable)]
)
def test_a_refusal_is_understood_though_its_body_is_not(
    server: Misbehaving, status: int, kind: type[Exception]
) -> None:
    url = server.on("/", packed(b"brotli", "br", status))
    with client_of() as client, pytest.raises(kind):
        client.get(url)


@pytest.mark.fault(39)
def test_a_body_just_within_the_cap_comes_and_one_byte_more_does_not(server: Misbehaving) -> None:
    fits, bursts = (
        server.on("/fits", answer(200, bytes(1_000))),
        server.on("/", answer(200, bytes(1_001))),
    )
    with client_of(settings=HttpSettings(max_bytes=1_000)) as client:
        assert len(client.get(fits).body) == 1_000
        with pytest.raises(PayloadError, match=r"more than 0\.001 MB"):
            client.get(bursts)


@pytest.mark.fault(39, 40)
def test_every_bomb_ends_in_an_error_and_little_memory(server: Misbehaving) -> None:
    suspicious = {
        "gzip": packed(bomb("gzip"), "gzip"),
        "deflate": packed(bomb("deflate"), "deflate"),
        "raw": packed(bomb("raw"), "deflate"),
        "members": packed(bomb("members"), "gzip"),
        "refusal": packed(bomb("gzip"), "gzip", status=403),
        "dense": packed(dense_bomb(), "gzip"),
        "twice": packed(bomb("gzip,gzip"), "gzip,gzip"),
        "brotli": packed(bytes(481), "br"),
        "endless": endless(),
    }
    urls = [server.on(f"/{name}", behaviour) for name, behaviour in suspicious.items()]
    run = subprocess.run(
        [sys.executable, str(MEASURE), *urls], capture_output=True, text=True, check=True
    )
    outcomes = dict(zip(suspicious, map(json.loads, run.stdout.splitlines()), strict=True))
    told = {name: outcome["error"] for name, outcome in outcomes.items()}
    swells = "an answer that swells out of all proportion when unpacked"
    assert told == {
        "gzip": swells,
        "deflate": swells,
        "raw": swells,
        "members": swells,
        "refusal": "the server refuses (403): no text",
        "dense": "an answer of more than 20 MB",
        "twice": "packed as 'gzip,gzip', which was not asked for",
        "brotli": "packed as 'br', which was not asked for",
        "endless": "an answer of more than 20 MB",
    }
    assert max(each["resident_megabytes"] for each in outcomes.values()) < PEAK_MEGABYTES
    assert max(each["allocated_megabytes"] for each in outcomes.values()) < PEAK_MEGABYTES
