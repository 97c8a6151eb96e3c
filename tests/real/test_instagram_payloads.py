"""Answers of the Instagram API of 2019-21, as a person reads them.

They are bare bodies as the tests of a client library keep them; no address stands with them, so
that of comments nothing tells what they stand under.
"""

from collections.abc import Mapping
from typing import ClassVar

from connectors import instagram
from connectors.testing import RecordingContract
from pipeline.inspect import inspect
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import check, envelope, unknown
from tests.shared import shared

SITE = "https://www.instagram.com"


def posts(name: str) -> list[Post]:
    found = list(inspect(instagram, envelope("instagram", name)))
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


class TestRecordings(RecordingContract):
    platform = "instagram"
    recordings = shared("payloads", "instagram")
    may_be_missing: ClassVar[Mapping[str, str]] = {
        "business_discovery": "the answer is only the account that asks",
        "business_discovery.media": "asked for only where posts are wanted",
        "mentioned_comment": "the answer is only the account that asks",
        "mentioned_media": "the answer is only the account that asks",
        "permalink": "pictures have nothing else: without it, only counts",
    }


def test_every_recording_gives_its_posts_or_its_error() -> None:
    assert outcomes("instagram") == {
        "pyfb_base_discovery_medias_p1": 5,
        "pyfb_basic_media_media_children": 2,  # without an address they look like posts
        "pyfb_basic_media_media_info": 1,
        "pyfb_basic_media_medias_info": 2,
        "pyfb_basic_user_user_info": 0,
        "pyfb_basic_user_user_medias_p1": 2,
        "pyfb_comments_comment_fields": 1,
        "pyfb_comments_comments_fields": 2,
        "pyfb_comments_replies": 1,
        "pyfb_discovery_medias_p1": 2,
        "pyfb_discovery_user_fields": 0,
        "pyfb_hashtags_hashtag_info": 0,
        "pyfb_hashtags_hashtag_recent_medias_p1": 0,  # only counts: no words, time or address
        "pyfb_hashtags_hashtag_top_medias_p1": 25,
        "pyfb_hashtags_hashtags_info": 0,
        "pyfb_medias_children": 2,
        "pyfb_medias_comments_p1": 2,
        "pyfb_medias_insights": 0,
        "pyfb_medias_insights_new": 0,
        "pyfb_medias_media_default": 1,
        "pyfb_medias_medias_fields": 2,
        "pyfb_stories_stories_default": 3,
        "pyfb_stories_stories_fields_p1": 0,  # only pictures
        "pyfb_stories_stories_info": 2,
        "pyfb_stories_story_info": 1,
        "pyfb_users_content_publish_limit": 0,
        "pyfb_users_hashtag_search": 0,
        "pyfb_users_live_medias": 0,
        "pyfb_users_medias_p1": 2,
        "pyfb_users_mentioned_comment": 1,
        "pyfb_users_mentioned_media": 1,
        "pyfb_users_recently_searched_hashtags": 0,
        "pyfb_users_stories": 2,
        "pyfb_users_user_fields": 0,
        "pyfb_users_user_insights": 0,
        "pyfb_users_user_insights_new": 0,
    }


def test_a_post_of_another_business() -> None:
    post = posts("pyfb_discovery_medias_p1")[0]
    check(
        post,
        platform="instagram",
        post_id="17885103395504675",
        native_id="17885103395504675",
        aliases=("CSr71Gzlqo4",),
        root_id="17885103395504675",
        kind="post",
        url=f"{SITE}/p/CSr71Gzlqo4/",
        created_at="2021-08-17T19:00:42+00:00",
        likes_count=87,
        replies_count=11,
        visibility="public",
    )
    assert post.text.startswith("To attract new players, the team behind state_of_survival")
    unknown(post, "author_id", "author_handle", "edited_at", "views_count", "reposts_count")


def test_what_a_hashtag_finds_has_no_author_and_no_time() -> None:
    found = posts("pyfb_hashtags_hashtag_top_medias_p1")
    check(
        found[0],
        post_id="18088158883149835",
        url=f"{SITE}/p/B8goRvrnwod/",
        tags=("makkah__madinah",),
        likes_count=997,
        replies_count=10,
    )
    check(found[1], post_id="17842849828991925", likes_count=2030, replies_count=60)
    assert found[1].tags[:3] == ("quokka", "quokkas", "perthlife")
    assert {each.author_id for each in found} == {None}
    assert {each.created_at for each in found} == {None}


def test_an_own_post_with_tags_and_a_name() -> None:
    post = posts("pyfb_basic_user_user_medias_p1")[0]
    check(
        post,
        post_id="17846368219941692",
        aliases=("B8gQCApHMT-",),
        author_id="ikroskun",
        author_handle="ikroskun",
        author_url=f"{SITE}/ikroskun/",
        text="Cute.. #cute #loveyou  @ikroskun",
        tags=("cute", "loveyou"),
        mentions=("ikroskun",),
        created_at="2020-02-13T10:35:40+00:00",
    )
    unknown(post, "likes_count", "replies_count", "language")


def test_a_carousel_is_one_post() -> None:
    (post,) = posts("pyfb_medias_media_default")
    check(
        post,
        post_id="17896129349106152",
        text="ALBUM",
        url=f"{SITE}/p/CRyZpmrjYC4/",
        created_at="2021-07-26T10:45:20+00:00",
        likes_count=1,
        replies_count=0,
    )


def test_a_post_without_a_caption_and_a_count_of_zero() -> None:
    first, second = posts("pyfb_users_medias_p1")
    check(first, text="", likes_count=0, replies_count=0, post_id="17895731045244887")
    check(second, text="", likes_count=2, replies_count=6, url=f"{SITE}/p/CSgdWACBeKr/")


def test_a_story() -> None:
    story = posts("pyfb_stories_stories_default")[1]
    check(
        story,
        kind="post",
        post_id="17876166859931045",
        aliases=("CGZ6vV1nBtA",),
        author_id="17841406338772941",
        author_handle="ikroskun",
        text="厉害了",
        url="https://instagram.com/stories/ikroskun/2421224614649404224",
        created_at="2020-10-16T12:48:02+00:00",
    )


def test_a_comment_and_who_wrote_it() -> None:
    first, second = posts("pyfb_comments_comments_fields")
    check(
        first,
        kind="comment",
        post_id="17892250648466172",
        author_id="ikroskun",
        text="@ikroskun  Hey, guys",
        mentions=("ikroskun",),
        likes_count=1,
        created_at="2020-02-24T09:15:16+00:00",
    )
    check(second, author_handle="lixiangguodu123", text="Beautiful!", likes_count=0)
    unknown(second, "parent_id", "root_id", "replies_count", "url")


def test_a_post_and_a_comment_that_mention_the_account() -> None:
    (post,) = posts("pyfb_users_mentioned_media")
    check(
        post,
        kind="post",
        post_id="17889114512354744",
        text="@ikroskun hey",
        mentions=("ikroskun",),
        created_at="2021-08-19T09:00:22+00:00",
        likes_count=0,
    )
    unknown(post, "url", "author_id")
    (comment,) = posts("pyfb_users_mentioned_comment")
    check(comment, kind="comment", post_id="17967008497439572", text="@ikroskun good")
