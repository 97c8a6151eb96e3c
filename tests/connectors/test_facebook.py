"""Facebook: pages, what is said on them, and one code for what is gone and what is out of sight."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from connectors import facebook, facebook_reply
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
    SecretError,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read, Rejected
from pipeline.source import Reply, Source

PAGE = "4411"
VISITOR = {"id": "77", "name": "Kim"}
SINCE = NEWEST - timedelta(days=7)
TOKEN = {"FB_PAGE_ACCESS_TOKEN": "t0ken-of-the-page"}
GONE = {"error": {"message": "Object does not exist", "code": 100, "error_subcode": 33}}


def iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def post(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "id": f"{PAGE}_{number}",
        "message": "New bikes",
        "created_time": iso(at),
        "from": {"id": PAGE, "name": "Fietsfabriek"},
        "permalink_url": f"https://www.facebook.com/{PAGE}/posts/{number}",
        "is_published": True,
        "privacy": {"value": "EVERYONE"},
        "reactions": {"data": [], "summary": {"total_count": 3}},
        "comments": {"data": [], "summary": {"total_count": 0}},
    } | more


def comment(name: str, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "id": name,
        "message": "Nice",
        "created_time": iso(at),
        "from": VISITOR,
        "like_count": 0,
        "comment_count": 0,
    } | more


def review(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "created_time": iso(at),
        "has_rating": False,
        "has_review": True,
        "recommendation_type": "positive",
        "review_text": "Good service",
        "reviewer": VISITOR,
        "open_graph_story": {"id": str(number)},
    } | more


class TestFacebook(ConnectorContract):
    platform = "facebook"
    source = Source(name="facebook", platform="facebook", accounts=(PAGE,))
    verb = "timeline"
    secrets = TOKEN
    promised = "created_time"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return post(number, created_at, is_published=not private)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        number = int(request.url.params.get("after", "0"))
        chosen: Any = pages[number]
        found = pages[0] if chosen == "again" else chosen
        body: dict[str, Any] = {"data": list(found)}
        if number + 1 < len(pages) or chosen == "again":
            after = "0" if chosen == "again" else str(number + 1)
            body["paging"] = paging(after)
        return httpx.Response(200, json=body)


def paging(after: str | None, *, last: bool = False) -> dict[str, Any]:
    """Cursors stand on the last page too; only ``next``, with the token in it, is missing there."""
    address = f"https://graph.facebook.com/next?access_token=t0ken&after={after}"
    return {"cursors": {"before": "b", "after": after}, **({} if last else {"next": address})}


class Graph:
    """The Graph API as a table of answers; remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.method == "POST":
            return httpx.Response(200, json=[self.part(each) for each in batch_of(request)])
        answer = self.answer(request.url.path.removeprefix("/v25.0/"))
        return httpx.Response(400 if "error" in answer else 200, json=answer)

    def part(self, asked: dict[str, str]) -> dict[str, Any] | None:
        answer = self.answer(asked["relative_url"].partition("?")[0])
        if answer is None:
            return None
        code = 400 if "error" in answer else 200
        return {"code": code, "headers": [], "body": json.dumps(answer)}

    def answer(self, name: str) -> Any:
        return self.answers.get(name, {"data": []} if "/" in name else GONE)

    @property
    def paths(self) -> list[str]:
        return [each.url.path.removeprefix("/v25.0/") for each in self.asked]


def batch_of(request: httpx.Request) -> list[dict[str, str]]:
    form = parse_qs(request.content.decode())
    found: list[dict[str, str]] = json.loads(form["batch"][0])
    return found


def ask(verb: str, handler: Handler, *rest: Any, **options: Any) -> list[Read]:
    secrets = options.pop("secrets", TOKEN)
    accounts = options.pop("accounts", (PAGE,))
    source = Source(name="facebook", platform="facebook", accounts=accounts, options=options)
    with client_for(facebook, source, handler, **secrets) as client:
        return list(getattr(facebook, verb)(source, client, *(rest or (SINCE,))))


def understood(body: Any, path: str = "x") -> list[Read]:
    url = f"https://graph.facebook.com/v25.0/{path}"
    reply = Reply(url=url, body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(facebook, [reply]))


def one(element: Element, path: str = "x") -> Post:
    (found,) = posts(understood({"data": [element]}, path))
    return found


def pushed(value: dict[str, Any], field: str = "feed") -> list[Post]:
    entry = {"id": PAGE, "time": 1_795_000_000, "changes": [{"field": field, "value": value}]}
    return posts(understood({"object": "page", "entry": [entry]}))


# What an item says


def test_a_post_with_counts_tags_and_links() -> None:
    attached = {
        "url": "https://l.facebook.com/l.php?u=https%3A%2F%2Facme.nl%2Fbike&h=x",
        "target": {"url": "https://l.facebook.com/l.php?u=https%3A%2F%2Facme.nl%2Fbike"},
    }
    picture = {"url": "https://www.facebook.com/photo/1"}
    other = {"url": "https://notfacebook.com/"}
    found = one(
        post(
            8,
            message="Try it, Acme! #fiets https://fb.me/x",
            message_tags=[{"id": "55", "name": "Acme", "type": "page"}],
            attachments={"data": [attached, picture, other]},
            shares={"count": 2},
            comments={"data": [], "summary": {"total_count": 4}},
        )
    )
    assert (found.post_id, found.native_id, found.aliases) == ("4411_8", "4411_8", ("8",))
    assert (found.kind, found.root_id, found.parent_id) == ("post", "4411_8", None)
    assert (found.author_id, found.author_name) == (PAGE, "Fietsfabriek")
    assert (found.mentions, found.tags) == (("55",), ("fiets",))
    assert found.links == ("https://acme.nl/bike", "https://notfacebook.com/", "https://fb.me/x")
    assert (found.likes_count, found.replies_count, found.reposts_count) == (3, 4, 2)
    assert (found.views_count, found.edited_at, found.language) == (None, None, None)


def test_a_count_that_was_not_given_is_unknown_and_zero_is_zero() -> None:
    bare = one({"id": "4411_8", "message": "Hi", "created_time": iso(NEWEST)})
    assert (bare.likes_count, bare.replies_count, bare.reposts_count) == (None, None, None)
    assert one(comment("8_9")).likes_count == 0
    assert one(comment("8_9")).replies_count == 0


def test_old_answers_write_numbers_as_text() -> None:
    old = {"id": 8, "message": "Hi", "created_time": 1_795_000_000.0, "likes": "4"}
    assert one(old | {"comments": [], "likes": []}).replies_count is None
    found = one(old | {"comments": {"count": "2"}, "shares": 3})
    assert (found.post_id, found.likes_count, found.replies_count) == ("8", 4, 2)
    assert found.reposts_count == 3
    assert found.created_at == datetime.fromtimestamp(1_795_000_000, UTC)


def test_tags_of_old_answers_are_sorted_by_place() -> None:
    tags = {"0": [{"id": 55, "name": "Acme"}], "9": [{"id": "66", "name": "#bike"}]}
    assert one(post(8, message_tags=tags)).mentions == ("55",)


def test_a_shared_post_is_a_repost_without_words_and_a_quote_with_some() -> None:
    bare = one(
        {"id": "4411_8", "story": "shared a post", "created_time": iso(NEWEST)}
        | {"parent_id": "5_6"}
    )
    assert (bare.kind, bare.reposted_id, bare.text) == ("repost", "5_6", "shared a post")
    said = one(post(8, parent_id="5_6"))
    assert (said.kind, said.quoted_id, said.reposted_id) == ("quote", "5_6", None)


def test_a_comment_an_answer_and_their_post() -> None:
    first = one(comment("8_9"), f"{PAGE}_8/comments")
    assert (first.kind, first.parent_id, first.root_id) == ("comment", "4411_8", "4411_8")
    answer = one(comment("8_10", parent={"id": "8_9"}), f"{PAGE}_8/comments")
    assert (answer.kind, answer.parent_id, answer.root_id) == ("reply", "8_9", "4411_8")
    below = one(comment("8_10"), "8_9/comments")
    assert (below.kind, below.parent_id, below.root_id) == ("reply", "8_9", "8")


def test_comments_may_stand_below_their_post_as_a_bare_list() -> None:
    below = [comment("8_9"), comment("8_10", parent={"id": "8_9"})]
    album = {"id": "8", "name": "Fietsen", "comments": below}
    assert [each.post_id for each in posts(understood(album))] == ["8_9", "8_10"]
    (odd,) = rejected(understood({**album, "comments": [5]}))
    assert odd.path == "$.comments[0]"


def test_a_post_is_read_once_however_many_comments_stand_below_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes: list[int] = []
    really = facebook_reply.decode

    def decoding(raw: bytes, *asked: Any, **more: Any) -> Any:
        sizes.append(len(raw))
        return really(raw, *asked, **more)

    monkeypatch.setattr(facebook_reply, "decode", decoding)
    album = {"id": "8", "comments": [comment(f"8_{number}") for number in range(50)]}

    assert len(posts(understood(album))) == 50
    assert sum(sizes) < 5 * len(json.dumps(album))


def test_a_comment_knows_its_post_by_its_address_or_by_number() -> None:
    address = "https://www.facebook.com/4411/posts/8/?comment_id=9&reply_comment_id=10"
    named = {"message": "Hi", "created_time": iso(NEWEST), "permalink_url": address}
    answer = one(named)
    assert (answer.post_id, answer.kind, answer.parent_id) == ("8_10", "reply", "8_9")
    assert answer.root_id == "4411_8"
    assert one(comment("8_9")).root_id == "8"


def test_what_a_page_published_is_its_own_even_without_saying_so() -> None:
    silent = post(8)
    del silent["from"]
    assert one(silent, f"{PAGE}/published_posts").author_id == PAGE
    assert one(silent, f"{PAGE}/feed").author_id is None


@pytest.mark.parametrize(
    ("edge", "writer", "named"),
    [
        ("feed", VISITOR, (PAGE,)),
        ("feed", {"id": PAGE}, ()),
        ("feed", None, ()),
        ("tagged", None, (PAGE,)),
        ("tagged", VISITOR, (PAGE,)),
        ("published_posts", {"id": PAGE}, ()),
    ],
)
def test_what_others_post_on_a_page_or_tag_it_with_is_said_to_it(
    edge: str, writer: Any, named: tuple[str, ...]
) -> None:
    assert one(post(8, **{"from": writer}), f"{PAGE}/{edge}").mentions == named


def test_a_page_that_the_words_name_is_meant_once() -> None:
    tags = [{"id": PAGE, "name": "Fietsfabriek"}]
    found = one(post(8, message_tags=tags, **{"from": VISITOR}), f"{PAGE}/tagged")
    assert found.mentions == (PAGE,)
    assert one(review(31), f"{PAGE}/ratings").mentions == (PAGE,)
    assert one(review(31)).mentions == ()


@pytest.mark.parametrize(
    ("opinion", "stars", "rating"),
    [
        ("positive", None, 5.0),
        ("NEGATIVE", None, 1.0),
        ("POSITIVE", 3, 3.0),
        (None, None, None),
        ("negative", 0, 1.0),
        (None, 0, None),
    ],
)
def test_a_recommendation_counts_as_stars(
    opinion: str | None, stars: int | None, rating: float | None
) -> None:
    found = one(review(31, recommendation_type=opinion, rating=stars))
    assert (found.kind, found.post_id, found.rating) == ("review", "31", rating)
    assert (found.author_id, found.author_name, found.text) == ("77", "Kim", "Good service")


def test_a_review_is_one_with_and_without_its_story() -> None:
    known = review(31, rating=4)
    unnamed = {name: told for name, told in known.items() if name != "open_graph_story"}
    found = posts(understood({"data": [unnamed, known]}, f"{PAGE}/ratings"))
    assert found[0].post_id.startswith("review:")
    assert (found[0].native_id, found[0].mentions, found[0].aliases) == (None, (PAGE,), ())
    assert (found[1].post_id, found[1].aliases) == ("31", (found[0].post_id,))
    other_page = posts(understood({"data": [unnamed]}, "124/ratings"))
    assert other_page[0].post_id != found[0].post_id


def test_reviews_with_neither_story_nor_writer_are_told_and_not_taken_for_one() -> None:
    by_default = [
        {"created_time": iso(NEWEST), "recommendation_type": "positive", "review_text": "Mooi"},
        {"created_time": iso(NEWEST), "recommendation_type": "negative", "review_text": "Traag"},
    ]
    found = understood({"data": by_default}, f"{PAGE}/ratings")
    assert [each.path for each in found if isinstance(each, Rejected)] == [
        "$.data[0].open_graph_story",
        "$.data[1].open_graph_story",
    ]


@pytest.mark.parametrize(
    ("marked", "visibility"),
    [
        ({"is_hidden": True}, "withheld"),
        ({"is_published": False}, "private"),
        ({"privacy": {"value": "ALL_FRIENDS"}}, "followers"),
        ({"privacy": {"value": ""}}, "public"),
        ({"is_private": True}, "direct"),
        ({"id": "m_5"}, "direct"),
        ({"id": "aWdfZAG1"}, "direct"),
    ],
)
def test_only_what_everybody_may_read_is_public(marked: dict[str, Any], visibility: str) -> None:
    assert one(post(8) | marked).visibility == visibility


def test_people_pages_pictures_and_videos_are_no_posts() -> None:
    person = {"id": "77", "name": "Kim"}
    picture = {"id": "5", "created_time": iso(NEWEST), "link": "https://www.facebook.com/p"}
    video = {"id": "6", "created_time": iso(NEWEST), "description": "Ride", "length": 3.2}
    event = {"id": "7", "name": "Fair", "start_time": iso(NEWEST)}
    album = {"id": "8", "created_time": iso(NEWEST), "from": person, "name": "Bikes"}
    letters = {"id": "t_9", "updated_time": iso(NEWEST), "snippet": "Hello"}
    assert understood({"data": [person, picture, video, event, album, letters]}) == []
    assert understood({"77": person, "5": picture}) == []


@pytest.mark.parametrize(
    ("element", "place"),
    [
        ({"id": "4411_8", "updated_time": iso(NEWEST)}, "created_time"),
        ({"created_time": iso(NEWEST), "updated_time": iso(NEWEST)}, "id"),
    ],
)
def test_a_post_without_its_time_or_name_is_set_apart(element: Element, place: str) -> None:
    (odd,) = rejected(understood({"data": [element]}))
    assert odd.path == f"$.data[0].{place}"


def test_a_picture_without_words_is_a_post_and_mere_counts_are_none() -> None:
    assert one({"id": "4411_8", "created_time": iso(NEWEST)}).text == ""
    assert understood({"id": "4411_8", "reactions": {"summary": {"total_count": 1}}}) == []


def test_a_time_that_is_none_is_set_apart() -> None:
    (odd,) = rejected(understood({"data": [post(8, created_time="last week")]}))
    assert odd.path == "$.data[0].created_time"


# What webhooks say


def test_an_added_post_and_who_wrote_it() -> None:
    value = {
        "item": "status",
        "verb": "add",
        "post_id": "4411_8",
        "from": VISITOR,
        "message": "Hello #acme",
        "created_time": 1_794_999_999,
        "published": 1,
        "post": {"permalink_url": "https://www.facebook.com/4411/posts/8"},
    }
    (found,) = pushed(value)
    assert (found.post_id, found.author_id, found.text) == ("4411_8", "77", "Hello #acme")
    assert found.created_at == datetime.fromtimestamp(1_794_999_999, UTC)
    assert found.mentions == (PAGE,)
    assert (found.url, found.tags) == ("https://www.facebook.com/4411/posts/8", ("acme",))
    assert json.loads(found.payload)["value"] == value


@pytest.mark.parametrize("verb", ["add", "remove"])
def test_a_review_has_the_same_names_from_a_webhook_as_from_the_list(verb: str) -> None:
    value = {
        "item": "rating",
        "verb": verb,
        "reviewer_id": VISITOR["id"],
        "reviewer_name": VISITOR["name"],
        "open_graph_story_id": 31,
        "created_time": 1_794_999_999,
    }
    (told,) = pushed(value, "ratings")
    listed = one(review(31), f"{PAGE}/ratings")
    assert (told.post_id, told.aliases) == (listed.post_id, listed.aliases)
    assert len(told.aliases) == 1


def test_a_webhook_may_tell_of_something_else_that_it_changed_and_no_more() -> None:
    entry = {"id": PAGE, "time": 1_795_000_000, "changes": [{"field": "hours"}, {"field": "feed"}]}
    (odd,) = understood({"object": "page", "entry": [entry]})
    assert isinstance(odd, Rejected)
    assert odd.path.startswith("$.entry[0].changes[1]")


def test_the_time_of_a_webhook_may_be_written_as_text() -> None:
    value = {"item": "post", "verb": "add", "post_id": "4411_8", "created_time": "1795000000"}
    entry = {"id": PAGE, "time": "1795000009", "changes": [{"field": "feed", "value": value}]}
    (found,) = posts(understood({"object": "page", "entry": [entry]}))
    assert found.created_at == datetime.fromtimestamp(1_795_000_000, UTC)


def test_an_answer_to_a_comment_and_its_removal() -> None:
    place = {"item": "comment", "post_id": "4411_8", "comment_id": "8_10", "parent_id": "8_9"}
    (said,) = pushed({**place, "verb": "edited", "message": "Oh", "created_time": 1_794_000_000})
    assert (said.kind, said.parent_id, said.root_id) == ("reply", "8_9", "4411_8")
    assert said.edited_at == datetime.fromtimestamp(1_795_000_000, UTC)
    (gone,) = pushed({**place, "verb": "remove", "from": VISITOR, "created_time": 1_795_000_000})
    assert (gone.post_id, gone.text, gone.author_id) == ("8_10", "", None)
    assert (gone.created_at, gone.deleted_at) == (None, datetime.fromtimestamp(1_795_000_000, UTC))


def test_what_is_hidden_or_not_published_may_not_be_kept() -> None:
    value = {"item": "post", "post_id": "4411_8", "message": "x"}
    (hidden,) = pushed({**value, "verb": "hide"})
    (draft,) = pushed({**value, "verb": "add", "published": 0})
    (shown,) = pushed({**value, "verb": "unhide"})
    assert [each.is_keepable for each in (hidden, draft, shown)] == [False, False, True]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("feed", {"item": "like", "verb": "add", "post_id": "4411_8"}),
        ("feed", {"item": "reaction", "verb": "edit", "comment_id": "8_9", "post_id": "4411_8"}),
        ("feed", {"item": "video", "verb": "mute", "video_id": 5}),
        ("leadgen", {"item": "post", "verb": "add", "post_id": "4411_8"}),
    ],
)
def test_likes_and_other_fields_are_no_posts(field: str, value: dict[str, Any]) -> None:
    assert pushed(value, field) == []


@pytest.mark.parametrize("lost", ["verb", "item", "comment_id"])
def test_a_change_that_does_not_say_of_what_is_set_apart(lost: str) -> None:
    value = {"item": "comment", "verb": "add", "comment_id": "8_9", "post_id": "4411_8"}
    del value[lost]
    change = {"field": "feed", "value": value}
    body = {"object": "page", "entry": [{"id": PAGE, "time": 5, "changes": [change]}]}
    (odd,) = rejected(understood(body))
    assert lost in odd.reason + odd.path


def test_letters_to_the_page_are_nobody_elses_business() -> None:
    assert understood({"object": "page", "entry": [{"id": PAGE, "messaging": [{}]}]}) == []
    with pytest.raises(PayloadError, match="neither changes nor letters"):
        understood({"object": "page", "entry": [{"id": PAGE, "time": 5}]})


# What is asked


def test_timeline_asks_since_with_the_token_in_a_header_only() -> None:
    graph = Graph(
        {f"{PAGE}/published_posts": {"data": [post(8)], "paging": paging("a", last=True)}}
    )
    (found,) = posts(ask("timeline", graph))
    assert found.author_id == PAGE
    (request,) = graph.asked
    assert request.headers["authorization"] == "Bearer t0ken-of-the-page"
    assert "t0ken" not in str(request.url)
    assert request.url.params["since"] == str(int(SINCE.timestamp()))
    assert "from{id,name}" in request.url.params["fields"]


def test_the_proof_of_the_secret_goes_with_the_question() -> None:
    graph = Graph({})
    ask("timeline", graph, secrets={**TOKEN, "FB_APP_SECRET": "s3cret"})
    (request,) = graph.asked
    assert len(request.url.params["appsecret_proof"]) == 64
    assert "s3cret" not in str(request.url)


def test_a_list_that_pages_by_time_goes_on_without_the_token() -> None:
    address = "https://graph.facebook.com/x?access_token=t0ken&until=1700&__paging_token=p&since=5"

    def handler(request: httpx.Request) -> httpx.Response:
        if "until" in request.url.params:
            assert request.url.params["until"] == "1700"
            assert request.url.params["__paging_token"] == "p"
            assert "access_token" not in request.url.params
            return httpx.Response(200, json={"data": [post(7)]})
        return httpx.Response(200, json={"data": [post(8)], "paging": {"next": address}})

    assert [each.post_id for each in posts(ask("timeline", handler))] == ["4411_8", "4411_7"]


def test_a_next_page_without_a_cursor_is_told() -> None:
    paging = {"next": "https://graph.facebook.com/page2?access_token=t0ken"}
    graph = Graph({f"{PAGE}/published_posts": {"data": [post(8)], "paging": paging}})
    with pytest.raises(PayloadError, match="without a cursor") as told:
        ask("timeline", graph)
    assert "t0ken" not in str(told.value)


@pytest.mark.fault(11)
def test_pages_with_new_cursors_but_nothing_new_are_a_loop() -> None:
    cursors = iter(range(100))

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": [post(8)], "paging": paging(str(next(cursors)))})

    with client_for(facebook, TestFacebook.source, handler, **TOKEN) as client:
        _, error = until_error(facebook.timeline(TestFacebook.source, client, SINCE))
    assert "does not advance" in str(error)


def test_a_year_of_six_hundred_posts_is_not_whole() -> None:
    many = [post(1_000 - index, NEWEST - timedelta(hours=index)) for index in range(600)]
    graph = Graph({f"{PAGE}/published_posts": {"data": many}})
    (gap,) = gaps(ask("timeline", graph, NEWEST - timedelta(days=300)))
    assert gap.gap_from == NEWEST - timedelta(days=300)
    assert gap.gap_to == NEWEST - timedelta(hours=599)


def test_inbox_holds_visitors_tags_comments_and_reviews_but_not_the_page_itself() -> None:
    old = SINCE - timedelta(days=20)
    talked_about = post(6, old, comments={"summary": {"total_count": 2}})
    graph = Graph(
        {
            f"{PAGE}/published_posts": {"data": [post(8), talked_about]},
            f"{PAGE}/feed": {"data": [post(8), post(9, **{"from": VISITOR})]},
            f"{PAGE}/tagged": {"data": [post(3, id="99_3", **{"from": {"id": "99"}})]},
            f"{PAGE}_6/comments": {
                "data": [
                    comment("6_12"),
                    comment("6_11", **{"from": {"id": PAGE}}),
                    comment("6_10", SINCE - timedelta(days=1)),
                ]
            },
            f"{PAGE}/ratings": {"data": [review(31)]},
        }
    )
    found = posts(ask("inbox", graph))
    assert [each.post_id for each in found] == ["4411_9", "99_3", "6_12", "31"]
    assert [each.parent_author_id for each in found] == [None, None, PAGE, None]
    assert f"{PAGE}_8/comments" not in graph.paths, "nobody commented on it"
    since = int((SINCE - timedelta(days=30)).timestamp())
    assert graph.asked[0].url.params["since"] == str(since)


def test_comments_oldest_first_are_read_to_their_end() -> None:
    first = {
        "data": [
            comment("8_1", SINCE - timedelta(days=2)),
            comment("8_2", SINCE - timedelta(days=1)),
        ]
    }
    last = {"data": [comment("8_3")]}

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("published_posts"):
            talked_about = post(8, comments={"summary": {"total_count": 3}})
            return httpx.Response(200, json={"data": [talked_about]})
        if not request.url.path.endswith("comments"):
            return httpx.Response(200, json={"data": []})
        is_last = request.url.params.get("after") == "a"
        return httpx.Response(200, json=last if is_last else {**first, "paging": paging("a")})

    assert [each.post_id for each in posts(ask("inbox", handler))] == ["8_3"]


def test_a_thread_is_the_post_and_all_its_comments() -> None:
    graph = Graph(
        {
            f"{PAGE}_8": post(8),
            f"{PAGE}_8/comments": {"data": [comment("8_10", parent={"id": "8_9"}), comment("8_9")]},
        }
    )
    start = one(comment("8_9"), f"{PAGE}_8/comments")
    found = posts(ask("thread", graph, start))
    assert [each.post_id for each in found] == ["4411_8", "8_10", "8_9"]
    assert [each.parent_author_id for each in found] == [None, None, PAGE]
    assert graph.asked[1].url.params["filter"] == "stream"


def test_a_thread_on_another_page_is_not_asked_for() -> None:
    graph = Graph({})
    assert ask("thread", graph, one(post(3, id="99_3"))) == []
    assert ask("thread", graph, one(review(31))) == []
    assert graph.asked == []


def test_refresh_asks_in_one_batch_and_tells_what_is_gone() -> None:
    known = [one(post(8)), one(comment("8_9"), f"{PAGE}_8/comments"), one(post(7))]
    changed = post(8, message="Newer bikes")
    graph = Graph({PAGE: {"id": PAGE}, f"{PAGE}_8": changed, "8_9": comment("8_9")})
    now, same, gone = posts(ask("refresh", graph, known))
    assert (now.text, now.deleted_at) == ("Newer bikes", None)
    assert (same.post_id, same.kind, same.root_id) == ("8_9", "comment", "4411_8")
    assert (gone.post_id, gone.text, gone.author_id) == ("4411_7", "", None)
    assert gone.deleted_at is not None
    (request,) = graph.asked
    names = [each["relative_url"].partition("?")[0] for each in batch_of(request)]
    assert names == [PAGE, f"{PAGE}_8", "8_9", f"{PAGE}_7"]


def test_refresh_asks_no_more_than_fifty_at_once() -> None:
    known = [one(post(number)) for number in range(100, 160)]
    answers: dict[str, Any] = {each.post_id: post(int(each.aliases[0])) for each in known}
    graph = Graph({PAGE: {"id": PAGE}, **answers})
    assert len(posts(ask("refresh", graph, known))) == 60
    assert [len(batch_of(each)) for each in graph.asked] == [50, 12]


def test_refresh_leaves_alone_what_stands_on_other_pages() -> None:
    elsewhere = one(post(3, id="99_3"))
    graph = Graph({PAGE: {"id": PAGE}})
    assert ask("refresh", graph, [elsewhere, one(review(31))]) == []
    assert graph.asked == []


def test_a_token_that_does_not_see_its_own_page_proves_no_deletion() -> None:
    with pytest.raises(SourceGone):
        ask("refresh", Graph({}), [one(post(8))])


@pytest.mark.parametrize(
    ("code", "error", "names"),
    [(4, RateLimited, []), (10, SourceRefused, ["4411_8"]), (190, SourceRefused, ["4411_8"])],
)
def test_a_refusal_for_one_is_no_deletion(
    code: int, error: type[LuisterError], names: list[str]
) -> None:
    refused = {"error": {"message": "no", "code": code}}
    graph = Graph({PAGE: {"id": PAGE}, f"{PAGE}_7": refused, f"{PAGE}_8": post(8)})
    source = TestFacebook.source
    with client_for(facebook, source, graph, **TOKEN) as client:
        seen, told = until_error(facebook.refresh(source, client, [one(post(7)), one(post(8))]))
    assert [each.post_id for each in posts(seen)] == names
    assert isinstance(told, error)


def test_a_batch_that_was_cut_short_is_no_deletion() -> None:
    graph = Graph({PAGE: {"id": PAGE}, f"{PAGE}_8": None})
    with pytest.raises(SourceUnavailable, match="to its end"):
        ask("refresh", graph, [one(post(8))])


def test_fields_can_be_left_out_and_pages_made_smaller() -> None:
    graph = Graph({})
    ask("timeline", graph, without=["shares", "from", "reactions"], page=10)
    asked = graph.asked[0].url.params
    assert asked["limit"] == "10"
    assert not {"shares", "from{id", "reactions"} & set(asked["fields"].split(","))
    assert "message" in asked["fields"]


def test_a_list_that_may_not_be_read_can_be_left_out() -> None:
    graph = Graph({})
    ask("inbox", graph, without=["ratings", "tagged"])
    assert graph.paths == [f"{PAGE}/published_posts", f"{PAGE}/feed"]


def test_a_page_is_named_by_its_number_and_needs_a_token() -> None:
    with pytest.raises(ConfigError, match="by its number"):
        ask("timeline", Graph({}), accounts=("fietsfabriek",))
    with pytest.raises(SecretError, match="FB_PAGE_ACCESS_TOKEN"):
        ask("timeline", Graph({}), secrets={})


# What is refused, and how long to wait


def refused(code: int, status: int = 400, **more: Any) -> Callable[[httpx.Request], httpx.Response]:
    error = {"message": "said so", "type": "OAuthException", "code": code} | more
    return lambda _: httpx.Response(status, json={"error": error})


@pytest.mark.parametrize(
    ("code", "more", "error"),
    [
        (1, {}, SourceUnavailable),
        (2, {"is_transient": True}, SourceUnavailable),
        (4, {}, RateLimited),
        (17, {}, RateLimited),
        (32, {}, RateLimited),
        (613, {}, RateLimited),
        (80001, {}, RateLimited),
        (10, {}, SourceRefused),
        (200, {}, SourceRefused),
        (299, {}, SourceRefused),
        (368, {}, SourceRefused),
        (190, {"error_subcode": 463}, SourceRefused),
        (100, {"error_subcode": 33}, SourceGone),
        (100, {"message": "This endpoint requires the 'pages_read' permission"}, SourceRefused),
        (100, {"message": "Tried accessing nonexisting field (likez)"}, PayloadError),
        (2500, {"type": "IGApiException"}, PayloadError),
        (2500, {"message": "An active access token must be used"}, SourceRefused),
        (2500, {"message": "Unknown path components: /nothing"}, PayloadError),
        (0, {"message": "(#341) Feed action request limit reached"}, RateLimited),
        (0, {"message": "(#100) The parameter url is required"}, PayloadError),
        (0, {"message": "Error validating access token"}, SourceRefused),
    ],
)
def test_the_code_of_an_error_counts(
    code: int, more: dict[str, Any], error: type[LuisterError]
) -> None:
    with pytest.raises(LuisterError) as told:
        ask("timeline", refused(code, **more))
    assert type(told.value) is error


def test_too_much_at_once_tells_what_to_do() -> None:
    message = "Please reduce the amount of data you're asking for, then retry your request"
    with pytest.raises(SourceUnavailable) as told:
        ask("timeline", refused(1, status=500, message=message))
    assert "options.page" in told.value.todo


def test_a_limit_waits_as_long_as_the_header_says_or_an_hour() -> None:
    with pytest.raises(RateLimited) as told:
        ask("timeline", refused(32))
    assert told.value.seconds == 3600
    usage = {"4411": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 7}]}
    body = json.dumps({"error": {"message": "limit", "code": 80001}}).encode()
    headers = {"x-business-use-case-usage": json.dumps(usage)}
    reply = Reply(url="https://a.example/", body=body, headers=headers, observed_at=NEWEST)
    error = facebook.refusal(reply)
    assert isinstance(error, RateLimited)
    assert error.seconds == 420


@pytest.mark.parametrize(
    ("name", "usage", "seconds"),
    [
        ("x-app-usage", {"call_count": 10, "total_time": 20, "total_cputime": 5}, None),
        ("x-app-usage", {"call_count": 80, "total_time": 20, "total_cputime": 5}, 30.0),
        ("x-app-usage", {"call_count": 10, "total_time": 96, "total_cputime": 5}, 3600.0),
        ("x-business-use-case-usage", {"4411": [{"call_count": 40}]}, None),
        ("x-business-use-case-usage", {"4411": [{"total_cputime": 75}]}, 30.0),
        ("x-business-use-case-usage", {"1": [{"estimated_time_to_regain_access": 9}]}, 540.0),
        ("x-app-usage", ["odd"], None),
    ],
)
def test_a_quota_that_runs_out_asks_for_a_pause(
    name: str, usage: Any, seconds: float | None
) -> None:
    headers = {name: json.dumps(usage)}
    reply = Reply(url="https://a.example/", headers=headers, body=b"{}", observed_at=NEWEST)
    assert facebook.pause(reply) == seconds


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"error_type": "OAuthException", "code": 190, "error_message": "no"}, SourceRefused),
        ({"error_code": 4, "error_msg": "too many"}, RateLimited),
        ({"error": {"message": "no token", "type": "OAuthException"}}, SourceRefused),
        ({"error": "what?"}, PayloadError),
        ({"error": {"message": "x", "code": "17"}}, RateLimited),
    ],
)
def test_older_shapes_of_errors(body: Any, error: type[LuisterError]) -> None:
    with pytest.raises(error):
        understood(body)


def test_words_about_errors_are_no_error() -> None:
    (found,) = posts(understood({"data": [post(8, message='{"error": 5}')]}))
    assert found.text == '{"error": 5}'


def test_a_batch_gives_what_it_has_and_skips_what_is_gone() -> None:
    parts = [
        {"code": 200, "headers": [], "body": json.dumps(post(8))},
        {"code": 400, "headers": [], "body": json.dumps(GONE)},
        None,
        {"code": 200, "body": json.dumps({"data": [post(7)]})},
    ]
    assert [each.post_id for each in posts(understood(parts))] == ["4411_8", "4411_7"]
    limit = {"code": 400, "body": json.dumps({"error": {"message": "wait", "code": 4}})}
    with pytest.raises(RateLimited):
        understood([parts[0], limit])


def test_what_was_asked_for_together_is_read_together() -> None:
    page = {"id": PAGE, "name": "Fietsfabriek", "posts": {"data": [post(8)]}}
    page["posts"]["data"][0]["comments"] = {  # type: ignore[index]
        "data": [comment("8_9", comments={"data": [comment("8_10")]})]
    }
    found = posts(understood(page))
    assert [each.post_id for each in found] == ["4411_8", "8_9", "8_10"]
    assert [each.parent_id for each in found] == [None, "4411_8", "8_9"]


@pytest.mark.parametrize("body", [{}, {"x": [1]}, {"paging": {}}, {"data": 5}, [5]])
def test_what_is_no_answer_of_the_platform_is_told(body: Any) -> None:
    with pytest.raises(PayloadError):
        understood(body)


def test_what_one_part_of_a_batch_refuses_is_told_after_the_others() -> None:
    refused = {"error": {"message": "no such field", "code": 100}}
    parts = [{"code": 400, "body": json.dumps(refused)}, {"code": 200, "body": json.dumps(post(1))}]
    reply = Reply(url="", body=json.dumps(parts).encode(), observed_at=NEWEST)
    seen, error = until_error(understand(facebook, [reply]))
    assert [each.post_id for each in posts(seen)] == [f"{PAGE}_1"]
    assert isinstance(error, PayloadError)


def test_a_batch_of_which_nothing_was_answered_is_no_quiet_night() -> None:
    with pytest.raises(SourceUnavailable, match="nothing of a batch was answered"):
        understood([None, None])


def test_a_part_of_a_batch_that_failed_without_a_word_is_told_after_the_others() -> None:
    parts = [{"code": 500, "body": None}, {"code": 200, "body": json.dumps(post(8))}]
    url = "https://graph.facebook.com/v25.0/x"
    reply = Reply(url=url, body=json.dumps(parts).encode(), observed_at=NEWEST)
    seen, error = until_error(understand(facebook, [reply]))
    assert (len(seen), type(error)) == (1, SourceUnavailable)
