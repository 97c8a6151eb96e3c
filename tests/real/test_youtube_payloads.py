"""Replies of the YouTube Data API, as a client library keeps them, field by field by hand."""

import connectors
from connectors.testing import RecordingContract
from pipeline.errors import PayloadError, SourceRefused
from pipeline.inspect import inspect
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import check, envelope, unknown
from tests.shared import shared

SITE = "https://www.youtube.com"


class TestRecordings(RecordingContract):
    platform = "youtube"
    recordings = shared("payloads", "youtube")


def read(name: str) -> list[Post]:
    """The posts of a recording; these have no envelope around them."""
    found = list(inspect(connectors.load("youtube"), envelope("youtube", f"pyyt_{name}")))
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


def test_every_recording_gives_its_posts_or_its_error() -> None:
    assert outcomes("youtube") == {
        "pyyt_activities_activities_by_channel_p1": 0,
        "pyyt_activities_activities_by_channel_p2": 0,
        "pyyt_channels_info_multiple": 0,
        "pyyt_comment_threads_comment_thread_single": 1,
        "pyyt_comment_threads_comment_threads_all_to_me": 4,
        "pyyt_comment_threads_comment_threads_by_channel": 2,
        "pyyt_comment_threads_comment_threads_by_video_paged_1": 5,
        "pyyt_comment_threads_comment_threads_by_video_paged_2": 5,
        "pyyt_comment_threads_comment_threads_multi": 2,
        "pyyt_comment_threads_comment_threads_with_search": 1,
        "pyyt_comments_comments_by_parent_paged_1": 2,
        "pyyt_comments_comments_by_parent_paged_2": 1,
        "pyyt_comments_comments_multi": 2,
        "pyyt_error_permission_resp": SourceRefused,
        "pyyt_error_response": SourceRefused,
        "pyyt_error_response_simple": PayloadError,
        "pyyt_playlist_items_playlist_items_paged_1": 10,
        "pyyt_playlist_items_playlist_items_paged_2": 3,
        "pyyt_search_search_by_keywords_p1": 25,
        "pyyt_search_search_by_keywords_p2": 25,
        "pyyt_search_search_by_location": 5,
        "pyyt_search_search_by_mine": 2,
        "pyyt_search_search_channels": 0,
        "pyyt_search_search_videos_by_channel": 5,
        "pyyt_subscriptions_subscription_zero": 0,
        "pyyt_videos_videos_chart_paged_1": 5,
        "pyyt_videos_videos_chart_paged_2": 3,
        "pyyt_videos_videos_info_multi": 2,
    }


def test_a_comment_of_several_lines() -> None:
    (post,) = read("comment_threads_comment_thread_single")
    check(
        post,
        platform="youtube",
        post_id="UgxKREWxIgDrw8w2e_Z4AaABAg",
        kind="comment",
        parent_id="D-lhorsDlUQ",
        root_id="D-lhorsDlUQ",
        url=f"{SITE}/watch?v=D-lhorsDlUQ&lc=UgxKREWxIgDrw8w2e_Z4AaABAg",
        created_at="2019-04-20T01:03:39Z",
        author_id="UClfzT4CU_yaZjJaI4pKqSjQ",
        author_name="Hieu Nguyen",
        author_url=f"{SITE}/channel/UClfzT4CU_yaZjJaI4pKqSjQ",
        likes_count=0,
        replies_count=0,
        visibility="public",
    )
    assert post.text.startswith("Super video !!!\nWith full power skil  thank a lot ... \n")
    unknown(post, "author_handle", "edited_at", "title", "language", "views_count", "deleted_at")


def test_a_comment_with_hashtags_and_replies_that_did_not_come_along() -> None:
    post = read("comment_threads_comment_threads_by_video_paged_1")[4]
    check(
        post,
        post_id="UgwI_ylXVnzPS8Q-oAV4AaABAg",
        root_id="F1UP7wRCPH8",
        created_at="2019-11-14T23:31:33Z",
        replies_count=2,
        tags=("ChromeDevSummit", "chromedevsummit"),
        links=(),
    )
    assert post.text.startswith("Lot's of good light coming in from here #ChromeDevSummit")


def test_a_comment_that_is_a_link() -> None:
    post = read("comment_threads_comment_threads_by_video_paged_1")[0]
    check(
        post,
        post_id="UgyZ1jqkHKYvi1-ruOZ4AaABAg",
        text="Google.com",
        links=("http://google.com/",),
        author_name="himani agarwal",
        created_at="2019-11-26T15:51:44Z",
    )


def test_a_comment_on_a_channel_itself_has_no_video() -> None:
    post = read("comment_threads_comment_threads_all_to_me")[2]
    check(
        post,
        post_id="Ugy0FhSzKMNMT9qs6zt4AaABAg",
        kind="comment",
        text="大满贯",
        parent_author_id="UCa-vrCLQHviTOVnEKDOdetQ",
        created_at="2019-11-29T02:58:25Z",
        replies_count=0,
    )
    unknown(post, "url", "parent_id", "root_id")


def test_a_reply_asked_for_by_its_parent() -> None:
    post = read("comments_comments_by_parent_paged_1")[0]
    check(
        post,
        post_id="Ugw5zYU6n9pmIgAZWvN4AaABAg.91zT3cYb5B291za6voUoRh",
        kind="reply",
        parent_id="Ugw5zYU6n9pmIgAZWvN4AaABAg",
        text="this is the third reply!",
        author_id="UCNvMBmCASzTNNX8lW3JRMbw",
        author_name="kun liu",
        created_at="2019-12-01T04:46:31Z",
        likes_count=0,
    )
    unknown(post, "url", "root_id", "replies_count", "parent_author_id")


def test_a_comment_asked_for_by_its_id() -> None:
    post = read("comments_comments_multi")[1]
    check(
        post,
        post_id="Ugzi3lkqDPfIOirGFLh4AaABAg",
        kind="comment",
        text="exceptional content!",
        author_name="EclipZe Muzik",
        created_at="2018-05-26T20:11:30Z",
    )
    unknown(post, "parent_id", "root_id", "replies_count", "url")


def test_a_video_with_its_language_and_links() -> None:
    post = read("videos_videos_info_multi")[0]
    check(
        post,
        post_id="D-lhorsDlUQ",
        kind="post",
        root_id="D-lhorsDlUQ",
        url=f"{SITE}/watch?v=D-lhorsDlUQ",
        title="What are Actions on Google (Assistant on Air)",
        language="en",
        links=("http://bit.ly/2YabdS5", "https://goo.gle/2X0nBqG", "https://bit.ly/googledevs"),
        tags=(),
        created_at="2019-03-21T20:37:49Z",
        author_id="UC_x5XG1OV2P6uZZ5FSM9Ttw",
        author_name="Google Developers",
    )
    assert post.text.startswith("In the first episode of Assistant on Air, Luke Davis and guest")
    unknown(post, "views_count", "likes_count", "replies_count", "edited_at", "author_handle")


def test_a_video_with_hashtags_and_no_language() -> None:
    post = read("videos_videos_info_multi")[1]
    check(
        post,
        post_id="ovdbrdCIP7U",
        title="How EVERY Team Got Its Name & Identity!",
        tags=(
            "NFL100",
            "NFL",
            "NFLThrowback",
            "NFLHistory",
            "Football",
            "AmericanFootball",
            "NFLVault",
        ),
        created_at="2019-09-11T23:00:05Z",
        author_name="NFL Throwback",
    )
    unknown(post, "language")


def test_a_video_of_the_charts() -> None:
    post = read("videos_videos_chart_paged_2")[0]
    check(
        post,
        post_id="MKM90u7pf3U",
        title="Kanye West - Closed On Sunday",
        tags=("JESUSISKING",),
        links=(
            "https://kanyewest.lnk.to/JesusIsKing",
            "https://www.kanyewest.com/",
            "https://shop.kanyewest.com",
            "https://twitter.com/kanyewest",
        ),
        created_at="2019-11-28T17:00:11Z",
        author_id="UCs6eXM7s8Vl5WcECcRHc2qQ",
    )


def test_a_video_found_has_its_entities_undone() -> None:
    found = {post.post_id: post for post in read("search_search_by_keywords_p2")}
    check(
        found["4sqcVvWBK08"],
        title='"Go Easy On The Zambezi" River Surfing In Africa With Harry Bryant, '
        "Mikey Feb and Dylan Graves",
        created_at="2019-11-29T18:30:02Z",
    )
    check(found["oSR8irQRdWs"], title="Surfing's most insane 10's")
    check(found["-2IlD-x8wvY"], author_name="Ho & Pringle Productions")
    unknown(found["-2IlD-x8wvY"], "views_count", "replies_count", "language")


def test_an_entry_of_a_playlist_does_not_tell_when_the_video_was_published() -> None:
    post = read("playlist_items_playlist_items_paged_1")[0]
    check(
        post,
        post_id="CvTApw9X8aA",
        title="Welcome from Google Developers - Pittsburgh ML Summit ‘19",
        links=("https://goo.gle/339pgbR", "https://goo.gle/developers"),
        visibility="public",
    )
    unknown(post, "created_at", "author_id", "deleted_at")
