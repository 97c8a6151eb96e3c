"""The reference pages say what the code does."""

from pathlib import Path

import pytest

from docs.generate import pages


@pytest.mark.parametrize(
    ("path", "text"), list(pages()), ids=lambda each: getattr(each, "name", "")
)
def test_a_generated_page_is_not_stale(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run `python -m docs.generate`"
