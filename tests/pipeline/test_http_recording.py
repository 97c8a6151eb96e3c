"""What was recorded can be played again, without a network and without waiting."""

import json
import time
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, PayloadError, RateLimited, SourceUnavailable
from pipeline.http import Validator
from pipeline.pace import Pace
from pipeline.recording import require_folders
from tests.misbehaving import Misbehaving, answer, redirect
from tests.pipeline.http_client import client_of


def never(_: float) -> None:
    raise AssertionError("waited in replay")


def test_a_replay_gives_what_was_recorded_in_its_order(server: Misbehaving, tmp_path: Path) -> None:
    url = server.on("/page", answer(200, b"one"), answer(200, b"\xff\xfe two"))
    other = server.on("/old", redirect("/page"))
    with client_of(record=tmp_path) as live:
        seen = [live.get(url), live.get(other)]
    with client_of(replay=tmp_path, pace=Pace(sleep=never)) as again:
        played = [again.get(url), again.get(other)]
    assert [(each.body, each.url, each.status) for each in played] == [
        (each.body, each.url, each.status) for each in seen
    ]
    assert len(server.asked) == 3
    assert again.usage.requests == 0


def test_an_exchange_is_kept_as_an_envelope(server: Misbehaving, tmp_path: Path) -> None:
    url = server.on("/page", answer(200, b'{"a": 1}', {"Content-Type": "application/json"}))
    with client_of(record=tmp_path) as client:
        client.get(url, params={"q": "fiets"})
    (path,) = tmp_path.iterdir()
    kept = json.loads(path.read_text())
    assert kept["request"] == {"method": "GET", "url": f"{url}?q=fiets"}
    assert kept["response"]["status"] == 200
    assert kept["response"]["headers"]["content-type"] == "application/json"
    assert kept["response"]["body_kind"] == "text"
    assert kept["response"]["body"] == '{"a": 1}'


def test_recorded_trouble_is_played_without_waiting(
    server: Misbehaving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = answer(429, b"slow down", {"Retry-After": "60"})
    url = server.on("/page", busy, answer(503), answer(200, b"well"))
    with client_of(record=tmp_path) as live:
        live.get(url)
    monkeypatch.setattr(time, "sleep", lambda seconds: never(seconds) if seconds else None)
    with client_of(replay=tmp_path, pace=Pace(sleep=never), attempts=None) as again:
        assert again.get(url).body == b"well"
    assert again.usage.rate_limited_seconds == 0


def test_a_recorded_refusal_is_played_as_one(server: Misbehaving, tmp_path: Path) -> None:
    url = server.on("/page", answer(429, b"", {"Retry-After": "3600"}))
    with client_of(record=tmp_path) as live, pytest.raises(RateLimited):
        live.get(url)
    with client_of(replay=tmp_path) as again, pytest.raises(RateLimited) as error:
        again.get(url)
    assert error.value.seconds == 3600


def test_what_was_not_recorded_is_unavailable(server: Misbehaving, tmp_path: Path) -> None:
    url = server.on("/page", answer(200))
    with (
        client_of(replay=tmp_path) as client,
        pytest.raises(SourceUnavailable, match="not among the recorded answers"),
    ):
        client.get(url)
    assert server.asked == []


def test_what_was_posted_tells_answers_apart(server: Misbehaving, tmp_path: Path) -> None:
    url = server.on("/search", answer(200, b"bikes"), answer(200, b"bells"))
    with client_of(record=tmp_path) as live:
        live.post(url, json={"q": "fiets"})
        live.post(url, json={"q": "bel"})
    with client_of(replay=tmp_path) as again:
        assert again.post(url, json={"q": "bel"}).body == b"bells"
        assert again.post(url, json={"q": "fiets"}).body == b"bikes"


def test_a_recording_is_whole_although_nothing_has_changed(
    server: Misbehaving, tmp_path: Path
) -> None:
    url = server.on("/feed", answer(200, b"posts", {"ETag": '"1"'}))
    with client_of(record=tmp_path, validators={url: Validator(etag='"1"')}) as live:
        assert live.get(url, conditional=True).status == 200
    assert "if-none-match" not in server.asked[0].headers
    with client_of(replay=tmp_path) as again:
        assert again.get(url, conditional=True).body == b"posts"


def test_a_recorded_answer_that_was_cut_off_is_named(server: Misbehaving, tmp_path: Path) -> None:
    url = server.on("/page", answer(200, b"one"))
    with client_of(record=tmp_path) as client:
        client.get(url)
    (kept,) = tmp_path.iterdir()
    for damaged in (kept.read_bytes()[:40], b"[]", b"{}", b"\xff"):
        kept.write_bytes(damaged)
        with client_of(replay=tmp_path) as again, pytest.raises(PayloadError) as error:
            again.get(url)
        assert error.value.where == str(kept)


@pytest.mark.parametrize("option", ["record", "replay"])
def test_a_file_in_place_of_the_folder_is_told_before_anybody_is_asked(
    tmp_path: Path, option: str
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("of somebody")
    with pytest.raises(ConfigError) as error:
        require_folders(**{"record": None, "replay": None, option: file})
    assert error.value.where == f"--{option}"
    assert str(file) in error.value.what


def test_a_folder_that_is_not_there_can_be_recorded_into_but_not_replayed(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "answers"
    with pytest.raises(ConfigError, match="there is no folder"):
        require_folders(None, folder)
    require_folders(folder, None)
    require_folders(None, folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(ConfigError, match="not recorded again"):
        require_folders(folder, folder)
