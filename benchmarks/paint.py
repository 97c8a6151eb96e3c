"""When somebody in front of Chromium sees explore's first page over a million posts.

    python -m benchmarks.paint [ROWS]

The published file is that of ``benchmarks.explore``, the program is `luister explore` as a person
starts it. The first paint is what Chromium calls so (first contentful paint), counted from the
moment the page is asked for, right after explore listens. A page that asks nothing of a database
is the floor. Each filter is asked once. Exit 1 when a first paint or a filter takes too long.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from benchmarks.explore import ROWS, write

CHROMIUM: Final = "/usr/bin/chromium"
QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
)
MOST_FIRST: Final = 2000.0
MOST_FILTER: Final = 500.0
"""Milliseconds: what a first paint and a filter may take."""

CONFIG: Final = """
language = "en"
data = "data"
contact = "somebody@example.org"

[organisation]
name = "Ours"
"""
FLOOR: Final = "/login"
FILTERS: Final = {
    "filter: language": "/?language=nl",
    "filter: platform, sentiment": "/?platform=bluesky&sentiment=negative",
    "filter: a year": "/?first=2024-01-01&last=2024-12-31",
    "filter: the other, service": "/?organisation=Theirs&purpose=service",
    "search: a word": "/?search=woord123",
}
_PAINT: Final = """
new Promise(done => new PerformanceObserver(seen => seen.getEntries()
    .filter(each => each.name === "first-contentful-paint")
    .forEach(each => done(each.startTime))
).observe({type: "paint", buffered: true}))
"""


def painted(page: Page, address: str) -> float:
    """Milliseconds from asking for a page to seeing something of it."""
    page.goto(address, wait_until="load")
    return float(page.evaluate(_PAINT))


def listens(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until explore answers.

    Raises:
        RuntimeError: it ended instead.
    """
    while process.poll() is None:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError("explore ended; what it said stands above")


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def measure(folder: Path, browser: Any) -> dict[str, float]:
    """Milliseconds by what was looked at, in order."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    page = browser.new_page()
    page.goto("about:blank")
    begin = time.perf_counter()
    command = [sys.executable, "-m", "flows.cli", "explore", "--port", str(port)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        listens(port, process)
        found = {"listens after the start": 1000 * (time.perf_counter() - begin)}
        found["first paint"] = painted(page, address)
        found["from start to seen"] = 1000 * (time.perf_counter() - begin)
        found["again"] = painted(page, address)
        found["floor: a page without a question"] = painted(page, address + FLOOR)
        found |= {name: painted(page, address + path) for name, path in FILTERS.items()}
    finally:
        process.terminate()
        process.wait()
    return found


def main() -> None:
    """Print what was seen; exit 1 when it took too long."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "luister.toml").write_text(CONFIG, "utf-8")
        write(folder / "data" / "analytics.duckdb", rows)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            found = measure(folder, browser)
            browser.close()
    print(f"{'posts':34}{rows:12,d}")
    for what, milliseconds in found.items():
        print(f"{what:34}{milliseconds:12,.0f} ms")
    filters = [found[name] for name in FILTERS if name.startswith("filter")]
    if found["first paint"] > MOST_FIRST or max(filters) > MOST_FILTER:
        sys.exit(1)


if __name__ == "__main__":
    main()
