"""What is written for browsers, whatever a text holds."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest

from pipeline.report.page import environment, own_file
from pipeline.report.words import Words

PIPELINE = Path(__file__).resolve().parents[2] / "pipeline"


def test_fault_51_every_template_escapes_and_refuses_what_is_undefined() -> None:
    templates = environment(Words("en"))

    shown = templates.from_string("<p>{{ text }}</p>").render(text="<script>")

    assert shown == "<p>&lt;script&gt;</p>"
    with pytest.raises(jinja2.UndefinedError):
        templates.from_string("{{ nothing }}").render()


def test_fault_51_there_is_one_environment_and_every_link_is_looked_at() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in PIPELINE.rglob("*.py")}
    assert [path.name for path, text in sources.items() if "jinja2.Environment(" in text] == [
        "page.py"
    ]

    for path in (PIPELINE / "report" / "templates").glob("*.html"):
        template = path.read_text(encoding="utf-8")
        links = re.findall(r"(?:href|src)=\"\{\{([^}]*)\}\}", template)
        assert all("safe_link" in each or "own_file" in each for each in links), (path.name, links)


def test_fault_51_a_link_to_a_report_leaves_the_folder_never() -> None:
    assert own_file("weeks/acme/week-2026-10-nl.html") == "weeks/acme/week-2026-10-nl.html"
    for hostile in ("javascript:alert(1)", "//evil.example/x", "../luister.duckdb", "/etc/passwd"):
        assert own_file(hostile) == ""
