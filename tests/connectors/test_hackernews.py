"""Hacker News: a search with a cap, trees of comments, and items that may be gone."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import hackernews, hackernews_ask
from connectors.paging import understand
from connectors.testing import (
    LONG_AGO,
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    posts,
    rejected,
)
from pipeline.errors import PayloadError, SourceGone
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

BASE = 1_795_000_000
SINCE = datetime.fromtimestamp(BASE, UTC)


def hit(number: int, at: int, **more: Any) -> Element:
    return {
        "objectID": str(number),
        "created_at_i": at,
        "_tags": ["story", "author_jo", f"story_{number}"],
        "author": "jo",
        "title": f"Story {number}",
        "story_id": number,
        "points": 3,
        "num_comments": 0,
        "_highlightResult": {"title": {"value": "<em>Story</em>"}},
    } | more


def comment_hit(number: int, parent: int, story: int, **more: Any) -> Element:
    return {
        "objectID": str(number),
        "created_at_i": BASE + number,
        "_tags": ["comment", "author_kim", f"story_{story}"],
        "author": "kim",
        "comment_text": "It&#x27;s <i>fine</i>.<p>See <a href='https:&#x2F;&#x2F;acme.nl'>this</a>",
        "parent_id": parent,
        "story_id": story,
        "children": [],
    } | more


def node(number: int, *children: Element, **more: Any) -> Element:
    return {
        "id": number,
        "created_at_i": BASE + number,
        "type": "comment",
        "author": "kim",
        "text": f"comment {number}",
        "story_id": 1,
        "parent_id": 1,
        "points": None,
        "children": list(children),
    } | more


class TestHackerNews(ConnectorContract):
    platform = "hackernews"
    source = Source(name="hn", platform="hackernews", terms=("Acme",))
    promised = "created_at_i"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return hit(number, int(created_at.timestamp()))

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        number = int(request.url.params["page"])
        since = int(re.findall(r"created_at_i>(\d+)", request.url.params["numericFilters"])[0])
        is_turning = pages[min(number, len(pages) - 1)] == "again"
        hits = pages[0] if is_turning else pages[number]
        kept = [each for each in hits if each.get("created_at_i", since + 1) > since]
        total = number + 2 if is_turning else len(pages)
        return httpx.Response(200, json={"hits": kept, "nbPages": total})


def ask(verb: str, handler: Handler, *rest: Any, **source: Any) -> list[Read]:
    asked = Source(name="hn", platform="hackernews", **source)
    with client_for(hackernews, asked, handler) as client:
        return list(getattr(hackernews, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any, url: str = "") -> list[Read]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return list(understand(hackernews, [Reply(url=url, body=raw, observed_at=NEWEST)]))


def searching(hits: list[Element]) -> Handler:
    """A search over hits, newest first, of which 1,000 at most can be reached."""

    def handler(request: httpx.Request) -> httpx.Response:
        params = request.url.params
        found = sorted(hits, key=lambda each: -each["created_at_i"])
        for sign, bound in re.findall(r"created_at_i([<>])(\d+)", params["numericFilters"]):
            found = [
                each
                for each in found
                if (each["created_at_i"] > int(bound)) == (sign == ">")
                and each["created_at_i"] != int(bound)
            ]
        page, size = int(params["page"]), int(params["hitsPerPage"])
        if page * size >= hackernews_ask.CAP:
            told = "you can only fetch the 1000 hits for this query"
            return httpx.Response(200, json={"hits": [], "nbPages": 0, "message": told})
        reachable = found[: hackernews_ask.CAP]
        shown = reachable[page * size : (page + 1) * size]
        pages = -(-len(reachable) // size)
        return httpx.Response(
            200, json={"hits": shown, "nbPages": pages, "params": str(request.url.query)}
        )

    return handler


# What an item says


def test_what_looks_like_a_tag_in_a_title_is_a_word() -> None:
    written = "Show HN: <canvas> for Vec<T>"
    escaped = written.replace("<", "&lt;").replace(">", "&gt;")
    for title in (written, escaped):
        (story,) = posts(understood({"hits": [hit(1, BASE, title=title)], "nbPages": 1}))
        assert story.title == written


def test_a_story_and_a_comment_of_a_search() -> None:
    story, comment, reply = posts(
        understood(
            {
                "hits": [
                    hit(1, BASE, url="https://acme.nl/new", story_text="a &amp; b"),
                    comment_hit(2, 1, 1),
                    comment_hit(3, 2, 1, children=[4, 5]),
                ],
                "nbPages": 1,
            }
        )
    )
    assert (story.kind, story.title, story.text) == ("post", "Story 1", "a & b")
    assert story.links == ("https://acme.nl/new",)
    assert story.url == "https://news.ycombinator.com/item?id=1"
    assert (story.likes_count, story.replies_count) == (3, 0)
    assert story.created_at == datetime.fromtimestamp(BASE, UTC)
    assert story.author_id == story.author_handle == "jo"
    assert (comment.kind, comment.parent_id, comment.root_id) == ("comment", "1", "1")
    assert comment.text == "It's fine.\n\nSee this"
    assert comment.links == ("https://acme.nl",)
    assert (comment.likes_count, comment.replies_count) == (None, 0)
    assert (reply.kind, reply.parent_id, reply.root_id, reply.replies_count) == (
        "reply",
        "2",
        "1",
        2,
    )


def test_the_older_shape_has_null_for_what_is_missing() -> None:
    old = hit(1, BASE, story_id=None, story_text=None, comment_text=None, parent_id=None, url="")
    (story,) = posts(understood({"hits": [old], "nbHits": 1}))
    assert (story.root_id, story.parent_id, story.text, story.links) == ("1", None, "", ())


def test_a_tree_is_flattened_with_parents_first() -> None:
    below = node(2, node(3, parent_id=2), node(4, parent_id=2))
    tree = node(
        1,
        below,
        node(5, author=None, text=None),
        type="story",
        title="Story",
        author="jo",
        text=None,
        parent_id=None,
        points=9,
    )
    found = posts(understood(tree))
    assert [(post.post_id, post.kind, post.parent_id) for post in found] == [
        ("1", "post", None),
        ("2", "comment", "1"),
        ("3", "reply", "2"),
        ("4", "reply", "2"),
    ]
    assert {post.root_id for post in found} == {"1"}
    assert [post.replies_count for post in found] == [4, 2, 0, 0]
    assert json.loads(found[1].payload) == below | {"children": [3, 4]}
    assert found[0].likes_count == 9


def test_an_odd_node_is_set_apart_and_its_neighbours_are_read() -> None:
    tree = node(1, node(2), "odd", node(3, created_at_i="soon"), type="story", parent_id=None)
    found = understood(tree)
    assert [post.post_id for post in posts(found)] == ["1", "2"]
    assert [each.path for each in rejected(found)] == [
        "$.children[1]",
        "$.children[2].created_at_i",
    ]


def test_a_deep_tree_is_read_whole() -> None:
    tree = node(400)
    for number in range(399, 0, -1):
        tree = node(number, tree)
    assert len(posts(understood(tree))) == 400


@pytest.mark.parametrize("state", ["deleted", "dead"])
def test_what_was_deleted_keeps_its_place_and_loses_its_words(state: str) -> None:
    thing = {"id": 7, "type": "comment", "time": BASE, "parent": 1, "by": "jo", "text": "x"}
    (post,) = posts(understood(thing | {state: True}))
    assert post.deleted_at == NEWEST
    assert (post.post_id, post.parent_id) == ("7", "1")
    assert (post.text, post.author_id, post.replies_count) == ("", None, None)


@pytest.mark.parametrize("body", [b"[1, 2, 3]", b"8863", b"null"])
def test_lists_of_numbers_hold_no_posts(body: bytes) -> None:
    assert understood(body) == []


def test_options_of_polls_are_no_posts() -> None:
    assert understood({"id": 1, "type": "pollopt", "time": BASE, "text": "yes"}) == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"status": 404, "error": "Not Found"}, SourceGone),
        ({"message": "invalid filter", "status": 400}, PayloadError),
        ({"hits": [], "nbHits": 0, "message": "you can only fetch the 1000 hits"}, PayloadError),
        ({"surprise": 1}, PayloadError),
        ({"hits": 3}, PayloadError),
    ],
)
def test_refusals_are_errors(body: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        understood(body)


# The verbs


def test_mentions_ask_for_phrases_and_for_links() -> None:
    asked: list[dict[str, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        return httpx.Response(200, json={"hits": [hit(1, BASE + 5)], "nbPages": 1})

    found = ask("mentions", handler, terms=('Acme "x"', ""), options={"domains": ["acme.nl"]})
    assert len(found) == 1
    term, domain = asked
    assert term["query"] == '"Acme x"'
    assert term["tags"] == "(story,comment)"
    assert term["numericFilters"] == f"created_at_i>{BASE}"
    assert (domain["query"], domain["restrictSearchableAttributes"]) == ("acme.nl", "url")


def test_the_cap_of_a_search_is_walked_round_in_slices() -> None:
    hits = [hit(number, BASE + 1 + number // 3) for number in range(2_345)]
    found = posts(ask("mentions", searching(hits), terms=("Acme",)))
    assert len(found) == 2_345
    assert len({post.post_id for post in found}) == 2_345


def test_more_than_the_cap_in_one_second_is_told() -> None:
    hits = [hit(number, BASE + 1) for number in range(1_100)]
    with pytest.raises(PayloadError, match="one second"):
        ask("mentions", searching(hits), terms=("Acme",))


def test_the_timeline_of_an_account() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["tags"])
        return httpx.Response(200, json={"hits": [], "nbPages": 0})

    assert ask("timeline", handler, accounts=("acme", "acme_nl")) == []
    assert asked == ["author_acme", "author_acme_nl"]


def test_the_inbox_holds_answers_to_stories_and_to_comments() -> None:
    trees = {
        "1": node(1, node(2, node(3, parent_id=2)), type="story", parent_id=None, author="jo"),
        "8": node(8, node(9, parent_id=8), author="jo"),
    }
    own = [
        hit(1, BASE + 1, num_comments=2),
        comment_hit(8, 1, 1, author="jo", children=[9]),
        hit(10, BASE + 3, num_comments=0),
        hit(11, BASE + 4, num_comments=1),
    ]

    def handler(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        if name == "search_by_date":
            return httpx.Response(200, json={"hits": own, "nbPages": 1})
        if name in trees:
            return httpx.Response(200, json=trees[name])
        assert name == "11"
        return httpx.Response(404, json={"status": 404, "error": "Not Found"})

    found = posts(ask("inbox", handler, accounts=("jo",)))
    assert [(post.post_id, post.parent_id) for post in found] == [("2", "1"), ("9", "8")]


def test_a_thread_is_one_question() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json=node(1, node(2), type="story", parent_id=None))

    post = Post(platform="hackernews", post_id="2", kind="comment", root_id="1", observed_at=NEWEST)
    assert len(ask("thread", handler, post)) == 2
    assert asked == ["https://hn.algolia.com/api/v1/items/1"]


def test_refresh_tells_what_changed_and_what_is_gone() -> None:
    now = {
        "1": {"id": 1, "type": "story", "time": BASE, "by": "jo", "title": "New", "score": 7},
        "2": {"id": 2, "type": "comment", "time": BASE, "by": "kim", "parent": 9, "text": "x"},
        "3": None,
        "4": {"id": 4, "type": "comment", "time": BASE, "parent": 1, "deleted": True},
    }

    def handler(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2].removesuffix(".json")
        return httpx.Response(200, text=json.dumps(now[name]))

    known = [
        Post(
            platform="hackernews",
            post_id=name,
            native_id=name,
            kind="reply",
            text="words",
            author_id="jo",
            root_id="1",
            created_at=NEWEST - timedelta(days=1),
            observed_at=LONG_AGO,
        )
        for name in now
    ]
    story, reply, gone, deleted = posts(ask("refresh", handler, known))
    assert (story.title, story.likes_count, story.kind, story.deleted_at) == (
        "New",
        7,
        "post",
        None,
    )
    assert (reply.kind, reply.root_id, reply.deleted_at) == ("reply", "1", None)
    assert gone.deleted_at is not None
    assert (gone.text, gone.author_id, gone.root_id) == ("", None, "1")
    assert gone.created_at == known[2].created_at
    assert deleted.deleted_at is not None


def test_a_server_of_ones_own_stands_in_for_both() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={"hits": [], "nbPages": 0})

    ask("mentions", handler, terms=("Acme",), server="https://hn.example")
    assert asked == ["/api/v1/search_by_date"]


@pytest.mark.parametrize(
    "body", [{"id": "kim", "created": 1, "karma": 2}, {"items": [1], "profiles": ["kim"]}]
)
def test_people_and_what_changed_lately_hold_no_posts(body: dict[str, Any]) -> None:
    assert understood(body) == []
