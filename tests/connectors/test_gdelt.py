"""GDELT: no pages but windows of time, refusals that are sentences, titles cut into words."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import gdelt
from connectors.gdelt_article import LANGUAGES, mended, tidy, untracked
from connectors.paging import understand
from connectors.testing import (
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    gaps,
    posts,
    rejected,
)
from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceUnavailable,
)
from pipeline.post import Read
from pipeline.source import Reply, Source

SINCE = NEWEST - timedelta(days=7)
HOUR = timedelta(hours=1)


def seen(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")


def bound(at: datetime) -> str:
    return at.strftime("%Y%m%d%H%M%S")


def article(name: str = "bike", at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "url": f"https://krant.example/{name}",
        "url_mobile": "",
        "title": "Acme brengt nieuwe bakfiets uit",
        "seendate": seen(at),
        "socialimage": "",
        "domain": "krant.example",
        "language": "Dutch",
        "sourcecountry": "Netherlands",
    } | more


class Gdelt:
    """An archive that gives the newest articles of a window, as many as are asked for."""

    def __init__(self, articles: Sequence[Element]) -> None:
        self.articles = articles
        self.asked: list[httpx.QueryParams] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        self.asked.append(params)
        start, end = params["startdatetime"], params.get("enddatetime", "9")
        inside = [
            each
            for each in self.articles
            if start < each.get("seendate", seen(NEWEST)).replace("T", "")[:14] < end
        ]
        inside.sort(key=lambda each: str(each.get("seendate", seen(NEWEST))), reverse=True)
        chosen = inside[: int(params["maxrecords"])]
        return httpx.Response(200, json={"articles": chosen} if chosen else {})


class TestGdelt(ConnectorContract):
    platform = "gdelt"
    source = Source(name="news", platform="gdelt", terms=("Acme",), options={"records": 2})
    promised = "seendate"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return article(f"a{number}", created_at)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        held = [list(page) for page in pages if not isinstance(page, str)]
        every = {each["url"]: each for page in held for each in page}
        answer = Gdelt(list(every.values()))(request)
        is_over = "again" in pages and len(answer.json().get("articles", ())) < 2
        return httpx.Response(200, json={"articles": held[0]}) if is_over else answer


def ask(verb: str, handler: Handler, since: datetime = SINCE, **source: Any) -> list[Read]:
    asked = Source(name="news", platform="gdelt", **source)
    with client_for(gdelt, asked, handler) as client:
        return list(getattr(gdelt, verb)(asked, client, since))


def understood(body: Any, status: int = 200) -> list[Read]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = Reply(url="https://gdelt.example/", status=status, body=raw, observed_at=NEWEST)
    return list(understand(gdelt, [reply]))


# What an item says


def test_an_article() -> None:
    told = article(
        url="https://krant.example/bike?utm_source=x&id=7", url_mobile="https://m.krant.example/7"
    )
    (post,) = posts(understood({"articles": [told]}))
    assert (post.platform, post.kind, post.text) == ("gdelt", "article", "")
    assert post.post_id == "https://krant.example/bike?id=7"
    assert post.url == told["url"]
    assert post.aliases == ("https://m.krant.example/7",)
    assert post.title == "Acme brengt nieuwe bakfiets uit"
    assert (post.author_id, post.author_handle) == ("krant.example", "krant.example")
    assert (post.author_name, post.author_url) == ("krant.example", "https://krant.example/")
    assert (post.created_at, post.language) == (NEWEST, "nl")
    assert (post.likes_count, post.views_count, post.edited_at) == (None, None, None)
    assert json.loads(post.payload) == told


def test_languages_have_codes_of_two_letters_each_its_own() -> None:
    codes = list(LANGUAGES.values())
    assert all(len(code) == 2 and code.islower() for code in codes)
    assert len(set(codes)) == len(codes)
    assert all(name.isalpha() and name[0].isupper() for name in LANGUAGES)


def test_a_language_that_is_not_known_is_unknown() -> None:
    (post,) = posts(understood({"articles": [article(language="Klingon")]}))
    assert post.language is None


@pytest.mark.parametrize(
    ("given", "language", "printed"),
    [
        (
            "Merz in Indien : 8 , 500 Euro , 30 % mehr ? ",
            "de",
            "Merz in Indien: 8,500 Euro, 30% mehr?",
        ),
        ("Acme ( NL ) | Nieuws | ", "nl", "Acme (NL) | Nieuws"),
        ("Pourquoi Acme ? Voici , enfin : 3 %", "fr", "Pourquoi Acme ? Voici, enfin : 3 %"),
        ("25 , 50 , 75 nodes", "en", "25, 50, 75 nodes"),
        ("1 . 53 miljard . Meer", "nl", "1.53 miljard. Meer"),
        ("美媒 ： 未获技术 ， 叫停 ？ 」 ", "zh", "美媒：未获技术，叫停？」"),
        ("A game - changer", "en", "A game - changer"),
    ],
)
def test_titles_are_put_together_again(given: str, language: str, printed: str) -> None:
    assert tidy(given, language) == printed


def test_only_the_marks_of_trackers_leave_an_address() -> None:
    assert (
        untracked("https://a.example/x?q=a%20b&fbclid=1#top") == "https://a.example/x?q=a%20b#top"
    )
    assert untracked("https://a.example/x?a=&b=%2F") == "https://a.example/x?a=&b=%2F"
    assert untracked("https://a.example/x?utm_medium=rss") == "https://a.example/x"


def test_broken_escapes_and_control_characters_do_not_break_the_rest() -> None:
    broken = json.dumps({"articles": [article(title="MARK"), article("other")]})
    body = broken.replace("MARK", 'Acme\\\'s \\x41\tbike \\u00e9 \\\\ \\"big\\"').encode()
    first, second = posts(understood(body.replace(b"bike ", b"bike \xff ")))
    assert first.title == 'Acme\'s x41 bike \ufffd é \\ "big"'
    assert second.post_id == "https://krant.example/other"
    whole = json.dumps({"a": 'x"\\ é\n\u2028'}).encode()
    assert mended(whole) == whole


@pytest.mark.parametrize(
    ("field", "value"),
    [("seendate", "yesterday"), ("seendate", "20261399T000000Z"), ("url", "mailto:kim@a.example")],
)
def test_an_article_without_its_time_or_address_is_set_apart(field: str, value: str) -> None:
    reads = understood({"articles": [article(**{field: value}), article("b")]})
    (odd,) = rejected(reads)
    assert odd.path == f"$.articles[0].{field}"
    assert len(posts(reads)) == 1


def test_no_hits_are_an_empty_object_and_other_modes_hold_no_articles() -> None:
    assert understood({}) == []
    assert understood({"articles": []}) == []
    assert understood({"query_details": {}, "timeline": [{"series": "x", "data": []}]}) == []
    with pytest.raises(PayloadError, match="neither"):
        understood({"message": "hello"})


# What is asked


def test_mentions_ask_for_all_terms_at_once_newest_first() -> None:
    server = Gdelt([article("a"), article("b", NEWEST - 8 * timedelta(days=1))])
    found = posts(
        ask(
            "mentions",
            server,
            terms=("Acme", 'the "Acme" bike'),
            language="nl-NL",
            options={"filter": "sourcecountry:NL"},
        )
    )
    assert [post.title for post in found] == ["Acme brengt nieuwe bakfiets uit"]
    (params,) = server.asked
    assert params["query"] == '("Acme" OR "the Acme bike") sourcelang:dutch sourcecountry:NL'
    assert (params["mode"], params["format"], params["sort"]) == ("artlist", "json", "datedesc")
    assert params["maxrecords"] == "250"
    assert params["startdatetime"] == bound(SINCE - HOUR)
    assert "enddatetime" not in params


def test_one_term_stands_without_brackets_and_eleven_take_two_questions() -> None:
    server = Gdelt([article()])
    assert len(posts(ask("mentions", server, terms=tuple(f"Acme {n}" for n in range(11))))) == 1
    first, second = (params["query"] for params in server.asked)
    assert first.startswith('("Acme 0" OR "Acme 1"')
    assert second == '"Acme 10"'


def test_a_timeline_is_what_stands_on_the_own_domains() -> None:
    server = Gdelt([article()])
    assert len(posts(ask("timeline", server, accounts=("acme.example",)))) == 1
    assert server.asked[0]["query"] == "domainis:acme.example"


def test_a_full_answer_is_followed_by_the_window_before_it() -> None:
    server = Gdelt([article(f"a{n}", NEWEST - n * timedelta(minutes=15)) for n in range(600)])
    reads = ask("mentions", server, terms=("Acme",))
    assert len({post.post_id for post in posts(reads)}) == 600
    assert gaps(reads) == []
    ends = [params.get("enddatetime") for params in server.asked]
    oldest = NEWEST - 249 * timedelta(minutes=15) + timedelta(seconds=1)
    assert (len(ends), ends[0], ends[1]) == (3, None, bound(oldest))


def test_more_articles_in_one_step_than_are_given_are_a_gap() -> None:
    many = [article(f"a{n}", NEWEST) for n in range(300)]
    server = Gdelt([*many, article("older", NEWEST - HOUR)])
    reads = ask("mentions", server, terms=("Acme",))
    assert len(posts(reads)) == 251
    (gap,) = gaps(reads)
    assert (gap.gap_from, gap.gap_to) == (NEWEST, NEWEST + timedelta(minutes=15))


def test_a_full_answer_out_of_order_is_refused_rather_than_half_read() -> None:
    pages = [article(f"a{n}", NEWEST - (n % 7) * HOUR) for n in range(250)]
    with pytest.raises(PayloadError, match="not newest first"):
        ask("mentions", lambda _: httpx.Response(200, json={"articles": pages}), terms=("Acme",))


@pytest.mark.parametrize(
    ("source", "words"),
    [({"terms": ("Acme", "HP")}, "short"), ({"terms": ("Acme",), "language": "tlh"}, "tlh")],
)
def test_what_gdelt_would_refuse_is_not_asked(source: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        ask("mentions", Gdelt([]), **source)


@pytest.mark.parametrize("term", ["KPN", "华为"])
def test_three_letters_are_enough_and_fewer_in_other_scripts(term: str) -> None:
    server = Gdelt([])
    assert ask("mentions", server, terms=(term,)) == []
    assert server.asked[0]["query"] == f'"{term}"'


# What is refused


@pytest.mark.parametrize("status", [200, 429])
@pytest.mark.parametrize("form", ["{}", "<html><body><p>{}</p></body></html>"])
def test_a_wish_for_rest_is_obeyed_for_an_hour_whatever_the_status(status: int, form: str) -> None:
    words = form.replace("{}", "Please limit requests to one every 5 seconds or contact us.")
    calls = 0

    def refuse(_: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(status, text=words)

    with pytest.raises(RateLimited) as error:
        ask("mentions", refuse, terms=("Acme",))
    assert (error.value.seconds, calls) == (3_600, 1)


@pytest.mark.parametrize(
    ("sentence", "error"),
    [
        ("Your query was too short or too long.", PayloadError),
        ("The specified timespan is too short.", PayloadError),
        ("Parentheses may only be used around OR'd statements.", PayloadError),
        ("One of your keywords were too short, too long or too common.", PayloadError),
        ("The service is temporarily unavailable.", SourceUnavailable),
    ],
)
def test_a_sentence_instead_of_articles_is_an_error(
    sentence: str, error: type[LuisterError]
) -> None:
    with pytest.raises(error, match=sentence.split()[-1]) as told:
        ask("mentions", lambda _: httpx.Response(200, text=sentence), terms=("Acme",))
    if error is PayloadError:
        assert "terms" in told.value.todo


def test_a_time_in_the_future_or_the_past_is_read_as_utc() -> None:
    (post,) = posts(understood({"articles": [article(seendate="20260121T083000Z")]}))
    assert post.created_at == datetime(2026, 1, 21, 8, 30, tzinfo=UTC)
