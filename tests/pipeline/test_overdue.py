"""Posts that were not asked for again within what their platform's terms give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.overdue import TERM_DAYS, overdue
from pipeline.warehouse import Warehouse, open_warehouse, read_status
from tests.pipeline.landed import NOW, load, post


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "data") as opened:
        yield opened


def night(warehouse: Warehouse, days: int) -> None:
    warehouse.begin_run(f"run-{days:02}", NOW + timedelta(days=days), "1.0")
    warehouse.finish_run(f"run-{days:02}", "completed")


@pytest.mark.parametrize(("platform", "days"), TERM_DAYS.items())
def test_a_post_is_overdue_when_its_term_is_over(
    warehouse: Warehouse, platform: str, days: int
) -> None:
    load(warehouse, "1", post("a", platform=platform), post("b", platform=platform))
    again = NOW + timedelta(days=days)
    load(warehouse, "2", post("b", platform=platform, observed_at=again))

    night(warehouse, days)
    assert overdue(warehouse.database) == []
    night(warehouse, days + 1)
    assert overdue(warehouse.database) == [
        {
            "source": "social",
            "platform": platform,
            "term_days": days,
            "overdue_count": 1,
            "posts_count": 2,
        }
    ]


def test_what_is_deleted_or_has_no_term_is_never_overdue(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        load(warehouse, "1", post("a"), post("b", platform="x"))
        warehouse.database.execute("update raw.posts set deleted_at = now() where platform = 'x'")
        night(warehouse, 60)

    assert read_status(tmp_path)["overdue"] == []
