"""Bluesky, spoken by servers that are functions."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import bluesky, bluesky_ask, bluesky_session
from connectors.paging import understand
from connectors.testing import (
    LONG_AGO,
    NEWEST,
    ConnectorContract,
    Element,
    client_for,
    gaps,
    posts,
    rejected,
    until_error,
)
from pipeline.errors import AccountGone, LuisterError, PayloadError, SourceGone, SourceRefused
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

ANNA = "did:plc:anna"
BOB = "did:plc:bob"
APPVIEW = "https://appview.example"
PDS = "https://pds.example"
SOURCE = Source(
    name="sky", platform="bluesky", server=APPVIEW, options={"pds": PDS}, accounts=("anna.test",)
)
SECRETS = {"BSKY_IDENTIFIER": "anna.test", "BSKY_APP_PASSWORD": "pass-word"}


def uri(number: int | str, did: str = ANNA) -> str:
    return f"at://{did}/app.bsky.feed.post/{number}"


def author(did: str = ANNA, handle: str = "Anna.test", **more: Any) -> dict[str, Any]:
    return {"did": did, "handle": handle, "displayName": "Anna", "labels": []} | more


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def record(text: str = "hello", created_at: datetime = NEWEST, **more: Any) -> dict[str, Any]:
    return {
        "$type": "app.bsky.feed.post",
        "text": text,
        "createdAt": stamp(created_at),
        "langs": ["nl"],
    } | more


def view(number: int | str, created_at: datetime = NEWEST, **more: Any) -> Element:
    return {
        "uri": uri(number),
        "cid": f"cid{number}",
        "author": author(),
        "record": record(created_at=created_at),
        "indexedAt": stamp(created_at),
        "likeCount": 1,
        "repostCount": 2,
        "replyCount": 0,
        "quoteCount": 3,
        "labels": [],
    } | more


def answering(number: int | str, parent: int | str, root: int | str, **more: Any) -> Element:
    reply = {"parent": {"uri": uri(parent), "cid": "c"}, "root": {"uri": uri(root), "cid": "c"}}
    return view(number, record=record(reply=reply), **more)


def read_all(body: Any, method: str = "") -> list[Read]:
    reply = Reply(
        url=f"{APPVIEW}/xrpc/{method}", body=json.dumps(body).encode(), observed_at=NEWEST
    )
    return list(understand(bluesky, [reply]))


def read_one(element: Element) -> Post:
    return posts(read_all({"posts": [element]}))[0]


class Network:
    """A server that answers methods, and signs in who asks for it."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []
        self.expires_once = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        method = request.url.path.rpartition(".")[2]
        if method == "createSession":
            return httpx.Response(200, json={"accessJwt": "access-1", "refreshJwt": "refresh-1"})
        if method == "refreshSession":
            assert request.headers["authorization"] == "Bearer refresh-1"
            return httpx.Response(200, json={"accessJwt": "access-2", "refreshJwt": "refresh-2"})
        if self.expires_once and request.headers.get("authorization") == "Bearer access-1":
            return httpx.Response(400, json={"error": "ExpiredToken", "message": "expired"})
        answer = self.answers[method]
        answer = answer(request) if callable(answer) else answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def methods(self) -> list[str]:
        return [request.url.path.rpartition(".")[2] for request in self.asked]


def ask(
    network: Callable[[httpx.Request], httpx.Response],
    verb: str,
    *rest: Any,
    source: Source = SOURCE,
    signed_in: bool = False,
) -> list[Read]:
    with client_for(bluesky, source, network, **(SECRETS if signed_in else {})) as client:
        return list(getattr(bluesky, verb)(source, client, *rest))


class TestContract(ConnectorContract):
    platform = "bluesky"
    source = SOURCE
    verb = "timeline"
    promised = "record.text"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        labels = [{"val": "!no-unauthenticated", "src": ANNA}] if private else []
        return view(number, created_at, author=author(labels=labels))

    def page(self, request: httpx.Request, pages: Sequence[Any]) -> httpx.Response:
        number = int(request.url.params.get("cursor", "0"))
        if pages[number] == "again":
            number = 0
        body: dict[str, Any] = {"feed": [{"post": each} for each in pages[number]]}
        if number + 1 < len(pages):
            body["cursor"] = str(number + 1)
        return httpx.Response(200, json=body)


class TestUnderstanding:
    def test_a_post_is_named_by_its_address(self) -> None:
        post = read_one(view(7))
        assert post.post_id == post.native_id == uri(7)
        assert post.url == "https://bsky.app/profile/did:plc:anna/post/7"
        assert (post.author_id, post.author_handle) == (ANNA, "anna.test")
        assert (post.kind, post.text, post.language) == ("post", "hello", "nl")
        assert (post.likes_count, post.reposts_count) == (1, 2)
        assert (post.replies_count, post.quotes_count) == (0, 3)
        assert post.views_count is None

    def test_a_reply_names_parent_root_and_the_author_it_answers(self) -> None:
        reply = {"parent": {"uri": uri(6, BOB)}, "root": {"uri": uri(5)}}
        post = read_one(view(7, record=record(reply=reply)))
        assert (post.kind, post.parent_id, post.root_id) == ("reply", uri(6, BOB), uri(5))
        assert post.parent_author_id == BOB

    def test_marks_of_before_facets_count_units_of_utf_16(self) -> None:
        def entity(start: int, end: int, kind: str, value: str) -> dict[str, Any]:
            return {"index": {"start": start, "end": end}, "type": kind, "value": value}

        entities = [
            entity(3, 12, "mention", BOB),
            entity(13, 20, "link", "https://acme.nl"),
            entity(0, 2, "mention", "@Cor.test"),
        ]
        text = "🚲 @bob.test acme.nl"
        post = read_one(view(7, record=record(text, entities=entities)))
        assert post.mentions == (BOB, "bob.test", "cor.test")
        assert post.links == ("https://acme.nl",)
        facets = [facet(5, 14, did=ANNA)]
        both = read_one(view(7, record=record(text, entities=entities, facets=facets)))
        assert (both.mentions, both.links) == ((ANNA, "bob.test"), ())

    def test_facets_count_bytes_not_characters(self) -> None:
        text = "né 🎉 @bob.test zie link #Fiets"
        begin = text.encode().index(b"@")
        facets = [
            facet(begin, begin + len("@bob.test"), did=BOB),
            facet(0, 2, uri="https://shop.example/a/very/long/way"),
            facet(0, 2, tag="Fiets"),
        ]
        post = read_one(view(7, record=record(text, facets=facets, tags=["ov", "fiets"])))
        assert post.mentions == (BOB, "bob.test")
        assert post.links == ("https://shop.example/a/very/long/way",)
        assert post.tags == ("fiets", "ov")

    def test_a_mention_over_other_words_gives_the_did_alone(self) -> None:
        post = read_one(view(7, record=record("hey you", facets=[facet(4, 7, did=BOB)])))
        assert post.mentions == (BOB,)

    def test_a_quote_brings_the_quoted_post(self) -> None:
        quoted = {
            "$type": "app.bsky.embed.record#viewRecord",
            "uri": uri(5, BOB),
            "author": author(BOB, "bob.test"),
            "value": record("the original"),
            "indexedAt": stamp(NEWEST),
            "likeCount": 9,
            "labels": [],
        }
        embed = {"record": {"uri": uri(5, BOB), "cid": "c"}}
        outer = view(7, record=record(embed=embed), embed={"record": quoted})
        quote, original = posts(read_all({"posts": [outer]}))
        assert (quote.kind, quote.quoted_id) == ("quote", original.post_id)
        assert (original.author_id, original.text, original.likes_count) == (
            BOB,
            "the original",
            9,
        )
        assert json.loads(original.payload) == quoted

    def test_a_quote_with_a_picture_is_wrapped_once_more(self) -> None:
        embed = {"record": {"record": {"uri": uri(5), "cid": "c"}}, "media": {"images": []}}
        quote = read_one(view(7, record=record(embed=embed)))
        assert (quote.quoted_id, quote.parent_author_id) == (uri(5), ANNA)

    def test_a_shown_list_is_no_quote_and_a_shown_page_is_a_link(self) -> None:
        shown = {"record": {"uri": f"at://{BOB}/app.bsky.graph.list/1", "cid": "c"}}
        assert read_one(view(7, record=record(embed=shown))).kind == "post"
        page = {"external": {"uri": "https://shop.example/", "title": "Shop"}}
        assert read_one(view(7, record=record(embed=page))).links == ("https://shop.example/",)

    def test_a_repost_brings_what_it_reposts(self) -> None:
        reason = {
            "$type": "app.bsky.feed.defs#reasonRepost",
            "by": author(BOB, "bob.test"),
            "indexedAt": stamp(NEWEST),
            "uri": f"at://{BOB}/app.bsky.feed.repost/9",
        }
        feed = {"feed": [{"post": view(7), "reason": reason}]}
        repost, original = posts(read_all(feed, "app.bsky.feed.getAuthorFeed"))
        assert (repost.kind, repost.post_id) == ("repost", reason["uri"])
        assert (repost.reposted_id, repost.author_id) == (uri(7), BOB)
        assert repost.parent_author_id == ANNA
        assert (repost.text, repost.likes_count) == ("", None)
        assert original.author_id == ANNA

    def test_a_repost_without_an_address_of_its_own_still_has_one_name(self) -> None:
        reason = {
            "$type": "app.bsky.feed.defs#reasonRepost",
            "by": author(BOB, "bob.test"),
            "indexedAt": stamp(NEWEST),
        }
        feed = {"feed": [{"post": view(7), "reason": reason}]}
        assert posts(read_all(feed))[0].post_id == f"{BOB}#{uri(7)}"

    def test_what_a_feed_answers_comes_along_unless_it_is_gone(self) -> None:
        gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(1), "notFound": True}
        item = {"post": answering(7, 6, 1), "reply": {"parent": view(6), "root": gone}}
        assert [post.post_id for post in posts(read_all({"feed": [item]}))] == [uri(7), uri(6)]

    @pytest.mark.parametrize(
        ("claimed", "arrived", "expected"),
        [
            ("2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z", "2026-11-20T11:00:00Z"),
            ("2026-11-20T12:00:01Z", "2026-11-20T12:00:00Z", "2026-11-20T12:00:01Z"),
            ("2030-01-01T00:00:00Z", "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
            ("yesterday", "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
            (None, "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
        ],
        ids=["past", "clock skew", "future", "no time", "missing"],
    )
    def test_a_claimed_time_is_believed_unless_it_lies_after_arrival(
        self, claimed: str | None, arrived: str, expected: str
    ) -> None:
        post = read_one(view(7, record=record() | {"createdAt": claimed}, indexedAt=arrived))
        assert post.created_at == datetime.fromisoformat(expected)

    @pytest.mark.parametrize("label", ["!no-unauthenticated", "!hide", "!takedown"])
    def test_labels_withhold_a_post(self, label: str) -> None:
        labels = [{"val": label, "src": ANNA}]
        assert read_one(view(7, labels=labels)).visibility == "withheld"
        assert read_one(view(7, author=author(labels=labels))).visibility == "withheld"
        assert read_one(view(7, labels=[labels[0] | {"neg": True}])).visibility == "public"

    def test_a_bot_says_so_itself_and_others_are_unknown(self) -> None:
        bot = author(labels=[{"val": "bot", "src": ANNA}])
        assert read_one(view(7, author=bot)).author_is_bot is True
        assert read_one(view(7)).author_is_bot is None

    def test_a_thread_gives_every_post_but_the_deleted_and_blocked(self) -> None:
        thread = {
            "post": answering(2, 1, 1),
            "parent": {"post": view(1)},
            "replies": [
                {"post": answering(3, 2, 1), "replies": [{"post": answering(4, 3, 1)}]},
                {"uri": uri(8), "notFound": True},
                {"uri": uri(9), "blocked": True, "author": {"did": BOB}},
            ],
        }
        found = posts(read_all({"thread": thread}, "app.bsky.feed.getPostThread"))
        assert {post.post_id for post in found} == {uri(1), uri(2), uri(3), uri(4)}

    def test_notifications_of_likes_and_follows_are_no_posts(self) -> None:
        notifications = [
            notification(1, "reply", record("dag")),
            notification(2, "like", {"$type": "app.bsky.feed.like", "subject": {"uri": uri(7)}}),
            notification(3, "follow", {"$type": "app.bsky.graph.follow"}),
            notification(
                4, "repost", {"$type": "app.bsky.feed.repost", "subject": {"uri": uri(7)}}
            ),
        ]
        body = {"notifications": notifications}
        first, repost = posts(read_all(body, "app.bsky.notification.listNotifications"))
        assert (first.text, first.likes_count, first.author_id) == ("dag", None, BOB)
        assert (repost.kind, repost.reposted_id) == ("repost", uri(7))

    @pytest.mark.parametrize("method", ["app.bsky.feed.searchPosts", "app.bsky.feed.getPostThread"])
    def test_a_method_without_its_promised_list_is_a_changed_platform(self, method: str) -> None:
        with pytest.raises(PayloadError, match="promised key is missing"):
            read_all({"surprise": []}, method)

    def test_a_broken_post_is_named_by_its_path(self) -> None:
        reads = read_all({"posts": [view(1), view(2, indexedAt="soon")]})
        (odd,) = rejected(reads)
        assert odd.path == "$.posts[1].indexedAt"
        assert len(posts(reads)) == 1


def facet(begin: int, end: int, **feature: str) -> dict[str, Any]:
    return {"index": {"byteStart": begin, "byteEnd": end}, "features": [feature]}


def notification(number: int, reason: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "uri": uri(number, BOB) if reason != "repost" else f"at://{BOB}/app.bsky.feed.repost/4",
        "cid": "c",
        "author": author(BOB, "bob.test"),
        "reason": reason,
        "record": body,
        "isRead": False,
        "indexedAt": stamp(NEWEST),
    }


class TestSession:
    def test_it_signs_in_once_and_reads_through_its_own_server(self) -> None:
        network = Network(listNotifications={"notifications": []}, searchPosts={"posts": []})
        source = Source(
            name="s", platform="bluesky", server=APPVIEW, options={"pds": PDS}, terms=("fiets",)
        )
        with client_for(bluesky, source, network, **SECRETS) as client:
            assert list(bluesky.inbox(source, client, LONG_AGO)) == []
            assert list(bluesky.mentions(source, client, LONG_AGO)) == []
        assert network.methods() == ["createSession", "listNotifications", "searchPosts"]
        assert {request.url.host for request in network.asked} == {"pds.example"}
        assert network.asked[1].headers["authorization"] == "Bearer access-1"

    def test_without_secrets_it_reads_the_public_view_and_signs_in_nowhere(self) -> None:
        network = Network(getAuthorFeed={"feed": []})
        assert ask(network, "timeline", LONG_AGO) == []
        assert {request.url.host for request in network.asked} == {"appview.example"}
        assert "authorization" not in network.asked[0].headers

    def test_nobody_signs_in_at_the_public_view(self) -> None:
        network = Network(listNotifications={"notifications": []})
        source = Source(name="s", platform="bluesky", server=bluesky_session.APPVIEW)
        assert ask(network, "inbox", LONG_AGO, source=source, signed_in=True) == []
        assert {request.url.host for request in network.asked} == {"bsky.social"}

    def test_an_expired_session_is_renewed_and_the_question_asked_again(self) -> None:
        network = Network(listNotifications={"notifications": []})
        network.expires_once = True
        assert ask(network, "inbox", LONG_AGO, signed_in=True) == []
        assert network.methods() == [
            "createSession",
            "listNotifications",
            "refreshSession",
            "listNotifications",
        ]
        assert network.asked[-1].headers["authorization"] == "Bearer access-2"

    def test_when_renewal_is_refused_it_signs_in_anew(self) -> None:
        network = Network(listNotifications={"notifications": []})
        network.expires_once = True
        signed_in = 0

        def refusing(request: httpx.Request) -> httpx.Response:
            nonlocal signed_in
            if request.url.path.endswith("refreshSession"):
                return httpx.Response(400, json={"error": "ExpiredToken", "message": "too old"})
            answer = network(request)
            if request.url.path.endswith("createSession"):
                signed_in += 1
                tokens = {"accessJwt": f"access-{signed_in}", "refreshJwt": "refresh-1"}
                return httpx.Response(200, json=tokens)
            return answer

        assert ask(refusing, "inbox", LONG_AGO, signed_in=True) == []
        assert signed_in == 2

    def test_a_wrong_password_names_what_is_wrong_and_never_the_password(self) -> None:
        def refusing(_: httpx.Request) -> httpx.Response:
            fault = {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
            return httpx.Response(401, json=fault)

        with pytest.raises(SourceRefused, match="app password is not accepted") as error:
            ask(refusing, "inbox", LONG_AGO, signed_in=True)
        assert SECRETS["BSKY_APP_PASSWORD"] not in str(error.value)


class TestMentions:
    SOURCE = Source(
        name="s",
        platform="bluesky",
        server=PDS,
        terms=("Gazelle",),
        tags=("fiets",),
        accounts=("@gazelle.test", "did:plc:other"),
    )

    def test_terms_tags_and_handles_are_searched_newest_first(self) -> None:
        network = Network(searchPosts={"posts": [view(1)]})
        found = posts(ask(network, "mentions", LONG_AGO, source=self.SOURCE, signed_in=True))
        assert len(found) == 1
        searches = [request.url.params for request in network.asked[1:]]
        assert [each["q"] for each in searches] == ["Gazelle", "#fiets", "@gazelle.test"]
        assert {each["sort"] for each in searches} == {"latest"}
        assert searches[0]["since"] == stamp(LONG_AGO)

    def test_a_search_that_stops_for_its_length_goes_on_below_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bluesky_ask, "SEARCH_STOPS_NEAR", 4)
        everything = [
            view(number, NEWEST - timedelta(hours=10 - number)) for number in range(9, -1, -1)
        ]

        def search(request: httpx.Request) -> Any:
            until = request.url.params.get("until", stamp(NEWEST + timedelta(days=1)))
            below = [each for each in everything if each["indexedAt"] < until]
            start = int(request.url.params.get("cursor", "0"))
            body: dict[str, Any] = {"posts": below[start : start + 2]}
            return body if start + 2 >= 4 else body | {"cursor": str(start + 2)}

        source = Source(name="s", platform="bluesky", server=PDS, terms=("Gazelle",))
        found = posts(
            ask(Network(searchPosts=search), "mentions", LONG_AGO, source=source, signed_in=True)
        )
        assert [post.post_id for post in found] == [each["uri"] for each in everything]

    def test_a_502_deep_in_a_search_is_its_end_not_a_failure(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bluesky_ask, "SEARCH_STOPS_NEAR", 2)

        def search(request: httpx.Request) -> Any:
            if "cursor" in request.url.params:
                return httpx.Response(502, json={"error": "UpstreamFailure", "message": ""})
            if "until" in request.url.params:
                return {"posts": [view(1, NEWEST - timedelta(hours=2))]}
            return {"posts": [view(3), view(2, NEWEST - timedelta(hours=1))], "cursor": "2"}

        source = Source(name="s", platform="bluesky", server=PDS, terms=("Gazelle",))
        found = posts(
            ask(Network(searchPosts=search), "mentions", LONG_AGO, source=source, signed_in=True)
        )
        assert [post.post_id for post in found] == [uri(3), uri(2), uri(1)]

    def test_search_and_inbox_are_not_offered_without_secrets(self) -> None:
        assert set(bluesky.ACCESS.needs) == {"mentions", "inbox"}
        assert set(bluesky.ACCESS.needs["mentions"]) == set(SECRETS)


class TestTimeline:
    def test_a_blocked_account_does_not_silence_the_others(self) -> None:
        def feed(request: httpx.Request) -> Any:
            if request.url.params["actor"] == "blocked.test":
                return httpx.Response(400, json={"error": "BlockedActor", "message": "no"})
            return {"feed": [{"post": view(1)}]}

        source = Source(
            name="s", platform="bluesky", server=APPVIEW, accounts=("blocked.test", "@anna.test")
        )
        with client_for(bluesky, source, Network(getAuthorFeed=feed)) as client:
            seen, error = until_error(bluesky.timeline(source, client, LONG_AGO))
        assert len(posts(seen)) == 1
        assert isinstance(error, SourceRefused)
        assert error.what == "blocked.test: the account that reads has blocked this one"
        assert error.todo == "lift the block there, or take it out of luister.toml"

    def test_an_account_that_is_not_there_is_named(self) -> None:
        gone = httpx.Response(400, json={"error": "InvalidRequest", "message": "Profile not found"})
        with client_for(bluesky, SOURCE, Network(getAuthorFeed=lambda _: gone)) as client:
            _, error = until_error(bluesky.timeline(SOURCE, client, LONG_AGO))

        assert isinstance(error, AccountGone)
        assert "anna.test: it is not there: Profile not found" in str(error)

    def test_an_empty_page_with_a_cursor_is_not_the_end(self) -> None:
        def feed(request: httpx.Request) -> Any:
            if "cursor" in request.url.params:
                return {"feed": [{"post": view(1)}]}
            return {"feed": [], "cursor": "next"}

        assert len(posts(ask(Network(getAuthorFeed=feed), "timeline", LONG_AGO))) == 1

    def test_a_fresh_repost_of_an_old_post_keeps_the_walk_going(self) -> None:
        old = NEWEST - timedelta(days=90)
        reason = {
            "$type": "app.bsky.feed.defs#reasonRepost",
            "by": author(),
            "indexedAt": stamp(NEWEST),
            "uri": f"at://{ANNA}/app.bsky.feed.repost/9",
        }

        def feed(request: httpx.Request) -> Any:
            if "cursor" in request.url.params:
                return {"feed": [{"post": view(2)}]}
            return {"feed": [{"post": view(1, old), "reason": reason}], "cursor": "next"}

        since = NEWEST - timedelta(days=7)
        found = posts(ask(Network(getAuthorFeed=feed), "timeline", since))
        assert uri(2) in {post.post_id for post in found}


class TestInbox:
    def test_mentions_replies_and_quotes_are_asked_for(self) -> None:
        network = Network(
            listNotifications={"notifications": [notification(1, "mention", record("dag"))]}
        )
        (post,) = posts(ask(network, "inbox", LONG_AGO, signed_in=True))
        assert post.text == "dag"
        params = network.asked[-1].url.params
        assert params.get_list("reasons") == ["mention", "reply", "quote"]


class TestThread:
    def test_it_is_asked_for_from_its_root(self) -> None:
        network = Network(getPostThread={"thread": {"post": view(1), "replies": []}})
        ask(network, "thread", read_one(answering(3, 2, 1)))
        assert network.asked[0].url.params["uri"] == uri(1)

    def test_when_the_root_was_deleted_it_is_asked_for_from_the_post(self) -> None:
        def answer(request: httpx.Request) -> Any:
            if request.url.params["uri"] == uri(1):
                return httpx.Response(400, json={"error": "NotFound", "message": "Post not found"})
            gone = {"uri": uri(1), "notFound": True}
            return {"thread": {"post": answering(3, 2, 1), "parent": gone, "replies": []}}

        found = posts(ask(Network(getPostThread=answer), "thread", read_one(answering(3, 2, 1))))
        assert [post.post_id for post in found] == [uri(3)]

    def test_what_stands_above_it_is_asked_for_once_from_the_uppermost(self) -> None:
        last, asked = 30, list[int]()

        def answer(request: httpx.Request) -> Any:
            number = int(request.url.params["uri"].rpartition("/")[2])
            asked.append(number)
            if number == 1:
                return httpx.Response(400, json={"error": "NotFound", "message": "Post not found"})
            above: Element = {"uri": uri(1), "notFound": True}
            for each in range(2, number):
                above = {"post": answering(each, each - 1, 1, replyCount=1), "parent": above}
            below: list[Element] = []
            for each in range(last, number, -1):
                below = [{"post": answering(each, each - 1, 1), "replies": below}]
            shown = answering(number, number - 1, 1)
            return {"thread": {"post": shown, "parent": above, "replies": below}}

        known = read_one(answering(last, last - 1, 1))
        reads = ask(Network(getPostThread=answer), "thread", known)
        assert {post.post_id for post in posts(reads)} == set(map(uri, range(2, last + 1)))
        assert (asked, gaps(reads)) == ([1, last, 2], [])

    def test_a_post_that_is_gone_itself_says_so(self) -> None:
        gone = httpx.Response(400, json={"error": "NotFound", "message": "Post not found"})
        with pytest.raises(SourceGone):
            ask(Network(getPostThread=gone), "thread", read_one(view(1)))

    def test_branches_cut_for_depth_are_asked_for_further(self) -> None:
        cut = answering(2, 1, 1, replyCount=1)

        def answer(request: httpx.Request) -> Any:
            if request.url.params["uri"] == uri(1):
                return {"thread": {"post": view(1), "replies": [{"post": cut}]}}
            below = [{"post": answering(3, 2, 1), "replies": []}]
            return {"thread": {"post": cut, "replies": below}}

        found = posts(ask(Network(getPostThread=answer), "thread", read_one(view(1))))
        assert [post.post_id for post in found] == [uri(1), uri(2), uri(3)]

    @pytest.mark.parametrize(("branches", "left"), [(19, 0), (20, 1)])
    def test_more_branches_than_are_asked_for_leave_a_gap(self, branches: int, left: int) -> None:
        cut = [answering(number, 1, 1, replyCount=1) for number in range(2, 2 + branches)]

        def answer(request: httpx.Request) -> Any:
            asked = request.url.params["uri"]
            if asked == uri(1):
                return {"thread": {"post": view(1), "replies": [{"post": each} for each in cut]}}
            number = int(asked.rpartition("/")[2])
            below = {"post": answering(100 + number, number, 1), "replies": []}
            return {"thread": {"post": answering(number, 1, 1), "replies": [below]}}

        reads = ask(Network(getPostThread=answer), "thread", read_one(view(1)))

        assert [gap.reason for gap in gaps(reads)] == [
            "a thread branches further than 20 requests follow"
        ] * left
        assert len(posts(reads)) == 1 + branches + min(branches, 19)


class TestRefresh:
    def test_a_missing_post_comes_as_its_tombstone(self) -> None:
        network = Network(getPosts={"posts": [view(2, likeCount=50)]})
        known = [read_one(view(number)) for number in (1, 2)]
        found = {post.post_id: post for post in posts(ask(network, "refresh", known))}
        assert found[uri(1)].deleted_at is not None
        assert (found[uri(2)].deleted_at, found[uri(2)].likes_count) == (None, 50)

    def test_reposts_cannot_be_asked_for_and_are_not_called_deleted(self) -> None:
        repost = Post(
            platform="bluesky",
            post_id=f"at://{BOB}/app.bsky.feed.repost/9",
            kind="repost",
            observed_at=NEWEST,
        )
        network = Network()
        assert ask(network, "refresh", [repost]) == []
        assert network.asked == []

    def test_25_are_asked_for_at_a_time(self) -> None:
        network = Network(
            getPosts=lambda request: {
                "posts": [
                    view(each.rpartition("/")[2]) for each in request.url.params.get_list("uris")
                ]
            }
        )
        known = [read_one(view(number)) for number in range(30)]
        assert len(posts(ask(network, "refresh", known))) == 30
        assert [len(each.url.params.get_list("uris")) for each in network.asked] == [25, 5]


class TestRefusals:
    def refused(self, status: int, error: str, message: str = "") -> LuisterError | None:
        body = json.dumps({"error": error, "message": message}).encode()
        return bluesky.refusal(Reply(url=PDS, status=status, body=body, observed_at=NEWEST))

    @pytest.mark.parametrize(
        ("status", "error", "message", "expected"),
        [
            (400, "InvalidToken", "Token could not be verified", SourceRefused),
            (400, "ExpiredToken", "Token has expired", SourceRefused),
            (400, "BlockedActor", "Requester has blocked actor", SourceRefused),
            (401, "AuthMissing", "Authentication Required", SourceRefused),
            (400, "NotFound", "Post not found: at://x", SourceGone),
            (400, "InvalidRequest", "Profile not found", SourceGone),
            (501, "MethodNotImplemented", "Method Not Implemented", SourceGone),
        ],
    )
    def test_the_protocols_own_names_decide(
        self, status: int, error: str, message: str, expected: type[LuisterError]
    ) -> None:
        assert isinstance(self.refused(status, error, message), expected)

    def test_what_only_the_status_tells_is_left_to_it(self) -> None:
        assert self.refused(400, "InvalidRequest", "limit too big") is None
        assert self.refused(502, "UpstreamFailure") is None

    def test_a_proxy_that_answers_in_html_is_left_to_its_status(self) -> None:
        reply = Reply(url=PDS, status=403, body=b"<html>forbidden</html>", observed_at=NEWEST)
        assert bluesky.refusal(reply) is None
