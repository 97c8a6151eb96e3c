"""`luister listen` as a process: told to end it lands what it heard, and it leaks nothing."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from connectors import load as connector_of
from connectors import platforms
from flows.commands.listening import live_of
from pipeline import night
from pipeline.config import load
from pipeline.landing import Landing
from pipeline.live import listen
from pipeline.live_line import LiveSettings
from pipeline.warehouse import open_warehouse
from tests.pipeline.live_servers import (
    START,
    Web,
    bluesky,
    configured,
    mastodon,
    sky,
    tags,
    written,
)
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
    until(lambda: not web.streams["/api/v1/streaming/hashtag"])
    time.sleep(2)


def assert_nothing_leaked(folder: Path, *outputs: str) -> None:
    assert not [each for each in outputs if TOKEN in each]
    for path in folder.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path


@pytest.mark.fault(60)
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


@pytest.mark.thorough
def test_as_a_prefect_flow_it_does_the_same(social: Web, tmp_path: Path) -> None:
    path = configured(tmp_path, tags(social))
    social.streams["/api/v1/streaming/hashtag"].append(event("update", status(1)))
    process = started(path, "--seconds", "8", "--every", "1", "--json")
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


@pytest.mark.slow
@pytest.mark.thorough
def test_killed_at_any_moment_it_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random(2011)
    with bluesky() as (jetstream, web):
        path = configured(tmp_path, sky(jetstream, web))
        shutil.rmtree(tmp_path / "data")
        for life in range(4):
            process = started(path, "--direct", "--every", "1", "--quiet")
            try:
                until(lambda life=life: len(jetstream.asked) > life)
                for number in range(30):
                    count = life * 30 + number
                    seconds = (datetime.now(UTC) - START).total_seconds()
                    jetstream.log.append(written(str(count), f"Acme {count}", seconds))
                    time.sleep(chance.uniform(0.0, 0.1))
            finally:
                process.kill()
                process.communicate()
        process = started(path, "--direct", "--every", "1", "--quiet")
        until(lambda: len(jetstream.asked) > 4)
        time.sleep(3)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    with open_warehouse(tmp_path / "data") as warehouse:
        landing = Landing(warehouse.data / "landing")
        for file in landing.unloaded(warehouse.loaded_files()):
            warehouse.load(file)
        found = warehouse.database.execute("select text from raw.posts").fetchall()
    assert sorted(text for (text,) in found) == sorted(f"Acme {count}" for count in range(120))


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_the_next_night_counts_what_was_heard(
    social: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", TOKEN)
    path = configured(tmp_path, tags(social))
    social.streams["/api/v1/streaming/hashtag"] += [
        event("update", status(1, content="<p>Acme is too late again #fiets</p>")),
        event("update", status(2)),
    ]
    config = load(path, platforms())
    # this server only streams: asked for a post again, it would know none
    unasked = config.collection.model_copy(update={"refresh_per_source": 0})
    config = config.model_copy(update={"collection": unasked})
    listen(config, connector_of, live_of, settings=LiveSettings(every_seconds=1.0), seconds=6.0)
    outcome = night.run(night.open_night(config, night.new_run_id()), connector_of)
    assert (outcome.status, outcome.failures) == ("completed", ())
    with duckdb.connect(str(config.data / "luister.duckdb"), read_only=True) as database:
        told = database.execute(
            "select source, status, posts_count from ops.collections order by 1"
        ).fetchall()
        reached = database.execute("select source from ops.progress").fetchall()
        gaps = database.execute("select * from ops.gaps").fetchall()
        named = database.execute("select distinct organisation from enriched.matches").fetchall()
    assert told == [("tags", "complete", 0), ("tags-live", "partial", 2)]
    assert reached == [("tags",)]
    assert gaps == []
    assert named == [("Acme",)]
