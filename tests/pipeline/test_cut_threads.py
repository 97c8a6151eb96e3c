"""A thread that was not read to its end: a gap of that thread, told until it is read whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from connectors import feed
from flows.cli import app
from pipeline.collect import Known
from pipeline.config import Config
from pipeline.conversations import thread_starts
from pipeline.errors import (
    BudgetSpent,
    LuisterError,
    PayloadError,
    SourceGone,
    SourceUnavailable,
)
from pipeline.ledger import status
from pipeline.manifest import CutThread
from pipeline.plan import bare
from pipeline.post import Gap, Post, Read, Rejected
from pipeline.privacy import blind_name
from pipeline.query import transaction
from pipeline.retention import sweep
from pipeline.source import Access
from pipeline.warehouse import Warehouse, canonical_export, open_warehouse
from tests.pipeline.landed import CONFIG, NOW, WEEK, gone, later, load, one, post, rows
from tests.pipeline.test_collect import LIMITS, asked, connector, giving
from tests.pipeline.test_collect import post as said

TOO_MANY = Gap(gap_from=NOW - WEEK, gap_to=NOW, reason="more than a hundred requests open")
OPEN = """
    select post_id, reason, first_cut_at, last_cut_at from raw.cut_threads
    where closed_by_run_id is null order by post_id
"""


def thread_of(**told: Iterable[Read | LuisterError]) -> Callable[..., Iterator[Read]]:
    """Threads by the post they are asked with; what is not told of is read whole."""

    def thread(_source: Any, client: Any, start: Post) -> Iterator[Read]:
        client.usage.requests += 1
        for each in told.get(start.post_id, ()):
            if isinstance(each, LuisterError):
                raise each
            yield each

    return thread


def asked_with(*names: str, **told: Iterable[Read | LuisterError]) -> Any:
    """What a night tells that heard these posts, newest first, and asked for their threads."""
    posts = [
        said(name, replies_count=1, created_at=NOW - timedelta(hours=at))
        for at, name in enumerate(names)
    ]
    return asked(connector(mentions=giving(*posts), thread=thread_of(**told)))


def cut_off(name: str, reason: str, *, again: bool = True) -> CutThread:
    return CutThread(name=blind_name("fake", name), reason=reason, is_asked_again=again)


def test_what_a_thread_lacks_is_no_gap_of_its_source() -> None:
    told = asked_with("a", "b", a=[said("answer"), TOO_MANY])

    assert (told.status, told.gaps) == ("complete", [])
    assert told.cut_threads == [cut_off("a", TOO_MANY.reason, again=False)]
    assert told.whole_threads == [blind_name("fake", "b")]
    assert [each.post_id for verb, each in told.posts if verb == "thread"] == ["answer"]


def test_a_gap_of_listening_is_one_of_the_source() -> None:
    told = asked(connector(mentions=giving(said("a", replies_count=1), TOO_MANY)))

    assert (told.gaps, told.cut_threads) == ([TOO_MANY], [])


def test_an_error_in_one_thread_ends_that_thread() -> None:
    told = asked_with("a", "b", "c", b=[said("answer"), PayloadError("odd")])

    assert told.status == "complete"
    assert told.cut_threads == [cut_off("b", "PayloadError")]
    assert len(told.whole_threads) == 2
    assert "answer" in [each.post_id for _, each in told.posts]


@pytest.mark.parametrize("end", [PayloadError("odd"), SourceUnavailable("no answer"), TOO_MANY])
def test_what_was_read_of_a_cut_thread_is_asked_for_in_full_again(
    end: LuisterError | Gap,
) -> None:
    """Else its server says tomorrow that nothing changed, and the thread passes for whole."""

    def thread(_source: Any, client: Any, start: Post) -> Iterator[Read]:
        client.validators |= {start.post_id: "etag", "https://a.example/": f"of {start.post_id}"}
        yield said(f"answer to {start.post_id}")
        if start.post_id == "b":
            if isinstance(end, LuisterError):
                raise end
            yield end

    posts = [said(name, replies_count=1) for name in "ab"]
    told = asked(connector(mentions=giving(*posts), thread=thread))

    assert told.status == "complete"
    assert told.validators == {"a": "etag", "https://a.example/": "of a"}


def odd(number: int) -> Rejected:
    return Rejected(reason="no id", path=f"$[{number}]", payload="{}")


def test_a_thread_of_which_too_much_is_not_understood_is_not_whole() -> None:
    few = [said(f"{number}") for number in range(9)]
    told = asked_with("a", "b", "c", a=[odd(0), odd(1)], b=[*few, odd(0)])

    assert told.cut_threads == [cut_off("a", "PayloadError")]
    assert told.whole_threads == [blind_name("fake", name) for name in "bc"]


def test_a_thread_that_ends_in_the_middle_because_it_is_gone_is_not_whole() -> None:
    ends = SourceGone("deleted")
    told = asked_with("a", "b", "c", a=[said("answer"), ends], b=[said("other"), ends], c=[ends])

    assert told.status == "complete"
    assert told.cut_threads == [cut_off(name, "SourceGone") for name in "ab"]
    assert told.whole_threads == [blind_name("fake", "c")]


def test_of_a_thread_whose_later_post_is_gone_nothing_is_known() -> None:
    known = Known(since=NOW, posts_to_thread=[said("old", parent_id="root")])
    told = asked(connector(thread=thread_of(old=[SourceGone("deleted")])), known=known)

    assert (told.cut_threads, told.whole_threads) == ([], [])


def test_a_thread_for_which_nothing_was_asked_is_neither_whole_nor_cut_off() -> None:
    told = asked(connector(mentions=giving(said("a", replies_count=1)), thread=giving()))

    assert (told.status, told.cut_threads, told.whole_threads) == ("complete", [], [])


def test_an_article_known_by_its_names_alone_closes_no_thread_of_its_feed() -> None:
    """Where its comments stand is told by its entry, which a plan does not hold."""
    known = Known(since=NOW, posts_to_thread=bare([said("old", replies_count=1, payload="{}")]))

    told = asked(SimpleNamespace(ACCESS=Access(), thread=feed.thread), known=known)

    assert (told.cut_threads, told.whole_threads) == ([], [])


@pytest.mark.parametrize("error", [PayloadError("odd"), SourceUnavailable("no answer")])
def test_errors_in_two_threads_that_follow_each_other_are_of_the_platform(
    error: LuisterError,
) -> None:
    told = asked_with("a", "b", "c", "d", b=[error], c=[error])

    assert (told.status, told.error_code) == ("partial", error.code)
    assert told.whole_threads == [blind_name("fake", "a")]
    assert told.cut_threads == [cut_off(name, error.code) for name in "bcd"]


def test_an_error_in_the_only_thread_is_one_of_the_platform() -> None:
    assert asked_with("a", a=[PayloadError("odd")]).status == "partial"


def test_where_the_budget_ends_the_threads_after_it_are_cut_off_too() -> None:
    told = asked_with("a", "b", "c", b=[BudgetSpent("no requests left")])

    assert (told.status, told.error_code) == ("partial", "BudgetSpent")
    assert told.cut_threads == [cut_off(name, "BudgetSpent") for name in "bc"]
    assert told.has_listened


@pytest.mark.parametrize("answers", [[], [said("answer")]])
def test_where_time_ends_no_other_thread_is_asked(answers: list[Post]) -> None:
    started: list[str] = []

    def thread(_source: Any, client: Any, start: Post) -> Iterator[Read]:
        started.append(start.post_id)
        client.usage.requests += 1
        if start.post_id == "a":
            time.sleep(0.2)
        yield from answers

    posts = [
        said(name, replies_count=1, created_at=NOW - timedelta(hours=at))
        for at, name in enumerate("abc")
    ]
    hasty = msgspec.structs.replace(LIMITS, deadline_seconds=0.1)
    told = asked(connector(mentions=giving(*posts), thread=thread), limits=hasty)

    assert started == ["a"]
    assert (told.status, told.has_listened) == ("partial", True)
    assert [each.name for each in told.cut_threads][-2:] == [blind_name("fake", n) for n in "bc"]
    assert {each.reason for each in told.cut_threads} == {"SourceUnavailable"}


@pytest.mark.parametrize(
    ("mentions", "has_listened"),
    [
        (giving(said("a", replies_count=1)), True),
        (giving(said("a", replies_count=1), error=SourceUnavailable("no answer")), False),
    ],
)
def test_what_ends_a_source_while_it_listens_is_told_from_what_ends_it_later(
    mentions: Callable[..., Iterator[Read]], has_listened: bool
) -> None:
    thread = thread_of(a=[BudgetSpent("no requests left")])

    told = asked(connector(mentions=mentions, thread=thread))

    assert (told.status, told.has_listened) == ("partial", has_listened)


def test_a_source_that_heard_nothing_to_its_end_has_not_failed_for_its_threads() -> None:
    known = Known(since=NOW, posts_to_thread=[said("old", replies_count=1)])
    thread = thread_of(old=[SourceUnavailable("no answer")])

    told = asked(connector(Access(files=True), mentions=giving(), thread=thread), known=known)

    assert (told.status, told.has_listened) == ("partial", True)


def test_a_source_that_asks_for_threads_alone_has_not_listened_when_they_fail() -> None:
    known = Known(since=NOW, posts_to_thread=[said("old", replies_count=1)])

    told = asked(connector(thread=thread_of(old=[SourceUnavailable("no answer")])), known=known)

    assert (told.status, told.has_listened) == ("failed", False)


def test_threads_that_broke_off_and_concern_nobody_displace_no_other() -> None:
    """However new they are; what once broke off is asked for, whatever is told of answers."""

    def talked(name: str, hours: float, **more: Any) -> Post:
        return said(name, created_at=NOW - timedelta(hours=hours), **{"replies_count": 1, **more})

    cut_off = [talked("cut", 0, replies_count=0), talked("root", 1), talked("older", 2)]
    fresh = [talked("fresh", 5), talked("alone", 0, replies_count=0)]
    known = [talked("known", 9), talked("answer", 8, parent_id="root", root_id="root")]

    def starts(limit: int) -> list[str]:
        return [each.post_id for each in thread_starts(fresh, known, cut_off, limit)]

    assert starts(9) == ["fresh", "answer", "known", "cut", "older"]
    assert starts(3) == ["fresh", "answer", "known"]


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
