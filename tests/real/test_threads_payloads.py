"""Answers of the Threads API: no recording was found, these are the samples of its documentation.

Their ids are repeated by whoever wrote them; no address stands with them.
"""

from connectors import threads
from connectors.paging import understand
from connectors.testing import RecordingContract
from pipeline.errors import SourceGone
from pipeline.inspect import inspect, reply_in
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import check, envelope, unknown
from tests.shared import shared


def posts(name: str) -> list[Post]:
    found = list(inspect(threads, envelope("threads", name)))
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


class TestRecordings(RecordingContract):
    platform = "threads"
    recordings = shared("payloads", "threads")


def test_every_sample_gives_its_posts_or_its_error() -> None:
    assert outcomes("threads") == {
        "restfb_basic-list-reply": 2,  # three answers, one of them hidden
        "restfb_basic-media": 1,
        "restfb_basic-profile": 0,
        "restfb_exception": SourceGone,
    }


def test_a_post() -> None:
    (post,) = posts("restfb_basic-media")
    check(
        post,
        platform="threads",
        post_id="1234567",
        native_id="1234567",
        aliases=("abcdefg",),
        root_id="1234567",
        kind="post",
        author_id="threadsapitestuser",
        author_handle="threadsapitestuser",
        author_url="https://www.threads.com/@threadsapitestuser",
        url="https://www.threads.net/@threadsapitestuser/post/abcdefg",
        text="Today Is Monday",
        created_at="2023-10-17T05:42:03+00:00",
        visibility="public",
    )
    unknown(post, "likes_count", "replies_count", "views_count", "edited_at", "parent_id")


def test_an_answer_and_what_it_answers() -> None:
    first, second = posts("restfb_basic-list-reply")
    check(
        first,
        kind="reply",
        text="First Reply",
        parent_id="1234567890",
        root_id="1234567890",
        created_at="2024-01-01T18:20:00+00:00",
    )
    unknown(first, "author_id", "author_handle", "url", "author_url")
    check(second, kind="reply", text="Third Reply", visibility="public")


def test_a_hidden_answer_may_not_be_kept() -> None:
    reply = reply_in(envelope("threads", "restfb_basic-list-reply"))
    found = [each for each in understand(threads, [reply]) if isinstance(each, Post)]
    assert [each.visibility for each in found] == ["public", "withheld", "public"]
    check(found[1], text="Second Reply")
