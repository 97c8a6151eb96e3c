"""A list of reviews recorded from Google Play in 2020, as a person reads it."""

from typing import ClassVar

from connectors import googleplay
from connectors.paging import understand
from connectors.testing import RecordingContract
from pipeline.inspect import reply_in
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import OBSERVED, check, envelope, unknown
from tests.shared import shared

LIST = "reviews_list_id"
FIRST = "gp:AOqpTOF7bz5d5Ayl_JKXfgZoM6vWdyotacP4tjOf3bLPjurTtasHgn4XVdnRtWNgio8whIq3zIlD0BKllZM9Pg"
SECOND = "gp:AOqpTOFMZ3i2eszMGimlVWqrDwNLpum_d_yuYIw305hx135nuEzYdqodUWhWCZXWhfGmvT44fyD9vdK0tCr4zA"


def listed() -> list[Post]:
    """The reviews of the recording, all of it understood."""
    found = list(understand(googleplay, [reply_in(envelope("googleplay", LIST), OBSERVED)]))
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


class TestGooglePlayRecordings(RecordingContract):
    platform = "googleplay"
    recordings = shared("payloads", "playstore")
    may_be_missing: ClassVar = {"reviews": "a week without reviews is an empty object"}


def test_every_recording_gives_its_posts_or_its_error() -> None:
    assert outcomes("googleplay") == {LIST: 2}


def test_a_review_without_a_title() -> None:
    post, _ = listed()
    check(
        post,
        platform="googleplay",
        post_id=FIRST,
        kind="review",
        author_name="Nur Azzahra",
        text="Belum bisa login nih, tampilan udah bagus. Lanjutkannnnn",
        created_at="2020-02-27T08:16:23.208Z",
        rating=5.0,
        likes_count=0,
        visibility="public",
    )
    assert post.payload.startswith("{")
    assert '"CPH1729"' in post.payload


def test_a_review_of_five_thumbs() -> None:
    _, post = listed()
    check(
        post,
        post_id=SECOND,
        author_name="Muhammad Fiqih",
        text="👍👍👍👍👍",
        created_at="2020-02-27T08:13:03.774Z",
        rating=5.0,
        likes_count=0,
    )


def test_the_language_of_the_device_is_not_that_of_the_words() -> None:
    for post in listed():
        assert '"reviewerLanguage"' in post.payload
        unknown(post, "language")


def test_what_google_play_does_not_tell() -> None:
    for post in listed():
        unknown(post, "title", "author_id", "author_handle", "author_url", "edited_at")
        unknown(post, "deleted_at", "parent_id", "replies_count", "views_count")


def test_the_app_is_told_by_the_address_only() -> None:
    """A bare body has no address."""
    for post in listed():
        assert (post.native_id, post.mentions) == (post.post_id, ())
        unknown(post, "url")
