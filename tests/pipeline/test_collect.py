"""What one source does in a night, with a connector of five lines."""

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from pipeline.collect import Known, Limits, collect
from pipeline.errors import (
    AccountGone,
    BudgetSpent,
    LuisterError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.http import Usage
from pipeline.landing import Collected, Confirmed
from pipeline.post import Gap, Post, Read, Rejected, StillThere
from pipeline.privacy import blind_name
from pipeline.source import Access, Source

NOW = datetime(2026, 11, 24, 4, 15, tzinfo=UTC)
LIMITS = Limits(deadline_seconds=60, threads=10, refreshes=10, honour_opt_out=True)


class FakeClient:
    def __init__(self, *secrets: str) -> None:
        self.secrets = secrets
        self.usage = Usage(requests=1)
        self.validators = {"https://a.example/": "etag"}

    def secret(self, name: str) -> str | None:
        return "s3cr3t" if name in self.secrets else None


def post(post_id: str, **more: Any) -> Post:
    return Post(platform="fake", post_id=post_id, kind="post", observed_at=NOW, **more)


def asked(
    connector: Any,
    *,
    known: Known | None = None,
    secrets: tuple[str, ...] = (),
    limits: Limits = LIMITS,
) -> Collected:
    return collect(
        Source(name="src", platform="fake"),
        connector,
        FakeClient(*secrets),  # type: ignore[arg-type]
        known or Known(since=NOW - timedelta(days=7)),
        limits,
        run_id="20261124T041500Z-000001",
        now=NOW,
    )


def connector(access: Access | None = None, **verbs: Callable[..., Iterator[Any]]) -> Any:
    return SimpleNamespace(ACCESS=access or Access(), **verbs)


def giving(*reads: Read, error: Exception | None = None) -> Callable[..., Iterator[Read]]:
    def verb(*_: Any) -> Iterator[Read]:
        yield from reads
        if error is not None:
            raise error

    return verb


def test_the_inbox_comes_before_mentions() -> None:
    told = asked(connector(mentions=giving(post("m")), inbox=giving(post("i"))))

    assert [(verb, each.post_id) for verb, each in told.posts] == [
        ("inbox", "i"),
        ("mentions", "m"),
    ]
    assert told.status == "complete"


def test_a_verb_without_its_secret_is_not_asked() -> None:
    needing = Access(secrets=("TOKEN",), needs={"inbox": ("TOKEN",)})
    both = connector(needing, inbox=giving(post("i")), timeline=giving(post("t")))

    assert [each.post_id for _, each in asked(both).posts] == ["t"]
    assert [each.post_id for _, each in asked(both, secrets=("TOKEN",)).posts] == ["i", "t"]


def test_to_look_at_conversations_again_is_not_to_listen() -> None:
    needing = Access(secrets=("TOKEN",), needs={"mentions": ("TOKEN",)})
    both = connector(needing, mentions=giving(post("m")), thread=giving(post("t")))
    week = NOW - timedelta(days=7)
    known = Known(since=week, was_asked=True, posts_to_thread=[post("old", replies_count=1)])

    lost = asked(both, known=known)
    there = asked(both, known=known, secrets=("TOKEN",))

    assert (lost.status, lost.error_code) == ("partial", "SourceRefused")
    assert (there.status, there.asked_verbs) == ("complete", ["mentions"])


def test_an_error_keeps_what_came_before_it_and_no_validators() -> None:
    told = asked(connector(mentions=giving(post("a"), error=RateLimited("wait", seconds=9))))

    assert (told.status, told.error_code, len(told.posts)) == ("partial", "RateLimited", 1)
    assert "src: wait" in (told.error or "")
    assert not told.validators


def test_a_source_whose_time_is_over_lets_go_of_what_its_reads_hold() -> None:
    """Also while the error that ended it is still there, and with it all that it passed through."""
    held: list[str] = []

    def endless(*_: Any) -> Iterator[Read]:
        try:
            while True:
                yield post("a")
        finally:
            held.append("let go")

    gc.disable()
    try:
        limits = msgspec.structs.replace(LIMITS, deadline_seconds=0.01)
        told = asked(connector(mentions=endless), limits=limits)
        assert held == ["let go"]
    finally:
        gc.enable()
    assert (told.status, told.error_code) == ("partial", "SourceUnavailable")


def test_an_error_before_the_first_post_is_a_failed_source() -> None:
    assert asked(connector(mentions=giving(error=SourceGone("gone")))).status == "failed"


def test_an_account_that_is_gone_keeps_nothing_else_from_being_read() -> None:
    """A competitor that leaves the platform costs no mention, no answer of ours and no deletion."""
    both = connector(
        mentions=giving(post("a", replies_count=1)),
        timeline=giving(error=AccountGone("knows no account bolt")),
        thread=giving(post("answer")),
        refresh=giving(post("old", text="edited")),
    )
    known = Known(since=NOW - timedelta(days=7), posts_to_refresh=[post("old")])

    told = asked(both, known=known)

    assert (told.status, told.error_code) == ("partial", "AccountGone")
    assert [each.post_id for _, each in told.posts] == ["a", "answer", "old"]
    assert told.has_listened


@pytest.mark.parametrize(
    ("error", "code"),
    [(SourceRefused("no right"), "SourceRefused"), (SourceGone("no list"), "PartGone")],
)
def test_a_verb_that_is_refused_costs_no_other(error: LuisterError, code: str) -> None:
    """An interface for comments that is closed, or a permission that was not given."""
    some = connector(
        Access(files=True),
        inbox=giving(error=error),
        timeline=giving(post("a", replies_count=1)),
        thread=giving(post("answer")),
    )

    told = asked(some)

    assert (told.status, told.error_code) == ("partial", code)
    assert [each.post_id for _, each in told.posts] == ["a", "answer"]
    assert not told.has_listened


@pytest.mark.parametrize("error", [SourceRefused("bad token"), SourceGone("gone")])
def test_where_every_verb_is_refused_nothing_more_is_asked(error: LuisterError) -> None:
    closed = connector(
        Access(files=True),
        inbox=giving(error=error),
        timeline=giving(error=error),
        refresh=giving(post("old", deleted_at=NOW)),
    )
    known = Known(since=NOW - timedelta(days=7), posts_to_refresh=[post("old")])

    told = asked(closed, known=known)

    assert (told.status, told.error_code) == ("failed", error.code)
    assert not told.posts


def test_an_account_that_is_gone_is_told_on_a_quiet_night_too() -> None:
    gone = giving(error=AccountGone("knows no account bolt"))

    told = asked(connector(Access(files=True), timeline=gone, mentions=giving()))

    assert (told.status, told.error_code) == ("partial", "AccountGone")


def test_an_account_that_is_gone_beside_a_quiet_one_ends_nothing() -> None:
    gone = AccountGone("knows no account bolt")
    gone.heard_others = True
    quiet = connector(
        Access(files=True), timeline=giving(error=gone), refresh=giving(post("old", text="edited"))
    )
    known = Known(since=NOW - timedelta(days=7), posts_to_refresh=[post("old")])

    told = asked(quiet, known=known)

    assert (told.status, told.error_code) == ("partial", "AccountGone")
    assert [each.post_id for _, each in told.posts] == ["old"]
    assert told.has_listened


def test_what_is_to_be_asked_again_is_told_before_an_account_that_is_gone() -> None:
    both = connector(
        timeline=giving(error=AccountGone("knows no account bolt")),
        mentions=giving(post("a"), error=BudgetSpent("no reads left")),
    )

    told = asked(both)

    assert (told.status, told.error_code) == ("partial", "BudgetSpent")
    assert not told.has_listened


def test_a_site_that_fails_keeps_the_others_from_no_other_verb() -> None:
    """What that site would have said is missing all the same: its time stays open."""
    down = SourceUnavailable("the server has trouble (500)")
    down.is_of_one = True

    told = asked(connector(timeline=giving(error=down), mentions=giving(post("a"))))

    assert (told.status, told.error_code) == ("partial", "SourceUnavailable")
    assert [each.post_id for _, each in told.posts] == ["a"]
    assert not told.has_listened


def test_where_an_account_is_gone_and_nothing_was_heard_nothing_is_called_deleted() -> None:
    nothing = connector(
        timeline=giving(error=AccountGone("knows no account bolt")),
        refresh=giving(post("old", deleted_at=NOW)),
    )
    known = Known(since=NOW - timedelta(days=7), posts_to_refresh=[post("old")])

    told = asked(nothing, known=known)

    assert (told.status, told.posts) == ("failed", [])


@pytest.mark.fault(16)
def test_private_posts_and_people_who_opted_out_are_left_out() -> None:
    private = post("p", visibility="direct")
    opted_out = post("o", author_opted_out=True)

    told = asked(connector(mentions=giving(private, opted_out, post("k"))))

    assert [each.post_id for _, each in told.posts] == ["k"]
    assert [each.name for each in told.withdrawn] == [blind_name("fake", name) for name in "po"]


@pytest.mark.fault(22)
def test_one_odd_item_is_set_apart_but_many_are_a_changed_platform() -> None:
    odd = Rejected(reason="no id", path="$[0]", payload="{}")
    many = [post(str(number)) for number in range(9)]

    assert asked(connector(mentions=giving(odd, *many))).status == "complete"
    changed = asked(connector(mentions=giving(odd, odd, odd, *many[:5])))
    assert (changed.status, changed.error_code) == ("partial", "PayloadError")


@pytest.mark.fault(18)
def test_a_gap_is_told() -> None:
    gap = Gap(gap_from=NOW - timedelta(days=3), gap_to=NOW - timedelta(days=2), reason="forgotten")

    assert asked(connector(mentions=giving(gap))).gaps == [gap]


def test_one_thread_is_asked_for_each_conversation() -> None:
    starts: list[str] = []

    def thread(_source: Source, _client: Any, start: Post) -> Iterator[Read]:
        starts.append(start.post_id)
        yield post("reply", parent_id="root", root_id="root")

    fresh = (
        post("root", replies_count=2),
        post("other", root_id="root", parent_id="root"),
        post("alone", replies_count=0),
    )
    asked(connector(mentions=giving(*fresh), thread=thread))

    assert len(starts) == 1


def test_a_conversation_deleted_meanwhile_does_not_end_the_source() -> None:
    told = asked(
        connector(
            mentions=giving(post("a", replies_count=1)), thread=giving(error=SourceGone("deleted"))
        )
    )

    assert told.status == "complete"


def test_only_posts_not_seen_tonight_are_asked_for_again() -> None:
    again: list[str] = []

    def refresh(_source: Source, _client: Any, posts: list[Post]) -> Iterator[Read]:
        again.extend(each.post_id for each in posts)
        yield msgspec.structs.replace(posts[0], deleted_at=NOW)

    known = Known(since=NOW, posts_to_refresh=(post("seen"), post("stale")))
    told = asked(connector(mentions=giving(post("seen")), refresh=refresh), known=known)

    assert again == ["stale"]
    assert told.posts[-1][1].deleted_at == NOW


def test_of_more_posts_than_are_read_again_it_is_asked_which_are_gone() -> None:
    asked_for: dict[str, list[str]] = {}

    def refresh(_source: Source, _client: Any, posts: list[Post]) -> Iterator[Read]:
        asked_for["refresh"] = [each.post_id for each in posts]
        yield from posts

    def gone(_source: Source, _client: Any, posts: list[Post]) -> Iterator[Read | StillThere]:
        asked_for["gone"] = [each.post_id for each in posts]
        yield msgspec.structs.replace(posts[0], deleted_at=NOW)
        yield StillThere(platform="fake", post_id="c", observed_at=NOW)

    known = Known(since=NOW, posts_to_refresh=(post("a"), post("b"), post("c")))
    few = msgspec.structs.replace(LIMITS, refreshes=1)
    told = asked(connector(refresh=refresh, gone=gone), known=known, limits=few)

    assert asked_for == {"gone": ["b", "c"], "refresh": ["a"]}
    assert {each.post_id: each.deleted_at for _, each in told.posts} == {"a": None, "b": NOW}
    assert told.confirmed == [Confirmed(name=blind_name("fake", "c"), observed_at=NOW)]
    assert told.usage.reads == 2


@pytest.mark.fault(21)
def test_a_source_that_takes_too_long_is_stopped_with_what_it_gave() -> None:
    hasty = msgspec.structs.replace(LIMITS, deadline_seconds=-1.0)

    told = asked(connector(mentions=giving(post("a"), post("b"))), limits=hasty)

    assert (told.status, told.error_code, len(told.posts)) == ("partial", "SourceUnavailable", 1)


def test_an_article_has_a_conversation_only_where_comments_are_told_of() -> None:
    starts: list[str] = []

    def thread(_source: Source, _client: Any, start: Post) -> Iterator[Read]:
        starts.append(start.post_id)
        yield from ()

    quiet = Post(platform="fake", post_id="quiet", kind="article", observed_at=NOW)
    talked = msgspec.structs.replace(quiet, post_id="talked", replies_count=3)
    asked(connector(mentions=giving(quiet, talked), thread=thread))

    assert starts == ["talked"]
