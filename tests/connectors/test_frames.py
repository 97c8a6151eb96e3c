"""Streams kept in files: what a stream said reads as the same posts, or tells what is wrong."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

import connectors
from pipeline.errors import LuisterError
from pipeline.inspect import inspect
from pipeline.post import Post, Rejected

DID = "did:plc:eygmaihciaxprqvxpfvl6flk"
SEEN = datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC)


def read(platform: str, body: str | bytes) -> list[Post | Rejected]:
    raw = body if isinstance(body, bytes) else body.encode()
    return list(inspect(connectors.load(platform), raw))


def posts(platform: str, body: str | bytes) -> list[Post]:
    found = read(platform, body)
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


def lines(*objects: Any) -> str:
    return "".join(json.dumps(each) + "\n" for each in objects)


def commit(operation: str, collection: str = "app.bsky.feed.post", **more: Any) -> dict[str, Any]:
    told = {"rev": "3l", "operation": operation, "collection": collection, "rkey": "3l3qo", **more}
    time = int(SEEN.timestamp() * 1_000_000)
    return {"did": DID, "time_us": time, "kind": "commit", "commit": told}


def record(text: str = "De Acme-app is stuk") -> dict[str, Any]:
    at = "2026-11-20T12:00:00Z"
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": at, "langs": ["nl"]}


def newer(kind: str, **more: Any) -> dict[str, Any]:
    payload = {"$type": f"network.bsky.jetstream.subscribeEvents#{kind}", **more}
    return {"$type": "message", "payload": payload}


URI = f"at://{DID}/app.bsky.feed.post/3l3qo"


def test_jetstream_lines_are_posts_and_tombstones() -> None:
    identity = {"did": DID, "time_us": 1, "kind": "identity", "identity": {"did": DID}}
    written, gone = posts(
        "bluesky",
        lines(
            commit("create", record=record(), cid="bafy"),
            commit("create", "app.bsky.feed.like", record={"$type": "app.bsky.feed.like"}),
            identity,
            commit("delete"),
        ),
    )
    assert (written.post_id, written.text, written.language) == (URI, "De Acme-app is stuk", "nl")
    assert (written.author_id, written.observed_at) == (DID, SEEN)
    assert written.created_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert (gone.post_id, gone.deleted_at, gone.text) == (URI, SEEN, "")


def test_one_jetstream_event_is_one_post() -> None:
    (post,) = posts("bluesky", json.dumps(commit("create", record=record())))
    assert post.post_id == URI


def test_the_newer_wire_of_jetstream_is_read_too() -> None:
    said = {"did": DID, "time": "2026-11-20T12:00:05Z", "operation": "create", "rkey": "3l3qo"}
    whole = newer("commit", **said, collection="app.bsky.feed.post", record=record())
    (post,) = posts("bluesky", lines(whole, newer("info", name="OutdatedCursor")))
    assert (post.post_id, post.observed_at) == (URI, SEEN)


def test_an_error_of_jetstream_is_told() -> None:
    error = {"$type": "error", "error": "FutureCursor", "message": "cursor in the future"}
    (rejected,) = read("bluesky", json.dumps(error))
    assert isinstance(rejected, Rejected)
    assert "FutureCursor" in rejected.reason


def test_a_broken_line_is_set_apart_and_the_others_are_read() -> None:
    whole = json.dumps(commit("create", record=record()))
    post, rejected = read("bluesky", f"{whole}\n{whole[:90]}\n")
    assert isinstance(post, Post)
    assert isinstance(rejected, Rejected)
    assert rejected.path.startswith("line 2 ")


def status(number: str = "7", **more: Any) -> dict[str, Any]:
    told = {
        "id": number,
        "created_at": "2026-11-20T12:00:00.000Z",
        "visibility": "public",
        "uri": f"https://social.example/users/kim/statuses/{number}",
        "content": "<p>Acme is stuk</p>",
        "account": {"id": "1", "acct": "kim", "url": "https://social.example/@kim"},
    }
    return {**told, **more}


def test_server_sent_events_are_statuses_notices_and_deletions() -> None:
    notice = {
        "id": "9",
        "type": "mention",
        "account": {"id": "2", "acct": "piet"},
        "status": status("8"),
    }
    letter = {**notice, "status": status("10", visibility="direct")}
    body = (
        ":)\n"
        f"event: update\ndata: {json.dumps(status())}\n\n"
        ":thump\n"
        f"event: notification\ndata: {json.dumps(notice)}\n\n"
        f"event: notification\ndata: {json.dumps(letter)}\n\n"
        "event: filters_changed\ndata: undefined\n\n"
        "event: delete\ndata: 108914327388663283\n\n"
    )
    new, addressed, gone = posts("mastodon", body)
    assert (new.text, new.author_handle) == ("Acme is stuk", "kim@social.example")
    assert addressed.native_id == "8"
    assert gone.native_id == "108914327388663283"
    assert gone.deleted_at is not None


@pytest.mark.parametrize("is_alone", [True, False], ids=["alone", "in a file of lines"])
def test_messages_of_the_websocket_are_read(is_alone: bool) -> None:
    message = {"stream": ["hashtag"], "event": "update", "payload": json.dumps(status())}
    gone = {"stream": ["hashtag"], "event": "delete", "payload": "7"}
    found = posts("mastodon", lines(message) if is_alone else lines(message, gone))
    assert found[0].post_id == "https://social.example/users/kim/statuses/7"
    assert [each.deleted_at is None for each in found] == [True] if is_alone else [True, False]


@pytest.mark.parametrize("data", ["{}", "[]", '"no"', '{"id": "7"', "not at all"])
def test_an_event_that_holds_no_status_is_set_apart(data: str) -> None:
    (rejected,) = read("mastodon", f"event: update\ndata: {data}\n\n")
    assert isinstance(rejected, Rejected)
    assert rejected.path.startswith("event 1 ")


def old(number: str = "1050118621198921728", **more: Any) -> dict[str, Any]:
    told = {
        "created_at": "Wed Oct 10 20:19:24 +0000 2018",
        "id": int(number),
        "id_str": number,
        "text": "Cut off after 140 characters\u2026",
        "user": {
            "id_str": "6253282",
            "screen_name": "kim",
            "name": "Kim",
            "followers_count": 12,
            "friends_count": 3,
            "statuses_count": 40,
            "created_at": "Wed May 23 06:01:13 +0000 2007",
        },
        "entities": {"hashtags": [], "urls": [], "user_mentions": []},
        "favorite_count": 7,
        "retweet_count": 6,
        "lang": "nl",
    }
    return {**told, **more}


def test_a_status_of_the_old_api_is_a_post() -> None:
    longer = {
        "full_text": "De hele tekst &amp; meer, @Acme #stuk https://t.co/x",
        "entities": {
            "hashtags": [{"text": "stuk"}],
            "urls": [{"url": "https://t.co/x", "expanded_url": "https://acme.nl/hulp"}],
            "user_mentions": [{"screen_name": "Acme", "id_str": "5"}],
        },
    }
    (post,) = posts("x", json.dumps(old(extended_tweet=longer, reply_count=2, quote_count=None)))
    assert post.text == "De hele tekst & meer, @Acme #stuk https://t.co/x"
    assert (post.mentions, post.tags) == (("Acme",), ("stuk",))
    assert post.links == ("https://acme.nl/hulp",)
    assert post.created_at == datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC)
    assert (post.author_id, post.author_handle, post.author_followers_count) == (
        "6253282",
        "kim",
        12,
    )
    assert (post.likes_count, post.reposts_count, post.replies_count) == (7, 6, 2)
    assert post.quotes_count is None
    assert post.url == "https://x.com/kim/status/1050118621198921728"


def test_old_answers_quotes_and_reposts_point_where_they_should() -> None:
    answer = old("11", in_reply_to_status_id_str="9", in_reply_to_user_id_str="4")
    quote = old("12", quoted_status_id_str="8")
    repost = old("13", retweeted_status=old("7", full_text="All of it"))
    found = posts("x", json.dumps({"statuses": [answer, quote, repost], "search_metadata": {}}))
    assert [each.kind for each in found] == ["reply", "quote", "repost"]
    assert (found[0].parent_id, found[0].root_id, found[0].parent_author_id) == ("9", None, "4")
    assert (found[1].quoted_id, found[2].reposted_id) == ("8", "7")
    assert (found[2].text, found[2].likes_count) == ("All of it", None)


@pytest.mark.parametrize(
    "hidden",
    [
        {"withheld_in_countries": ["DE"]},
        {"withheld_copyright": True},
        {"user": {**old()["user"], "protected": True}},
    ],
    ids=["country", "copyright", "protected"],
)
def test_what_not_everybody_may_read_is_left_out(hidden: dict[str, Any]) -> None:
    assert posts("x", json.dumps([old(**hidden), old("5")]))[0].post_id == "5"


def test_a_stream_of_the_old_api_tells_of_deletions() -> None:
    gone = {"delete": {"status": {"id": 1, "id_str": "1"}, "timestamp_ms": "1539202764000"}}
    found = posts("x", lines(old(), gone, {"limit": {"track": 5}}))
    assert [each.post_id for each in found] == ["1050118621198921728", "1"]
    assert found[1].deleted_at == datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": None},
        {"created_at": "soon"},
        {"id_str": "x1"},
        {"user": None},
        {"favorite_count": -1},
        {"entities": []},
    ],
)
def test_an_old_status_with_a_mistake_is_set_apart(wrong: dict[str, Any]) -> None:
    (rejected,) = read("x", json.dumps(old(**wrong)))
    assert isinstance(rejected, Rejected)


@pytest.mark.parametrize("platform", ["bluesky", "mastodon", "x"])
@pytest.mark.parametrize("body", [b"event: update\n", b"{}\n{\n", b":\n:\n", b'{"a":1}\n[1]\n\xff'])
def test_odd_streams_end_in_posts_rejections_or_an_error_of_ours(
    platform: str, body: bytes
) -> None:
    with contextlib.suppress(LuisterError):
        assert all(isinstance(each, Post | Rejected) for each in read(platform, body))
