"""Answers of the Action API of a wiki, as the tests of a mining tool keep them (2016)."""

from connectors.testing import RecordingContract
from tests.real.outcomes import outcomes
from tests.real.recorded import check, posts, unknown
from tests.shared import shared

REVISIONS = "perceval_mediawiki_page_592384_revisions"
ALL = "perceval_mediawiki_pages_allrevisions"


class TestRecordings(RecordingContract):
    platform = "wikimedia"
    recordings = shared("payloads", "wikimedia")


def test_every_recording_gives_its_posts() -> None:
    assert outcomes("wikimedia") == {REVISIONS: 2, ALL: 5, f"{ALL}_empty": 0}


def test_the_last_edit_of_a_page() -> None:
    post = posts("wikimedia", REVISIONS)[0]
    check(
        post,
        platform="wikimedia",
        post_id="2169840",
        native_id="2169840",
        kind="article",
        title="Technical Collaboration Guideline/Translation",
        text="link to phab",
        author_id="Keegan (WMF)",
        author_handle="Keegan (WMF)",
        author_name="Keegan (WMF)",
        created_at="2016-06-22T01:05:37Z",
        visibility="public",
    )
    unknown(post, "author_is_bot", "deleted_at", "edited_at", "language", "views_count")
    unknown(post, "parent_id", "root_id", "likes_count")


def test_the_edit_that_made_the_page() -> None:
    check(
        posts("wikimedia", REVISIONS)[1],
        post_id="2169561",
        text="placeholder",
        title="Technical Collaboration Guideline/Translation",
        created_at="2016-06-21T17:16:29Z",
    )


def test_a_recording_without_an_address_does_not_tell_which_wiki_it_is() -> None:
    for post in posts("wikimedia", REVISIONS):
        unknown(post, "url", "author_url")


def test_of_numbers_alone_only_the_page_is_known() -> None:
    post = posts("wikimedia", ALL)[0]
    check(
        post,
        post_id="2169840",
        title="Technical Collaboration Guideline/Translation",
        text="",
    )
    unknown(post, "created_at", "author_id", "author_name", "deleted_at")


def test_rows_without_a_revision_are_no_edits() -> None:
    found = posts("wikimedia", ALL)
    assert [post.post_id for post in found] == [
        "2169840",
        "2169844",
        "2170296",
        "2169844",
        "2170296",
    ]
    assert [post.title for post in found[1:]] == ["VisualEditor:Test"] * 4
