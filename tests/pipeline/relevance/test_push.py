"""What platforms are asked for: as they write it, within their limits, never too little."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any as Anything
from typing import Final

import pytest
from hypothesis import given, settings

import connectors
from connectors import feed_search, x_query
from connectors.gdelt_ask import queries as gdelt_queries
from pipeline.config import Config, resolve_sources
from pipeline.folding import fold, without_addresses
from pipeline.relevance.parse import parse
from pipeline.relevance.push import Syntax, searches, tags, together, words
from pipeline.relevance.tree import Query
from pipeline.source import Source
from tests.pipeline.relevance.plainly import fields_of, holds, posts, queries

TRAIN: Final = 'NS AND (trein OR "intercity direct") -financial -#hiring lang:nl'
ASKED: Final = {
    "x": ('("NS" ("trein" OR "intercity direct") -#hiring)',),
    "reddit": ('("NS" ("trein" OR "intercity direct"))',),
    "feed": ('("NS" ("trein" OR "intercity direct"))',),
    "bluesky": ("NS trein", 'NS "intercity direct"'),
    "mastodon": ("NS trein", 'NS "intercity direct"'),
    "stackexchange": ("NS trein", 'NS "intercity direct"'),
    "hackernews": ('"NS" "trein"', '"NS" "intercity direct"'),
    "github": ('"NS" "trein"', '"NS" "intercity direct"'),
    "discourse": ('"NS" "trein"', '"NS" "intercity direct"'),
    "gdelt": ('"trein"', '"intercity direct"'),
    "youtube": ("NS",),
}


@pytest.mark.parametrize("platform", ASKED)
def test_what_a_platform_is_asked(platform: str) -> None:
    syntax = connectors.load(platform).SYNTAX  # type: ignore[attr-defined]
    assert searches(parse(TRAIN), syntax, platform).texts == ASKED[platform]


def test_a_platform_that_knows_words_only_is_asked_for_the_first_of_what_stands_together() -> None:
    assert words(parse(TRAIN), "lemmy") == ("NS",)
    assert words(parse("(KPN OR Ziggo) AND storing"), "lemmy") == ("KPN", "Ziggo")
    assert tags(parse("#ns OR trein OR (#spoor ns)"), "tumblr") == ("ns", "spoor")


def test_fields_as_x_writes_them() -> None:
    query = parse("@ns_online OR author:ns OR url:ns.nl/storing OR #ns -@grap -author:bot")
    assert searches(query, x_query.SYNTAX, "x").texts == (
        "@ns_online",
        "from:ns",
        'url:"ns.nl/storing"',
        "(#ns -@grap -from:bot)",
    )


def test_what_only_holds_on_one_platform_is_asked_there_alone() -> None:
    query = parse("(kpn platform:x) OR (ziggo NOT platform:x) OR odido")
    assert words(query, "x") == ("kpn", "odido")
    assert words(query, "lemmy") == ("ziggo", "odido")


def test_what_cannot_be_searched_for_is_told_and_spoils_nothing_else() -> None:
    found = searches(parse("(zonnepan* OR zonnestroom OR #zon) lang:nl"), x_query.SYNTAX, "x")
    assert found.texts == ('"zonnestroom"', "#zon")
    assert found.lost == ("zonnepan* AND lang:nl",)


def test_long_queries_are_cut_into_several_each_short_enough() -> None:
    many = " OR ".join(f"merknaam{number}" for number in range(100))
    for query in (many, f"({many}) AND kapot", f"kapot AND ({many})"):
        found = searches(parse(query), x_query.SYNTAX, "x")
        packed = list(x_query.pack(found.texts, [x_query.WITHOUT_REPOSTS], 512))
        assert packed
        assert all(len(each) <= 512 for each in packed)
        assert not found.lost
    conjunctions = searches(parse(f"({many}) AND kapot"), Syntax(longest=20), "bluesky")
    assert len(conjunctions.texts) == 100
    assert max(map(len, conjunctions.texts)) <= 20


def source(platform: str, query: str) -> Source:
    return Source(name="s", platform=platform, query=parse(query), terms=("x",))


def test_connectors_ask_for_the_query_in_place_of_the_terms() -> None:
    asked = source("x", "kpn storing OR ziggo")
    assert list(x_query.about(asked)) == ['("kpn" "storing")', '"ziggo"']
    assert list(gdelt_queries(source("gdelt", "kpn storing OR ziggo OR odido"))) == [
        '("ziggo" OR "odido")',
        '"kpn" "storing"',
    ]
    news = Source(
        name="n", platform="feed", query=parse("kpn storing OR ziggo"),
        options={"search": ["bing-news"]},
    )  # fmt: skip
    (address,) = feed_search.searches(news, datetime(2026, 1, 1, tzinfo=UTC))
    assert "%22kpn%22+%22storing%22" in address or "%22kpn%22%20%22storing%22" in address


def configured(**organisation: Anything) -> Source:
    config = Config.model_validate(
        {
            "contact": "a@example.org",
            "organisation": {"name": "NS", **organisation},
            "competitor": [{"name": "Arriva"}],
            "source": [
                {"name": "x", "platform": "x"},
                {"name": "own", "platform": "x", "terms": ["zelf"]},
            ],
        }
    )
    found, own = resolve_sources(config)
    assert own.query is None
    assert own.terms == ("zelf",)
    return found


def test_a_source_is_handed_the_queries_of_all_organisations() -> None:
    plain = configured(aliases=["Spoorwegen"])
    assert plain.query is None
    assert plain.terms == ("NS", "Spoorwegen", "Arriva")
    asked = configured(aliases=["Spoorwegen"], query="NS AND trein")
    assert asked.terms == ("Spoorwegen", "Arriva", "NS")
    assert searches(asked.query, x_query.SYNTAX, "x").texts == (
        '"Spoorwegen"',
        '"Arriva"',
        '("NS" "trein")',
    )


# --- models of two platforms: what their searches would give


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def _says(text: str, phrase: str) -> bool:
    """A tokenised match, without accents or capitals, as X describes its own."""
    said, wanted = _tokens(text), _tokens(phrase)
    return any(said[start:][: len(wanted)] == wanted for start in range(len(said)))


_PIECE: Final = re.compile(r'-?"[^"]*"|\(|\)|OR|[^\s()]+')


def on_x(asked: str, post: dict[str, Anything]) -> bool:
    """Whether X would give a post for a query: spaces bind stronger than OR."""
    pieces = _PIECE.findall(asked)

    def either() -> bool:
        found = both()
        while pieces and pieces[0] == "OR":
            pieces.pop(0)
            found = both() or found
        return found

    def both() -> bool:
        found = True
        while pieces and pieces[0] not in {"OR", ")"}:
            found = one() and found
        return found

    def one() -> bool:
        piece = pieces.pop(0)
        if piece == "(":
            found = either()
            assert pieces.pop(0) == ")"
            return found
        if piece.startswith("-"):
            return not leaf(piece[1:])
        return leaf(piece)

    def leaf(piece: str) -> bool:
        if piece.startswith("#"):
            return fold(piece[1:]) in map(fold, post["tags"])
        if piece.startswith("@"):
            return fold(piece[1:]) in map(fold, post["mentions"])
        if piece.startswith("from:"):
            return piece[5:] == post["author_handle"]
        assert piece.startswith('"')
        return _says(post["text"], piece)

    found = either()
    assert not pieces
    return found


@settings(max_examples=200, deadline=None)
@given(queries, posts)
def test_x_would_give_whatever_our_query_matches(query: Query, post: dict[str, Anything]) -> None:
    post = {**post, "platform": "x"}
    found = searches(query, x_query.SYNTAX, "x")
    folded = fold(without_addresses(post["text"]))
    if holds(query, folded, fields_of(post)) and not found.lost:
        assert any(on_x(each, post) for each in x_query.pack(found.texts, [], 512))


@settings(max_examples=200, deadline=None)
@given(queries, posts)
def test_a_search_for_words_would_give_it_too(query: Query, post: dict[str, Anything]) -> None:
    post = {**post, "platform": "mastodon"}
    folded = fold(without_addresses(post["text"]))
    if not holds(query, folded, fields_of(post)):
        return
    for syntax in (Syntax(words=1), Syntax(words=3)):
        found = searches(query, syntax, "mastodon")
        if not found.lost:
            assert any(_every(each, post["text"]) for each in found.texts)


def _every(asked: str, text: str) -> bool:
    """Whether a text says everything a search without OR asks for."""
    return all(_says(text, phrase) for phrase in _PIECE.findall(asked))


def test_texts_are_joined_up_to_the_length_allowed() -> None:
    syntax = Syntax(either="anywhere", longest=12)
    assert list(together(["aaaa", "bbbb", "cccc"], syntax)) == ["aaaa OR bbbb", "cccc"]
