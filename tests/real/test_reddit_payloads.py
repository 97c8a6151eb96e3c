"""Replies recorded from Reddit in 2016-19, field by field, as a person reads them."""

from pipeline.errors import PayloadError, RateLimited, SourceGone, SourceRefused, SourceUnavailable
from tests.real.outcomes import outcomes
from tests.real.recorded import check, posts, unknown

SITE = "https://www.reddit.com"


def test_every_recording_gives_its_posts_or_its_error() -> None:
    assert outcomes("reddit") == {
        "goreddit_comment_more": 3,
        "goreddit_listings_posts-comments-subreddits": 2,
        "goreddit_post_duplicates": 3,
        "goreddit_post_post": 3,
        "goreddit_user_comments": 1,
        "goreddit_user_overview": 2,
        "praw_Comment_edit": 1,
        "praw_Comment_invalid": 0,
        "praw_Comment_parent__chain__01": 1,
        "praw_Comment_parent__chain__02": 10,
        "praw_Comment_refresh__01": 1,
        "praw_Comment_refresh__02": 3,
        "praw_Comment_refresh__deleted_comment__01": 1,
        "praw_Comment_refresh__deleted_comment__02": 1,
        "praw_Inbox_comment_replies": 64,
        "praw_Inbox_mentions": 16,
        "praw_ListingGenerator_exhaust_lastpages__01": 100,
        "praw_ListingGenerator_exhaust_lastpages__02": 1,
        "praw_ListingGenerator_no_items": 0,
        "praw_More_comments": 7,
        "praw_Reddit_info_url": 25,
        "praw_RedditorListings_comments__new": 100,
        "praw_Submission_comments": 3,
        "praw_Submission_edit__01": 1,
        "praw_Submission_edit__02": 5,
        "praw_Submission_edit_invalid": PayloadError,
        "praw_SubredditListings_comments": 100,
        "praw_SubredditListings_new": 100,
        "praw_SubredditStreams_comments_before__01": 0,
        "praw_SubredditStreams_comments_before__02": 31,
        "praw_Subreddit_search": 6,
        "prawcore_ReadOnlyAuthorizer_token": 0,
        "prawcore_Session_request__bad_gateway": SourceUnavailable,
        "prawcore_Session_request__bad_json": PayloadError,
        "prawcore_Session_request__bad_request": PayloadError,
        "prawcore_Session_request__forbidden": SourceRefused,
        "prawcore_Session_request__not_found": SourceGone,
        "prawcore_Session_request__raw_json": 1,
        "prawcore_Session_request__redirect": PayloadError,
        "prawcore_Session_request__service_unavailable": SourceUnavailable,
        "prawcore_Session_request__too__many_requests__with_retry_headers": RateLimited,
        "prawcore_Session_request__too__many_requests__without_retry_headers": RateLimited,
        "prawcore_Session_request__unavailable_for_legal_reasons": SourceRefused,
        "prawcore_Session_request__with_invalid_access_token": SourceRefused,
        "synthetic_social_surveyor_search_rss": PayloadError,
    }


def test_a_post_on_a_subreddit() -> None:
    post = posts("reddit", "praw_Submission_comments")[0]
    check(
        post,
        platform="reddit",
        post_id="t3_2gmzqe",
        native_id="t3_2gmzqe",
        kind="post",
        title="[PRAW] HTTPS enabled PRAW testing needed",
        author_id="bboe",
        author_handle="bboe",
        author_url=f"{SITE}/user/bboe",
        created_at="2014-09-17T06:34:31Z",
        likes_count=11,
        replies_count=2,
        url=f"{SITE}/r/redditdev/comments/2gmzqe/praw_https_enabled_praw_testing_needed/",
        links=("https://github.com/praw-dev/praw/issues",),
        visibility="public",
    )
    assert post.text.startswith("PRAW client developers,")
    unknown(post, "edited_at", "deleted_at", "parent_id", "views_count", "language")
    unknown(post, "author_followers_count", "author_is_bot", "rating", "reposts_count")


def test_a_comment_and_the_answer_inside_it() -> None:
    _, comment, answer = posts("reddit", "praw_Submission_comments")
    check(
        comment,
        post_id="t1_cklfmye",
        kind="comment",
        parent_id="t3_2gmzqe",
        root_id="t3_2gmzqe",
        author_id="paneer_burrito",
        created_at="2014-09-18T01:51:52Z",
        likes_count=1,
        url=f"{SITE}/comments/2gmzqe/_/cklfmye/",
    )
    check(
        answer,
        post_id="t1_cklhv0f",
        kind="reply",
        parent_id="t1_cklfmye",
        root_id="t3_2gmzqe",
        author_id="bboe",
        created_at="2014-09-18T03:13:54Z",
    )
    assert answer.text.startswith("Yes it does. That fix is also in the master branch")
    unknown(answer, "edited_at", "title", "replies_count")


def test_a_comment_its_author_deleted() -> None:
    (gone,) = posts("reddit", "praw_Comment_refresh__deleted_comment__01")
    check(gone, post_id="t1_d7ltvl0", parent_id="t3_52o2fl", text="", likes_count=1)
    assert gone.deleted_at is not None
    unknown(gone, "author_id", "author_handle", "author_url")


def test_the_post_that_is_left_above_it() -> None:
    (post,) = posts("reddit", "praw_Comment_refresh__deleted_comment__02")
    check(
        post,
        post_id="t3_52o2fl",
        title="testing define bot!",
        text="test",
        author_id="CorvetteCole",
        replies_count=19,
        created_at="2016-09-14T01:12:03Z",
    )


def test_an_edited_comment_tells_when() -> None:
    (comment,) = posts("reddit", "praw_Comment_edit")
    check(
        comment,
        post_id="t1_d1616q2",
        text="New text",
        parent_id="t3_4b1tfm",
        created_at="2016-03-19T21:04:36Z",
        edited_at="2016-03-20T03:27:43Z",
    )


def test_a_comment_of_an_inbox_finds_its_post_in_its_context() -> None:
    first = posts("reddit", "praw_Inbox_mentions")[0]
    check(
        first,
        post_id="t1_ekftbox",
        kind="comment",
        parent_id="t3_bb24k7",
        root_id="t3_bb24k7",
        author_id="2Botter2Loop",
        likes_count=1,
    )
