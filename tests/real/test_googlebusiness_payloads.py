"""Replies recorded from Google Business Profile, field by field, as a person reads them."""

from connectors import googlebusiness
from connectors.paging import understand
from connectors.testing import RecordingContract
from pipeline.errors import SourceRefused
from pipeline.inspect import reply_in
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import OBSERVED, check, envelope, unknown
from tests.shared import shared

PLACE = "accounts/106941250772149994434/locations/4547712559962801423"
STARS = "AbFvOqmfI-JoFLOEqmBN-JqT0BFKxGR5b5t9ZuutWki9hbnFnp6h_tWsI-8SajSWhxmvwAFBAAgH"
WORDS = "AbFvOqkNhKOO17hiA6Dg1-HNrS6Vtjv71nAMxEdVXdIlVOC4xshndwUfGS9uSLgisU6T7hDMHMjsKg"


def listed(name: str) -> list[Post]:
    """The reviews of a recording, all of it understood."""
    found = list(understand(googlebusiness, [reply_in(envelope("googlebusiness", name), OBSERVED)]))
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


class TestGoogleBusinessRecordings(RecordingContract):
    platform = "googlebusiness"
    recordings = shared("payloads", "gbp")


def test_every_recording_gives_its_posts_or_its_error() -> None:
    assert outcomes("googlebusiness") == {
        "error_401": SourceRefused,
        "reviews_list_next": 0,
        "reviews_list_p1": 3,
    }


def test_one_star_without_words() -> None:
    post, _, _ = listed("reviews_list_p1")
    check(
        post,
        platform="googlebusiness",
        post_id=f"{PLACE}/reviews/{STARS}",
        native_id=f"{PLACE}/reviews/{STARS}",
        aliases=(STARS,),
        kind="review",
        author_name="Данил Бырзул",
        created_at="2019-12-19T16:55:27.082Z",
        text="",
        rating=1.0,
        mentions=(PLACE, "accounts/106941250772149994434"),
        visibility="public",
    )
    unknown(post, "edited_at", "title", "author_id", "author_handle", "author_url", "url")
    unknown(post, "language", "likes_count", "replies_count", "parent_id", "root_id")


def test_five_stars_with_the_original_words() -> None:
    _, post, _ = listed("reviews_list_p1")
    check(
        post,
        post_id=f"{PLACE}/reviews/{WORDS}",
        kind="review",
        author_name="Вячеслав Крот",
        created_at="2020-09-07T19:27:46.840Z",
        text="Вкусно, сытно и недорого",
        rating=5.0,
    )
    assert "Translated by Google" in post.payload
    unknown(post, "edited_at")


def test_the_answer_of_the_place() -> None:
    _, review, answer = listed("reviews_list_p1")
    check(
        answer,
        post_id=f"{PLACE}/reviews/{WORDS}/reply",
        kind="reply",
        parent_id=review.post_id,
        root_id=review.post_id,
        author_id=PLACE,
        created_at="2020-10-17T06:49:49.916Z",
        text="Спасибо за отзыв, приходите ещё 🙂",
        visibility="public",
    )
    unknown(answer, "rating", "author_name", "edited_at", "language")


def test_the_answer_did_not_move_its_review_up() -> None:
    _, review, answer = listed("reviews_list_p1")
    assert review.created_at is not None
    assert answer.created_at is not None
    assert (answer.created_at - review.created_at).days == 39
    unknown(review, "edited_at")


def test_an_empty_page_holds_nothing_and_is_not_the_last() -> None:
    assert listed("reviews_list_next") == []
    assert b'"nextPageToken"' in envelope("googlebusiness", "reviews_list_next")
