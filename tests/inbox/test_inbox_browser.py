"""The inbox page in a real browser: what people write to be seen runs nothing and asks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from pipeline.inbox import read_inbox
from pipeline.inbox_page import render, write
from pipeline.inbox_settings import InboxSettings
from pipeline.report.words import Words
from tests.explore.conftest import browser
from tests.report.test_browser import opened

__all__ = ["browser"]
pytestmark = pytest.mark.browser


@pytest.mark.fault(49)
@pytest.mark.parametrize("width", [390, 1440])
def test_hostile_texts_do_nothing_in_the_inbox(
    browser: Browser, data: Path, tmp_path: Path, width: int
) -> None:
    inbox = read_inbox(data, "Zon", InboxSettings(target_hours=8.0, complaint_target_hours=4.0))
    path = tmp_path / "inbox.html"
    write(render(inbox, Words("nl")), path)

    with opened(browser, path, width=width) as watched:
        page = watched.page
        before = page.title()
        for summary in page.locator("summary").all():
            summary.click()
        page.wait_for_timeout(300)

        assert page.locator("li.person").count() == inbox.conversations
        assert page.title() == before != "owned"
        assert watched.requests == [path.as_uri()]
        assert watched.told == []
        assert page.locator("script, iframe, img, object, embed").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width == 390:
            assert Axe().run(page).response["violations"] == []
