"""Lemmy: two versions of an API, numbers of one server, and posts that arrive late."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from connectors import lemmy
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
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SecretError,
    SourceGone,
    SourceRefused,
)
from pipeline.post import Read, Rejected
from pipeline.source import Reply, Source

SERVER = "https://lemmy.example"
SINCE = NEWEST - timedelta(days=7)


def person(name: str = "kim", **more: Any) -> dict[str, Any]:
    return {
        "id": 3,
        "name": name,
        "display_name": name.title(),
        "actor_id": f"https://far.example/u/{name}",
        "bot_account": False,
        "published": "2024-01-02T00:00:00Z",
    } | more


def post_view(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    post = {
        "id": number,
        "name": "A bike",
        "body": "ask @acme@lemmy.example",
        "url": "https://acme.nl/bike",
        "ap_id": f"https://far.example/post/{number}",
        "published": at.isoformat().replace("+00:00", "Z"),
        "deleted": False,
        "removed": False,
    }
    return {
        "post": post | more,
        "creator": person(),
        "community": {"name": "bikes", "visibility": "Public"},
        "counts": {"score": 2, "upvotes": 3, "downvotes": 1, "comments": 0},
    }


def comment_view(number: int, path: str, **more: Any) -> Element:
    comment = {
        "id": number,
        "post_id": 1,
        "content": "same",
        "ap_id": f"https://far.example/comment/{number}",
        "path": path,
        "published": "2026-11-20T12:00:00",
    }
    view = post_view(1)
    return view | {"comment": comment | more, "counts": {"upvotes": 1, "child_count": 4}}


class TestLemmy(ConnectorContract):
    platform = "lemmy"
    source = Source(name="lemmy", platform="lemmy", server=SERVER, terms=("Acme",))
    promised = "creator"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        view = post_view(number, created_at)
        return view | {"community": {"visibility": "Private"}} if private else view

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        number = int(request.url.params["page"])
        if number > len(pages):
            return httpx.Response(200, json={"posts": [], "comments": []})
        chosen: Any = pages[number - 1]
        found = pages[0] if chosen == "again" else chosen
        return httpx.Response(200, json={"posts": list(found), "comments": []})


class Server:
    """A server as a table of first pages; remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path.removeprefix("/api/v3/")
        name = f"{path}?{request.url.params.get('id')}" if "id" in request.url.params else path
        if request.url.params.get("page", "1") != "1":
            return httpx.Response(200, json={"posts": [], "comments": []})
        if name not in self.answers:
            return httpx.Response(400, json={"error": "couldnt_find_post"})
        return httpx.Response(200, json=self.answers[name])


def ask(
    verb: str, handler: Handler, *rest: Any, token: str | None = None, **source: Any
) -> list[Read]:
    asked = Source(name="lemmy", platform="lemmy", **({"server": SERVER} | source))
    secrets = {} if token is None else {"LEMMY_JWT": token}
    with client_for(lemmy, asked, handler, **secrets) as client:
        return list(getattr(lemmy, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any) -> list[Read]:
    reply = Reply(url=f"{SERVER}/api/v3/x", body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(lemmy, [reply]))


# What an item says


def test_the_address_of_whoever_is_named_is_no_link_that_is_shared() -> None:
    body = (
        "[@kim@far.example](https://far.example/u/kim) of [!bikes@far.example]"
        "(https://far.example/c/bikes) has [a bike](https://acme.nl/red)"
    )
    (post,) = posts(understood({"posts": [post_view(5, body=body, url=None)]}))
    assert (post.mentions, post.links) == (("kim@far.example",), ("https://acme.nl/red",))


def test_a_post_a_comment_and_an_answer_to_it() -> None:
    body = {"posts": [post_view(1)], "comments": [comment_view(5, "0.5"), comment_view(6, "0.5.6")]}
    post, comment, reply = posts(understood(body))
    assert (post.post_id, post.native_id) == ("https://far.example/post/1", "post/1")
    assert (post.title, post.text) == ("A bike", "ask @acme@lemmy.example")
    assert (post.author_id, post.author_name) == ("kim@far.example", "Kim")
    assert (post.mentions, post.links) == (("acme@lemmy.example",), ("https://acme.nl/bike",))
    assert (post.likes_count, post.replies_count, post.edited_at) == (3, 0, None)
    assert (comment.kind, comment.parent_id) == ("comment", post.post_id)
    assert (comment.title, comment.links, comment.replies_count) == (None, (), 4)
    assert comment.created_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert (reply.kind, reply.parent_id) == ("reply", comment.aliases[0])
    assert {each.root_id for each in (post, comment, reply)} == {post.post_id}


def test_the_shape_of_v4() -> None:
    now: dict[str, Any] = {"published": None, "published_at": "2026-11-20T12:00:00Z"}
    view = post_view(1, upvotes=7, comments=2, updated_at="2026-11-21T12:00:00Z", **now)
    del view["counts"]
    view["creator"] = person(actor_id=None, ap_id="https://far.example/u/kim", post_count=4)
    view["community"] = {"visibility": "unlisted"}
    notified = {"notification": {"kind": "mention"}, "data": {"type_": "post", **view}}
    message = {"notification": {}, "data": {"type_": "private_message", "private_message": {}}}
    (post,) = posts(understood({"items": [notified, message]}))
    assert (post.likes_count, post.replies_count, post.author_posts_count) == (7, 2, 4)
    assert post.author_id == "kim@far.example"
    assert post.visibility == "unlisted"
    assert post.edited_at == datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize("mark", ["deleted", "removed"])
def test_what_was_deleted_or_removed_has_no_words(mark: str) -> None:
    (post,) = posts(understood({"post_view": post_view(1, NEWEST, **{mark: True})}))
    assert post.deleted_at == NEWEST
    assert (post.title, post.text, post.links) == (None, "", ())


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("ask @acme.nl@social.example.", ("acme.nl@social.example",)),
        ("[@acme-help@far.example](https://far.example/u/acme-help)", ("acme-help@far.example",)),
        ("mail kim@acme.nl or see https://far.example/@acme@lemmy.example", ()),
        ("@kim and @lee@far.example", ("lee@far.example",)),
        ("> @pat@far.example\n\n@lee@far.example", ("lee@far.example",)),
    ],
)
def test_people_of_other_programs_are_named_too(body: str, named: tuple[str, ...]) -> None:
    (post,) = posts(understood({"posts": [post_view(5, body=body, url=None)]}))
    assert post.mentions == named
    assert not named or post.links == ()


# What is asked


def test_timeline_holds_posts_and_comments_of_an_account() -> None:
    answer = {"posts": [post_view(1)], "comments": [comment_view(5, "0.5")], "person_view": {}}
    server = Server({"user": answer})
    assert len(posts(ask("timeline", server, accounts=("kim@far.example",)))) == 2
    assert server.asked[0].url.params["username"] == "kim@far.example"
    assert "authorization" not in server.asked[0].headers


def test_inbox_holds_answers_and_mentions_and_needs_a_token() -> None:
    server = Server(
        {
            "user/replies": {"replies": [comment_view(5, "0.5")]},
            "user/mention": {"mentions": [comment_view(5, "0.5"), comment_view(6, "0.6")]},
        }
    )
    found = posts(ask("inbox", server, token="t0ken"))
    assert [post.native_id for post in found] == ["comment/5", "comment/6"]
    assert server.asked[0].headers["authorization"] == "Bearer t0ken"
    with pytest.raises(SecretError, match="LEMMY_JWT"):
        ask("inbox", server)


def test_a_thread_is_found_from_a_comment() -> None:
    server = Server(
        {
            "comment?5": {"comment_view": comment_view(5, "0.5")},
            "post?1": {"post_view": post_view(1)},
            "comment/list": {"comments": [comment_view(5, "0.5"), comment_view(6, "0.5.6")]},
        }
    )
    (known,) = posts(understood({"comments": [comment_view(5, "0.5")]}))
    found = posts(ask("thread", server, known))
    assert [post.native_id for post in found] == ["post/1", "comment/5", "comment/6"]


def test_refresh_tells_what_is_gone() -> None:
    known = posts(understood({"posts": [post_view(1)], "comments": [comment_view(5, "0.5")]}))
    server = Server({"post?1": {"post_view": post_view(1, name="New")}})
    changed, gone = posts(ask("refresh", server, known))
    assert (changed.title, changed.deleted_at) == ("New", None)
    assert (gone.post_id, gone.text, gone.author_id) == (known[1].post_id, "", None)
    assert gone.deleted_at is not None


def test_a_server_is_asked_by_its_own_numbers_only() -> None:
    """The number of another server is another post here, which says nothing of this one."""
    (here,) = posts(understood({"posts": [post_view(1)]}))
    both = msgspec.structs.replace(
        here, native_id="post/77", aliases=("lemmy.example/post/1", "other.example/post/77")
    )
    elsewhere = msgspec.structs.replace(both, aliases=("other.example/post/77",))
    server = Server({"post?1": {"post_view": post_view(1)}, "comment/list": {"comments": []}})
    (found,) = posts(ask("refresh", server, [elsewhere, both]))
    assert (found.post_id, found.deleted_at) == (here.post_id, None)
    assert [each.native_id for each in posts(ask("thread", server, both))] == ["post/1"]
    assert ask("thread", server, elsewhere) == []
    assert {each.url.params.get("id") for each in server.asked} == {"1", None}


@pytest.mark.parametrize("server", ["https://lemmy.example:443", "https://Lemmy.Example/"])
def test_a_server_is_the_same_however_its_address_is_written(server: str) -> None:
    (known,) = posts(understood({"posts": [post_view(1)]}))
    place = server.partition("://")[2].strip("/")
    late = msgspec.structs.replace(known, aliases=(f"{place}/post/1",))
    for here, post in ((server, known), (SERVER, late)):
        table = Server({"post?1": {"post_view": post_view(1, name="New")}})
        (found,) = posts(ask("refresh", table, [post], server=here))
        assert found.title == "New"


def test_refresh_does_not_take_a_limit_for_a_deletion() -> None:
    known = posts(understood({"posts": [post_view(1)]}))
    limit = {"error": "rate_limit_error"}
    with pytest.raises(RateLimited):
        ask("refresh", lambda _: httpx.Response(400, json=limit), known)


# What is refused


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("rate_limit_error", RateLimited),
        ("couldnt_find_person", SourceGone),
        ("not_logged_in", SourceRefused),
        ("invalid_query", PayloadError),
    ],
)
def test_the_word_of_an_error_counts(word: str, error: type[LuisterError]) -> None:
    with pytest.raises(error, match=word):
        ask("mentions", lambda _: httpx.Response(400, json={"error": word}), terms=("Acme",))


def test_a_source_without_a_server_is_told() -> None:
    source = Source(name="lemmy", platform="lemmy", terms=("Acme",))
    with client_for(lemmy, source, None) as client, pytest.raises(ConfigError, match="server"):
        list(lemmy.mentions(source, client, SINCE))


def kinds(body: Any) -> list[str]:
    reply = Reply(url="", body=json.dumps(body).encode(), observed_at=NEWEST)
    return [each.kind for each in posts(list(understand(lemmy, [reply])))]


def test_version_four_searches_and_notifies_in_lists_of_many_kinds() -> None:
    found = [
        {"type_": "Post", **post_view(1)},
        {"type_": "Comment", **comment_view(2, "0.2")},
        {"type_": "Person", "person": person()},
    ]
    told = {"notification": {"kind": "Mention"}, "data": {"type_": "Comment", **found[1]}}
    letter = {"notification": {"kind": "PrivateMessage"}, "data": {"private_message": {"id": 1}}}
    assert kinds({"results": found}) == kinds({"search": found}) == ["post", "comment"]
    assert kinds({"notifications": [told, letter]}) == ["comment"]


def test_one_thing_may_stand_alone_or_under_its_name() -> None:
    assert kinds({"post": post_view(1)}) == kinds(post_view(1)) == ["post"]


@pytest.mark.parametrize(
    "body",
    [
        {"replies": 0, "mentions": 2, "private_messages": 0},
        {"community_view": {"community": {}}, "moderators": []},
        {"jwt": "secret", "verify_email_sent": False},
        {"success": True},
    ],
)
def test_answers_about_other_things_hold_no_posts(body: dict[str, Any]) -> None:
    assert kinds(body) == []


def test_a_view_whose_post_is_null_is_told() -> None:
    body = json.dumps({"posts": [post_view(1) | {"post": None}]}).encode()
    reply = Reply(url="", body=body, observed_at=NEWEST)
    (odd,) = understand(lemmy, [reply])
    assert isinstance(odd, Rejected)
    assert "neither a post nor a comment" in odd.reason


def test_a_list_that_is_none_is_no_empty_list() -> None:
    with pytest.raises(PayloadError):
        kinds({"posts": None})


@pytest.mark.parametrize(
    ("name", "hidden", "told"),
    [
        ("user_name", True, "private"),
        ("user_name", False, "public"),
        ("name", True, "public"),
    ],
)
def test_a_hidden_community_is_for_members_in_piefed_alone(
    name: str, hidden: bool, told: str
) -> None:
    view = post_view(1, edited_at="2026-11-21T12:00:00Z")
    view["creator"] = {name: "kim", "actor_id": "https://far.example/u/kim"}
    view["community"] = {"name": "bikes", "hidden": hidden}
    reply = Reply(url="", body=json.dumps({"posts": [view]}).encode(), observed_at=NEWEST)
    (found,) = posts(list(understand(lemmy, [reply])))
    assert (found.visibility, found.edited_at) == (told, datetime(2026, 11, 21, 12, tzinfo=UTC))


def test_piefed_has_other_names_for_people_and_titles() -> None:
    view = post_view(1)
    writer = {"user_name": "kim", "title": "Kim", "actor_id": "https://far.example/u/kim"}
    del view["post"]["name"]
    view |= {"creator": writer | {"bot": True}, "post": view["post"] | {"title": "A bike"}}
    reply = Reply(url="", body=json.dumps({"posts": [view]}).encode(), observed_at=NEWEST)
    (found,) = posts(list(understand(lemmy, [reply])))
    assert (found.title, found.author_id, found.author_name) == ("A bike", "kim@far.example", "Kim")
    assert found.author_is_bot is True


def test_piefed_nests_answers_in_what_they_answer() -> None:
    writer = {"user_name": "kim", "actor_id": "https://far.example/u/kim"}

    def said(number: int, path: str, *answers: Element) -> Element:
        view = comment_view(number, path, content=None, body=f"word {number}")
        del view["post"]
        return view | {"creator": writer, "replies": list(answers)}

    deepest = said(5, "0.2.4.5") | {"replies": None}
    first = said(2, "0.2", said(3, "0.2.3"), said(4, "0.2.4", deepest))
    found = posts(understood({"comments": [first, said(6, "0.6")], "next_page": None}))
    assert [each.text for each in found] == [f"word {number}" for number in (2, 3, 4, 5, 6)]
    assert {each.root_id for each in found} == {"lemmy.example/post/1"}
    above = [(each.parent_id or "").removeprefix("lemmy.example/") for each in found]
    assert above == ["post/1", "comment/2", "comment/2", "comment/4", "post/1"]


def test_an_answer_without_its_writer_is_told() -> None:
    inner = {"comment": {"id": 3}, "replies": []}
    told = understood({"comments": [comment_view(2, "0.2") | {"replies": [inner, 7]}]})
    assert [each.path for each in rejected(told)] == [
        "$.comments[0].replies[0].comment",
        "$.comments[0].replies[1]",
    ]


def test_what_describes_a_picture_is_said_too_and_so_are_the_choices_of_a_poll() -> None:
    choices = [{"id": 1, "choice_text": "a red bike"}, {"id": 2, "choice_text": "a blue one"}]
    picture = post_view(1, body="look", alt_text="A bike by the sea ")
    poll = post_view(2, body=None, alt_text=None, poll={"mode": "single", "choices": choices})
    gone = post_view(3, alt_text="A bike by the sea", deleted=True)
    found = posts(understood({"posts": [picture, poll, gone]}))
    assert [each.text for each in found] == [
        "look\nA bike by the sea",
        "a red bike\na blue one",
        "",
    ]


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"post_type": "Image"}, "look\nA bike"),
        ({"post_type": "Image", "title": " A bike"}, "look"),
        ({"post_type": "Image", "body": "A bike"}, "A bike"),
        ({"post_type": "Link"}, "look"),
        ({"post_type": "Video"}, "look"),
        ({}, "look"),
    ],
)
def test_the_title_of_a_linked_page_is_nothing_that_a_writer_of_piefed_said(
    about: dict[str, Any], said: str
) -> None:
    told = {"name": None, "title": "Look", "body": "look", "alt_text": "A bike"} | about
    (found,) = posts(understood({"posts": [post_view(1, **told)]}))
    assert found.text == said


@pytest.mark.parametrize(
    "odd",
    [
        {"poll": []},
        {"poll": {"choices": ["a", {"choice_text": 3}]}},
        {"poll": {"choices": 3}},
        {"alt_text": 3},
        {"visibility": 3},
        {"visibility": ["public"]},
    ],
)
def test_what_is_odd_beside_the_words_of_a_post_does_not_set_it_apart(odd: dict[str, Any]) -> None:
    (found,) = posts(understood({"posts": [post_view(1, body="look", **odd)]}))
    assert found.text == "look"
    assert found.visibility == ("private" if "visibility" in odd else "public")


@pytest.mark.parametrize(
    ("in_view", "in_post", "told"),
    [
        ([], "#Bikes, #by the sea", ("Bikes", "by the sea")),
        ([{"name": "advice", "display_name": "Advice"}, {"name": "new"}], None, ("Advice", "new")),
        (None, "", ()),
        (["odd"], 7, ()),
        ([{"display_name": 5}, {"display_name": 5, "name": "new"}], None, ("new",)),
        ([{"name": "old", "deleted": True}, {"name": "new", "deleted": False}], None, ("new",)),
    ],
)
def test_tags_of_piefed_and_of_version_four(
    in_view: Any, in_post: Any, told: tuple[str, ...]
) -> None:
    view = post_view(1, tags=in_post) | {"tags": in_view}
    below = comment_view(2, "0.2") | {"tags": in_view}
    found = posts(understood({"posts": [view], "comments": [below]}))
    assert [each.tags for each in found] == [told, ()]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("public", "public"),
        ("Unlisted", "unlisted"),
        ("Followers", "private"),
        ("", "public"),
    ],
)
def test_who_may_read_a_post_of_piefed(given: str, told: str) -> None:
    (found,) = posts(understood({"posts": [post_view(1, visibility=given)]}))
    assert found.visibility == told


def test_an_answer_shown_without_its_words_to_all_but_followers_is_no_mistake() -> None:
    stub = comment_view(3, "0.2.3", body=None, visibility="followers", ap_id=None, published=None)
    stub["comment"].pop("content")
    stub["creator"] = {"user_name": "", "actor_id": "", "id": 0}
    whole = comment_view(2, "0.2") | {"replies": [stub]}
    assert [each.native_id for each in posts(understood({"comments": [whole]}))] == ["comment/2"]
    assert rejected(understood({"comments": [whole]})) == []


@pytest.mark.parametrize(
    "readers", [{}, {"visibility": None}, {"visibility": "Public"}, {"visibility": ["followers"]}]
)
def test_an_answer_that_all_may_read_but_has_no_name_is_set_apart(readers: dict[str, Any]) -> None:
    nameless = comment_view(4, "0.4", ap_id=None, **readers)
    assert len(rejected(understood({"comments": [nameless]}))) == 1


def test_an_answer_in_the_inbox_names_whom_it_answers() -> None:
    reader = {"recipient": person("acme", actor_id="https://lemmy.example/u/acme")}
    answer = comment_view(6, "0.5.6") | reader | {"comment_reply": {"id": 1, "recipient_id": 3}}
    naming = comment_view(7, "0.5.7") | reader | {"person_mention": {"id": 2, "recipient_id": 3}}
    found = posts(understood({"replies": [answer], "mentions": [naming]}))
    assert [each.parent_author_id for each in found] == ["acme@lemmy.example", None]
