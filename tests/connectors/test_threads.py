"""Threads: people known by name, lists that end with an empty page, and a search that counts."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import threads
from connectors.paging import understand
from connectors.testing import (
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    posts,
    rejected,
)
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SecretError,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

SINCE = NEWEST - timedelta(days=7)
TOKEN = {"THREADS_ACCESS_TOKEN": "t0ken-of-threads"}
GONE = {"error": {"message": "gone", "type": "THApiException", "code": 100, "error_subcode": 33}}
ME = {"id": "4411", "username": "fietsfabriek"}


def iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def post(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "id": str(number),
        "media_product_type": "THREADS",
        "media_type": "TEXT_POST",
        "permalink": f"https://www.threads.com/@kim/post/D{number}",
        "shortcode": f"D{number}",
        "username": "kim",
        "text": "A bike of @fietsfabriek",
        "timestamp": iso(at),
        "is_quote_post": False,
        "has_replies": False,
        "is_reply": False,
    } | more


def own(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return post(number, at, username="fietsfabriek", **more)


def answer(number: int, to: int, root: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    place = {"replied_to": {"id": str(to)}, "root_post": {"id": str(root)}, "is_reply": True}
    return post(number, at, **place) | more


class TestThreads(ConnectorContract):
    platform = "threads"
    source = Source(name="threads", platform="threads", terms=("bike",))
    secrets = TOKEN
    promised = "timestamp"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return post(number, created_at, hide_status="HIDDEN" if private else "NOT_HUSHED")

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        number = int(request.url.params.get("after", "0"))
        if number >= len(pages):
            return httpx.Response(200, json={"data": []})
        chosen: Any = pages[number]
        found = pages[0] if chosen == "again" else chosen
        after = "0" if chosen == "again" else str(number + 1)
        cursors = {"before": "b", "after": after}
        return httpx.Response(200, json={"data": list(found), "paging": {"cursors": cursors}})


class Api:
    """The API as a table of answers; remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = {"me": ME, **answers}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        name = request.url.path.removeprefix("/v1.0/")
        answer = self.answers.get(name, {"data": []} if "/" in name else GONE)
        return httpx.Response(400 if "error" in answer else 200, json=answer)

    @property
    def paths(self) -> list[str]:
        return [each.url.path.removeprefix("/v1.0/") for each in self.asked]


def ask(verb: str, handler: Handler, *rest: Any, **more: Any) -> list[Read]:
    secrets = more.pop("secrets", TOKEN)
    fields: dict[str, Any] = {"accounts": ("fietsfabriek",), **more}
    source = Source(name="threads", platform="threads", **fields)
    with client_for(threads, source, handler, **secrets) as client:
        return list(getattr(threads, verb)(source, client, *(rest or (SINCE,))))


def understood(body: Any) -> list[Read]:
    url = "https://graph.threads.net/v1.0/x"
    reply = Reply(url=url, body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(threads, [reply]))


def one(element: Element) -> Post:
    (found,) = posts(understood({"data": [element]}))
    return found


# What an item says


def test_a_post_with_a_topic_a_link_and_a_described_picture() -> None:
    found = one(
        post(
            8,
            text="Met @Acme.nl. #fiets https://acme.nl/x",
            topic_tag="Bike life",
            link_attachment_url="https://fietsfabriek.nl/",
            alt_text="A red bike",
        )
    )
    assert (found.post_id, found.aliases, found.root_id) == ("8", ("D8",), "8")
    assert (found.author_id, found.author_handle) == ("kim", "kim")
    assert found.author_url == "https://www.threads.com/@kim"
    assert found.text == "Met @Acme.nl. #fiets https://acme.nl/x\nA red bike"
    assert (found.mentions, found.tags) == (("acme.nl",), ("Bike life", "fiets"))
    assert found.links == ("https://fietsfabriek.nl/", "https://acme.nl/x")
    assert (found.likes_count, found.replies_count, found.reposts_count) == (None, None, None)


def test_what_is_attached_to_a_post_is_said_in_it() -> None:
    more = {"plaintext": "Our year, by @kim", "link_attachment_url": "https://fiets.example/2026"}
    (said,) = posts(understood(post(1, text="News", text_attachment=more)))
    assert said.text == "News\nOur year, by @kim"
    assert (said.mentions, said.links) == (("kim",), ("https://fiets.example/2026",))
    poll = {"option_a": "Red", "option_b": "Blue", "option_a_votes_percentage": 0.5}
    (asked,) = posts(understood(post(2, text="Which?", poll_attachment=poll)))
    assert asked.text == "Which?\nRed\nBlue"
    (none,) = posts(understood(post(3, text="None", text_attachment=None)))
    assert none.text == "None"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({}, "post"),
        ({"is_reply": True}, "reply"),
        ({"replied_to": {"id": "7"}}, "reply"),
        ({"is_quote_post": True}, "quote"),
        ({"quoted_post": {"id": "7"}}, "quote"),
        ({"replied_to": {"id": "7"}, "quoted_post": {"id": "6"}}, "reply"),
        ({"media_type": "REPOST_FACADE"}, "repost"),
        ({"reposted_post": {"id": "7"}}, "repost"),
    ],
)
def test_what_kind_of_post_it_is(more: dict[str, Any], kind: str) -> None:
    assert one(post(8, **more)).kind == kind


def test_what_it_answers_quotes_and_shares() -> None:
    found = one(answer(9, 8, 5, quoted_post={"id": "6"}))
    assert (found.parent_id, found.root_id, found.quoted_id) == ("8", "5", "6")
    shared = one(post(9, media_type="REPOST_FACADE", reposted_post={"id": "7"}))
    assert (shared.reposted_id, shared.parent_id) == ("7", None)
    bare = one(post(9, root_post={"id": "5"}))
    assert (bare.kind, bare.root_id, bare.parent_id) == ("reply", "5", None)
    lonely = one(post(9, is_reply=True))
    assert (lonely.parent_id, lonely.root_id) == (None, None)


def test_another_post_may_be_a_bare_number() -> None:
    found = one(post(9, replied_to="8", root_post=5))
    assert (found.parent_id, found.root_id) == ("8", "5")


def test_an_author_who_is_not_public_has_no_name() -> None:
    found = one(answer(9, 8, 8, username=""))
    assert (found.author_id, found.author_handle, found.author_url) == (None, None, None)
    assert one(post(9, username=None, owner={"id": "5"})).author_id == "5"


@pytest.mark.parametrize(
    ("status", "is_keepable"),
    [
        (None, True),
        ("NOT_HUSHED", True),
        ("UNHUSHED", True),
        ("HIDDEN", False),
        ("COVERED", False),
        ("BLOCKED", False),
        ("RESTRICTED", False),
        ("A_STATUS_OF_TOMORROW", False),
    ],
)
def test_what_is_hidden_may_not_be_kept(status: str | None, is_keepable: bool) -> None:
    assert one(answer(9, 8, 8, hide_status=status)).is_keepable is is_keepable


@pytest.mark.parametrize("status", ["pending", "ignored"])
def test_what_waits_to_be_approved_may_not_be_kept(status: str) -> None:
    waiting = answer(9, 8, 8, hide_status="NOT_HUSHED", reply_approval_status=status)
    assert not one(waiting).is_keepable


def test_profiles_and_statistics_are_no_posts() -> None:
    profile = {"id": "4411", "username": "kim", "threads_biography": "Bikes", "name": "Kim"}
    views = {"name": "views", "period": "day", "values": [{"value": 3}], "id": "4411/insights"}
    assert understood(profile) == []
    assert understood({"data": [profile, views]}) == []


def test_a_post_without_its_name_is_set_apart() -> None:
    broken = post(8)
    del broken["id"]
    (odd,) = rejected(understood({"data": [broken]}))
    assert odd.path == "$.data[0].id"


# What webhooks say


def pushed(field: str, value: dict[str, Any]) -> list[Post]:
    change = {"field": field, "value": value}
    told = {"app_id": "1", "topic": "moderate", "target_id": "2", "time": 1_795_000_000}
    one_by_one = posts(understood({**told, "values": change}))
    assert posts(understood({**told, "values": [change]})) == one_by_one
    return one_by_one


def test_an_answer_tells_whose_post_it_answers() -> None:
    root = {"id": "5", "owner_id": "4411", "username": "fietsfabriek"}
    (found,) = pushed("replies", answer(9, 5, 5, root_post=root))
    assert (found.kind, found.parent_id, found.parent_author_id) == ("reply", "5", "fietsfabriek")
    (deeper,) = pushed("replies", answer(9, 8, 5, root_post=root))
    assert (deeper.parent_id, deeper.parent_author_id) == ("8", None)


def test_mentions_and_own_posts_are_told_too() -> None:
    assert [each.kind for each in pushed("mentions", post(8))] == ["post"]
    assert [each.kind for each in pushed("publish", own(8))] == ["post"]
    assert pushed("something", post(8)) == []


def test_a_deletion_leaves_a_name_and_two_times() -> None:
    value = {
        "id": "8",
        "owner": {"owner_id": "4411"},
        "deleted_at": "2026-11-20T12:30:00+0000",
        "timestamp": iso(NEWEST),
    }
    (gone,) = pushed("delete", value)
    assert (gone.post_id, gone.text, gone.author_id) == ("8", "", None)
    assert gone.created_at == NEWEST
    assert gone.deleted_at == datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


# What is asked


def test_mentions_search_words_and_tags_the_newest_first() -> None:
    api = Api({"keyword_search": {"data": [post(8), post(7, SINCE - timedelta(days=1))]}})
    found = posts(ask("mentions", api, terms=("bike",), tags=("fiets",)))
    assert [each.post_id for each in found] == ["8", "8"]
    first, second = api.asked
    assert (first.url.params["q"], first.url.params["search_mode"]) == ("bike", "KEYWORD")
    assert (second.url.params["q"], second.url.params["search_mode"]) == ("fiets", "TAG")
    assert first.url.params["search_type"] == "RECENT"
    assert first.url.params["since"] == str(int((SINCE - timedelta(hours=1)).timestamp()))
    assert first.headers["authorization"] == "Bearer t0ken-of-threads"
    assert "t0ken" not in str(first.url)


def test_nothing_before_july_2023_is_asked_for() -> None:
    api = Api({"keyword_search": {"data": []}})
    ask("mentions", api, datetime(2020, 1, 1, tzinfo=UTC), terms=("bike",))
    assert api.asked[0].url.params["since"] == "1688540400"


def test_only_a_search_that_found_something_is_counted() -> None:
    search = "https://graph.threads.net/v1.0/keyword_search?q=bike"
    found = Reply(url=search, body=b'{"data": [{"id": "8"}]}', observed_at=NEWEST)
    empty = Reply(url=search, body=b'{"data": []}', observed_at=NEWEST)
    other = "https://graph.threads.net/v1.0/me/threads"
    listed = Reply(url=other, body=found.body, observed_at=NEWEST)
    assert threads.spent(found) == {"searches": 1}
    assert (threads.spent(empty), threads.spent(listed)) == ({}, {})


def test_timeline_holds_posts_and_answers() -> None:
    api = Api({"me/threads": {"data": [own(8)]}, "me/replies": {"data": [own(9, is_reply=True)]}})
    assert [each.kind for each in posts(ask("timeline", api))] == ["post", "reply"]
    assert api.asked[0].url.params["since"] == str(int(SINCE.timestamp()))


def test_an_account_given_by_number_is_asked_for_by_number() -> None:
    api = Api({"4411/threads": {"data": [own(8)]}})
    assert len(posts(ask("timeline", api, accounts=("4411",)))) == 1


def test_the_name_of_an_account_given_by_number_is_looked_up() -> None:
    mentioned = {"data": [post(20), own(21)]}
    api = Api({"4411": ME, "4411/mentions": mentioned})
    assert [each.post_id for each in posts(ask("inbox", api, accounts=("4411",)))] == ["20"]
    named = Api({"me/mentions": mentioned})
    assert [each.post_id for each in posts(ask("inbox", named, accounts=("@Fietsfabriek",)))] == [
        "20"
    ]
    assert "me" not in named.paths


def test_inbox_holds_mentions_and_answers_but_not_the_account_itself() -> None:
    old = SINCE - timedelta(days=20)
    share = own(5, media_type="REPOST_FACADE", has_replies=True)
    api = Api(
        {
            "me/mentions": {"data": [post(20)]},
            "me/threads": {"data": [own(8, has_replies=True), own(7), share]},
            "me/replies": {"data": [own(6, old, is_reply=True, has_replies=True)]},
            "8/conversation": {
                "data": [
                    answer(21, 8, 8),
                    answer(22, 21, 8, username="fietsfabriek"),
                    answer(23, 8, 8, SINCE - timedelta(hours=2)),
                ]
            },
            "6/replies": {"data": [answer(24, 6, 3)]},
        }
    )
    found = posts(ask("inbox", api))
    assert [each.post_id for each in found] == ["20", "21", "24"]
    assert [each.parent_author_id for each in found] == [None, "fietsfabriek", "fietsfabriek"]
    assert {"7/conversation", "5/conversation", "6/conversation"}.isdisjoint(api.paths)
    since = int((SINCE - timedelta(days=30)).timestamp())
    assert api.asked[1].url.params["since"] == str(since)


def test_without_the_permission_to_read_answers_each_post_is_asked_about() -> None:
    silent = own(8)
    del silent["has_replies"]
    api = Api({"me/threads": {"data": [silent]}, "8/conversation": {"data": [answer(21, 8, 8)]}})
    assert [each.post_id for each in posts(ask("inbox", api))] == ["21"]


def test_a_thread_is_an_own_post_with_all_that_answers_it() -> None:
    answers = {"data": [answer(9, 8, 8), answer(10, 9, 8)]}
    api = Api({"8": own(8), "8/conversation": answers})
    start = one(answer(9, 8, 8))
    found = posts(ask("thread", api, start))
    assert [each.post_id for each in found] == ["8", "9", "10"]
    assert [each.parent_author_id for each in found] == [None, "fietsfabriek", "kim"]
    assert api.asked[-1].url.params["reverse"] == "false"


def test_of_the_post_of_another_no_answers_are_given() -> None:
    silent = Api({})
    assert ask("thread", silent, one(post(8))) == []
    assert silent.asked == []
    api = Api({"5": post(5)})
    found = posts(ask("thread", api, one(answer(9, 8, 5))))
    assert [each.post_id for each in found] == ["5"]
    assert "5/conversation" not in api.paths


@pytest.mark.parametrize("refused", [GONE, {"error": {"message": "no", "code": 10}}])
def test_a_first_post_out_of_sight_has_no_thread(refused: Any) -> None:
    assert ask("thread", Api({"5": refused}), one(answer(9, 8, 5))) == []


def test_a_limit_is_no_end_of_a_thread() -> None:
    limit = {"error": {"message": "wait", "code": 4}}
    with pytest.raises(RateLimited):
        ask("thread", Api({"5": limit}), one(answer(9, 8, 5)))


def test_refresh_tells_which_own_posts_are_gone_and_leaves_others_alone() -> None:
    known = [one(own(8)), one(own(7)), one(post(6))]
    api = Api({"8": own(8, text="Newer bikes")})
    now, gone = posts(ask("refresh", api, known))
    assert (now.text, now.deleted_at) == ("Newer bikes", None)
    assert (gone.post_id, gone.text, gone.author_id) == ("7", "", None)
    assert gone.deleted_at is not None
    assert "6" not in api.paths


@pytest.mark.parametrize(("code", "error"), [(4, RateLimited), (10, SourceRefused)])
def test_a_refusal_is_no_deletion(code: int, error: type[LuisterError]) -> None:
    refused = {"error": {"message": "no", "code": code}}
    with pytest.raises(error):
        ask("refresh", Api({"8": refused}), [one(own(8))])


def test_an_account_that_is_not_seen_proves_no_deletion() -> None:
    with pytest.raises(SourceGone):
        ask("refresh", Api({"me": GONE}), [one(own(8))])


def test_a_token_is_needed() -> None:
    with pytest.raises(SecretError, match="THREADS_ACCESS_TOKEN"):
        ask("timeline", Api({}), secrets={})


# What is refused


@pytest.mark.parametrize(
    ("code", "more", "error"),
    [
        (100, {"error_subcode": 33}, SourceGone),
        (100, {}, PayloadError),
        (190, {}, SourceRefused),
        (4, {}, RateLimited),
        (613, {}, RateLimited),
        (2, {}, SourceUnavailable),
    ],
)
def test_the_code_of_an_error_counts(
    code: int, more: dict[str, Any], error: type[LuisterError]
) -> None:
    body = {"error": {"message": "said so", "type": "THApiException", "code": code} | more}
    with pytest.raises(LuisterError) as told:
        ask("timeline", lambda _: httpx.Response(400, json=body))
    assert type(told.value) is error


@pytest.mark.parametrize("body", [{}, {"x": [1]}, {"paging": {}}, {"data": 5}, [5]])
def test_what_is_no_answer_of_the_platform_is_told(body: Any) -> None:
    with pytest.raises(PayloadError):
        understood(body)


def test_several_posts_asked_for_by_their_ids() -> None:
    assert len(posts(understood({"8": post(8), "9": post(9)}))) == 2
