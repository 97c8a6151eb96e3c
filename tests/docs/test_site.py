"""The documentation builds without a warning, and what it tells a reader to do can be done."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from connectors import platforms
from flows.cli import app
from pipeline.config import load
from tests.validity import complaints

HERE = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path for path in (HERE / "docs").rglob("*.md") if "example-connector" not in path.parts
)
_COMMAND = re.compile(r"^\s*(?:uv run |\.venv/bin/)?luister ([^|>&]*)")
_BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Name of the page and text of every block in one language, the README's included."""
    for page in [HERE / "README.md", *PAGES]:
        for found, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
            if found == language:
                yield page.stem, text


def commands() -> list[tuple[str, list[str]]]:
    """Every command line of ours that a page shows."""
    return [
        (page, shlex.split(found[1], comments=True))
        for page, text in blocks("sh")
        for line in text.replace("\\\n", " ").splitlines()
        if (found := _COMMAND.match(line))
    ]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    sphinx = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    built = subprocess.run(
        [*sphinx, "-d", str(folder / "read"), str(HERE / "docs"), str(folder / "html")],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert built.returncode == 0, built.stderr
    return folder / "html"


def test_every_page_of_the_site_is_valid_html(site: Path) -> None:
    assert complaints([site]) == []


def test_the_site_builds_without_a_warning_and_has_every_page(site: Path) -> None:
    for page in PAGES:
        written = page.relative_to(HERE / "docs").with_suffix(".html")
        assert (site / written).exists(), written


def test_a_page_of_the_site_asks_nothing_of_anybody_else(site: Path) -> None:
    page = (site / "tutorial.html").read_text(encoding="utf-8")

    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"https?://", page)


@pytest.mark.parametrize(("page", "words"), commands())
def test_a_command_that_a_page_shows_exists(page: str, words: list[str]) -> None:
    group: Any = typer.main.get_command(app)
    while hasattr(group, "commands") and words:
        named, *words = words
        assert named in group.commands, f"{page}: luister {named}"
        group = group.commands[named]

    group.make_context(page, words)


@pytest.mark.parametrize(
    ("page", "text"), [each for each in blocks("toml") if not each[1].startswith("# ")]
)
def test_a_configuration_that_a_page_shows_is_accepted(
    page: str, text: str, tmp_path: Path
) -> None:
    """A block of another file begins with a comment that names that file."""
    begin = "" if "contact" in text else 'contact = "mailto:luister@example.nl"\n'
    own = "" if "[organisation]" in text else '\n[organisation]\nname = "Zonneveld"\n'
    file = tmp_path / "luister.toml"
    file.write_text(f"{begin}{text}{own}", encoding="utf-8")

    tomllib.loads(file.read_text(encoding="utf-8"))
    load(file, platforms())
