"""The pages over the published months of a company, served on this machine for real."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from pipeline.explore.published import Published
from pipeline.explore.site import site
from tests.report.published import shared_publication
from tests.report.test_browser import CHROMIUM, QUIET


@dataclass(frozen=True)
class Served:
    """Pages that answer, and the file they are made of."""

    address: str
    file: Path


@contextmanager
def served(
    file: Path, *, language: str = "en", password: str | None = None, host: str = "127.0.0.1"
) -> Iterator[Served]:
    published = Published(file)
    app = site(published, language=language, password=password, host=host)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", file)
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        published.close()


@pytest.fixture(scope="session")
def months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared_publication(tmp_path_factory)


@pytest.fixture(scope="module")
def english(months: Path) -> Iterator[Served]:
    with served(months) as pages:
        yield pages


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()
