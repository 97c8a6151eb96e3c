"""PostgreSQL on loopback, from Debian, as compose starts it: one user, one database, a password."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.bluesky import free_port

USER = "prefect"
PASSWORD = "only-on-loopback"
NOBODY = 65534


def program(name: str) -> str | None:
    """A program of PostgreSQL, which Debian keeps off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database, as Prefect wants it told; thrown away afterwards."""
    # it does not run as root; whoever else runs the tests is the one it runs as
    other: dict[str, Any] = {}
    if os.geteuid() == 0:
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    port = free_port()
    with tempfile.TemporaryDirectory() as place:
        folder, secret = Path(place), Path(place) / "secret"
        secret.write_text(PASSWORD)
        for path in (folder, secret):
            if other:
                os.chown(path, NOBODY, NOBODY)
        data = folder / "data"
        words = [
            "--pgdata",
            data,
            "--username",
            USER,
            "--pwfile",
            secret,
            "--auth",
            "scram-sha-256",
        ]
        _done(["initdb", *words, "--no-sync", "--encoding", "UTF8", "--locale", "C"], other)
        settings = {"port": port, "listen_addresses": "127.0.0.1", "fsync": "off"}
        settings |= {"unix_socket_directories": folder}
        told = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [str(program("postgres")), "-D", str(data), *told],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **other,
        )
        try:
            _await(server, port, other)
            yield f"postgresql+asyncpg://{USER}:{PASSWORD}@127.0.0.1:{port}/{USER}"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


def _await(server: subprocess.Popen[bytes], port: int, other: dict[str, Any]) -> None:
    """Wait until it answers, and make the database."""
    ask = ["psql", "--host", "127.0.0.1", "--port", str(port), "--username", USER]
    until = time.monotonic() + 120
    while True:
        told = subprocess.run(
            [*ask, "--dbname", "postgres", "--command", f"create database {USER}"],
            env=os.environ | {"PGPASSWORD": PASSWORD},
            capture_output=True,
            text=True,
        )
        if told.returncode == 0:
            return
        assert server.poll() is None, told.stderr
        assert time.monotonic() < until, told.stderr
        time.sleep(0.2)


def _done(words: list[object], other: dict[str, Any]) -> None:
    name, *rest = words
    subprocess.run(
        [str(program(str(name))), *map(str, rest)],
        check=True,
        capture_output=True,
        **other,
    )
