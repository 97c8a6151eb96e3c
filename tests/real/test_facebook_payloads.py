"""Answers and webhooks of Facebook pages, most of 2015-21, as a person reads them.

They are bare bodies as the tests of two client libraries keep them, some shortened by their
authors; no address stands with them.
"""

from collections.abc import Mapping
from typing import ClassVar

from connectors import facebook
from connectors.testing import RecordingContract
from pipeline.errors import PayloadError, SourceRefused
from pipeline.inspect import inspect
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import check, envelope, unknown
from tests.shared import shared

SITE = "https://www.facebook.com"


def posts(name: str) -> list[Post]:
    found = list(inspect(facebook, envelope("facebook", name)))
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


class TestRecordings(RecordingContract):
    platform = "facebook"
    recordings = shared("payloads", "facebook")
    may_be_missing: ClassVar[Mapping[str, str]] = {
        "comments": "asked for only where comments are wanted",
        "message": "a post may be a mere picture",
        "comments.data": "old answers give a mere count",
    }


def test_every_recording_gives_its_posts_or_its_error() -> None:
    assert outcomes("facebook") == {
        "pyfb_base_error_data": SourceRefused,
        "pyfb_base_full_connecions_p1": 5,
        "pyfb_base_full_connecions_p2": 3,
        "pyfb_base_object_data": 0,  # a page
        "pyfb_base_token_info": 0,
        "pyfb_comments_comment_info": 1,
        "pyfb_comments_comments_info": 2,
        "pyfb_comments_comments_p1": 10,
        "pyfb_comments_comments_p2": 5,
        "pyfb_error": SourceRefused,
        "pyfb_events_events_info": 0,
        "pyfb_groups_feed_p1": 5,
        "pyfb_groups_feed_p2": 6,
        "pyfb_likes_likes_resp": 0,  # people
        "pyfb_live_videos_live_videos_p1": 0,
        "pyfb_pages_multi_default_fields": 0,
        "pyfb_pages_search_pages": 0,
        "pyfb_pages_single_default_page": 0,
        "pyfb_photos_photos_p1": 0,
        "pyfb_photos_photos_p2": 0,
        "pyfb_posts_feed_fields_p1": 5,
        "pyfb_posts_feed_fields_p2": 5,
        "pyfb_posts_feeds_default_fields_p1": 5,
        "pyfb_posts_feeds_default_fields_p2": 5,
        "pyfb_posts_multi_posts_data": 18,  # two posts, seven and nine comments
        "pyfb_posts_multi_posts_data_fields": 2,
        "pyfb_posts_single_post_data": 1,
        "pyfb_videos_videos_info_fields": 0,
        "pyfb_videos_videos_p1": 0,
        "pyfb_videos_videos_p2": 0,
        "restfb_api_header-business": PayloadError,  # a header, not an answer
        "restfb_batch_batch-simple": 0,  # people
        "restfb_connection-p1": 0,
        "restfb_connection-p2": 0,
        "restfb_connection-p3": 0,
        "restfb_exampleErrorNew": SourceRefused,
        "restfb_post-with-normal-comments": 2,
        "restfb_v10_0_tagged-post": 1,
        "restfb_v2_5_open-graph-rating-simple": 1,
        "restfb_v2_6_post-with-reactions": 0,  # only counts: neither words nor a time
        "restfb_webhook_feed-album-add": 0,
        "restfb_webhook_feed-comment-add-211": 1,
        "restfb_webhook_feed-comment-add-with-photo": 1,
        "restfb_webhook_feed-comment-edited-25": 1,
        "restfb_webhook_feed-comment-edited-with-video": 1,
        "restfb_webhook_feed-comment-remove-25": 1,
        "restfb_webhook_feed-event-add": 1,  # a story of the page
        "restfb_webhook_feed-like-add-comment-25": 0,
        "restfb_webhook_feed-like-remove-25": 0,
        "restfb_webhook_feed-photo-add-message": 1,
        "restfb_webhook_feed-photo-edited": 1,
        "restfb_webhook_feed-photo-hide": 0,  # no longer public
        "restfb_webhook_feed-post-add-25": 1,
        "restfb_webhook_feed-post-hide": 0,
        "restfb_webhook_feed-post-unhide": 1,
        "restfb_webhook_feed-reaction-add-reply": 0,
        "restfb_webhook_feed-reaction-edit": 0,
        "restfb_webhook_feed-share-add-25": 1,
        "restfb_webhook_feed-share-unhide": 1,
        "restfb_webhook_feed-status-add-photos": 1,
        "restfb_webhook_feed-status-edited-photos": 1,
        "restfb_webhook_feed-status-unhide": 1,
        "restfb_webhook_feed-video-add": 1,
        "restfb_webhook_feed-video-edited": 1,
        "restfb_webhook_feed-video-mute": 0,  # names no post
        "restfb_webhook_feed-video-unblock": 0,
        "restfb_webhook_mention-post-add-real": 1,
        "restfb_webhook_ratings-comment-add-25": 1,
        "restfb_webhook_ratings-comment-remove-25": 1,
        "restfb_webhook_ratings-like-add-40": 0,
        "restfb_webhook_ratings-like-remove-40": 0,
        "restfb_webhook_ratings-rating-add-31": 1,
        "restfb_webhook_ratings-rating-remove-25": 1,
        "restfb_webhook_ratings-reaction-edit": 0,
    }


def test_a_post_of_a_page_with_a_picture_and_two_tags() -> None:
    post = posts("pyfb_posts_feeds_default_fields_p1")[0]
    check(
        post,
        platform="facebook",
        post_id="19292868552_10158349356748553",
        native_id="19292868552_10158349356748553",
        aliases=("10158349356748553",),
        root_id="19292868552_10158349356748553",
        kind="post",
        created_at="2021-07-09T19:09:52+00:00",
        url=f"{SITE}/19292868552/posts/10158349356748553/",
        mentions=("957138134486129", "602814669838217"),
        links=("https://fb.me/Ninja-Van-Success-Story",),
        likes_count=125,
        reposts_count=10,
        replies_count=13,
        visibility="public",
    )
    assert post.text.startswith("Singaporean logistics company Ninja Van Singapore provides")
    unknown(post, "author_id", "edited_at", "parent_id", "title", "views_count", "language")


def test_a_shared_link_is_freed_of_its_detour() -> None:
    post = posts("pyfb_posts_feeds_default_fields_p1")[1]
    check(post, post_id="19292868552_10158347294088553", likes_count=131, replies_count=17)
    shared, short = post.links
    assert shared.startswith("https://engineering.fb.com/2021/05/20/networking-traffic/")
    assert short == "https://fb.me/Facebook-Peering-automation"


def test_the_same_post_days_before_with_its_comments_inside() -> None:
    found = posts("pyfb_posts_multi_posts_data")
    check(found[0], post_id="19292868552_10158347294088553", likes_count=82, replies_count=12)
    check(
        found[1],
        kind="comment",
        post_id="10158347294088553_10158348537573553",
        native_id="19292868552_10158347294088553_10158348537573553",
        parent_id="19292868552_10158347294088553",
        root_id="19292868552_10158347294088553",
        author_id="100070073499229",
        author_name="Vivian Smith",
        text="Inbox me for help regarding your account, quick recovery is assured",
        likes_count=0,
        created_at="2021-07-09T09:29:06+00:00",
    )
    unknown(found[1], "replies_count", "url", "author_handle", "author_url")
    assert [each.kind for each in found].count("post") == 2
    assert found[8].post_id == "19292868552_10158345715593553"
    check(found[9], text="Okay ", likes_count=1, author_id="176140393014803")


def test_a_comment_asked_for_by_its_id() -> None:
    (comment,) = posts("pyfb_comments_comment_info")
    check(
        comment,
        kind="comment",
        post_id="10158371815748553_10158371930463553",
        native_id="10158371815748553_10158371930463553",
        aliases=("10158371930463553",),
        parent_id="19292868552_10158371815748553",
        root_id="19292868552_10158371815748553",
        created_at="2021-07-21T21:05:14+00:00",
        text="This is really nice",
        likes_count=0,
        replies_count=0,
    )
    unknown(comment, "author_id", "author_name", "edited_at", "reposts_count")


def test_comments_without_an_id_are_named_by_their_address() -> None:
    found = posts("pyfb_comments_comments_p1")
    check(
        found[1],
        kind="comment",
        post_id="10158407654328553_10158407903973553",
        parent_id="19292868552_10158407654328553",
        created_at="2021-08-10T19:38:44+00:00",
        likes_count=0,
        replies_count=2,
    )
    check(
        found[5],
        kind="reply",
        post_id="10158407654328553_10158409983033553",
        parent_id="10158407654328553_10158407903973553",
        root_id="19292868552_10158407654328553",
        created_at="2021-08-11T23:22:14+00:00",
        links=("http://bit.ly/2NsSg8i",),
        replies_count=0,
    )


def test_a_post_of_2010_and_the_comment_inside_it() -> None:
    post, comment = posts("restfb_post-with-normal-comments")
    check(
        post,
        post_id="1234",
        kind="post",
        author_id="4132",
        author_name="Manuel Martin",
        text="hello world!",
        created_at="2010-09-14T22:41:25+00:00",
        replies_count=3,
    )
    check(
        comment,
        post_id="54123",
        kind="comment",
        parent_id="1234",
        root_id="1234",
        author_id="4123",
        author_name="Vodafone",
        text="Test comment",
    )
    unknown(post, "likes_count", "reposts_count")


def test_a_tagged_post_has_the_time_of_its_tag() -> None:
    (post,) = posts("restfb_v10_0_tagged-post")
    check(
        post,
        post_id="1875137689236883_3800298753387424",
        text="just a small tagged post example",
        created_at="2021-02-26T11:49:57+00:00",
    )
    unknown(post, "author_id", "likes_count", "replies_count", "url")


def test_a_review_with_stars_and_words() -> None:
    (review,) = posts("restfb_v2_5_open-graph-rating-simple")
    check(
        review,
        post_id="8473635262",
        kind="review",
        rating=4.0,
        text="Ziemlich cool",
        author_id="987654321324",
        author_name="Test User",
        created_at="2014-09-04T10:43:20+00:00",
    )


def test_a_post_with_counts_of_zero_and_one() -> None:
    (post,) = posts("pyfb_posts_single_post_data")
    check(post, text="我测试一下 MyLife", likes_count=1, replies_count=0)
    unknown(post, "reposts_count")


def test_a_webhook_about_a_new_comment() -> None:
    (comment,) = posts("restfb_webhook_feed-comment-add-211")
    check(
        comment,
        kind="comment",
        post_id="901097836652708_903438993085259",
        parent_id="1234567890321_901097836652708",
        root_id="1234567890321_901097836652708",
        author_id="1234567890321",
        author_name="Tester",
        text="and the next one",
        created_at="2015-12-03T09:30:03+00:00",
    )
    unknown(comment, "edited_at", "deleted_at", "likes_count")


def test_a_webhook_about_an_edit_of_2015_that_says_sender() -> None:
    (comment,) = posts("restfb_webhook_feed-comment-edited-25")
    check(
        comment,
        post_id="900728623356296_900744590021366",
        author_id="1234567890321",
        author_name="Tester",
        text="Let's see the Webhooks in action :D",
        edited_at="2015-11-26T16:35:37+00:00",
    )


def test_a_webhook_about_a_removal_leaves_no_words() -> None:
    (comment,) = posts("restfb_webhook_feed-comment-remove-25")
    check(
        comment,
        post_id="905578656204626_905579239537901",
        parent_id="1234567890321_905578656204626",
        deleted_at="2016-01-06T19:06:22+00:00",
        text="",
    )
    unknown(comment, "author_id", "author_name", "created_at")


def test_a_webhook_about_a_shared_link() -> None:
    (post,) = posts("restfb_webhook_feed-share-add-25")
    check(
        post,
        kind="post",
        post_id="1234567890321_98735342324352",
        text="Ein Link zu was ganz anderem: www.daserste.de",
        links=("http://www.google.com/",),
        created_at="2016-04-08T10:37:23+00:00",
    )


def test_a_webhook_about_a_mention_tells_who_was_meant_but_not_by_whom() -> None:
    (post,) = posts("restfb_webhook_mention-post-add-real")
    check(
        post,
        post_id="1234567890321_98722536423179",
        mentions=("1234567890321",),
        text="A test post message",
        created_at="2021-02-26T11:56:02+00:00",
    )
    unknown(post, "author_id")


def test_webhooks_about_a_review_and_a_comment_on_it_meet() -> None:
    (review,) = posts("restfb_webhook_ratings-rating-add-31")
    check(
        review,
        kind="review",
        post_id="904801129604590",
        rating=3.0,
        text="Ja ziemlich coole Sache",
        author_id="705955836155788",
        author_name="Tester",
        created_at="2018-09-19T15:05:12+00:00",
    )
    (comment,) = posts("restfb_webhook_ratings-comment-add-25")
    check(comment, kind="comment", parent_id=review.post_id, root_id=review.post_id)
    (gone,) = posts("restfb_webhook_ratings-rating-remove-25")
    check(review, mentions=("1234567890321",))
    check(gone, post_id=review.post_id, text="", deleted_at="2016-01-06T19:09:49+00:00")
    unknown(gone, "rating", "author_id")


def test_a_post_that_is_shown_again() -> None:
    (post,) = posts("restfb_webhook_feed-post-unhide")
    check(
        post, post_id="1234567890321_7293787835232", visibility="public", author_id="8423678347823"
    )
    unknown(post, "created_at", "edited_at")
