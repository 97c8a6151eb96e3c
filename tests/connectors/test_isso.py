"""Isso: names that anybody may type, a list of the latest that is not, and answers in answers."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import isso
from connectors.paging import understand
from connectors.testing import (
    LONG_AGO,
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    gaps,
    posts,
    rejected,
)
from pipeline.errors import ConfigError, PayloadError, SourceUnavailable
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

SERVER = "https://comments.acme.example"
PAGE = "https://acme.example/2026/bike/"
URI = "/2026/bike/"
SINCE = NEWEST - timedelta(days=7)


def comment(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "id": number,
        "parent": None,
        "created": at.timestamp(),
        "modified": None,
        "mode": 1,
        "text": "<p>Mooie fiets</p>",
        "author": "Kim",
        "website": None,
        "likes": 2,
        "dislikes": 1,
        "notification": None,
        "hash": "6c8d887deb60",
        "total_replies": 0,
        "hidden_replies": 0,
        "replies": [],
    } | more


def answer(number: int, parent: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    told = comment(number, at, parent=parent, **more)
    return {key: told[key] for key in told if key not in {"total_replies", "hidden_replies"}} | {
        "replies": None
    }


def answered(number: int, answers: list[Element], at: datetime = NEWEST, /) -> Element:
    return comment(number, at, total_replies=len(answers), replies=answers)


def latest(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    told = comment(number, at, **more)
    dropped = {"notification", "hash", "total_replies", "hidden_replies", "replies"}
    return {key: told[key] for key in told if key not in dropped} | {"uri": URI}


def thread(replies: Sequence[Element], hidden: int = 0) -> dict[str, Any]:
    return {
        "id": None,
        "total_replies": len(replies) + hidden,
        "hidden_replies": hidden,
        "replies": list(replies),
        "config": {"feed": True},
    }


class TestIsso(ConnectorContract):
    platform = "isso"
    source = Source(name="isso", platform="isso", server=SERVER, urls=(PAGE,))
    verb = "inbox"
    promised = "created"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return comment(number, created_at, mode=2 if private else 1)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        """A page after that whose newest comment the request names."""
        after = request.url.params["after"]
        index = 0
        for at, page in enumerate(pages):
            times = [each["created"] for each in page if "created" in each and page != "again"]
            if times and repr(max(times)) == after:
                index = at + 1
        if index >= len(pages):
            return httpx.Response(200, json=thread([]))
        chosen: Any = pages[index]
        found = pages[0] if chosen == "again" else chosen
        hidden = 0 if index + 1 == len(pages) and chosen != "again" else 9
        return httpx.Response(200, json=thread(found, hidden))


class Server:
    """Threads by page, and the latest; remembers what it was asked."""

    def __init__(self, threads: dict[str, list[Element]], newest: Any = None) -> None:
        self.threads = threads
        self.newest = newest
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        asked = request.url.params
        if request.url.path == "/latest":
            if self.newest is None:
                return httpx.Response(404, text="Unavailable because 'latest-enabled' not set")
            return httpx.Response(200, json=self.newest[-int(asked["limit"]) :])
        found = self.threads.get(asked["uri"], [])
        if "parent" in asked:
            (above,) = [each for each in found if each["id"] == int(asked["parent"])]
            found = above["all"]
        newer = [each for each in found if each["created"] > float(asked["after"])]
        shown = newer[: int(asked["limit"])]
        return httpx.Response(200, json=thread(shown, len(found) - len(shown)))


def ask(verb: str, handler: Handler, *rest: Any, **source: Any) -> list[Read]:
    asked = Source(name="isso", platform="isso", **{"server": SERVER, "urls": (PAGE,), **source})
    with client_for(isso, asked, handler) as client:
        return list(getattr(isso, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any, url: str = f"{SERVER}/?uri=/2026/bike/&limit=100") -> list[Read]:
    reply = Reply(url=url, body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(isso, [reply]))


# What a comment says


def test_a_comment_and_the_answer_inside_it() -> None:
    below = answer(6, 5, author="Acme", text='<p>Dank <a href="https://acme.nl">je</a></p>')
    top, reply = posts(understood(thread([answered(5, [below])])))
    assert (top.post_id, top.native_id, top.kind) == (f"{SERVER}/id/5", "5", "comment")
    assert (top.parent_id, top.root_id) == (f"{SERVER}/?uri={URI}", f"{SERVER}/?uri={URI}")
    assert (top.author_id, top.author_handle) == ("comments.acme.example/name/Kim", "Kim")
    assert (top.likes_count, top.replies_count, top.edited_at) == (2, 1, None)
    assert (top.text, top.links, top.language) == ("Mooie fiets", (), None)
    assert (reply.kind, reply.parent_id, reply.root_id) == ("reply", top.post_id, top.root_id)
    assert (reply.parent_author_id, reply.author_name) == (top.author_id, "Acme")
    assert (reply.text, reply.links) == ("Dank je", ("https://acme.nl",))
    assert reply.replies_count is None


def test_what_others_said_below_is_not_in_the_payload_of_a_comment() -> None:
    top, _ = posts(understood(thread([answered(5, [answer(6, 5, text="<p>Secret</p>")])])))
    assert "Secret" not in top.payload
    assert json.loads(top.payload)["id"] == 5


def test_names_are_stored_as_html_and_may_be_absent() -> None:
    named = comment(1, author="Kim &amp; Lee", website="http://kim.example/?a=1&amp;b=2")
    nameless, odd = comment(2, author=None), comment(3, author=" ", website="javascript:x")
    first, second, third = posts(understood(thread([named, nameless, odd])))
    assert (first.author_name, first.author_url) == ("Kim & Lee", "http://kim.example/?a=1&b=2")
    for each in (second, third):
        assert (each.author_id, each.author_name, each.author_url) == (None, None, None)


def test_an_edited_and_a_deleted_comment() -> None:
    later = (NEWEST + timedelta(hours=1)).timestamp()
    edited = comment(1, modified=later)
    gone = comment(2, mode=4, text='<p><a href="https://x.example">oops</a></p>')
    first, second = posts(understood(thread([edited, gone])))
    assert first.edited_at == NEWEST + timedelta(hours=1)
    assert (second.deleted_at, second.text, second.links) == (NEWEST, "", ())
    assert (second.author_id, second.author_name) == (None, None)
    assert second.is_keepable


def test_what_waits_to_be_approved_is_not_for_everybody() -> None:
    (post,) = posts(understood(thread([comment(1, mode=2)])))
    assert not post.is_keepable


def test_the_latest_tell_their_page_themselves() -> None:
    first, second = posts(understood([latest(1), latest(2, parent=1)], f"{SERVER}/latest?limit=5"))
    assert first.root_id == second.root_id == f"{SERVER}/?uri={URI}"
    assert (second.parent_id, second.parent_author_id) == (first.post_id, None)
    assert first.replies_count is None


def test_a_server_below_a_path() -> None:
    (post,) = posts(understood([latest(1)], "https://acme.example/isso/latest?limit=5"))
    assert post.post_id == "https://acme.example/isso/id/1"
    (post,) = posts(understood(latest(1), "https://acme.example/isso/id/1"))
    assert post.post_id == "https://acme.example/isso/id/1"
    (post,) = posts(understood(thread([comment(1)]), "https://acme.example/isso/?uri=/a%26b/"))
    assert post.root_id == "https://acme.example/isso/?uri=/a%26b/"


def test_an_odd_comment_is_set_apart_with_its_place() -> None:
    whole = answered(5, [answer(6, 5, created=1e30)])
    reads = understood(thread([comment(4, likes=-1), whole]))
    assert [each.path for each in rejected(reads)] == [
        "$.replies[0].likes",
        "$.replies[1].replies[0].created",
    ]
    assert [post.native_id for post in posts(reads)] == ["5"]


def test_a_comment_without_the_answers_it_counts_is_an_error() -> None:
    cut = answered(5, [answer(6, 5)])
    del cut["replies"]
    with pytest.raises(PayloadError, match="without the answers"):
        understood(thread([cut]))


@pytest.mark.parametrize("body", [[3, 0], [], {"config": {"feed": True}}])
def test_replies_without_comments_are_no_error(body: Any) -> None:
    assert understood(body) == []


@pytest.mark.parametrize("body", [{"hidden_replies": 0, "total_replies": 1, "config": {}}, {}])
def test_what_is_no_thread_is_an_error(body: Any) -> None:
    with pytest.raises(PayloadError, match="neither"):
        understood(body)


# What is asked


def test_inbox_reads_the_pages_named_and_leaves_own_words_to_the_timeline() -> None:
    own = answer(6, 5, author="acme")
    server = Server({URI: [answered(5, [own]), comment(4, LONG_AGO)]})
    (found,) = posts(ask("inbox", server, accounts=("Acme",)))
    assert (found.native_id, found.url) == ("5", f"{PAGE}#isso-5")
    (said,) = posts(ask("timeline", server, accounts=("@Acme",)))
    assert (said.native_id, said.author_handle) == ("6", "acme")
    assert dict(server.asked[0].url.params) == {
        "uri": URI,
        "limit": "100",
        "nested_limit": "1000",
        "after": "0",
    }


def test_what_was_edited_since_is_told_again() -> None:
    edited = comment(1, LONG_AGO, modified=NEWEST.timestamp())
    found = posts(ask("inbox", Server({URI: [edited, comment(2, LONG_AGO)]})))
    assert [post.native_id for post in found] == ["1"]


def test_a_long_thread_is_read_on_from_the_time_of_its_last_comment() -> None:
    many = [comment(number, NEWEST + timedelta(seconds=number)) for number in range(250)]
    server = Server({URI: many})
    assert len(posts(ask("inbox", server))) == 250
    times = [request.url.params["after"] for request in server.asked]
    assert times[:2] == ["0", repr(many[99]["created"])]


def test_a_comment_with_very_many_answers_is_asked_for_them() -> None:
    below = [answer(number, 5, NEWEST + timedelta(seconds=number)) for number in range(10, 13)]
    cut = answered(5, below[:1]) | {"total_replies": 3, "hidden_replies": 2, "all": below}
    server = Server({URI: [cut]})
    found = posts(ask("inbox", server))
    assert [post.native_id for post in found] == ["5", "10", "11", "12"]
    assert server.asked[1].url.params["parent"] == "5"


def test_without_pages_the_latest_are_read_until_one_is_old() -> None:
    """The list has the comments first, then all answers, whenever these were written."""
    top = [latest(number, LONG_AGO) for number in range(1, 400)] + [latest(400)]
    below = [latest(number, LONG_AGO, parent=1) for number in range(401, 1_000)]
    server = Server({}, [*top, *below, latest(1_001, parent=2)])
    found = posts(ask("inbox", server, urls=(), options={"site": "https://acme.example/"}))
    assert [post.native_id for post in found] == ["400", "1001"]
    assert found[0].url == f"{PAGE}#isso-400"
    assert [request.url.params["limit"] for request in server.asked] == ["500", "4000"]


def test_the_latest_are_asked_for_once_when_an_old_comment_is_among_them() -> None:
    top = [latest(number, LONG_AGO) for number in range(1, 700)] + [latest(700)]
    server = Server({}, top)
    found = posts(ask("inbox", server, urls=()))
    assert [(post.native_id, post.url) for post in found] == [("700", None)]
    assert len(server.asked) == 1


def test_more_of_the_latest_are_asked_for_while_all_are_new() -> None:
    server = Server({}, [latest(number) for number in range(1, 701)])
    reads = ask("inbox", server, urls=())
    assert len(posts(reads)) == 700
    assert gaps(reads) == []
    assert [request.url.params["limit"] for request in server.asked] == ["500", "4000"]


def test_more_than_can_be_listed_is_a_gap() -> None:
    many = [{"id": 1, "parent": 3, "created": NEWEST.timestamp()}] * 32_000
    server = Server({}, many)
    (gap,) = gaps(ask("inbox", server, urls=()))
    assert gap.gap_from == SINCE
    assert [request.url.params["limit"] for request in server.asked] == ["500", "4000", "32000"]


def test_a_server_that_does_not_list_the_latest_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match="latest") as error:
        ask("inbox", Server({}), urls=())
    assert "latest-enabled" in error.value.todo


def test_a_thread_is_all_on_the_page() -> None:
    server = Server({URI: [answered(5, [answer(6, 5)], LONG_AGO), comment(7)]})
    (known,) = posts(understood(thread([comment(7)])))
    found = posts(ask("thread", server, known))
    assert [post.native_id for post in found] == ["5", "6", "7"]
    nowhere = Post(platform="isso", post_id="/id/1", kind="comment", observed_at=NEWEST)
    assert ask("thread", server, nowhere) == []


def test_refresh_asks_each_page_once_and_tells_what_is_gone() -> None:
    known = posts(understood(thread([comment(1), answered(2, [answer(3, 2)]), comment(4)])))
    elsewhere = posts(understood(thread([comment(9)]), f"{SERVER}/?uri=/gone/"))
    server = Server({URI: [comment(1, text="<p>Beter</p>"), answered(2, [answer(3, 2)])]})
    found = posts(ask("refresh", server, [*known, *elsewhere]))
    assert [(post.native_id, post.deleted_at is None) for post in found] == [
        ("1", True),
        ("2", True),
        ("3", True),
        ("4", False),
        ("9", False),
    ]
    assert (found[0].text, found[3].text) == ("Beter", "")
    assert len(server.asked) == 2


def test_refresh_does_not_take_what_it_cannot_read_for_gone() -> None:
    known = posts(understood(thread([comment(1), comment(2)])))
    reads = ask("refresh", Server({URI: [comment(1), comment(2, mode="odd")]}), known)
    assert [post.native_id for post in posts(reads)] == ["1"]
    assert len(rejected(reads)) == 1
    with pytest.raises(SourceUnavailable):
        ask("refresh", lambda _: httpx.Response(500), known)


def test_a_source_without_a_server_is_told() -> None:
    with pytest.raises(ConfigError, match="server"):
        ask("inbox", Server({}), server=None)
