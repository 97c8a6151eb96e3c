"""Two sides of the scorecard: how sure their difference is, and when nothing is said of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.explore.comparing import Side, compare, interval
from pipeline.explore.published import Published

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
