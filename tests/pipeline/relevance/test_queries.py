"""The query language: what it reads, what it refuses and what it finds."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any as Anything

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.folding import fold, without_addresses
from pipeline.matching import Matcher, Named
from pipeline.post import Post, to_arrow
from pipeline.relevance.finding import Finder, Subject
from pipeline.relevance.parse import DEEPEST, LONGEST, MOST_TERMS, QueryError, parse
from pipeline.relevance.tree import Query, settled, written
from tests.pipeline.relevance.plainly import fields_of, holds, posts, queries


def found(query: str, text: str = "", **fields: Anything) -> list[str]:
    """What of a query is found in a post."""
    subject = Subject(fold(without_addresses(text)), text, **fields)
    return [name for _, (name, _) in Finder({0: (parse(query), ())}).find(subject)]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ns", "De NS rijdt niet"),
        ("NS trein", "trein van de ns"),
        ("NS AND (trein OR station)", "station ns"),
        ("NS -financial", "ns"),
        ("NS NOT (bank OR financial)", "ns trein"),
        ('"bol com"', "kocht bij Bol  Com!"),
        ("citroen", "mijn Citroën"),
        ("Citroën", "mijn CITROEN"),
        ("zonnepan*", "onze zonnepanelen"),
        ("organi?atie", "de organisatie"),
        ("apple NEAR/3 (iphone OR mac)", "een mac is van Apple"),
        ("kpn NEAR/1 storing", "storing, KPN!"),
        ("C&A", "naar de c&a"),
        ("NS OR kpn storing", "ns"),
        ("NOT (NOT kpn)", "kpn"),
        ("'s-Hertogenbosch", "in 's-hertogenbosch"),
        ("“bol com”", "bol com"),
        ('"or" AND kpn', "kpn or"),
        ("苹果", "我爱苹果手机"),
    ],
)
def test_what_a_query_finds(query: str, text: str) -> None:
    assert found(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ns", "nsb en insula"),
        ("NS AND trein", "ns"),
        ("NS -financial", "ns financial"),
        ('"bol com"', "com bol"),
        ("zonnepan*", "de azonnepanelen"),
        ("organi?atie", "organiatie"),
        ("apple NEAR/2 mac", "apple heeft een nieuwe mac"),
        ("kpn NEAR/2 kpn", "kpn"),
        ("kpn", "https://kpn.com en jan@kpn.com"),
        ("NOT kpn AND ns", "kpn ns"),
    ],
)
def test_what_a_query_does_not_find(query: str, text: str) -> None:
    assert found(query, text) == []


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("#Ns", {"tags": ("NS",)}),
        ("tag:ns*", {"tags": ("NSstoring",)}),
        ("@ns_online", {"mentions": ("@NS_online",)}),
        ("author:anna", {"author": ("Anna", "did:plc:1")}),
        ("url:kpn.com/zakelijk", {"links": ("https://www.kpn.com/zakelijk/glasvezel",)}),
        (
            "url:kpn.com lang:nl",
            {"text": "zie mijn.kpn.com https://mijn.kpn.com", "language": "nl-BE"},
        ),
        ("@ns platform:x", {"mentions": ("ns",), "platform": "x"}),
        ("@ns NOT lang:en", {"mentions": ("ns",), "language": None}),
    ],
)
def test_what_fields_find(query: str, fields: dict[str, Anything]) -> None:
    assert found(query, **fields)
    assert not found(query, text="iets anders", language="en", platform="mastodon")


@pytest.mark.parametrize(
    "text",
    [
        "Zie https://kpn.com/zakelijk.",
        "https://kpn.com/zakelijk, of bel",
        "(meer op https://www.kpn.com/zakelijk)",
        "[hier](https://kpn.com/zakelijk/).",
        "“https://kpn.com/zakelijk”!",
        "[https://kpn.com/zakelijk](https://kpn.com/zakelijk)",
        "`https://kpn.com/zakelijk`",
        "_https://kpn.com/zakelijk_",
        "|https://kpn.com/zakelijk|tarief|",
        "https://kpn.com/zakelijk“",
        "«https://kpn.com/zakelijk»",
        "‹https://kpn.com/zakelijk›",
        "见https://kpn.com/zakelijk。更多",
        "https://kpn.com/zakelijk，更多",
        "https://kpn.com/zakelijk– toch",
        "https://kpn.com/zakelijk- toch",
        "https://kpn.com/zakelijk👍",
        "https://kpn.com/zakelijk❤️",
        "https://kpn.com/zakelijk\u200b",
        "https://ziggo.nl,https://kpn.com/zakelijk",
        "https://kpn.com/zakelijk,https://ziggo.nl",
        "&lt;https://kpn.com/zakelijk&gt;",
        "&quot;https://kpn.com/zakelijk&quot;, staat er",
    ],
)
def test_a_link_ends_before_the_signs_of_its_sentence(text: str) -> None:
    assert found("url:kpn.com/zakelijk", text)
    assert found("url:kpn.com", text.replace("/zakelijk", ""))
    assert not found("url:kpn.com/zak", text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("url:a.example/wiki/Apple_Inc.", "https://a.example/wiki/Apple_Inc.#Nu"),
        ("url:a.example/wiki/Apple_Inc.", "zie https://a.example/wiki/Apple_Inc."),
        ("url:a.example/wiki/Yahoo!", "https://a.example/wiki/Yahoo!?x=1"),
        ("url:a.example/wiki/Yahoo!", "zie https://a.example/wiki/Yahoo!"),
        ("url:a.example/wiki/Yahoo", "ken je https://a.example/wiki/Yahoo!"),
        ("url:kpn.com", "https://kpn.com—lees"),
        ("url:kpn.com", "https://kpn.com:8443, toch"),
        ("url:kpn.com", "https://mijn.kpn.com'"),
    ],
)
def test_a_link_may_end_in_a_sign_itself(query: str, text: str) -> None:
    assert found(query, text)


@pytest.mark.parametrize(
    ("query", "link"),
    [
        ("url:a.example/wiki/Yahoo", "https://a.example/wiki/Yahoo!?x=1"),
        ("url:a.example/wiki/Yahoo", "https://a.example/wiki/Yahoo!"),
        ("url:kpn.com/zak*", "https://kpn.com/zak"),
        ("url:a.example/wiki/Philips", "https://a.example/wiki/Philips_(company)"),
    ],
)
def test_signs_of_links_that_are_told_and_asked_for_stay(query: str, link: str) -> None:
    assert not found(query, links=(link,))


def test_what_is_found_is_told_as_it_was_written() -> None:
    assert found("(Apple OR #apple) AND (iphone OR mac)", "apple mac", tags=("Apple",)) == [
        "Apple",
        "tag:apple",
    ]
    assert found("iPhone NEAR/3 apple", "apple iphone") == ["iPhone"]


@pytest.mark.parametrize(
    ("query", "told", "caret"),
    [
        ("a OR", "the query ends where a word", 5),
        ("(kpn", "where a ) is expected", 5),
        ("kpn)", ") stands where the end is expected", 4),
        ("kpn OR OR ns", "OR stands where", 8),
        ('kpn "ns', "quotation mark is not closed", 5),
        ("apple or pear", "write OR in capitals", 7),
        ("a && b", "write AND", 3),
        ("zonne*veld", "* stands at the end of a word only", 1),
        ("kpn z*", "at least 2 letters", 5),
        ("a NEAR b", "write how near", 3),
        ("a NEAR/99 b", "from NEAR/1 to NEAR/50", 3),
        ("(a AND b) NEAR/3 c", "at both sides of NEAR", 2),
        ("han:kpn", "did you mean handle:?", 1),
        ("kpn https://kpn.com", "put an address after url:", 5),
        ("kpn tag: storing", "without a space between", 5),
        ("url:kpn", "an address", 1),
        ("kpn - ns", "before the word, without a space", 5),
        ("", "would match everything", 1),
        ("NOT kpn", "would match nearly everything", 1),
        ("kpn OR lang:nl", "would match nearly everything", 1),
        ("kpn OR NOT ns", "would match nearly everything", 1),
        ('kpn ""', "stands no word", 5),
    ],
)
def test_a_mistake_is_told_with_its_place(query: str, told: str, caret: int) -> None:
    with pytest.raises(QueryError) as error:
        parse(query)
    sentence, *_, pointer = error.value.what.split("\n")
    assert told in sentence
    assert sentence.startswith(f"character {caret} ")
    assert pointer == f"  {' ' * (caret - 1)}^"


def test_the_line_of_a_mistake_in_a_long_query_is_shown() -> None:
    with pytest.raises(QueryError) as error:
        parse("kpn OR\n" + "ns " * 40 + "OR OR x\nOR telfort")
    _, line, pointer = error.value.what.split("\n")
    assert line[pointer.index("^") :].startswith("OR x")
    assert len(line) < 70


@pytest.mark.fault(54)
@pytest.mark.parametrize(
    "query",
    [
        "a " * LONGEST,
        " OR ".join(f"w{number}" for number in range(MOST_TERMS + 1)),
        "(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1),
        "NOT " * 1_900 + "a",
        "(" * 7_000,
    ],
)
def test_what_is_too_large_is_refused_at_once(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)


@settings(max_examples=200, deadline=None)
@given(queries, posts)
def test_it_finds_what_plain_judging_finds(query: Query, post: dict[str, Anything]) -> None:
    folded = fold(without_addresses(post["text"]))
    subject = Subject(
        folded,
        post["text"],
        platform=post["platform"],
        language=post["language"],
        author=(post["author_handle"],),
        mentions=post["mentions"],
        tags=post["tags"],
    )
    names = list(Finder({7: (query, ())}).find(subject))
    assert bool(names) == holds(query, folded, fields_of(post))


@settings(max_examples=100, deadline=None)
@given(queries)
def test_a_query_may_be_written_and_read_again(query: Query) -> None:
    assert settled(parse(written(query))) == settled(query)


_scraps = st.sampled_from(
    [
        *'()"-*?#@:',
        " ",
        "AND",
        "OR",
        "NOT",
        "NEAR/3",
        "NEAR",
        "tag:",
        "url:",
        "kpn",
        "é",
        "苹",
        "\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(_scraps, max_size=40).map("".join)))
def test_whatever_is_typed_is_read_or_refused(query: str) -> None:
    with suppress(QueryError):
        list(Finder({0: (parse(query), ())}).find(Subject(fold("kpn 苹 é"))))


@pytest.mark.fault(54)
@pytest.mark.parametrize("piece", ["zonn", "zonnepaneel ", "kpn ", "a", "zo zonn ", "苹果"])
def test_no_text_makes_a_query_slow(piece: str) -> None:
    query = "(zonn* OR zo?n* OR 苹果?) AND (kpn NEAR/2 zonnepaneel OR zonn* NEAR/1 kpn) -a1*"
    """What grew with the square of the text would take days: the test would not end."""
    found(query, piece * (100_000 // len(piece)))


def matches(named: Named, **fields: Anything) -> list[tuple[str, str]]:
    post = Post(
        **{"platform": "x", "text": "", **fields},
        post_id="1",
        kind="post",
        observed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    table = Matcher([named]).match(to_arrow([post]))
    return [(row["alias"], row["alias_kind"]) for row in table.to_pylist()]


def test_with_a_query_the_name_alone_does_not_count_but_aliases_and_exclusions_do() -> None:
    ns = Named(
        name="NS",
        aliases=("Nederlandse Spoorwegen",),
        exclude=("NS Financial",),
        query=parse("NS AND (trein OR station)"),
    )
    assert matches(ns, text="NS is een afkorting") == []
    assert matches(ns, text="de trein van de NS") == [("NS", "name")]
    assert matches(ns, text="Nederlandse Spoorwegen") == [("Nederlandse Spoorwegen", "name")]
    assert matches(ns, text="trein naar NS Financial") == []
    assert matches(ns, text="trein naar NS Financial met NS") == [("NS", "name")]


def test_the_kind_of_what_was_found_is_kept() -> None:
    named = Named(name="Apple", query=parse("#apple OR @apple OR url:apple.com OR author:tim"))
    assert matches(
        named,
        tags=("Apple",),
        mentions=("apple",),
        links=("https://apple.com/nl",),
        author_handle="tim",
    ) == [
        ("tag:apple", "tag"),
        ("handle:apple", "handle"),
        ("url:apple.com", "domain"),
        ("author:tim", "author"),
    ]


def test_another_query_is_another_version_and_languages_are_told() -> None:
    one, other = (
        Matcher([Named(name="NS", query=parse(query))]) for query in ("ns a", "ns lang:nl")
    )
    assert one.version != other.version
    assert not one.reads_language
    assert other.reads_language


def test_a_query_error_is_one_of_the_configuration() -> None:
    assert issubclass(QueryError, ConfigError)
