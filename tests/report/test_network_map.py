"""The drawn network says what the published ties say."""

from __future__ import annotations

from pathlib import Path

from pipeline.analysis import ask
from pipeline.report import Report, write_report
from tests.report.published import changed
from tests.report.test_report import OWN, page, rows_of, sentences

LAST_WEEK = "2026-03-09"
TIES = f"from marts.network_ties where organisation = '{OWN}' and week = date '{LAST_WEEK}'"


def test_there_is_a_dot_for_each_account_and_a_line_for_each_pair(
    english: Report, published: Path
) -> None:
    (drawn,) = ask(
        published,
        f"""
        select
            (select count(*) from (select from_node {TIES} union select to_node {TIES})) as dots,
            (
                select count(*)
                from (
                    select distinct least(from_node, to_node), greatest(from_node, to_node) {TIES}
                )
            ) as lines
        """,
    ).as_dicts()

    picture = page(english).css("#network-map .wide svg")[0]

    assert len(picture.css("path.s-paper")) == drawn["dots"]
    assert len(picture.css("line")) == drawn["lines"]


def test_the_table_begins_with_whom_most_turned_to(english: Report, published: Path) -> None:
    (most,) = ask(
        published,
        f"""
        select to_organisation, count(*) as incoming
        {TIES} group by to_organisation, to_node order by incoming desc, to_node limit 1
        """,
    ).as_dicts()

    assert rows_of(english, "network-map")[0][:2] == [
        most["to_organisation"],
        str(most["incoming"]),
    ]


def test_it_counts_the_people_who_turned_to_each_other(english: Report, published: Path) -> None:
    (people,) = ask(
        published,
        f"""
        select count(distinct node) as among
        from (
            select unnest([from_node, to_node]) as node
            {TIES} and from_organisation is null and to_organisation is null
        )
        """,
    ).as_dicts()

    assert f"and {people['among']} of them with somebody" in sentences(english, "network-map")


def test_a_week_whose_ties_are_no_longer_kept_is_not_called_silent(
    published: Path, tmp_path: Path
) -> None:
    old = changed(published, tmp_path, ("delete from marts.network_ties", ()))

    report = write_report(old, tmp_path / "reports", language="en")

    assert "ties were counted in the last whole week" in sentences(report, "network-map")
    assert not page(report).css("#network-map svg.drawing")


def test_a_week_without_ties_is_said_and_not_drawn(published: Path, tmp_path: Path) -> None:
    silent = changed(
        published,
        tmp_path,
        ("delete from marts.network_ties", ()),
        ("update marts.scorecard set denominator = 0 where measure = 'edge_reciprocity'", ()),
    )

    report = write_report(silent, tmp_path / "reports", language="en")

    assert "nobody turned to anybody" in sentences(report, "network-map")
    assert not page(report).css("#network-map svg.drawing")
