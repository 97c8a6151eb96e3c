"""Inspect reads one payload the way a night would: a bare body, or a recording of an exchange."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import connectors
from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.inspect import inspect, reply_in
from pipeline.post import Post, Rejected

STORY = {
    "id": 8863,
    "type": "story",
    "time": 1175714200,
    "by": "dhouston",
    "title": "My YC app: Dropbox",
    "score": 104,
}
HACKER_NEWS = connectors.load("hackernews")


def envelope(body: Any, kind: str = "json", status: int = 200, **headers: str) -> bytes:
    return json.dumps(
        {
            "request": {
                "method": "GET",
                "url": "https://hacker-news.firebaseio.com/v0/item/1.json",
            },
            "response": {"status": status, "headers": headers, "body_kind": kind, "body": body},
        }
    ).encode()


@pytest.mark.parametrize(
    "payload",
    [
        json.dumps(STORY).encode(),
        envelope(STORY),
        envelope(json.dumps(STORY), "text"),
        envelope(base64.b64encode(json.dumps(STORY).encode()).decode(), "base64"),
    ],
    ids=["bare", "json", "text", "base64"],
)
def test_the_same_post_comes_out_of_every_wrapping(payload: bytes) -> None:
    (post,) = inspect(HACKER_NEWS, payload)
    assert isinstance(post, Post)
    assert post.title == "My YC app: Dropbox"
    assert json.loads(post.payload) == STORY


def test_a_recording_is_read_at_the_time_it_was_made() -> None:
    reply = reply_in(envelope(STORY, date="Tue, 24 Nov 2026 19:47:09 GMT"))
    assert reply.observed_at == datetime(2026, 11, 24, 19, 47, 9, tzinfo=UTC)
    assert reply.url == "https://hacker-news.firebaseio.com/v0/item/1.json"


def test_a_json_body_keeps_its_bytes() -> None:
    body = b'{"id":  8863,\n "type": "story"}'
    kept = b'{"request": {}, "response": {"body_kind": "json", "body": ' + body + b"}}"
    assert reply_in(kept).body == body


def test_text_was_decoded_when_it_was_recorded() -> None:
    kept = envelope("<rss/>", "text", **{"Content-Type": "text/xml; charset=ISO-8859-1"})
    assert reply_in(kept).headers["content-type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, PayloadError),
        (401, SourceRefused),
        (403, SourceRefused),
        (404, SourceGone),
        (410, SourceGone),
        (429, RateLimited),
        (503, SourceUnavailable),
    ],
)
def test_a_refusal_is_the_error_it_would_be_at_night(
    status: int, error: type[LuisterError]
) -> None:
    with pytest.raises(error):
        list(inspect(HACKER_NEWS, envelope({"error": "no"}, status=status)))


def test_nothing_new_is_no_error() -> None:
    assert list(inspect(HACKER_NEWS, envelope("", "text", status=304))) == []


def test_what_is_not_understood_comes_with_its_path() -> None:
    hits = {"hits": [{"objectID": 1, "created_at_i": 1, "_tags": ["story"]}], "nbHits": 1}
    (odd,) = inspect(HACKER_NEWS, json.dumps(hits).encode())
    assert isinstance(odd, Rejected)
    assert odd.path == "$.hits[0].objectID"


def test_private_posts_are_left_out() -> None:
    status = {
        "id": "1",
        "uri": "https://a.example/1",
        "url": "https://a.example/@x/1",
        "created_at": "2026-11-01T10:00:00Z",
        "content": "<p>secret</p>",
        "visibility": "private",
        "account": {"id": "1", "acct": "x", "username": "x", "url": "https://a.example/@x"},
        "mentions": [],
        "tags": [],
    }
    mastodon = connectors.load("mastodon")
    (post,) = inspect(mastodon, json.dumps([{**status, "visibility": "public"}]).encode())
    assert isinstance(post, Post)
    assert list(inspect(mastodon, json.dumps([status]).encode())) == []


def test_a_verb_the_platform_does_not_have_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="reviews"):
        list(inspect(HACKER_NEWS, b"{}", verb="reviews"))
    assert list(inspect(HACKER_NEWS, b"[1]", verb="mentions")) == []


def test_an_envelope_that_cannot_be_opened_is_a_payload_error() -> None:
    with pytest.raises(PayloadError, match="envelope"):
        list(inspect(HACKER_NEWS, envelope("abcde", "base64")))


@pytest.mark.parametrize("body", [b"", b"<html>sign in</html>", b"{" * 5000, b"\xff\xfe{"])
def test_no_answer_is_a_payload_error(body: bytes) -> None:
    with pytest.raises(PayloadError):
        list(inspect(HACKER_NEWS, body))


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: envelope(text, "text")))
def test_any_file_gives_posts_or_a_typed_error(body: bytes) -> None:
    try:
        found = list(inspect(HACKER_NEWS, body))
    except LuisterError:
        return
    assert all(isinstance(each, Post | Rejected) for each in found)
