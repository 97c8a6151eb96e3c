"""What a server says when it refuses is told in its words, never as the document they came in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from connectors import load
from connectors.paging import SOMETHING_BETWEEN, decode
from pipeline.errors import PayloadError
from pipeline.exchange import fault_of
from pipeline.own_words import own_words
from pipeline.source import Reply

PAGE = b"<!DOCTYPE html><html><head><title>Blocked &amp; logged</title></head><body>x</body></html>"


def refused(platform: str, status: int, told: Any) -> str:
    """What the reader of a night sees of an answer."""
    body = told if isinstance(told, bytes) else msgspec.json.encode(told)
    answer = Reply(
        url="https://server.example/api", status=status, body=body, observed_at=datetime.now(UTC)
    )
    fault = fault_of(answer, load(platform))
    assert fault is not None
    return fault.what


@pytest.mark.parametrize(
    ("platform", "status", "told", "words"),
    [
        ("mastodon", 403, {"error": "Not for this token"}, "Not for this token"),
        (
            "wordpress",
            404,
            {"code": "rest_no_route", "message": "Geen route", "data": {"status": 404}},
            "Geen route",
        ),
        (
            "bluesky",
            400,
            {"error": "InvalidRequest", "message": "no such cursor"},
            "InvalidRequest – no such cursor",
        ),
        (
            "github",
            401,
            {"message": "Bad key", "documentation_url": "https://x.example"},
            "Bad key",
        ),
        ("reddit", 403, {"reason": "private", "message": "No", "error": 403}, "private – No"),
        ("discourse", 404, {"errors": ["Not here."], "error_type": "not_found"}, "Not here."),
        ("tumblr", 429, {"meta": {"status": 429, "msg": "Slower"}, "response": []}, "Slower"),
        ("wikimedia", 404, {"title": "Not found.", "detail": "no data"}, "Not found. – no data"),
        ("googleplay", 400, [{"error": {"code": 400, "message": "odd"}}], "odd"),
        ("hackernews", 502, {"message": "Search is down"}, "Search is down"),
        ("feed", 403, PAGE, "an HTML page: Blocked & logged"),
        ("feed", 403, b"\xef\xbb\xbf" + PAGE, "an HTML page: Blocked & logged"),
    ],
)
def test_a_refusal_is_told_in_the_words_of_the_platform(
    platform: str, status: int, told: Any, words: str
) -> None:
    assert refused(platform, status, told).endswith(f": {words}")


def test_markup_in_a_message_of_youtube_is_left_out() -> None:
    message = 'You have exceeded your <a href="/quota">quota</a> &amp; more.'
    error = {"code": 404, "message": message, "errors": [{"reason": "playlistNotFound"}]}
    told = refused("youtube", 404, {"error": error})
    assert told == "is not there (playlistNotFound: You have exceeded your quota & more.)"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no text"),
        (b"error code:\n 1020", "error code: 1020"),
        (b"[error] upstream is gone", "[error] upstream is gone"),
        (b'"Forbidden"', "Forbidden"),
        (b"\x1f\x8b\x08\x00 packed", "something that is no text"),
        ("Accès refusé".encode("latin-1"), "Accès refusé"),
        (
            "«Île créée» à côté du réseau: «ÉÉÉ»".encode("latin-1"),
            "«Île créée» à côté du réseau: «ÉÉÉ»",
        ),
        (b"\xe9\x85\xe9\xe9\xe9 packed", "something that is no text"),
        (bytes(range(160, 250)), "something that is no text"),
        ("Toegang één".encode()[:-2], "Toegang é"),
        (b'{"id": 7, "text": "of somebody"}', "JSON without a message"),
        (b'{"message": "cut o', "JSON that cannot be read"),
        (b'{"error": "Gone", "message": "gone"}', "gone"),
        (b"<html><body>x</body></html>", "an HTML page"),
        (
            b'<?xml version="1.0"?><Error><Message>Access Denied</Message></Error>',
            "XML: Access Denied",
        ),
        (b"<Error><Code>Denied</Code><Message>No key</Message></Error>", "XML: No key"),
        (b'<error><message lang="nl">Geen sleutel</message></error>', "XML: Geen sleutel"),
        (b"<!DOCTYPE html><title>Shut</title><message>x</message>", "an HTML page: Shut"),
        (b'{"message": "' + b"long " * 1_000 + b'"}', ("long " * 32)),
    ],
)
def test_what_is_no_message_is_called_what_it_is(body: bytes, words: str) -> None:
    assert own_words(body) == words


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"errors": {"account": ["is unknown"]}}, "is unknown"),
        ({"error": True, "error_msg": "Wrong key"}, "Wrong key"),
        ({"errors": [{"errorMessage": "No access"}]}, "No access"),
        ({"error_summary": "path/not_found/."}, "path/not_found/."),
        ({"error": {"code": 190, "type": "OAuthException"}}, "OAuthException"),
        ({"error": {"message": "Wrong", "type": "OAuthException", "trace": "Ab7"}}, "Wrong"),
        ({"error": {"error_user_msg": "Log in again", "code": 1}}, "Log in again"),
        ({"error": {"message": "", "kind": "expired"}}, "expired"),
        ({"type": "note", "text": "of somebody"}, "JSON without a message"),
    ],
)
def test_an_error_is_told_whatever_its_platform_calls_it(told: Any, words: str) -> None:
    assert own_words(msgspec.json.encode(told)) == words


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (PAGE, "an HTML page"),
        (b"\xef\xbb\xbf\n " + PAGE, "an HTML page"),
        (b"Blocked: token-of-hanneke is not known", "a text"),
    ],
)
def test_a_page_in_place_of_data_is_no_fault_of_the_connector(body: bytes, told: str) -> None:
    with pytest.raises(PayloadError) as error:
        decode(body, dict)
    assert error.value.what == f"no JSON, as was promised, but {told}"
    assert error.value.todo == SOMETHING_BETWEEN
