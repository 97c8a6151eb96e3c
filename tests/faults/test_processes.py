"""Processes that are told to end, killed, or whose server is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from connectors import platforms
from pipeline import night as steps
from pipeline.config import load
from pipeline.lock import nightly_lock
from pipeline.warehouse import open_warehouse
from tests.misbehaving import Line, Misbehaving, answer, drip
from tests.pipeline.landed import NOW
from tests.pipeline.test_publish import MARTS
from tests.servers.bluesky import free_port
from tests.servers.prefect_server import Prefect

REPOSITORY = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 10.0


@pytest.fixture(autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """What a shell starts in the background ignores Ctrl-C, and so does what is started by it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def command(*words: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *words],
        cwd=REPOSITORY,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def configured(folder: Path, address: str) -> str:
    path = folder / "luister.toml"
    path.write_text(
        'contact = "mailto:luister@example.nl"\n[organisation]\nname = "Zonneveld"\n'
        f'[[source]]\nname = "slow"\nplatform = "feed"\nurls = ["{address}"]\n'
        "allow_private = true\n"
    )
    return str(path)


@pytest.mark.parametrize(("told", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15)])
def test_fault_60_told_to_end_a_night_leaves_at_once(
    tmp_path: Path, told: signal.Signals, code: int
) -> None:
    """A shell shows 143 for a process that SIGTERM ended."""
    with Misbehaving() as server:
        address = server.on("/feed.xml", drip(b"<rss>" * 2_000, every_seconds=0.2))
        night = command("run", "--direct", "--quiet", "-c", configured(tmp_path, address))
        deadline = time.monotonic() + 60
        while not server.asked and time.monotonic() < deadline:
            time.sleep(0.05)
        assert server.asked
        begun = time.monotonic()
        night.send_signal(told)
        night.communicate(timeout=60)

    assert night.returncode == code
    assert time.monotonic() - begun < LONGEST_SECONDS
    with nightly_lock(tmp_path / "data"), open_warehouse(tmp_path / "data") as warehouse:
        assert warehouse.progress("slow") is None
    assert not list((tmp_path / "data" / "landing").glob("*/*"))


KILLED_BEFORE_THE_LINK = """
import os, sys
from pathlib import Path
from pipeline import publish
from pipeline.warehouse import open_warehouse
from tests.pipeline.landed import NOW
publish._point = lambda *_: os.kill(os.getpid(), 9)
open_warehouse(Path(sys.argv[1])).publish("2", NOW)
"""


def test_fault_29_killed_before_publishing_analysts_keep_what_they_had(tmp_path: Path) -> None:
    def published_by() -> str:
        with duckdb.connect(str((tmp_path / "analytics.duckdb").resolve()), read_only=True) as file:
            return str(file.execute("select run_id from marts.publication").fetchall()[0][0])

    with open_warehouse(tmp_path) as warehouse:
        warehouse.database.execute(MARTS)
        warehouse.publish("1", NOW)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BEFORE_THE_LINK, str(tmp_path)], cwd=REPOSITORY, check=False
    )

    assert killed.returncode == -9
    assert published_by() == "1"
    with open_warehouse(tmp_path) as warehouse:
        warehouse.publish("3", NOW)
    assert published_by() == "3"
    assert not list((tmp_path / "publish").glob("*.tmp"))


def test_fault_38_without_its_server_the_night_is_done_without_prefect(tmp_path: Path) -> None:
    """The folder is held meanwhile, so that the night itself is over at once."""
    config = configured(tmp_path, "http://127.0.0.1:9/")
    with nightly_lock(tmp_path / "data"):
        night = command(
            "run",
            "--quiet",
            "-c",
            config,
            PREFECT_API_URL=f"http://127.0.0.1:{free_port()}/api",
        )
        _, errors = night.communicate(timeout=120)

    assert "Prefect's server does not answer: the night is done without it" in errors
    assert "AlreadyRunning" in errors
    assert night.returncode == 0


NEWS = b"""<rss version="2.0"><channel><title>News</title><item><title>Zonneveld is down</title>
<link>https://news.example/1</link><guid>https://news.example/1</guid></item></channel></rss>"""


@pytest.mark.servers
def test_fault_38_a_server_that_dies_on_the_way_takes_nothing_with_it(tmp_path: Path) -> None:
    """The first source that is asked kills the server: the night goes on and ends soon."""
    told_of = Prefect(tmp_path / "prefect")
    with Misbehaving() as web, told_of.server() as prefect:

        def kill_the_server(line: Line) -> None:
            os.killpg(prefect.pid, signal.SIGKILL)
            prefect.wait()
            answer(200, NEWS)(line)

        path = configured(tmp_path, web.on("/feed.xml", kill_the_server))
        night = command("run", "--quiet", "-c", path, PREFECT_API_URL=told_of.api)
        told, errors = night.communicate(timeout=600)
        ended = datetime.now(UTC)

    assert prefect.returncode == -signal.SIGKILL
    assert night.returncode == 0, errors
    assert "Prefect's server is gone: the night was done without it" in errors
    assert "completed\n1 post read, 1 new" in told
    config = load(Path(path), platforms())
    with open_warehouse(config.data) as warehouse:
        ((finished, status),) = warehouse.database.execute(
            "select finished_at, status from ops.runs"
        ).fetchall()
    assert status == "completed"
    assert (ended - finished).total_seconds() < 3 * LONGEST_SECONDS
    assert (config.data / "analytics.duckdb").exists()
    with steps.alone(steps.open_night(config, steps.new_run_id())):
        assert steps.prepare(steps.open_night(config, steps.new_run_id())) == ["slow"]
