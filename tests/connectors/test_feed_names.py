"""Names of entries outlive tracking, redirects, changed ids and the feed they were read from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import feed_names as names

HOME = "https://blog.acme.nl/"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.nl/x?utm_source=rss&utm_medium=feed", "https://a.nl/x"),
        ("https://a.nl/x?id=7&fbclid=abc", "https://a.nl/x?id=7"),
        ("https://a.nl/x?traffic_source=rss", "https://a.nl/x"),
        ("https://a.nl/x?maca=en-rss-en-all-1573-rdf", "https://a.nl/x"),
        ("https://a.nl/?feed=rss2&p=12", "https://a.nl/?feed=rss2&p=12"),
        ("https://a.nl/search?q=rss", "https://a.nl/search?q=rss"),
        ("HTTPS://WWW.A.nl:443", "https://www.a.nl/"),
        ("http://127.0.0.1:8085/x", "http://127.0.0.1:8085/x"),
        ("https://a.nl/x#comment-12", "https://a.nl/x#comment-12"),
        ("https://a.nl/x#xtor=RSS-3208", "https://a.nl/x"),
        ("https://a.nl/post/comment-page-2/#comment-12", "https://a.nl/post/#comment-12"),
        (
            "https://news.google.com/rss/articles/CBM?oc=5",
            "https://news.google.com/rss/articles/CBM",
        ),
        (
            "http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fa.nl%2fx%3futm_id%3d1&c=1",
            "https://a.nl/x",
        ),
        (
            "https://www.google.nl/url?rct=j&sa=t&url=https://a.nl/x%3Fid%3D3&ct=ga&cd=Cai",
            "https://a.nl/x?id=3",
        ),
        ("https://www.google.com/url?sa=t", "https://www.google.com/url?sa=t"),
        (
            "https://www.nu.nl/binnenland/6258300/gorilla-bokito.html",
            "https://www.nu.nl/-/6258300/",
        ),
        ("https://www.nu.nl/-/6258300/", "https://www.nu.nl/-/6258300/"),
        ("https://a.nl/x?b=%2F&a=1", "https://a.nl/x?b=%2F&a=1"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_canonical_addresses(address: str, name: str) -> None:
    assert names.canonical(address) == name
    assert names.canonical(name) == name


def test_the_page_names_an_entry() -> None:
    name = names.identity(
        f"{HOME}2026/spring/?utm_source=rss", "tag:1", is_permalink=False, home=HOME
    )
    assert name == f"{HOME}2026/spring/"


def test_a_front_page_names_no_entry() -> None:
    for link in (HOME, "https://blog.acme.nl", f"{HOME}?utm_source=rss"):
        name = names.identity(link, "episode-7", is_permalink=False, home=HOME)
        assert name == "blog.acme.nl#episode-7"


def test_a_blog_of_links_is_named_by_its_own_pages() -> None:
    name = names.identity(
        "https://elsewhere.example/story", f"{HOME}linked/12", is_permalink=True, home=HOME
    )
    assert name == f"{HOME}linked/12"


def test_ids_that_are_names_everywhere_stay_as_they_are() -> None:
    for guid in ("tag:acme.nl,2026:1", "urn:uuid:1", "https://acme.nl/1"):
        assert names.identity(None, guid, is_permalink=False, home=HOME) == guid
        assert names.alias(guid, HOME) == guid


def test_an_entry_without_anything_has_no_name_of_its_own() -> None:
    assert names.identity(None, None, is_permalink=False, home=HOME) is None
    assert names.digest("feed", "title") == names.digest("feed", "title") != names.digest("f", None)


def test_ids_that_mean_something_on_one_site_only() -> None:
    assert names.alias("123", HOME) == "blog.acme.nl#123"
    assert names.alias("123", None) is None
    assert names.alias("", HOME) is None


@pytest.mark.parametrize(
    ("address", "comment"),
    [
        ("https://a.nl/x/#comment-12", ("https://a.nl/x/", "comment-12")),
        ("https://a.nl/?p=3#comment-12", ("https://a.nl/?p=3", "comment-12")),
        ("https://a.nl/x#c4501234567", ("https://a.nl/x", "c4501234567")),
        ("https://a.nl/ticket/7#comment:2", ("https://a.nl/ticket/7", "comment:2")),
        ("https://a.nl/x#comment-6a00d83451", ("https://a.nl/x", "comment-6a00d83451")),
        ("https://a.nl/x#comments", None),
        ("https://a.nl/x#comment-feed", None),
        ("https://a.nl/x", None),
        (None, None),
    ],
)
def test_the_address_of_a_comment(address: str | None, comment: tuple[str, str] | None) -> None:
    assert names.page_and_comment(address) == comment


@pytest.mark.parametrize(
    ("given_tag", "tag"),
    [
        ("nl-nl", "nl-NL"),
        ("NL-nl", "nl-NL"),
        ("en_Us", "en-US"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("nl", "nl"),
        ("Dutch (Netherlands)", None),
        ("", None),
        (None, None),
    ],
)
def test_language_tags(given_tag: str | None, tag: str | None) -> None:
    assert names.language_tag(given_tag) == tag


@given(st.text(max_size=80) | st.text(max_size=40).map("https://a.nl/".__add__))
def test_any_address_has_a_lasting_name(address: str) -> None:
    name = names.canonical(address)
    assert names.canonical(name) == name
