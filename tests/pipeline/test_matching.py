"""Which posts speak of an organisation, told by examples."""

import pickle
import time
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.folding import fold, pages_in, without_addresses
from pipeline.matching import MATCH_SCHEMA, Matcher, Named
from pipeline.post import Post, to_arrow

ZONNEVELD = Named(
    name="Zonneveld Energie",
    aliases=("Zonneveld", "ZVE"),
    exclude=("Zonneveld Makelaars", "Jan Zonneveld"),
    domains=("zonneveld.example", "social.example/zonneveld"),
    tags=("#mijnzonneveld",),
    accounts={"mastodon": ("@zonneveld",), "bluesky": ("zonneveld.bsky.social", "did:plc:zon")},
)
WINDKRACHT = Named(
    name="Windkracht", aliases=("L'Été", "C&A", "苹果"), domains=("windkracht.example",)
)
MATCHER = Matcher.from_organisations([ZONNEVELD, WINDKRACHT])


def ways(**fields: object) -> list[tuple[str, str, str]]:
    """(organisation, alias, kind) for one post."""
    given_fields = {"platform": "mastodon", "text": "", **fields}
    post = Post(
        post_id="1",
        kind="post",
        observed_at=datetime(2026, 1, 1, tzinfo=UTC),
        **given_fields,  # type: ignore[arg-type]
    )
    table = MATCHER.match(to_arrow([post]))
    assert table.schema == MATCH_SCHEMA
    return [(row["organisation"], row["alias"], row["alias_kind"]) for row in table.to_pylist()]


def aliases(text: str) -> list[str]:
    return [alias for _, alias, _ in ways(text=text)]


@pytest.mark.parametrize(
    "text",
    [
        "Storing bij Zonneveld vandaag",
        "ZONNEVELD!",
        "(zonneveld)",
        "Zonneveld's klantenservice",
        "een Zonneveld-klant",
        "ex-Zonneveld",
        "zonneveld'er sinds 2010",
        "#zonneveld",
        "Ｚｏｎｎｅｖｅｌｄ",
        "Zon\u00adne\u200bveld",
        "\u202eZonneveld\u202c",
        "ik zie 🌞Zonneveld🌞 overal",
        "van Zonneveld.",
        "bij Zönnevéld",
        "Zo\u0301nne\u0300veld\u0301\u0316\u0320",
    ],
)
def test_a_name_is_found_as_a_whole_word(text: str) -> None:
    assert aliases(text) == ["Zonneveld"]


@pytest.mark.parametrize(
    "text",
    [
        "zonnevelden vol bloemen",
        "Oudzonneveld",
        "zonneveld2",
        "zonneveld_fan",
        "1zve",
        "o'zve",
        "zve't",
        "https://nieuws.example/zonneveld-failliet",
        "mail jan@zonneveld.nl",
        "@zonneveld@ergens.example",
        "Zonneveld\u20d0",
    ],
)
def test_part_of_a_word_or_of_an_address_is_not_a_name(text: str) -> None:
    assert aliases(text) == []


def test_the_longest_name_stands_for_those_inside_it() -> None:
    assert aliases("Zonneveld Energie is duur") == ["Zonneveld Energie"]
    assert aliases("Zonneveld\n  Energie is duur, zegt ZVE") == ["Zonneveld Energie", "ZVE"]


def test_an_exclusion_takes_back_only_what_it_overlaps() -> None:
    assert aliases("Huis gekocht via Zonneveld Makelaars") == []
    assert aliases("Via Zonneveld Makelaars, stroom van Zonneveld") == ["Zonneveld"]
    assert aliases("Jan Zonneveld Energie") == []
    assert aliases("Zonneveld Makelaarsland") == ["Zonneveld"]


@pytest.mark.parametrize(
    ("text", "alias"),
    [("l’été c’est fini", "L'Été"), ("nieuw bij C&A", "C&A"), ("我爱苹果手机", "苹果")],
)
def test_names_with_signs_accents_or_without_spaces(text: str, alias: str) -> None:
    assert aliases(text) == [alias]


def test_apostrophe_of_elision_is_a_border_and_of_a_surname_is_not() -> None:
    french = Matcher([Named(name="Oréal"), Named(name="Neill")])
    assert [way[1] for way in french.names_in("l'Oréal et O'Neill")] == ["Oréal"]


def test_handles_tags_links_and_authors() -> None:
    company = "Zonneveld Energie"
    assert ways(mentions=("Zonneveld",)) == [(company, "@zonneveld", "handle")]
    assert ways(mentions=("zonneveld",), platform="bluesky") == []
    assert ways(mentions=("did:plc:zon",), platform="bluesky") == [
        (company, "did:plc:zon", "handle")
    ]
    assert ways(tags=("MijnZonneveld",)) == [(company, "#mijnzonneveld", "tag")]
    assert ways(tags=("ZonneveldEnergie",)) == [(company, company, "tag")]
    assert ways(author_handle="zonneveld") == [(company, "@zonneveld", "account")]
    assert ways(author_id="did:plc:zon", platform="bluesky") == [
        (company, "did:plc:zon", "account")
    ]


@pytest.mark.parametrize(
    ("link", "domains"),
    [
        ("https://zonneveld.example/tarieven", ["zonneveld.example"]),
        ("http://www.zonneveld.example", ["zonneveld.example"]),
        ("https://mijn.zonneveld.example:8443/?a=b", ["zonneveld.example"]),
        ("https://nietzonneveld.example/", []),
        ("https://zonneveld.example.evil.example/", []),
        ("https://social.example/zonneveld", ["social.example/zonneveld"]),
        ("https://social.example/zonneveld/posts/1", ["social.example/zonneveld"]),
        ("https://social.example/zonneveldje", []),
        ("https://social.example/", []),
        ("http://[::1", []),
    ],
)
def test_a_link_counts_by_host_or_subdomain(link: str, domains: list[str]) -> None:
    assert [alias for _, alias, _ in ways(links=(link,))] == domains
    assert [alias for _, alias, _ in ways(text=f"zie {link} !")] == domains
    assert [alias for _, alias, _ in ways(text=f"(zie {link}), toch")] == domains


@pytest.mark.parametrize("name", ["Philips_(company)", "Apple_Inc.", "Yahoo!"])
@pytest.mark.parametrize("behind", ["", "#History", "?x=1", "/x"])
def test_domains_may_end_in_a_sign(name: str, behind: str) -> None:
    alias = f"a.example/wiki/{name}"
    matcher = Matcher([Named(name="Zonneveld", domains=(alias,))])
    link = f"https://{alias}{behind}"
    for given_fields in ({"links": (link,)}, {"text": f"zie {link}"}):
        post = Post(
            platform="mastodon",
            post_id="1",
            kind="post",
            observed_at=datetime(2026, 1, 1, tzinfo=UTC),
            **{"text": "", **given_fields},  # type: ignore[arg-type]
        )
        found = matcher.match(to_arrow([post])).column("alias").to_pylist()
        assert found == [alias]


def test_an_address_ends_where_its_brackets_do() -> None:
    assert pages_in("(https://a.nl/b_(c)).")[1] == "https://a.nl/b_(c)"
    assert pages_in("(zie https://a.nl/b)")[1] == "https://a.nl/b"
    assert "https://[::1]" in pages_in("(https://[::1]).")
    assert pages_in("https://[::1]") == ["https://[::1]"]
    assert pages_in("https://a.nl,https://b.nl")[1:] == ["https://a.nl", "https://b.nl"]


@pytest.mark.parametrize(
    "text",
    [
        "https://a.nl/" + "(" * 200_000 + ")" * 200_000,
        "https://a.nl/" + ")" * 400_000,
        "https://a.nl," * 30_000,
        "https://" + "a@" * 200_000,
        "https://" + "[" * 400_000,
        "www." * 100_000 + "!" * 100_000,
        "https://a.nl/" + "](https://" * 40_000,
    ],
)
def test_addresses_are_found_in_time_that_grows_with_the_text_alone(text: str) -> None:
    began = time.process_time()
    assert all(page.startswith(("https://", "www.")) for page in pages_in(text))
    assert time.process_time() - began < 4


def test_title_is_read_too_and_each_way_counts_once() -> None:
    found = ways(title="Zonneveld", text="Zonneveld en zonneveld", mentions=("zonneveld",) * 2)
    assert [(alias, kind) for _, alias, kind in found] == [
        ("Zonneveld", "name"),
        ("@zonneveld", "handle"),
    ]


def test_two_organisations_may_share_a_name() -> None:
    matcher = Matcher([Named(name="Delta"), Named(name="Delta Air", aliases=("Delta",))])
    assert [way[0] for way in matcher.names_in("Delta is laat")] == [0, 1]


def test_the_version_follows_the_names_and_nothing_else() -> None:
    assert Matcher([ZONNEVELD]).version == Matcher([ZONNEVELD]).version
    assert Matcher([ZONNEVELD]).version != MATCHER.version
    copy = pickle.loads(pickle.dumps(MATCHER))
    assert copy.version == MATCHER.version
    assert list(copy.names_in("Zonneveld")) == list(MATCHER.names_in("Zonneveld"))


def test_terms_to_search_for_are_listed_once() -> None:
    named = Named(name="Zonneveld", aliases=("ZONNEVELD", "ZVE"))
    assert Matcher([named]).terms_for("Zonneveld") == ("Zonneveld", "ZVE")


def test_no_posts_and_no_hits_give_an_empty_table() -> None:
    assert MATCHER.match(to_arrow([])).num_rows == 0
    assert ways(text="niets aan de hand") == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_a_name_between_spaces_is_always_found(before: str, after: str) -> None:
    text = f"{before} | zve | {after}"
    assert "ZVE" in [alias for _, alias, _ in MATCHER.names_in(text)]


@pytest.mark.fault(48)
@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Citroën ÉÉN Curaçao", "citroen een curacao"),
        ("Ørsted Łódź Æon IJsland ĳs", "orsted lodz aeon ijsland ijs"),
        ("Ελλάδα", "ελλαδα"),
        ("मोदी 가격 йод", "मोदी 가격 йод"),
        ("कि", "कि"),
    ],
)
def test_accents_are_left_out_where_people_leave_them_out(written: str, folded: str) -> None:
    assert fold(written) == folded


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_folding_settles(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.fault(54)
@pytest.mark.parametrize(
    "piece", ["zonneveld ", "zonneveld makelaars ", "a", "@", "a@a.", "www.", "://", "\u0301", "'t"]
)
def test_very_long_texts_are_read_in_one_pass(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    found = list(MATCHER.names_in(text))
    assert bool(found) == (piece == "zonneveld ")
    assert len(without_addresses(text)) <= 3 * len(text)


def test_the_schema_of_matches() -> None:
    assert MATCH_SCHEMA.names == ["platform", "post_id", "organisation", "alias", "alias_kind"]
    assert all(field.type == pa.string() and not field.nullable for field in MATCH_SCHEMA)
