"""Replies recorded from X, then Twitter, in 2020-24, field by field, as a person reads them."""

import connectors
from connectors.testing import RecordingContract
from connectors.x_post import born_at
from pipeline.inspect import inspect
from pipeline.post import Post
from tests.real.outcomes import outcomes
from tests.real.recorded import check, envelope, unknown
from tests.shared import shared

SITE = "https://x.com"


class TestRecordings(RecordingContract):
    platform = "x"
    recordings = shared("payloads", "x")


def posts(name: str) -> dict[str, Post]:
    """The posts of a recording by the id it names them by; some are bare, some are exchanges."""
    found = list(inspect(connectors.load("x"), envelope("x", name)))
    given = [each for each in found if isinstance(each, Post)]
    assert len(given) == len(found)
    return {post.native_id or "": post for post in given}


def test_every_recording_gives_its_posts_or_nothing() -> None:
    assert outcomes("x") == {
        "pytwitter_jobs_resp": 0,
        "pytwitter_list_tweets_resp": 1,
        "pytwitter_me_resp": 0,
        "pytwitter_search_tweets_for_nyc": 10,
        "pytwitter_search_users_resp": 0,
        "pytwitter_timeline_reverse_chronological": 5,
        "pytwitter_timeline_tweets": 5,
        "pytwitter_tweet_resp": 1,
        "pytwitter_tweet_retweed_users_resp": 0,
        "pytwitter_tweets_counts_recent_resp": 0,
        "pytwitter_tweets_resp": 2,
        "pytwitter_usage_tweets_resp": 0,
        "pytwitter_user_resp": 0,
        "twarc_edited_1.exchange": 1,
        "twarc_lists_1.exchange": 0,
        "twarc_lists_2.exchange": 0,
        "twarc_mentions_tweet_1.exchange": 1,
        "twarc_noflat_1.exchange": 100,
        "twarc_tweets_compliance_1": 1,
        "twarc_two_tweets_1.exchange": 1,
        "tweepy_create_and_delete_tweet_1.exchange": 1,
        "tweepy_create_and_delete_tweet_2.exchange": 0,
        "tweepy_create_and_get_compliance_job_and_jobs_1.exchange": 0,
        "tweepy_create_and_get_compliance_job_and_jobs_2.exchange": 0,
        "tweepy_create_and_get_compliance_job_and_jobs_3.exchange": 0,
        "tweepy_create_tweet_with_community_1.exchange": 1,
        "tweepy_get_liked_tweets_1.exchange": 96,
        "tweepy_get_list_tweets_1.exchange": 97,
        "tweepy_get_me_1.exchange": 0,
        "tweepy_get_quote_tweets_1.exchange": 9,
        "tweepy_get_recent_tweets_count_1.exchange": 0,
        "tweepy_get_retweeters_1.exchange": 0,
        "tweepy_get_tweet_1.exchange": 1,
        "tweepy_get_tweets_1.exchange": 2,
        "tweepy_get_user_1.exchange": 0,
        "tweepy_get_users_1.exchange": 0,
        "tweepy_get_users_followers_1.exchange": 0,
        "tweepy_get_users_mentions_1.exchange": 10,
        "tweepy_get_users_tweets_1.exchange": 2,
        "tweepy_hide_and_unhide_reply_1.exchange": 0,
        "tweepy_hide_and_unhide_reply_2.exchange": 0,
        "tweepy_retweet_and_unretweet_1.exchange": 0,
        "tweepy_retweet_and_unretweet_2.exchange": 0,
        "tweepy_search_all_tweets_1.exchange": 10,
        "tweepy_search_recent_tweets_1.exchange": 10,
    }


def test_a_repost_has_the_whole_words_of_the_original() -> None:
    post = posts("twarc_noflat_1.exchange")["1380242611781386245"]
    check(
        post,
        platform="x",
        post_id="1380242611781386245",
        root_id="1380242611781386245",
        kind="repost",
        reposted_id="1380175475545362437",
        text=(
            "De manera simultánea, vuelven a asediar la frontera oeste de Rusia a través de Ucrania"
            " y la de Venezuela mediante Colombia. De esa forma, EEUU revive dos blancos"
            " geopolíticos de primer orden de la administración Obama. La pandilla del Partido"
            " Demócrata hace sentir su regreso."
        ),
        language="es",
        created_at="2021-04-08T19:34:16Z",
        url=f"{SITE}/Alexandravm12/status/1380242611781386245",
        author_id="1352661060663336960",
        author_handle="Alexandravm12",
        author_name="Alexandra Machado",
        author_url=f"{SITE}/Alexandravm12",
        author_followers_count=58,
        author_following_count=49,
        author_posts_count=14483,
        author_created_at="2021-01-22T16:55:15Z",
        mentions=(),
        visibility="public",
        aliases=(),
    )
    unknown(post, "likes_count", "reposts_count", "replies_count", "quotes_count", "views_count")
    unknown(post, "parent_id", "quoted_id", "edited_at", "deleted_at", "author_is_bot", "title")


def test_no_repost_is_cut_off_where_the_original_stands_beside() -> None:
    found = posts("twarc_noflat_1.exchange").values()
    reposts = [post for post in found if post.kind == "repost"]
    assert len(reposts) == 47
    assert not [post.text for post in reposts if post.text.endswith("…")]
    kinds = [post.kind for post in found]
    assert {kind: kinds.count(kind) for kind in ("reply", "quote", "post")} == {
        "reply": 31,
        "quote": 8,
        "post": 14,
    }


def test_a_reply_in_a_long_conversation() -> None:
    post = posts("twarc_noflat_1.exchange")["1380242586288328707"]
    check(
        post,
        kind="reply",
        parent_id="1380229267770933248",
        parent_author_id="1142605723601264640",
        root_id="1380220754978086917",
        text=(
            "@TalkToTheFoot @JackPosobiec None of whom had access to either of the hard drives."
            " Shows how inept and partisan the DOJ became under Obama."
        ),
        mentions=("TalkToTheFoot", "JackPosobiec"),
        author_handle="PDXPapaG",
        author_name="Kaz",
        author_followers_count=458,
        created_at="2021-04-08T19:34:10Z",
        likes_count=0,
        replies_count=0,
        reposts_count=0,
        quotes_count=0,
        language="en",
        links=(),
    )
    unknown(post, "views_count", "quoted_id", "reposted_id")


def test_a_reply_with_a_picture_shares_no_link() -> None:
    post = posts("twarc_noflat_1.exchange")["1380242413445337098"]
    check(
        post,
        kind="reply",
        parent_id="1380226330034372610",
        root_id="1380226330034372610",
        parent_author_id="375721095",
        tags=("incompetentMoron",),
        mentions=("Breaking911",),
        links=(),
    )


def test_a_quote_names_what_it_quotes_once() -> None:
    post = posts("twarc_noflat_1.exchange")["1380242403009966082"]
    check(
        post,
        kind="quote",
        quoted_id="1380226330034372610",
        root_id="1380242403009966082",
        links=(),
        author_name="Jen 🇺🇲",
    )
    unknown(post, "parent_id", "parent_author_id")


def test_a_short_link_is_told_where_it_leads() -> None:
    found = posts("twarc_noflat_1.exchange")
    target = "https://news.yahoo.com/should-the-us-rejoin-the-iran-nuclear-deal-171039415.html"
    check(
        found["1380242515543126027"],
        kind="post",
        links=(f"{target}?ncid=twitter_yahoonewst_sjwumo1bpf4",),
        author_handle="shehzadyounis",
    )
    bare = found["1380242432139354115"]
    check(bare, text="https://t.co/Amw3lXDwUQ", author_handle="fhuttel")
    unknown(bare, "language")


def test_an_edited_post_is_named_by_its_first_version() -> None:
    (post,) = posts("twarc_edited_1.exchange").values()
    check(
        post,
        post_id="1576994746135764992",
        native_id="1576994789110992896",
        aliases=("1576994789110992896",),
        kind="post",
        created_at="2022-10-03T17:57:01Z",
        edited_at="2022-10-03T17:57:11Z",
        root_id="1576994746135764992",
        text="hey :) https://t.co/rnwEIoNuqd",
        links=(),
        url=f"{SITE}/wongmjane/status/1576994789110992896",
        author_id="337119125",
        author_followers_count=138097,
        likes_count=27,
        reposts_count=2,
        replies_count=12,
        quotes_count=2,
    )
    unknown(post, "language", "views_count", "deleted_at")


def test_a_repost_names_the_people_and_tags_of_the_original() -> None:
    (post,) = posts("twarc_mentions_tweet_1.exchange").values()
    check(
        post,
        kind="repost",
        reposted_id="1589671906718134272",
        author_handle="BaldManGamer",
        author_followers_count=569,
        tags=("Xbox", "PlayStation", "gaming"),
        mentions=(
            "Xbox",
            "masseffect",
            "Ubisoft",
            "RockstarGames",
            "tombraider",
            "CallofDuty",
            "SonySantaMonica",
            "Naughty_Dog",
        ),
        links=(),
        created_at="2022-11-07T18:11:04Z",
    )
    assert post.text.startswith("Looking for gaming mutuals")


def test_a_tag_in_no_language() -> None:
    (post,) = posts("twarc_two_tweets_1.exchange").values()
    check(
        post,
        kind="repost",
        text="#POIUYTREWQ",
        tags=("POIUYTREWQ",),
        reposted_id="1391677057810288641",
        author_id="1379899464345923590",
        author_followers_count=0,
    )
    unknown(post, "language")


def test_a_search_without_authors_beside() -> None:
    found = posts("pytwitter_search_tweets_for_nyc")
    repost = found["1275840875466305542"]
    check(repost, kind="repost", reposted_id="1275837188715020290")
    assert repost.text.endswith("they need supplies…")
    unknown(repost, "quoted_id", "author_handle", "root_id", "likes_count")
    check(
        found["1275840892281249793"],
        kind="reply",
        parent_id="1275781448855891968",
        parent_author_id="13524182",
        author_id="13524182",
        tags=("NY12",),
        created_at="2020-06-24T17:19:07Z",
        url=f"{SITE}/i/web/status/1275840892281249793",
    )
    assert "MD, NYC, and Zambia!" in found["1275840891014561796"].text
    assert "setting) & kids" in found["1275840891014561796"].text


def test_two_posts_with_their_authors() -> None:
    first, second = posts("pytwitter_tweets_resp").values()
    check(first, author_handle="TwitterDev", created_at="2020-05-15T16:03:42Z")
    check(second, author_handle="Twitter", text="Good news and bad news: \n\n2020 is half over")
    unknown(second, "language", "likes_count", "root_id", "author_followers_count")


def test_a_timeline_with_counts_and_nothing_else() -> None:
    post = posts("pytwitter_timeline_tweets")["1364275610764201984"]
    check(
        post,
        likes_count=37,
        reposts_count=10,
        replies_count=2,
        quotes_count=1,
        created_at="2021-02-23T18:07:07Z",
    )
    unknown(post, "author_id", "author_handle", "views_count")


def test_a_post_of_which_only_the_words_were_asked_for() -> None:
    (post,) = posts("tweepy_get_tweet_1.exchange").values()
    check(post, post_id="1293593516040269825", kind="post")
    assert post.created_at is not None
    assert post.created_at.isoformat().startswith("2020-08-12T17:01:42")
    assert post.text.startswith("It’s finally here! 🥁 Say hello to the new #TwitterAPI.\n\n")
    unknown(post, "author_id", "language", "likes_count")


def test_a_line_of_compliance_says_that_a_post_must_go() -> None:
    (gone,) = posts("twarc_tweets_compliance_1").values()
    check(gone, post_id="1170025343920402432", created_at="2019-09-06T17:25:54Z", text="")
    assert gone.deleted_at is not None
    unknown(gone, "author_id", "url", "language")


def test_ids_tell_the_time_that_posts_tell() -> None:
    found = [
        post
        for name in ("twarc_noflat_1.exchange", "pytwitter_search_tweets_for_nyc")
        for post in posts(name).values()
    ]
    assert len(found) == 110
    for post in found:
        assert born_at(post.post_id) == post.created_at
