"""Google Play: one's own apps, a week at a time, the answer inside the review."""

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connectors import googleplay
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
    until_error,
)
from pipeline.errors import (
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

PACKAGE = "nl.acme.fiets"
LIST = f"https://androidpublisher.googleapis.com/androidpublisher/v3/applications/{PACKAGE}/reviews"
SINCE = NEWEST - timedelta(days=7)


def pem(key: Any) -> str:
    text: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return text.decode()


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ACCOUNT = {
    "type": "service_account",
    "client_email": "luister@acme.iam.example",
    "private_key_id": "0123456789abcdef",
    "private_key": pem(KEY),
}
SECRETS = {"GOOGLEPLAY_SERVICE_ACCOUNT": json.dumps(ACCOUNT)}


def moment(at: datetime) -> dict[str, Any]:
    return {"seconds": str(int(at.timestamp())), "nanos": at.microsecond * 1000}


def review(name: str, at: datetime = NEWEST, /, answer: str | None = None, **more: Any) -> Element:
    said = {
        "text": "Loopt vast\tSinds gisteren.",
        "lastModified": moment(at),
        "starRating": 2,
        "reviewerLanguage": "en_NL",
        "thumbsUpCount": 3,
        "thumbsDownCount": 1,
    }
    comments: list[dict[str, Any]] = [{"userComment": said | more}]
    if answer is not None:
        later = moment(at + timedelta(hours=5))
        comments.append({"developerComment": {"text": answer, "lastModified": later}})
    return {"reviewId": name, "authorName": "Kim", "comments": comments}


def is_login(request: httpx.Request) -> bool:
    return request.url.path == "/token"


TOKEN = httpx.Response(200, json={"access_token": "ya29.t0ken", "expires_in": 3599})


class TestGooglePlay(ConnectorContract):
    platform = "googleplay"
    source = Source(name="play", platform="googleplay", accounts=(PACKAGE,))
    verb = "inbox"
    secrets = SECRETS
    promised = "comments"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return review(f"gp:{number}", created_at)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        if is_login(request):
            return TOKEN
        number = int(request.url.params.get("token", "1"))
        chosen: Any = pages[number - 1]
        body: dict[str, Any] = {"reviews": list(pages[0] if chosen == "again" else chosen)}
        if chosen == "again" or number < len(pages):
            following = "2" if chosen == "again" else str(number + 1)
            body["tokenPagination"] = {"nextPageToken": following}
        return httpx.Response(200, json=body)

    def test_platform_and_names_are_filled(self) -> None:
        (post,) = posts(self.ask_pages([[self.element(900, NEWEST)]]))
        assert (post.platform, post.post_id) == ("googleplay", "gp:900")
        assert (post.author_id, post.author_name) == (None, "Kim")


def ask(verb: str, handler: Handler, *rest: Any, secrets: Any = SECRETS, **more: Any) -> list[Read]:
    source = Source(**{"name": "play", "platform": "googleplay", "accounts": (PACKAGE,)} | more)
    answering = lambda request: TOKEN if is_login(request) else handler(request)  # noqa: E731
    with client_for(googleplay, source, answering, **secrets) as client:
        return list(getattr(googleplay, verb)(source, client, *(rest or (SINCE,))))


def understood(body: Any, url: str = LIST, status: int = 200) -> list[Read]:
    raw = json.dumps(body).encode()
    reply = Reply(url=url, body=raw, observed_at=NEWEST, status=status)
    return list(understand(googleplay, [reply]))


# What an item says


def test_a_review_has_its_title_before_the_tab() -> None:
    (post,) = posts(understood({"reviews": [review("gp:a")]}))
    assert (post.post_id, post.native_id, post.kind) == ("gp:a", f"{PACKAGE}/gp:a", "review")
    assert (post.title, post.text, post.rating) == ("Loopt vast", "Sinds gisteren.", 2.0)
    assert (post.author_id, post.author_name, post.likes_count) == (None, "Kim", 3)
    assert post.url == f"https://play.google.com/store/apps/details?id={PACKAGE}&reviewId=gp:a"
    assert (post.created_at, post.edited_at, post.language) == (NEWEST, None, None)
    assert (post.mentions, post.visibility) == ((PACKAGE,), "public")


@pytest.mark.parametrize(
    ("text", "title", "words"),
    [
        ("\tMooi", None, "Mooi"),
        ("Mooi", None, "Mooi"),
        ("Titel\t", "Titel", ""),
        ("Titel\teen\ttwee", "Titel", "een\ttwee"),
    ],
)
def test_the_tab_between_title_and_words(text: str, title: str | None, words: str) -> None:
    (post,) = posts(understood({"reviews": [review("gp:a", text=text)]}))
    assert (post.title, post.text) == (title, words)


def test_the_original_words_come_before_a_translation() -> None:
    (post,) = posts(understood({"reviews": [review("gp:a", originalText="\tPrachtig")]}))
    assert post.text == "Prachtig"


def test_an_answer_is_a_post_of_the_company() -> None:
    told, answer = posts(understood({"reviews": [review("gp:a", answer="Dank, Kim!")]}))
    assert (answer.post_id, answer.kind) == ("gp:a#dev", "reply")
    assert (answer.parent_id, answer.root_id) == (told.post_id, told.post_id)
    assert (answer.author_id, answer.text) == (PACKAGE, "Dank, Kim!")
    assert answer.created_at == NEWEST + timedelta(hours=5)
    assert (answer.rating, answer.likes_count, answer.mentions) == (None, None, ())
    assert answer.payload == told.payload


def test_words_about_an_answer_are_no_answer() -> None:
    (post,) = posts(understood({"reviews": [review("gp:a", text='"developerComment"')]}))
    assert post.kind == "review"


def test_what_is_not_told_is_unknown() -> None:
    bare = review("gp:a")
    del bare["authorName"]
    del bare["comments"][0]["userComment"]["thumbsUpCount"]
    (post,) = posts(understood({"reviews": [bare]}, url=""))
    assert (post.author_name, post.likes_count) == (None, None)
    assert (post.native_id, post.url, post.mentions) == ("gp:a", None, ())


def test_parts_of_a_second_are_kept() -> None:
    at = datetime(2026, 11, 20, 12, 0, 1, 208000, tzinfo=UTC)
    (post,) = posts(understood({"reviews": [review("gp:a", at)]}))
    assert post.created_at == at
    told = {"seconds": int(at.timestamp()), "nanos": 208_000_000}
    (same,) = posts(understood({"reviews": [review("gp:a", at, lastModified=told)]}))
    assert same.created_at == at


@pytest.mark.parametrize(
    "odd",
    [
        {"starRating": 0},
        {"starRating": 6},
        {"lastModified": {"seconds": "soon"}},
        {"lastModified": {"seconds": "9" * 12}},
        {"lastModified": {"seconds": "1", "nanos": -1}},
    ],
)
def test_odd_stars_and_times_are_set_apart(odd: dict[str, Any]) -> None:
    (told,) = rejected(understood({"reviews": [review("gp:a", **odd)]}))
    assert told.path.startswith("$.reviews[0].comments")


def test_a_review_without_a_comment_of_its_user_is_set_apart() -> None:
    (odd,) = rejected(understood({"reviews": [{"reviewId": "gp:a", "comments": [{}]}]}))
    assert "comment of its user" in odd.reason


def test_other_answers_hold_no_reviews() -> None:
    assert understood({}) == []
    assert understood({"result": {"replyText": "Dank", "lastEdited": moment(NEWEST)}}) == []
    assert understood({"message": {"data": ""}, "subscription": "s"}) == []
    assert understood({"access_token": "x", "expires_in": 1}) == []
    assert len(understood(review("gp:a", answer="Dank"), f"{LIST}/gp:a")) == 2
    with pytest.raises(PayloadError, match="neither"):
        understood({"inappproduct": []})


# What is asked


def test_each_app_is_asked_for_its_reviews_with_the_token() -> None:
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"reviews": [review(f"gp:{len(asked)}")]})

    found = posts(ask("inbox", handler, accounts=(PACKAGE, "nl.acme.bel")))
    assert [post.native_id for post in found] == [f"{PACKAGE}/gp:1", "nl.acme.bel/gp:2"]
    assert str(asked[0].url) == f"{LIST}?maxResults=100"
    assert asked[0].headers["authorization"] == "Bearer ya29.t0ken"


def test_an_app_that_is_not_ones_own_keeps_no_other_from_being_read() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if PACKAGE in str(request.url):
            return httpx.Response(403, json={"error": {"code": 403, "message": "no permission"}})
        return httpx.Response(200, json={"reviews": [review("gp:1")]})

    source = Source(name="play", platform="googleplay", accounts=(PACKAGE, "nl.acme.bel"))
    answering = lambda request: TOKEN if is_login(request) else handler(request)  # noqa: E731
    with client_for(googleplay, source, answering, **SECRETS) as client:
        found, error = until_error(googleplay.inbox(source, client, SINCE))
    assert [post.native_id for post in posts(found)] == ["nl.acme.bel/gp:1"]
    assert isinstance(error, SourceRefused)
    assert error.is_of_one


def test_the_way_in_is_a_signed_claim() -> None:
    forms: list[dict[str, list[str]]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://oauth2.googleapis.com/token"
        forms.append(parse_qs(request.content.decode()))
        return httpx.Response(400, json={"error": "invalid_grant", "error_description": "no"})

    source = Source(name="play", platform="googleplay", accounts=(PACKAGE,))
    with (
        client_for(googleplay, source, handler, **SECRETS) as client,
        pytest.raises(SourceRefused, match="invalid_grant"),
    ):
        list(googleplay.inbox(source, client, SINCE))
    (form,) = forms
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    words, _, signature = form["assertion"][0].rpartition(".")
    head, claims = (json.loads(unpacked(part)) for part in words.split("."))
    assert head == {"alg": "RS256", "typ": "JWT", "kid": "0123456789abcdef"}
    assert claims["iss"] == "luister@acme.iam.example"
    assert claims["scope"] == "https://www.googleapis.com/auth/androidpublisher"
    assert claims["exp"] - claims["iat"] == 3600
    public = KEY.public_key()
    public.verify(unpacked(signature), words.encode(), padding.PKCS1v15(), SHA256())


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_secret_that_is_no_key_of_a_service_account_is_told() -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    for wrong in ("{}", "/a/path.json", ACCOUNT | {"private_key": "none"}):
        text = wrong if isinstance(wrong, str) else json.dumps(wrong)
        with pytest.raises(ConfigError, match="GOOGLEPLAY_SERVICE_ACCOUNT"):
            ask("inbox", unasked, secrets={"GOOGLEPLAY_SERVICE_ACCOUNT": text})
    other = json.dumps(ACCOUNT | {"private_key": pem(curve)})
    with pytest.raises(ConfigError, match="no RSA key"):
        ask("inbox", unasked, secrets={"GOOGLEPLAY_SERVICE_ACCOUNT": other})
    with pytest.raises(ConfigError, match="needs GOOGLEPLAY_SERVICE_ACCOUNT"):
        ask("inbox", unasked, secrets={})


def unasked(request: httpx.Request) -> httpx.Response:
    raise AssertionError(request.url)


def test_a_first_night_leaves_a_gap_before_the_week_that_is_listed() -> None:
    empty = lambda _: httpx.Response(200, json={})  # noqa: E731
    now = datetime.now(UTC)
    (gap,) = gaps(ask("inbox", empty, now - timedelta(days=30)))
    assert timedelta(days=22, hours=23) < gap.gap_to - gap.gap_from <= timedelta(days=23, hours=1)
    assert ask("inbox", empty, now - timedelta(days=8)) == []


def before(*names: str) -> list[Post]:
    return posts(understood({"reviews": [review(name, answer="Dank") for name in names]}))


def test_refresh_asks_for_each_review_once_and_tells_what_is_gone() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        asked.append(name)
        if name == "reviews":
            return httpx.Response(200, json={})
        if name == "gp:b":
            error = {"code": 404, "message": "not found", "status": "NOT_FOUND"}
            return httpx.Response(404, json={"error": error})
        return httpx.Response(200, json=review(name, starRating=5))

    found = posts(ask("refresh", handler, before("gp:a", "gp:b")))
    assert asked == ["gp:a", "gp:b", "reviews"]
    assert [(post.post_id, post.deleted_at is None) for post in found] == [
        ("gp:a", True),
        ("gp:a#dev", False),
        ("gp:b", False),
        ("gp:b#dev", False),
    ]
    assert (found[0].rating, found[0].native_id) == (5.0, f"{PACKAGE}/gp:a")


def test_no_review_is_gone_because_its_app_or_the_address_is() -> None:
    error = {"code": 404, "message": "said so", "errors": [{"reason": "applicationNotFound"}]}
    with pytest.raises(SourceGone, match="said so"):
        ask("refresh", lambda _: httpx.Response(404, json={"error": error}), before("gp:a"))
    with pytest.raises(PayloadError, match="no word of a review"):
        ask("refresh", lambda _: httpx.Response(404, text="<html></html>"), before("gp:a"))


def test_refresh_asks_for_no_more_than_sixty_and_only_for_ones_own() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json=review(request.url.path.rpartition("/")[2], answer="D"))

    many = before(*(f"gp:{number}" for number in range(70)))
    assert len(posts(ask("refresh", handler, many))) == 120
    assert len(asked) == 60
    assert ask("refresh", unasked, before("gp:a"), accounts=("nl.acme.bel",)) == []


def test_refresh_takes_neither_a_limit_nor_an_odd_review_for_a_deletion() -> None:
    limit = {"error": {"code": 403, "message": "x", "errors": [{"reason": "quotaExceeded"}]}}
    with pytest.raises(RateLimited):
        ask("refresh", lambda _: httpx.Response(403, json=limit), before("gp:a"))
    odd = review("gp:a", starRating=9)
    reads = ask("refresh", lambda _: httpx.Response(200, json=odd), before("gp:a"))
    assert (posts(reads), len(rejected(reads))) == ([], 1)


# What is refused


@pytest.mark.parametrize(
    ("code", "reason", "error"),
    [
        (401, "authError", SourceRefused),
        (403, "forbidden", SourceRefused),
        (403, "rateLimitExceeded", RateLimited),
        (404, "notFound", SourceGone),
        (429, "quotaExceeded", RateLimited),
        (503, "backendError", SourceUnavailable),
        (400, "invalid", PayloadError),
    ],
)
def test_the_reason_of_an_error_counts(code: int, reason: str, error: type[LuisterError]) -> None:
    body = {"error": {"code": code, "message": "said so", "errors": [{"reason": reason}]}}
    with pytest.raises(error, match=r"said so|too many"):
        ask("inbox", lambda _: httpx.Response(code, json=body))
    with pytest.raises(error, match="said so"):
        understood(body)


def test_the_seconds_of_a_429_are_kept() -> None:
    body = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}
    busy = httpx.Response(429, json=body, headers={"retry-after": "86400"})
    with pytest.raises(RateLimited) as error:
        ask("inbox", lambda _: busy)
    assert error.value.seconds == 86400
