"""Files of two real archives, field by field, as a person reads them."""

import connectors
from pipeline.inspect import inspect
from pipeline.post import Post, Read
from tests.real.recorded import check, unknown
from tests.shared import shared

FILES = {"facebook_your_posts_1.json": 5, "x_tweets.js": 2}


def read(name: str) -> list[Read]:
    body = shared("payloads", "archives", name).read_bytes()
    return list(inspect(connectors.load("archives"), body))


def posts(name: str) -> list[Post]:
    return [each for each in read(name) if isinstance(each, Post)]


def test_every_file_gives_its_posts_and_nothing_is_set_apart() -> None:
    folder = shared("payloads", "archives")
    names = {path.name for path in folder.iterdir()} - {"INDEX.json", "README.md"}
    assert {name: len(posts(name)) for name in names} == FILES
    assert {name: len(read(name)) for name in names} == FILES


def test_a_status_of_facebook() -> None:
    post = posts("facebook_your_posts_1.json")[0]
    check(
        post,
        platform="facebook",
        kind="post",
        text="fedt med lidt exstra ferie",
        created_at="2009-05-21T10:27:04Z",
        links=(),
        visibility="public",
    )
    unknown(post, "author_id", "url", "likes_count", "replies_count", "edited_at", "parent_id")


def test_a_photograph_with_danish_words_repaired() -> None:
    post = posts("facebook_your_posts_1.json")[2]
    check(
        post,
        text="Han satte sig ved siden af mig, kan næsten ikke blive bedre :O)",
        created_at="2011-05-10T17:54:06Z",
    )
    assert "\\u00c3\\u00a6sten" in post.payload


def test_an_invitation_with_a_link_and_a_dash_repaired() -> None:
    post = posts("facebook_your_posts_1.json")[3]
    check(
        post,
        created_at="2012-01-05T19:02:09Z",
        links=("http://www.holbaekshinsonhapkido.dk/",),
    )
    assert post.text.endswith("åbent hus hos Shinson Hapkido – Holbæk – Søndag d. 8. januar 2012")


def test_a_link_that_is_no_address_is_no_link() -> None:
    post = posts("facebook_your_posts_1.json")[4]
    check(post, created_at="2017-08-26T13:00:00Z", links=())
    assert post.text.startswith(
        "Vi har nu lavet en officiel Facebook side for Shinson Hapkido Holbæk"
    )


def test_a_reply_of_x_answers_the_older_of_the_two_posts_named() -> None:
    post = posts("x_tweets.js")[0]
    check(
        post,
        platform="x",
        post_id="1997370581860180189",
        kind="reply",
        created_at="2025-12-06T18:20:30Z",
        parent_id="1994041994348581220",
        parent_author_id="1468258371",
        text="@E  file were amazing. The American know how to make them.",
        mentions=("E",),
        language="en",
        likes_count=0,
        reposts_count=0,
        aliases=(),
    )
    unknown(post, "root_id", "quoted_id", "replies_count", "views_count", "deleted_at")


def test_a_repost_of_x_at_a_time_of_another_zone() -> None:
    post = posts("x_tweets.js")[1]
    check(
        post,
        post_id="1994091455124787464",
        kind="repost",
        created_at="2025-11-22T07:10:25Z",
        mentions=("AlexHormozi",),
    )
    assert post.text.startswith("RT @AlexHormozi: Pro tip: If you're afraid")
    unknown(post, "reposted_id", "parent_id", "author_id")
