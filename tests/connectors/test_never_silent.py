"""What is nothing that a platform sends is told: a refusal, a rejected row, never a quiet zero."""

import json
from typing import Any

import pytest

import connectors
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.inspect import inspect
from pipeline.post import Post, Rejected

NOTHING_OF_ANYBODY = ["null", '"hi"', "5", "[null]", '["a"]', '{"foo": {"bar": 1}}', '[{"foo": 1}]']


def read(platform: str, body: str) -> list[Post | Rejected]:
    return list(inspect(connectors.load(platform), body.encode()))


@pytest.mark.parametrize("platform", ["bluesky", "discourse", "mastodon", "x"])
@pytest.mark.parametrize("body", NOTHING_OF_ANYBODY)
def test_what_nobody_sends_is_told(platform: str, body: str) -> None:
    try:
        found = read(platform, body)
    except PayloadError:
        return
    assert found
    assert all(isinstance(each, Rejected) for each in found)


@pytest.mark.parametrize(
    ("platform", "body", "kind"),
    [
        ("mastodon", {"error": "The access token is invalid"}, SourceRefused),
        ("mastodon", {"error": "This method requires an authenticated user"}, SourceRefused),
        ("mastodon", {"error": "Record not found"}, SourceGone),
        ("mastodon", {"error": "Too many requests"}, RateLimited),
        ("mastodon", {"error": "Something went wrong"}, PayloadError),
        ("bluesky", {"error": "ExpiredToken", "message": "Token has expired"}, SourceRefused),
        ("bluesky", {"error": "AuthMissing", "message": "Authentication Required"}, SourceRefused),
        ("bluesky", {"error": "RateLimitExceeded", "message": "Too Many"}, RateLimited),
        ("bluesky", {"error": "NotFound", "message": "Post not found: at://x"}, SourceGone),
        ("bluesky", {"error": "InvalidRequest", "message": "q is required"}, PayloadError),
        ("reddit", {"message": "Forbidden", "error": 403, "reason": "private"}, SourceRefused),
        ("reddit", {"message": "Too Many Requests", "error": 429}, RateLimited),
        ("reddit", {"message": "Not Found", "error": 404}, SourceGone),
        ("reddit", {"json": {"errors": [["RATELIMIT", "wait", "ratelimit"]]}}, RateLimited),
        ("reddit", {"json": {"errors": [["BAD_ID", "no", "id"]]}}, PayloadError),
        ("wordpress", {"code": "rest_forbidden", "data": {"status": 401}}, SourceRefused),
        ("wordpress", {"code": "rest_no_route", "data": {"status": 404}}, SourceGone),
        ("wordpress", {"code": "wp_die", "data": {"status": 500}}, SourceUnavailable),
        ("github", {"message": "API rate limit exceeded for 1.2.3.4"}, RateLimited),
        ("github", {"message": "You triggered an abuse detection mechanism"}, RateLimited),
        ("github", {"message": "Bad credentials", "status": "401"}, SourceRefused),
        ("github", {"message": "Not Found", "status": "404"}, SourceGone),
        ("github", {"message": "Validation Failed", "errors": [{"code": "x"}]}, PayloadError),
        ("discourse", {"errors": ["No"], "error_type": "not_found"}, SourceGone),
    ],
)
def test_a_refusal_without_a_status_is_the_right_error(
    platform: str, body: dict[str, Any], kind: type[LuisterError]
) -> None:
    with pytest.raises(kind):
        read(platform, json.dumps(body))


def test_the_answers_to_a_post_of_a_forum_are_read_from_their_bare_list() -> None:
    answer = {
        "id": 9,
        "topic_id": 4,
        "post_number": 3,
        "reply_to_post_number": 2,
        "created_at": "2026-11-20T12:00:00.000Z",
        "username": "kim",
        "cooked": "<p>Hier ook</p>",
    }
    notice = {"notification_type": 9, "post_number": 2, "topic_id": 4, "slug": "x", "data": {}}
    (post,) = read("discourse", json.dumps([notice, answer]))
    assert isinstance(post, Post)
    assert (post.text, post.kind) == ("Hier ook", "reply")


def test_a_handle_that_leads_nowhere_is_unknown() -> None:
    view = {
        "uri": "at://did:plc:a/app.bsky.feed.post/1",
        "author": {"did": "did:plc:a", "handle": "handle.invalid"},
        "record": {"$type": "app.bsky.feed.post", "text": "Hoi", "langs": None, "facets": None},
        "indexedAt": "2026-11-20T12:00:00Z",
    }
    (post,) = read("bluesky", json.dumps({"posts": [view]}))
    assert isinstance(post, Post)
    assert (post.author_id, post.author_handle, post.text) == ("did:plc:a", None, "Hoi")


@pytest.mark.fault(47)
@pytest.mark.parametrize(
    ("platform", "body"),
    [
        ("discourse", b'{"posts": [{"id": 1, "topic_id": 2, "cooked": "\xa8"}]}'),
        ("discourse", b'{"errors": ["\xa8"]}'),
        ("hackernews", b'{"id": 1, "children": [{"\xa8": 3, "children": [{"id": 3}]}]}'),
        ("isso", b'{"id": null, "replies": [{"id": 1, "\xa8": 2, "replies": [{"id": 2}]}]}'),
        ("mastodon", b'{"request": {"url": "https://[x"}, "response": {"status": 200}}'),
        ("reddit", b'{"data": {"children": [{"kind": "t1", "data": {"replies": {"\xa8": 1}}}]}}'),
        ("stackexchange", b'{"error_id": 5, "error_message": "\xa8"}'),
        ("tiktok", b'{"data": {"comments": [{"\xa8": 2, "reply_list": [{"id": 2}]}]}}'),
    ],
)
def test_bytes_that_are_no_text_are_told(platform: str, body: bytes) -> None:
    try:
        found = list(inspect(connectors.load(platform), body))
    except LuisterError:
        return
    assert found
    assert all(isinstance(each, Rejected) for each in found)


HIT = {"objectID": "1", "created_at_i": 1700000000, "_tags": ["riddle"], "author": "kim"}
THING = {"id": 1, "time": 1700000000, "type": "riddle", "by": "kim"}
VIDEO = {"kind": "film", "id": "v", "snippet": {"title": "Zon"}}
FOUND = {"kind": "youtube#searchResult", "id": {"kind": "", "videoId": "v"}, "snippet": {}}
ANSWER = {"question_id": 1, "creation_date": 1700000000, "owner": {"user_id": 2}, "body": "x"}
QUESTION = ANSWER | {"title": "Zon?"}
TWEET = {"id": "1", "text": "Zon", "author_id": "2"}


@pytest.mark.parametrize(
    ("platform", "body", "posts"),
    [
        ("hackernews", {"hits": [HIT], "nbHits": 1}, 0),
        ("hackernews", THING, 0),
        ("youtube", {"kind": "youtube#videoListResponse", "items": [VIDEO]}, 0),
        ("youtube", {"kind": "youtube#searchListResponse", "items": [FOUND]}, 0),
        ("reddit", {"kind": "t9", "data": {"name": "t3_1", "title": "Zon"}}, 0),
        (
            "reddit",
            {"kind": "", "data": {"children": [{"kind": "t3", "data": {"name": "t3_1"}}]}},
            0,
        ),
        ("facebook", {"data": {"0": {"id": "1_2", "message": "Zon"}}}, 0),
        ("facebook", {"data": {}}, 0),
        ("x", {"data": {"0": TWEET}}, 0),
        ("bluesky", {"thread": {}}, 0),
        ("bluesky", {"thread": "gone"}, 0),
        ("bluesky", {"posts": [None]}, 0),
        ("github", [{}], 0),
        ("wordpress", [{}], 0),
        ("lemmy", {"posts": [{}]}, 0),
        ("threads", {"data": [{}]}, 0),
        ("stackexchange", {"items": [QUESTION | {"answers": [ANSWER]}]}, 1),
        ("stackexchange", {"items": [QUESTION | {"comments": [ANSWER | {"comment_id": None}]}]}, 1),
        ("stackexchange", {"items": [ANSWER | {"answer_id": None}]}, 0),
    ],
)
def test_a_post_of_a_kind_that_is_not_known_is_told(platform: str, body: Any, posts: int) -> None:
    try:
        found = read(platform, json.dumps(body))
    except PayloadError:
        assert posts == 0
        return
    assert len([each for each in found if isinstance(each, Post)]) == posts
    assert any(isinstance(each, Rejected) for each in found)


@pytest.mark.parametrize(
    ("platform", "body"),
    [
        ("hackernews", THING | {"type": "pollopt"}),
        (
            "youtube",
            {"kind": "youtube#channelListResponse", "items": [{"kind": "youtube#channel"}]},
        ),
        ("reddit", {"kind": "more", "data": {"name": "t1_1", "children": ["a"]}}),
        ("reddit", {"kind": "t5", "data": {"name": "t5_1"}}),
        ("facebook", {"data": {"is_valid": True, "app_id": "1"}}),
        ("x", {"data": {"deleted": True}}),
        ("bluesky", {"posts": []}),
    ],
)
def test_what_is_known_to_be_no_post_is_passed_over(platform: str, body: Any) -> None:
    assert read(platform, json.dumps(body)) == []


@pytest.mark.parametrize(
    ("claimed", "read_as"),
    [
        ("0001-01-01T00:00:00Z", "2026-11-20T12:00:00+00:00"),
        ("1970-01-01T00:00:00Z", "2026-11-20T12:00:00+00:00"),
        ("2099-01-01T00:00:00Z", "2026-11-20T12:00:00+00:00"),
        ("2012-03-04T05:06:07Z", "2012-03-04T05:06:07+00:00"),
    ],
)
def test_a_post_of_bluesky_is_of_when_it_was_seen_where_its_claim_cannot_be(
    claimed: str, read_as: str
) -> None:
    view = {
        "uri": "at://did:plc:a/app.bsky.feed.post/1",
        "cid": "c",
        "author": {"did": "did:plc:a", "handle": "kim.example"},
        "record": {"$type": "app.bsky.feed.post", "text": "Zon", "createdAt": claimed},
        "indexedAt": "2026-11-20T12:00:00Z",
    }

    (post,) = read("bluesky", json.dumps({"posts": [view]}))

    assert isinstance(post, Post)
    assert post.created_at is not None
    assert post.created_at.isoformat() == read_as


@pytest.mark.parametrize("claimed", [None, "", "yesterday"])
def test_a_bare_record_of_bluesky_is_not_of_when_it_was_read(claimed: str | None) -> None:
    record = {"$type": "app.bsky.feed.post", "text": "Zon", "createdAt": claimed}
    body = {"uri": "at://did:plc:a/app.bsky.feed.post/1", "cid": "c", "value": record}

    (post,) = read("bluesky", json.dumps(body))

    assert isinstance(post, Post)
    assert post.created_at is None


@pytest.mark.parametrize(
    ("platform", "body"),
    [
        ("x", {"data": {"data": [{"id": "1", "text": "hi"}], "meta": {"result_count": 1}}}),
        ("x", {"results": {"data": [{"id": "1", "text": "hi"}]}}),
        ("discourse", [{"id": 4, "title": "t", "post_stream": {"posts": [{"id": 1}]}}]),
    ],
)
def test_an_answer_that_was_wrapped_once_more_is_told(platform: str, body: Any) -> None:
    try:
        found = read(platform, json.dumps(body))
    except PayloadError:
        return
    assert [type(each) for each in found] == [Rejected]


def test_pages_of_github_may_be_kept_in_one_list() -> None:
    issue = {
        "number": 7,
        "title": "Bell rings",
        "url": "https://api.github.com/repos/a/b/issues/7",
        "html_url": "https://github.com/a/b/issues/7",
        "created_at": "2026-11-20T12:00:00Z",
        "updated_at": "2026-11-20T12:00:00Z",
        "user": {"login": "anna", "id": 1},
        "body": "loudly",
        "comments": 0,
        "reactions": {"total_count": 0},
    }
    page = {"total_count": 1, "incomplete_results": False, "items": [issue]}
    for body in ([issue], [[issue], []], [page, {"total_count": 1, "items": []}]):
        assert [each.text for each in read("github", json.dumps(body))] == ["loudly"]


def test_events_of_bluesky_may_be_kept_in_one_list() -> None:
    event = {
        "did": "did:plc:anna",
        "time_us": 1795176000000000,
        "kind": "commit",
        "commit": {
            "rev": "3",
            "operation": "create",
            "collection": "app.bsky.feed.post",
            "rkey": "3l",
            "cid": "c",
            "record": {
                "$type": "app.bsky.feed.post",
                "text": "hoi",
                "createdAt": "2026-11-20T12:00:00Z",
            },
        },
    }
    other = {**event, "kind": "identity", "identity": {"did": "did:plc:anna"}}
    other.pop("commit")

    assert [each.text for each in read("bluesky", json.dumps([event, other]))] == ["hoi"]
