"""Wikimedia: edits of watched pages, a page found by its words, and what is hidden later."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import wikimedia
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
from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Read
from pipeline.source import Reply, Source

WIKI = "https://nl.wikipedia.org"
SINCE = NEWEST - timedelta(days=7)


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def revision(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "revid": number,
        "parentid": number - 1,
        "minor": False,
        "user": "Kim van Dam",
        "timestamp": stamp(at),
        "size": 1200,
        "comment": "/* Geschiedenis */ jaar verbeterd",
    } | more


def row(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return revision(number, at) | {"pageid": 7, "ns": 0, "title": "Fietsfabriek"} | more


def pages(*revisions: Element, title: str = "Fietsfabriek", ns: int = 0) -> Element:
    return {"query": {"pages": [{"pageid": 7, "ns": ns, "title": title, "revisions": revisions}]}}


ABSENT = {"query": {"pages": [{"ns": 1, "title": "Talk:Fietsfabriek", "missing": True}]}}


class TestWikimedia(ConnectorContract):
    platform = "wikimedia"
    source = Source(name="wiki", platform="wikimedia", urls=(f"{WIKI}/wiki/Fietsfabriek",))
    promised = "revid"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return revision(number, created_at)

    def page(self, request: httpx.Request, pages_: Sequence[Sequence[Element]]) -> httpx.Response:
        params = request.url.params
        if params["titles"].startswith("Talk:"):
            return httpx.Response(200, json=ABSENT)
        held = [list(page) for page in pages_ if not isinstance(page, str)]
        number = int(params.get("rvcontinue", "0")) % len(held)
        inside = [each for each in held[number] if each["timestamp"] >= params["rvend"]]
        body = pages(*inside)
        if number + 1 < len(pages_):
            body |= {"continue": {"rvcontinue": str(number + 1), "continue": "||"}}
        return httpx.Response(200, json=body)


class Wiki:
    """A wiki as a table: what is asked for, by its title, search, user or numbers."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.URL] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        params = request.url.params
        names = ("titles", "gsrsearch", "ucuser", "revids")
        name = next(params[each] for each in names if each in params)
        answer = self.answers.get(name + params.get("gsroffset", ""), ABSENT)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def ask(verb: str, handler: Handler, *rest: Any, **source: Any) -> list[Read]:
    asked = Source(name="wiki", platform="wikimedia", **source)
    with client_for(wikimedia, asked, handler) as client:
        return list(getattr(wikimedia, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any, url: str = f"{WIKI}/w/api.php?action=query", **more: Any) -> list[Read]:
    reply = Reply(url=url, body=json.dumps(body).encode(), observed_at=NEWEST, **more)
    return list(understand(wikimedia, [reply]))


# What an item says


def test_an_edit_of_a_page() -> None:
    (post,) = posts(understood(pages(revision(42))))
    assert (post.post_id, post.native_id) == ("nl.wikipedia.org:42", "42")
    assert (post.kind, post.url) == ("article", "https://nl.wikipedia.org/?diff=42")
    assert (post.title, post.text) == ("Fietsfabriek", "/* Geschiedenis */ jaar verbeterd")
    assert (post.author_id, post.author_handle) == ("Kim van Dam", "Kim van Dam")
    assert post.author_url == "https://nl.wikipedia.org/wiki/User:Kim_van_Dam"
    assert (post.created_at, post.deleted_at, post.author_is_bot) == (NEWEST, None, None)
    assert json.loads(post.payload) == revision(42)


def test_rows_of_recent_changes_that_are_edits() -> None:
    rows = [
        row(42, type="edit", bot=True),
        row(43, type="new", bot=False),
        row(0, type="log"),
        row(44, type="categorize"),
    ]
    found = posts(understood({"query": {"recentchanges": rows}}))
    assert [(post.native_id, post.author_is_bot) for post in found] == [("42", True), ("43", False)]
    assert {post.title for post in found} == {"Fietsfabriek"}


def test_the_first_version_of_the_format() -> None:
    page = {"title": "Fietsfabriek", "revisions": [revision(42, minor="", bot="")]}
    absent = {"title": "Niets", "missing": ""}
    (post,) = posts(understood({"query": {"pages": {"7": page, "-1": absent}}}))
    assert (post.native_id, post.author_is_bot) == ("42", True)


@pytest.mark.parametrize("hidden", ["commenthidden", "texthidden", "suppressed"])
@pytest.mark.parametrize("flag", [True, ""])
def test_what_is_hidden_counts_as_deleted(hidden: str, flag: bool | str) -> None:
    (post,) = posts(understood(pages(revision(42, **{hidden: flag}))))
    assert (post.deleted_at, post.text, post.title) == (NEWEST, "", None)


def test_a_hidden_name_is_not_told() -> None:
    told = revision(42, userhidden=True)
    del told["user"]
    (post,) = posts(understood(pages(told)))
    assert (post.author_id, post.author_url, post.deleted_at) == (None, None, None)


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:DB8::7"])
def test_an_internet_address_is_kept_nowhere(address: str) -> None:
    (post,) = posts(understood(pages(revision(42, user=address, anon=True))))
    assert (post.author_id, post.author_handle, post.author_name) == (None, None, None)
    assert address not in repr(post)
    assert json.loads(post.payload)["user"] == "anonymous"


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:DB8::7"])
def test_whoever_undoes_an_edit_does_not_tell_its_internet_address(address: str) -> None:
    comment = (
        f"Undid by [[Special:Contributions/{address}|{address}]] ([[User talk:{address}|talk]])"
    )
    title = f"Overleg gebruiker:{address}"
    (post,) = posts(understood(pages(revision(42, comment=comment), title=title, ns=3)))
    assert post.title == "Overleg gebruiker:anonymous"
    assert post.text.startswith("Undid by [[Special:Contributions/anonymous|anonymous]]")
    (edit,) = posts(understood({"query": {"allrevisions": [row(42, title=title, ns=3)]}}))
    (event,) = posts(understood({**EVENT, "comment": comment, "title": title, "namespace": 3}))
    assert address not in repr((post, edit, event))


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:DB8::7"])
@pytest.mark.parametrize(
    ("title", "ns"),
    [
        ("Special:Contributions/{}", -1),
        ("Wikipedia:Sockpuppet investigations/{}", 4),
        ("Overleg Wikipedia:Te blokkeren/{}/Archief", 5),
        ("User:Anna/Noted/{}", 2),
        ("Speciaal:Bijdragen/{}/24", None),
    ],
)
def test_a_page_that_is_kept_under_an_internet_address_does_not_tell_it(
    title: str, ns: int | None, address: str
) -> None:
    named = title.format(address)
    (post,) = posts(understood({"query": {"recentchanges": [row(42, title=named, ns=ns)]}}))
    assert post.title == title.format("anonymous")
    assert address not in repr(post)


def test_an_internet_address_is_blanked_as_a_whole_wherever_it_stands() -> None:
    words = "\u20131.1.1.1 undid [[User:1.1.1.1]]: 11.1.1.10, 1.1.1.1.2"
    (post,) = posts(understood(pages(revision(42, comment=words))))
    blanked = "\u2013anonymous undid [[User:anonymous]]: 11.1.1.10, 1.1.1.1.2"
    assert (post.text, json.loads(post.payload)["comment"]) == (blanked, blanked)


@pytest.mark.parametrize(
    "words",
    [
        "version 4.0.1381.7",
        "version 10/1.2.3.4",
        "v:4.18.0.1",
        "/* 10:20:30 */",
        "see https://1.1.1.1/",
        "see https://example.org/192.0.2.9",
        "/10.0.0.0/8 range block",
    ],
)
def test_numbers_that_are_no_link_to_anybody_stay(words: str) -> None:
    (post,) = posts(understood(pages(revision(42, comment=words))))
    assert (post.text, json.loads(post.payload)["comment"]) == (words, words)


@pytest.mark.parametrize(
    ("title", "ns"),
    [
        ("Module:Bad::Cafe", 828),
        ("Versies/1.2.3.4", 0),
        ("Overleg:1.1.1.1", 1),
        ("Wikipedia:Versie 1.2.3.4", 4),
    ],
)
def test_the_title_of_a_page_that_is_nobodys_stays(title: str, ns: int) -> None:
    (post,) = posts(understood(pages(revision(42), title=title, ns=ns)))
    assert post.title == title


def test_an_account_for_the_time_being_is_an_account() -> None:
    (post,) = posts(understood(pages(revision(42, user="~2026-12345-67"))))
    assert post.author_id == "~2026-12345-67"


def test_the_site_for_telephones_is_the_same_wiki() -> None:
    (post,) = posts(understood(pages(revision(42)), "https://nl.m.wikipedia.org/w/api.php"))
    assert post.post_id == "nl.wikipedia.org:42"


EVENT: dict[str, Any] = {
    "meta": {"domain": "nl.wikipedia.org", "uri": f"{WIKI}/wiki/Fietsfabriek"},
    "id": 9,
    "type": "edit",
    "namespace": 0,
    "title": "Fietsfabriek",
    "comment": "spelling",
    "timestamp": int(NEWEST.timestamp()),
    "user": "Kim",
    "bot": False,
    "revision": {"old": 41, "new": 42},
    "server_name": "nl.wikipedia.org",
    "wiki": "nlwiki",
}


def test_an_event_of_the_stream_is_the_same_edit() -> None:
    (post,) = posts(understood(EVENT, "https://stream.wikimedia.org/v2/stream/recentchange"))
    assert (post.post_id, post.created_at) == ("nl.wikipedia.org:42", NEWEST)
    assert (post.title, post.text, post.author_id) == ("Fietsfabriek", "spelling", "Kim")
    assert post.author_is_bot is False


def test_a_piece_of_the_stream_is_read_line_by_line() -> None:
    lines = [":ok", "", "event: message", 'id: [{"topic": "x"}]', f"data: {json.dumps(EVENT)}", ""]
    cut_off = "data: {"
    body = "\n".join([*lines, cut_off]).encode()
    reads = list(understand(wikimedia, [Reply(url="", body=body, observed_at=NEWEST)]))
    assert [post.native_id for post in posts(reads)] == ["42"]
    assert [odd.path for odd in rejected(reads)] == ["$.lines[6]"]


def test_events_that_are_no_edits_and_canaries_are_none() -> None:
    assert understood(EVENT | {"type": "log", "revision": None}) == []
    assert understood(EVENT | {"meta": {"domain": "canary"}}) == []
    (odd,) = rejected(understood(EVENT | {"revision": None}))
    assert odd.path == "$.revision"


def test_a_page_that_should_have_revisions_is_set_apart() -> None:
    reads = understood({"query": {"pages": [{"title": "Fietsfabriek", "pageid": 7}]}})
    (odd,) = rejected(reads)
    assert (odd.path, odd.reason) == (
        "$.query.pages[0].revisions",
        "a page without its revisions",
    )


@pytest.mark.parametrize(
    "name", ["logevents", "blocks", "general", "statistics", "interwikimap", "normalized", "users"]
)
def test_what_else_a_query_may_give_holds_no_edits(name: str) -> None:
    assert understood({"query": {name: []}}) == []


def test_other_answers_hold_no_edits_and_what_is_none_is_told() -> None:
    assert understood({"query": {"search": [{"title": "Fietsfabriek"}]}}) == []
    assert understood(ABSENT) == []
    assert understood({"batchcomplete": True}, f"{WIKI}/w/api.php?generator=search") == []
    for body in ({"batchcomplete": True}, {"query": {"odd": []}}, {"query": {"pages": {}}}):
        with pytest.raises(PayloadError):
            understood(body)


# What is asked


def test_a_page_and_its_talk_are_watched() -> None:
    wiki = Wiki(
        {
            "Fietsfabriek (Delft)": pages(revision(42)),
            "Talk:Fietsfabriek (Delft)": pages(revision(50), title="Overleg:Fietsfabriek"),
        }
    )
    address = f"{WIKI}/wiki/Fietsfabriek_%28Delft%29"
    found = posts(ask("mentions", wiki, urls=(address,)))
    assert [post.native_id for post in found] == ["42", "50"]
    assert {url.host for url in wiki.asked} == {"nl.wikipedia.org"}
    params = wiki.asked[0].params
    assert (params["rvend"], params["rvlimit"]) == (stamp(SINCE), "500")
    assert (params["action"], params["format"]) == ("query", "json")
    assert (params["formatversion"], params["maxlag"]) == ("2", "5")
    assert (params["prop"], params["rvprop"]) == (
        "revisions",
        "ids|timestamp|user|comment|flags|size",
    )


def test_a_page_may_be_named_in_the_query_of_an_address() -> None:
    wiki = Wiki({"Fiets fabriek": pages(revision(42))})
    found = ask("mentions", wiki, urls=(f"{WIKI}/w/index.php?title=Fiets_fabriek&action=history",))
    assert len(posts(found)) == 1


@pytest.mark.parametrize("address", ["Fietsfabriek", f"{WIKI}/", "/wiki/Fietsfabriek"])
def test_what_is_no_address_of_a_page_is_told(address: str) -> None:
    with pytest.raises(ConfigError, match="wiki page"):
        ask("mentions", Wiki({}), urls=(address,))


def test_pages_that_hold_a_term_are_told_until_they_are_older() -> None:
    def found(number: int, at: datetime, go_on: str) -> Element:
        more = {"continue": {"gsroffset": go_on, "continue": "gsroffset||"}}
        return pages(revision(number, at), title=f"Page {number}") | more

    old = SINCE - timedelta(days=1)
    wiki = Wiki(
        {
            '"Acme"': found(1, NEWEST, "50"),
            '"Acme"50': found(2, old, "100"),
            '"Acme"100': found(3, old, "150"),
        }
    )
    reads = ask("mentions", wiki, terms=("Acme",), language="nl")
    assert [post.title for post in posts(reads)] == ["Page 1"]
    assert len(wiki.asked) == 2
    params = wiki.asked[0].params
    assert (wiki.asked[0].host, params["generator"]) == ("nl.wikipedia.org", "search")
    assert params["gsrsort"] == "last_edit_desc"


def test_a_timeline_is_what_an_account_edited() -> None:
    wiki = Wiki({"AcmeNL": {"query": {"usercontribs": [row(42, user="AcmeNL")]}}})
    (post,) = posts(ask("timeline", wiki, accounts=("AcmeNL",)))
    assert (post.author_id, post.title) == ("AcmeNL", "Fietsfabriek")
    params = wiki.asked[0].params
    assert (wiki.asked[0].host, params["ucend"]) == ("en.wikipedia.org", stamp(SINCE))
    assert (params["list"], params["uclimit"]) == ("usercontribs", "500")
    assert params["ucprop"] == "ids|title|timestamp|comment|size|flags"


def test_an_edit_of_the_very_moment_is_told() -> None:
    wiki = Wiki({'"Acme"': pages(revision(42, SINCE))})
    assert len(posts(ask("mentions", wiki, terms=("Acme",)))) == 1


def test_an_inbox_is_the_talk_page_of_an_account() -> None:
    own = revision(43, user="Acme NL")
    for account in ("Acme NL", "acme_NL"):
        wiki = Wiki({f"User talk:{account}": pages(revision(42), own, title="User talk:Acme NL")})
        found = posts(ask("inbox", wiki, accounts=(account,), server=WIKI))
        assert [post.native_id for post in found] == ["42"]


def test_refresh_asks_each_wiki_for_fifty_and_buries_what_is_not_known_any_more() -> None:
    numbers = [row(number) for number in range(1, 52)]
    known = posts(understood({"query": {"usercontribs": numbers}}))
    other = posts(understood(pages(revision(7)), "https://en.wikipedia.org/w/api.php"))
    first = pages(revision(1, commenthidden=True), revision(2))
    first["query"]["badrevids"] = {"3": {"revid": 3, "missing": True}}
    wiki = Wiki(
        {
            "|".join(str(number) for number in range(1, 51)): first,
            "51": {"query": {"badrevids": [{"revid": 51, "missing": True}]}},
            "7": pages(revision(7)),
        }
    )
    now = {post.post_id: post for post in posts(ask("refresh", wiki, [*known, *other]))}
    assert [url.host for url in wiki.asked] == [*["nl.wikipedia.org"] * 2, "en.wikipedia.org"]
    gone = {name for name, post in now.items() if post.deleted_at is not None}
    assert gone == {f"nl.wikipedia.org:{number}" for number in (1, 3, 51)}
    assert now["en.wikipedia.org:7"].text == "/* Geschiedenis */ jaar verbeterd"
    assert len(now) == 5


# What is refused


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("maxlag", RateLimited),
        ("ratelimited", RateLimited),
        ("readonly", SourceUnavailable),
        ("internal_api_error_DBQueryError", SourceUnavailable),
        ("readapidenied", SourceRefused),
        ("mwoauth-invalid-authorization", SourceRefused),
        ("missingtitle", SourceGone),
        ("badvalue", PayloadError),
    ],
)
@pytest.mark.parametrize("form", ["error", "errors"])
def test_the_code_of_an_error_counts(code: str, error: type[LuisterError], form: str) -> None:
    told = {"code": code, "info": "no"} if form == "error" else [{"code": code, "text": "no"}]
    with pytest.raises(error, match=code):
        ask(
            "mentions",
            lambda _: httpx.Response(200, json={form: told, "servedby": "mw1"}),
            terms=("Acme",),
        )


@pytest.mark.parametrize(("headers", "seconds"), [({}, 5), ({"retry-after": "12"}, 12)])
def test_a_busy_wiki_is_left_alone_for_as_long_as_it_says(
    headers: dict[str, str], seconds: float
) -> None:
    body = json.dumps({"error": {"code": "maxlag", "info": "6 seconds lagged", "lag": 6}}).encode()
    for status in (200, 503):
        told = wikimedia.refusal(
            Reply(url=WIKI, status=status, headers=headers, body=body, observed_at=NEWEST)
        )
        assert isinstance(told, RateLimited)
        assert told.seconds == seconds


def test_a_summary_that_speaks_of_an_error_is_none() -> None:
    (post,) = posts(understood(pages(revision(42, comment='"error": {"code": "maxlag"}'))))
    assert post.text.startswith('"error"')


@pytest.mark.parametrize(
    ("title", "ns", "named"),
    [
        ("User talk:Acme NL", 3, ("Acme NL",)),
        ("User talk:acme_NL", 3, ("Acme NL",)),
        ("Overleg gebruiker:Acme NL/Archief 1", 3, ()),
        ("User talk:Kim van Dam", 3, ()),
        ("User talk:kim_van_Dam", 3, ()),
        ("User talk:192.0.2.xxx", 3, ()),
        ("User talk:Was 192.0.2.9 before", 3, ()),
        ("User talk:2001:DB8::7", 3, ()),
        ("User talk:~2026-1234-5", 3, ()),
        ("User talk:192.0.2.9", 3, ()),
        ("User:Acme NL", 2, ()),
        ("Talk:Acme NL", 1, ()),
    ],
)
def test_who_writes_on_the_talk_page_of_an_account_turns_to_it(
    title: str, ns: int, named: tuple[str, ...]
) -> None:
    listed = {"query": {"recentchanges": [row(42, title=title, ns=ns)]}}
    found = posts([*understood(pages(revision(42), title=title, ns=ns)), *understood(listed)])
    assert [each.mentions for each in found] == [named, named]


def test_a_bot_that_writes_on_a_talk_page_turns_to_nobody() -> None:
    title = "User talk:Acme NL"
    edits = {"query": {"recentchanges": [row(42, title=title, ns=3, bot=True)]}}
    event = EVENT | {"title": title, "namespace": 3}
    found = posts([*understood(edits), *understood(event | {"bot": True}), *understood(event)])
    assert [each.mentions for each in found] == [(), (), ("Acme NL",)]
