"""Replies recorded from an Isso server 0.14, field by field, as a person reads them.

They are bare bodies: neither the server nor, in a thread, the page is told.
"""

import json

import connectors
from connectors.paging import understand
from connectors.testing import RecordingContract
from pipeline.inspect import reply_in
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import OBSERVED, check, envelope, unknown
from tests.shared import shared

ISSO = connectors.load("isso")


def posts(name: str) -> list[Post]:
    """The posts of a bare body, all of it understood."""
    found = list(understand(ISSO, [reply_in(envelope("isso", name), OBSERVED)]))
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


class TestRecordings(RecordingContract):
    platform = "isso"
    recordings = shared("payloads", "isso")


def test_every_recording_gives_its_posts() -> None:
    assert outcomes("isso") == {"live-latest": 10, "live-missing": 0, "live-thread": 10}


def test_the_first_comment_of_a_thread() -> None:
    first = posts("live-thread")[0]
    check(
        first,
        platform="isso",
        post_id="/id/8",
        native_id="8",
        kind="comment",
        text="Brightloop when does LS6 get fibre?",
        author_name="Jonas Brandt",
        author_handle="Jonas Brandt",
        author_id="/name/Jonas Brandt",
        created_at="2026-11-24T19:42:41.599788Z",
        likes_count=0,
        replies_count=0,
        visibility="public",
        links=(),
    )
    unknown(first, "parent_id", "root_id", "url", "edited_at", "deleted_at", "author_url")
    unknown(first, "title", "language", "views_count", "reposts_count", "rating")


def test_an_answer_inside_a_comment() -> None:
    _, above, answer, *_ = posts("live-thread")
    check(above, post_id="/id/9", author_name="Deals4U", replies_count=1, kind="comment")
    check(
        answer,
        post_id="/id/10",
        kind="reply",
        parent_id="/id/9",
        parent_author_id="/name/Deals4U",
        author_name="Brightloop",
        text=(
            "Hi Deals4U, sorry about this. Can you send us a message with your account number "
            "so we can look into it? ^Jo"
        ),
        likes_count=0,
    )
    unknown(answer, "replies_count", "edited_at", "author_url")


def test_the_payload_of_a_comment_holds_none_of_the_answers() -> None:
    _, above, answer, *_ = posts("live-thread")
    assert "replies" not in json.loads(above.payload)
    assert json.loads(above.payload)["text"] == "<p>Brightloop when does LS6 get fibre?</p>"
    assert json.loads(answer.payload)["hash"] == "3ac27916c634"


def test_words_with_emoji_accents_and_entities() -> None:
    texts = [post.text for post in posts("live-thread")]
    assert texts[3] == "ok the Brightloop outage page is actually good: honest times, no waffle"
    assert texts[4] == "Brightloop thanks for sorting my billing so fast today 💙"
    assert texts[7] == "Brightloop merci pour l'assistance rapide ce matin !"
    assert texts[9] == "Hi Deals4U, yes it does: Settings > Advanced > Bridge mode. ^Priya"
    assert [post.author_name for post in posts("live-thread")][3] == "Inès Laurent"


def test_a_thread_has_its_comments_and_answers_in_order() -> None:
    found = posts("live-thread")
    assert [post.native_id for post in found] == [str(number) for number in range(8, 18)]
    assert [post.native_id for post in found if post.kind == "reply"] == ["10", "14", "17"]


def test_one_of_the_latest() -> None:
    first = posts("live-latest")[0]
    check(
        first,
        post_id="/id/30",
        kind="reply",
        parent_id="/id/29",
        root_id="/?uri=/2026/post-3/",
        author_name="Brightloop",
        created_at="2026-11-24T19:42:42.148826Z",
        likes_count=0,
    )
    assert first.text.startswith("Hi Priyanka Rao, sorry about this.")
    unknown(first, "replies_count", "parent_author_id", "edited_at", "url")


def test_the_latest_are_answers_only_as_these_come_after_all_comments() -> None:
    found = posts("live-latest")
    assert {post.kind for post in found} == {"reply"}
    assert {post.root_id for post in found} == {
        f"/?uri=/2026/post-{number}/" for number in (3, 4, 5)
    }
    numbers = (30, 33, 35, 37, 39, 42, 47, 49, 52, 54)
    assert [post.native_id for post in found] == [str(number) for number in numbers]


def test_a_page_that_does_not_exist_is_an_empty_thread() -> None:
    assert posts("live-missing") == []
