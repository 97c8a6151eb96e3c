"""Anonymised replies of Stack Exchange: every item of them is understood or is no post."""

from tests.real.outcomes import outcomes
from tests.real.recorded import posts


def test_every_recording_gives_its_posts() -> None:
    assert outcomes("stackexchange") == {
        "perceval_questions_page_1": 6,
        "perceval_questions_page_2": 6,
        "stackapi_users_associated": 0,
    }


def test_answers_and_comments_come_after_their_question() -> None:
    for name in ("perceval_questions_page_1", "perceval_questions_page_2"):
        found = posts("stackexchange", name)
        assert [post.kind for post in found] == ["post", "reply", "comment"] * 2
        for question, answer, comment in (found[:3], found[3:]):
            assert answer.parent_id == answer.root_id
            assert comment.root_id == question.post_id
            assert question.replies_count == 1
            assert question.views_count is not None
            assert question.edited_at is None
