"""A source or a verb that cannot be asked yet: nothing counts as heard that was never asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline import night as steps
from pipeline.config import Config
from pipeline.http import Usage
from pipeline.pace import Pace
from pipeline.post import Read
from pipeline.rehearsal import Rehearsed, rehearse
from pipeline.source import Access, Connector, Source
from pipeline.warehouse import open_warehouse, read_status
from tests.misbehaving import Misbehaving, answer
from tests.pipeline.landed import CONFIG, later, load, one, rows

KEY = "SEARCH_KEY"
BACKFILL_DAYS = 30
WINDOW_DAYS = 7


def asking(address: str) -> Any:
    def verb(source: Source, client: Any, since: datetime) -> Iterator[Read]:
        client.get(source.urls[0] + address, params={"since": since.isoformat()})
        yield from ()

    return verb


SEARCHED: Any = SimpleNamespace(
    ACCESS=Access(kind="key", secrets=(KEY,), needs={"mentions": (KEY,)}),
    mentions=asking("/search"),
)
READ_AND_SEARCHED: Any = SimpleNamespace(**vars(SEARCHED), timeline=asking("/timeline"))


def configured(tmp_path: Path, server: Misbehaving) -> Config:
    source = {"name": "src", "platform": "fake", "urls": [server.url("")], "allow_private": True}
    return Config.model_validate(CONFIG | {"data": tmp_path, "source": [source]})


def night_of(config: Config, connector: Connector, hours: float) -> tuple[str, ...]:
    """A night so many hours after the first; returns what failed."""
    night = steps.open_night(config, f"{later(hours):%Y%m%dT%H%M%SZ}-{int(hours):06}")
    for name in steps.prepare(night):
        steps.collect(night, name, lambda _: connector, Pace(), steps.Silent())
    steps.load(night)
    return steps.close(night)[2]


def days_asked_back(server: Misbehaving, address: str, hours: float) -> list[int]:
    """How many days before the night so many hours after the first ``address`` was asked for."""
    since = [
        datetime.fromisoformat(parse_qs(urlsplit(asked.path).query)["since"][0])
        for asked in server.asked
        if asked.path.startswith(address)
    ]
    return [round((later(hours) - each).total_seconds() / 86_400) for each in since]


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as running:
        running.on("/search", answer(200, b"[]"))
        running.on("/timeline", answer(200, b"[]"))
        yield running


def test_a_source_with_nothing_to_ask_has_looked_nowhere_and_fails_nobody(
    tmp_path: Path, server: Misbehaving
) -> None:
    config = configured(tmp_path, server)

    assert [night_of(config, SEARCHED, hours) for hours in (0, 24)] == [(), ()]

    with open_warehouse(tmp_path) as warehouse:
        assert warehouse.progress("src") is None
        told = "select status, asked_verbs, verbs_without_access from ops.collections"
        assert rows(warehouse, told) == [("unasked", "", "mentions")] * 2
        assert one(warehouse, "select count(*) from ops.gaps") == 0


def test_days_before_the_key_came_are_asked_for_when_it_is_there(
    tmp_path: Path, server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, server)
    night_of(config, SEARCHED, 0)
    monkeypatch.setenv(KEY, "s3cr3t")

    night_of(config, SEARCHED, 48)

    assert days_asked_back(server, "/search", 48) == [BACKFILL_DAYS]


def test_a_verb_whose_key_comes_later_is_asked_for_what_it_missed(
    tmp_path: Path, server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, server)
    night_of(config, READ_AND_SEARCHED, 0)
    monkeypatch.setenv(KEY, "s3cr3t")
    (plan,) = planned(config, 240, READ_AND_SEARCHED)
    night_of(config, READ_AND_SEARCHED, 240)

    assert list(plan.since_by_verb) == ["mentions"]
    assert days_asked_back(server, "/search", 240) == [BACKFILL_DAYS]
    assert days_asked_back(server, "/timeline", 240) == [10 + BACKFILL_DAYS, 10 + WINDOW_DAYS]


def planned(config: Config, hours: float, connector: Connector) -> list[Rehearsed]:
    night = steps.open_night(config, f"{later(hours):%Y%m%dT%H%M%SZ}-plan00")
    return list(rehearse(night, lambda _: connector))


def test_a_verb_that_was_without_its_key_for_a_while_goes_back_to_where_it_stopped(
    tmp_path: Path, server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, server)
    monkeypatch.setenv(KEY, "s3cr3t")
    night_of(config, READ_AND_SEARCHED, 0)
    monkeypatch.delenv(KEY)
    night_of(config, READ_AND_SEARCHED, 240)
    monkeypatch.setenv(KEY, "s3cr3t")

    night_of(config, READ_AND_SEARCHED, 264)

    assert days_asked_back(server, "/search", 264)[-1] == 11 + WINDOW_DAYS
    assert days_asked_back(server, "/timeline", 264)[-1] == 1 + WINDOW_DAYS


def test_a_source_whose_key_went_away_has_failed_and_leaves_a_gap(
    tmp_path: Path, server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, server)
    monkeypatch.setenv(KEY, "s3cr3t")
    night_of(config, SEARCHED, 0)
    monkeypatch.delenv(KEY)

    (failure,) = night_of(config, SEARCHED, 24)

    assert "has nothing to ask any more" in failure
    with open_warehouse(tmp_path) as warehouse:
        assert rows(warehouse, "select gap_from, gap_to from ops.gaps") == [(later(0), later(24))]


def test_to_complete_conversations_is_not_to_have_been_asked(tmp_path: Path) -> None:
    """What was heard live is looked at again every night, by a source that cannot listen."""
    with open_warehouse(tmp_path) as warehouse:
        load(warehouse, "1", status="unasked", usage=Usage(requests=3), asked_verbs=[])
        assert not warehouse.was_asked("social")

        load(warehouse, "2", usage=Usage(requests=3), asked_verbs=["mentions"])
        assert warehouse.was_asked("social")


def test_status_tells_what_could_not_be_asked(tmp_path: Path, server: Misbehaving) -> None:
    night_of(configured(tmp_path, server), READ_AND_SEARCHED, 0)

    (source,) = read_status(tmp_path)["sources"]

    assert (source["status"], source["asked_verbs"], source["verbs_without_access"]) == (
        "complete",
        "timeline",
        "mentions",
    )


def test_a_verb_that_lost_its_key_leaves_a_gap_that_its_return_closes(
    tmp_path: Path, server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, server)
    monkeypatch.setenv(KEY, "s3cr3t")
    night_of(config, READ_AND_SEARCHED, 0)
    monkeypatch.delenv(KEY)
    for hours in (24, 48):
        night_of(config, READ_AND_SEARCHED, hours)

    assert gaps(tmp_path) == [("mentions", later(0), later(48), False)]

    monkeypatch.setenv(KEY, "s3cr3t")
    night_of(config, READ_AND_SEARCHED, 72)

    assert gaps(tmp_path) == [("mentions", later(0), later(48), True)]


def test_what_a_broken_night_missed_of_a_verb_stays_missing_while_its_key_is_away(
    tmp_path: Path, server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, server)
    monkeypatch.setenv(KEY, "s3cr3t")
    night_of(config, READ_AND_SEARCHED, 0)
    server.on("/search", answer(403, b"no"))
    night_of(config, READ_AND_SEARCHED, 24)
    monkeypatch.delenv(KEY)

    night_of(config, READ_AND_SEARCHED, 48)

    assert gaps(tmp_path) == [
        ("mentions", later(0), later(48), False),
        (None, later(0), later(24), True),
    ]


def test_a_verb_that_never_had_its_key_misses_nothing(tmp_path: Path, server: Misbehaving) -> None:
    config = configured(tmp_path, server)

    for hours in (0, 24):
        night_of(config, READ_AND_SEARCHED, hours)

    assert gaps(tmp_path) == []


def test_a_verb_that_is_not_wanted_any_more_misses_nothing(
    tmp_path: Path, server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, server)
    monkeypatch.setenv(KEY, "s3cr3t")
    night_of(config, READ_AND_SEARCHED, 0)
    monkeypatch.delenv(KEY)
    night_of(config, READ_AND_SEARCHED, 24)
    told = config.source[0].model_copy(update={"verbs": ("timeline",)})

    night_of(config.model_copy(update={"source": (told,)}), READ_AND_SEARCHED, 48)

    assert gaps(tmp_path) == [("mentions", later(0), later(24), True)]


def gaps(folder: Path) -> list[tuple[Any, ...]]:
    """Verb, bounds, and whether it was closed, of each gap."""
    with open_warehouse(folder) as warehouse:
        return rows(
            warehouse,
            "select verb, gap_from, gap_to, closed_by_run_id is not null from ops.gaps "
            "order by all",
        )
