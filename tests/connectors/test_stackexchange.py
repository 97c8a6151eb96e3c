"""Stack Exchange: numbers shared by questions and answers, and errors with numbers of their own."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import stackexchange, stackexchange_ask
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
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

SINCE = NEWEST - timedelta(days=7)
BASE = int(NEWEST.timestamp())


def owner(number: int = 7, **more: Any) -> dict[str, Any]:
    return {"user_id": number, "display_name": "Jo &amp; Co", "link": "https://s.example/7"} | more


def question(number: int, at: int = BASE, **more: Any) -> Element:
    return {
        "question_id": number,
        "creation_date": at,
        "owner": owner(),
        "title": "Why &#39;so&#39;?",
        "body": "<p>See <a href='https://acme.nl'>this</a></p>",
        "tags": ["acme"],
        "link": f"https://stackoverflow.com/questions/{number}/why",
        "score": 3,
        "view_count": 10,
        "answer_count": 0,
    } | more


def answer(number: int, of: int, **more: Any) -> Element:
    return {
        "answer_id": number,
        "question_id": of,
        "creation_date": BASE + 1,
        "last_edit_date": BASE + 2,
        "owner": owner(8),
        "body": "<p>So</p>",
        "score": -2,
    } | more


def comment(number: int, under: int, **more: Any) -> Element:
    return {
        "comment_id": number,
        "post_id": under,
        "creation_date": BASE + 3,
        "owner": owner(9),
        "body": "thanks",
        "score": 0,
    } | more


def wrapped(items: Sequence[Element], **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"items": list(items), "has_more": False} | more)


class TestStackExchange(ConnectorContract):
    platform = "stackexchange"
    source = Source(name="so", platform="stackexchange", tags=("acme",))
    promised = "creation_date"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return question(number, int(created_at.timestamp()))

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        number, since = (int(request.url.params[name]) for name in ("page", "fromdate"))
        chosen = pages[min(number, len(pages)) - 1]
        is_turning = isinstance(chosen, str)
        items = pages[0] if is_turning else chosen
        kept = [each for each in items if each.get("creation_date", since) >= since]
        return wrapped(kept, has_more=is_turning or number < len(pages))


class Api:
    """The API as a table of paths; remembers what it was asked."""

    def __init__(self, **paths: Sequence[Element]) -> None:
        self.paths = {name.replace("__", "/"): items for name, items in paths.items()}
        self.asked: list[httpx.URL] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        return wrapped(self.paths.get(request.url.path.removeprefix("/2.3/"), []))

    @property
    def asked_paths(self) -> list[str]:
        return [url.path.removeprefix("/2.3/") for url in self.asked]


def ask(verb: str, handler: Handler, *rest: Any, **source: Any) -> list[Read]:
    asked = Source(name="so", platform="stackexchange", **source)
    with client_for(stackexchange, asked, handler, STACKEXCHANGE_KEY="k3y") as client:
        return list(getattr(stackexchange, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any, url: str = "https://a.example/?site=stackoverflow") -> list[Read]:
    reply = Reply(url=url, body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(stackexchange, [reply]))


# What an item says


def test_what_an_answer_quotes_is_marked_as_anothers() -> None:
    body = "<blockquote>\n  <p>Acme always fails</p>\n</blockquote>\n\n<p>Not with this.</p>"
    (post,) = posts(understood({"items": [answer(2, 1, body=body)]}))
    assert post.text == "> Acme always fails\n\nNot with this."


def test_a_question_with_the_answers_and_comments_inside() -> None:
    nested = question(
        1,
        answers=[answer(2, 1, comments=[comment(3, 2, post_type="answer")])],
        comments=[comment(4, 1, reply_to_user=owner(7))],
    )
    asked, answered, below, beside = posts(understood({"items": [nested]}))
    assert (asked.post_id, asked.kind, asked.title) == ("stackoverflow:q:1", "post", "Why 'so'?")
    assert (asked.text, asked.links, asked.tags) == ("See this", ("https://acme.nl",), ("acme",))
    assert (asked.author_id, asked.author_name) == ("stackoverflow/7", "Jo & Co")
    assert (asked.likes_count, asked.views_count, asked.replies_count) == (3, 10, 0)
    assert asked.edited_at is None
    assert (answered.kind, answered.parent_id) == ("reply", "stackoverflow:q:1")
    assert answered.edited_at == datetime.fromtimestamp(BASE + 2, UTC)
    assert answered.likes_count is None
    assert (below.parent_id, below.root_id) == ("stackoverflow:a:2", "stackoverflow:q:1")
    assert below.url == "https://stackoverflow.com/posts/comments/3"
    assert (beside.parent_id, beside.likes_count) == ("stackoverflow:1", 0)
    assert beside.parent_id in asked.aliases
    assert beside.parent_author_id == "stackoverflow/7"


def test_other_sites_have_other_names_and_languages() -> None:
    for site, url, language in (
        ("ja.stackoverflow", "https://ja.stackoverflow.com/q/1", "ja"),
        ("bicycles", "https://bicycles.stackexchange.com/q/1", None),
        ("bicycles.meta", "https://bicycles.meta.stackexchange.com/q/1", None),
        ("meta.superuser", "https://meta.superuser.com/q/1", None),
        ("meta.mathoverflow.net", "https://meta.mathoverflow.net/q/1", None),
        ("bicycles.stackexchange.com", "https://bicycles.stackexchange.com/q/1", None),
        ("superuser.com", "https://superuser.com/q/1", None),
    ):
        body = {"items": [question(1, link=None)]}
        (post,) = posts(understood(body, f"https://a.example/?site={site}"))
        assert (post.post_id, post.url, post.language) == (f"{site}:q:1", url, language)


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("bicycles.stackexchange.com", "bicycles"),
        ("bicycles.meta.stackexchange.com", "bicycles.meta"),
        ("es.stackoverflow.com", "es.stackoverflow"),
        ("mathoverflow.net", "mathoverflow.net"),
    ],
)
def test_a_body_without_its_address_is_of_the_site_that_it_links_to(host: str, site: str) -> None:
    asked = question(1, link=f"https://{host}/questions/1/asked", comments=[comment(3, 1)])
    noted = comment(4, 1, owner=owner(9, link=f"https://{host}/users/9/somebody"))
    told = posts(understood({"items": [asked, noted]}, ""))
    assert [each.post_id for each in told] == [f"{site}:q:1", f"{site}:c:3", f"{site}:c:4"]


@pytest.mark.parametrize("link", [None, "", "https://["])
def test_a_body_that_links_nowhere_is_of_stack_overflow(link: str | None) -> None:
    (post,) = posts(understood({"items": [question(1, link=link, owner=None)]}, ""))
    assert post.post_id == "stackoverflow:q:1"


def test_an_author_who_left_is_unknown() -> None:
    gone = {"user_type": "does_not_exist", "display_name": "user1"}
    (post,) = posts(understood({"items": [question(1, owner=gone)]}))
    assert (post.author_id, post.author_handle, post.author_name) == (None, None, "user1")


def test_users_are_no_posts_and_a_post_without_its_number_is_rejected() -> None:
    unnamed = {name: value for name, value in question(1).items() if name != "question_id"}
    (odd,) = rejected(understood({"items": [{"user_id": 1, "creation_date": 1}, unnamed]}))
    assert odd.path == "$.items[1].question_id"


# What is asked


@pytest.mark.parametrize("none", [{"answer_id": None}, {"answer_id": None, "comment_id": None}])
@pytest.mark.parametrize(
    "told",
    [
        question(1),
        {"item_type": "question", "question_id": 1, "excerpt": "…", "creation_date": BASE},
    ],
)
def test_a_question_may_say_that_it_is_no_answer(none: dict[str, Any], told: Element) -> None:
    (found,) = posts(understood({"items": [told | none]}))

    assert (found.post_id, found.kind) == ("stackoverflow:q:1", "post")


def test_an_answer_without_its_number_is_no_question() -> None:
    excerpt = {"item_type": "answer", "is_answered": True, "answer_count": 1, "question_id": 5}
    for told in (answer(2, 5), comment(2, 5), excerpt | {"owner": owner()}):
        odd = told | {"answer_id": None, "comment_id": None}
        assert posts(understood({"items": [odd]})) == []


def test_a_term_finds_excerpts_and_the_whole_posts_are_asked_for() -> None:
    excerpts = [
        {"item_type": "question", "question_id": 1, "excerpt": "…"},
        {"item_type": "answer", "question_id": 5, "answer_id": 2, "excerpt": "…"},
    ]
    api = Api(search__excerpts=excerpts, questions__1=[question(1)], answers__2=[answer(2, 5)])
    found = posts(ask("mentions", api, terms=("Acme Bikes",)))
    assert [post.post_id for post in found] == ["stackoverflow:q:1", "stackoverflow:a:2"]
    assert api.asked[0].params["q"] == '"Acme Bikes"'
    assert api.asked[0].params["fromdate"] == str(int(SINCE.timestamp()))
    assert api.asked[0].params["key"] == "k3y"


def test_beyond_the_last_page_time_is_cut() -> None:
    asked: list[tuple[str | None, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        params = request.url.params
        asked.append((params.get("todate"), params["page"]))
        if "todate" in params:
            return wrapped([question(999, BASE - 25)])
        page = int(params["page"])
        return wrapped([question(page, BASE - page)], has_more=True)

    found = posts(ask("mentions", handler, tags=("acme",)))
    assert len(found) == stackexchange_ask.LAST_PAGE + 1
    assert asked[-1] == (str(BASE - 25), "1")


def test_timeline_asks_for_all_three_kinds() -> None:
    api = Api(
        users__7__questions=[question(1)],
        users__7__comments=[comment(3, 2)],
        answers__2=[answer(2, 1)],
    )
    found = posts(ask("timeline", api, accounts=("stackoverflow/7",)))
    asked = ["users/7/comments", "answers/2"]
    assert [post.kind for post in found] == ["post", "comment"]
    assert api.asked_paths == ["users/7/questions", "users/7/answers", *asked]
    assert found[1].root_id == "stackoverflow:q:1"


def test_inbox_holds_what_others_wrote_under_the_accounts_posts() -> None:
    own = [{"post_id": 1, "post_type": "question"}, {"post_id": 2, "post_type": "answer"}]
    api = Api(
        users__7__mentioned=[comment(5, 99)],
        users__7__posts=own,
        questions__1__answers=[answer(20, 1)],
        answers__99=[answer(99, 90)],
    )
    api.paths["answers/2;99"] = [answer(2, 11), answer(99, 90)]
    below = [comment(5, 99), comment(6, 1), comment(8, 2), comment(7, 1, owner=owner())]
    api.paths["posts/1;2/comments"] = below
    found = posts(ask("inbox", api, accounts=("stackoverflow/7",)))
    assert [post.native_id for post in found] == ["5", "20", "6", "8"]
    roots = [(post.root_id or "").rpartition(":")[2] for post in found]
    assert roots == ["90", "1", "1", "11"]
    (own_asked,) = (url for url in api.asked if url.path.endswith("7/posts"))
    assert own_asked.params["fromdate"] == str(int((SINCE - timedelta(days=30)).timestamp()))


@pytest.mark.parametrize("name", ["stackoverflow:q:1", "stackoverflow:a:2", "stackoverflow:c:3"])
def test_a_thread_is_found_from_any_of_its_posts(name: str) -> None:
    api = Api(
        answers__2=[answer(2, 1)], questions__1=[question(1)], questions__1__answers=[answer(2, 1)]
    )
    api.paths["posts/1;2/comments"] = [comment(3, 2)]
    post = Post(
        platform="stackexchange",
        post_id=name,
        kind="comment",
        parent_id="stackoverflow:2",
        observed_at=NEWEST,
    )
    found = posts(ask("thread", api, post))
    assert [each.post_id[-3:] for each in found] == ["q:1", "a:2", "c:3"]
    assert {each.root_id for each in found} == {"stackoverflow:q:1"}


def test_the_address_of_a_comment_tells_its_question() -> None:
    told = comment(5, 2, link="https://stackoverflow.com/questions/11/why#comment5_2")
    elsewhere = comment(6, 2, link="https://stackoverflow.com")
    found = posts(understood({"items": [told, elsewhere]}))
    assert [each.root_id for each in found] == ["stackoverflow:q:11", None]


def test_refresh_tells_what_is_gone_and_keeps_the_root_of_a_comment() -> None:
    known = [
        Post(
            platform="stackexchange",
            post_id=f"stackoverflow:{name}",
            kind="post",
            text="words",
            author_id="stackoverflow/7",
            root_id="stackoverflow:q:1",
            observed_at=SINCE,
        )
        for name in ("q:1", "q:2", "c:3")
    ]
    api = Api(comments__3=[comment(3, 1)])
    api.paths["questions/1;2"] = [question(1, title="New")]
    now, gone, said = posts(ask("refresh", api, known))
    assert (now.title, now.deleted_at) == ("New", None)
    assert (gone.post_id, gone.text, gone.author_id) == ("stackoverflow:q:2", "", None)
    assert gone.deleted_at is not None
    assert said.root_id == "stackoverflow:q:1"


def test_backoff_in_the_body_is_a_wish_to_wait() -> None:
    def told(body: bytes) -> float | None:
        reply = Reply(
            url="https://api.stackexchange.com/2.3/questions", body=body, observed_at=NEWEST
        )
        return stackexchange.pause(reply)

    assert told(b'{"items": [], "backoff": 10, "quota_remaining": 200}') == 10
    assert told(b'{"items": [], "has_more": false}') is None
    assert told(b"<html>") is None


# What is refused


@pytest.mark.parametrize(
    ("number", "words", "error"),
    [
        (400, "bad_parameter", PayloadError),
        (403, "access_denied", SourceRefused),
        (502, "throttle_violation", RateLimited),
        (503, "temporarily_unavailable", SourceUnavailable),
    ],
)
def test_the_number_of_an_error_counts(number: int, words: str, error: type[LuisterError]) -> None:
    body = {"error_id": number, "error_name": words, "error_message": "no"}
    with pytest.raises(error, match=words):
        ask("mentions", lambda _: httpx.Response(400, json=body), tags=("acme",))


def test_a_throttle_says_how_long() -> None:
    message = "too many requests from this IP, more requests available in 86000 seconds"
    body = {"error_id": 502, "error_name": "throttle_violation", "error_message": message}
    with pytest.raises(RateLimited) as error:
        ask("mentions", lambda _: httpx.Response(400, json=body), tags=("acme",))
    assert error.value.seconds == 86000


@pytest.mark.parametrize(
    "mark",
    [
        {"suggested_edit_id": 3},
        {"revision_guid": "A-1"},
        {"timeline_type": "vote_aggregate"},
        {"event_type": "question_posted", "event_id": 7},
    ],
)
def test_what_is_noted_about_a_post_is_none(mark: dict[str, Any]) -> None:
    about = {"post_id": 7, "question_id": 7, "creation_date": BASE, "owner": owner()}
    assert understood({"items": [about | mark], "has_more": False}) == []
