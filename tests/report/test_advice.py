"""What to do next: each advice says what the published night says, with its posts."""

from __future__ import annotations

from pathlib import Path

from pipeline.analysis import ask
from pipeline.report import Report, write_report
from tests.report.published import changed
from tests.report.test_report import OWN, page

QUERY = f"from marts.advices where organisation = '{OWN}' order by advice_rank"


def test_every_advice_stands_in_the_report_in_its_order(published: Path, english: Report) -> None:
    rules = [row["rule"] for row in ask(published, QUERY).as_dicts()][:5]
    shown = [node.attributes["id"] for node in page(english).css("#advice .exhibit")]

    assert rules
    assert shown == [f"advice-{rule.replace('_', '-')}" for rule in rules]


def test_an_advice_says_its_numbers_and_shows_its_posts(published: Path, english: Report) -> None:
    (waiting,) = ask(
        published,
        f"select numerator from marts.advices where organisation = '{OWN}' and rule = 'open_queue'",
    ).rows[0]
    (exhibit,) = page(english).css("#advice-open-queue")

    assert f"{waiting:,.0f} posts that need an answer have none" in exhibit.text()
    evidence = ask(
        published,
        "select count(*) from marts.advice_posts "
        f"where organisation = '{OWN}' and rule = 'open_queue'",
    ).rows[0][0]
    assert len(exhibit.css("tbody tr")) == evidence


def test_where_no_rule_fires_the_report_says_so(published: Path, tmp_path: Path) -> None:
    quiet = changed(published, tmp_path, ("delete from marts.advices", ()))

    report = write_report(quiet, tmp_path / "reports", language="en")

    assert "nothing stands out in these weeks" in page(report).css_first("#advice").text()


def test_hostile_words_in_the_evidence_are_only_words(published: Path, tmp_path: Path) -> None:
    hostile = changed(
        published, tmp_path, ("update marts.posts set text = ?", ("<script>alert(1)</script>",))
    )

    report = write_report(hostile, tmp_path / "reports", language="nl")

    assert "<script" not in report.path.read_text(encoding="utf-8")
