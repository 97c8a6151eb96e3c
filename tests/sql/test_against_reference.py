"""Random towns, all in one database: every measure, period and platform against plain loops."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.sql import reference
from tests.sql.comparisons import COMPARISONS
from tests.sql.towns import Key, reckoned, shared_warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared_warehouse(tmp_path_factory)


@pytest.fixture(scope="module")
def expected() -> dict[Key, reference.Cell]:
    return reckoned().cells


@pytest.fixture(scope="module")
def found(warehouse: Path) -> dict[Key, dict[str, Any]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        table = connection.sql("select * from marts.scorecard").to_arrow_table()
    return {
        tuple(
            row[name]
            for name in ("organisation", "platform", "period_grain", "period_start", "measure")
        ): row
        for row in table.to_pylist()
    }


def test_every_measure_of_every_period_equals_the_plain_loops(
    expected: dict[tuple[Any, ...], reference.Cell], found: dict[tuple[Any, ...], dict[str, Any]]
) -> None:
    assert len(expected) > 10_000
    for key, values in expected.items():
        row = found[key]
        got = (row["value"], row["numerator"], row["denominator"])
        assert got == pytest.approx(values, abs=1e-9), key


def test_what_was_never_said_is_a_row_with_nothing_in_it(
    expected: dict[tuple[Any, ...], reference.Cell], found: dict[tuple[Any, ...], dict[str, Any]]
) -> None:
    silent = [row for key, row in found.items() if key not in expected and key[-1] != "modularity"]
    assert silent
    loud = [row for row in silent if row["value"] or row["numerator"]]
    assert not loud
    assert all(row["low"] is None or row["denominator"] > 0 for row in silent)


def test_intervals_are_wilsons(found: dict[tuple[Any, ...], dict[str, Any]]) -> None:
    bounded = [row for row in found.values() if row["low"] is not None]
    assert len(bounded) > 1000
    for row in bounded:
        bounds = reference.wilson(row["numerator"], row["denominator"])
        assert (row["low"], row["high"]) == pytest.approx(bounds, abs=1e-12)


def test_the_calendar_has_every_period_once(found: dict[tuple[Any, ...], dict[str, Any]]) -> None:
    days = {key[3] for key in found if key[2] == "day"}
    first, last = date(2025, 3, 10), date(2025, 4, 12)
    assert sorted(days) == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert {key[3] for key in found if key[2] == "quarter"} == {date(2025, 1, 1), date(2025, 4, 1)}
    assert {key[3].weekday() for key in found if key[2] == "week"} == {0}


@pytest.mark.parametrize("mart", sorted(set(COMPARISONS) - {"scorecard"}))
def test_every_mart_says_what_plain_loops_say(warehouse: Path, mart: str) -> None:
    compare, _ = COMPARISONS[mart]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        compare(connection, "")
