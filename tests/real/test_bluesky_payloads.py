"""Replies recorded from Bluesky, field by field, as a person reads them."""

from tests.real.recorded import check, posts, unknown

POST = "app.bsky.feed.post"
GRUBER = "did:plc:ntd53albt5ffa4rgervvgibd"
KENNY = "did:plc:wpe35pganb6d4pg4ekmfy6u5"
BSKYR = "did:plc:5c2r73erhng4bszmxlfdtscf"
BRIGHTLOOP = "did:plc:rqftrwmlwsk47zldf3dbhghp"


def test_a_thread_of_one_author_with_mentions_by_did_and_handle() -> None:
    root, *replies = posts("bluesky", "atrrr_getPostThread_1")
    check(
        root,
        platform="bluesky",
        post_id=f"at://{GRUBER}/{POST}/3kbi55xm6u62v",
        native_id=f"at://{GRUBER}/{POST}/3kbi55xm6u62v",
        url=f"https://bsky.app/profile/{GRUBER}/post/3kbi55xm6u62v",
        kind="post",
        created_at="2023-10-11T13:27:10.477Z",
        language="en",
        author_id=GRUBER,
        author_handle="jbgruber.bsky.social",
        author_name="Johannes B. Gruber",
        author_url=f"https://bsky.app/profile/{GRUBER}",
        author_created_at="2023-09-21T16:05:03.068Z",
        mentions=(
            "did:plc:vuvsifrusnjsys7mhkpk662u",
            "benguinaudeau.bsky.social",
            "did:plc:46yyakot3byghwqc6rhmqzqd",
            "favstats.bsky.social",
        ),
        tags=("rstats",),
        links=("https://jbgruber.github.io/atr/index.html",),
        likes_count=61,
        reposts_count=29,
        replies_count=1,
        quotes_count=3,
        visibility="public",
    )
    assert root.text.startswith("New #rstats package incoming! 🚀\n\nWith the fantastic @benguin")
    assert root.text.endswith("\n\njbgruber.github.io/atr/index.html")
    unknown(root, "views_count", "author_followers_count", "edited_at", "author_is_bot")
    assert [post.kind for post in replies] == ["reply", "reply", "reply"]
    assert {post.root_id for post in replies} == {root.post_id}
    assert [post.parent_id for post in replies] == [
        root.post_id,
        replies[0].post_id,
        replies[1].post_id,
    ]
    assert {post.parent_author_id for post in replies} == {GRUBER}


def test_quotes_and_the_post_they_quote() -> None:
    first, quoted, second = posts("bluesky", "bskyr_f_getquotes")
    check(
        first,
        kind="quote",
        quoted_id=f"at://{BSKYR}/{POST}/3lc5c5qv72r2w",
        author_handle="randvegan.bsky.social",
        author_name="#!/usr/bin/env Rscript",
        created_at="2024-11-30T16:20:25.023354Z",
        mentions=(BSKYR, "bskyr.bsky.social", KENNY, "chriskenny.bsky.social"),
        tags=("rstats",),
        likes_count=3,
    )
    unknown(first, "language", "parent_id", "root_id")
    check(
        quoted,
        post_id=first.quoted_id,
        kind="post",
        author_id=BSKYR,
        author_name="bskyr R package",
        created_at="2024-11-30T04:48:39.966715Z",
        links=("https://christophertkenny.com/bskyr/",),
        quotes_count=2,
    )
    assert quoted.text.startswith("Test quote with :emoji: and 🔥 and 🎊 from r package")
    check(second, kind="quote", quoted_id=quoted.post_id, likes_count=12, replies_count=3)
    assert "https://bsky.app/profile/bskyr.bsky.social/post/3lc5c5qv72r2w" in second.links


def test_a_search_gives_whole_addresses_where_the_text_shows_short_ones() -> None:
    page = posts("bluesky", "bskyr_f_search")
    substack = "https://open.substack.com/pub/christackett/p/the-pawn-or-the-collaborator"
    check(
        page[1],
        author_handle="cjtackett.bsky.social",
        created_at="2025-05-19T17:08:27.677Z",
        links=(f"{substack}?r=92vnq&utm_medium=ios",),
        likes_count=4,
        reposts_count=3,
    )
    assert page[1].text.endswith("open.substack.com/pub/christac...")
    check(
        page[2],
        kind="reply",
        author_name="Michael Li (李之樸)",
        parent_id=f"at://did:plc:7nagdvjqrzaquzk7mueohne5/{POST}/3lpjzgltpa22l",
        root_id=f"at://did:plc:7nagdvjqrzaquzk7mueohne5/{POST}/3lpjy3eabqs2l",
    )


def test_people_who_ask_logged_out_services_to_look_away_are_left_out() -> None:
    withheld = [post for post in posts("bluesky", "bskyr_f_search") if not post.is_keepable]
    assert withheld
    assert {post.visibility for post in withheld} == {"withheld"}


def test_a_page_of_a_hundred_results_is_read_whole() -> None:
    page = posts("bluesky", "atrrr_searchPosts_hash_rstats")
    ids = [post.post_id for post in page]
    assert len(ids) == len(set(ids)) >= 100
    kinds = {post.kind for post in page}
    assert kinds == {"post", "reply", "quote"}
    assert all(post.created_at and post.created_at <= post.observed_at for post in page)


def test_an_author_feed_has_replies_quotes_and_reposts_and_what_they_answer() -> None:
    feed = {post.post_id: post for post in posts("bluesky", "bskyr_f_autfeed")}
    reply = feed[f"at://{KENNY}/{POST}/3lof7sovfok2h"]
    check(
        reply,
        kind="reply",
        parent_author_id="did:plc:z4cp3uwgxiioi7uaxn2boq47",
        created_at="2025-05-05T01:30:17.912Z",
        replies_count=1,
    )
    parent = feed[reply.parent_id or ""]
    check(
        parent,
        author_handle="smachlis.bsky.social",
        tags=("rstats",),
        created_at="2025-05-03T14:06:22.189401Z",
        likes_count=7,
    )
    quote = feed[f"at://{KENNY}/{POST}/3loagm2phgk2t"]
    check(
        quote,
        kind="quote",
        quoted_id=f"at://did:plc:qnzaaisqa3lafzmtjxt5nt52/{POST}/3loacnvvpgn22",
        links=("https://christophertkenny.com/bskyr/news/index.html",),
    )
    check(feed[quote.quoted_id or ""], author_name="CRAN Updates", quotes_count=1)
    reposts = [post for post in feed.values() if post.kind == "repost"]
    assert len(reposts) == 7
    assert {post.author_id for post in reposts} == {KENNY}
    assert all(post.reposted_id in feed for post in reposts)
    assert max(str(post.created_at) for post in reposts) == "2025-04-25 18:43:12.048000+00:00"
    unknown(reposts[0], "likes_count", "language", "url")


def test_a_single_post_with_an_emoji_before_its_links() -> None:
    (post,) = posts("bluesky", "bskyr_f_getposts")
    check(
        post,
        author_name="Soubhik Barari",
        created_at="2023-09-19T11:32:54.574Z",
        links=("http://localview.net", "https://rstats.ai/gov.html"),
        tags=(),
        likes_count=4,
        quotes_count=0,
    )


def test_a_bare_record_tells_less() -> None:
    (post,) = posts("bluesky", "bskyr_r_getRecord")
    check(
        post,
        author_id="did:plc:ic6zqvuw5ulmfpjiwnhsr2ns",
        created_at="2023-09-19T11:32:54.574Z",
        links=("http://localview.net", "https://rstats.ai/gov.html"),
    )
    unknown(post, "author_handle", "likes_count", "replies_count")


def test_a_quote_with_a_picture_and_no_words() -> None:
    quote, quoted = posts("bluesky", "marshalx_thread_view_post_with_embed_media")
    check(quote, kind="quote", quoted_id=quoted.post_id, text="", language="en", likes_count=0)
    unknown(quote, "quotes_count")
    check(quoted, text="test", author_handle="test.marshal.dev")


def test_an_answer_whose_question_was_deleted_still_names_it() -> None:
    (answer,) = posts("bluesky", "live-getPostThread-orphan-reply")
    check(
        answer,
        kind="reply",
        author_id=BRIGHTLOOP,
        parent_id=f"at://did:plc:5nfelsgxqm7jqja7zx5ntjpc/{POST}/3n33efjebxk2g",
        parent_author_id="did:plc:5nfelsgxqm7jqja7zx5ntjpc",
        mentions=("did:plc:5nfelsgxqm7jqja7zx5ntjpc", "maya.test"),
        text="Hi @maya.test, sorry to hear that. ^Jo",
        created_at="2026-11-24T15:19:20.782Z",
    )


def test_notifications_give_the_posts_that_address_us() -> None:
    page = posts("bluesky", "live-listNotifications-mention-only")
    check(
        page[0],
        kind="post",
        author_handle="ines.test",
        author_name="Inès Laurent",
        text="@brightloop.test the new Loop 3 router is brilliant, finally Wi-Fi in the attic 🎉",
        mentions=(BRIGHTLOOP, "brightloop.test"),
        created_at="2026-11-24T12:56:58.616Z",
    )
    unknown(page[0], "likes_count", "replies_count")


def test_notifications_of_every_kind_leave_likes_and_follows_out() -> None:
    page = posts("bluesky", "live-listNotifications-p1")
    kinds = [post.kind for post in page]
    assert (kinds.count("post"), kinds.count("reply")) == (15, 6)
    assert (kinds.count("quote"), kinds.count("repost")) == (1, 8)
    repost = next(post for post in page if post.kind == "repost")
    assert (repost.reposted_id or "").startswith(f"at://{BRIGHTLOOP}/{POST}/")


def test_both_forms_of_a_thread_give_the_same_posts() -> None:
    first = {post.post_id for post in posts("bluesky", "live-getPostThread-long-customer")}
    second = {post.post_id for post in posts("bluesky", "live-getPostThreadV2")}
    assert first == second
    assert len(first) == 8


def test_several_posts_asked_for_by_name_and_the_quoted_one() -> None:
    broadcast, complaint, quote, quoted = posts("bluesky", "live-getPosts")
    check(broadcast, author_id=BRIGHTLOOP, links=("https://brightloop.example/check",))
    check(
        complaint, author_name="Deals4U", replies_count=1, mentions=(BRIGHTLOOP, "brightloop.test")
    )
    check(quote, kind="quote", quoted_id=quoted.post_id, author_name="Gerald P.")
    check(quoted, reposts_count=1, replies_count=2, quotes_count=1)
