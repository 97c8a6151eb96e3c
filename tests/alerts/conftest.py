"""A company whose night is over, with two places that want to know, and a receiver on loopback."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import kept
from pipeline.alerts.settings import AlertSettings, PlaceSettings
from pipeline.config import Config
from pipeline.settings import OrganisationSettings
from tests.inbox.conftest import data

__all__ = ["data"]

CANARY = "canary-path-31337"
MORNING = datetime(2025, 3, 7, 12, 0, tzinfo=UTC)
PLACES = (
    PlaceSettings(name="team", address="LUISTER_ALERT_TEAM"),
    PlaceSettings(name="desk", address="LUISTER_ALERT_DESK", kinds=("complaint",)),
)


def config_of(folder: Path, **alerts: Any) -> Config:
    return Config(
        contact="webcare@zon.example",
        language="en",
        data=folder,
        organisation=OrganisationSettings(name="Zon"),
        alerts=AlertSettings(**{"place": PLACES, **alerts}),
    )


@pytest.fixture
def folder(data: Path, tmp_path: Path) -> Path:
    """A data folder of one's own, without a peak."""
    shutil.copyfile(data / "luister.duckdb", tmp_path / "luister.duckdb")
    shutil.copyfile((data / "analytics.duckdb").resolve(), tmp_path / "analytics.duckdb")
    with duckdb.connect(str(tmp_path / "analytics.duckdb")) as database:
        for table in ("peaks", "peak_terms", "peak_posts"):
            database.execute(f"delete from marts.{table}")
    (tmp_path / kept.FOLDER).mkdir()
    (tmp_path / kept.FOLDER / "began").write_text("2025-01-01T00:00:00+00:00")
    return tmp_path


@pytest.fixture
def change(folder: Path) -> Callable[..., None]:
    """Change the published file, or with ``private`` the other one."""

    def run(*statements: str, private: bool = False) -> None:
        name = "luister.duckdb" if private else "analytics.duckdb"
        with duckdb.connect(str(folder / name)) as database:
            for statement in statements:
                database.execute(statement)

    return run


class Receiver(HTTPServer):
    """Keeps the JSON that is posted to it; answers with ``status``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kept: list[dict[str, Any]] = []
        self.status = 200

    def address(self, *, form: str = "text") -> str:
        return f"json://127.0.0.1:{self.server_port}/{CANARY}?format={form}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.kept.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("LUISTER_ALERT_TEAM", server.address())
    monkeypatch.setenv("LUISTER_ALERT_DESK", server.address())
    yield server
    server.shutdown()
    server.server_close()
