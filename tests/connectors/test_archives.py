"""Archives of one's own account: five platforms, told apart by what stands in the files."""

import io
import json
import time
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import connectors
from connectors import archives, archives_files
from connectors.archives_meta import repaired
from connectors.archives_notes import Note, note_of
from connectors.testing import posts, rejected
from connectors.testing.thorough import examples
from pipeline.errors import ConfigError, LuisterError, PayloadError, SourceGone, SourceUnavailable
from pipeline.inspect import inspect
from pipeline.post import Post, Read, Rejected
from pipeline.source import Source

SEEN = datetime(2026, 11, 24, 4, 15, tzinfo=UTC)


def broken(text: str) -> str:
    """A text as Facebook and Instagram write it."""
    return text.encode().decode("latin-1")


def tweet(number: int, text: str, **more: Any) -> dict[str, Any]:
    told = {
        "id_str": str(number),
        "id": str(number),
        "created_at": "Fri Nov 20 13:00:00 +0100 2026",
        "full_text": text,
        "favorite_count": "3",
        "retweet_count": "0",
        "retweeted": False,
        "lang": "nl",
        "entities": {"user_mentions": [], "hashtags": [], "urls": []},
    }
    return {"tweet": told | more}


def tweets_js(*tweets: Any, name: str = "tweets") -> str:
    return f"window.YTD.{name}.part0 = {json.dumps(list(tweets))}"


ACCOUNT_JS = "window.YTD.account.part0 = " + json.dumps(
    [
        {
            "account": {
                "accountId": "77",
                "username": "fietsfabriek",
                "accountDisplayName": "De Fietsfabriek",
                "email": "hidden@fietsfabriek.example",
            }
        }
    ]
)


def zipped(files: dict[str, str | bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


def read(body: str | bytes | list[Any] | dict[str, Any]) -> list[Read]:
    if isinstance(body, list | dict):
        body = json.dumps(body)
    raw = body if isinstance(body, bytes) else body.encode()
    return list(inspect(connectors.load("archives"), raw))


def one(body: Any) -> Post:
    (post,) = read(body)
    assert isinstance(post, Post), post
    return post


def ask(*paths: Path | str, accounts: tuple[str, ...] = ()) -> list[Read]:
    source = Source(name="old", platform="archives", urls=tuple(map(str, paths)), accounts=accounts)
    return list(archives.timeline(source, None, SEEN))  # type: ignore[arg-type]


# X


def test_an_archive_of_x_from_before_2018_has_a_file_for_each_month() -> None:
    user = {"screen_name": "fietsfabriek", "id_str": "77", "name": "De Fietsfabriek"}
    said = {"id_str": "9", "created_at": "2017-03-31 19:54:40 +0000", "text": "A &amp; B"}
    said |= {"user": user, "in_reply_to_status_id_str": "8", "entities": {"hashtags": []}}
    shared = said | {"id_str": "10", "text": "RT @kim: B", "retweeted_status": {"id_str": "5"}}
    month = f"Grailbird.data.tweets_2017_03 = \n {json.dumps([said, shared])}"
    first, second = posts(read(zipped({"data/js/tweets/2017_03.js": month})))
    assert (first.kind, first.text, first.parent_id) == ("reply", "A & B", "8")
    assert first.created_at == datetime(2017, 3, 31, 19, 54, 40, tzinfo=UTC)
    assert (first.author_id, first.author_handle) == ("77", "fietsfabriek")
    assert first.url == "https://x.com/fietsfabriek/status/9"
    assert (second.kind, second.reposted_id) == ("repost", "5")


def test_a_post_of_x() -> None:
    entities = {
        "user_mentions": [{"screen_name": "kim", "id_str": "5"}],
        "hashtags": [{"text": "fiets"}],
        "urls": [{"url": "https://t.co/a", "expanded_url": "https://fietsfabriek.example/"}],
    }
    post = one(tweets_js(tweet(9, "Hoi @kim &amp; #fiets https://t.co/a", entities=entities)))
    assert post == Post(
        platform="x",
        post_id="9",
        native_id="9",
        kind="post",
        observed_at=post.observed_at,
        created_at=datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
        url="https://x.com/i/status/9",
        text="Hoi @kim & #fiets https://t.co/a",
        language="nl",
        mentions=("kim",),
        tags=("fiets",),
        links=("https://fietsfabriek.example/",),
        likes_count=3,
        reposts_count=0,
        payload=post.payload,
    )
    assert json.loads(post.payload)["tweet"]["favorite_count"] == "3"


def test_replies_quotes_and_reposts_of_x() -> None:
    quoting = {"urls": [{"url": "t", "expanded_url": "https://twitter.com/kim/status/4"}]}
    naming = {"user_mentions": [{"screen_name": "Kim"}]}
    found = posts(
        read(
            tweets_js(
                tweet(9, "Dank!", in_reply_to_status_id_str="5", in_reply_to_user_id_str="55"),
                tweet(10, "Kijk t", entities=quoting),
                tweet(11, "RT @kim: de hele dag regen…", entities=naming),
                tweet(12, "RT @kim: zo noemde ik dat vroeger"),
            )
        )
    )
    assert [post.kind for post in found] == ["reply", "quote", "repost", "post"]
    assert (found[0].parent_id, found[0].parent_author_id) == ("5", "55")
    assert found[1].quoted_id == "4"
    assert {post.root_id for post in found} == {None}


def test_of_two_names_of_the_post_answered_the_older_one_counts() -> None:
    post = one(
        tweets_js(tweet(900, "x", in_reply_to_status_id_str="8999", in_reply_to_status_id="899"))
    )
    assert post.parent_id == "899"


def test_every_version_of_an_edited_post_is_an_alias() -> None:
    versions = {"initial": {"editTweetIds": ["8", "9"]}}
    assert one(tweets_js(tweet(9, "x", edit_info=versions))).aliases == ("8",)
    later = {"edit": {"initialTweetId": "8", "editControlInitial": versions["initial"]}}
    assert one(tweets_js(tweet(9, "x", edit_info=later))).aliases == ("8",)


def note(text: str, at: str = "2026-11-20T12:00:00.417Z") -> dict[str, Any]:
    core = {
        "text": text,
        "urls": [{"shortUrl": "https://t.co/b", "expandedUrl": "https://acme.nl/b"}],
        "mentions": [{"screenName": "kim"}],
    }
    return {"noteTweet": {"noteTweetId": "900", "createdAt": at, "core": core}}


LONG = "Fietsen &amp; meer. " * 14


def whole_of(short: str, *notes: dict[str, Any], urls: Sequence[str] = ()) -> Post:
    entities = {"urls": [{"url": "https://t.co/a", "expanded_url": each} for each in urls]}
    files = {
        "data/tweets.js": tweets_js(tweet(2, short, entities=entities)),
        "data/note-tweet.js": tweets_js(*notes, name="note_tweet"),
    }
    (post,) = read(zipped(files))
    assert isinstance(post, Post)
    return post


def test_a_long_post_of_x_stands_whole_in_a_file_of_its_own() -> None:
    own = [{"url": "https://t.co/a", "expanded_url": "https://twitter.com/i/web/status/2"}]
    cut = tweet(2, LONG + "Ook… https://t.co/a", entities={"urls": own})
    notes = [note("Lopen en meer"), note(LONG + "Ook #fiets @kim", "2026-11-20T12:00:01Z")]
    notes.append(note(LONG + "Ook alles over de #fiets van @kim"))
    files = {
        "data/tweets.js": tweets_js(tweet(1, "kort"), cut),
        "data/note-tweet.js": tweets_js(*notes, name="note_tweet"),
    }
    short, whole = read(zipped(files))
    assert isinstance(short, Post)
    assert isinstance(whole, Post)
    assert short.text == "kort"
    assert whole.text.endswith("Fietsen & meer. Ook alles over de #fiets van @kim")
    assert (whole.mentions, whole.tags) == (("kim",), ("fiets",))
    assert whole.links == ("https://acme.nl/b",)


@pytest.mark.parametrize(
    "short", ["…", "Fietsen… https://t.co/a", "Fietsen… en lopen", LONG + "Ook… of toch niet"]
)
def test_a_short_post_of_x_keeps_its_own_words(short: str) -> None:
    assert "wie" not in whole_of(short, note(LONG + "Ook wie loopt")).text


def test_a_long_post_of_x_in_japanese_is_cut_sooner() -> None:
    begun = "自転車" * 45
    assert whole_of(f"{begun}… https://t.co/a", note(begun + "も")).text == begun + "も"


def test_each_long_post_of_x_is_of_one_post() -> None:
    cut = LONG + "Ook… https://t.co/a"
    files = {
        "data/tweets.js": tweets_js(tweet(1, cut), tweet(2, cut)),
        "data/note-tweet.js": tweets_js(note(LONG + "Ook 1"), note(LONG + "Ook 2"), name="n"),
    }
    found = [each.text[-5:] for each in read(zipped(files)) if isinstance(each, Post)]
    assert found == ["Ook 1", "Ook 2"]


def test_an_odd_long_post_of_x_costs_no_other() -> None:
    nobody = note(LONG + "Ook wie loopt")
    nobody["noteTweet"]["core"]["mentions"].append({"name": "Jan"})
    found = whole_of(LONG + "Ook…", {"noteTweet": {"createdAt": "nu"}}, {}, nobody)
    assert found.text.endswith("Ook wie loopt")
    assert found.mentions == ("kim",)


def test_a_long_post_of_x_may_quote_another() -> None:
    status, own = "https://twitter.com/kim/status/1", "https://twitter.com/i/web/status/2"
    cut, whole = LONG + "Ook… https://t.co/a", note(LONG + "Ook dit")
    post = whole_of(cut, whole, urls=[status, own])
    assert (post.kind, post.quoted_id) == ("quote", "1")
    assert post.links == (status, "https://acme.nl/b")
    whole["noteTweet"]["core"]["urls"] = [{"expandedUrl": status}]
    post = whole_of(cut, whole, urls=[own])
    assert (post.kind, post.quoted_id, post.links) == ("post", None, (status,))


def test_a_broken_file_of_long_posts_leaves_the_posts_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "tweets.js").write_text(tweets_js(tweet(1, "kort…")))
    (tmp_path / "note-tweet.js").write_text("window.YTD.note_tweet.part0 = [{]")
    reads = archives.read_path(tmp_path, {})
    first = next(reads)
    assert isinstance(first, Post)
    assert first.text == "kort…"
    with pytest.raises(PayloadError, match=r"note-tweet\.js"):
        next(reads)


def test_a_post_in_a_community_is_one_like_any_other() -> None:
    body = tweets_js(tweet(9, "Hoi"), name="community_tweet")
    assert one(body).text == "Hoi"
    archive = {"data/community-tweet.js": body, "data/twitter-circle-tweet.js": tweets_js()}
    assert [post.post_id for post in posts(read(zipped(archive)))] == ["9"]


def test_a_deleted_post_has_no_words() -> None:
    gone = tweet(9, "spijt", deleted_at="Sat Nov 21 12:00:00 +0000 2026")
    post = one(tweets_js(gone, name="deleted_tweets"))
    assert (post.text, post.mentions, post.links) == ("", (), ())
    assert post.deleted_at == datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        "\ufeff\n" + tweets_js(tweet(1, "één")),
        tweets_js(tweet(1, "één")) + ";\n",
        tweets_js(tweet(1, "één"), name="tweet"),
        tweets_js(tweet(1, "één")["tweet"]),
        ("\ufeff" + tweets_js(tweet(1, "één"))).encode("utf-16-le"),
    ],
    ids=["mark and blank line", "semicolon", "older name", "not wrapped", "utf-16"],
)
def test_the_same_file_of_x_in_other_clothes(body: str | bytes) -> None:
    assert (one(body).post_id, one(body).text) == ("1", "één")


def test_only_the_assignment_is_taken_off_and_nothing_is_run() -> None:
    with pytest.raises(PayloadError):
        read("window.YTD.tweets.part0 = alert(1)")
    assert read("window.YTD.like.part0 = [{}]") == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"created_at": "gisteren"}, "'gisteren' is not a time"),
        ({"favorite_count": "veel"}, "'veel' is not a count"),
        ({"full_text": None}, "missing required field `full_text`"),
        ({"full_text": None, "source": {"full_text": "x"}}, "missing required field `full_text`"),
        ({"id_str": ""}, "without its name"),
    ],
)
def test_a_post_of_x_that_is_not_understood_is_set_apart(more: dict[str, Any], told: str) -> None:
    good, odd = read(tweets_js(tweet(1, "goed"), tweet(2, "fout", **more)))
    assert isinstance(good, Post)
    assert isinstance(odd, Rejected)
    assert told in odd.reason
    assert odd.path.startswith("$[1]")


# Facebook and Instagram


def test_a_post_of_facebook_is_repaired() -> None:
    post = one(
        [
            {
                "timestamp": 1763640000,
                "title": "De Fietsfabriek updated its status.",
                "data": [{"post": broken("Één café – €5 🚲 #Fietsen")}],
                "attachments": [{"data": [{"external_context": {"url": "https://a.example/"}}]}],
            }
        ]
    )
    assert post.text == "Één café – €5 🚲 #Fietsen"
    assert (post.platform, post.kind, post.tags) == ("facebook", "post", ("Fietsen",))
    assert post.links == ("https://a.example/",)
    assert post.created_at == datetime(2025, 11, 20, 12, tzinfo=UTC)
    assert post.post_id.startswith("archive:")
    assert (post.likes_count, post.author_id, post.url) == (None, None, None)


def test_what_could_be_chosen_in_a_poll_of_facebook_is_said() -> None:
    options = [{"option": broken("Één"), "voted": True}, {"option": "Twee"}]
    poll = {"poll": {"question": "Hoeveel?", "options": options}}
    asked = {"timestamp": 1_795_000_000, "attachments": [{"data": [poll]}], "data": []}
    assert one([asked]).text == "Hoeveel?\nÉén\nTwee"
    said = asked | {"data": [{"post": "Kies"}]}
    assert one([said]).text == "Kies\nHoeveel?\nÉén\nTwee"
    assert one([said]).post_id == one([said | {"attachments": []}]).post_id


def test_two_polls_of_facebook_of_one_second_are_two() -> None:
    polls = [{"data": [{"poll": {"question": each}}]} for each in ("Hoeveel?", "Hoelang?")]
    first, second = (
        one([{"timestamp": 1_795_000_000, "attachments": [poll], "data": []}]) for poll in polls
    )
    assert first.post_id != second.post_id


@pytest.mark.parametrize(
    ("attached", "text"),
    [
        ([{"for_sale_item": {"description": "fiets van Acme\nbel me"}}], ""),
        ([{"text": "Bestel nu"}, {"text": "Bestel nu"}], "\nBestel nu"),
        ([{"life_event": {"title": "Verhuisd", "description": "Verhuisd"}}], "\nVerhuisd"),
        ([{"text": "fiets van"}], "\nfiets van"),
    ],
)
def test_what_is_attached_to_a_post_of_facebook_is_said_once(
    attached: list[Any], text: str
) -> None:
    words = "Te koop\nfiets van Acme\nbel me"
    entry = {"timestamp": 1_795_000_000, "attachments": [{"data": attached}]}
    assert one([entry | {"data": [{"post": words}]}]).text == words + text


@pytest.mark.parametrize(
    ("attached", "text"),
    [
        ({"life_event": {"title": "Verhuisd", "description": "Naar @[7:2048:Kim]"}}, "Naar Kim"),
        ({"for_sale_item": {"title": "Fiets", "price": "€ 5", "description": "Rood"}}, "Rood"),
        ({"text": broken("Één")}, "Één"),
    ],
)
def test_what_is_attached_to_a_post_of_facebook_may_hold_its_words(
    attached: dict[str, Any], text: str
) -> None:
    entry = {"timestamp": 1_795_000_000, "attachments": [{"data": [attached]}], "data": []}
    assert one([entry]).text.splitlines()[-1] == text
    said = entry | {"data": [{"post": broken(text)}]}
    assert one([said]).text.count(text) == 1


def test_what_was_never_broken_stays() -> None:
    assert [repaired(text) for text in ("Één", "broken Ã", "plain", "日本")] == [
        "Één",
        "broken Ã",
        "plain",
        "日本",
    ]


def test_whom_a_post_of_facebook_names_is_told_as_readers_see_it() -> None:
    said = "Met dank aan @[100012:2048:Zoë de Wit], en @[77:0:Fietsers]!"
    (post,) = posts(read([{"timestamp": 1500000000, "data": [{"post": broken(said)}]}]))
    assert post.text == "Met dank aan Zoë de Wit, en Fietsers!"
    assert post.mentions == ("100012", "77")


def test_entries_of_facebook_that_say_nothing_are_no_posts() -> None:
    photo = {"media": {"uri": "posts/media/a/1.jpg", "creation_timestamp": 5}}
    entries = [
        {"timestamp": 1500000000, "data": [], "title": "De Fietsfabriek saved a seller."},
        {"timestamp": 1500000001, "data": [{"update_timestamp": 5}], "attachments": []},
        {"timestamp": 1500000002, "data": [], "attachments": [{"data": [photo]}]},
        {"timestamp": 1500000003, "title": "De Fietsfabriek wrote on a timeline."},
        {"timestamp": 1500000004, "attachments": [{"data": [photo]}]},
        {"timestamp": 1500000005, "title": "no data", "tags": []},
    ]
    found = read(entries)
    assert [post.text for post in posts(found)] == ["", ""]
    assert [odd.path for odd in rejected(found)] == ["$[5].data"]


def test_the_internet_address_of_a_picture_is_not_kept() -> None:
    seen = {"photo_metadata": {"upload_ip": "192.0.2.7", "iso": 100}}
    photo = {"media": {"uri": "posts/media/a/1.jpg", "media_metadata": seen}}
    post = one([{"timestamp": 1500000002, "data": [], "attachments": [{"data": [photo]}]}])
    assert "192.0.2.7" not in post.payload
    assert json.loads(post.payload)["timestamp"] == 1500000002


def test_a_comment_in_a_group_is_not_kept() -> None:
    said = {"timestamp": 1500000000, "comment": "Mooi!", "author": broken("Zoë")}
    entries = {
        "comments_v2": [
            {"timestamp": 1500000000, "data": [{"comment": said}], "title": "Z commented."},
            {"timestamp": 1500000001, "data": [{"comment": said | {"group": "Besloten"}}]},
            {"timestamp": 1500000002, "title": "Z used a sticker."},
            {"timestamp": 1500000003, "data": [{"comment": {"timestamp": 1500000003}}]},
        ]
    }
    for body in (entries, {"comments": entries["comments_v2"]}):
        post = one(body)
        assert (post.kind, post.text, post.author_name) == ("comment", "Mooi!", "Zoë")


def test_posts_of_instagram_with_one_and_with_more_pictures() -> None:
    def picture(name: str, **more: Any) -> dict[str, Any]:
        return {"uri": f"media/posts/{name}.jpg", "creation_timestamp": 1500000000} | more

    single, several = posts(
        read(
            [
                {"media": [picture("a", title=broken("Zon ☀ @kim #fiets"))]},
                {"media": [picture("b"), picture("c")], "title": "Samen", "creation_timestamp": 6},
            ]
        )
    )
    assert (single.text, single.mentions, single.tags) == (
        "Zon ☀ @kim #fiets",
        ("kim",),
        ("fiets",),
    )
    assert (several.text, several.created_at) == (
        "Samen",
        datetime(1970, 1, 1, 0, 0, 6, tzinfo=UTC),
    )
    assert one({"ig_reels_media": [{"media": [picture("d", title="Rit")]}]}).text == "Rit"


@pytest.mark.parametrize(
    ("said", "owner", "time"),
    [
        ("Comment", "Media Owner", "Time"),
        ("Comment", "Media owner", "Comment creation time"),
        ("Opmerking", "Media-eigenaar", "Tijd"),
    ],
)
def test_a_comment_of_instagram_in_two_languages(said: str, owner: str, time: str) -> None:
    entry = {
        "string_map_data": {
            said: {"value": broken("Prachtig 🚲")},
            owner: {"value": "kim"},
            time: {"timestamp": 1500000000},
        }
    }
    for body in ([entry], {"comments_reels_comments": [entry]}):
        post = one(body)
        assert (post.platform, post.kind, post.text) == ("instagram", "comment", "Prachtig 🚲")
        assert post.parent_author_id == "kim"


def test_a_comment_in_a_language_or_form_that_is_not_known_is_set_apart() -> None:
    finnish = {"string_map_data": {"Kommentti": {"value": "x"}, "Aika": {"timestamp": 5}}}
    newer = {"timestamp": 5, "label_values": []}
    assert "among Kommentti, Aika" in rejected(read([finnish]))[0].reason
    assert "leaves the words out" in rejected(read([newer]))[0].reason


def test_a_comment_of_instagram_that_was_deleted() -> None:
    told = {
        "Comment": {"value": "spijt #fiets"},
        "Comment creation time": {"timestamp": 1500000000},
        "Deletion status": {"value": "True"},
    }
    post = one([{"string_map_data": told}])
    assert (post.text, post.tags, post.deleted_at is None) == ("", (), False)


# LinkedIn and TikTok

SHARES = "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"


def test_shares_of_linkedin_with_line_breaks_and_quotes_inside() -> None:
    link = "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A71"
    post = one(
        f'{SHARES}2023-10-02 09:00:22,{link},"Eerste regel\nhet ""beste"" #fiets",'
        "https://a.example/,,MEMBER_NETWORK\n"
    )
    assert (post.platform, post.post_id, post.kind) == ("linkedin", "urn:li:share:71", "post")
    assert post.text == 'Eerste regel\nhet "beste" #fiets'
    assert (post.links, post.tags) == (("https://a.example/",), ("fiets",))
    assert post.created_at == datetime(2023, 10, 2, 9, 0, 22, tzinfo=UTC)


def test_a_share_for_connections_only_is_not_kept_and_one_without_words_is_a_repost() -> None:
    link = "https://www.linkedin.com/posts/kim-activity-712-Ab"
    found = posts(
        read(
            f"{SHARES}2023-10-02 09:00:22,{link}3,alleen voor ons,,,CONNECTIONS\n"
            f"2023-10-02 09:00:22,{link},,,,MEMBER_NETWORK\n"
        )
    )
    assert [(post.post_id, post.kind) for post in found] == [("urn:li:activity:712", "repost")]


def test_a_comment_of_linkedin_names_its_post() -> None:
    post = one(
        "Date,Link,Message\n2023-10-02 09:00:22,"
        "https://www.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A71,Gefeliciteerd!\n"
    )
    assert (post.kind, post.parent_id) == ("comment", "urn:li:ugcPost:71")


def test_line_breaks_of_a_share_stand_between_quotation_marks() -> None:
    row = '2023-10-02 09:00:22,https://a.example/1,"Hij zei ""ja"".""\n""""\n""Mooi!",,,\n'
    assert one(SHARES + row).text == 'Hij zei "ja".\n\nMooi!'


def test_a_comment_of_linkedin_has_quotation_marks_behind_a_stroke() -> None:
    rows = (
        '2023-10-02 09:00:22,https://a.example/1,"Zo \\"heet\\" het, toch?"\n'
        "2023-10-02 09:00:23,https://a.example/1,Ja\n"
    )
    found = posts(read(f"Date,Link,Message\n{rows}"))
    assert [post.text for post in found] == ['Zo "heet" het, toch?', "Ja"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_a_comment_of_linkedin_may_end_in_a_stroke(line_break: str) -> None:
    rows = [
        "Date,Link,Message",
        '2023-10-02 09:00:22,https://a.example/1,"Schuin, dus \\"',
        '2023-10-02 09:00:23,https://a.example/1,"Zei ""ja"", en \\"nee\\""',
        '2023-10-02 09:00:24,https://a.example/1,"Ook, \\"',
    ]
    found = posts(read(line_break.join([*rows, ""])))
    assert [post.text for post in found] == ["Schuin, dus \\", 'Zei "ja", en "nee"', "Ook, \\"]


def test_what_was_said_in_a_group_of_linkedin_is_not_kept() -> None:
    link = "https://www.linkedin.com/feed/update/urn%3Ali%3AgroupPost%3A7-712"
    assert read(f"{SHARES}2023-10-02 09:00:22,{link},voor leden,,,MEMBER_NETWORK\n") == []
    assert read(f"Date,Link,Message\n2023-10-02 09:00:22,{link},ook voor leden\n") == []


def test_rows_of_linkedin_that_are_not_understood_are_set_apart() -> None:
    row = "2023-10-02 09:00:22,https://a.example/1,tekst,,,"
    good, more, none = read(f"{SHARES}{row}\n{row},te,veel\n,https://a.example/2,x,,,\n")
    assert isinstance(good, Post)
    assert isinstance(more, Rejected)
    assert isinstance(none, Rejected)
    assert "more cells" in more.reason
    assert none.path.endswith("].Date")


def test_a_table_that_lacks_a_column_gives_no_silent_zero() -> None:
    rows = "ShareLink,ShareCommentary\nhttps://a.example/1,tekst\n"
    assert [odd.reason for odd in rejected(read(rows))] == ["Object missing required field `Date`"]


@pytest.mark.parametrize(
    ("part", "name"), [("Video", "Videos"), ("Post", "Posts"), ("Your Activity", "Videos")]
)
def test_videos_and_comments_of_tiktok(part: str, name: str) -> None:
    link = "https://www.tiktokv.com/share/video/7123/"
    date = {"Date": "2024-05-01 10:00:00"}
    listed = {
        name: {
            "VideoList": [
                date | {"Link": link, "Likes": "12", "WhoCanView": "Public"},
                date | {"Link": "https://x.example/", "Likes": None, "WhoCanView": "Friends"},
            ]
        },
        "Video Browsing History": {"VideoList": [date | {"Link": link}]},
    }
    said = {"date": "2024-05-02 10:00:00", "comment": "Ja @kim"}
    video, comment = posts(read({part: listed, "Comment": {"Comments": {"CommentsList": [said]}}}))
    assert (video.post_id, video.likes_count) == ("7123", 12)
    assert video.created_at == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert (comment.kind, comment.text, comment.mentions) == ("comment", "Ja @kim", ("kim",))


def test_the_title_of_a_tiktok_video_where_there_is_one() -> None:
    video = {"Date": "2024-05-01 10:00:00", "Link": "https://x.example/1", "Title": "Nieuwe fiets"}
    untitled = video | {"Link": "https://x.example/2", "Title": "N/A"}
    found = posts(read({"Post": {"Posts": {"VideoList": [video, untitled]}}}))
    assert [post.title for post in found] == ["Nieuwe fiets", None]


def test_an_export_of_tiktok_without_its_list_is_told() -> None:
    assert read({"Video": {"Videos": {"VideoList": None}}}) == []
    with pytest.raises(PayloadError, match="no VideoList"):
        read({"Video": {"Videos": {}}})
    with pytest.raises(PayloadError, match="neither videos nor comments"):
        read({"Your Activity": {"Watch History": {"VideoList": []}}})


@pytest.mark.parametrize("likes", [-1, 10**30, "veel", 1.5])
def test_likes_that_are_no_count_are_told(likes: Any) -> None:
    video = {"Date": "2024-05-01 10:00:00", "Link": "https://x.example/", "Likes": likes}
    (odd,) = rejected(read({"Video": {"Videos": {"VideoList": [video]}}}))
    assert "likes" in odd.path.lower()


# Zips, folders and files

X_ZIP: dict[str, str | bytes] = {
    "data/account.js": ACCOUNT_JS,
    "data/tweets.js": tweets_js(tweet(1, "een")),
    "data/tweets-part1.js": tweets_js(tweet(2, "twee")),
    "data/direct-messages.js": "window.YTD.direct_messages.part0 = [{}]",
    "data/tweets_media/1.jpg": b"\xff\xd8",
}


def test_a_zip_of_x_names_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "twitter-2026.zip"
    path.write_bytes(zipped(X_ZIP))
    found = posts(ask(path))
    assert [post.post_id for post in found] == ["2", "1"]
    assert {(post.author_id, post.author_handle, post.author_name) for post in found} == {
        ("77", "fietsfabriek", "De Fietsfabriek")
    }
    assert found[0].url == "https://x.com/fietsfabriek/status/2"
    assert [post.author_id for post in posts(read(path.read_bytes()))] == ["77", "77"]
    assert "hidden@" not in "".join(post.payload for post in found)


def test_a_folder_is_read_like_its_zip(tmp_path: Path) -> None:
    for name, content in X_ZIP.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    assert {post.post_id for post in posts(ask(tmp_path))} == {"1", "2"}


def test_several_parts_of_one_archive_and_the_account_named(tmp_path: Path) -> None:
    entry = [{"timestamp": 1500000000, "data": [{"post": "Hoi"}]}]
    for part in ("1", "2"):
        name = f"facebook/your_facebook_activity/posts/your_posts_{part}.json"
        (tmp_path / f"{part}.zip").write_bytes(zipped({name: json.dumps(entry)}))
    found = posts(ask(tmp_path / "1.zip", (tmp_path / "2.zip").as_uri(), accounts=("@acme",)))
    assert [(post.author_handle, post.author_id) for post in found] == [("acme", "acme")]


def test_the_archive_of_a_page_has_posts_of_its_profile() -> None:
    name = "this_profile's_activity_across_facebook/posts/profile_posts_1.json"
    entry = [{"timestamp": 1500000000, "data": [{"post": "Hoi"}]}]
    assert [post.text for post in posts(read(zipped({name: json.dumps(entry)})))] == ["Hoi"]


def test_a_rejected_entry_in_a_zip_names_its_file() -> None:
    (odd,) = rejected(read(zipped({"data/tweets.js": tweets_js({"tweet": {}})})))
    assert odd.path.startswith("data/tweets.js[0]")


def test_a_broken_file_is_told_after_the_others_were_read(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"b/tweets.js": tweets_js(tweet(1, "x")), "a/tweets.js": '[{"cut": '}))
    source = Source(name="old", platform="archives", urls=(str(path),))
    seen: list[Read] = []
    with pytest.raises(PayloadError, match=r"a/tweets\.js"):
        seen.extend(archives.timeline(source, None, SEEN))  # type: ignore[arg-type]
    assert len(posts(seen)) == 1


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped({"posts/your_posts_1.html": "<p>"}))
    for path, error in (
        (tmp_path / "x.zip", PayloadError),
        (tmp_path / "none.zip", SourceGone),
    ):
        with pytest.raises(error):
            ask(path)
    for body in (b"", b"<html>", b"plain, text\n1,2\n", b'{"a": 1}', b'[{"a": 1}]', b"\xff\xff"):
        with pytest.raises(PayloadError):
            read(body)
    with pytest.raises(PayloadError, match="zip that cannot be read"):
        read(b"PK\x03\x04 and then nothing")


def test_a_trap_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives_files, "LARGEST", 1_000)
    with pytest.raises(PayloadError, match="larger than 1000 bytes"):
        read(zipped({"../../tweets.js": b" " * 5_000}))
    monkeypatch.setattr(archives_files, "MOST", 2)
    with pytest.raises(PayloadError, match="more than 2 files"):
        read(zipped({f"{number}.jpg": b"" for number in range(3)}))


def test_what_the_source_must_say() -> None:
    with pytest.raises(ConfigError, match="path of a file"):
        ask()
    with pytest.raises(ConfigError, match="one account"):
        ask("x.zip", accounts=("a", "b"))


def test_a_file_nobody_may_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tweets.js"
    path.write_text("x")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceUnavailable, match="Permission denied"):
        ask(path)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: f"window.YTD.tweets.part0 = {text}".encode())
    | st.text(max_size=100).map(lambda text: (SHARES + text).encode("utf-8", "replace"))
    | st.binary(max_size=200).map(lambda body: b"PK\x03\x04" + body)
)
def test_any_bytes_give_posts_rejections_or_an_error_of_ours(body: bytes) -> None:
    try:
        reads = read(body)
    except LuisterError:
        return
    assert all(isinstance(each, Post | Rejected) for each in reads)


@settings(max_examples=examples(100), deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_comes_back_as_it_was_typed(text: str) -> None:
    text = f"x{text}€"
    entry = {"timestamp": 1500000000, "data": [{"post": broken(text)}]}
    assert one([entry]).text == text


def test_many_spaces_behind_a_cut_cost_no_time() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    raw = json.dumps({"tweet": {"full_text": f"a…{' ' * 20_000}x"}}).encode()
    begun = time.monotonic()

    assert note_of(raw, {now: [Note(text="a b")]}, now) is None
    assert time.monotonic() - begun < 5
