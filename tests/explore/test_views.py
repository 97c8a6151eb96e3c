"""What stands under the columns of explore can be read on every screen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline.explore.filters import Filter
from pipeline.explore.published import About
from pipeline.explore.questions import Counts
from pipeline.explore.views import columns
from pipeline.report.words import Words

FIRST = date(2026, 9, 14)
WIDTH_OF_A_DATE = 14
"""Of 100, on the narrowest phone."""


@pytest.mark.parametrize("weeks", [2, 5, 11, 12, 17])
def test_no_date_under_the_columns_is_cut_off(weeks: int) -> None:
    starts = [FIRST + timedelta(weeks=number) for number in range(weeks)]
    about = About(
        organisations=("Zon",),
        platforms=("town",),
        languages=(),
        first=FIRST,
        last=starts[-1] + timedelta(days=6),
        run_id=None,
        published_at=None,
        timezone="Europe/Amsterdam",
        accounts={},
    )
    counts = Counts(total=weeks, facets={}, periods=[(each, 1) for each in starts], step="week")

    bars = columns(Filter(organisation="Zon"), counts, about, Words("nl"))

    assert len(bars) == weeks
    assert any(bar.mark for bar in bars)
    assert all(bar.place + WIDTH_OF_A_DATE <= 100 for bar in bars if bar.mark)
