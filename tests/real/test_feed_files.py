"""Every recorded feed gives as many posts as it has entries, or tells what is wrong with it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import connectors
from pipeline.errors import LuisterError, PayloadError, SourceGone, SourceRefused
from pipeline.inspect import inspect
from pipeline.post import Post, Rejected
from tests.shared import shared

POSTS: dict[str, int] = {
    "abcnews_go_com_abcnews_internationalheadlines_f9c1.xml": 25,
    "al_monitor_com_rss_72fe.xml": 20,
    "aljazeera_com_xml_rss_all_xml_3f9e.xml": 25,
    "allafrica_com_tools_headlines_rdf_latest_headlines_rdf_6040.xml": 32,
    "amitgawande_com_feed_4c02.xml": 20,
    "battlefieldanomalies_com_home_feed_18d1.xml": 10,
    "blog_kagi_com_rss_xml_8ac7.xml": 42,
    "blog_lasheen_dev_index_xml_4a2b.xml": 15,
    "boston_com_tag_world_news_feed_d2a1.xml": 10,
    "bravelysheblogs_com_feed_48ef.xml": 10,
    "bugramming_dev_index_xml_c2a4.xml": 6,
    "cbsnews_com_latest_rss_world_0c1c.xml": 30,
    "davidbau_com_index_rdf_a491.xml": 15,
    "discourse_ardour_org_c_blog_15_rss_f595.xml": 25,
    "dontcodetired_com_blog_syndication_axd_e820.xml": 3,
    "dylanharris_org_feed_me_rss_7ef1.xml": 35,
    "en_mercopress_com_rss_e8fa.xml": 10,
    "feedrs_atom_mediarss_newscred_1.xml": 1,
    "feedrs_atom_mediarss_reddit_1.xml": 25,
    "feedrs_atom_mediarss_youtube_1.xml": 1,
    "feedrs_jsonfeed_elastic_1.1.json": 3,
    "feedrs_rss_0.91_encoding_1.xml": 1,
    "feedrs_rss_0.91_missing_id.xml": 1,
    "feedrs_rss_1.0_biorxiv.xml": 1,
    "feedrs_rss_1.0_debian.xml": 1,
    "feedrs_rss_1.0_iso8859.xml": 1,
    "feedrs_rss_2.0_anchorfm.xml": 1,
    "feedrs_rss_2.0_bbc.xml": 1,
    "feedrs_rss_2.0_ch9.xml": 1,
    "feedrs_rss_2.0_cloudflare.xml": 1,
    "feedrs_rss_2.0_dbengines.xml": 1,
    "feedrs_rss_2.0_element_io.xml": 1,
    "feedrs_rss_2.0_ghost_1.xml": 1,
    "feedrs_rss_2.0_ghost_2.xml": 1,
    "feedrs_rss_2.0_heated.xml": 1,
    "feedrs_rss_2.0_ilgiornale.xml": 1,
    "feedrs_rss_2.0_ilmessaggero.xml": 1,
    "feedrs_rss_2.0_kdist.xml": 1,
    "feedrs_rss_2.0_matrix.xml": 1,
    "feedrs_rss_2.0_nbcny.xml": 1,
    "feedrs_rss_2.0_nightvale.xml": 1,
    "feedrs_rss_2.0_relurl_1.xml": 2,
    "feedrs_rss_2.0_relurl_2.xml": 1,
    "feedrs_rss_2.0_rps.xml": 1,
    "feedrs_rss_2.0_spiegel.xml": 1,
    "feedrs_rss_2.0_spreaker.xml": 1,
    "feedrs_rss_2.0_vimeo_media.xml": 1,
    "feedrs_rss_2.0_wirecutter.xml": 1,
    "feeds_a_dj_com_rss_rssworldnews_xml_4288.xml": 20,
    "feeds_bbci_co_uk_news_world_rss_xml_1796.xml": 33,
    "feeds_feedburner_com_ndtvnews_world_news_08f1.xml": 20,
    "feeds_npr_org_1004_rss_xml_7be3.xml": 10,
    "feeds_washingtonpost_com_rss_world_4bf5.xml": 9,
    "ffp_foolcontrol.xml": 10,
    "ffp_json_feed_sample.json": 2,
    "ffp_stackoverflow.xml": 2,
    "ffp_utf16_encoded.xml": 1,
    "foreignpolicy_com_feed_d87c.xml": 25,
    "fp_ill_always_strip_doctype.xml": 0,
    "fp_ill_chardet_big5.xml": 0,
    "fp_ill_chardet_eucjp.xml": 1,
    "fp_ill_chardet_euckr.xml": 1,
    "fp_ill_chardet_gb2312.xml": 1,
    "fp_ill_chardet_koi8r.xml": 1,
    "fp_ill_chardet_shiftjis.xml": 1,
    "fp_ill_chardet_tis620.xml": 1,
    "fp_ill_chardet_windows1255.xml": 1,
    "fp_ill_http_high_bit_date.xml": 0,
    "google_news_search_2026-09.xml": 2,
    "japantoday_com_category_world_feed_1813.xml": 30,
    "kopiascsaba_hu_blog_index_xml_137d.xml": 13,
    "loudandquiet_com_feed_atom_0740.xml": 10,
    "lunar_phase_the_comic_org_rss_03db.xml": 15,
    "math_columbia_edu_woit_wordpress_feed_rss2_703c.xml": 10,
    "ninaklose_de_feed_1ee1.xml": 6,
    "nu_nl_algemeen_2018.xml": 1,
    "nu_nl_algemeen_2023.xml": 3,
    "oceanbites_org_feed_atom_818f.xml": 20,
    "oscardom_dev_index_xml_7057.xml": 15,
    "raahel_bearblog_dev_atom_770d.xml": 4,
    "raywoodcockslatest_wordpress_com_feed_49ea.xml": 15,
    "realphysics_blogspot_com_feeds_posts_default_cd0e.xml": 25,
    "restofworld_org_feed_latest_1433.xml": 12,
    "rss_csmonitor_com_feeds_all_4179.xml": 10,
    "rss_dw_com_rdf_rss_en_all_14dd.xml": 141,
    "spoon_tamago_com_feed_81e1.xml": 10,
    "stml_tumblr_com_rss_6ca5.xml": 20,
    "tweakers_mixed_2024.xml": 6,
    "youtube_com_feeds_videos_xml_channel_id_ucotwjyjnb_4kw7bmsoo_021a.xml": 15,
    "youtube_com_feeds_videos_xml_channel_id_ucse74yjvpjpaquztpmo_5532.xml": 15,
}
PARTLY: dict[str, tuple[int, str]] = {
    "ffp_osm-pl.xml": (8, "cut off"),
    "fp_ill_geo_georss_point_no_coords.xml": (0, "without link, id, title and text"),
    "fp_ill_geo_georss_polygon_insufficient_coords.xml": (0, "without link, id, title and text"),
    "fp_ill_geo_gml_point.xml": (0, "without link, id, title and text"),
    "fp_ill_rdf_channel_empty_textinput.xml": (1, "cut off"),
    "fp_ill_rss_incomplete_cdata.xml": (0, "without link, id, title and text"),
    "fp_ill_rss_item_link_corrupted_ampersands.xml": (1, "cut off"),
    "tomhazledine_com_atom_truncated.xml": (1, "cut off"),
}
BROKEN = (
    "feedrs_rss_2.0_invalid_1.xml",
    "fp_ill_aaa_illformed.xml",
    "fp_ill_rss_empty_document.xml",
    "fp_ill_undeclared_namespace.xml",
)
WORDPRESS: dict[str, int] = {
    "live-comments-feed-atom": 10,
    "live-feed-atom": 10,
    "live-feed-page2": 10,
    "live-feed-rss92": 10,
    "live-feed-search-q": 4,
    "live-feed-search": 2,
    "live-feed": 10,
    "live-post-comments-feed-p2": 10,
}
NO_FEED: dict[str, type[LuisterError]] = {
    "live-comments-feed-page2.json": SourceGone,
    "live-post-html.html": PayloadError,
    "live-post-html.json": PayloadError,
    "live-rest-comments-hold-noauth.json": SourceRefused,
    "live-rest-comments-per-page-101.json": PayloadError,
    "live-rest-comments-p1.json": PayloadError,
    "live-rest-comments-past-end.json": PayloadError,
    "live-rest-posts-p1.json": PayloadError,
    "live-rest-users.json": PayloadError,
}
SAMPLES = (
    "tweakers_mixed_2024.xml",
    "raahel_bearblog_dev_atom_770d.xml",
    "feedrs_rss_1.0_biorxiv.xml",
    "feedrs_jsonfeed_elastic_1.1.json",
)


def seen(folder: str, name: str) -> list[Post | Rejected]:
    return list(inspect(connectors.load("feed"), shared("payloads", folder, name).read_bytes()))


def test_no_recorded_feed_is_anything_but_posts_and_typed_errors() -> None:
    files = [path for path in sorted(shared("payloads", "feeds").iterdir()) if path.suffix != ".md"]
    assert {*POSTS, *PARTLY, *BROKEN} <= {path.name for path in files}
    for path in files:
        try:
            found = seen("feeds", path.name)
        except LuisterError:
            continue
        assert all(isinstance(each, Post | Rejected) for each in found), path.name


@pytest.mark.parametrize(("name", "count"), POSTS.items())
def test_every_entry_is_a_post(name: str, count: int) -> None:
    found = seen("feeds", name)
    assert len(found) == count
    for post in found:
        assert isinstance(post, Post), post
        assert post.title or post.text or post.url
        assert "<script" not in f"{post.title}{post.text}{post.author_name}".lower()
        assert all(link.startswith(("http://", "https://")) for link in post.links)


@pytest.mark.parametrize(("name", "told"), PARTLY.items())
def test_what_is_missing_is_told(name: str, told: tuple[int, str]) -> None:
    found = seen("feeds", name)
    count, reason = told
    assert sum(isinstance(each, Post) for each in found) == count
    assert any(reason in each.reason for each in found if isinstance(each, Rejected))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_feed_is_not_an_empty_one(name: str) -> None:
    with pytest.raises(PayloadError):
        seen("feeds", name)


@pytest.mark.parametrize(("name", "count"), WORDPRESS.items())
def test_feeds_of_wordpress_read_alike_bare_and_recorded(name: str, count: int) -> None:
    bare, recorded = (seen("wordpress", f"{name}{ending}") for ending in (".xml", ".json"))
    assert len(bare) == len(recorded) == count
    assert all(isinstance(each, Post) for each in bare)
    ids = [each.post_id for each in bare if isinstance(each, Post)]
    assert ids == [each.post_id for each in recorded if isinstance(each, Post)]
    assert len(set(ids)) == count


@pytest.mark.parametrize(("name", "error"), NO_FEED.items())
def test_what_is_no_feed_is_an_error(name: str, error: type[LuisterError]) -> None:
    with pytest.raises(error):
        seen("wordpress", name)


def test_a_page_past_the_last_is_empty() -> None:
    assert seen("wordpress", "live-comments-feed-page2.xml") == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SAMPLES), st.data())
def test_damaged_recordings_give_posts_or_a_typed_error(name: str, data: st.DataObject) -> None:
    body = bytearray(shared("payloads", "feeds", name).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    try:
        found = list(inspect(connectors.load("feed"), bytes(body)))
    except LuisterError:
        return
    assert all(isinstance(each, Post | Rejected) for each in found)
