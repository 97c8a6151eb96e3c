"""Trustpilot: reviews of companies by their domain, with the answers inside them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import trustpilot, trustpilot_ask
from connectors.paging import understand
from connectors.testing import (
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    gaps,
    posts,
    rejected,
)
from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
)
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

DOMAIN = "acme.example"
UNIT = "5f0000000000000000000001"
SINCE = NEWEST - timedelta(days=7)
SECRETS = {"TRUSTPILOT_API_KEY": "k3y-0000001"}


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def review(name: str, at: datetime = NEWEST, /, answer: str | None = None, **more: Any) -> Element:
    later = stamp(at + timedelta(hours=5))
    said = {
        "id": name,
        "consumer": {
            "id": "c1",
            "displayName": "Kim",
            "displayLocation": "Utrecht, NL",
            "numberOfReviews": 4,
        },
        "businessUnit": {"id": UNIT, "identifyingName": DOMAIN, "displayName": "Acme"},
        "stars": 2,
        "title": "Fiets te laat",
        "text": "Drie weken gewacht.",
        "language": "nl",
        "createdAt": stamp(at),
        "updatedAt": None,
        "companyReply": answer and {"text": answer, "createdAt": later},
        "isVerified": True,
        "numberOfLikes": 0,
        "status": "active",
        "reportData": None,
    }
    return said | more


def is_search(request: httpx.Request) -> bool:
    return request.url.path == "/v1/business-units/find"


FOUND = httpx.Response(200, json={"id": UNIT, "displayName": "Acme"})


class TestTrustpilot(ConnectorContract):
    platform = "trustpilot"
    source = Source(name="tp", platform="trustpilot", accounts=(DOMAIN,))
    verb = "inbox"
    secrets = SECRETS
    promised = "consumer"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return review(str(number), created_at, status="archived" if private else "active")

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        if is_search(request):
            return FOUND
        number = int(request.url.params["page"])
        if number > len(pages):
            return httpx.Response(200, json={"reviews": [], "links": []})
        chosen: Any = pages[number - 1]
        found = pages[0] if chosen == "again" else chosen
        return httpx.Response(200, json={"reviews": list(found), "links": []})


def ask(verb: str, handler: Handler, *rest: Any, secrets: Any = SECRETS, **more: Any) -> list[Read]:
    source = Source(**{"name": "tp", "platform": "trustpilot", "accounts": (DOMAIN,)} | more)
    with client_for(trustpilot, source, handler, **secrets) as client:
        return list(getattr(trustpilot, verb)(source, client, *(rest or (SINCE,))))


def understood(body: Any, status: int = 200) -> list[Read]:
    reply = Reply(url="", body=json.dumps(body).encode(), observed_at=NEWEST, status=status)
    return list(understand(trustpilot, [reply]))


# What an item says


def test_a_review_of_a_company() -> None:
    later = stamp(NEWEST + timedelta(hours=1))
    (post,) = posts(understood({"reviews": [review("r1", updatedAt=later)]}))
    assert (post.post_id, post.native_id, post.kind) == ("r1", "r1", "review")
    assert (post.title, post.text, post.rating) == ("Fiets te laat", "Drie weken gewacht.", 2.0)
    assert post.url == "https://www.trustpilot.com/reviews/r1"
    assert (post.author_id, post.author_name, post.author_posts_count) == ("c1", "Kim", 4)
    assert post.author_url == "https://www.trustpilot.com/users/c1"
    assert (post.created_at, post.edited_at) == (NEWEST, NEWEST + timedelta(hours=1))
    assert (post.language, post.likes_count, post.views_count) == ("nl", 0, None)
    assert (post.mentions, post.visibility) == ((DOMAIN,), "public")


def test_what_is_not_told_is_unknown() -> None:
    bare = review("r1")
    for name in ("title", "text", "language", "updatedAt", "businessUnit", "companyReply"):
        del bare[name]
    for name in ("numberOfLikes", "status", "reportData", "isVerified"):
        del bare[name]
    bare["consumer"] = {"id": "c1"}
    (post,) = posts(understood({"reviews": [bare]}))
    assert (post.title, post.text, post.language, post.edited_at) == (None, "", None, None)
    assert (post.likes_count, post.author_name, post.author_posts_count) == (None, None, None)
    assert (post.mentions, post.visibility) == ((), "public")


def test_an_answer_is_a_post_of_the_company() -> None:
    told, answer = posts(understood({"reviews": [review("r1", answer="Dank, Kim!")]}))
    assert (answer.post_id, answer.kind, answer.text) == ("r1/reply", "reply", "Dank, Kim!")
    assert (answer.parent_id, answer.root_id, answer.parent_author_id) == ("r1", "r1", "c1")
    assert (answer.author_id, answer.author_handle, answer.author_name) == (UNIT, DOMAIN, "Acme")
    assert answer.created_at == NEWEST + timedelta(hours=5)
    assert (answer.rating, answer.likes_count, answer.language) == (None, None, None)
    assert answer.payload == told.payload


def test_times_without_a_zone_are_utc() -> None:
    told = review("r1", createdAt="2026-11-20T12:00:00", updatedAt="2026-11-20T12:00:00")
    (post,) = posts(understood({"reviews": [told]}))
    assert (post.created_at, post.edited_at) == (datetime(2026, 11, 20, 12, tzinfo=UTC), None)


@pytest.mark.parametrize(
    "hidden", [{"status": "archived"}, {"reportData": {"reviewVisibility": "hidden"}}]
)
def test_what_is_not_shown_is_not_kept(hidden: dict[str, Any]) -> None:
    found = posts(understood({"reviews": [review("r1", answer="Dank", **hidden)]}))
    assert [post.is_keepable for post in found] == [False, False]


def test_a_report_that_hides_nothing_leaves_the_review_public() -> None:
    told = review("r1", status="reported", reportData={"reviewVisibility": "visible"})
    (post,) = posts(understood({"reviews": [told]}))
    assert post.is_keepable


def test_a_deleted_review_has_no_words_and_no_answer() -> None:
    (post,) = posts(understood(review("r1", answer="Dank", status="deleted")))
    assert (post.title, post.text, post.deleted_at) == (None, "", NEWEST)


@pytest.mark.parametrize("odd", [{"stars": 0}, {"stars": 6}, {"createdAt": "gisteren"}])
def test_odd_stars_and_times_are_set_apart(odd: dict[str, Any]) -> None:
    (told,) = rejected(understood({"reviews": [review("r1", **odd)]}))
    assert told.path.startswith("$.reviews[0].")


def test_webhooks_tell_of_new_revised_and_deleted_reviews() -> None:
    told = review("r1", consumer={"id": "c1", "name": "Kim"})
    del told["businessUnit"]
    events = [
        {"eventName": "service-review-created", "version": "1.0", "eventData": told},
        {"eventName": "service-review-updated", "eventData": review("r2", stars=5)},
        {"eventName": "service-review-deleted", "eventData": {"id": "r3"}},
        {"eventName": "product-review-created", "eventData": {"id": "p1"}},
    ]
    new, revised, gone = posts(understood({"events": events}))
    assert (new.post_id, new.author_name) == ("r1", "Kim")
    assert (revised.post_id, revised.rating) == ("r2", 5.0)
    assert (gone.post_id, gone.deleted_at, gone.text) == ("r3", NEWEST, "")


def test_companies_are_no_posts() -> None:
    assert understood({"id": UNIT, "displayName": "Acme", "numberOfReviews": {}}) == []
    assert understood({"businessUnits": [{"id": UNIT}]}) == []
    with pytest.raises(PayloadError, match="neither"):
        understood({"categories": []})


# What is asked


def test_a_company_is_found_by_its_domain_and_its_newest_reviews_are_asked_for() -> None:
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        found = [review("r1")] if request.url.params.get("page") == "1" else []
        return FOUND if is_search(request) else httpx.Response(200, json={"reviews": found})

    assert len(posts(ask("inbox", handler, language="nl"))) == 1
    assert dict(asked[0].url.params) == {"name": DOMAIN}
    assert asked[1].url.path == f"/v1/business-units/{UNIT}/reviews"
    assert dict(asked[1].url.params) == {
        "perPage": "100",
        "orderBy": "createdat.desc",
        "language": "nl",
        "page": "1",
    }
    assert {request.headers["apikey"] for request in asked} == {"k3y-0000001"}
    assert all("k3y" not in str(request.url) for request in asked)


def test_the_end_of_what_is_read_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trustpilot_ask, "LAST_PAGE", 3)

    def handler(request: httpx.Request) -> httpx.Response:
        if is_search(request):
            return FOUND
        page = int(request.url.params["page"])
        told = review(f"r{page}", NEWEST - timedelta(hours=page))
        return httpx.Response(200, json={"reviews": [told]})

    reads = ask("inbox", handler)
    (gap,) = gaps(reads)
    assert (gap.gap_from, gap.gap_to) == (SINCE, NEWEST - timedelta(hours=3))
    assert len(posts(reads)) == 3
    recent = ask("inbox", handler, NEWEST - timedelta(hours=2))
    assert gaps(recent) == []


def test_the_key_is_needed() -> None:
    with pytest.raises(ConfigError, match="TRUSTPILOT_API_KEY"):
        ask("inbox", lambda _: FOUND, secrets={})


def test_every_answer_counts_as_a_call() -> None:
    def taken(status: int) -> dict[str, int]:
        return dict(trustpilot.spent(Reply(url="", status=status, observed_at=NEWEST)))

    assert taken(200) == taken(404) == {"calls": 1}
    assert taken(429) == taken(401) == {}


def before(*names: str) -> list[Post]:
    return posts(understood({"reviews": [review(name, answer="Dank") for name in names]}))


def test_refresh_asks_for_each_review_once_and_tells_what_is_gone() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path.endswith("r2"):
            body = {"message": "not found", "errorCode": 1004}
            return httpx.Response(404, json=body)
        return httpx.Response(200, json=review("r1", stars=5))

    found = posts(ask("refresh", handler, before("r1", "r2")))
    assert asked == ["/v1/reviews/r1", "/v1/reviews/r2"]
    assert [(post.post_id, post.deleted_at is None) for post in found] == [
        ("r1", True),
        ("r1/reply", False),
        ("r2", False),
        ("r2/reply", False),
    ]
    assert found[0].rating == 5.0


def test_no_review_is_gone_because_the_address_is() -> None:
    with pytest.raises(PayloadError, match="no word of a review"):
        ask("refresh", lambda _: httpx.Response(404, text="<html></html>"), before("r1"))
    fault = {"fault": {"faultstring": "no proxy", "detail": {"errorcode": "messaging.adaptors"}}}
    with pytest.raises(SourceRefused, match="no proxy"):
        ask("refresh", lambda _: httpx.Response(404, json=fault), before("r1"))
    assert len(posts(ask("refresh", lambda _: httpx.Response(404), before("r1")))) == 2


def test_refresh_takes_neither_a_limit_nor_an_odd_review_for_a_deletion() -> None:
    with pytest.raises(RateLimited):
        ask("refresh", lambda _: httpx.Response(429, json={"message": "slow"}), before("r1"))
    odd = review("r1", stars=9)
    reads = ask("refresh", lambda _: httpx.Response(200, json=odd), before("r1"))
    assert (posts(reads), len(rejected(reads))) == ([], 1)


# What is refused


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("oauth.v2.InvalidApiKey", SourceRefused),
        ("policies.ratelimit.QuotaViolation", RateLimited),
        ("policies.ratelimit.SpikeArrestViolation", RateLimited),
    ],
)
def test_the_gate_says_no_in_its_own_way(code: str, error: type[LuisterError]) -> None:
    body = {"fault": {"faultstring": "said so", "detail": {"errorcode": code}}}
    with pytest.raises(error, match="said so"):
        understood(body)
    with pytest.raises(error, match="said so"):
        ask("inbox", lambda _: httpx.Response(401, json=body))


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, PayloadError), (401, SourceRefused), (403, SourceRefused), (404, SourceGone)],
)
def test_the_status_of_a_message_counts(status: int, error: type[LuisterError]) -> None:
    body = {"message": "said so", "errorCode": 1012}
    with pytest.raises(error, match=r"1012.*said so"):
        ask("inbox", lambda _: httpx.Response(status, json=body))
