"""Whom a night does not ask: who landed before it was cut off, who wants rest, who is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pipeline.collect import LONGEST_REST, Rest, failed
from pipeline.collect import Known as KnownBefore
from pipeline.errors import AccountGone, LuisterError, RateLimited, SourceGone, SourceUnavailable
from pipeline.resume import landed_tonight, rest_of, settings_digest
from pipeline.source import Source
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import NOW, WEEK, later, load

SOCIAL = Source(name="social", platform="mastodon", terms=("Acme",))
KNOWN = KnownBefore(since=NOW - WEEK)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "data") as opened:
        yield opened


def night(warehouse: Warehouse, number: int, hours: float, error: LuisterError | None) -> None:
    """A night in which the source gave nothing, because of ``error`` or because nothing was new."""
    warehouse.begin_run(str(number), later(hours), "1.0")
    if error is None:
        load(warehouse, str(number), asked_through=later(hours), asked_as=settings_digest(SOCIAL))
    else:
        outcome = failed(SOCIAL, error, KNOWN, run_id=str(number), now=later(hours))
        fields = msgspec.structs.asdict(outcome) | {"asked_as": settings_digest(SOCIAL)}
        del fields["posts"], fields["run_id"]
        load(warehouse, str(number), **fields)
    warehouse.finish_run(str(number), "completed with failures" if error else "completed")


def rest(warehouse: Warehouse, hours: float, source: Source = SOCIAL) -> Rest | None:
    return rest_of(warehouse.database, source, later(hours))


def test_fault_02_a_wish_over_the_cap_is_kept_and_heeded_by_the_next_nights(
    warehouse: Warehouse,
) -> None:
    night(warehouse, 1, 0, RateLimited("busy", seconds=30 * 3600))

    early = rest(warehouse, 24)
    assert early is not None
    assert "left alone until 2026-11-02 10:15 UTC" in str(early.error())
    assert isinstance(early.error(), RateLimited)

    night(warehouse, 2, 24, early.error())
    assert rest(warehouse, 24.5) is not None
    assert rest(warehouse, 48) is None


def test_fault_02_ten_years_are_a_week(warehouse: Warehouse) -> None:
    night(warehouse, 1, 0, RateLimited("busy", seconds=10 * 365 * 86_400))

    assert rest(warehouse, LONGEST_REST.total_seconds() / 3600 - 1) is not None
    assert rest(warehouse, LONGEST_REST.total_seconds() / 3600 + 1) is None


def test_fault_02_other_settings_end_the_rest(warehouse: Warehouse) -> None:
    night(warehouse, 1, 0, RateLimited("busy", seconds=30 * 3600))

    assert rest(warehouse, 24, msgspec.structs.replace(SOCIAL, terms=("Bolt",))) is None


def test_fault_06_gone_three_nights_in_a_row_is_not_asked_any_more(warehouse: Warehouse) -> None:
    gone = SourceGone("404 Not Found")
    for number in range(3):
        assert rest(warehouse, 24 * number) is None
        night(warehouse, number + 1, 24 * number, gone)

    ended = rest(warehouse, 72)
    assert ended is not None
    assert isinstance(ended.error(), SourceGone)
    assert "luister run --source social" in str(ended.error())
    night(warehouse, 4, 72, ended.error())
    assert rest(warehouse, 96) is not None
    assert rest(warehouse, 96, msgspec.structs.replace(SOCIAL, terms=("Bolt",))) is None


@pytest.mark.parametrize("between", [None, SourceUnavailable("out of reach")])
def test_fault_06_who_was_there_in_between_is_asked_on(
    warehouse: Warehouse, between: LuisterError | None
) -> None:
    gone = SourceGone("404 Not Found")
    for number, error in enumerate([gone, gone, between, gone, gone], start=1):
        night(warehouse, number, 24 * number, error)

    assert rest(warehouse, 24 * 6) is None


def test_fault_06_a_source_with_an_account_that_is_gone_is_asked_on(warehouse: Warehouse) -> None:
    for number in range(3):
        night(warehouse, number + 1, 24 * number, AccountGone("knows no account bolt"))

    assert rest(warehouse, 72) is None


def test_fault_06_three_runs_of_one_evening_are_one_night(warehouse: Warehouse) -> None:
    for number in range(1, 4):
        night(warehouse, number, 0.1 * number, SourceGone("404 Not Found"))

    assert rest(warehouse, 0.4) is None


@pytest.mark.fault(28)
def test_what_landed_whole_before_a_night_was_cut_off_is_not_asked_again(
    warehouse: Warehouse,
) -> None:
    def landed(hours: float, *, source: Source = SOCIAL) -> frozenset[str]:
        return landed_tonight(warehouse.database, {source.name: source}, later(hours))

    warehouse.begin_run("1", NOW, "1.0")
    load(warehouse, "1", asked_as=settings_digest(SOCIAL))

    assert landed(1) == {"social"}
    assert landed(1, source=msgspec.structs.replace(SOCIAL, terms=("Bolt",))) == frozenset()
    assert landed(24) == frozenset()

    warehouse.begin_run("2", later(1), "1.0")
    assert landed(1) == {"social"}
    warehouse.finish_run("2", "completed")
    assert landed(1.1) == frozenset()


@pytest.mark.fault(28)
def test_what_landed_in_part_is_asked_again(warehouse: Warehouse) -> None:
    warehouse.begin_run("1", NOW, "1.0")
    load(warehouse, "1", asked_as=settings_digest(SOCIAL), status="partial")

    ours = {"social": SOCIAL}
    assert landed_tonight(warehouse.database, ours, NOW + timedelta(hours=1)) == frozenset()
