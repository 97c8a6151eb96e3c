"""The papers tell what luister.toml says, in two languages that say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config
from pipeline.register import LANGUAGES, PAPERS, paper_text, write_papers
from tests.pipeline.landed import CONFIG

TOLD = CONFIG | {
    "privacy": {"text_days": 41, "pseudonym_days": 43, "payload_days": 7, "counts_months": 17}
}


def config(**changes: Any) -> Config:
    return Config.model_validate(TOLD | changes)


def test_eight_papers_are_written(tmp_path: Path) -> None:
    written = write_papers(config(), tmp_path / "papers")

    assert len(written) == 8
    assert all(path.read_text().startswith("# ") for path in written)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_paper_tells_who_what_and_how_long(paper: str, language: str) -> None:
    text = paper_text(config(), paper, language)

    for told in ("Acme", "desk@acme.example", "mastodon", "41", "43"):
        assert told in text, told
    assert "{" not in text


@pytest.mark.parametrize("paper", PAPERS)
def test_both_languages_have_the_same_parts(paper: str) -> None:
    shapes = [
        re.findall(r"^(#+|\||\*\*?)", paper_text(config(), paper, language), re.MULTILINE)
        for language in LANGUAGES
    ]

    assert shapes[0] == shapes[1]


def test_what_is_switched_off_is_said_so() -> None:
    off = config(privacy={"honour_opt_out": False})

    assert "NIET gevolgd" in paper_text(off, "register", "nl")
    assert "NIET gevolgd" not in paper_text(config(), "register", "nl")


def test_declared_employees_are_told_of() -> None:
    nobody = config(organisation={"name": "Acme"})

    assert "Accounts of employees are declared (2)" in paper_text(config(), "dpia", "en")
    assert "No accounts of employees" in paper_text(nobody, "dpia", "en")


def test_a_hostile_name_breaks_no_table() -> None:
    evil = config(organisation={"name": "A|cme\n<script>[x](y) {contact}"})
    text = paper_text(evil, "register", "en")

    assert "<script>" not in text
    assert "[x](y)" not in text
    assert "A\\|cme \\<script\\>\\[x\\](y) {contact}" in text


@pytest.mark.parametrize(
    ("is_enforced", "told"),
    [
        (True, {"en": "x: 1 days) the words", "nl": "(x: 1 dagen), verdwijnen"}),
        (False, {"en": "NOT enforced", "nl": "NIET afgedwongen"}),
    ],
)
def test_the_record_tells_how_deletions_are_followed(
    is_enforced: bool, told: dict[str, str]
) -> None:
    source = [{"name": "x", "platform": "x"}, {"name": "social", "platform": "mastodon"}]
    settings = config(source=source, privacy={"enforce_deletion_terms": is_enforced})
    for language in LANGUAGES:
        assert told[language] in paper_text(settings, "register", language)
        assert "mastodon:" not in paper_text(settings, "register", language)
        assert "1 " not in paper_text(config(), "register", language).split("\n## ")[2]
