"""Samples that TikTok's documentation gave of its Research interface, as a person reads them.

Its numbers are made up (the two videos are one and the same); no recording was found.
"""

import json

import connectors
from connectors.paging import understand
from connectors.testing import RecordingContract
from pipeline.errors import PayloadError
from pipeline.inspect import reply_in
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import OBSERVED, check, envelope, unknown
from tests.shared import shared

TIKTOK = connectors.load("tiktok")


def posts(name: str) -> list[Post]:
    """The posts of a bare body, all of it understood."""
    found = list(understand(TIKTOK, [reply_in(envelope("tiktok", name), OBSERVED)]))
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


class TestRecordings(RecordingContract):
    platform = "tiktok"
    recordings = shared("payloads", "tiktok")


def test_every_sample_gives_its_posts_or_its_error() -> None:
    """The query and the request are what one sends, not what comes back."""
    assert outcomes("tiktok") == {
        "traktok_example_query": PayloadError,
        "traktok_example_request": PayloadError,
        "traktok_example_resp_comments": 1,
        "traktok_example_resp_q_videos": 2,
    }


def test_a_video_under_its_old_key() -> None:
    first, second = posts("traktok_example_resp_q_videos")
    check(
        first,
        platform="tiktok",
        post_id="702874395068494965",
        kind="post",
        text="lol #pov #avengers",
        tags=("avengers", "pov"),
        created_at="2021-10-09T23:59:59Z",
        views_count=1050,
        replies_count=2,
        visibility="public",
        mentions=(),
        links=(),
    )
    assert second.post_id == first.post_id


def test_what_a_video_does_not_tell_is_unknown_not_zero() -> None:
    first, _ = posts("traktok_example_resp_q_videos")
    unknown(first, "likes_count", "reposts_count", "quotes_count", "language", "title")
    unknown(first, "author_id", "author_handle", "author_name", "author_url", "url", "native_id")
    unknown(first, "parent_id", "root_id", "edited_at", "deleted_at")


def test_a_comment_that_answers_another() -> None:
    (comment,) = posts("traktok_example_resp_comments")
    check(
        comment,
        post_id="12345616934634134",
        kind="reply",
        text="AWEEEEEE 🥰🥰🥰",
        created_at="2022-12-19T23:13:18Z",
        parent_id="1234561201524010",
        root_id="1234563451201523412",
        likes_count=50,
        replies_count=10,
    )


def test_what_a_comment_does_not_tell() -> None:
    (comment,) = posts("traktok_example_resp_comments")
    unknown(comment, "author_id", "author_handle", "author_name", "url", "native_id")
    unknown(comment, "views_count", "reposts_count", "edited_at", "deleted_at", "language")


def test_numbers_keep_all_their_digits() -> None:
    (comment,) = posts("traktok_example_resp_comments")
    root = int(comment.root_id or 0)
    assert root > 2**53
    assert int(float(root)) != root
    assert json.loads(comment.payload)["video_id"] == root
