"""Lists of reviews recorded from the App Store in 2020 and 2026, as a person reads them."""

from collections import Counter
from typing import ClassVar

from connectors import appstore
from connectors.paging import understand
from connectors.testing import RecordingContract
from pipeline.inspect import reply_in
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import OBSERVED, check, envelope, unknown
from tests.shared import shared

JAPAN = "reviewer_FixtureReviewAPI"
INDIA = "boat_in_2026-09"


def listed(name: str) -> list[Post]:
    """The reviews of a recording, all of it understood."""
    found = list(understand(appstore, [reply_in(envelope("appstore", name), OBSERVED)]))
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


class TestAppStoreRecordings(RecordingContract):
    platform = "appstore"
    recordings = shared("payloads", "appstore")
    may_be_missing: ClassVar = {"feed.entry": "a list without reviews has no entry"}


def test_every_recording_gives_its_posts_or_its_error() -> None:
    assert outcomes("appstore") == {INDIA: 2, "boat_in_no_entry": 0, JAPAN: 50}


def test_a_review_with_its_time_and_its_votes() -> None:
    post, _ = listed(INDIA)
    check(
        post,
        platform="appstore",
        post_id="14548543799",
        native_id="in/1592550875/14548543799",
        kind="review",
        author_id="1605206013",
        author_name="Fatluga",
        author_url="https://itunes.apple.com/in/reviews/id1605206013",
        created_at="2026-09-14T11:24:23Z",
        title="Airdopes app so good",
        text="This app can order and connect to devices like airdopes I feel so good",
        rating=5.0,
        likes_count=3,
        url="https://apps.apple.com/in/app/id1592550875?see-all=reviews",
        mentions=("1592550875",),
        visibility="public",
    )
    unknown(post, "edited_at", "deleted_at", "language", "replies_count", "views_count")
    unknown(post, "author_handle", "author_followers_count", "parent_id", "root_id")


def test_a_review_that_nobody_voted_for() -> None:
    _, post = listed(INDIA)
    check(
        post,
        post_id="14545746087",
        author_id="9",
        author_name="Ankit",
        created_at="2026-09-10T18:02:00Z",
        title="There's no optimisation to it",
        text="It takes an eternity to load and show the features.",
        rating=1.0,
        likes_count=0,
    )


def test_a_review_of_2020_gives_no_time() -> None:
    post = listed(JAPAN)[0]
    check(
        post,
        post_id="6290024630",
        native_id="jp/1404176564/6290024630",
        author_id="638572168",
        author_name="ヤミ。",
        title="神アプリ",
        rating=4.0,
        likes_count=0,
        url="https://apps.apple.com/jp/app/id1404176564?see-all=reviews",
    )
    assert post.text.count("\n") == 3
    assert post.text.endswith("だけど不具合が少し多いので、星4で")
    unknown(post, "created_at", "edited_at", "language")


def test_a_review_of_a_few_characters() -> None:
    post = listed(JAPAN)[3]
    check(
        post,
        post_id="6281770599",
        author_id="409844232",
        author_name="氏黒染",
        title="、",
        text="アプデ多すぎ",
        rating=1.0,
    )


def test_a_review_with_paragraphs() -> None:
    post = listed(JAPAN)[1]
    check(post, post_id="6285559638", title="ストーキング機能を消して…", rating=2.0)
    assert post.text.startswith("とても楽しく配信させていただいております。\nですが、\n")
    assert post.text.count("\n\n") == 3


def test_a_review_that_three_found_helpful() -> None:
    post = listed(JAPAN)[37]
    check(
        post,
        post_id="6180545327",
        author_id="1003644380",
        author_name="#Mkw107",
        title="小学生の迷惑行為が目立ちます。",
        rating=5.0,
        likes_count=3,
        tags=(),
    )


def test_the_last_of_fifty() -> None:
    post = listed(JAPAN)[-1]
    check(
        post,
        post_id="6123449936",
        author_id="1181459769",
        author_name="あかさたなうは",
        title="配信が出来ない理由がわからない",
        rating=3.0,
        likes_count=0,
    )


def test_the_stars_and_votes_of_all_fifty() -> None:
    found = listed(JAPAN)
    assert Counter(post.rating for post in found) == {3.0: 15, 1.0: 13, 5.0: 9, 2.0: 7, 4.0: 6}
    assert Counter(post.likes_count for post in found) == {0: 39, 1: 9, 2: 1, 3: 1}
    assert len({post.post_id for post in found}) == len({post.author_id for post in found}) == 50
