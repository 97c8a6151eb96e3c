"""Feeds recorded from a WordPress site: posts, and who answers whom under them."""

from tests.real.recorded import check, unknown
from tests.real.test_feed_payloads import entries

BASE = "http://127.0.0.1:8085"
KOELN = f"{BASE}/2026/11/jetzt-auch-in-koln-glasfaser-ohne-drosselung-2/"
LEEDS = f"{BASE}/2026/09/were-live-in-leeds-and-sheffield-900-mbps-full-fibre-from/"


def test_a_post_in_rss() -> None:
    hello, koeln, *_ = entries("live-feed.xml", "wordpress")
    check(
        hello,
        post_id=f"{BASE}/2026/11/hello-world/",
        native_id=f"{BASE}/?p=1",
        aliases=(f"{BASE}/?p=1",),
        title="Hello world!",
        replies_count=1,
    )
    check(
        koeln,
        kind="article",
        post_id=KOELN,
        url=KOELN,
        title="Jetzt auch in Köln: Glasfaser ohne Drosselung.",
        text=(
            "Jetzt auch in Köln: Glasfaser ohne Drosselung. #Brightloop\n\n"
            "Read more & ask below. “Honest” answers only — status"
        ),
        author_name="labadmin",
        author_id="labadmin@127.0.0.1:8085",
        created_at="2026-11-19T05:08:10Z",
        tags=("Uncategorized", "status"),
        links=("https://brightloop.example/status",),
        language="en-US",
        replies_count=6,
    )
    unknown(koeln, "edited_at", "parent_id", "root_id", "author_url", "likes_count")


def test_the_same_post_in_atom_has_the_same_name() -> None:
    rss = entries("live-feed.xml", "wordpress")
    atom = entries("live-feed-atom.xml", "wordpress")
    assert [post.post_id for post in atom] == [post.post_id for post in rss]
    assert [post.text for post in atom] == [post.text for post in rss]
    assert [post.created_at for post in atom] == [post.created_at for post in rss]
    assert [post.replies_count for post in atom] == [post.replies_count for post in rss]
    check(atom[1], author_url=BASE, kind="article")


def test_rss_092_tells_little() -> None:
    found = entries("live-feed-rss92.xml", "wordpress")
    check(
        found[1],
        post_id=KOELN,
        title="Jetzt auch in Köln: Glasfaser ohne Drosselung.",
        text="Jetzt auch in Köln: Glasfaser ohne Drosselung. #Brightloop",
        language="en-US",
    )
    unknown(found[1], "created_at", "author_name", "replies_count", "native_id")


def test_comments_in_atom_name_their_parent() -> None:
    found = {post.post_id: post for post in entries("live-comments-feed-atom.xml", "wordpress")}
    check(
        found[f"{KOELN}#comment-254"],
        kind="comment",
        parent_id=KOELN,
        root_id=KOELN,
        author_name="Gerald P.",
        created_at="2026-11-21T14:36:10Z",
    )
    check(
        found[f"{KOELN}#comment-255"],
        kind="comment",
        parent_id=f"{KOELN}#comment-254",
        root_id=KOELN,
        author_name="labadmin",
        parent_author_id="Gerald P.@127.0.0.1:8085",
        created_at="2026-11-21T15:06:10Z",
    )
    check(
        found[f"{BASE}/2026/11/hello-world/#comment-1"],
        native_id=f"{BASE}/?p=1#comment-1",
        aliases=(f"{BASE}/?p=1#comment-1",),
        author_name="A WordPress Commenter",
        author_url="https://wordpress.org/",
        parent_id=f"{BASE}/2026/11/hello-world/",
    )


def test_comments_in_rss_name_their_parent_in_words() -> None:
    found = {post.post_id: post for post in entries("live-post-comments-feed-p2.xml", "wordpress")}
    check(
        found[f"{LEEDS}#comment-11"],
        kind="comment",
        parent_id=f"{LEEDS}#comment-10",
        root_id=LEEDS,
        parent_author_id="Jonas Brandt@127.0.0.1:8085",
        author_id="labadmin@127.0.0.1:8085",
        author_name="labadmin",
        text=("Thanks Jonas Brandt, that made our day! We’ve passed it on to the team 💙 ^Jo"),
        created_at="2026-09-18T12:00:10Z",
        links=(),
    )
    check(
        found[f"{LEEDS}#comment-10"],
        parent_id=LEEDS,
        root_id=LEEDS,
        author_name="Jonas Brandt",
        created_at="2026-09-18T11:30:10Z",
    )
    unknown(found[f"{LEEDS}#comment-11"], "title", "language", "replies_count", "edited_at")


def test_a_search_is_a_feed_like_any_other() -> None:
    found = entries("live-feed-search-q.json", "wordpress")
    check(
        found[0],
        title="Nous arrivons à Lille ! Fibre 1 Gb/s dès 25 € par mois.",
        created_at="2026-11-16T09:56:10Z",
        replies_count=3,
        observed_at="2026-11-24T19:47:09Z",
    )


def test_the_second_page() -> None:
    found = entries("live-feed-page2.json", "wordpress")
    check(
        found[0],
        title="We’ve fixed the issue that affected TV streaming this mornin",
        created_at="2026-10-25T00:20:10Z",
        replies_count=9,
    )
