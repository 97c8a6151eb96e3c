"""Take the pictures of the documentation from a report: ``python -m docs.screenshots REPORT``.

Needs Chromium (Debian's package ``chromium``).
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parent / "images"
CHROMIUM = "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def take(report: Path) -> Path:
    """The top of the report as a reader at a desk sees it."""
    IMAGES.mkdir(exist_ok=True)
    path = IMAGES / "report.png"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page(viewport={"width": 1120, "height": 1400})
        page.goto(report.resolve().as_uri())
        page.screenshot(path=path)
        browser.close()
    return path


if __name__ == "__main__":
    print(take(Path(sys.argv[1])))  # noqa: T201 a script says what it made
