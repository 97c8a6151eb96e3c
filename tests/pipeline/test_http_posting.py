"""What is posted, a password mostly, is not posted again once the server has said no."""

import base64
import json
from pathlib import Path

import pytest

from pipeline.errors import LuisterError, RateLimited
from pipeline.pace import Pace
from tests.misbehaving import Misbehaving, answer, reset
from tests.pipeline.http_client import client_of


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 422, 425, 429])
def test_a_no_is_final(server: Misbehaving, status: int) -> None:
    url = server.on("/session", answer(status, b"no"))
    with client_of() as client, pytest.raises(LuisterError):
        client.post(url, json={"password": "of-ours"})
    assert len(server.asked) == 1


@pytest.mark.parametrize("trouble", [answer(500), answer(503), reset()])
def test_trouble_is_sat_out(server: Misbehaving, trouble) -> None:
    url = server.on("/session", trouble, answer(200, b"{}"))
    with client_of() as client:
        assert client.post(url, json={"password": "of-ours"}).body == b"{}"
    assert [json.loads(asked.body) for asked in server.asked][-1] == {"password": "of-ours"}


def test_a_no_after_trouble_is_final_too(server: Misbehaving) -> None:
    url = server.on("/session", answer(502), answer(408))
    with client_of() as client, pytest.raises(LuisterError):
        client.post(url, json={"password": "of-ours"})
    assert len(server.asked) == 2


def test_all_sources_still_wait_as_long_as_the_host_wished(server: Misbehaving) -> None:
    waited: list[float] = []
    pace = Pace(clock=lambda: 0.0, sleep=waited.append)
    url = server.on("/session", answer(429, b"", {"Retry-After": "60"}))
    with client_of(pace=pace) as first, pytest.raises(RateLimited):
        first.post(url, json={"password": "of-ours"})
    with client_of(pace=pace) as second:
        second.get(server.on("/page", answer()))
    assert waited == [60]
    assert first.usage.rate_limited_seconds == 0


def test_recordings_of_other_scripts_keep_no_secret_either(
    server: Misbehaving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LISTEN_TOKEN", "token-of-ours")
    body = '{"accessJwt": "eyJ-access", "said": "café token-of-ours"}'.encode("latin-1")
    url = server.on("/session", answer(200, body))
    with client_of(record=tmp_path) as client:
        client.secret("LISTEN_TOKEN")
        assert client.get(url).body == body

    (file,) = tmp_path.iterdir()
    kept = base64.b64decode(json.loads(file.read_bytes())["response"]["body"])
    assert kept == '{"accessJwt": "***", "said": "café ***"}'.encode("latin-1")
