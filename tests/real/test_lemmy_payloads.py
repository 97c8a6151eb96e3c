"""Replies transcribed from a test network of Lemmy: every post and comment is understood."""

from tests.real.outcomes import outcomes
from tests.real.recorded import posts


def test_every_recording_gives_its_posts() -> None:
    assert outcomes("lemmy") == {
        "lemmykit_get_comments_v3": 1,
        "lemmykit_get_posts_v3": 3,
        "lemmykit_search_v3": 2,
    }


def test_a_comment_of_a_search_stands_under_its_post() -> None:
    post, comment = posts("lemmy", "lemmykit_search_v3")
    assert (post.kind, comment.kind) == ("post", "comment")
    assert comment.parent_id == comment.root_id == post.post_id
    assert None not in (post.replies_count, post.likes_count, comment.likes_count)
    assert post.edited_at is None
