"""Two sides of the scorecard: how sure their difference is, and when nothing is said of it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.explore.comparing import Side, compare, interval, read_sides
from pipeline.explore.filters import Filter
from pipeline.explore.measured import beside
from pipeline.explore.published import Published
from pipeline.explore.questions import periods, posts
from pipeline.report.words import Words

OWN, RIVAL = "Waterland Fietsen", "Tweewielerhuis De Kaag"


def test_the_interval_is_newcombes() -> None:
    # 56/70 and 48/80, the example of Newcombe (1998), method 10: 0.0524 to 0.3339
    one, other = (0.6, 0.490367, 0.700335), (0.8, 0.691816, 0.876932)

    assert interval(one, other) == pytest.approx((0.0524, 0.3339), abs=2e-4)


def test_sides_that_share_posts_have_no_interval(months: Path) -> None:
    published = Published(months)
    month = Side(organisation=OWN, grain="month", start=date(2026, 1, 1))
    others = {
        "apart": Side(organisation=OWN, grain="month", start=date(2026, 2, 1)),
        "rival": Side(organisation=RIVAL, grain="month", start=date(2026, 1, 1)),
        "itself": month,
        "around": Side(organisation=OWN, grain="quarter", start=date(2026, 1, 1)),
    }
    found = {
        name: sum(each.low is not None for each in compare(published.night(), month, side, "all"))
        for name, side in others.items()
    }
    published.close()

    assert found["apart"] > 5
    assert found["rival"] > 5
    assert found["itself"] == found["around"] == 0


def test_two_companies_are_compared_over_one_period_and_one_over_two(months: Path) -> None:
    published = Published(months)
    night = published.night()

    of_one = read_sides({}, night)
    of_two = read_sides({"other": RIVAL}, night)
    links = beside(of_two[0], night.about, Words("nl"))
    published.close()

    assert of_one[0].organisation == of_one[1].organisation == OWN
    assert of_one[0].start < of_one[1].start
    assert [side.organisation for side in of_two] == [OWN, RIVAL]
    assert of_two[0].start == of_two[1].start == of_one[1].start
    assert f"{OWN} naast {RIVAL}" in [link.label for link in links]
    assert all(link.value.endswith(f"other_period=month%3A{of_two[0].start}") for link in links)


def test_what_was_mostly_collected_is_compared_unasked(months: Path, tmp_path: Path) -> None:
    published = Published(months)
    known = periods(published.night())
    published.close()
    by_month, by_week = (
        [each for each in known if each[0] == grain] for grain in ("month", "week")
    )
    copy = shutil.copy(months, tmp_path / "published.duckdb")

    def compared(half: list[tuple[str, date]], asked: dict[str, str]) -> list[tuple[str, date]]:
        """The two periods by default, where of some only half was collected, and not on all."""
        with duckdb.connect(str(copy)) as database:
            database.execute("update marts.scorecard set coverage = 1")
            for grain, start in half:
                database.execute(
                    "update marts.scorecard set coverage = 0.5 "
                    "where period_grain = ? and period_start = ? and platform <> 'bluesky'",
                    [grain, start],
                )
        published = Published(copy)
        sides = read_sides(asked, published.night(), asked.get("platform", "all"))
        published.close()
        return [(side.grain, side.start) for side in sides]

    newest, second, third, fourth, *older = by_month
    two = {"other": RIVAL}
    assert compared([], {}) == [third, second]
    # a month with an outage
    assert compared([third], {}) == [fourth, second]
    # nothing is low there
    assert compared([third], {"platform": "bluesky"}) == [third, second]
    # listening began in the third month: one whole month is enough for two companies alone
    assert compared([third, fourth, *older], {}) == [by_week[2], by_week[1]]
    assert compared([third, fourth, *older], two) == [second, second]
    # the first weeks of all
    assert compared([*by_month, *by_week], {}) == [third, second]
    assert newest not in {*compared([], {}), *compared([], two)}


def test_a_conversation_is_read_from_its_beginning(months: Path) -> None:
    published = Published(months)
    night = published.night()
    (longest,) = night.ask(
        "select thread_key from published.marts.posts group by all order by count(*) desc limit 1"
    )

    found = posts(night, Filter(organisation=OWN, thread=longest["thread_key"]))
    newest = posts(night, Filter(organisation=OWN))
    published.close()

    moments = [row["posted_at"] for row in found]
    assert len(moments) > 1
    assert moments == sorted(moments)
    assert newest[0]["posted_at"] > newest[-1]["posted_at"]
