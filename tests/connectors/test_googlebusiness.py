"""Google Business Profile: reviews of places, with translations in them and answers inside."""

import base64
import json
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from connectors import googlebusiness
from connectors.googlebusiness_review import original
from connectors.paging import understand
from connectors.testing import (
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    posts,
    rejected,
    until_error,
)
from pipeline.errors import (
    AccountGone,
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

PLACE = "accounts/12/locations/34"
SINCE = NEWEST - timedelta(days=7)
SECRETS = {
    "GOOGLEBUSINESS_CLIENT_ID": "client-0001",
    "GOOGLEBUSINESS_CLIENT_SECRET": "s3cret-0001",
    "GOOGLEBUSINESS_REFRESH_TOKEN": "refresh-0001",
}
TOKEN = httpx.Response(200, json={"access_token": "ya29.t0ken", "expires_in": 3599})


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def review(
    name: str,
    at: datetime = NEWEST,
    /,
    answer: str | None = None,
    place: str = PLACE,
    **more: Any,
) -> Element:
    said = {
        "reviewId": f"id-{name}",
        "reviewer": {"displayName": "Kim", "profilePhotoUrl": "https://photo.example/kim"},
        "starRating": "TWO",
        "comment": "Lang gewacht.",
        "createTime": stamp(at),
        "updateTime": stamp(at),
        "name": f"{place}/reviews/{name}",
    }
    if answer is not None:
        later = stamp(at + timedelta(hours=5))
        said["reviewReply"] = {"comment": answer, "updateTime": later}
    return said | more


def is_login(request: httpx.Request) -> bool:
    return request.url.path == "/token"


class TestGoogleBusiness(ConnectorContract):
    platform = "googlebusiness"
    source = Source(name="places", platform="googlebusiness", accounts=(PLACE,))
    verb = "inbox"
    secrets = SECRETS
    promised = "createTime"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return review(str(number), created_at)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        if is_login(request):
            return TOKEN
        number = int(request.url.params.get("pageToken", "1"))
        chosen: Any = pages[number - 1]
        body: dict[str, Any] = {"reviews": list(pages[0] if chosen == "again" else chosen)}
        if chosen == "again" or number < len(pages):
            body["nextPageToken"] = "2" if chosen == "again" else str(number + 1)
        return httpx.Response(200, json=body)

    def test_platform_and_names_are_filled(self) -> None:
        (post,) = posts(self.ask_pages([[self.element(900, NEWEST)]]))
        assert (post.platform, post.post_id) == ("googlebusiness", f"{PLACE}/reviews/900")
        assert (post.author_id, post.author_name) == (None, "Kim")


def ask(verb: str, handler: Handler, *rest: Any, secrets: Any = SECRETS, **more: Any) -> list[Read]:
    given = {"name": "places", "platform": "googlebusiness", "accounts": (PLACE,)}
    source = Source(**given | more)
    answering = lambda request: TOKEN if is_login(request) else handler(request)  # noqa: E731
    with client_for(googlebusiness, source, answering, **secrets) as client:
        return list(getattr(googlebusiness, verb)(source, client, *(rest or (SINCE,))))


def understood(body: Any) -> list[Read]:
    reply = Reply(url="", body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(googlebusiness, [reply]))


# What an item says


def test_a_review_of_a_place() -> None:
    later = stamp(NEWEST + timedelta(hours=1))
    (post,) = posts(understood({"reviews": [review("r1", updateTime=later)]}))
    assert (post.post_id, post.kind) == (f"{PLACE}/reviews/r1", "review")
    assert (post.native_id, post.aliases) == (post.post_id, ("id-r1",))
    assert (post.text, post.title, post.rating) == ("Lang gewacht.", None, 2.0)
    assert (post.author_id, post.author_name) == (None, "Kim")
    assert (post.created_at, post.edited_at) == (NEWEST, NEWEST + timedelta(hours=1))
    assert (post.likes_count, post.language, post.url) == (None, None, None)
    assert post.mentions == (PLACE, "accounts/12")


def test_stars_may_stand_alone_and_a_reviewer_may_be_anonymous() -> None:
    bare = review("r1", reviewer={"displayName": "A Google user", "isAnonymous": True})
    del bare["comment"]
    (post,) = posts(understood({"reviews": [bare]}))
    assert (post.text, post.author_name, post.edited_at) == ("", None, None)
    del bare["reviewer"]
    (unsigned,) = posts(understood({"reviews": [bare]}))
    assert (unsigned.post_id, unsigned.author_name) == (post.post_id, None)


@pytest.mark.parametrize(
    ("word", "stars"),
    [("ONE", 1.0), ("THREE", 3.0), ("FIVE", 5.0), ("STAR_RATING_UNSPECIFIED", None)],
)
def test_stars_are_words(word: str, stars: float | None) -> None:
    (post,) = posts(understood({"reviews": [review("r1", starRating=word)]}))
    assert post.rating == stars


def test_odd_stars_and_times_are_set_apart() -> None:
    for odd in (
        {"starRating": "SIX"},
        {"updateTime": "2026-11-20T12:00:00"},
        {"createTime": "0001-01-01T00:00:00+14:00"},
    ):
        (told,) = rejected(understood({"reviews": [review("r1", **odd)]}))
        assert told.path.startswith("$.reviews[0].")


@pytest.mark.parametrize(
    "comment",
    [
        "(Translated by Google) A long wait.\n\n(Original)\nLang gewacht.\nErg lang.",
        "Lang gewacht.\nErg lang.\n\n(Translated by Google)\nA long wait.",
        "(Vertaald door Google) Een lange rij.\n\n(Origineel)\nLang gewacht.\nErg lang.",
        "Lang gewacht.\nErg lang.\n\n(Übersetzt von Google)\nLange gewartet.",
        "Lang gewacht.\nErg lang.",
    ],
)
def test_the_original_words_are_kept_without_the_translation(comment: str) -> None:
    assert original(comment) == "Lang gewacht.\nErg lang."


@pytest.mark.parametrize(
    "comment",
    [
        *("(Original) taste", "(Translated by Google) and no more", ""),
        "prima.\n(Vertaald door Google) is een grap",
        "(Vertaald door Google) las ik.\n(Original) was beter",
        "(Traduit par Google) Bien.\n\n(Avis d'origine)\nGoed.",
    ],
)
def test_words_about_translations_stay(comment: str) -> None:
    assert original(comment) == comment


@pytest.mark.parametrize("begin", ["(Translated by Google)", "a"])
def test_a_review_of_empty_lines_is_read_at_once(begin: str) -> None:
    begun = time.monotonic()
    original(f"{begin}{chr(10) * 100_000}x")

    assert time.monotonic() - begun < 5


def test_an_answer_is_a_post_of_the_place() -> None:
    told, answer = posts(understood({"reviews": [review("r1", answer="Dank, Kim!")]}))
    assert (answer.post_id, answer.kind) == (f"{told.post_id}/reply", "reply")
    assert (answer.parent_id, answer.root_id) == (told.post_id, told.post_id)
    assert (answer.author_id, answer.author_handle) == (PLACE, "accounts/12")
    assert (answer.text, answer.rating) == ("Dank, Kim!", None)
    assert answer.created_at == NEWEST + timedelta(hours=5)


@pytest.mark.parametrize(
    ("state", "is_keepable"),
    [
        ("APPROVED", True),
        ("REVIEW_REPLY_STATE_UNSPECIFIED", True),
        ("PENDING", False),
        ("REJECTED", False),
        ("A_STATE_OF_TOMORROW", False),
    ],
)
def test_an_answer_that_nobody_can_see_is_not_kept(state: str, is_keepable: bool) -> None:
    told = review("r1", answer="Dank")
    told["reviewReply"]["reviewReplyState"] = state
    _, answer = posts(understood(told))
    assert answer.is_keepable is is_keepable


def test_reviews_of_many_places_and_other_answers() -> None:
    batch = {"locationReviews": [{"name": PLACE, "review": review("r1", answer="Dank")}]}
    assert len(posts(understood(batch))) == 2
    assert understood({}) == []
    assert understood({"averageRating": 0, "totalReviewCount": 0}) == []
    assert understood({"locations": [{"name": "locations/34"}]}) == []
    assert understood({"accounts": [{"name": "accounts/12"}]}) == []
    notice = base64.b64encode(b'{"notificationType":"NEW_REVIEW"}').decode()
    assert understood({"message": {"data": notice}, "subscription": "s"}) == []
    with pytest.raises(PayloadError, match="neither"):
        understood({"places": []})


def test_a_place_that_has_reviews_lists_some_on_its_first_page() -> None:
    body = {"averageRating": 4, "totalReviewCount": 2}
    with pytest.raises(PayloadError, match="none is listed"):
        understood(body)
    last = Reply(
        url="https://api.example/reviews?pageToken=2",
        body=json.dumps(body).encode(),
        observed_at=NEWEST,
    )
    assert list(understand(googlebusiness, [last])) == []


# What is asked


def test_a_place_is_asked_for_its_reviews_last_changed_first() -> None:
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"reviews": [review("r1")]})

    assert len(posts(ask("inbox", handler))) == 1
    assert asked[0].url.path == f"/v4/{PLACE}/reviews"
    assert dict(asked[0].url.params) == {"pageSize": "50", "orderBy": "updateTime desc"}
    assert asked[0].headers["authorization"] == "Bearer ya29.t0ken"


def test_an_empty_page_that_is_not_the_last_is_read_on() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if "pageToken" not in request.url.params:
            return httpx.Response(200, json={"reviews": [], "nextPageToken": "2"})
        return httpx.Response(200, json={"reviews": [review("r1")]})

    assert len(posts(ask("inbox", handler))) == 1


def test_an_old_review_that_was_changed_lately_does_not_end_the_reading() -> None:
    old = NEWEST - timedelta(days=300)

    def handler(request: httpx.Request) -> httpx.Response:
        if "pageToken" not in request.url.params:
            changed = review("r1", old, updateTime=stamp(NEWEST))
            return httpx.Response(200, json={"reviews": [changed], "nextPageToken": "2"})
        return httpx.Response(200, json={"reviews": [review("r2", old)], "nextPageToken": "3"})

    assert [post.aliases for post in posts(ask("inbox", handler))] == [("id-r1",), ("id-r2",)]


def test_all_places_of_an_account_are_listed_first() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.url.host}{request.url.path}")
        if request.url.path == "/v1/accounts/12/locations":
            assert request.url.params["readMask"] == "name"
            second = "pageToken" in request.url.params
            body: dict[str, Any] = {"locations": [{"name": f"locations/{35 if second else 34}"}]}
            return httpx.Response(200, json=body if second else body | {"nextPageToken": "2"})
        place = request.url.path.removeprefix("/v4/").removesuffix("/reviews")
        return httpx.Response(200, json={"reviews": [review("r1", place=place)]})

    found = posts(ask("inbox", handler, accounts=("accounts/12",)))
    assert [post.mentions[0] for post in found] == [PLACE, "accounts/12/locations/35"]
    assert {place.partition("/")[0] for place in asked} == {
        "mybusinessbusinessinformation.googleapis.com",
        "mybusiness.googleapis.com",
    }


def test_a_place_that_was_closed_keeps_no_other_of_its_account_from_being_read() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if is_login(request):
            return TOKEN
        if request.url.path == "/v1/accounts/12/locations":
            names = [{"name": "locations/1"}, {"name": "locations/34"}]
            return httpx.Response(200, json={"locations": names})
        if "locations/1/" in request.url.path:
            return httpx.Response(404, json={"error": {"code": 404, "message": "not found"}})
        return httpx.Response(200, json={"reviews": [review("r1")]})

    source = Source(name="places", platform="googlebusiness", accounts=("accounts/12",))
    with client_for(googlebusiness, source, handler, **SECRETS) as client:
        found, error = until_error(googlebusiness.inbox(source, client, SINCE))
    assert [post.native_id for post in posts(found)] == [f"{PLACE}/reviews/r1"]
    assert isinstance(error, AccountGone)
    assert error.what.startswith("accounts/12/locations/1: ")
    assert error.heard_others


def test_a_name_that_is_no_account_is_told() -> None:
    with pytest.raises(ConfigError, match="accounts/NUMBER"):
        ask("inbox", unasked, accounts=("Acme Utrecht",))


def test_the_way_in_is_a_refresh_token() -> None:
    forms: list[dict[str, list[str]]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://oauth2.googleapis.com/token"
        forms.append(parse_qs(request.content.decode()))
        return httpx.Response(400, json={"error": "invalid_grant", "error_description": "old"})

    source = Source(name="places", platform="googlebusiness", accounts=(PLACE,))
    with (
        client_for(googlebusiness, source, handler, **SECRETS) as client,
        pytest.raises(SourceRefused, match="invalid_grant"),
    ):
        list(googlebusiness.inbox(source, client, SINCE))
    assert forms == [
        {
            "grant_type": ["refresh_token"],
            "client_id": ["client-0001"],
            "client_secret": ["s3cret-0001"],
            "refresh_token": ["refresh-0001"],
        }
    ]
    with pytest.raises(ConfigError, match="GOOGLEBUSINESS_CLIENT_ID"):
        ask("inbox", unasked, secrets={})


def unasked(request: httpx.Request) -> httpx.Response:
    raise AssertionError(request.url)


def before(*names: str) -> list[Post]:
    return posts(understood({"reviews": [review(name, answer="Dank") for name in names]}))


def test_refresh_asks_for_each_review_once_and_tells_what_is_gone() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path.endswith("/reviews"):
            return httpx.Response(200, json={})
        if request.url.path.endswith("r2"):
            error = {"code": 404, "message": "not found", "status": "NOT_FOUND"}
            return httpx.Response(404, json={"error": error})
        return httpx.Response(200, json=review("r1", starRating="FIVE"))

    found = posts(ask("refresh", handler, before("r1", "r2")))
    listed = f"/v4/{PLACE}/reviews"
    assert asked == [f"{listed}/r1", f"{listed}/r2", listed]
    assert [(post.post_id.rpartition("reviews/")[2], not post.deleted_at) for post in found] == [
        ("r1", True),
        ("r1/reply", False),
        ("r2", False),
        ("r2/reply", False),
    ]
    assert found[0].rating == 5.0


def test_no_review_is_gone_because_its_place_or_the_address_is() -> None:
    error = {"code": 404, "message": "said so", "status": "NOT_FOUND"}
    with pytest.raises(SourceGone, match="said so"):
        ask("refresh", lambda _: httpx.Response(404, json={"error": error}), before("r1"))
    with pytest.raises(PayloadError, match="no word of a review"):
        ask("refresh", lambda _: httpx.Response(404, text="<html></html>"), before("r1"))


def test_refresh_takes_neither_a_limit_nor_an_odd_review_for_a_deletion() -> None:
    limit = {"error": {"code": 403, "message": "x", "status": "RESOURCE_EXHAUSTED"}}
    with pytest.raises(RateLimited):
        ask("refresh", lambda _: httpx.Response(403, json=limit), before("r1"))
    odd = review("r1", starRating="SIX")
    reads = ask("refresh", lambda _: httpx.Response(200, json=odd), before("r1"))
    assert (posts(reads), len(rejected(reads))) == ([], 1)


# What is refused


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        (401, "UNAUTHENTICATED", SourceRefused),
        (403, "PERMISSION_DENIED", SourceRefused),
        (404, "NOT_FOUND", SourceGone),
        (429, "RESOURCE_EXHAUSTED", RateLimited),
        (503, "UNAVAILABLE", SourceUnavailable),
        (400, "INVALID_ARGUMENT", PayloadError),
    ],
)
def test_the_code_of_an_error_counts(code: int, status: str, error: type[LuisterError]) -> None:
    body = {"error": {"code": code, "message": "said so", "status": status}}
    with pytest.raises(error, match="said so"):
        ask("inbox", lambda _: httpx.Response(code, json=body))
    with pytest.raises(error, match=rf"{status}.*said so"):
        understood(body)
