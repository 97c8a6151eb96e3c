"""What coverage tells of a source one verb of which could not be asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipeline.config import Config
from pipeline.models import build
from pipeline.post import Gap, Read
from pipeline.source import Access, Source
from tests.misbehaving import Misbehaving, answer
from tests.night.test_unasked import BACKFILL_DAYS, KEY, asking, configured, night_of
from tests.pipeline.landed import later

LISTENING: Any = SimpleNamespace(
    ACCESS=Access(kind="key", secrets=(KEY,), needs={"mentions": (KEY,)}),
    inbox=asking("/inbox"),
    timeline=asking("/timeline"),
    mentions=asking("/search"),
)
FIRST_HOURS = BACKFILL_DAYS * 24


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    """A source that was asked in three ways on its first night."""
    with Misbehaving() as server:
        for address in ("/inbox", "/timeline", "/search"):
            server.on(address, answer(200, b"[]"))
        found = configured(tmp_path, server)
        monkeypatch.setenv(KEY, "s3cr3t")
        night_of(found, LISTENING, 0)
        yield found


def test_a_night_without_one_of_three_verbs_is_two_thirds_heard(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY)
    for hours in (24, 48):
        night_of(config, LISTENING, hours)

    assert covered(config) == pytest.approx((FIRST_HOURS + 48 - 16, 16))
    assert day_by_day(config)[-2] == pytest.approx(2 / 3)
    assert left_open(config) == [0, 0, 48 * 3600 / 3]


def test_hours_that_the_platform_does_not_give_are_not_heard_at_all(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def timeline(source: Source, client: Any, since: datetime) -> Iterator[Read]:
        yield from asking("/timeline")(source, client, since)
        yield Gap(gap_from=later(24), gap_to=later(36), reason="forgotten")

    monkeypatch.delenv(KEY)
    night_of(config, SimpleNamespace(**vars(LISTENING) | {"timeline": timeline}), 48)

    assert covered(config) == pytest.approx((FIRST_HOURS + 48 - 24, 24))
    assert left_open(config) == pytest.approx([0, 48 * 3600 / 3 + 12 * 3600])


def test_what_is_read_later_is_heard(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY)
    night_of(config, LISTENING, 24)
    monkeypatch.setenv(KEY, "s3cr3t")
    night_of(config, LISTENING, 48)

    assert covered(config) == (FIRST_HOURS + 48, 0)
    assert left_open(config) == [0, 0, 0]


def test_a_verb_that_is_not_wanted_any_more_lowers_nothing(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY)
    night_of(config, LISTENING, 24)
    told = config.source[0].model_copy(update={"verbs": ("timeline", "inbox")})
    night_of(config.model_copy(update={"source": (told,)}), LISTENING, 48)

    assert covered(config) == (FIRST_HOURS + 48, 0)


def marts(config: Config, query: str) -> list[tuple[Any, ...]]:
    database = config.data / "luister.duckdb"
    build(database)
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def covered(config: Config) -> tuple[float, float]:
    """Hours covered and hours of gaps of the source."""
    (row,) = marts(config, "select covered_hours, gap_hours from marts.coverage_sources")
    return row[0], row[1]


def day_by_day(config: Config) -> list[float]:
    found = marts(config, "select coverage from marts.coverage_daily order by covered_date")
    return [share for (share,) in found]


def left_open(config: Config) -> list[float]:
    """Seconds that each run left open, the first run first."""
    found = marts(config, "select open_gap_seconds from marts.coverage_runs order by run_id")
    return [seconds for (seconds,) in found]
