"""How long things are kept stands in the chapter on method."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.report import write_report
from tests.report.published import changed

KINDS = """
    ('payload', 14, now()), ('text', 41, now()), ('pseudonym', 43, now()), ('counts', 396, now())
"""


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "teksten 41 dagen, berichten en schuilnamen 43 dagen"),
        ("en", "words of posts for 41 days, posts and pseudonyms for 43 days"),
    ],
)
def test_the_method_tells_how_long_things_are_kept(
    published: Path, tmp_path: Path, language: str, sentence: str
) -> None:
    enforced = changed(published, tmp_path, (f"insert into marts.retention values {KINDS}", ()))

    page = write_report(enforced, tmp_path / "reports", language=language).path.read_text()

    assert sentence in page
