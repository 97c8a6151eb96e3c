"""``make dbt-docs`` writes a page without a database of anybody's."""

from pathlib import Path

from docs import dbt


def test_the_page_of_the_models_is_written_from_nothing(tmp_path: Path) -> None:
    dbt.main(tmp_path / "page.html")

    assert "response_by_audience" in (tmp_path / "page.html").read_text(encoding="utf-8")
