"""What is measured of explore is what a page is made of, and the file it is measured on opens."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.explore import page, write
from benchmarks.paint import FILTERS, painted
from pipeline.explore.filters import Filter
from pipeline.explore.published import Night
from tests.explore.conftest import served


def test_the_page_that_is_measured_can_be_made(months: Path) -> None:
    night = Night(months)
    try:
        page(night, Filter(organisation=night.about.organisations[0]))
    finally:
        night.close()


def test_every_page_whose_paint_is_measured_shows_posts(browser: Browser, tmp_path: Path) -> None:
    write(tmp_path / "analytics.duckdb", 20_000)
    with served(tmp_path / "analytics.duckdb") as pages:
        shown = browser.new_page()
        for path in ("/", *FILTERS.values()):
            assert painted(shown, pages.address + path) > 0
            assert shown.locator("ol.posts > li").count() == 50, path
        shown.close()
