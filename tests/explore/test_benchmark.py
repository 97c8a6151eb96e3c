"""What is measured of explore is what a page is made of."""

from __future__ import annotations

from pathlib import Path

from benchmarks.explore import page
from pipeline.explore.filters import Filter
from pipeline.explore.published import Night


def test_the_page_that_is_measured_can_be_made(months: Path) -> None:
    night = Night(months)
    try:
        page(night, Filter(organisation=night.about.organisations[0]))
    finally:
        night.close()
