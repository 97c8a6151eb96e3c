"""Take the pictures of the documentation: ``python -m docs.screenshots demo``.

The folder is that of `luister demo`: its people are made up, so that an inbox may be shown. Each
picture is what a reader at a desk sees first. Needs Chromium (Debian's package ``chromium``).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

IMAGES: Final = Path(__file__).resolve().parent / "images"
CHROMIUM: Final = "/usr/bin/chromium"
QUIET: Final = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
)
LANGUAGE: Final = ("--language", "en")
HEIGHTS: Final = {"report": 1400, "inbox": 900, "explore": 1100}
WIDTH: Final = 1120


def take(demo: Path) -> list[Path]:
    """The report, the inbox and explore of a demo, in English."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox.html"
        _luister(demo, "inbox", "--html", str(inbox), *LANGUAGE)
        report = json.loads(_luister(demo, "report", "--json", *LANGUAGE))["report"]
        with _exploring(demo) as explore:
            addresses = {
                "report": Path(report).resolve().as_uri(),
                "inbox": inbox.as_uri(),
                "explore": explore,
            }
            return _photographed(addresses)


def _photographed(addresses: dict[str, str]) -> list[Path]:
    taken = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for name, address in addresses.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHTS[name]})
            page.goto(address)
            page.screenshot(path=IMAGES / f"{name}.png")
            taken.append(IMAGES / f"{name}.png")
        browser.close()
    return taken


def _luister(demo: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return subprocess.run(  # noqa: S603 this program, with arguments of our own
        [*command, "--config", str(demo / "luister.toml")],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


@contextmanager
def _exploring(demo: Path) -> Iterator[str]:
    """The address at which explore answers, for as long as it is looked at."""
    command = [sys.executable, "-m", "flows.cli", "explore", "--port", "0", "--json", *LANGUAGE]
    process = subprocess.Popen(  # noqa: S603 this program, with arguments of our own
        [*command, "--config", str(demo / "luister.toml")], stdout=subprocess.PIPE, text=True
    )
    try:
        told = ""
        while process.stdout is not None and not told.rstrip().endswith("}"):
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("explore ended; what it said stands above")
            told += line
        yield json.loads(told)["address"]
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    for path in take(Path(sys.argv[1])):
        print(path)  # noqa: T201 a script says what it made
