"""What a listener that never ends may take of its platform, and what it tells of what it took."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.budget import Allowance
from pipeline.errors import BudgetSpent
from pipeline.http import Usage
from pipeline.landing import Landing
from pipeline.live_budget import DAY_SECONDS, LOOK_SECONDS, Ledger, Ration, used_since
from pipeline.lock import nightly_lock
from pipeline.settings import BudgetSettings
from pipeline.source import Access
from pipeline.warehouse import open_warehouse
from tests.pipeline.landed import load, post
from tests.pipeline.live_servers import Jetstream, Web, bluesky, configured, sky, written
from tests.pipeline.test_live import Listening, texts

BUDGET = BudgetSettings(per="month", requests=100)


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def allowed(requests: float) -> Allowance:
    return Allowance(platform="bluesky", left={"requests": requests})


def test_after_a_night_it_counts_anew() -> None:
    clock, dealt = Clock(), [allowed(10), allowed(5)]
    ration = Ration(lambda: dealt.pop(0) if dealt else None, clock=clock)
    ration.check("https://social.example/", requests=0, reads=0, spent={})
    ration.check("https://social.example/", requests=9, reads=0, spent={})
    with pytest.raises(BudgetSpent, match="no requests left"):
        ration.check("https://social.example/", requests=10, reads=0, spent={})

    clock.seconds = LOOK_SECONDS
    ration.check("https://social.example/", requests=10, reads=0, spent={})
    ration.check("https://social.example/", requests=14, reads=0, spent={})
    with pytest.raises(BudgetSpent):
        ration.check("https://social.example/", requests=15, reads=0, spent={})


def test_without_a_night_it_counts_anew_after_a_day() -> None:
    clock, dealt = Clock(), [allowed(10)]
    ration = Ration(lambda: dealt.pop(0) if dealt else None, clock=clock)
    ration.check("https://social.example/", requests=0, reads=0, spent={})
    clock.seconds = DAY_SECONDS - LOOK_SECONDS
    with pytest.raises(BudgetSpent):
        ration.check("https://social.example/", requests=10, reads=0, spent={})
    clock.seconds = DAY_SECONDS + LOOK_SECONDS
    ration.check("https://social.example/", requests=10, reads=0, spent={})


def test_the_ledger_deals_half_a_sources_part_and_only_when_a_night_changed_it(
    tmp_path: Path,
) -> None:
    ledger = Ledger(tmp_path, "mastodon", Access(), BUDGET, sources=2)
    first = ledger.deal()
    assert first is not None
    assert first.left == {"requests": 25.0}
    assert ledger.deal() is None

    with open_warehouse(tmp_path) as warehouse:
        run = "20990101T000000Z-00000000"
        load(warehouse, run, post(), usage=Usage(requests=40))
    after = ledger.deal()
    assert after is not None
    assert after.left["requests"] <= 25.0
    assert ledger.deal() is None


def test_while_a_night_is_at_work_the_old_ration_holds(tmp_path: Path) -> None:
    with open_warehouse(tmp_path):
        pass
    ledger = Ledger(tmp_path, "mastodon", Access(), BUDGET, sources=1)
    assert ledger.deal() is not None
    with nightly_lock(tmp_path), open_warehouse(tmp_path) as warehouse:
        load(warehouse, "1", post())
        assert ledger.deal() is None


def test_what_is_used_is_told_once() -> None:
    before = Usage(requests=3, bytes=10, spent={"points": 2})
    now = Usage(requests=5, bytes=30, spent={"points": 2, "searches": 1})
    assert used_since(before, now) == Usage(requests=2, bytes=20, spent={"searches": 1})


@pytest.fixture
def network() -> Iterator[tuple[Jetstream, Web]]:
    with bluesky() as servers:
        yield servers


def test_a_landing_tells_what_it_took(network: tuple[Jetstream, Web], tmp_path: Path) -> None:
    jetstream, web = network
    jetstream.log += [written("1", "Acme is late", 1)]
    with Listening(configured(tmp_path, sky(jetstream, web))) as listening:
        listening.until(lambda: len(listening.posts()) >= 1)
    (file,) = Landing(tmp_path / "data" / "landing").files()
    assert file.manifest.usage.requests > 0


def test_beyond_the_budget_what_was_heard_waits_and_is_not_lost(
    network: tuple[Jetstream, Web], tmp_path: Path
) -> None:
    jetstream, web = network
    jetstream.log += [written("1", "Acme is late", 1)]
    budget = "[budget.bluesky]\nrequests = 2\n"
    with Listening(configured(tmp_path, sky(jetstream, web), budget)) as listening:
        listening.until(lambda: any("budget of bluesky is spent" in cut for cut in seen(listening)))
        assert listening.posts() == []
    with Listening(configured(tmp_path, sky(jetstream, web))) as again:
        again.until(lambda: texts(again.posts()) == ["Acme is late"])


def seen(listening: Listening) -> list[str]:
    return [*listening.seen.cuts, str(listening.error)]
