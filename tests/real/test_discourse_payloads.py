"""Replies recorded from meta.discourse.org in 2013-15, field by field, as a person reads them."""

from tests.real.outcomes import outcomes
from tests.real.recorded import check, posts, unknown

META = "meta.discourse.org"


def test_every_recording_gives_its_posts() -> None:
    assert outcomes("discourse") == {
        "gem_hot": 3,
        "gem_notifications": 0,
        "gem_post": 1,
        "gem_replies_and_topics": 0,
        "gem_topic": 3,
        "gem_topic_posts": 1,
        "gem_user": 0,
        "meta2015_latest": 30,
        "meta2015_search": 5,
        "meta2015_topic_280": 20,
        "meta2015_topics_created_by": 6,
        "perceval_discourse_topics": 2,
        "perceval_discourse_topics_empty": 0,
        "perceval_discourse_topics_pinned": 3,
    }


def test_an_opening_post_has_the_title_and_views_of_its_topic() -> None:
    opening = posts("discourse", "meta2015_topic_280")[0]
    check(
        opening,
        platform="discourse",
        post_id=f"{META}:398",
        native_id="398",
        aliases=(f"{META}/t/280/1",),
        kind="post",
        url=f"https://{META}/t/internationalization-localization/280/1",
        title="Internationalization / localization",
        text="Any plans to support localization of UI elements, so that I (for example) could "
        "set up a completely German speaking forum?",
        author_id=f"uwe_keim@{META}",
        author_handle=f"uwe_keim@{META}",
        author_name="Uwe Keim",
        author_is_bot=False,
        created_at="2013-02-05T21:29:00.280Z",
        likes_count=0,
        replies_count=1,
        views_count=5211,
        visibility="public",
    )
    unknown(opening, "edited_at", "deleted_at", "parent_id", "language", "rating")
    unknown(opening, "author_followers_count", "reposts_count", "quotes_count")


def test_an_answer_to_the_topic_that_was_edited() -> None:
    answer = posts("discourse", "meta2015_topic_280")[1]
    check(
        answer,
        post_id=f"{META}:419",
        kind="reply",
        parent_id=f"{META}/t/280/1",
        root_id=f"{META}/t/280/1",
        author_name="Tim Stone",
        author_id=f"tms@{META}",
        created_at="2013-02-05T21:32:47.649Z",
        edited_at="2013-02-06T10:15:27.965Z",
        links=("https://github.com/discourse/discourse/blob/master/config/locales/en.yml",),
        text="The application strings are externalized, so localization should be entirely "
        "possible with enough translation effort.",
        likes_count=4,
        replies_count=0,
        views_count=460,
    )
    unknown(answer, "title")


def test_an_answer_to_an_answer() -> None:
    answer = posts("discourse", "meta2015_topic_280")[4]
    check(
        answer,
        post_id=f"{META}:3651",
        kind="reply",
        parent_id=f"{META}/t/280/3",
        author_id=f"pekka@{META}",
        likes_count=2,
        replies_count=2,
        views_count=386,
    )
    unknown(answer, "edited_at")


def test_a_long_topic_keeps_its_tree() -> None:
    page = posts("discourse", "meta2015_topic_280")
    above = [(post.parent_id or "").rpartition("/")[2] for post in page]
    assert above == [
        *("", "1", "1", "1", "3", "5", "6", "7", "8", "9", "10", "11", "1", "12", "14", "15"),
        *("16", "17", "18", "1"),
    ]


def test_a_post_found_by_a_search_has_the_title_of_its_topic() -> None:
    found = posts("discourse", "meta2015_search")
    assert [post.native_id for post in found] == ["61693", "56514", "40862", "18691", "41969"]
    check(
        found[0],
        post_id=f"{META}:61693",
        kind="post",
        title="Hello Bar integration issues",
        url=f"https://{META}/t/hello-bar-integration-issues/17638/1",
        author_id=f"mlemos@{META}",
        author_name="Manoel Lemos",
        created_at="2014-07-16T01:53:56.337Z",
        links=(
            "http://www.hellobar.com",
            "http://blog.fazedores.com",
            "http://forum.fazedores.com",
        ),
        likes_count=0,
        views_count=84,
    )
    check(found[4], edited_at="2014-08-01T21:44:20.164Z", likes_count=41, author_id=f"sam@{META}")


def test_a_topic_of_a_list() -> None:
    first = posts("discourse", "meta2015_latest")[0]
    check(
        first,
        post_id=f"{META}/t/11557/1",
        kind="post",
        title="Error after upgrade to 0.9.7.9+",
        url=f"https://{META}/t/error-after-upgrade-to-0-9-7-9/11557",
        created_at="2013-12-22T22:12:05Z",
        replies_count=82,
        views_count=1230,
    )
    unknown(first, "likes_count", "edited_at")
    mine = posts("discourse", "meta2015_topics_created_by")
    assert {post.author_id for post in mine} == {f"eviltrout@{META}"}
    check(mine[0], title="New: Reply via Email Support!", replies_count=31, views_count=2201)
