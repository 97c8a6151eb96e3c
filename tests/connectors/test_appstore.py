"""The App Store: lists of 500 reviews a country, in two forms, and one's own apps with answers."""

import base64
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connectors import appstore, appstore_connect
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

APP = "111222333"
SINCE = NEWEST - timedelta(days=7)
KEY = ec.generate_private_key(ec.SECP256R1())
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
SECRETS = {
    "APPSTORE_ISSUER_ID": "issuer-0001",
    "APPSTORE_KEY_ID": "KEY0000001",
    "APPSTORE_PRIVATE_KEY": PEM,
}


def entry(number: int, at: datetime = NEWEST, /, country: str = "nl", **more: Any) -> Element:
    pacific = at.astimezone(UTC) - timedelta(hours=8)
    said = {
        "author": {
            "uri": {"label": f"https://itunes.apple.com/{country}/reviews/id77{number}"},
            "name": {"label": "Kim"},
            "label": "",
        },
        "updated": {"label": pacific.replace(tzinfo=None).isoformat() + "-08:00"},
        "im:rating": {"label": "2"},
        "im:version": {"label": "1.2"},
        "id": {"label": str(number)},
        "title": {"label": "Loopt vast"},
        "content": {"label": "Sinds gisteren.", "attributes": {"type": "text"}},
        "link": {
            "attributes": {
                "rel": "related",
                "href": f"https://itunes.apple.com/{country}/review?id={APP}&type=Purple%20Software",
            }
        },
        "im:voteSum": {"label": "3"},
        "im:voteCount": {"label": "4"},
    }
    return said | more


def feed(entries: Any, last: int | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"author": {"name": {"label": "iTunes Store"}}}
    if entries is not None:
        body["entry"] = entries
    if last is not None:
        address = f"https://itunes.apple.com/nl/rss/customerreviews/page={last}/id={APP}/xml"
        body["link"] = [
            {"attributes": {"rel": "self", "href": "https://itunes.apple.com/page=77/"}},
            {"attributes": {"rel": "last", "href": address}},
        ]
    return {"feed": body}


def page_of(request: httpx.Request) -> int:
    found = re.search(r"/page=(\d+)/", request.url.path)
    assert found
    return int(found[1])


class TestAppStore(ConnectorContract):
    platform = "appstore"
    source = Source(name="app", platform="appstore", accounts=(APP,), options={"countries": ["nl"]})
    verb = "inbox"
    promised = "content"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return entry(number, created_at)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        if request.url.path == "/lookup":
            return httpx.Response(200, json={"resultCount": 0, "results": []})
        number = page_of(request)
        if number > len(pages):
            return httpx.Response(200, json=feed(None))
        chosen: Any = pages[number - 1]
        return httpx.Response(200, json=feed(list(pages[0] if chosen == "again" else chosen)))


class TestAppStoreConnect(ConnectorContract):
    platform = "appstore"
    source = Source(name="own", platform="appstore", accounts=(APP,), options={"api": "connect"})
    verb = "inbox"
    secrets = SECRETS
    promised = "attributes.createdDate"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return given(f"0000{number}", created_at)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        number = int(request.url.params.get("cursor", "1"))
        following = number + 1 if number < len(pages) else None
        chosen: Any = pages[number - 1]
        found = pages[0] if chosen == "again" else chosen
        if chosen == "again":
            following = 2
        return httpx.Response(200, json=answer(list(found), cursor=following))

    def test_platform_and_names_are_filled(self) -> None:
        (post,) = posts(self.ask_pages([[self.element(900, NEWEST)]]))
        assert (post.platform, post.post_id) == ("appstore", "0000900")
        assert (post.author_id, post.author_name) == (None, "Kim")


def given(name: str, at: datetime = NEWEST, answered: str | None = None, **more: Any) -> Element:
    attributes = {
        "rating": 1,
        "title": "Traag",
        "body": "Kan dit sneller?",
        "reviewerNickname": "Kim",
        "createdDate": at.isoformat(),
        "territory": "NLD",
    }
    data = {"type": "customerReviewResponses", "id": answered} if answered else None
    return {
        "type": "customerReviews",
        "id": name,
        "attributes": attributes | more,
        "relationships": {"response": {"data": data}},
    }


def said(name: str, **more: Any) -> Element:
    attributes = {
        "responseBody": "Dank, in 1.3 is het sneller.",
        "lastModifiedDate": "2026-11-21T09:00:00+01:00",
        "state": "PUBLISHED",
    }
    return {"type": "customerReviewResponses", "id": name, "attributes": attributes | more}


def answer(data: Any, included: Any = None, cursor: int | None = None) -> dict[str, Any]:
    address = f"https://api.appstoreconnect.apple.com/v1/apps/{APP}/customerReviews"
    links = {"self": address}
    if cursor is not None:
        links["next"] = f"{address}?cursor={cursor}&limit=200"
    whole = {"data": data, "links": links}
    return whole if included is None else whole | {"included": included}


class Store:
    """Lists by country and page, in the first form of the address; remembers what was asked."""

    def __init__(
        self, pages: dict[str, list[Any]], *, form: str = "/page=", apps: Sequence[Any] = ()
    ) -> None:
        self.pages = pages
        self.form = form
        self.apps = apps
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path == "/lookup":
            assert request.url.params["id"] == APP
            return httpx.Response(200, json={"resultCount": 1, "results": self.apps})
        _, country, _, _, first, *_ = request.url.path.split("/")
        number = page_of(request)
        known = self.pages.get(country, [])
        if not f"/{first}".startswith(self.form) or number > len(known):
            return httpx.Response(200, json=feed(None))
        return httpx.Response(200, json=feed(known[number - 1]))


def ask(
    verb: str, handler: Handler, *rest: Any, options: Any = None, secrets: Any = None
) -> list[Read]:
    source = Source(name="app", platform="appstore", accounts=(APP,), options=options or {})
    with client_for(appstore, source, handler, **(secrets or {})) as client:
        return list(getattr(appstore, verb)(source, client, *(rest or (SINCE,))))


def understood(body: Any, url: str = "") -> list[Read]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return list(understand(appstore, [Reply(url=url, body=raw, observed_at=NEWEST)]))


# What an item says


def test_a_review_of_a_public_list() -> None:
    (post,) = posts(understood(feed([entry(5)])))
    assert (post.post_id, post.native_id, post.kind) == ("5", f"nl/{APP}/5", "review")
    assert (post.title, post.text, post.rating) == ("Loopt vast", "Sinds gisteren.", 2.0)
    assert (post.author_id, post.author_name) == ("775", "Kim")
    assert post.author_url == "https://itunes.apple.com/nl/reviews/id775"
    assert post.url == f"https://apps.apple.com/nl/app/id{APP}?see-all=reviews"
    assert (post.created_at, post.edited_at, post.language) == (NEWEST, None, None)
    assert (post.likes_count, post.replies_count) == (3, None)
    assert post.mentions == (APP,)


def test_a_list_of_one_is_an_object_and_an_empty_list_has_no_entry() -> None:
    assert len(posts(understood(feed(entry(5))))) == 1
    assert understood(feed(None)) == []


def test_the_app_in_front_of_its_reviews_is_none_of_them() -> None:
    app = {"im:name": {"label": "Fietsfabriek"}, "id": {"label": "https://apps.apple.com/x"}}
    assert [post.post_id for post in posts(understood(feed([app, entry(5)])))] == ["5"]


def test_old_lists_give_no_time_and_no_votes() -> None:
    old = entry(5)
    for name in ("updated", "im:voteSum", "im:voteCount", "link"):
        del old[name]
    listed = f"https://itunes.apple.com/be/rss/customerreviews/id={APP}/sortBy=mostRecent/json"
    (post,) = posts(understood(feed([old]), listed))
    assert (post.created_at, post.likes_count) == (None, None)
    assert post.native_id == f"be/{APP}/5"
    (lost,) = posts(understood(feed([old])))
    assert (lost.native_id, lost.url, lost.mentions) == ("5", None, ())


@pytest.mark.parametrize("stars", ["0", "6", "", "five"])
def test_what_is_no_number_of_stars_is_set_apart(stars: str) -> None:
    (odd,) = rejected(understood(feed([entry(5, **{"im:rating": {"label": stars}})])))
    assert "stars" in odd.reason


@pytest.mark.parametrize("time", ["yesterday", "2026-11-20T04:00:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_without_zone_is_no_time(time: str) -> None:
    (odd,) = rejected(understood(feed([entry(5, updated={"label": time})])))
    assert odd.path.startswith("$.feed.entry[0].updated")


def test_votes_below_zero_tell_no_number_of_likes() -> None:
    (post,) = posts(understood(feed([entry(5, **{"im:voteSum": {"label": "-2"}})])))
    assert post.likes_count is None


ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns:im="http://itunes.apple.com/rss" xmlns="http://www.w3.org/2005/Atom" xml:lang="nl">
  <id>https://itunes.apple.com/nl/rss/customerreviews/id={APP}/xml</id>
  <title>Klantrecensies</title>
  <entry>
    <updated>2026-11-20T04:00:00-08:00</updated><id>5</id><title>Loopt vast &amp; traag</title>
    <content type="text">Sinds gisteren.</content>
    <link rel="related" href="https://itunes.apple.com/nl/review?id={APP}&amp;type=Purple"/>
    <im:voteSum>0</im:voteSum><im:rating>2</im:rating><im:version>1.2</im:version>
    <author><name>Kim</name><uri>https://itunes.apple.com/nl/reviews/id775</uri></author>
    <content type="html">&lt;table&gt;&lt;td&gt;Loopt vast&lt;/td&gt;&lt;/table&gt;</content>
  </entry>
</feed>"""


def test_the_list_in_atom_says_the_same() -> None:
    (post,) = posts(understood(ATOM.encode()))
    assert (post.title, post.text, post.rating) == ("Loopt vast & traag", "Sinds gisteren.", 2.0)
    assert (post.native_id, post.author_id, post.likes_count) == (f"nl/{APP}/5", "775", 0)
    assert post.created_at == NEWEST
    assert json.loads(post.payload)["im:version"] == {"label": "1.2"}


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html></html>",
        '<?xml version="1.0"?><!DOCTYPE f [<!ENTITY a "aaaa">]><feed>&a;</feed>',
        "<feed>",
        "<rss><channel/></rss>",
    ],
)
def test_other_markup_is_no_list(body: str) -> None:
    with pytest.raises(PayloadError):
        understood(body.encode())


def test_a_search_for_apps_holds_no_reviews() -> None:
    assert understood({"resultCount": 1, "results": [{"trackId": 1}]}) == []


def test_a_review_of_ones_own_app_with_its_answer() -> None:
    body = answer([given("r1", answered="a1"), given("r2")], [said("a1")])
    review, other, reply = posts(understood(body))
    assert (review.post_id, review.native_id, review.kind) == ("r1", f"{APP}/r1", "review")
    assert (review.title, review.text, review.rating) == ("Traag", "Kan dit sneller?", 1.0)
    assert (review.mentions, review.likes_count, review.author_id) == ((APP,), None, None)
    assert review.url == f"https://apps.apple.com/app/id{APP}?see-all=reviews"
    assert other.post_id == "r2"
    assert (reply.post_id, reply.kind) == ("a1", "reply")
    assert (reply.parent_id, reply.root_id, reply.author_id) == ("r1", "r1", APP)
    assert reply.text == "Dank, in 1.3 is het sneller."
    assert reply.created_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert json.loads(reply.payload)["type"] == "customerReviewResponses"


def test_an_app_that_was_removed_keeps_no_other_from_being_read() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if "/apps/1/" in request.url.path:
            return httpx.Response(404, json={"errors": [{"status": "404", "title": "No app"}]})
        return httpx.Response(200, json=answer([given("r1")]))

    accounts = ("1", APP)
    source = Source(name="app", platform="appstore", accounts=accounts, options={"api": "connect"})
    with client_for(appstore, source, handler, **SECRETS) as client:
        found, error = until_error(appstore.inbox(source, client, SINCE))
    assert [post.post_id for post in posts(found)] == ["r1"]
    assert isinstance(error, AccountGone)
    assert error.what.startswith("1: ")


def test_an_answer_that_is_not_shown_yet_is_not_kept() -> None:
    body = answer([given("r1", answered="a1")], [said("a1", state="PENDING_PUBLISH")])
    assert [post.is_keepable for post in posts(understood(body))] == [True, False]


def test_apps_of_app_store_connect_are_no_posts() -> None:
    assert understood(answer([{"type": "apps", "id": APP, "attributes": {}}])) == []


# What is asked of the store


def test_each_country_is_asked_page_after_page() -> None:
    nl = [[entry(9), entry(8)], [entry(7)]]
    store = Store({"nl": nl, "be": [entry(6, NEWEST, "be")]})
    found = posts(ask("inbox", store))
    assert [post.native_id for post in found] == [
        *(f"nl/{APP}/{number}" for number in (9, 8, 7)),
        f"be/{APP}/6",
    ]
    assert store.asked[0] == f"/nl/rss/customerreviews/page=1/id={APP}/sortby=mostrecent/json"
    assert {path.split("/")[1] for path in store.asked} == {"nl", "be"}


def test_the_other_form_of_the_address_is_tried_where_the_first_gives_nothing() -> None:
    store = Store({"nl": [[entry(9)], [entry(8)]]}, form="/id=")
    reads = ask("inbox", store, options={"countries": ["nl"]})
    assert [post.post_id for post in posts(reads)] == ["9", "8"]
    assert gaps(reads) == []
    second = f"/nl/rss/customerreviews/id={APP}/sortBy=mostRecent/page=1/json"
    assert store.asked[1] == second


@pytest.mark.parametrize(
    ("apps", "reason"),
    [
        ([{"userRatingCount": 7}], "has ratings"),
        ([{"trackName": "Fietsfabriek"}], "has ratings"),
        ([], "no store has app"),
    ],
)
def test_silence_where_there_should_be_reviews_is_a_gap_and_no_zero(
    apps: list[Any], reason: str
) -> None:
    store = Store({}, apps=apps)
    reads = ask("inbox", store)
    (gap,) = gaps(reads)
    assert gap.gap_from == SINCE
    assert reason in gap.reason
    assert posts(reads) == []
    assert store.asked[4:] == ["/lookup", "/lookup"]


def test_an_app_that_nobody_rated_has_no_reviews() -> None:
    assert ask("inbox", Store({}, apps=[{"userRatingCount": 0}])) == []


def test_a_country_without_reviews_is_no_gap_when_another_has_some() -> None:
    assert gaps(ask("inbox", Store({"be": [[entry(6, NEWEST, "be")]]}))) == []


def test_the_last_page_is_known_from_the_links() -> None:
    calls: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(page_of(request))
        return httpx.Response(200, json=feed([entry(calls[-1])], last=2))

    assert len(posts(ask("inbox", handler, options={"countries": ["nl"]}))) == 2
    assert calls == [1, 2]


def test_more_than_500_reviews_leave_a_gap() -> None:
    times = [NEWEST - timedelta(hours=number) for number in range(10)]
    store = Store({"nl": [[entry(100 + at, time)] for at, time in enumerate([*times, NEWEST])]})
    reads = ask("inbox", store, options={"countries": ["nl"]})
    (gap,) = gaps(reads)
    assert (gap.gap_from, gap.gap_to) == (SINCE, times[-1])
    assert len(posts(reads)) == 10


def test_countries_are_a_list_of_codes() -> None:
    for countries in ("nl", ["../x"], [1]):
        with pytest.raises(ConfigError, match="countries"):
            ask("inbox", Store({}), options={"countries": countries})


def test_no_other_way_to_read_is_known() -> None:
    with pytest.raises(ConfigError, match=r"options\.api"):
        ask("inbox", Store({}), options={"api": "web"})


# What is still there


def known(*numbers: int) -> list[Post]:
    listed = [entry(number, NEWEST - timedelta(hours=10 - number)) for number in numbers]
    return posts(understood(feed(listed)))


def test_refresh_tells_what_changed_and_what_two_readings_lack() -> None:
    left = [entry(9, NEWEST, title={"label": "Opgelost"}), entry(1, NEWEST - timedelta(days=2))]
    store = Store({"nl": [left]})
    changed, _, gone = posts(ask("refresh", store, known(9, 5)))
    assert (changed.post_id, changed.title, changed.deleted_at) == ("9", "Opgelost", None)
    assert (gone.post_id, gone.text, gone.created_at) == ("5", "", NEWEST - timedelta(hours=5))
    assert gone.deleted_at is not None
    assert len(store.asked) == 4


def test_what_a_second_reading_has_is_not_gone() -> None:
    first, last = entry(9), entry(1, NEWEST - timedelta(days=2))
    lists = [[first, last], [first, entry(5, NEWEST - timedelta(hours=5)), last]]
    calls = 0

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        if page_of(request) > 1:
            return httpx.Response(200, json=feed(None))
        calls += 1
        return httpx.Response(200, json=feed(lists[calls - 1]))

    assert all(post.deleted_at is None for post in posts(ask("refresh", handler, known(5))))
    assert calls == 2


def test_a_list_of_yesterday_says_nothing_of_what_is_newer() -> None:
    yesterday = NEWEST - timedelta(days=1)
    store = Store({"nl": [[entry(2, yesterday), entry(1, yesterday - timedelta(days=1))]]})
    found = posts(ask("refresh", store, known(5)))
    assert [(post.post_id, post.deleted_at) for post in found] == [("2", None), ("1", None)]


def test_what_is_older_than_the_end_of_the_list_is_not_gone() -> None:
    store = Store({"nl": [[entry(9, NEWEST)]]})
    assert [post.post_id for post in posts(ask("refresh", store, known(5)))] == ["9"]


def test_a_list_that_is_empty_or_not_understood_says_nothing_of_what_is_gone() -> None:
    assert ask("refresh", Store({}), known(5)) == []
    odd = entry(1, NEWEST - timedelta(days=2))
    broken = entry(8)
    del broken["content"]
    found = posts(ask("refresh", Store({"nl": [[entry(9), broken, odd]]}), known(5)))
    assert [(post.post_id, post.deleted_at) for post in found] == [("9", None), ("1", None)]


# App Store Connect


def test_ones_own_app_is_asked_for_with_a_token_of_our_making() -> None:
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=answer([given("r1")]))

    ask("inbox", handler, options={"api": "connect"}, secrets=SECRETS)
    assert asked[0].url.path == f"/v1/apps/{APP}/customerReviews"
    assert dict(asked[0].url.params) == {
        "sort": "-createdDate",
        "limit": "200",
        "include": "response",
    }
    words, _, signature = asked[0].headers["authorization"].removeprefix("Bearer ").rpartition(".")
    head, claims = (json.loads(unpacked(part)) for part in words.split("."))
    assert head == {"alg": "ES256", "kid": "KEY0000001", "typ": "JWT"}
    assert (claims["iss"], claims["aud"]) == ("issuer-0001", "appstoreconnect-v1")
    assert claims["exp"] - claims["iat"] == 1200
    pair = unpacked(signature)
    numbers = (int.from_bytes(pair[:32], "big"), int.from_bytes(pair[32:], "big"))
    public = KEY.public_key()
    public.verify(utils.encode_dss_signature(*numbers), words.encode(), ec.ECDSA(SHA256()))


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_key_may_stand_on_one_line_and_must_be_one_of_apple() -> None:
    handler = lambda _: httpx.Response(200, json=answer([]))  # noqa: E731
    line = SECRETS | {"APPSTORE_PRIVATE_KEY": PEM.replace("\n", "\\n")}
    assert ask("inbox", handler, options={"api": "connect"}, secrets=line) == []
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for wrong in ("no key at all", pem):
        with pytest.raises(ConfigError, match="APPSTORE_PRIVATE_KEY"):
            ask(
                "inbox",
                handler,
                options={"api": "connect"},
                secrets=SECRETS | {"APPSTORE_PRIVATE_KEY": wrong},
            )
    with pytest.raises(ConfigError, match="APPSTORE_KEY_ID"):
        ask("inbox", handler, options={"api": "connect"})


def test_refresh_asks_for_each_review_once_and_tells_what_is_gone() -> None:
    kept, lost, _, _ = before = posts(
        understood(
            answer(
                [given("r1", answered="a1"), given("r2", answered="a2")], [said("a1"), said("a2")]
            )
        )
    )
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path.endswith("/customerReviews"):
            return httpx.Response(200, json=answer([]))
        if request.url.path.endswith("r2"):
            return httpx.Response(404, json={"errors": [{"status": "404", "code": "NOT_FOUND"}]})
        single = answer(given("r1", rating=5)) | {"links": {}}
        return httpx.Response(200, json=single)

    found = posts(ask("refresh", handler, before, options={"api": "connect"}, secrets=SECRETS))
    assert asked == [
        "/v1/customerReviews/r1",
        "/v1/customerReviews/r2",
        f"/v1/apps/{APP}/customerReviews",
    ]
    assert [(post.post_id, post.deleted_at is None) for post in found] == [
        ("r1", True),
        ("a1", False),
        ("r2", False),
        ("a2", False),
    ]
    assert (found[0].rating, found[0].native_id, found[0].mentions) == (5.0, f"{APP}/r1", (APP,))
    assert (kept.rating, lost.post_id) == (1.0, "r2")


def test_no_review_is_gone_because_its_app_or_the_address_is() -> None:
    before = posts(understood(answer([given("r1")])))
    gone = {"errors": [{"status": "404", "code": "NOT_FOUND", "title": "said so"}]}
    for body, error in ((json.dumps(gone), SourceGone), ("<html></html>", PayloadError)):
        answering = httpx.Response(404, text=body)
        with pytest.raises(error, match=r"said so|no word of a review"):
            ask(
                "refresh",
                lambda _, answering=answering: answering,  # type: ignore[misc]
                before,
                options={"api": "connect"},
                secrets=SECRETS,
            )


def test_a_night_refreshes_a_limited_number_and_renews_its_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(appstore_connect, "REFRESHES", 5)
    monkeypatch.setattr(appstore_connect, "RENEWED", 2)
    tokens: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        tokens.append(request.headers["authorization"])
        return httpx.Response(200, json=answer(given(request.url.path.rpartition("/")[2])))

    before = posts(understood(answer([given(f"r{number}") for number in range(9)])))
    connect = {"api": "connect"}
    assert len(posts(ask("refresh", handler, before, options=connect, secrets=SECRETS))) == 5
    assert tokens[0] == tokens[1] != tokens[2] == tokens[3] != tokens[4]


def test_refresh_does_not_take_a_limit_for_a_deletion() -> None:
    before = posts(understood(answer([given("r1")])))
    limit = {"errors": [{"status": "429", "code": "RATE_LIMIT_EXCEEDED", "title": "slow"}]}
    with pytest.raises(RateLimited):
        ask(
            "refresh",
            lambda _: httpx.Response(429, json=limit),
            before,
            options={"api": "connect"},
            secrets=SECRETS,
        )


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("401", SourceRefused),
        ("403", SourceRefused),
        ("404", SourceGone),
        ("429", RateLimited),
        ("500", SourceUnavailable),
        ("409", PayloadError),
    ],
)
def test_the_status_inside_an_error_counts(status: str, error: type[LuisterError]) -> None:
    body = {"errors": [{"status": status, "code": "WHY", "detail": "said so"}]}
    with pytest.raises(error, match=r"WHY.*said so"):
        understood(body)


def test_an_hour_that_is_used_up_is_told() -> None:
    def after(header: str) -> float | None:
        return appstore.pause(Reply(url="", observed_at=NEWEST, headers={"x-rate-limit": header}))

    assert after("user-hour-lim:3500;user-hour-rem:0;") == 600.0
    assert after("user-hour-lim:3500;user-hour-rem:12;") is None
    assert after("") is None
