"""One night's conversations: which were read to their end, and which were cut off, and why."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from connectors import feed
from pipeline.collect import Known
from pipeline.conversations import thread_starts
from pipeline.errors import (
    BudgetSpent,
    LuisterError,
    PayloadError,
    SourceGone,
    SourceUnavailable,
)
from pipeline.manifest import CutThread
from pipeline.plan import bare
from pipeline.post import Gap, Post, Read, Rejected
from pipeline.privacy import blind_name
from pipeline.source import Access
from tests.pipeline.landed import NOW, WEEK
from tests.pipeline.test_collect import LIMITS, asked, connector, giving
from tests.pipeline.test_collect import post as said

TOO_MANY = Gap(gap_from=NOW - WEEK, gap_to=NOW, reason="more than a hundred requests open")


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
