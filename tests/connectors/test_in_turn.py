"""One name that cannot be read, of several, is told when the others were read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import (
    discourse,
    github,
    googlebusiness,
    lemmy,
    linkedin,
    reddit,
    trustpilot,
    tumblr,
    wordpress,
)
from connectors.paging import OF_ONE_SITE, in_turn, of_accounts
from connectors.testing import NEWEST, client_for
from pipeline.errors import (
    AccountGone,
    BudgetSpent,
    LuisterError,
    PartGone,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read
from pipeline.source import Source

SINCE = NEWEST - timedelta(days=7)


def said(name: str) -> Iterator[Read]:
    yield Post(platform="x", post_id=name, kind="post", observed_at=NEWEST)
    if name == "gone":
        raise SourceGone("is not there")
    if name == "closed":
        raise SourceRefused("the server refuses")
    if name == "down":
        raise SourceUnavailable("the server has trouble")
    if name == "spent":
        raise BudgetSpent("no more tonight")


def told(reads: Iterator[Read]) -> tuple[list[str], LuisterError | None]:
    names = []
    try:
        for each in reads:
            assert isinstance(each, Post)
            names.append(each.post_id)
    except LuisterError as error:
        return names, error
    return names, None


@pytest.mark.parametrize("order", [["a", "gone", "closed", "b"], ["a", "closed", "gone", "b"]])
def test_the_others_are_read_and_what_may_be_there_tomorrow_is_told(order: list[str]) -> None:
    names, error = told(in_turn(order, said, called="accounts"))
    assert names == order
    assert isinstance(error, SourceRefused)
    assert error.what == "closed: the server refuses (2 of 4 accounts failed)"
    assert told(in_turn(["a", "b"], said)) == (["a", "b"], None)


def test_where_some_are_gone_the_source_is_not() -> None:
    _, error = told(in_turn(["a", "gone"], said))
    assert isinstance(error, PartGone)
    assert (error.is_of_one, error.heard_others) == (True, True)
    _, error = told(in_turn(["gone"], said))
    assert type(error) is SourceGone
    _, error = told(in_turn(["gone"], said, others=1))
    assert isinstance(error, PartGone)
    assert not error.heard_others


def test_an_account_of_which_some_is_read_is_heard() -> None:
    _, error = told(of_accounts(["account"], lambda _: in_turn(["a", "gone"], said)))
    assert isinstance(error, AccountGone)
    assert error.heard_others
    _, error = told(of_accounts(["account"], lambda _: in_turn(["a", "closed"], said)))
    assert isinstance(error, SourceRefused)
    assert (error.is_of_one, error.heard_others) == (True, True)


def test_what_is_wrong_with_all_ends_the_reading() -> None:
    names, error = told(in_turn(["gone", "spent", "b"], said))
    assert names == ["gone", "spent"]
    assert isinstance(error, BudgetSpent)
    assert told(in_turn(["down", "b"], said))[0] == ["down"]
    assert told(in_turn(["down", "b"], said, forgiven=OF_ONE_SITE))[0] == ["down", "b"]


_DAY = NEWEST.isoformat().replace("+00:00", "Z")
_DISCOURSE = {"id": 1, "topic_id": 5, "post_number": 1, "created_at": _DAY, "cooked": "Acme"}
_LEMMY = {
    "post": {"id": 1, "name": "A bike", "ap_id": "https://l.example/post/1", "published": _DAY},
    "creator": {"name": "kim"},
}
_WORDPRESS = {
    "id": 1,
    "date_gmt": _DAY[:19],
    "modified_gmt": _DAY[:19],
    "link": "https://two.example/a/",
    "author": 1,
    "title": {"rendered": "A bike"},
    "content": {"rendered": "Acme"},
}
_ISSUE = {
    "title": "It squeaks",
    "number": 1,
    "url": "https://api.github.com/repos/acme/two/issues/1",
    "html_url": "https://github.com/acme/two/issues/1",
    "created_at": _DAY,
}
_TUMBLR = {
    "blog_name": "two",
    "post_url": "https://www.tumblr.com/two/1/a",
    "timestamp": int(datetime.now(UTC).timestamp()),
    "id": 1,
    "content": [{"type": "text", "text": "Acme"}],
}
_REDDIT = {"name": "t3_1", "created_utc": NEWEST.timestamp(), "title": "A bike"}
_LISTING = {
    "kind": "Listing",
    "data": {"children": [{"kind": "t3", "data": _REDDIT}], "after": None},
}
_LINKEDIN = {
    "id": "urn:li:share:1",
    "author": "urn:li:organization:two",
    "lifecycleState": "PUBLISHED",
    "visibility": "PUBLIC",
    "createdAt": int(NEWEST.timestamp() * 1000),
    "commentary": "Acme",
}
_TRUSTPILOT = {"id": "r1", "consumer": {"id": "c1"}, "stars": 2, "createdAt": _DAY}
_PLACES = ("accounts/1/locations/one", "accounts/1/locations/two")
_GOOGLE = {
    "name": f"{_PLACES[1]}/reviews/r1",
    "reviewId": "r1",
    "starRating": "TWO",
    "createTime": _DAY,
    "updateTime": _DAY,
}
_SITES = ("https://one.example", "https://two.example")


@pytest.mark.parametrize(
    ("connector", "verb", "more", "answer"),
    [
        (
            discourse,
            "mentions",
            {"urls": _SITES, "terms": ("Acme",)},
            {"posts": [_DISCOURSE], "grouped_search_result": {}},
        ),
        (wordpress, "timeline", {"urls": _SITES}, [_WORDPRESS]),
        (wordpress, "mentions", {"urls": _SITES, "terms": ("Acme",)}, [_WORDPRESS]),
        (
            lemmy,
            "timeline",
            {"server": "https://l.example", "accounts": ("one", "two")},
            {"posts": [_LEMMY], "comments": []},
        ),
        (reddit, "mentions", {"options": {"subreddits": ("one", "two")}}, _LISTING),
        (reddit, "timeline", {"accounts": ("one", "two")}, _LISTING),
        (github, "inbox", {"options": {"repositories": ("acme/one", "acme/two")}}, [_ISSUE]),
        (
            tumblr,
            "timeline",
            {"accounts": ("one", "two")},
            {"meta": {"status": 200}, "response": {"posts": [_TUMBLR]}},
        ),
        (
            linkedin,
            "timeline",
            {"accounts": ("urn:li:organization:one", "urn:li:organization:two")},
            {"elements": [_LINKEDIN]},
        ),
        (
            linkedin,
            "inbox",
            {"accounts": ("urn:li:organization:one", "urn:li:organization:two")},
            {"elements": [_LINKEDIN]},
        ),
        (
            trustpilot,
            "inbox",
            {"accounts": ("one.example", "two.example")},
            {"id": "u1", "reviews": [_TRUSTPILOT]},
        ),
        (googlebusiness, "inbox", {"accounts": _PLACES}, {"reviews": [_GOOGLE]}),
    ],
    ids=lambda given: getattr(given, "__name__", given if isinstance(given, str) else ""),
)
def test_a_name_that_is_gone_keeps_no_other_from_being_read(
    connector: Any, verb: str, more: dict[str, Any], answer: Any
) -> None:
    nothing = {
        "posts": [],
        "comments": [],
        "reviews": [],
        "response": {"posts": []},
        "meta": {"status": 200},
    }

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"access_token": "t0ken"})
        if "one" in str(request.url):
            return httpx.Response(404, json={"message": "Not Found"})
        is_further = int(request.url.params.get("page", "1")) > 1 or "before" in request.url.params
        return httpx.Response(200, json=nothing if is_further else answer)

    name = connector.__name__.rpartition(".")[2]
    source = Source(name=name, platform=name, **more)
    secrets = {
        "REDDIT_CLIENT_ID": "id",
        "REDDIT_CLIENT_SECRET": "s3cret",
        "TUMBLR_CONSUMER_KEY": "k3y",
        "LINKEDIN_ACCESS_TOKEN": "t0ken",
        "TRUSTPILOT_API_KEY": "k3y",
        "GOOGLEBUSINESS_CLIENT_ID": "id",
        "GOOGLEBUSINESS_CLIENT_SECRET": "s3cret",
        "GOOGLEBUSINESS_REFRESH_TOKEN": "t0ken",
    }
    with client_for(connector, source, handler, **secrets) as client:
        names, error = told(getattr(connector, verb)(source, client, SINCE))
    assert names
    assert isinstance(error, SourceGone)
