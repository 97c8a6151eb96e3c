"""GitHub: searches with a cap, comments that searches do not find, limits told with 403."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import github
from connectors.github_ask import LAST_PAGE
from connectors.paging import understand
from connectors.testing import (
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    gaps,
    posts,
    until_error,
)
from pipeline.errors import (
    AccountGone,
    LuisterError,
    PartGone,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
)
from pipeline.post import Post, Read, Rejected
from pipeline.source import Reply, Source

SINCE = NEWEST - timedelta(days=7)
API = "https://api.github.com"
NO_TOKEN: Mapping[str, str] = {}
REPOSITORY = "repos/acme/bike"


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def user(login: str = "kim", **more: Any) -> dict[str, Any]:
    return {
        "login": login,
        "id": 7,
        "type": "User",
        "html_url": f"https://github.com/{login}",
    } | more


def issue(number: int, at: datetime = NEWEST, **more: Any) -> Element:
    return {
        "url": f"{API}/{REPOSITORY}/issues/{number}",
        "html_url": f"https://github.com/acme/bike/issues/{number}",
        "id": number,
        "number": number,
        "title": "It squeaks",
        "user": user(),
        "labels": [{"name": "bug"}],
        "comments": 0,
        "created_at": stamp(at),
        "updated_at": stamp(at),
        "body": "Hi @acme-help,\r\nsee [this](https://acme.nl/a_(b)). `@nobody`",
        "reactions": {"+1": 2, "-1": 1, "total_count": 3},
    } | more


def comment(number: int, of: int, **more: Any) -> Element:
    return {
        "url": f"{API}/{REPOSITORY}/issues/comments/{number}",
        "html_url": f"https://github.com/acme/bike/issues/{of}#issuecomment-{number}",
        "issue_url": f"{API}/{REPOSITORY}/issues/{of}",
        "id": number,
        "user": user("lee"),
        "created_at": stamp(NEWEST),
        "updated_at": stamp(NEWEST),
        "body": "same here",
    } | more


def listed(request: httpx.Request, body: Any, *, more: bool) -> httpx.Response:
    headers = {"link": f'<{request.url}&next>; rel="next"'} if more else {}
    return httpx.Response(200, json=body, headers=headers)


class TestGitHub(ConnectorContract):
    platform = "github"
    source = Source(name="hub", platform="github", terms=("Acme",))
    promised = "created_at"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return issue(number, created_at)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        query = request.url.params["q"]
        if "is:pr" in query:
            return listed(request, {"items": []}, more=False)
        number, since = int(request.url.params["page"]), query.partition("updated:>=")[2]
        chosen = pages[min(number, len(pages)) - 1]
        is_turning = isinstance(chosen, str)
        found = pages[0] if is_turning else chosen
        kept = [each for each in found if each["updated_at"] >= since]
        return listed(request, {"items": kept}, more=is_turning or number < len(pages))


class Api:
    """The API as a table of paths and of queries; remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.URL] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        path = request.url.path.removeprefix("/")
        if path == "search/issues":
            query = request.url.params["q"].partition(" is:public")[0]
            return httpx.Response(200, json={"items": self.answers.get(query, [])})
        if path not in self.answers:
            return httpx.Response(404, json={"message": "Not Found"})
        return httpx.Response(200, json=self.answers[path])


def ask(
    verb: str, handler: Handler, *rest: Any, secrets: Mapping[str, str] = NO_TOKEN, **source: Any
) -> list[Read]:
    asked = Source(name="hub", platform="github", **source)
    with client_for(github, asked, handler, **secrets) as client:
        return list(getattr(github, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any) -> list[Read]:
    return list(understand(github, [reply_of(body)]))


def reply_of(body: Any, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    raw = json.dumps(body).encode()
    return Reply(url=API, status=status, headers=named, body=raw, observed_at=NEWEST)


# What an item says


def test_an_issue_and_its_comments() -> None:
    review = {
        "url": f"{API}/{REPOSITORY}/pulls/comments/9",
        "pull_request_url": f"{API}/{REPOSITORY}/pulls/1",
        "issue_url": None,
        "in_reply_to_id": 8,
        "updated_at": stamp(NEWEST + timedelta(hours=1)),
    }
    opened, said, answered = posts(understood([issue(1), comment(5, 1), comment(9, 1, **review)]))
    assert (opened.post_id, opened.kind) == ("https://github.com/acme/bike/issues/1", "post")
    assert (opened.title, opened.tags) == ("It squeaks", ("bug",))
    assert opened.text.startswith("Hi @acme-help,\nsee")
    assert opened.mentions == ("acme-help",)
    assert opened.links == ("https://acme.nl/a_(b)",)
    assert (opened.likes_count, opened.replies_count, opened.edited_at) == (2, 0, None)
    assert (said.kind, said.parent_id) == ("comment", opened.aliases[0])
    assert (said.likes_count, said.replies_count, said.edited_at) == (None, None, None)
    assert (answered.kind, answered.parent_id) == ("reply", f"{REPOSITORY}/pulls/comments/8")
    assert answered.edited_at == NEWEST + timedelta(hours=1)
    assert {each.root_id for each in (opened, said, answered)} == {f"{REPOSITORY}/issues/1"}


def test_bots_are_told_and_deleted_accounts_are_nobody() -> None:
    bot, ghost, old = posts(
        understood(
            [
                issue(1, user=user("renovate[bot]", type="Bot")),
                issue(2, user=None, body=None),
                issue(3, user={"login": "jo"}),
            ]
        )
    )
    assert (bot.author_is_bot, old.author_is_bot) == (True, None)
    assert (ghost.author_id, ghost.author_is_bot, ghost.text) == (None, None, "")


# What is asked


def test_a_term_finds_issues_and_their_new_comments() -> None:
    api = Api(
        {
            '"Acme Bike" is:issue': [issue(1, comments=1)],
            '"Acme Bike" is:pr': [issue(2)],
            f"{REPOSITORY}/issues/1/comments": [comment(5, 1)],
        }
    )
    found = posts(ask("mentions", api, terms=('Acme "Bike"',)))
    assert [post.kind for post in found] == ["post", "comment", "post"]
    assert api.asked[0].params["q"].endswith(f"is:public updated:>={stamp(SINCE)}")
    assert api.asked[1].params["since"] == stamp(SINCE)


def test_beyond_the_cap_time_is_cut() -> None:
    asked: list[tuple[str, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        query, page = request.url.params["q"], int(request.url.params["page"])
        if "is:pr" in query:
            return listed(request, {"items": []}, more=False)
        asked.append((query.partition("updated:")[2], str(page)))
        if ".." in query:
            return listed(request, {"items": [issue(99, NEWEST - timedelta(days=1))]}, more=False)
        found = [issue(page, NEWEST - timedelta(hours=page))]
        return listed(request, {"items": found}, more=page < LAST_PAGE)

    assert len(posts(ask("mentions", handler, terms=("Acme",)))) == LAST_PAGE + 1
    assert asked[-1] == (f"{stamp(SINCE)}..{stamp(NEWEST - timedelta(hours=10))}", "1")


def test_a_search_that_took_too_long_leaves_a_gap() -> None:
    body = {"items": [issue(1)], "incomplete_results": True}
    reads = ask("mentions", lambda _: httpx.Response(200, json=body), terms=("Acme",))
    assert len(posts(reads)) == 1
    assert [gap.gap_from for gap in gaps(reads)] == [SINCE, SINCE]


def test_timeline_holds_what_the_account_opened_and_commented() -> None:
    api = Api(
        {
            "author:lee is:pr": [issue(2, user=user("Lee"))],
            "commenter:lee is:issue": [issue(1, comments=2)],
            f"{REPOSITORY}/issues/1/comments": [comment(5, 1), comment(6, 1, user=user("pat"))],
        }
    )
    found = posts(ask("timeline", api, accounts=("lee",)))
    assert [post.native_id for post in found] == [
        f"{REPOSITORY}/issues/2",
        f"{REPOSITORY}/issues/comments/5",
    ]


def test_inbox_holds_ones_own_repositories_and_what_names_the_account() -> None:
    named = comment(6, 7, body="ping @Acme-Help")
    api = Api(
        {
            f"{REPOSITORY}/issues": [issue(1), issue(2, user=user("acme-help"))],
            f"{REPOSITORY}/issues/comments": [comment(5, 1)],
            f"{REPOSITORY}/pulls/comments": [],
            f"{REPOSITORY}/comments": [],
            "mentions:acme-help is:issue": [issue(7, body="", comments=2)],
            f"{REPOSITORY}/issues/7/comments": [named, comment(8, 7)],
        }
    )
    found = posts(
        ask(
            "inbox",
            api,
            accounts=("acme-help",),
            options={"repositories": ("acme/bike",)},
        )
    )
    assert [(post.native_id or "").rpartition("/")[2] for post in found] == ["1", "5", "6"]


def remark(number: int, at: datetime = NEWEST) -> Element:
    return {
        "url": f"{API}/{REPOSITORY}/comments/{number}",
        "html_url": f"https://github.com/acme/bike/commit/ab12#commitcomment-{number}",
        "id": number,
        "commit_id": "ab12",
        "path": "bell.py",
        "user": user("lee"),
        "created_at": stamp(at),
        "updated_at": stamp(at),
        "body": "this broke the bell",
    }


def test_comments_on_commits_are_all_read_where_the_list_does_not_tell_its_length() -> None:
    pages = [[remark(1, NEWEST - timedelta(days=90))], [remark(2)]]

    def answer(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith(f"{REPOSITORY}/comments"):
            return httpx.Response(200, json=[])
        number = int(request.url.params["page"])
        further = {"link": f'<{request.url.copy_set_param("page", 2)}>; rel="next"'}
        return httpx.Response(200, json=pages[number - 1], headers=further if number == 1 else {})

    found = posts(ask("inbox", answer, options={"repositories": ("acme/bike",)}))
    assert [post.native_id for post in found] == [f"{REPOSITORY}/comments/2"]


def told_of(verb: str, handler: Handler, **source: Any) -> tuple[list[Read], LuisterError]:
    asked = Source(name="hub", platform="github", **source)
    with client_for(github, asked, handler) as client:
        return until_error(getattr(github, verb)(asked, client, SINCE))


def test_comments_on_commits_that_the_token_may_not_read_end_nothing_else() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("bike/comments"):
            return httpx.Response(403, json={"message": "Resource not accessible"})
        is_list = request.url.path.endswith(f"{REPOSITORY}/issues")
        return httpx.Response(200, json=[issue(1)] if is_list else [])

    seen, error = told_of("inbox", answer, options={"repositories": ("acme/bike",)})
    assert len(seen) == 1
    assert isinstance(error, PartGone)
    assert "read contents" in error.todo


def test_a_login_that_is_gone_keeps_no_other_from_being_read() -> None:
    gone = {"message": "Validation Failed", "errors": [{"message": "users cannot be searched"}]}

    def answer(request: httpx.Request) -> httpx.Response:
        query = request.url.params["q"]
        if "gone" in query:
            return httpx.Response(422, json=gone)
        found = [issue(1, user=user("acme"))] if "author:acme is:issue" in query else []
        return httpx.Response(200, json={"total_count": len(found), "items": found})

    seen, error = told_of("timeline", answer, accounts=("gone", "acme"))
    assert [post.author_handle for post in posts(seen)] == ["acme"]
    assert isinstance(error, AccountGone)
    assert error.what == "gone: not there: Validation Failed – users cannot be searched"


def test_comments_on_commits_are_read_from_the_last_page_back() -> None:
    old, new = NEWEST - timedelta(days=90), NEWEST
    pages = [[remark(1, old)], [remark(2, old), remark(3, new)], [remark(4, new)]]
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith(f"{REPOSITORY}/comments"):
            return httpx.Response(200, json=[])
        number = int(request.url.params["page"])
        asked.append(number)
        headers = {"link": f'<{request.url.copy_set_param("page", 3)}>; rel="last"'}
        return httpx.Response(200, json=pages[number - 1], headers=headers)

    found = posts(ask("inbox", answer, options={"repositories": ("acme/bike",)}))
    assert [post.native_id for post in found] == [
        f"{REPOSITORY}/comments/4",
        f"{REPOSITORY}/comments/3",
    ]
    assert asked == [1, 3, 2]
    assert (found[0].kind, found[0].parent_id, found[0].root_id) == (
        "comment",
        f"{REPOSITORY}/commits/ab12",
        f"{REPOSITORY}/commits/ab12",
    )


def test_the_thread_of_a_comment_on_a_commit_is_what_was_said_of_the_commit() -> None:
    (known,) = posts(understood([remark(4)]))
    place = f"{REPOSITORY}/commits/ab12"
    api = Api({place: {"sha": "ab12"}, f"{place}/comments": [remark(4), remark(5)]})
    assert len(posts(ask("thread", api, known))) == 2
    alone = posts(ask("refresh", Api({f"{REPOSITORY}/comments/4": remark(4)}), [known]))
    assert [each.deleted_at for each in alone] == [None]


def review(number: int, pull: int, body: str = "Prima") -> Element:
    return {
        "id": number,
        "body": body,
        "html_url": f"https://github.com/acme/bike/pull/{pull}#pullrequestreview-{number}",
        "pull_request_url": f"{API}/{REPOSITORY}/pulls/{pull}",
        "submitted_at": stamp(NEWEST),
    }


def test_a_thread_is_the_issue_with_its_comments() -> None:
    api = Api(
        {
            f"{REPOSITORY}/issues/1": issue(1),
            f"{REPOSITORY}/issues/1/comments": [comment(5, 1)],
            f"{REPOSITORY}/pulls/1/comments": [comment(9, 1)],
            f"{REPOSITORY}/pulls/1/reviews": [review(80, 1), review(81, 1, body="")],
        }
    )
    (said,) = posts(understood([comment(5, 1)]))
    assert len(posts(ask("thread", api, said))) == 2
    pull = "https://github.com/acme/bike/pull/1#issuecomment-5"
    (under_pull,) = posts(understood([comment(5, 1, html_url=pull)]))
    found = posts(ask("thread", api, under_pull))
    assert [(post.native_id or "").rpartition("/")[2] for post in found] == ["1", "5", "9", "80"]


def test_refresh_tells_what_is_gone() -> None:
    known = posts(understood([issue(1), comment(5, 1)]))
    api = Api({f"{REPOSITORY}/issues/1": issue(1, title="New")})
    changed, gone = posts(ask("refresh", api, known))
    assert (changed.title, changed.deleted_at) == ("New", None)
    assert (gone.post_id, gone.text, gone.author_id) == (known[1].post_id, "", None)
    assert gone.deleted_at is not None


def test_an_issue_that_moved_is_read_once_by_its_new_name() -> None:
    known = posts(understood([issue(1)]))
    moved = json.loads(json.dumps(issue(1)).replace(REPOSITORY, "repos/acme/renamed"))
    moved["html_url"] = "https://github.com/acme/renamed/issues/1"
    found = posts(ask("refresh", Api({f"{REPOSITORY}/issues/1": moved}), known))
    assert [(each.post_id, each.deleted_at is not None) for each in found] == [
        (moved["html_url"], False),
        (known[0].post_id, True),
    ]


@pytest.mark.parametrize("status", [404, 410])
def test_a_server_that_is_something_else_by_now_has_deleted_nothing(status: int) -> None:
    known = posts(understood([issue(1)]))
    with pytest.raises(SourceGone):
        ask("refresh", lambda _: httpx.Response(status, text="<html>moved</html>"), known)


def test_the_token_is_sent() -> None:
    sent: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["authorization"])
        if request.url.path == "/graphql":
            return httpx.Response(200, json={"data": {"search": {"nodes": []}}})
        return httpx.Response(200, json={"items": []})

    ask("mentions", handler, terms=("Acme",), secrets={"GITHUB_TOKEN": "t0ken"})
    assert set(sent) == {"Bearer t0ken"}


# What is refused


@pytest.mark.parametrize(
    ("words", "headers", "seconds"),
    [
        ("API rate limit exceeded", {"x_ratelimit_remaining": "0", "reset": "120"}, 120.0),
        ("API Rate Limit Exceeded for 192.0.2.7", {}, 60.0),
        ("You have exceeded a secondary rate limit", {}, 60.0),
        ("You have triggered an abuse detection mechanism", {"retry_after": "90"}, 90.0),
    ],
)
def test_limits_are_told_with_403(words: str, headers: dict[str, str], seconds: float) -> None:
    told = dict(headers)
    if "reset" in told:
        told["x_ratelimit_reset"] = str(int(NEWEST.timestamp()) + int(told.pop("reset")))
    error = github.refusal(reply_of({"message": words}, 403, **told))
    assert isinstance(error, RateLimited)
    assert error.seconds == seconds


def test_other_refusals_stay_what_they_are() -> None:
    with pytest.raises(SourceRefused, match="Resource not accessible"):
        ask(
            "mentions",
            lambda _: httpx.Response(403, json={"message": "Resource not accessible"}),
            terms=("Acme",),
        )
    with pytest.raises(PayloadError, match="Validation Failed"):
        ask(
            "mentions",
            lambda _: httpx.Response(422, json={"message": "Validation Failed"}),
            terms=("Acme",),
        )


def test_a_post_at_an_odd_address_is_rejected() -> None:
    (odd,) = understood([issue(1, url="https://example.org/1")])
    assert not isinstance(odd, Post)


def test_an_issue_without_its_number_is_told() -> None:
    (odd,) = understood([issue(1) | {"number": None}])
    assert isinstance(odd, Rejected)
    assert "without its number" in odd.reason


def test_a_review_that_says_something_is_a_comment_and_one_that_only_approves_is_none() -> None:
    review: Element = {
        "id": 80,
        "user": {"login": "kim", "type": "User"},
        "body": "Prima, @piet",
        "state": "APPROVED",
        "html_url": "https://github.com/acme/bike/pull/7#pullrequestreview-80",
        "pull_request_url": "https://api.github.com/repos/acme/bike/pulls/7",
        "submitted_at": "2026-01-02T03:04:05Z",
    }
    (found,) = posts(understood([review, review | {"id": 81, "body": ""}]))
    assert (found.kind, found.text, found.mentions) == ("comment", "Prima, @piet", ("piet",))
    assert found.root_id == "repos/acme/bike/issues/7"
    assert found.created_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_timeline_holds_comments_and_a_milestone_is_no_issue() -> None:
    said = comment(5, 7, event="commented")
    labelled: Element = {"event": "labeled", "id": 1, "created_at": "2026-01-02T03:04:05Z"}
    milestone: Element = {
        "url": "https://api.github.com/repos/acme/bike/milestones/1",
        "html_url": "https://github.com/acme/bike/milestone/1",
        "number": 1,
        "title": "Spring",
        "created_at": "2026-01-02T03:04:05Z",
    }
    assert [each.kind for each in posts(understood([said, labelled, milestone]))] == ["comment"]


def test_comments_on_lines_stand_together_in_a_timeline() -> None:
    said = [comment(5, 7), comment(6, 7)]
    together = {"event": "line-commented", "node_id": "x", "comments": said}
    assert [each.url for each in posts(understood([together]))] == [
        each["html_url"] for each in said
    ]


@pytest.mark.parametrize(
    "where", [{"repository": {"private": True}}, {"base": {"repo": {"private": True}}}]
)
def test_what_stands_in_a_private_repository_is_not_kept(where: Element) -> None:
    (hidden,) = posts(understood([issue(7, **where)]))
    assert not hidden.is_keepable
    (shown,) = posts(understood([issue(7, repository={"private": False}, base={"repo": None})]))
    assert shown.is_keepable


def test_a_review_that_was_not_sent_yet_is_nothing_anybody_said() -> None:
    pull = f"{API}/{REPOSITORY}/pulls/7"
    draft: Element = {"id": 1, "state": "PENDING", "body": "hm", "pull_request_url": pull}
    assert understood([draft]) == []


def test_whom_a_quoted_comment_names_is_named_by_another() -> None:
    (found,) = posts(understood([comment(5, 1, body="> @acme it broke\n\n@lee no, it works")]))
    assert found.mentions == ("lee",)


def test_a_pull_request_has_the_name_under_which_it_is_answered() -> None:
    pull = issue(7, NEWEST)
    pull |= {"url": pull["url"].replace("/issues/", "/pulls/")}
    (found,) = posts(understood([pull]))
    (answer,) = posts(understood([comment(5, 7)]))
    assert answer.parent_id in found.aliases


def test_a_pull_request_that_names_its_issue_is_no_comment_on_it() -> None:
    pull = issue(7, issue_url=f"{API}/{REPOSITORY}/issues/7")
    pull |= {
        "url": f"{API}/{REPOSITORY}/pulls/7",
        "html_url": "https://github.com/acme/bike/pull/7",
    }
    (found,) = posts(understood([pull]))
    assert (found.kind, found.title, found.parent_id) == ("post", "It squeaks", None)
    assert found.native_id == found.root_id == f"{REPOSITORY}/issues/7"


def test_a_comment_of_a_review_and_a_review_are_refreshed_by_their_own_names() -> None:
    pull = f"{API}/{REPOSITORY}/pulls/7"
    line: Element = comment(9, 7, url=f"{API}/{REPOSITORY}/pulls/comments/9", pull_request_url=pull)
    del line["issue_url"]
    paths = {
        f"{REPOSITORY}/pulls/comments/9": line,
        f"{REPOSITORY}/pulls/7/reviews/80": review(80, 7),
    }
    known = posts(understood(list(paths.values())))
    assert [each.native_id for each in known] == list(paths)
    again = posts(ask("refresh", Api(dict(paths)), known))
    assert [(each.post_id, each.text) for each in again] == [
        (each.post_id, each.text) for each in known
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<!-- Thanks @lee for using Acme! -->\r\n\r\nIt squeaks", "It squeaks"),
        ("One <!-- a\nb --> two", "One  two"),
        ("Put `<!-- Acme -->` there", "Put `<!-- Acme -->` there"),
        ("```html\n<!-- Acme -->\n```", "```html\n<!-- Acme -->\n```"),
        ("<!-- `code` --> seen", "seen"),
        ("An arrow <!-- never closed", "An arrow <!-- never closed"),
        ("~~~\n<!-- @lee -->\n~~~~\n<!-- x -->", "~~~\n<!-- @lee -->\n~~~~"),
        ("```\n<!-- @lee --> to the end", "```\n<!-- @lee --> to the end"),
        ("Put ``a ` <!-- b\n@lee -->`` in", "Put ``a ` <!-- b\n@lee -->`` in"),
        ("So:\n\n    <!-- @lee -->\n\tx", "So:\n\n    <!-- @lee -->\n\tx"),
        ("1. Step\n\n    <!-- @lee -->\n    two", "1. Step\n\n    \n    two"),
        ("It `squeaks\n\n<!-- `tell` us -->more", "It `squeaks\n\nmore"),
        (r"Not \`<!-- code -->\`", r"Not \`\`"),
        ("<!-->a<!-- b\n\n```\n-->c", "ac"),
    ],
)
def test_what_a_template_hides_from_the_reader_is_not_said(body: str, said: str) -> None:
    (found,) = posts(understood([issue(1, body=body)]))
    assert (found.text, found.mentions) == (said, ())


@pytest.mark.parametrize("part", ["<!--", "<!---->", "`", "``<!-- ", "```\n", "- `\n\n", "@a`b "])
def test_no_body_of_an_issue_takes_long_to_read(part: str) -> None:
    begun = time.process_time()
    posts(understood([issue(1, body=part * (65_536 // len(part)))]))
    assert time.process_time() - begun < 2
