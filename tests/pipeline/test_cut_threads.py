"""A thread that was not read to its end: a gap of that thread, told until it is read whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli import app
from pipeline.config import Config
from pipeline.ledger import status
from pipeline.manifest import CutThread
from pipeline.post import Post
from pipeline.privacy import blind_name
from pipeline.query import transaction
from pipeline.retention import sweep
from pipeline.warehouse import Warehouse, canonical_export, open_warehouse
from tests.pipeline.landed import CONFIG, NOW, WEEK, gone, later, load, one, post, rows

OPEN = """
    select post_id, reason, first_cut_at, last_cut_at from raw.cut_threads
    where closed_by_run_id is null order by post_id
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path) as opened:
        yield opened


def night(warehouse: Warehouse, run: str, *posts: Post, hours: float = 0, **told: Any) -> None:
    """One more night, so many hours later: which threads it cut off, and which it read whole."""
    cut = [
        CutThread(name=blind_name("mastodon", name), reason=reason, is_asked_again=again)
        for name, reason, again in told.pop("cut", ())
    ]
    whole = [blind_name("mastodon", name) for name in told.pop("whole", ())]
    bounds = {"asked_from": later(hours) - WEEK, "asked_through": later(hours)}
    load(warehouse, run, *posts, cut_threads=cut, whole_threads=whole, **(bounds | told))


def test_a_cut_thread_is_noted_once_until_it_is_read_whole(warehouse: Warehouse) -> None:
    night(warehouse, "1", post(), cut=[("p1", "too many", False)])
    night(warehouse, "2", hours=24, cut=[("p1", "BudgetSpent", True)])
    assert rows(warehouse, OPEN) == [("p1", "BudgetSpent", NOW, later(24))]
    assert one(warehouse, "select count(*) from ops.gaps") == 0

    night(warehouse, "3", hours=48, whole=["p1"])

    assert rows(warehouse, OPEN) == []
    assert one(warehouse, "select closed_by_run_id from raw.cut_threads") == "3"


def test_whichever_post_it_was_asked_with_a_thread_is_one(warehouse: Warehouse) -> None:
    thread = (post(), post("p2", parent_id="p1"), post("p3", parent_id="p2"))
    night(warehouse, "1", *thread, post("other"), cut=[("p3", "a", True), ("other", "b", True)])
    night(warehouse, "2", hours=24, cut=[("p2", "c", True)])
    assert [each["cut_threads"] for each in status(warehouse.database)["sources"]] == [2]

    night(warehouse, "3", hours=48, whole=["p1"])

    assert [name for name, *_ in rows(warehouse, OPEN)] == ["other"]


def test_a_thread_of_one_source_is_not_closed_by_another(warehouse: Warehouse) -> None:
    night(warehouse, "1", post(), cut=[("p1", "BudgetSpent", True)])
    night(warehouse, "2", whole=["p1"], source="other")

    assert len(rows(warehouse, OPEN)) == 1


def test_of_a_post_that_is_not_kept_nothing_is_noted(warehouse: Warehouse) -> None:
    night(warehouse, "1", cut=[("nobody knows", "BudgetSpent", True)])

    assert rows(warehouse, OPEN) == []


def test_what_is_noted_of_a_thread_goes_with_its_post(warehouse: Warehouse) -> None:
    night(warehouse, "1", post(), cut=[("p1", "BudgetSpent", True)])
    with transaction(warehouse.database):
        warehouse.database.execute("delete from raw.posts")
        sweep(warehouse.database)

    assert rows(warehouse, OPEN) == []


def again(warehouse: Warehouse, hours: float, *, source: str = "social") -> list[str]:
    """With which posts the threads of a source are asked that many hours later, a week back."""
    found = warehouse.posts_to_thread(source, later(hours) - WEEK)
    return [each.post_id for each in (*found, *warehouse.posts_cut_off(source))]


MONTHS_OLD: dict[str, Any] = {"created_at": NOW - timedelta(days=90), "replies_count": 0}


def test_a_thread_that_waiting_may_cure_is_asked_again(warehouse: Warehouse) -> None:
    posts = (post(**MONTHS_OLD), post("p2", **MONTHS_OLD))
    night(warehouse, "1", *posts, cut=[("p1", "BudgetSpent", True), ("p2", "too many", False)])

    assert again(warehouse, 24) == ["p1"]
    assert again(warehouse, 24, source="other") == []
    night(warehouse, "2", gone(), hours=24)
    assert again(warehouse, 24) == []


@pytest.mark.parametrize("nights", [11, 29])
def test_an_outage_that_outlives_the_days_looked_back_loses_no_answer(
    warehouse: Warehouse, nights: int
) -> None:
    ends: dict[str, Any] = {"status": "partial", "error_code": "SourceRefused"}
    refused = [("p1", "SourceRefused", True)]
    night(warehouse, "01", post(**MONTHS_OLD), cut=refused, has_listened=True, **ends)
    for at in range(1, nights + 1):
        run = f"{at + 1:02}"
        night(warehouse, run, hours=24 * at, cut=refused, has_listened=True, **ends)

    assert again(warehouse, 24 * (nights + 1)) == ["p1"]


def test_threads_that_broke_off_and_concern_somebody_are_not_told_with_the_others(
    warehouse: Warehouse,
) -> None:
    organisation = {"name": "Acme", "accounts": {"mastodon": ["acme"]}}
    warehouse.write_configuration(Config.model_validate(CONFIG | {"organisation": organisation}))
    theirs = post("p2", author_handle="@acme", author_id="acme", **MONTHS_OLD)
    cut = [(name, "BudgetSpent", True) for name in ("p1", "p2")]
    night(warehouse, "1", post(**MONTHS_OLD), theirs, cut=cut)

    told = [each.post_id for each in warehouse.posts_to_thread("social", later(24) - WEEK)]
    others = [each.post_id for each in warehouse.posts_cut_off("social")]

    assert (told, others) == (["p2"], ["p1"])


def test_after_a_month_a_thread_is_given_up_and_told_so(warehouse: Warehouse) -> None:
    told = "select post_id, is_asked_again, closed_by_run_id from raw.cut_threads"
    night(warehouse, "1", post(**MONTHS_OLD), cut=[("p1", "BudgetSpent", True)])
    night(warehouse, "2", hours=24 * 31, cut=[("p1", "BudgetSpent", True)])

    assert again(warehouse, 24 * 32) == []
    assert rows(warehouse, told) == [("p1", False, None)]


def test_nights_that_heard_nothing_give_no_thread_up(warehouse: Warehouse) -> None:
    night(warehouse, "1", post(**MONTHS_OLD), cut=[("p1", "BudgetSpent", True)])
    for at in range(1, 41):
        night(warehouse, f"2{at:02}", hours=24 * at, status="failed", error_code="SourceGone")

    assert again(warehouse, 24 * 41) == ["p1"]


def test_a_night_that_listened_has_heard_its_time_whatever_its_threads_lack(
    warehouse: Warehouse,
) -> None:
    verbs: dict[str, Any] = {"asked_verbs": ["mentions"], "verbs_without_access": []}
    ends: dict[str, Any] = {"status": "partial", "error_code": "BudgetSpent"}
    night(warehouse, "1", post(), **ends, **verbs, has_listened=False)
    assert warehouse.progress("social") is None
    assert one(warehouse, "select count(*) from ops.gaps where closed_by_run_id is null") == 1

    night(warehouse, "2", hours=24, **ends, **verbs, has_listened=True, asked_from=NOW - WEEK)

    assert warehouse.progress("social") == later(24)
    assert warehouse.verb_progress("social") == {"mentions": later(24)}
    assert one(warehouse, "select count(*) from ops.gaps where closed_by_run_id is null") == 0


def test_what_was_given_up_long_ago_or_is_deleted_is_not_counted(warehouse: Warehouse) -> None:
    def counted() -> list[int]:
        return [each["cut_threads"] for each in status(warehouse.database)["sources"]]

    cut = [(name, "too many", False) for name in ("p1", "p2")]
    night(warehouse, "1", post(), post("p2"), cut=cut)
    assert counted() == [2]
    night(warehouse, "2", gone("p2"), hours=24)
    assert counted() == [1]
    night(warehouse, "3", hours=24 * 31)
    assert counted() == [0]


def test_status_tells_how_many_threads_were_not_read_to_their_end(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "data") as warehouse:
        warehouse.begin_run("1", NOW, "0.1.0")
        night(warehouse, "1", post(), cut=[("p1", "BudgetSpent", True)])
    settings = tmp_path / "luister.toml"
    settings.write_text(
        'contact = "desk@acme.example"\n[organisation]\nname = "Acme"\n',
        encoding="utf-8",
    )

    shown = CliRunner().invoke(app, ["status", "--config", str(settings)])

    assert "1 thread not read to the end" in shown.output


def test_the_export_tells_of_cut_threads(warehouse: Warehouse) -> None:
    before = canonical_export(warehouse)
    night(warehouse, "1", post(), cut=[("p1", "BudgetSpent", True)])

    assert b"cut_threads" not in before
    assert b'"is_closed":false' in canonical_export(warehouse)
