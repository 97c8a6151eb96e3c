"""Replies recorded from Mastodon servers, field by field, as a person reads them."""

from tests.real.recorded import check, posts, unknown

FOSSTODON = "https://fosstodon.org"
LAB = "http://localhost:3000"


def test_a_post_on_fosstodon_with_link_tag_and_mention() -> None:
    (post,) = posts("mastodon", "rtoot_get_status_default")
    link = (
        "https://r-consortium.org/posts/r-consortium-awards-first-round-of-2025-isc-grants/"
        "#bridging-worlds-enhancing-r-igraph-with-c-core-innovations"
    )
    check(
        post,
        platform="mastodon",
        post_id=f"{FOSSTODON}/users/schochastics/statuses/114620457512351116",
        native_id="114620457512351116",
        aliases=("fosstodon.org/114620457512351116",),
        url=f"{FOSSTODON}/@schochastics/114620457512351116",
        kind="post",
        created_at="2025-06-03T16:49:43.431Z",
        language="en",
        visibility="public",
        author_id="schochastics@fosstodon.org",
        author_handle="schochastics@fosstodon.org",
        author_name="David Schoch",
        author_url=f"{FOSSTODON}/@schochastics",
        author_followers_count=1037,
        author_following_count=138,
        author_posts_count=280,
        author_created_at="2022-11-07T00:00:00Z",
        author_is_bot=False,
        author_opted_out=False,
        mentions=("maelle@mastodon.social",),
        tags=("rstats",),
        links=(link,),
        likes_count=12,
        reposts_count=5,
        replies_count=1,
    )
    assert post.text.startswith("Super grateful to have received an R Consortium grant")
    assert post.text.endswith(f"{link} #rstats cc @maelle")
    unknown(post, "edited_at", "deleted_at", "parent_id", "root_id", "quoted_id", "reposted_id")
    unknown(post, "views_count", "quotes_count", "rating", "title")


def test_a_reply_names_whom_it_answers() -> None:
    (post,) = posts("mastodon", "mpy_status_reply")
    check(
        post,
        kind="reply",
        post_id=f"{LAB}/ap/users/117020565693913441/statuses/117020583258292382",
        parent_id="localhost:3000/117020583245459824",
        parent_author_id="mastodonpy_test_2@localhost:3000",
        author_id="admin@localhost:3000",
        text="@mastodonpy_test_2 same!",
        mentions=("mastodonpy_test_2@localhost:3000",),
        created_at="2026-08-01T13:53:15.910Z",
        likes_count=0,
        quotes_count=0,
    )
    unknown(post, "author_name", "root_id")


def test_a_quote_that_is_a_reply_too_and_the_post_it_quotes() -> None:
    quote, quoted = posts("mastodon", "mpy_status_reply_with_quote")
    check(
        quote,
        kind="quote",
        quoted_id=f"{LAB}/ap/users/117020565966271181/statuses/117020583121982310",
        parent_id="localhost:3000/117020583129611179",
        parent_author_id="mastodonpy_test@localhost:3000",
        text="@mastodonpy_test yoooo check this out",
        links=(),
        visibility="unlisted",
    )
    check(quoted, post_id=quote.quoted_id, kind="post", text="Toot!", quotes_count=1)


def test_a_revoked_quote_quotes_nothing_any_more() -> None:
    (post,) = posts("mastodon", "mpy_status_quote_revoke")
    check(post, kind="post", author_id="admin@localhost:3000", language="en", visibility="public")
    unknown(post, "quoted_id")


def test_a_boost_and_what_it_boosts() -> None:
    boost, boosted = posts("mastodon", "mpy_status_reblog_unreblog")
    check(
        boost,
        kind="repost",
        post_id=f"{LAB}/ap/users/117020565966271181/statuses/117020586027094262/activity",
        native_id="117020586027094262",
        reposted_id=f"{LAB}/ap/users/117020565966271181/statuses/117020586019094258",
        created_at="2026-08-01T13:53:58.160Z",
        author_id="mastodonpy_test@localhost:3000",
        visibility="unlisted",
        text="",
    )
    unknown(boost, "language", "likes_count", "reposts_count", "replies_count")
    check(boosted, post_id=boost.reposted_id, kind="post", text="Toot!", reposts_count=1)


def test_a_page_of_an_account_with_replies_and_one_boost() -> None:
    page = posts("mastodon", "rtoot_get_account_statuses_limit__03")
    kinds = [post.kind for post in page]
    assert (kinds.count("post"), kinds.count("reply"), kinds.count("repost")) == (13, 7, 1)
    boost = next(post for post in page if post.kind == "repost")
    boosted = next(post for post in page if post.post_id == boost.reposted_id)
    check(
        boost,
        author_id="schochastics@fosstodon.org",
        created_at="2024-05-29T20:13:10.797Z",
        author_followers_count=1036,
    )
    check(
        boosted,
        author_id="termehs@fosstodon.org",
        author_opted_out=True,
        tags=("academicmilestone", "datascience"),
        likes_count=4,
        reposts_count=1,
    )
    assert "📅 Date: June 5th\n📍 Venue: “Data Theatre” (ZT1204)\n\n#Academic" in boosted.text
    to_oneself = next(post for post in page if post.native_id == "112519170617526275")
    check(to_oneself, parent_author_id="schochastics@fosstodon.org", mentions=())


def test_a_card_and_the_link_it_shows_are_one_link() -> None:
    (post,) = posts("mastodon", "mpy_status_card")
    check(post, text="http://example.org/", links=("http://example.org/",), visibility="unlisted")


def test_an_edited_post_keeps_its_name_and_tells_when() -> None:
    (post,) = posts("mastodon", "mpy_status_edit__02")
    check(
        post,
        post_id=f"{LAB}/ap/users/117020566092212359/statuses/117020586180926938",
        created_at="2026-08-01T13:54:00.505Z",
        edited_at="2026-08-01T13:54:00.695Z",
        text="the best editor? why, of course it is the KDE Advanced Text Editor, Kate",
        language="ja",
    )


def test_a_tag_timeline_holds_posts_of_many_servers() -> None:
    page = posts("mastodon", "rtoot_get_timeline_hashtag_default")
    assert [post.author_id for post in page] == [
        "simonpcouch@rstats.me",
        "user_conf@mastodon.social",
        "zkamvar@hachyderm.io",
        "donnagen@corteximplant.com",
        "pp0196.bsky.social@bsky.brid.gy",
    ]
    assert all("rstats" in post.tags for post in page)
    check(
        page[1],
        post_id="https://mastodon.social/users/useR_conf/statuses/114869631572884594",
        native_id="114869631729644574",
        aliases=("fosstodon.org/114869631729644574",),
        url="https://mastodon.social/@useR_conf/114869631572884594",
        links=("https://user2025.r-project.org/register",),
        tags=("user2025", "rstats"),
        reposts_count=6,
        likes_count=0,
        created_at="2025-07-17T16:57:57.000Z",
    )
    assert "Promotional poster for the useR! 2025 conference" in page[1].text
    check(page[4], links=("https://github.com/mailund/tailr",), replies_count=1)


def test_a_conversation_with_the_description_of_its_picture() -> None:
    (root,) = posts("mastodon", "rtoot_get_context_with_ancesters")
    check(
        root,
        kind="post",
        root_id=root.post_id,
        tags=("quartopub", "rstats"),
        links=("https://github.com/schochastics/quarto-url-peek",),
        likes_count=7,
        reposts_count=5,
        replies_count=2,
    )
    assert root.text.endswith(
        "#rstats\nscreenshot of a document that contains links processed by url-peek"
    )


def test_a_long_conversation_keeps_its_tree() -> None:
    replies = posts("mastodon", "rtoot_get_context_default")
    assert len(replies) == 59
    assert {post.kind for post in replies} == {"reply"}
    to_the_first = [
        post for post in replies if post.parent_id == "mastodon.social/109294719267373593"
    ]
    assert len(to_the_first) == 43
    known = {alias for post in replies for alias in post.aliases}
    others = [post for post in replies if post not in to_the_first]
    assert all(post.parent_id in known for post in others)
    check(
        replies[0], author_id="austinkocher@mastodon.social", created_at="2022-11-06T03:36:44.808Z"
    )


def test_a_notification_holds_the_post_that_mentions_us() -> None:
    (post,) = posts("mastodon", "mpy_notifications_types__02")
    check(
        post,
        post_id=f"{LAB}/ap/users/117020565693913441/statuses/117020577600332262",
        text="@mastodonpy_test hello!",
        mentions=("mastodonpy_test@localhost:3000",),
        created_at="2026-08-01T13:51:49.577Z",
        author_followers_count=1,
        author_posts_count=2,
    )


def test_grouped_notifications_hold_their_posts_once() -> None:
    (post,) = posts("mastodon", "mpy_grouped_notifications__01")
    check(post, text="Testing grouped notifications!", likes_count=2, author_name="John Lennon")


def test_a_content_warning_comes_before_the_words() -> None:
    (post,) = posts("mastodon", "live-status-cw")
    check(
        post,
        post_id="https://brightloop.example/@oldman@brightloop.example/posts/648138557373104944/",
        text="rant about broadband\n@brightloop the state of this cabinet",
        author_id="oldman@brightloop.example",
        author_name="Gerald P.",
        mentions=("brightloop@brightloop.example",),
        created_at="2026-11-24T19:31:13.909Z",
    )
    unknown(post, "language", "quotes_count", "edited_at")


def test_a_conversation_on_takahe_knows_root_and_parents() -> None:
    root, answer, again = posts("mastodon", "live-context-leaf")
    check(root, kind="post", author_id="priyanka@brightloop.example", root_id=root.post_id)
    check(
        answer,
        kind="reply",
        root_id=root.post_id,
        parent_id=root.aliases[0],
        parent_author_id="priyanka@brightloop.example",
        author_id="brightloop@brightloop.example",
        text="Bonjour @priyanka, désolés pour l'attente. Pouvez-vous nous écrire en privé ? ^Marc",
    )
    check(again, kind="reply", parent_id=answer.aliases[0], root_id=root.post_id)


def test_times_with_an_offset_and_microseconds_are_utc() -> None:
    (post,) = posts("mastodon", "live-mock-status-edited")
    check(
        post,
        created_at="2026-11-24T19:43:25.913579+00:00",
        edited_at="2026-11-24T19:43:25.929234+00:00",
        author_id="ines@localhost:3311",
        author_name="Inès Laurent",
        text="@brightloop typo in this post (edited)",
    )


def test_the_answer_to_a_deletion_is_a_tombstone() -> None:
    (post,) = posts("mastodon", "mpy_fetch_next_previous__04")
    assert post.deleted_at is not None


def test_a_direct_message_is_never_kept() -> None:
    (post,) = posts("mastodon", "live-mock-status-direct-noauth")
    check(post, visibility="direct", is_keepable=False)
