"""`luister listen` as a process: told to end it lands what it heard, and it leaks nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.live_servers import Web, configured, mastodon, tags
from tests.pipeline.test_live import event, landed_posts, status, texts

REPOSITORY = Path(__file__).resolve().parents[2]
TOKEN = "t0ken-of-acme-that-nobody-may-see"


@pytest.fixture
def social() -> Iterator[Web]:
    with mastodon() as web:
        yield web


def started(path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "listen", "-c", str(path), *arguments],
        cwd=REPOSITORY,
        env=os.environ | {"MASTODON_ACCESS_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_heard(web: Web) -> None:
    deadline = time.monotonic() + 60
    while web.streams["/api/v1/streaming/hashtag"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)


def assert_nothing_leaked(folder: Path, *outputs: str) -> None:
    assert not [each for each in outputs if TOKEN in each]
    for path in folder.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_end_it_lands_what_it_holds(
    social: Web, tmp_path: Path, number: signal.Signals
) -> None:
    path = configured(tmp_path, tags(social))
    social.streams["/api/v1/streaming/hashtag"].append(event("update", status(1)))
    process = started(path, "--direct", "--every", "600")
    try:
        wait_until_heard(social)
        process.send_signal(number)
        printed, complained = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, complained
    assert printed == "tags: 1 posts landed\n"
    assert "tags: tag fiets: listening" in complained
    assert texts(landed_posts(tmp_path / "data")) == ["number 1 #fiets"]
    assert_nothing_leaked(tmp_path, printed, complained)


@pytest.mark.slow
def test_as_a_prefect_flow_it_does_the_same(social: Web, tmp_path: Path) -> None:
    path = configured(tmp_path, tags(social))
    social.streams["/api/v1/streaming/hashtag"].append(event("update", status(1)))
    process = started(path, "--seconds", "4", "--every", "1", "--json")
    try:
        printed, complained = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 0, complained
    assert json.loads(printed) == {"posts": {"tags": 1}, "failures": []}
    assert texts(landed_posts(tmp_path / "data")) == ["number 1 #fiets"]
    assert_nothing_leaked(tmp_path, printed, complained)


def test_what_cannot_be_is_told_at_once(social: Web, tmp_path: Path) -> None:
    path = configured(tmp_path, tags(social))
    for arguments, reason in (
        (("--every", "0.1"), "a second or more"),
        (("--source", "tag"), "did you mean 'tags'?"),
    ):
        process = started(path, *arguments)
        _, complained = process.communicate(timeout=60)
        assert process.returncode == 2
        assert reason in complained
        assert "Traceback" not in complained
