"""A night whose sources are collected by two machines, by way of Prefect's real server.

The loader and two workers are processes as they are started on machines of their own: each worker
has its own luister.toml and data folder, and shares nothing with the loader but the store.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors import platforms
from flows.spread import limit_of
from pipeline.config import load
from pipeline.handover import take_home
from pipeline.landing import Landing
from pipeline.world import simulate
from tests.misbehaving import Behaviour, Line, Misbehaving, answer
from tests.night.played import TODAY, staged
from tests.servers.prefect_server import REPOSITORY, Prefect

pytestmark = pytest.mark.servers

FEED = b"""<rss version="2.0"><channel><title>News</title><item><title>Zonneveld is down</title>
<link>https://news.example/1</link><guid>https://news.example/1</guid></item></channel></rss>"""
HAND_OUT = """
import sys
from pathlib import Path
from connectors import platforms
from flows.spread import hand_out
from pipeline import night as steps
from pipeline.config import load

path = sys.argv[1]
night = steps.open_night(load(Path(path), platforms()), steps.new_run_id())
hand_out(night, path, steps.prepare(night))
"""


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """A server with both pools and the deployments of ``prefect.yaml``."""
    told = Prefect(tmp_path_factory.mktemp("prefect"))
    with told.server():
        for pool in ("luister", "luister-collect"):
            told.say("work-pool", "create", pool, "--type", "process")
        told.say("deploy", "--name", "luister-spread", "--name", "luister-collect")
        yield told


def machines(folder: Path, written: str) -> list[tuple[str, str, int, dict[str, str]]]:
    """Two collecting machines, each with a folder and a configuration of its own."""
    found = []
    for name in ("one", "two"):
        own = folder / name
        own.mkdir()
        (own / "luister.toml").write_text(written)
        environment = {"LUISTER_CONFIG": str(own / "luister.toml")}
        found.append(("luister-collect", name, 2, environment))
    return found


def limits(prefect: Prefect) -> dict[str, dict[str, Any]]:
    """What the server says of each platform's limit, by its name."""
    told = httpx.post(f"{prefect.api}/v2/concurrency_limits/filter", json={}, timeout=30)
    return {limit["name"]: limit for limit in told.raise_for_status().json()}


def collecting(prefect: Prefect) -> list[dict[str, Any]]:
    """All runs that collected a source."""
    told = httpx.post(f"{prefect.api}/flow_runs/filter", json={}, timeout=30)
    return [run for run in told.raise_for_status().json() if run["name"].startswith("collect ")]


def have_worked(folder: Path) -> list[str]:
    """The machines that landed something in an outbox of their own."""
    return sorted(path.parent.parent.name for path in folder.glob("*/data/outbox"))


def left_in(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def test_two_workers_hand_in_a_whole_night(prefect: Prefect, tmp_path: Path) -> None:
    world = simulate(7, TODAY, days=6, persons=30, busyness=0.5)
    with staged(tmp_path, world) as stage:
        stage.served.play(TODAY)
        written = f'landing = "file://{tmp_path / "store"}"\n' + stage.path.read_text()
        stage.path.write_text(written)
        run = ("deployment", "run", "nightly-spread/luister-spread", "--watch")
        told = (f"config_path={stage.path}", 'run_id="20261120T031500Z-abc123"')
        with prefect.workers(("luister", "loader", 1, {}), *machines(tmp_path, written)):
            prefect.say(*run, "--param", told[0], "--param", told[1], seconds=900)
        ((posts,),) = stage.ask("select count(*) from marts.posts")
        sources = dict(stage.ask("select source, last_status from marts.coverage_sources"))

    assert posts > 0
    assert sources == {source.name: "complete" for source in stage.config.source}
    assert {run["state_type"] for run in collecting(prefect)} == {"COMPLETED"}
    assert len(collecting(prefect)) == len(stage.config.source)
    assert have_worked(tmp_path) == ["one", "two"]
    names = {limit_of(source.platform) for source in stage.config.source}
    found = limits(prefect)
    assert {(found[name]["limit"], found[name]["active_slots"]) for name in names} == {(1, 0)}
    # nothing is left in the box: no post, no plan, no word of who was asked
    assert left_in(tmp_path / "store") == []


def test_a_platform_is_asked_by_one_at_a_time_within_its_pace_and_its_budget(
    prefect: Prefect, tmp_path: Path
) -> None:
    """Four sources of three slow addresses want 12 requests; 10 are allowed, 8 in a minute."""
    asked: list[tuple[str, float, float]] = []
    lock = threading.Lock()

    def slow(source: str) -> Behaviour:
        def behave(line: Line) -> None:
            begin = time.monotonic()
            line.pause(1.5)
            answer(200, FEED)(line)
            with lock:
                asked.append((source, begin, time.monotonic()))

        return behave

    with Misbehaving() as web:
        lines = [
            f'landing = "file://{tmp_path / "store"}"',
            'contact = "mailto:luister@example.nl"',
        ]
        lines += ["[organisation]", 'name = "Zonneveld"', "[budget.feed]", "requests = 10"]
        for source in ("a", "b", "c", "d"):
            urls = [web.on(f"/{source}/{number}.xml", slow(source)) for number in range(3)]
            lines += ["[[source]]", f'name = "{source}"', 'platform = "feed"', f"urls = {urls}"]
            lines += ["allow_private = true", "requests_per_minute = 8"]
        written = "\n".join(lines) + "\n"
        path = tmp_path / "luister.toml"
        path.write_text(written)
        with prefect.workers(*machines(tmp_path, written)):
            subprocess.run(
                [sys.executable, "-c", HAND_OUT, str(path)],
                cwd=REPOSITORY,
                env=prefect.environment,
                check=True,
                timeout=600,
            )
    config = load(path, platforms())
    take_home(config)
    landed = {
        each.manifest.source: each.manifest for each in Landing(config.data / "landing").files()
    }

    # nobody began before the one before was done, and no source came between another's requests
    asked.sort(key=lambda each: each[1])
    assert all(early[2] <= late[1] for early, late in pairwise(asked))
    turns = [late[0] for early, late in pairwise([("", 0.0, 0.0), *asked]) if late[0] != early[0]]
    assert sorted(turns) == ["a", "b", "c", "d"]
    assert have_worked(tmp_path) == ["one", "two"]
    # ten in all: what does not divide goes to the first
    assert [sum(each[0] == name for each in asked) for name in "abcd"] == [3, 3, 2, 2]
    assert {name: manifest.status for name, manifest in landed.items()} == {
        **dict.fromkeys("ab", "complete"),
        **dict.fromkeys("cd", "partial"),
    }
    # the pace holds over all of them: the ninth waits for the first to be a minute ago
    moments = [begin for _, begin, _ in asked]
    assert all(late - early >= 59.5 for early, late in zip(moments, moments[8:], strict=False))
