"""How much of a platform a source may take, and what happens when that is all."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from pipeline.budget import Allowance, Spending, allowance, limits
from pipeline.collect import Known, Limits, collect
from pipeline.errors import BudgetSpent
from pipeline.post import Post, Read
from pipeline.settings import BudgetSettings
from pipeline.source import Access, Quota, Reply, Source
from tests.pipeline.http_client import client_of, streamed

NOW = datetime(2026, 11, 24, 4, 15, tzinfo=UTC)
METERED = Access(
    quotas={"searches": Quota(limit=100), "posts": Quota(seconds=30 * 86_400.0, euro=0.005)}
)


def test_the_platforms_own_limit_holds_without_any_budget() -> None:
    (left,) = limits(METERED, None, Spending(day={"searches": 30}))

    assert (left.quota, left.per, left.limit, left.spent, left.left) == (
        "searches", "day", 100, 30, 70,
    )  # fmt: skip


def test_what_is_granted_by_the_hour_is_told_for_the_day() -> None:
    hourly = Access(quotas={"points": Quota(limit=5_000, seconds=3_600.0)})

    (left,) = limits(hourly, None, Spending(day={"points": 20_000}))

    assert (left.per, left.limit, left.left) == ("day", 120_000, 100_000)


def test_a_budget_of_ones_own_holds_beside_it_and_the_lower_counts() -> None:
    own = BudgetSettings(per="month", requests=900, quotas={"searches": 60})
    spending = Spending(day={"searches": 30}, month={"searches": 50, "requests": 1_000})

    allowed = allowance("x", METERED, own, spending)

    assert allowed.left == {"searches": 10, "requests": 0}


def test_sources_of_one_platform_share_what_is_left() -> None:
    allowed = allowance("x", METERED, None, Spending(day={"searches": 30}), sources=2)

    assert allowed.left["searches"] == 35


@pytest.mark.parametrize("requests", [0, 3, 10, 11])
def test_sources_never_take_more_requests_together_than_there_are(requests: int) -> None:
    own = BudgetSettings(requests=requests)
    shares = [
        allowance("x", METERED, own, Spending(), sources=4, place=place).left["requests"]
        for place in range(4)
    ]

    assert sum(shares) == requests
    assert max(shares) - min(shares) <= 1
    assert all(share == int(share) for share in shares)
    # who has no place takes whole parts only
    assert allowance("x", METERED, own, Spending(), sources=4).left["requests"] == requests // 4


def test_money_is_what_the_quotas_cost() -> None:
    own = BudgetSettings(per="month", euro=10)

    (_, euro) = limits(METERED, own, Spending(month={"posts": 1_000}))
    assert (euro.quota, euro.spent, euro.left) == ("euro", 5.0, 5.0)

    allowed = allowance("x", METERED, own, Spending(month={"posts": 1_000}))
    allowed.check("https://x.example/", requests=1, reads=0, spent={"posts": 999})
    with pytest.raises(BudgetSpent, match="no euro left"):
        allowed.check("https://x.example/", requests=1, reads=0, spent={"posts": 1_000})


@pytest.mark.parametrize(
    ("left", "taken"),
    [
        ({"requests": 3}, {"requests": 3}),
        ({"reads": 3}, {"reads": 4}),
        ({"searches": 0}, {}),
    ],
)
def test_what_is_reached_ends_it(left: Mapping[str, float], taken: Mapping[str, int]) -> None:
    usage: dict[str, Any] = {"requests": 0, "reads": 0, "spent": {}, **taken}
    with pytest.raises(BudgetSpent, match=f"no {next(iter(left))} left"):
        Allowance(platform="x", left=left).check("https://x.example/", **usage)


def test_a_quota_of_some_requests_holds_up_no_others() -> None:
    access = Access(quotas={"searches": Quota(limit=100, path="/search"), "units": Quota(limit=9)})
    allowed = allowance("x", access, None, Spending(day={"searches": 100}))

    allowed.check("https://x.example/videos?q=/search", requests=7, reads=0, spent={"units": 8})
    with pytest.raises(BudgetSpent, match="no searches left"):
        allowed.check("https://x.example/search?q=a", requests=7, reads=0, spent={})
    with pytest.raises(BudgetSpent, match="no units left"):
        allowed.check("https://x.example/videos", requests=7, reads=0, spent={"units": 9})


class Platform:
    """Answers every request with one post, at one search each."""

    ACCESS = METERED

    @staticmethod
    def spent(_: Reply) -> Mapping[str, int]:
        return {"searches": 1}

    @staticmethod
    def inbox(_: Source, client: Any, __: datetime) -> Iterator[Read]:
        yield answered(client, "important")

    @staticmethod
    def mentions(_: Source, client: Any, __: datetime) -> Iterator[Read]:
        for number in range(100):
            yield answered(client, str(number))


def answered(client: Any, name: str) -> Post:
    client.get(f"https://x.example/{name}")
    return answered_before(name)


def test_what_matters_most_comes_first_and_the_rest_is_a_gap() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return streamed(httpx.Response(200, text="{}"))

    connector: Any = Platform()
    allowed = allowance("x", METERED, None, Spending(day={"searches": 97}))
    with client_of(
        connector=connector, transport=httpx.MockTransport(answer), allowance=allowed
    ) as client:
        told = collect(
            Source(name="src", platform="x"),
            connector,
            client,
            Known(since=NOW),
            Limits(deadline_seconds=60, threads=0, refreshes=0, honour_opt_out=True),
            run_id="20261124T041500Z-000001",
            now=NOW,
        )

    assert asked == ["/important", "/0", "/1"]
    assert (told.status, told.error_code) == ("partial", "BudgetSpent")
    assert "raise the budget of x" in str(told.error)
    assert told.usage.spent == {"searches": 3}
    assert told.usage.reads == 3


class Library:
    """Searches cost; what is known can be looked at again for nothing."""

    ACCESS = Access(quotas={"searches": Quota(limit=100, path="/search")})

    @staticmethod
    def mentions(_: Source, client: Any, __: datetime) -> Iterator[Read]:
        yield answered(client, "search")

    @staticmethod
    def refresh(_: Source, client: Any, posts: Sequence[Post]) -> Iterator[Read]:
        yield from (answered(client, post.post_id) for post in posts)


def test_what_takes_of_another_quota_is_asked_though_one_is_used_up() -> None:
    connector: Any = Library()
    allowed = allowance("x", Library.ACCESS, None, Spending(day={"searches": 100}))
    known = Known(since=NOW, was_asked=True, posts_to_refresh=[answered_before("old")])
    transport = httpx.MockTransport(lambda _: streamed(httpx.Response(200, text="{}")))
    with client_of(connector=connector, transport=transport, allowance=allowed) as client:
        told = collect(
            Source(name="src", platform="x"),
            connector,
            client,
            known,
            Limits(deadline_seconds=60, threads=0, refreshes=9, honour_opt_out=True),
            run_id="20261124T041500Z-000001",
            now=NOW,
        )

    assert (told.status, told.error_code) == ("partial", "BudgetSpent")
    assert [(verb, post.post_id) for verb, post in told.posts] == [("refresh", "old")]


def answered_before(name: str) -> Post:
    return Post(platform="x", post_id=name, kind="post", observed_at=NOW)


def test_a_platform_may_ask_to_wait_in_its_own_way() -> None:
    waited: list[float] = []
    platform = SimpleNamespace(ACCESS=Access(requests=1_000, seconds=1.0), pause=lambda _: 12.0)

    def answer(_: httpx.Request) -> httpx.Response:
        return streamed(httpx.Response(200, text="{}"))

    from pipeline.pace import Pace

    pace = Pace(clock=lambda: 0.0, sleep=waited.append)
    with client_of(connector=platform, pace=pace, transport=httpx.MockTransport(answer)) as client:
        client.get("https://x.example/1")
        client.get("https://x.example/2")

    assert max(waited) >= 12.0
