"""What people open is valid HTML: reports, the shelf, the inbox and explore, in both languages."""

from __future__ import annotations

from pathlib import Path
from urllib.request import urlopen

from pipeline.inbox import read_inbox
from pipeline.inbox_page import render, write
from pipeline.inbox_settings import InboxSettings
from pipeline.report import write_report
from pipeline.report.words import Words
from tests.explore.conftest import served
from tests.inbox.conftest import data
from tests.report.published import changed
from tests.validity import complaints

__all__ = ["data"]
EXPLORED = ("/", "/?search=fiets&language=nl", "/?search=nobody-says-this", "/compare")


def test_every_page_is_valid(published: Path, data: Path, tmp_path: Path) -> None:
    file = changed(published, tmp_path / "published")
    write_report(file, tmp_path, language="nl")
    write_report(file, tmp_path, language="en", kind="week")
    inbox = read_inbox(data, "Zon", InboxSettings(target_hours=8.0))
    for language in ("nl", "en"):
        write(render(inbox, Words(language)), tmp_path / f"inbox-{language}.html")
        explored(file, language, tmp_path)

    assert complaints([tmp_path]) == []
    assert len(list(tmp_path.rglob("*.html"))) == 17


def explored(file: Path, language: str, folder: Path) -> None:
    """Keep pages of explore in a folder, and the one that asks for the password."""
    with served(file, language=language) as pages:
        for number, address in enumerate(EXPLORED):
            keep(pages.address + address, folder / f"explore-{language}-{number}.html")
    with served(file, language=language, password="a long password") as pages:
        keep(f"{pages.address}/login", folder / f"explore-{language}-login.html")


def keep(address: str, path: Path) -> None:
    with urlopen(address) as answer:
        path.write_bytes(answer.read())


def test_the_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><html lang='en'><title>x</title><p><b id='a'>1<p><i id='a'>2</i>"
    )

    found = complaints([page])

    assert [text for text in found if "Duplicate ID" in text]
