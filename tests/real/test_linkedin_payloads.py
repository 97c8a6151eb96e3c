"""Notices LinkedIn sent in August 2023 and records of its API, as a person reads them."""

import json

import pytest

import connectors
from connectors.paging import understand
from connectors.testing import RecordingContract
from pipeline.errors import PayloadError
from pipeline.inspect import inspect, reply_in
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import OBSERVED, check, envelope, unknown
from tests.shared import shared

LINKEDIN = connectors.load("linkedin")
POST = "urn:li:share:7094637247487995904"
ACTIVITY = "urn:li:activity:7094637247890620418"
PAGE = "urn:li:organization:96072893"
COMMENT = f"urn:li:comment:({ACTIVITY},7094977717598625792)"


def posts(name: str) -> list[Post]:
    """The posts of a bare body, all of it understood."""
    found = list(understand(LINKEDIN, [reply_in(envelope("linkedin", name), OBSERVED)]))
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


class TestRecordings(RecordingContract):
    platform = "linkedin"
    recordings = shared("payloads", "linkedin")


def test_every_recording_gives_its_posts_or_its_error() -> None:
    assert outcomes("linkedin") == {
        "webhook_comment_event": 1,
        "webhook_share_event": 1,
        "webhook_subscriber_like_event": 0,
    }


def test_a_comment_under_the_pages_post() -> None:
    (comment,) = posts("webhook_comment_event")
    check(
        comment,
        platform="linkedin",
        post_id=COMMENT,
        native_id=COMMENT,
        aliases=("urn:li:comment:(activity:7094637247890620418,7094977717598625792)",),
        kind="comment",
        text="Commenting as Sumit Butola...",
        created_at="2023-08-09T09:48:26.310Z",
        author_id="urn:li:person:zLqTygBP8S",
        parent_id=POST,
        root_id=POST,
        parent_author_id=PAGE,
        visibility="public",
        mentions=(),
        tags=(),
        links=(),
    )
    unknown(comment, "author_name", "author_handle", "author_url", "edited_at", "deleted_at")
    unknown(comment, "likes_count", "replies_count", "views_count", "language", "title")


def test_the_address_of_a_comment() -> None:
    (comment,) = posts("webhook_comment_event")
    assert comment.url == (
        f"https://www.linkedin.com/feed/update/{ACTIVITY}/?commentUrn="
        "urn%3Ali%3Acomment%3A%28activity%3A7094637247890620418%2C7094977717598625792%29"
    )


def test_a_share_with_words_quotes_the_pages_post() -> None:
    (share,) = posts("webhook_share_event")
    check(
        share,
        post_id="urn:li:share:7094978106997846016",
        native_id="urn:li:share:7094978106997846016",
        kind="quote",
        text="test",
        created_at="2023-08-09T09:49:59.151Z",
        author_id="urn:li:person:eNgRWY2Tg-",
        quoted_id=POST,
        parent_author_id=PAGE,
        aliases=(),
        url="https://www.linkedin.com/feed/update/urn:li:share:7094978106997846016/",
    )
    unknown(share, "reposted_id", "parent_id", "root_id", "author_name", "likes_count")


def test_the_payload_of_a_share_is_one_notice_of_its_batch() -> None:
    (share,) = posts("webhook_share_event")
    told = json.loads(share.payload)
    assert told["notificationId"] == 5603453449
    assert "notifications" not in told


def test_a_like_is_no_post() -> None:
    assert posts("webhook_subscriber_like_event") == []


def test_a_comment_and_a_share_of_one_post_meet_there() -> None:
    (comment,), (share,) = posts("webhook_comment_event"), posts("webhook_share_event")
    assert comment.root_id == share.quoted_id
    assert comment.created_at is not None
    assert share.created_at is not None
    assert comment.created_at < share.created_at


def test_records_of_pages_and_their_counts_are_no_posts() -> None:
    path = shared("payloads", "linkedin", "airbyte_expected_records.jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["stream"] for line in lines] == [
        "organization_lookup",
        "share_statistics",
        "total_follower_count",
    ]
    for line in lines:
        assert list(inspect(LINKEDIN, json.dumps(line["data"]).encode())) == []
        with pytest.raises(PayloadError, match="neither posts"):
            list(inspect(LINKEDIN, json.dumps(line).encode()))
