"""Replies recorded from Hacker News' two interfaces, field by field."""

import pytest

import connectors
from pipeline.errors import LuisterError
from pipeline.inspect import inspect
from pipeline.post import Post, Rejected
from tests.real.recorded import check, envelope, names, unknown

ITEM = "https://news.ycombinator.com/item?id="
COUNTS = {
    "apidoc_item_126809": 1,
    "apidoc_item_160705": 0,
    "apidoc_item_2921983": 1,
    "communal_algolia_search": 4,
    "fb_askstories": 0,
    "fb_item_1000": 1,
    "fb_item_21278790": 1,
    "fb_item_21299546": 1,
    "fb_item_21301382": 1,
    "fb_item_21352239": 1,
    "fb_item_21501055": 1,
    "fb_item_3000": 0,
    "fb_maxitem": 0,
    "fb_topstories": 0,
}


def seen(name: str) -> list[Post]:
    found = list(inspect(connectors.load("hackernews"), envelope("hackernews", name)))
    assert not [each for each in found if isinstance(each, Rejected)]
    return [each for each in found if isinstance(each, Post)]


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_every_recording_gives_its_posts(name: str, count: int) -> None:
    assert len(seen(name)) == count


def test_no_recording_is_anything_but_posts_and_typed_errors() -> None:
    assert set(COUNTS) <= set(names("hackernews"))
    for name in names("hackernews"):
        try:
            found = list(inspect(connectors.load("hackernews"), envelope("hackernews", name)))
        except LuisterError:
            continue
        assert all(isinstance(each, Post | Rejected) for each in found), name


def test_stories_of_a_search_in_the_older_shape() -> None:
    first, second, third, last = seen("communal_algolia_search")
    check(
        first,
        platform="hackernews",
        post_id="8828543",
        native_id="8828543",
        url=f"{ITEM}8828543",
        kind="post",
        title="Why aren’t we using SSH for everything?",
        text="",
        author_id="dkua",
        author_handle="dkua",
        author_url="https://news.ycombinator.com/user?id=dkua",
        created_at="2015-01-02T21:05:46Z",
        links=("https://medium.com/@shazow/ssh-how-does-it-even-9e43586e4ffc",),
        likes_count=270,
        replies_count=103,
    )
    unknown(first, "parent_id", "edited_at", "deleted_at", "language", "views_count")
    unknown(first, "author_followers_count", "author_is_bot", "reposts_count")
    check(
        second,
        links=("https://medium.com/@shazow/ssh-how-does-it-even-9e43586e4ffc#.r9qzj6hhl",),
        created_at="2016-04-17T22:13:06Z",
        likes_count=173,
    )
    check(third, author_handle="turrini", replies_count=9)
    check(last, post_id="8830693", likes_count=3, replies_count=0)


def test_a_story_that_links_elsewhere() -> None:
    (post,) = seen("fb_item_1000")
    check(
        post,
        kind="post",
        title="‘It’s Mutilation’: The Police in Chile Are Blinding Protesters",
        author_handle="xaro",
        created_at="2019-11-10T22:23:02Z",
        links=(
            "https://www.nytimes.com/video/world/americas/100000006795557/chile-protesters-shot-eye.html",
        ),
        likes_count=21,
        replies_count=3,
        text="",
    )


def test_a_question_to_hacker_news() -> None:
    (post,) = seen("fb_item_21301382")
    check(
        post,
        url=f"{ITEM}21301382",
        title="Ask HN: How to deal with seasonal affective disorder?",
        text="Every winter",
        author_handle="Jefro118",
        links=(),
        likes_count=27,
        replies_count=42,
        created_at="2019-10-19T23:38:39Z",
    )


def test_a_story_with_hundreds_of_points() -> None:
    (post,) = seen("fb_item_21299546")
    check(
        post,
        title="Structure and Interpretation of Computer Programs (1996) [pdf]",
        author_id="susam",
        links=("https://opendocs.github.io/sicp/sicp.pdf",),
        likes_count=661,
        replies_count=142,
        root_id="21299546",
    )


def test_a_comment_with_paragraphs() -> None:
    (post,) = seen("apidoc_item_2921983")
    check(
        post,
        kind="comment",
        post_id="2921983",
        parent_id="2921506",
        author_handle="norvig",
        created_at="2011-08-24T18:38:47Z",
        text=(
            "Aw shucks, guys ... you make me blush with your compliments.\n\n"
            "Tell you what, Ill make a deal: I'll keep writing if you keep reading. K?"
        ),
        replies_count=7,
    )
    unknown(post, "title", "likes_count", "root_id")


def test_a_poll_is_a_post_and_its_options_are_not() -> None:
    (post,) = seen("apidoc_item_126809")
    check(
        post,
        kind="post",
        title="Poll: What would happen if News.YC had explicit support for polls?",
        author_handle="pg",
        likes_count=46,
        replies_count=54,
        created_at="2008-03-01T20:34:12Z",
    )
    assert seen("apidoc_item_160705") == []


def test_what_was_deleted_leaves_its_place() -> None:
    (post,) = seen("fb_item_21501055")
    check(
        post,
        kind="comment",
        parent_id="21500985",
        created_at="2019-11-10T23:59:57Z",
        text="",
        links=(),
    )
    assert post.deleted_at == post.observed_at
    unknown(post, "author_id", "author_handle", "author_url", "replies_count", "likes_count")


def test_a_number_that_was_never_given_is_no_post() -> None:
    assert seen("fb_item_3000") == []
