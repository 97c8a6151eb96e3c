"""Replies recorded from a WordPress site of our own, field by field, as a person reads them."""

from pipeline.errors import PayloadError, SourceRefused
from tests.real.outcomes import outcome
from tests.real.recorded import check, names, posts, read, unknown

SITE = "127.0.0.1:8085"
TOP = "http://127.0.0.1:8085/2026/09/were-live-in-leeds-and-sheffield-900-mbps-full-fibre-from/"


def test_every_recorded_list_gives_its_posts_or_its_error() -> None:
    lists = [name for name in names("wordpress") if "-rest-" in name and "fields" not in name]
    assert {name: outcome("wordpress", name) for name in lists} == {
        "live-rest-comment-edited": 1,
        "live-rest-comments-context-edit": 5,
        "live-rest-comments-hold-auth": 0,
        "live-rest-comments-hold-noauth": SourceRefused,
        "live-rest-comments-p1": 50,
        "live-rest-comments-p2": 50,
        "live-rest-comments-parent": 1,
        "live-rest-comments-past-end": 0,
        "live-rest-comments-per-page-101": PayloadError,
        "live-rest-comments-post": 60,
        "live-rest-comments-search": 7,
        "live-rest-posts-p1": 10,
        "live-rest-posts-p2": 10,
        "live-rest-tags": 0,
        "live-rest-users": 0,
    }


def test_a_comment_under_an_article() -> None:
    newest = posts("wordpress", "live-rest-comments-p1")[0]
    check(
        newest,
        platform="wordpress",
        post_id=f"{TOP}#comment-267",
        native_id="267",
        aliases=(f"{SITE}/comment/267",),
        kind="comment",
        parent_id=f"{SITE}/post/5",
        root_id=f"{SITE}/post/5",
        author_id=f"{SITE}/name/Maya Okafor",
        author_name="Maya Okafor",
        created_at="2026-11-24T19:46:21Z",
        text="between pages id 1795549581.0428295",
        links=(),
        visibility="public",
    )
    unknown(newest, "author_handle", "edited_at", "deleted_at", "likes_count", "language", "title")


def test_an_answer_names_the_comment_it_answers() -> None:
    (answer,) = posts("wordpress", "live-rest-comments-parent")
    check(
        answer,
        native_id="256",
        kind="reply",
        parent_id=f"{SITE}/comment/255",
        root_id=f"{SITE}/post/28",
        author_name="Gerald P.",
        text="DM sent. Please hurry, I have a call at 2",
        created_at="2026-11-21T15:46:10Z",
    )


def test_an_article() -> None:
    hello = posts("wordpress", "live-rest-posts-p1")[0]
    check(
        hello,
        post_id=f"http://{SITE}/2026/11/hello-world/",
        native_id="1",
        kind="article",
        title="Hello world!",
        author_id=f"{SITE}/1",
        created_at="2026-11-24T19:32:09Z",
    )
    assert hello.text.startswith("Welcome to WordPress. This is your first post.")
    unknown(hello, "edited_at", "parent_id", "root_id", "replies_count")


def test_an_edited_comment_has_its_new_words_and_no_mark() -> None:
    (edited,) = posts("wordpress", "live-rest-comment-edited")
    check(edited, native_id="262", text="typo fixed: my Loop 3 router reboots at 2am")
    unknown(edited, "edited_at")


def test_what_waits_for_approval_is_not_kept() -> None:
    held = posts("wordpress", "live-rest-comments-hold-auth")
    assert {post.visibility for post in held} == {"private"}


def test_comments_cut_down_to_some_fields_are_set_apart() -> None:
    assert len(read("wordpress", "live-rest-comments-fields")) == 5
