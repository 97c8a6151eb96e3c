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
    assert shown[: len(rules)] == [f"advice-{rule.replace('_', '-')}" for rule in rules]
    assert 3 <= len(shown) <= 5


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
    (posts, _) = exhibit.css("table")
    assert len(posts.css("tbody tr")) == evidence
    assert len(exhibit.css("blockquote")) == min(3, evidence)


def test_where_no_rule_fires_people_and_a_peak_give_advice(published: Path, tmp_path: Path) -> None:
    quiet = changed(
        published,
        tmp_path,
        ("delete from marts.advices", ()),
        (
            """
            insert into marts.peaks by name
            select ? as organisation, 'all' as platform, date '2026-03-10' as posted_date,
                40 as volume, 8 as weeks_count, 7.0 as expected, 2.0 as spread, 13.9 as threshold
            """,
            (OWN,),
        ),
    )
    answered, people = ask(
        quiet,
        f"""
        select numerator, denominator
        from marts.scorecard
        where organisation = '{OWN}' and measure = 'people_answered_share' and platform = 'all'
            and period_grain = 'rolling_28d' and period_start = date '2026-02-16'
        """,
    ).rows[0]

    report = write_report(quiet, tmp_path / "reports", language="en")

    people_told, peak_told, *_ = page(report).css("#advice .exhibit")
    assert (
        f"{people - answered:.0f} of the {people:.0f} people who addressed {OWN}"
        in people_told.text()
    )
    assert people_told.css("blockquote")
    assert "Learn from Tuesday 10 March" in peak_told.text()
    assert "40 posts on one day, where 7 are usual" in peak_told.text()


def test_where_nothing_stands_out_the_report_says_so(published: Path, tmp_path: Path) -> None:
    quiet = changed(
        published,
        tmp_path,
        ("delete from marts.advices", ()),
        ("delete from marts.peaks", ()),
        ("delete from marts.scorecard where measure = 'demand_product'", ()),
        ("delete from marts.scorecard where measure = 'people_answered_share'", ()),
    )

    report = write_report(quiet, tmp_path / "reports", language="en")

    assert "nothing stands out in these weeks" in page(report).css_first("#advice").text()


def test_hostile_words_in_the_evidence_are_only_words(published: Path, tmp_path: Path) -> None:
    hostile = changed(
        published, tmp_path, ("update marts.posts set text = ?", ("<script>alert(1)</script>",))
    )

    report = write_report(hostile, tmp_path / "reports", language="nl")

    assert "<script" not in report.path.read_text(encoding="utf-8")
