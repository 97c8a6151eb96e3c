"""Recorded feeds, field by field, as a person reads them."""

import json

import connectors
from pipeline.inspect import inspect
from pipeline.post import Post
from tests.real.recorded import check, unknown
from tests.shared import shared


def entries(name: str, folder: str = "feeds") -> list[Post]:
    """The posts of a feed as ``luister inspect feed`` gives them."""
    body = shared("payloads", folder, name).read_bytes()
    return [each for each in inspect(connectors.load("feed"), body) if isinstance(each, Post)]


def test_tweakers_signs_with_a_name_where_mail_is_promised() -> None:
    post = entries("tweakers_mixed_2024.xml")[0]
    page = (
        "https://tweakers.net/nieuws/222326/"
        "nvidia-keurt-samsung-hbms-voorlopig-af-vanwege-hitteproblemen.html"
    )
    check(
        post,
        platform="feed",
        kind="article",
        post_id=page,
        url=page,
        native_id="https://tweakers.net/nieuws/222326",
        aliases=("https://tweakers.net/nieuws/222326",),
        title="'Nvidia keurt Samsung HBM's voorlopig af vanwege hitteproblemen'",
        author_name="Loïs Franx",
        author_handle="Loïs Franx",
        author_id="Loïs Franx@tweakers.net",
        language="nl-NL",
        tags=("Nieuws / Computers / Geheugen intern",),
        created_at="2024-05-24T16:15:00Z",
        visibility="public",
    )
    assert post.text.startswith(
        "Nvidia heeft de nieuwste HBM-chips van Samsung voorlopig afgekeurd"
    )
    assert post.text.endswith("problemen zijn met oververhitting en stroomverbruik.")
    unknown(post, "replies_count", "likes_count", "edited_at", "parent_id", "author_url")
    assert json.loads(post.payload)["author"] == "Loïs Franx"


def test_nu_nl_is_known_by_its_number() -> None:
    post = entries("nu_nl_algemeen_2023.xml")[0]
    check(
        post,
        post_id="https://www.nu.nl/-/6258300/",
        url=(
            "https://www.nu.nl/binnenland/6258300/"
            "beroemde-gorilla-bokito-op-27-jarige-leeftijd-overleden-in-diergaarde-blijdorp.html"
        ),
        native_id="https://www.nu.nl/-/6258300/",
        title="Beroemde gorilla Bokito op 27-jarige leeftijd overleden in Diergaarde Blijdorp",
        text=(
            "De beroemde gorilla Bokito is dinsdag onverwacht overleden, meldt Diergaarde "
            "Blijdorp. Zijn gezondheid was de afgelopen dagen snel achteruitgegaan."
        ),
        author_name="onze nieuwsredactie",
        tags=("Algemeen", "Binnenland"),
        language="nl-NL",
        created_at="2023-04-05T14:34:31Z",
    )
    assert post.links[1:] == (
        "https://nu.nl/dieren/6183602/bekijk-beelden-van-de-tiende-nakomeling-van-bokito-in-blijdorp.html",
        "https://nu.nl/dieren/6183583/blijdorpse-gorilla-bokito-onverwachts-voor-tiende-keer-vader-geworden.html",
    )


def test_nu_nl_of_2018_with_a_line_break_in_its_declaration() -> None:
    (post,) = entries("nu_nl_algemeen_2018.xml")
    check(
        post,
        post_id="https://www.nu.nl/-/5621771/",
        title="Britse premier May stelt cruciale Brexit-stemming voorlopig uit",
        author_name="NU.nl/Thomas Moerman",
        created_at="2018-12-10T17:02:06Z",
        tags=("Algemeen", "Brexit"),
    )


def test_an_italian_date() -> None:
    (post,) = entries("feedrs_rss_2.0_ilmessaggero.xml")
    check(
        post,
        title="Missili Polonia, cosa è successo? Tensione Nato-Russia, Mosca: non siamo stati noi",
        created_at="2022-11-15T23:38:15Z",
        language="it-IT",
        tags=("Mondo",),
        links=(
            "https://www.ilmessaggero.it/photos/MED/48/69/7054869_16003922_missili_polonia_1_.jpg",
        ),
    )
    unknown(post, "author_name", "author_id")


def test_a_clock_of_new_york_without_a_zone() -> None:
    (post,) = entries("feedrs_rss_2.0_nbcny.xml")
    check(
        post,
        created_at="2023-12-16T14:02:33-05:00",
        native_id="4956764",
        aliases=("nbcnewyork.com#4956764",),
        author_name="Gaby Acevedo and Jessica Cunnington",
        language="en-US",
        text=(
            "A young man was left for dead on a Manhattan sidewalk late Friday, bleeding out from "
            "multiple stab wounds across his body, police said."
        ),
    )


def test_rdf_in_latin_1_with_dublin_core() -> None:
    (post,) = entries("feedrs_rss_1.0_iso8859.xml")
    check(
        post,
        kind="article",
        title="Digitalministerium: Neue Glasfaserförderung mit Schnellkasse",
        author_name="Achim Sawall",
        created_at="2023-01-25T18:03:02Z",
        links=(
            "https://www.golem.de/specials/infrastruktur/",
            "https://www.golem.de/specials/glasfaser/",
        ),
    )
    assert post.text.startswith(
        "Ab April soll es wieder Förderung für den Ausbau von Glasfaser geben."
    )
    unknown(post, "replies_count", "language")


def test_rss_091_has_neither_ids_nor_dates() -> None:
    (post,) = entries("feedrs_rss_0.91_encoding_1.xml")
    check(
        post,
        post_id="http://www.dicas-l.com.br/dicas-l/20200406.php",
        url="http://www.Dicas-L.com.br/dicas-l/20200406.php",
        title="bash - Expansão de Parâmetros",
        language="pt-BR",
    )
    unknown(post, "created_at", "native_id", "author_name")


def test_an_entry_known_by_nothing_but_its_words() -> None:
    (post,) = entries("feedrs_rss_2.0_ghost_1.xml")
    check(post, kind="post", text="Example", aliases=(), links=())
    unknown(post, "title", "url", "native_id", "created_at", "author_id", "language")
    assert post.post_id.startswith("sha256:")
    assert post.post_id == entries("feedrs_rss_2.0_ghost_1.xml")[0].post_id


def test_a_question_on_reddit() -> None:
    post = entries("feedrs_atom_mediarss_reddit_1.xml")[0]
    check(
        post,
        native_id="t3_157kyrd",
        title="Any reason to keep 1G connections to my servers?",
        author_name="/u/Remarkable_Housing61",
        author_url="https://ud.reddit.com/user/Remarkable_Housing61",
        tags=("homelab",),
        created_at="2023-07-23T17:38:30Z",
    )
    first, second, *_ = post.text.split("\n\n")
    assert first.startswith("Hello all, I recently acquired a 40G switch")
    assert second.startswith("My 40G network is bridged to my 1G network")


def test_a_film_on_youtube_with_views_and_lines() -> None:
    post = entries("youtube_com_feeds_videos_xml_channel_id_ucotwjyjnb_4kw7bmsoo_021a.xml")[0]
    check(
        post,
        native_id="yt:video:z35j2WC1uLI",
        url="https://www.youtube.com/shorts/z35j2WC1uLI",
        title="A Rock Is Trapped Light",
        author_name="Art of the Problem",
        author_url="https://www.youtube.com/channel/UCotwjyJnb-4KW7bmsOoLfkg",
        created_at="2026-02-12T21:09:23Z",
        edited_at="2026-02-13T07:15:21Z",
        views_count=9819,
        likes_count=498,
    )
    assert post.text.startswith(
        "FULL VIDEO: https://www.youtube.com/watch?v=f8O3XMrC8hg\n\nFor 2,600"
    )
    unknown(post, "replies_count", "rating", "language")


def test_blogger_tells_edits_and_the_number_of_answers() -> None:
    post = entries("realphysics_blogspot_com_feeds_posts_default_cd0e.xml")[0]
    check(
        post,
        native_id="tag:blogger.com,1999:blog-10944560.post-2659469769582980699",
        aliases=("tag:blogger.com,1999:blog-10944560.post-2659469769582980699",),
        url="https://realphysics.blogspot.com/2025/12/naming-infinite.html",
        title="Naming the Infinite",
        author_name="Lawrence Gage",
        author_url="http://www.blogger.com/profile/01242322119143922513",
        created_at="2025-12-31T12:40:00.008-05:00",
        edited_at="2026-01-01T17:17:59.798-05:00",
        tags=("mathematics",),
        replies_count=0,
    )


def test_a_podcast_episode_with_its_sound() -> None:
    (post,) = entries("feedrs_rss_2.0_anchorfm.xml")
    check(
        post,
        kind="article",
        title="Advocating for our children",
        url="https://podcasters.spotify.com/pod/show/lisa-mccoy/episodes/Advocating-for-our-children-e1oq9fb",
        text=(
            "Taking care of a child with special needs is more than what is considered traditional "
            "care.\nLearn more about advocacy!"
        ),
        author_name="Lisa McCoy",
        language="en",
        created_at="2023-02-08T20:34:49Z",
    )
    (sound,) = post.links
    assert sound.startswith("https://anchor.fm/s/8d364524/podcast/play/58581931/https%3A%2F%2F")
    assert sound.endswith("%2Fa48be9475fbbb5c00427f7e733079b03.m4a")
    assert json.loads(post.payload)["itunes_duration"] == "00:37:07"


def test_elements_with_a_prefix_that_nobody_declared() -> None:
    found = entries("dylanharris_org_feed_me_rss_7ef1.xml")
    check(
        found[0],
        post_id="https://dylanharris.org/blog/2026/b5.shtml",
        title="jenni tucker",
        text="I regret to have to report the death of my old friend Jenni Tucker.",
        created_at="2026-01-19T00:00:00Z",
    )
    check(found[1], title="annual news majig", created_at="2025-12-31T00:00:00Z")


def test_al_jazeera_tracks_where_its_readers_come_from() -> None:
    post = entries("aljazeera_com_xml_rss_all_xml_3f9e.xml")[0]
    page = (
        "https://www.aljazeera.com/news/2026/2/18/"
        "stephen-colbert-says-cbs-barred-his-interview-with-texas-senate-candidate"
    )
    check(
        post,
        post_id=page,
        url=f"{page}?traffic_source=rss",
        native_id="https://www.aljazeera.com/?t=1771374614",
        tags=("News",),
        created_at="2026-02-18T01:51:00Z",
    )
    assert "pulled interview from Monday's broadcast" in post.text


def test_a_front_page_for_every_release_of_a_kernel() -> None:
    (post,) = entries("feedrs_rss_2.0_kdist.xml")
    check(
        post,
        post_id="kernel.org#kernel.org,mainline,5.7-rc4,2020-05-03",
        url="http://www.kernel.org/",
        title="5.7-rc4: mainline",
        created_at="2020-05-03T21:56:15Z",
    )
    assert post.text.startswith("Version: 5.7-rc4 (mainline)\nReleased: 2020-05-03\nSource: linux")
    assert post.links[0] == "https://git.kernel.org/torvalds/t/linux-5.7-rc4.tar.gz"


def test_google_news_names_the_publisher() -> None:
    post = entries("google_news_search_2026-09.xml")[1]
    check(
        post,
        post_id="https://news.google.com/rss/articles/CBMiogFBVV95cUxQZ3MtNXd1",
        url="https://news.google.com/rss/articles/CBMiogFBVV95cUxQZ3MtNXd1?oc=5",
        title="Ketanji Brown Jackson criticizes supreme court’s handling of emergency docket",
        author_name="The Guardian",
        author_url="https://www.theguardian.com",
        language="en-US",
        created_at="2026-09-25T16:11:00Z",
    )


def test_json_feed_says_when_it_was_changed() -> None:
    first, second = entries("ffp_json_feed_sample.json")
    check(
        first,
        kind="article",
        post_id="https://example.org/item1",
        title="First JSON Feed Item",
        text="This is the first item in our JSON feed.",
        author_name="Jane Smith",
        language="en-US",
        tags=("test", "json", "feed"),
        created_at="2024-01-15T12:00:00Z",
        edited_at="2024-01-15T13:00:00Z",
    )
    check(
        second,
        text="This is plain text content for the second item.",
        author_name="John Doe",
        author_url="https://example.org/john",
    )
    unknown(second, "edited_at")


def test_a_json_feed_without_ids() -> None:
    post = entries("feedrs_jsonfeed_elastic_1.1.json")[0]
    check(
        post,
        title="InfluxDB vs. Graphite for Time Series Data & Metrics Benchmark",
        author_name="Chris Churilo",
        created_at="2019-05-31T19:17:58Z",
        tags=("InfluxDB", "Community", "Elasticsearch", "Time Series Database"),
    )
    unknown(post, "native_id", "edited_at")


def test_utf_8_that_says_it_is_utf_16() -> None:
    (post,) = entries("ffp_utf16_encoded.xml")
    check(
        post,
        post_id="https://example.com/entry1",
        title="UTF-16 Entry 1",
        text="First entry in UTF-16",
        created_at="2024-01-03T12:00:00Z",
    )


def test_comments_of_a_wordpress_page_name_whom_they_answer() -> None:
    first = entries("battlefieldanomalies_com_home_feed_18d1.xml")[0]
    check(
        first,
        kind="comment",
        post_id="https://battlefieldanomalies.com/#comment-210335",
        url="https://battlefieldanomalies.com/comment-page-1/#comment-210335",
        aliases=("https://battlefieldanomalies.com/?page_id=1073#comment-210335",),
        parent_id="https://battlefieldanomalies.com/#comment-210324",
        root_id="https://battlefieldanomalies.com/",
        parent_author_id="Brett Bentley-Leek@battlefieldanomalies.com",
        author_name="Graham Morris",
        created_at="2025-11-11T07:46:27Z",
    )
    assert first.text.startswith("Thanks for contacting me Brett.")
    unknown(first, "title", "replies_count", "edited_at")
