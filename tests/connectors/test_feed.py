"""Feeds are asked for, paged and understood; what a feed does not give is told."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import feed, feed_pages, feed_search
from connectors.paging import understand
from connectors.testing import (
    ConnectorContract,
    Element,
    Handler,
    client_for,
    posts,
    rejected,
    until_error,
)
from pipeline.errors import ConfigError, LuisterError, PartGone, PayloadError
from pipeline.post import Post, Read, Rejected
from pipeline.source import Reply, Source

NOW = datetime(2026, 11, 25, 4, 15, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)
BLOG = "https://blog.acme.nl"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)


class TestFeed(ConnectorContract):
    platform = "feed"
    source = Source(name="blog", platform="feed", urls=(f"{BLOG}/feed.json",))
    promised = "id"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return {
            "id": f"{BLOG}/{number}",
            "title": f"News {number}",
            "content_html": "<p>We are open.</p>",
            "date_published": created_at.isoformat(),
            "authors": [{"name": "Jonas"}],
        }

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        number = int(request.url.params.get("page", "0"))
        body: dict[str, Any] = {
            "version": "https://jsonfeed.org/version/1.1",
            "items": pages[number],
        }
        if pages[number] == "again":
            number, body["items"] = -1, pages[0]
        if number + 1 < len(pages):
            body["next_url"] = f"{BLOG}/feed.json?page={number + 1}"
        return httpx.Response(
            200, text=json.dumps(body), headers={"content-type": "application/json"}
        )


def rss(*items: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0"?><rss version="2.0" {NAMESPACES}><channel><title>Acme</title>'
        f"<link>{BLOG}</link><language>nl-nl</language>{head}{''.join(items)}</channel></rss>"
    )


def item(number: int, **elements: str) -> str:
    told = {"title": f"News {number}", "link": f"{BLOG}/{number}/", **elements}
    return "<item>" + "".join(f"<{name}>{text}</{name}>" for name, text in told.items()) + "</item>"


def understood(body: str | bytes, **headers: str) -> list[Read]:
    raw = body.encode() if isinstance(body, str) else body
    reply = Reply(url=f"{BLOG}/feed/", body=raw, headers=headers, observed_at=NOW)
    return list(understand(feed, [reply]))


def one(body: str) -> Post:
    (found,) = understood(body)
    assert isinstance(found, Post)
    return found


def ask(verb: str, handler: Handler, **source: Any) -> list[Read]:
    asked = Source(name="blog", platform="feed", **source)
    with client_for(feed, asked, handler) as client:
        return list(getattr(feed, verb)(asked, client, SINCE))


# What an entry says


def test_an_article_of_a_blog() -> None:
    post = one(
        rss(
            item(
                12,
                guid=f"{BLOG}/?p=12",
                pubDate="Tue, 24 Nov 2026 10:00:00 +0100",
                **{
                    "dc:creator": "Jonas Brandt",
                    "category": "Storingen",
                    "description": "short",
                    "content:encoded": (
                        "<![CDATA[<p>It is <b>fixed</b> &amp; <a href='/status'>up</a>.</p>"
                        "<script>alert(1)</script>]]>"
                    ),
                    "slash:comments": "0",
                },
            )
        )
    )
    assert post.kind == "article"
    assert post.post_id == post.url == f"{BLOG}/12/"
    assert post.aliases == (f"{BLOG}/?p=12",)
    assert post.text == "It is fixed & up."
    assert post.links == (f"{BLOG}/status",)
    assert post.created_at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert post.author_name == post.author_handle == "Jonas Brandt"
    assert post.author_id == "Jonas Brandt@blog.acme.nl"
    assert post.language == "nl-NL"
    assert post.tags == ("Storingen",)
    assert post.replies_count == 0
    assert (post.likes_count, post.views_count, post.edited_at) == (None, None, None)
    assert json.loads(post.payload)["slash_comments"] == "0"


def test_a_post_without_title_is_no_article() -> None:
    post = one(rss(f"<item><link>{BLOG}/n/1</link><description>Just saying.</description></item>"))
    assert (post.kind, post.title, post.text) == ("post", None, "Just saying.")


def test_a_comment_names_its_post_and_whom_it_answers() -> None:
    said = (
        f'<p>Als antwoord op <a href="{BLOG}/12/comment-page-1/#comment-3">Jonas &amp; Bo</a>.</p>'
        "<p>Dank je wel!</p>"
    )
    post = one(
        rss(
            item(
                0,
                title="Door: Maya",
                link=f"{BLOG}/12/comment-page-2/#comment-4",
                guid=f"{BLOG}/?p=12#comment-4",
                **{"content:encoded": f"<![CDATA[{said}]]>"},
            )
        )
    )
    assert (post.kind, post.title, post.text) == ("comment", None, "Dank je wel!")
    assert post.post_id == f"{BLOG}/12/#comment-4"
    assert post.parent_id == f"{BLOG}/12/#comment-3"
    assert post.root_id == f"{BLOG}/12/"
    assert post.parent_author_id == "Jonas & Bo@blog.acme.nl"
    assert post.author_name == "Maya"


def test_a_first_comment_answers_the_post() -> None:
    post = one(rss(item(0, link=f"{BLOG}/12/#comment-3", description="Hoi")))
    assert post.parent_id == post.root_id == f"{BLOG}/12/"
    assert post.parent_author_id is None


def test_an_answer_in_atom() -> None:
    entry = (
        "<entry><id>tag:acme.nl,2026:c9</id><title>Re: News</title><updated>2026-11-20T10:00:00Z"
        f"</updated><link href='{BLOG}/c/9'/><content type='text'>No &lt;b&gt; here</content>"
        f"<thr:in-reply-to ref='tag:acme.nl,2026:p1' href='{BLOG}/1/?utm_source=atom'/></entry>"
    )
    post = one(
        "<feed xmlns='http://www.w3.org/2005/Atom' "
        f"xmlns:thr='http://purl.org/syndication/thread/1.0'>{entry}</feed>"
    )
    assert (post.kind, post.text) == ("comment", "No <b> here")
    assert post.parent_id == post.root_id == f"{BLOG}/1/"


def atom(*elements: str) -> str:
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:thr='http://purl.org/syndication/thread/1.0'><entry><id>tag:acme.nl,2026:1</id>"
        f"<title>News</title>{''.join(elements)}</entry></feed>"
    )


def json_feed(**entry: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1", "items": [entry]})


def test_an_answer_to_a_comment_on_blogger() -> None:
    page, kept = f"{BLOG}/2026/11/open.html", "https://www.blogger.com/feeds/7000/8000/comments"
    entry = (
        "<id>tag:blogger.com,1999:blog-7000.post-900002</id>"
        f"<link rel='edit' href='{kept}/default/900002'/>"
        f"<link rel='related' href='{kept}/default/900001'/>"
        f"<link rel='alternate' href='{page}?showComment=1763600000000#c900002'/>"
        f"<thr:in-reply-to ref='tag:blogger.com,1999:blog-7000.post-8000' href='{page}'/>"
    )
    post = one(atom().replace("<id>tag:acme.nl,2026:1</id>", entry))
    assert (post.kind, post.post_id) == ("comment", f"{page}#c900002")
    assert post.aliases == ("tag:blogger.com,1999:blog-7000.post-900002",)
    assert post.parent_id == "tag:blogger.com,1999:blog-7000.post-900001"
    assert (post.root_id, post.links) == (page, ())


def test_markup_that_is_not_called_so_is_no_text() -> None:
    whole = "<content><![CDATA[ <p>It is <b>fixed</b></p><p>and up.</p> ]]></content>"
    assert one(atom(whole)).text == "It is fixed\n\nand up."
    part = "<content type='text'>Write &lt;b&gt; and &lt;/b&gt;</content>"
    assert one(atom(part)).text == "Write <b> and </b>"


def test_markup_that_was_escaped_twice_is_no_text_either() -> None:
    twice = "&lt;p&gt;Open &amp;amp; dicht&lt;/p&gt;"
    assert one(rss(item(1, description=f"<![CDATA[ {twice} ]]>"))).text == "Open & dicht"
    shown = "<p>Write &lt;p&gt; first</p>"
    assert one(rss(item(1, description=f"<![CDATA[{shown}]]>"))).text == "Write <p> first"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>Nieuw</b><br/><i>vandaag</i>", "Nieuw\nvandaag"),
        ("<a href='https://acme.nl/1'>Acme</a> <b>opent</b>", "Acme opent"),
        ("<span class='x'>Open</span>", "Open"),
        ("<b> makes bold, <i>", "<b> makes bold, <i>"),
        ("<b> is the tag, close with </b>", "<b> is the tag, close with </b>"),
    ],
)
def test_words_about_markup_are_words(markup: str, text: str) -> None:
    escaped = escape(markup)
    assert one(atom(f"<content type='text'>{escaped}</content>")).text == text
    assert one(rss(item(1, description=f"<![CDATA[{escaped}]]>"))).text == text


def test_words_in_another_link_are_not_the_page() -> None:
    page = f"<link rel='alternate' href='{BLOG}/1'/>"
    picture = "<link rel='enclosure' type='image/jpeg'>https://img.example/1.jpg</link>"
    post = one(atom(page, picture))
    assert (post.url, post.links) == (f"{BLOG}/1", ("https://img.example/1.jpg",))


def test_the_link_to_the_replies_tells_how_many_there_are() -> None:
    link = f"<link rel='replies' href='{BLOG}/1/comments' thr:count='2'/>"
    assert one(atom(link)).replies_count == 2
    assert one(atom(link, "<thr:total>3</thr:total>")).replies_count == 3
    assert one(atom()).replies_count is None


FOOT = (
    '<p>Het bericht <a rel="nofollow" href="https://acme.nl/1?utm_source=rss">Een <b>1</b></a> '
    'verscheen eerst op <a href="https://www.acme.nl">Acme</a>.</p>'
)
MORE = '<p><a href="https://acme.nl/1">Lees verder</a></p>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<p>Hoi</p>{FOOT}", "Hoi"),
        (f"<p>Hoi</p>{MORE}\n{FOOT}\n", "Hoi"),
        (f"<p>Hoi</p><p><small>3 posts - 2 participants</small></p>{MORE}", "Hoi"),
        (FOOT, "Het bericht Een 1 verscheen eerst op Acme."),
        (MORE, "Lees verder"),
        (f"<p>Hoi</p>{MORE.replace('acme.nl/1', 'acme.nl/2')}", "Hoi\n\nLees verder"),
        (
            f"<p>Hoi</p>{FOOT.replace('www.acme.nl', 'fiets.nl')}",
            "Hoi\n\nHet bericht Een 1 verscheen eerst op Acme.",
        ),
    ],
)
def test_what_a_program_adds_below_an_entry_is_not_said_in_it(html: str, text: str) -> None:
    words = f"<description><![CDATA[{html}]]></description>"
    post = one(rss(f"<item><title>Een</title><link>https://acme.nl/1</link>{words}</item>"))
    assert post.text == text


def test_tags_of_json_in_one_text() -> None:
    assert one(json_feed(id="1", tags="storing, router")).tags == ("storing", "router")


@pytest.mark.parametrize(
    "signed",
    [{"author": "Jonas"}, {"authors": {"name": "Jonas"}}, {"authors": [None, "Jonas"]}],
)
def test_writers_of_json_in_another_shape(signed: dict[str, Any]) -> None:
    assert one(json_feed(id="1", **signed)).author_name == "Jonas"


def test_tags_that_were_escaped_twice() -> None:
    assert one(rss(item(1, category="<![CDATA[Werk &amp; inkomen]]>"))).tags == ("Werk & inkomen",)


def test_a_title_about_markup_keeps_its_words() -> None:
    title = "Q&A: why <template> is gone"
    assert one(json_feed(id="1", title=title)).title == title
    assert one(atom().replace("News", escape(title))).title == title
    assert one(json_feed(id="1", title="<em>Q&amp;A</em>")).title == "Q&A"


def test_a_number_is_no_address() -> None:
    told = json_feed(id=7, title="News")
    assert (one(told).post_id, one(told).url) == ("blog.acme.nl#7", None)
    episode = one(rss("<item><title>News</title><guid>7</guid></item>"))
    assert (episode.post_id, episode.url) == ("blog.acme.nl#7", None)


def test_words_under_a_picture_are_not_those_of_the_article() -> None:
    picture = (
        '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://img.example/1">'
        '<media:description type="plain">The shop.</media:description></media:content>'
    )
    entry = item(1, description="It is fixed.").removesuffix("</item>")
    assert one(rss(f"{entry}{picture}</item>")).text == "It is fixed."
    assert one(rss(f"{item(1).removesuffix('</item>')}{picture}</item>")).text == "The shop."


def test_an_edit_is_later_than_the_post() -> None:
    entry = (
        f"<entry><id>{BLOG}/1</id><title>News</title><published>2026-11-20T10:00:00Z</published>"
        "<updated>{}</updated></entry>"
    )
    whole = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>"
    assert one(whole.format("2026-11-21T10:00:00Z")).edited_at == datetime(
        2026, 11, 21, 10, tzinfo=UTC
    )
    assert one(whole.format("2026-11-20T10:00:00Z")).edited_at is None


@pytest.mark.parametrize("name", ["dc:date", "dcterms:created"])
def test_the_day_of_a_change_is_not_the_first_one(name: str) -> None:
    told = {name: "2026-11-20T10:00:00Z", "dcterms:modified": "2026-11-21T10:00:00Z"}
    for order in (told, dict(reversed(told.items()))):
        post = one(rss(item(1, **order)))
        assert post.created_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
        assert post.edited_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert one(rss(item(1, **{name: told[name]}))).edited_at is None


def test_a_news_search_names_the_publisher() -> None:
    post = one(
        rss(item(1, title="Acme opens - De Krant", source="De Krant").replace(
            "<source>", '<source url="https://krant.example">'
        ))
    )  # fmt: skip
    assert (post.title, post.author_name) == ("Acme opens", "De Krant")
    assert post.author_url == "https://krant.example"


def test_where_an_entry_comes_from_is_no_address_of_its_writer() -> None:
    told = {"dc:creator": "Lois", "source": "Forum"}
    body = rss(item(1, **told)).replace("<source>", f'<source url="{BLOG}/feed/">')
    assert (one(body).author_name, one(body).author_url) == ("Lois", None)


@pytest.mark.parametrize(
    ("signed", "name"),
    [
        ("jonas@acme.nl (Jonas Brandt)", "Jonas Brandt"),
        ("jonas@acme.nl", None),
        ("jonas@insanity.industries (Jonas Große Sundrup)", "Jonas Große Sundrup"),
        ("Loïs Franx", "Loïs Franx"),
        ("Jonas &amp;#8212; Acme &amp;amp; co", "Jonas — Acme & co"),
        ("Sun&amp;parade &amp;amp; &amp;parade;", "Sun&parade & &parade;"),
        ("@lois", "lois"),
        ("@Work Blog", "@Work Blog"),
        ("@-", "@-"),
        ("", None),
    ],
)
def test_an_address_for_mail_is_no_name(signed: str, name: str | None) -> None:
    assert one(rss(item(1, author=signed))).author_name == name


OWNER = f"<author><name>Jonas</name><uri>{BLOG}/jonas</uri></author>"


@pytest.mark.parametrize(
    ("signed", "name", "address"),
    [
        ("", "Jonas", f"{BLOG}/jonas"),
        ("<author><name>Lois</name></author>", "Lois", None),
        ("<author><name>Lois</name></author><author><uri>/a</uri></author>", "Lois", None),
        ("<author><name></name></author>", None, None),
        ("<source><author><name>Ann</name></author></source>", "Ann", None),
    ],
)
def test_who_signs_a_feed_of_atom_signs_entries_without_a_writer(
    signed: str, name: str | None, address: str | None
) -> None:
    post = one(atom(signed).replace("<entry>", f"{OWNER}<entry>"))
    assert (post.author_name, post.author_url) == (name, address)


@pytest.mark.parametrize("guid", ["forum.acme.nl-post-12", "forum.acme.nl-topic-12"])
def test_a_forum_signs_with_a_handle_and_the_full_name(guid: str) -> None:
    assert one(rss(item(1, guid=guid, author="@lois Loïs Franx"))).author_name == "lois"


def test_nothing_of_the_markup_survives() -> None:
    hostile = "&lt;img src=x onerror=alert(1)&gt;&lt;a href='javascript:alert(1)'&gt;x&lt;/a&gt;"
    post = one(rss(item(1, title=hostile, description=hostile, author=hostile, category=hostile)))
    assert (post.title, post.text, post.links) == ("x", "x", ())


def test_ids_that_repeat_name_nobody() -> None:
    found = posts(understood(rss(item(1, guid="x:1"), item(2, guid="x:1"), item(3, guid="x:3"))))
    assert [post.aliases for post in found] == [(), (), ("blog.acme.nl#x:3",)]
    assert len({post.post_id for post in found}) == 3


# What a reply as a whole says


def test_an_empty_feed_is_no_error() -> None:
    assert understood(rss()) == []


@pytest.mark.fault(7)
def test_nothing_new_is_no_error() -> None:
    reply = Reply(url=f"{BLOG}/feed/", status=304, observed_at=NOW)
    assert list(understand(feed, [reply])) == []


@pytest.mark.fault(19)
@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><head><title>Sign in</title></head></html>",
        '{"rss": {"channel": {"item": []}}}',
        '{"version": "2.0", "items": []}',
        '[{"id": 1, "title": {"rendered": "WordPress"}}]',
        "<rss><channel><title>&broken</title></channel></rss>",
    ],
)
def test_no_feed_is_never_taken_for_an_empty_one(body: str) -> None:
    with pytest.raises(PayloadError):
        understood(body)


def test_a_feed_that_was_cut_off_says_so() -> None:
    found = understood(rss(item(1), item(2), item(3))[:-60])
    assert len(posts(found)) >= 2
    assert "cut off" in rejected(found)[-1].reason


def test_an_entry_with_nothing_in_it_is_set_apart() -> None:
    found = understood(rss(item(1), "<item><category>x</category></item>"))
    assert len(posts(found)) == 1
    (odd,) = rejected(found)
    assert odd.path == "$.entries[1]"


@pytest.mark.fault(42)
def test_more_entries_than_anybody_reads_are_told() -> None:
    found = understood(rss(*(f"<item><guid>a:{number}</guid></item>" for number in range(5_003))))
    (told,) = rejected(found)
    assert len(posts(found)) == 5_000
    assert "5003 entries" in told.reason


@pytest.mark.fault(43)
def test_a_long_entry_is_cut_before_it_is_parsed() -> None:
    post = one(rss(item(1, description="&lt;div&gt;" * 100_000 + "end")))
    assert post.text == ""
    assert len(post.payload) < 80_000


# The verbs


def at(number: int, day: int) -> str:
    return item(number, pubDate=f"{day:02} Nov 2026 10:00:00 GMT")


def test_mentions_leave_out_what_is_older() -> None:
    old = item(3, pubDate="01 Jan 2026 10:00:00 GMT")
    body = rss(at(1, 24), old, at(2, 20), item(4))
    found = posts(ask("mentions", lambda _: httpx.Response(200, text=body), urls=(f"{BLOG}/feed",)))
    assert [post.title for post in found] == ["News 1", "News 2", "News 4"]


def test_a_feed_that_fails_does_not_keep_the_others_from_being_read() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/gone":
            return httpx.Response(404)
        if request.url.path == "/login":
            return httpx.Response(200, text="<html>sign in</html>")
        return httpx.Response(200, text=rss(at(1, 24)))

    urls = (f"{BLOG}/gone", f"{BLOG}/login", f"{BLOG}/feed")
    source = Source(name="blog", platform="feed", urls=urls)
    with client_for(feed, source, handler) as client:
        seen, error = until_error(feed.mentions(source, client, SINCE))
    assert len(seen) == 1
    assert isinstance(error, PayloadError)
    assert error.where.startswith(f"{BLOG}/login")
    assert "2 of 3 feeds failed" in error.what


def test_a_feed_of_ones_own_that_is_gone_leaves_the_feeds_of_others_to_be_asked() -> None:
    own = f"{BLOG}/feed.xml"
    urls = ("https://other.example/feed",)
    source = Source(name="blog", platform="feed", urls=urls, accounts=(own,))
    with client_for(feed, source, lambda _: httpx.Response(404)) as client:
        _, error = until_error(feed.timeline(source, client, SINCE))
    assert isinstance(error, PartGone)
    assert error.is_of_one


def test_how_many_feeds_of_a_company_failed_is_told_once() -> None:
    urls = (f"{BLOG}/1", f"{BLOG}/2", "https://other.example/feed")
    accounts = (BLOG.partition("://")[2], "other.example")
    source = Source(name="blog", platform="feed", urls=urls, accounts=accounts)
    with client_for(feed, source, lambda _: httpx.Response(404)) as client:
        _, error = until_error(feed.timeline(source, client, SINCE))
    assert error.where == f"{BLOG}/1"
    assert error.what.count("failed") == 1
    assert "3 of 3 feeds failed" in error.what


def test_an_error_inside_a_feed_names_its_address() -> None:
    source = Source(name="blog", platform="feed", urls=(f"{BLOG}/login",))
    with client_for(feed, source, lambda _: httpx.Response(200, text="<html>")) as client:
        _, error = until_error(feed.mentions(source, client, SINCE))
    assert error.where == f"{BLOG}/login $"


def test_a_second_night_asks_conditionally() -> None:
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if "if-none-match" in request.headers:
            return httpx.Response(304)
        return httpx.Response(200, text=rss(at(1, 24)), headers={"etag": '"7"'})

    source = Source(name="blog", platform="feed", urls=(f"{BLOG}/feed",))
    with client_for(feed, source, handler) as client:
        first = list(feed.mentions(source, client, SINCE))
        second = list(feed.mentions(source, client, SINCE))
    assert (len(first), second) == (1, [])
    assert asked[1].headers["if-none-match"] == '"7"'


def test_pages_of_atom_are_followed_while_they_matter() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", "1"))
        asked.append(str(request.url))
        day = NOW - timedelta(days=20 * (number - 1), hours=1)
        return httpx.Response(
            200,
            text="<feed xmlns='http://www.w3.org/2005/Atom'>"
            f"<link href='?page={number + 1}&amp;x=1' rel='next'/>"
            f"<entry><id>{BLOG}/{number}</id><title>a</title><updated>{day.isoformat()}</updated>"
            "</entry></feed>",
        )

    found = posts(ask("mentions", handler, urls=(f"{BLOG}/atom",)))
    assert [post.post_id for post in found] == [f"{BLOG}/1", f"{BLOG}/2"]
    assert asked == [f"{BLOG}/atom", f"{BLOG}/atom?page=2&x=1", f"{BLOG}/atom?page=3&x=1"]


def test_the_company_speaks_in_its_own_feed() -> None:
    comment = item(0, link=f"{BLOG}/1/#comment-3", author="Maya", pubDate="24 Nov 2026 10:00 GMT")
    body = rss(item(1, author="Jonas", pubDate="24 Nov 2026 09:00 GMT"), comment)
    for accounts in (("acme.nl",), (f"{BLOG}/feed/",), (BLOG,)):
        source = {"urls": (f"{BLOG}/feed",), "accounts": accounts}
        handler: Handler = lambda _: httpx.Response(200, text=body)  # noqa: E731
        article, said = posts(ask("timeline", handler, **source))
        assert (article.author_id, article.author_name) == (accounts[0], "Jonas")
        assert said.author_id == "Maya@blog.acme.nl"
        assert ask("mentions", handler, **source) == []


def test_an_owner_can_be_named() -> None:
    source = {"urls": ("https://medium.com/feed/acme",), "options": {"owner": "acme"}}
    (post,) = posts(ask("timeline", lambda _: httpx.Response(200, text=rss(at(1, 24))), **source))
    assert post.author_id == post.author_handle == "acme"


def test_a_feed_of_somebody_else_is_nobodys_timeline() -> None:
    source = {"urls": (f"{BLOG}/feed",), "accounts": ("other.nl", "Acme", "https://x.nl/blog/acme")}
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, text=rss(at(1, 24)))

    assert len(posts(ask("timeline", handler, **source))) == 1
    assert asked == ["https://x.nl/blog/acme"]


def test_searches_are_made_of_terms_and_language() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, text=rss(at(1, 24)))

    terms = ("Acme", 'Acme "Zonnig" BV')
    options = {"search": ["google-news", "bing-news"]}
    ask("mentions", handler, terms=terms, language="nl", options=options)
    google, bing = (urlsplit(address) for address in asked)
    assert google.netloc == "news.google.com"
    assert parse_qs(google.query) == {
        "q": ['"Acme" OR "Acme  Zonnig  BV" after:2026-10-26'],
        "hl": ["nl"],
        "gl": ["NL"],
        "ceid": ["NL:nl"],
    }
    assert bing.netloc == "www.bing.com"
    assert parse_qs(bing.query)["mkt"] == ["nl-NL"]


def test_many_terms_are_asked_in_turns() -> None:
    source = Source(
        name="news",
        platform="feed",
        terms=tuple(f"term number {number}" for number in range(50)),
        options={"search": ["bing-news"]},
    )
    queries = [
        parse_qs(urlsplit(each).query)["q"][0] for each in feed_search.searches(source, SINCE)
    ]
    assert all(len(query) <= feed_search.QUERY_CHARACTERS for query in queries)
    assert sum(query.count('"term number') for query in queries) == 50


def test_a_search_that_does_not_exist_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="altavista"):
        ask("mentions", lambda _: httpx.Response(200), options={"search": ["altavista"]})


def test_comments_under_a_post_are_its_thread() -> None:
    article = one(rss(item(1, **{"wfw:commentRss": f"{BLOG}/1/feed/"})))
    source = Source(name="blog", platform="feed")
    said = rss(item(0, link=f"{BLOG}/1/#comment-3", pubDate="01 Jan 2020 10:00 GMT"))
    with client_for(feed, source, lambda _: httpx.Response(200, text=said)) as client:
        (comment,) = posts(list(feed.thread(source, client, article)))
        assert comment.root_id == article.post_id
        assert list(feed.thread(source, client, comment)) == []


@pytest.mark.parametrize(
    "payload", ["", "no json", "[]", '{"links": 1}', '{"links": [{"rel": "replies"}]}']
)
def test_a_post_without_a_feed_of_comments(payload: str) -> None:
    post = Post(platform="feed", post_id="1", kind="post", observed_at=NOW, payload=payload)
    assert feed_pages.comments_feed(post) is None


def test_atom_names_its_replies_in_a_link() -> None:
    links = [
        {"rel": "replies", "type": "text/html", "href": f"{BLOG}/1#c"},
        {"rel": "replies", "type": "application/atom+xml", "href": "/1/comments"},
    ]
    payload = json.dumps({"links": links})
    post = Post(
        platform="feed", post_id="1", kind="post", observed_at=NOW, payload=payload, url=f"{BLOG}/1"
    )
    assert feed_pages.comments_feed(post) == f"{BLOG}/1/comments"


# Whatever comes

SOUND = rss(item(1, description="&lt;p&gt;x&lt;/p&gt;", guid="1"), item(2)).encode()


@settings(deadline=None)
@given(st.data())
def test_damaged_feeds_give_posts_or_a_typed_error(data: st.DataObject) -> None:
    body = bytearray(SOUND)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(body) - 1))
        length = data.draw(st.integers(0, 20))
        body[place : place + length] = data.draw(st.binary(max_size=6))
    try:
        found = understood(bytes(body))
    except LuisterError:
        return
    assert all(isinstance(each, Post | Rejected) for each in found)
