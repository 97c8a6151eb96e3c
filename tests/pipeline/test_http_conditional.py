"""Nothing is read twice: servers are told what we have, and those that do not care are watched."""

import pytest

from pipeline.http import Validator
from tests.misbehaving import Line, Misbehaving, answer, redirect
from tests.pipeline.http_client import client_of

FED = {"ETag": 'W/"odd one"', "Last-Modified": "Tue, 24 Nov 2026 10:00:00 GMT"}


@pytest.mark.fault(7)
def test_validators_go_back_exactly_as_they_came(server: Misbehaving) -> None:
    url = server.on("/feed", answer(200, b"posts", FED), answer(304))
    with client_of() as tonight:
        assert tonight.get(url, conditional=True).body == b"posts"
    with client_of(validators=tonight.validators) as tomorrow:
        reply = tomorrow.get(url, conditional=True)
    assert (reply.status, reply.body) == (304, b"")
    assert server.asked[1].headers["if-none-match"] == FED["ETag"]
    assert server.asked[1].headers["if-modified-since"] == FED["Last-Modified"]
    assert tomorrow.validators == tonight.validators


@pytest.mark.fault(7)
def test_an_unchanged_body_without_validators_is_unchanged_too(server: Misbehaving) -> None:
    url = server.on("/feed", answer(200, b"posts"), answer(200, b"posts"), answer(200, b"new"))
    with client_of() as client:
        statuses = [client.get(url, conditional=True).status for _ in range(3)]
    assert statuses == [200, 304, 200]
    assert "if-none-match" not in server.asked[1].headers


def test_a_304_may_bring_new_validators(server: Misbehaving) -> None:
    url = server.on("/feed", answer(304, headers={"ETag": '"2"'}))
    known = Validator(etag='"1"', last_modified="long ago", body_digest="d")
    with client_of(validators={url: known}) as client:
        client.get(url, conditional=True)
    assert client.validators[url] == Validator(
        etag='"2"', last_modified="long ago", body_digest="d"
    )


def test_only_a_good_answer_is_remembered(server: Misbehaving) -> None:
    url = server.on("/feed", answer(404, b"gone", {"ETag": '"error page"'}))
    with client_of() as client:
        client.get(url, conditional=True, expect=(404,))
    assert client.validators == {}


@pytest.mark.fault(8)
def test_without_the_wish_nothing_is_asked_conditionally_or_remembered(server: Misbehaving) -> None:
    url = server.on("/feed", answer(200, b"posts", FED))
    with client_of(validators={url: Validator(etag='"1"')}) as client:
        assert client.get(url).body == b"posts"
    assert "if-none-match" not in server.asked[0].headers
    assert client.validators == {url: Validator(etag='"1"')}


def test_pages_that_differ_only_in_their_page_token_or_author_are_kept_apart(
    server: Misbehaving,
) -> None:
    url = server.on("/feed", answer(200, b"one", {"ETag": '"1"'}))
    queries = [{"pageToken": "a"}, {"pageToken": "b"}, {"author": "1"}, {"author": "2"}]
    with client_of() as client:
        for query in queries:
            client.get(url, params=query, conditional=True)
    assert len(client.validators) == len(queries)
    assert all("if-none-match" not in each.headers for each in server.asked)


def test_a_moved_feed_is_asked_conditionally_at_its_new_place(server: Misbehaving) -> None:
    def fresh_or_not(line: Line) -> None:
        is_known = line.asked.headers.get("if-none-match") == '"1"'
        (answer(304) if is_known else answer(200, b"posts", {"ETag": '"1"'}))(line)

    with Misbehaving() as other:
        url = server.on("/feed", redirect(other.on("/feed", fresh_or_not), 301))
        with client_of() as client:
            statuses = [client.get(url, conditional=True).status for _ in range(2)]
    assert statuses == [200, 304]
    assert list(client.usage.moved) == [url]
