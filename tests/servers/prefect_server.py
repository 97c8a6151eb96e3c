"""Prefect as it is run on several machines: a server, pools, and workers that are processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.servers.bluesky import free_port

REPOSITORY = Path(__file__).resolve().parents[2]


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.HTTPError:
        return False


class Prefect:
    """A server with a home of its own, asked and served by processes that know its address.

    It keeps what it knows in a file in its home, or in the database that is named.
    """

    def __init__(self, home: Path, database: str | None = None) -> None:
        self.home = home
        self.database = database
        self.port = free_port()
        self.api = f"http://127.0.0.1:{self.port}/api"

    @property
    def environment(self) -> dict[str, str]:
        """Of whoever talks to it; nothing of the one who tests is taken over."""
        mine = {
            "PREFECT_API_URL": self.api,
            "PREFECT_HOME": str(self.home),
            "PREFECT_CLI_PROMPT": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "DO_NOT_TRACK": "1",
            "LUISTER_HOME": str(REPOSITORY),
        }
        kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")}
        return kept | mine

    def say(self, *words: str, seconds: float = 300) -> str:
        """A command of Prefect, done; returns what it said."""
        told = subprocess.run(
            [sys.executable, "-m", "prefect", *words],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout

    def shell(self, script: str, seconds: float = 300) -> None:
        """A script of the shell, done; ``prefect`` in it is ours."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        told = subprocess.run(
            ["/bin/sh", "-ec", script],
            cwd=self.home,
            env=self.environment | {"PATH": path},
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert told.returncode == 0, told.stdout + told.stderr

    @contextmanager
    def server(self, seconds: float = 400) -> Iterator[subprocess.Popen[bytes]]:
        """The server itself, once it answers; it may be dead by the end."""
        words = ["server", "start", "--host", "127.0.0.1", "--port", str(self.port)]
        own = {"PREFECT_API_DATABASE_CONNECTION_URL": self.database} if self.database else {}
        everything = self.environment | own
        with process(*words, environment=everything, log=self.home / "server.log") as started:
            deadline = time.monotonic() + seconds
            while not answers(f"{self.api}/health"):
                assert started.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.2)
            yield started

    @contextmanager
    def worker(
        self, pool: str, name: str, limit: int, environment: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """One machine that does what a pool is given."""
        words = ["worker", "start", "--pool", pool, "--name", name, "--limit", str(limit)]
        with self.started(*words, name=name, environment=environment) as started:
            yield started

    @contextmanager
    def started(
        self, *words: str, name: str, environment: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A command that goes on; what it says stands in the home under its name."""
        everything = self.environment | dict(environment or {})
        with process(*words, environment=everything, log=self.home / f"{name}.log") as process_of:
            yield process_of

    @contextmanager
    def workers(self, *machines: tuple[str, str, int, Mapping[str, str]]) -> Iterator[None]:
        """Several of them: pool, name, limit and environment of each."""
        with ExitStack() as stack:
            for pool, name, limit, environment in machines:
                stack.enter_context(self.worker(pool, name, limit, environment))
            yield


@contextmanager
def process(
    *words: str, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A command of Prefect that goes on, with whatever it starts, until the end of the block."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        started = subprocess.Popen(
            [sys.executable, "-m", "prefect", *words],
            cwd=REPOSITORY,
            env=dict(environment),
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGTERM)
            try:
                started.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(started.pid, signal.SIGKILL)
                started.wait()
