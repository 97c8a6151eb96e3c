"""GitHub discussions: an API that answers everything with 200, and lists within lists."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx
import pytest

from connectors import github
from connectors.paging import understand
from connectors.testing import (
    NEWEST,
    ConnectorContract,
    Element,
    client_for,
    posts,
    rejected,
)
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.inspect import inspect
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

SINCE = NEWEST - timedelta(days=7)
OLD = NEWEST - timedelta(days=90)


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def said(number: str, kind: str, at: datetime, **more: Any) -> Element:
    author = {"__typename": "User", "login": "kim", "url": "https://github.com/kim"}
    return {
        "__typename": kind,
        "id": number,
        "url": f"https://github.com/acme/bike/discussions/1#{number}",
        "body": "Hi @acme-help, see [this](https://acme.nl/a). `@nobody`",
        "createdAt": stamp(at),
        "lastEditedAt": None,
        "upvoteCount": 3,
        "author": author,
    } | more


def topic(number: int, at: datetime = NEWEST, **more: Any) -> Element:
    return said(
        f"D_{number}",
        "Discussion",
        at,
        **{
            "url": f"https://github.com/acme/bike/discussions/{number}",
            "title": "Does it float?",
            "updatedAt": stamp(at),
            "labels": {"nodes": [{"name": "boats"}]},
            "repository": {"isPrivate": False},
            "comments": {"totalCount": 0},
        }
        | more,
    )


def remark(number: int, at: datetime = NEWEST, **more: Any) -> Element:
    above = {"id": "D_1", "repository": {"isPrivate": False}}
    bare = {"deletedAt": None, "replyTo": None, "discussion": above}
    return said(f"DC_{number}", "DiscussionComment", at, **bare | more)


def answer(number: int, to: int, at: datetime = NEWEST) -> Element:
    return remark(number, at, replyTo={"id": f"DC_{to}"})


def page_of(nodes: Sequence[Any], cursor: str | None = None, **more: Any) -> dict[str, Any]:
    page = {"hasNextPage": cursor is not None, "endCursor": cursor}
    return {"pageInfo": page, "nodes": list(nodes)} | more


def given(**data: Any) -> httpx.Response:
    cost = {"cost": 1, "remaining": 4_999, "resetAt": stamp(NEWEST)}
    return httpx.Response(200, json={"data": {"rateLimit": cost, **data}})


class TestDiscussions(ConnectorContract):
    platform = "github"
    source = Source(name="hub", platform="github", terms=("Acme",))
    secrets: ClassVar = {"GITHUB_TOKEN": "t0ken"}
    promised = "createdAt"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return topic(number, created_at, repository={"isPrivate": private})

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        if not request.url.path.endswith("graphql"):
            return httpx.Response(200, json={"items": []})
        variables = json.loads(request.content)["variables"]
        number = int(variables["after"] or 1)
        since = variables["asked"].partition("updated:>=")[2].partition(" ")[0]
        chosen = pages[min(number, len(pages)) - 1]
        is_turning = isinstance(chosen, str)
        found = pages[0] if is_turning else chosen
        kept = [each for each in found if each["updatedAt"] >= since]
        more = str(1 if is_turning else number + 1) if is_turning or number < len(pages) else None
        return given(search=page_of(kept, more))


class Graph:
    """Both APIs: nothing in the one, and in the other what stands in a table by what is asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("graphql"):
            body: Any = {"items": []} if "search" in request.url.path else []
            return httpx.Response(200, json=body)
        variables = json.loads(request.content)["variables"]
        self.asked.append(variables)
        if "asked" in variables:
            asked = variables["asked"].partition(" is:public")[0]
            return given(search=page_of(self.answers.get(asked, [])))
        if "name" in variables:
            found = self.answers.get(f"{variables['owner']}/{variables['name']}")
            return given(repository=found and {"discussions": page_of(found)})
        key = variables["id"] + (variables["after"] or "")
        return given(node=self.answers[key])


def ask(verb: str, handler: Any, *rest: Any, token: str = "t0ken", **source: Any) -> list[Read]:
    asked = Source(name="hub", platform="github", **source)
    secrets = {"GITHUB_TOKEN": token} if token else {}
    with client_for(github, asked, handler, **secrets) as client:
        return list(getattr(github, verb)(asked, client, *(rest or (SINCE,))))


def reply_of(body: Any, **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    raw = json.dumps(body).encode()
    return Reply(url="https://api.github.com/graphql", headers=named, body=raw, observed_at=NEWEST)


def understood(data: Any) -> list[Read]:
    return list(understand(github, [reply_of({"data": data})]))


CONVERSATION = topic(
    1,
    comments=page_of(
        [
            remark(1, replies=page_of([answer(2, 1), answer(3, 1)], "more", totalCount=3)),
            remark(5, OLD, replies=page_of([], totalCount=0)),
        ],
        totalCount=2,
    ),
)
THE_REST = remark(1, replies=page_of([answer(4, 1)], totalCount=3))


# What a discussion says


def test_a_discussion_with_its_comments_and_answers() -> None:
    opened, first, second, _, old = posts(understood({"node": CONVERSATION}))
    assert (opened.kind, opened.post_id) == ("post", "https://github.com/acme/bike/discussions/1")
    assert (opened.title, opened.tags, opened.mentions) == (
        "Does it float?",
        ("boats",),
        ("acme-help",),
    )
    assert (opened.likes_count, opened.replies_count, opened.edited_at) == (3, 2, None)
    assert opened.links == ("https://acme.nl/a",)
    assert (first.kind, first.parent_id, first.replies_count) == ("comment", "D_1", 3)
    assert (second.kind, second.parent_id, second.aliases) == ("reply", "DC_1", ("DC_2",))
    assert {post.root_id for post in (opened, first, second, old)} == {"D_1"}
    assert "DC_1" not in opened.payload
    assert "DC_2" not in first.payload


def test_bots_have_one_name_in_both_apis_and_deleted_accounts_none() -> None:
    bot = {"__typename": "Bot", "login": "renovate", "url": "https://github.com/apps/renovate"}
    reads = understood({"nodes": [topic(1, author=bot), topic(2, author=None)]})
    robot, ghost = posts(reads)
    assert (robot.author_handle, robot.author_is_bot) == ("renovate[bot]", True)
    assert (ghost.author_id, ghost.author_is_bot) == (None, None)


def test_of_a_deleted_comment_only_its_place_is_kept() -> None:
    (gone,) = posts(understood({"node": remark(1, deletedAt=stamp(NEWEST))}))
    assert (gone.deleted_at, gone.text, gone.author_id, gone.payload) == (NEWEST, "", None, "null")
    assert gone.parent_id == "D_1"


def test_an_edit_is_told() -> None:
    (edited,) = posts(understood({"node": topic(1, OLD, lastEditedAt=stamp(NEWEST))}))
    assert (edited.created_at, edited.edited_at) == (OLD, NEWEST)


def test_inspect_knows_an_answer_by_its_shape() -> None:
    body = json.dumps({"data": {"node": CONVERSATION}}).encode()
    assert len(list(inspect(github, body, verb="thread"))) == 5
    assert list(inspect(github, b'{"data": {"rateLimit": {"cost": 1}}}')) == []


def test_whole_answers_may_be_kept_in_one_list() -> None:
    page = {"data": {"node": CONVERSATION}}
    others = [{"data": {"rateLimit": {"cost": 1}}}, {"data": {"node": topic(9)}}]

    kept = posts(understand(github, [reply_of([page, *others])]))

    found = [*posts(understood(page["data"])), *posts(understood({"node": topic(9)}))]
    assert [each.post_id for each in kept] == [each.post_id for each in found]
    assert len(found) == 6
    (odd,) = rejected(understand(github, [reply_of([{"data": {"nodes": [None]}}])]))
    assert odd.path == "$[0].data.nodes[0]"


# What is asked


def test_a_term_finds_discussions_and_what_is_new_under_them() -> None:
    found = topic(1, OLD, updatedAt=stamp(NEWEST), comments={"totalCount": 2})
    graph = Graph({'"Acme"': [found], "D_1": CONVERSATION, "DC_1more": THE_REST})
    read = posts(ask("mentions", graph, terms=("Acme",)))
    assert [post.native_id for post in read] == ["D_1", "DC_1", "DC_2", "DC_3", "DC_4"]
    assert graph.asked[0]["asked"].endswith(f"updated:>={stamp(SINCE)} sort:updated-desc")


def test_without_a_token_no_discussion_is_asked_for() -> None:
    graph = Graph({'"Acme"': [topic(1)]})
    assert ask("mentions", graph, terms=("Acme",), token="") == []
    assert graph.asked == []


def test_beyond_the_cap_time_is_cut() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("graphql"):
            return httpx.Response(200, json={"items": []})
        variables = json.loads(request.content)["variables"]
        page = int(variables["after"] or 1)
        asked.append(variables["asked"])
        if ".." in variables["asked"]:
            return given(search=page_of([topic(99)]))
        found = [topic(page, NEWEST - timedelta(hours=page))]
        return given(search=page_of(found, str(page + 1) if page < 10 else None))

    assert len(posts(ask("mentions", handler, terms=("Acme",)))) == 11
    assert f"..{stamp(NEWEST - timedelta(hours=10))}" in asked[-1]


def test_timeline_holds_what_the_account_opened_and_answered() -> None:
    lee = {"__typename": "User", "login": "Lee"}
    graph = Graph({"author:lee": [topic(2, author=lee)], "commenter:lee": [topic(1)]})
    found = posts(ask("timeline", graph, accounts=("lee",)))
    assert [post.native_id for post in found] == ["D_2"]


def test_inbox_holds_ones_own_repositories_until_they_are_old() -> None:
    graph = Graph({"acme/bike": [topic(3), topic(2, OLD)]})
    found = ask("inbox", graph, options={"repositories": ("acme/bike",)})
    assert [post.native_id for post in posts(found)] == ["D_3", "D_2"]
    assert len(graph.asked) == 1


def test_a_thread_has_all_answers() -> None:
    graph = Graph({"D_1": CONVERSATION, "DC_1more": THE_REST})
    (known, *_) = posts(understood({"node": CONVERSATION}))
    found = {post.native_id for post in posts(ask("thread", graph, known))}
    assert found == {"D_1", "DC_1", "DC_2", "DC_3", "DC_4", "DC_5"}


def test_refresh_asks_for_a_hundred_at_once_and_tells_what_is_gone() -> None:
    known = posts(understood({"nodes": [topic(number) for number in range(101)]}))
    sizes: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        ids = json.loads(request.content)["variables"]["ids"]
        sizes.append(len(ids))
        nodes = [None if each == "D_7" else topic(int(each[2:]), title="New") for each in ids]
        gone = {"type": "NOT_FOUND", "path": ["nodes", 7], "message": "Could not resolve"}
        errors = [gone] if "D_7" in ids else []
        return httpx.Response(200, json={"data": {"nodes": nodes}, "errors": errors})

    now = posts(ask("refresh", handler, known))
    assert sizes == [100, 1]
    assert len(now) == 101
    assert [post.native_id for post in now if post.deleted_at] == ["D_7"]


def test_what_is_spent_is_counted() -> None:
    graph = Graph({'"Acme"': [topic(1)]})
    asked = Source(name="hub", platform="github", terms=("Acme",))
    with client_for(github, asked, graph, GITHUB_TOKEN="t0ken") as client:
        list(github.mentions(asked, client, SINCE))
        assert client.usage.spent == {"points": 1}


# What is refused


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"type": "RATE_LIMITED", "message": "API rate limit exceeded"}, RateLimited),
        ({"type": "RATE_LIMIT", "message": "already exceeded"}, RateLimited),
        ({"message": "You have exceeded a secondary rate limit"}, RateLimited),
        ({"type": "NOT_FOUND", "message": "Could not resolve to a node"}, SourceGone),
        ({"type": "FORBIDDEN", "message": "Resource protected by SAML"}, SourceRefused),
        ({"message": "Something went wrong while executing your query"}, SourceUnavailable),
        ({"message": "Parse error", "locations": [{"line": 7, "column": 8}]}, PayloadError),
        (
            {"message": "Trouble", "locations": [{"line": 7, "column": 8}], "path": ["search"]},
            SourceUnavailable,
        ),
        ({"message": "No field", "extensions": {"code": "undefinedField"}}, PayloadError),
    ],
)
def test_an_error_comes_with_status_200(
    error: dict[str, Any], expected: type[LuisterError]
) -> None:
    fault = github.refusal(reply_of({"data": {"node": None}, "errors": [error]}))
    assert type(fault) is expected


def test_a_limit_tells_when_it_is_lifted() -> None:
    body = {"errors": [{"type": "RATE_LIMITED", "message": "exceeded"}]}
    reset = str(int(NEWEST.timestamp()) + 120)
    reply = reply_of(body, x_ratelimit_remaining="0", x_ratelimit_reset=reset)
    fault = github.refusal(reply)
    assert isinstance(fault, RateLimited)
    assert fault.seconds == 120.0


def test_a_null_without_a_word_why_is_set_apart() -> None:
    reads = understood({"search": page_of([topic(1), None])})
    assert len(posts(reads)) == len(rejected(reads)) == 1


@pytest.mark.parametrize("data", [None, {}, {"viewer": {}}, {"search": {}}, {"node": None}])
def test_an_answer_without_what_was_asked_is_no_silent_zero(data: Any) -> None:
    with pytest.raises(PayloadError):
        understood(data)


def test_a_comment_under_nothing_is_set_apart() -> None:
    (odd,) = understood({"node": remark(1, discussion=None)})
    assert not isinstance(odd, Post)
