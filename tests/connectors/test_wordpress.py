"""WordPress: pages that drift, a clock of its own, and posts behind a password."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from connectors import wordpress
from connectors.paging import understand
from connectors.testing import (
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    posts,
    rejected,
)
from pipeline.errors import PayloadError
from pipeline.post import Post, Read
from pipeline.source import Reply, Source
from tests.shared import shared

SITE = "https://blog.example"
SINCE = NEWEST - timedelta(days=7)


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def comment(number: int, at: datetime = NEWEST, **more: Any) -> Element:
    return {
        "id": number,
        "post": 5,
        "parent": 0,
        "author": 0,
        "author_name": "Kim",
        "date_gmt": stamp(at),
        "content": {"rendered": "<p>Acme helped &amp; I am glad</p>\n"},
        "link": f"{SITE}/2026/11/acme/#comment-{number}",
        "status": "approved",
        "type": "comment",
    } | more


def article(number: int, at: datetime = NEWEST, **more: Any) -> Element:
    return {
        "id": number,
        "date_gmt": stamp(at),
        "modified_gmt": stamp(at),
        "link": f"{SITE}/2026/11/{number}/",
        "author": 1,
        "title": {"rendered": "Acme &#038; us"},
        "content": {"rendered": "<p>All about Acme</p>", "protected": False},
        "status": "publish",
    } | more


def listed(found: Sequence[Element], pages: int = 1) -> httpx.Response:
    return httpx.Response(200, json=list(found), headers={"x-wp-totalpages": str(pages)})


class TestWordPress(ConnectorContract):
    platform = "wordpress"
    source = Source(name="blog", platform="wordpress", urls=(SITE,))
    verb = "inbox"
    promised = "content"
    recordings = sorted(shared("payloads", "wordpress").glob("live-rest-*.json"))

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return comment(number, created_at, status="hold" if private else "approved")

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        number, after = int(request.url.params["page"]), request.url.params["after"]
        chosen = pages[min(number, len(pages)) - 1]
        is_turning = isinstance(chosen, str)
        found = pages[0] if is_turning else chosen
        kept = [each for each in found if each["date_gmt"] > after]
        return listed(kept, number + 1 if is_turning else len(pages))


def ask(verb: str, handler: Handler, *rest: Any, **source: Any) -> list[Read]:
    asked = Source(name="blog", platform="wordpress", **({"urls": (SITE,)} | source))
    with client_for(wordpress, asked, handler) as client:
        return list(getattr(wordpress, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any) -> list[Read]:
    raw = json.dumps(body).encode()
    reply = Reply(url=f"{SITE}/wp-json/wp/v2/comments", body=raw, observed_at=NEWEST)
    return list(understand(wordpress, [reply]))


# What it says


def test_comments_name_what_they_answer() -> None:
    first, answer = posts(understood([comment(7), comment(8, parent=7, author=2)]))
    assert (first.kind, first.parent_id) == ("comment", "blog.example/post/5")
    assert (first.author_id, first.author_name) == ("blog.example/name/Kim", "Kim")
    assert first.text == "Acme helped & I am glad"
    assert (answer.kind, answer.parent_id) == ("reply", first.aliases[0])
    assert answer.author_id == "blog.example/2"
    assert {first.root_id, answer.root_id} == {"blog.example/post/5"}


def test_an_article_tells_that_it_was_edited() -> None:
    later = stamp(NEWEST + timedelta(hours=2))
    (changed,) = posts(understood(article(5, modified_gmt=later)))
    assert (changed.title, changed.edited_at) == ("Acme & us", NEWEST + timedelta(hours=2))
    assert changed.aliases == ("blog.example/post/5",)


def test_what_is_behind_a_password_is_not_kept() -> None:
    hidden = article(5, content={"rendered": "", "protected": True})
    assert [post.is_keepable for post in posts(understood([hidden, article(6)]))] == [False, True]


def test_a_comment_without_its_author_is_no_silent_zero() -> None:
    broken = comment(7)
    del broken["author_name"]
    assert len(rejected(understood([broken, comment(8)]))) == 1


def test_a_name_is_what_its_visitor_typed() -> None:
    (post,) = posts(understood([comment(7, author_name="Kim &amp; Lee")]))
    assert (post.author_id, post.author_name) == ("blog.example/name/Kim & Lee", "Kim & Lee")


def test_comments_without_an_address_are_not_one_and_the_same() -> None:
    found = understood([comment(7, link=""), comment(8, link=""), comment(9)])
    assert [post.native_id for post in posts(found)] == ["9"]
    assert [odd.path for odd in rejected(found)] == ["$[0]", "$[1]"]


def test_tags_people_and_pictures_are_no_posts() -> None:
    picture = {"id": 3, "title": {"rendered": "x"}, "media_type": "image", "post": 5, "author": 1}
    assert understood([{"id": 4, "name": "pricing", "taxonomy": "post_tag"}, picture]) == []


def test_an_answer_that_is_no_list_is_an_error() -> None:
    with pytest.raises(PayloadError, match="neither a list"):
        understood({"code": "rest_no_route", "message": "No route was found"})


# What is asked


def test_half_a_day_more_is_asked_for_because_the_site_has_its_own_clock() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["after"])
        return listed([])

    ask("timeline", handler)
    assert asked == [stamp(SINCE - timedelta(hours=12))]


def test_a_term_is_looked_for_in_posts_and_comments() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.params["search"] in {"Acme", "acme bike"}
        found = [article(5)] if request.url.path.endswith("posts") else [comment(7)]
        return listed(found)

    found = posts(ask("mentions", handler, terms=("Acme", "acme bike")))
    assert [post.kind for post in found] == ["article", "comment"]


def test_a_thread_is_the_article_with_all_its_comments() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("posts"):
            assert request.url.params["include"] == "5"
            return listed([article(5)])
        assert request.url.params["post"] == "5"
        page = int(request.url.params["page"])
        return listed([comment(page * 10 + each) for each in range(3)], 2)

    (under,) = posts(understood([comment(7)]))
    assert len(posts(ask("thread", handler, under))) == 7


def test_refresh_tells_what_changed_and_what_is_gone() -> None:
    known = posts(understood([comment(7), comment(8), article(5)]))

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("posts"):
            return listed([article(5, title={"rendered": "New"})])
        return listed([comment(7)])

    changed, kept, gone = posts(ask("refresh", handler, known))
    assert kept.deleted_at is None
    assert (gone.post_id, gone.text, gone.author_id) == (known[1].post_id, "", None)
    assert gone.deleted_at is not None
    assert changed.title == "New"


def test_sites_below_one_host_are_each_asked_for_their_own() -> None:
    """Posts of another site are not listed by this one, and are not gone for that."""
    one, two = f"{SITE}/one", f"{SITE}/two"
    known = posts(
        understood(
            [
                article(5, link=f"{one}/2026/acme/"),
                article(6, link=f"{two}/2026/acme/"),
                article(7, link=f"{SITE}/2026/acme/"),
            ]
        )
    )
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        site = str(request.url.copy_with(query=None)).partition("/wp-json/wp/v2/")[0]
        number = request.url.params["include"]
        asked.append((site, number))
        return listed([article(int(number), link=f"{site}/2026/acme/")])

    found = posts(ask("refresh", handler, known, urls=(SITE, one, two)))
    assert asked == [(SITE, "7"), (one, "5"), (two, "6")]
    assert [(post.native_id, post.deleted_at) for post in found] == [
        ("7", None),
        ("5", None),
        ("6", None),
    ]


@pytest.mark.parametrize(
    ("sites", "link", "asked"),
    [
        (("/index.php", "/en"), "/2026/x/", ["/index.php"]),
        (("/NL", "/en"), "/nl/x/", ["/NL"]),
        ((":443/nl", "/en"), "/nl/x/", [":443/nl"]),
        (("/nl", "/en"), "/?p=4", ["/nl", "/en"]),
        (("/nl", "/en"), "/x/1", ["/nl", "/en"]),
    ],
)
def test_a_post_is_asked_of_the_sites_it_may_stand_on(
    sites: Sequence[str], link: str, asked: Sequence[str]
) -> None:
    known = posts(understood(article(4, link=SITE + link)))
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url).partition("/wp-json/")[0])
        return listed([article(4, link=SITE + link)])

    found = posts(ask("refresh", handler, known, urls=tuple(SITE + each for each in sites)))
    assert seen == [SITE + each.removeprefix(":443") for each in asked]
    assert {(each.post_id, each.deleted_at) for each in found} == {(SITE + link, None)}


def test_what_may_stand_on_several_sites_is_not_gone_where_one_does_not_list_it() -> None:
    """Another article has its number there, which nobody asked for."""
    (known,) = posts(understood(article(4, link=f"{SITE}/?p=4")))
    sites = (f"{SITE}/nl", f"{SITE}/en")
    other = article(4, link=f"{SITE}/nl/other/")
    assert ask("refresh", lambda _: listed([other]), [known], urls=sites) == []
    assert ask("thread", lambda _: listed([other]), known, urls=sites) == []


def test_a_site_is_the_same_with_www_before_its_name() -> None:
    known = posts(understood([article(5)]))
    named = SITE.replace("://", "://www.")
    (gone,) = posts(ask("refresh", lambda _: listed([]), known, urls=(named,)))
    assert gone.deleted_at is not None


def test_a_comment_that_moved_to_another_page_of_comments_is_not_gone() -> None:
    address = f"{SITE}/2026/11/acme/comment-page-{{}}/#comment-7"
    (known,) = posts(understood([comment(7, link=address.format(2))]))
    (kept,) = posts(ask("refresh", lambda _: listed([comment(7, link=address.format(1))]), [known]))
    assert kept.post_id == known.post_id == f"{SITE}/2026/11/acme/#comment-7"
    assert (kept.deleted_at, kept.url) == (None, address.format(1))


def test_a_comment_that_is_known_by_its_page_of_comments_keeps_that_name() -> None:
    (fresh,) = posts(understood([comment(7)]))
    old = f"{SITE}/2026/11/acme/comment-page-2/#comment-7"
    known = msgspec.structs.replace(fresh, post_id=old)
    (kept,) = posts(ask("refresh", lambda _: listed([comment(7)]), [known]))
    assert (kept.post_id, kept.deleted_at, kept.text) == (old, None, fresh.text)
    both = posts(ask("refresh", lambda _: listed([comment(7)]), [known, fresh]))
    assert [(post.post_id, post.deleted_at) for post in both] == [
        (old, None),
        (fresh.post_id, None),
    ]


def test_nothing_is_taken_for_gone_where_not_all_was_understood() -> None:
    known = posts(understood([comment(7), comment(8)]))
    broken = comment(8, date_gmt="never")
    reads = ask("refresh", lambda _: listed([comment(7), broken]), known)
    assert [post.deleted_at for post in reads if isinstance(post, Post)] == [None]
