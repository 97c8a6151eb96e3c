"""What is handed over by PUT is as bounded, guarded and discreet as all that is asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import LuisterError, SourceRefused
from tests.misbehaving import Misbehaving, answer, redirect
from tests.pipeline.http_client import client_of

IDS = b"1170025343920402432\n1170025343920402433\n"


def test_bytes_come_over_as_they_are_and_bring_no_token(server: Misbehaving) -> None:
    url = server.on("/upload", answer(200))
    with client_of() as client:
        client.put(url, body=IDS, headers={"Content-Type": "text/plain"})
    (asked,) = server.asked
    assert (asked.method, asked.body) == ("PUT", IDS)
    assert asked.headers["content-type"] == "text/plain"
    assert "authorization" not in asked.headers
    assert client.usage.requests == 1


def test_trouble_is_sat_out_and_a_no_is_final(server: Misbehaving) -> None:
    url = server.on("/upload", answer(503), answer(429), answer(200))
    closed = server.on("/closed", answer(403, b"expired"))
    with client_of() as client:
        client.put(url, body=IDS)
        with pytest.raises(SourceRefused):
            client.put(closed, body=IDS)
    assert [asked.body for asked in server.asked] == [IDS] * 4


def test_no_address_inside_the_house_is_handed_anything(server: Misbehaving) -> None:
    url = server.on("/upload", answer(200))
    with client_of(allow_private=False) as client, pytest.raises(SourceRefused):
        client.put(url, body=IDS)
    assert server.asked == []


def test_nothing_is_sent_on_to_another_server(server: Misbehaving) -> None:
    with Misbehaving() as other:
        url = server.on("/upload", redirect(other.on("/there", answer(200)), 307))
        with client_of() as client, pytest.raises(SourceRefused, match="another server"):
            client.put(url, body=IDS)
        assert other.asked == []


def test_a_page_shown_after_it_is_fetched_without_the_bytes(server: Misbehaving) -> None:
    url = server.on("/upload", redirect("/seen", 303))
    server.on("/seen", answer(200, b"thanks"))
    with client_of() as client:
        assert client.put(url, body=IDS).body == b"thanks"
    assert [(asked.method, asked.body) for asked in server.asked] == [("PUT", IDS), ("GET", b"")]


def test_what_signs_an_address_is_shown_nowhere_and_can_be_replayed(
    server: Misbehaving, tmp_path: Path
) -> None:
    signed = server.on("/upload", answer(200)) + "?X-Goog-Expires=900&X-Goog-Signature=5igned0ff"
    job = server.on("/job", answer(200, json.dumps({"upload_url": signed}).encode()))

    def hand_over(**how: Any) -> LuisterError | None:
        with client_of(**how) as client:
            address = json.loads(client.get(job).body)["upload_url"]
            assert client.put(address, body=IDS).status == 200
            try:
                client.put(address.replace("/upload", "/gone"), body=IDS)
            except LuisterError as error:
                return error
        return None

    live, again = hand_over(record=tmp_path), hand_over(replay=tmp_path)
    assert str(live) == str(again)
    kept = "".join(path.read_text() for path in tmp_path.iterdir())
    assert "5igned0ff" not in f"{kept} {live!r} {live}"
