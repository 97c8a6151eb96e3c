"""What counts as a copy, and which addresses lead to the same place."""

import random
import time

import pytest

from pipeline.enrich.copies import ALIKE, canonical, fingerprints, pairs, similarity

NEWS = (
    "De gemeente Zaanstad legt dit najaar drie nieuwe fietsbruggen aan over de Zaan, zo meldde "
    "de wethouder gisteren na afloop van de raadsvergadering."
)


def alike(one: str, other: str) -> bool:
    return similarity(pairs(one), pairs(other)) >= ALIKE


def share_a_band(one: str, other: str) -> bool:
    first, second = fingerprints([one, other])
    assert first is not None
    assert second is not None
    return any(map(int.__eq__, first, second))


@pytest.mark.parametrize(
    "copy",
    [
        f"RT @nieuws: {NEWS}",
        f"{NEWS} https://krant.example/123?utm_source=x",
        NEWS.upper(),
        NEWS.replace("drie", "vier"),
        f"<p>{NEWS}</p> #fietsen 🚲",
        f"Mooi! {NEWS}",
    ],
)
def test_copies_share_most_of_their_words_and_a_band(copy: str) -> None:
    assert alike(NEWS, copy)
    assert share_a_band(NEWS, copy)


@pytest.mark.parametrize(
    "other",
    [
        "De gemeente Zaanstad legt dit jaar geen nieuwe bruggen aan, er is geen geld meer voor",
        "Gisteren na afloop van de training fietste ik over de Zaan naar huis met mijn zoontje",
    ],
)
def test_what_is_said_about_the_same_is_no_copy(other: str) -> None:
    assert not alike(NEWS, other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bedankt!",
        "Gefeliciteerd met je verjaardag, maak er wat moois van",
        "ha " * 500,
        "😀" * 200,
        "@" * 5_000,
    ],
)
def test_short_and_empty_phrases_are_nobodys_story(text: str) -> None:
    assert fingerprints([text]) == [None]


def test_fingerprints_are_the_same_every_time_and_in_any_company() -> None:
    assert fingerprints([NEWS, "bedankt!"]) == [*fingerprints([NEWS]), None]
    (bands,) = fingerprints([NEWS])
    assert bands is not None
    assert len(bands) == 16
    assert all(0 <= band < 2**32 for band in bands)


def test_nearly_all_copies_share_a_band() -> None:
    chance = random.Random(7)
    words = [f"woord{number}" for number in range(2_000)]
    missed = 0
    for _ in range(300):
        said = chance.choices(words, k=30)
        copy = list(said)
        for place in chance.sample(range(30), 2):
            copy[place] = "anders"
        if alike(" ".join(said), " ".join(copy)):
            missed += not share_a_band(" ".join(said), " ".join(copy))
    assert missed <= 6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "https://www.Krant.example/nieuws/42/?utm_source=rss&utm_medium=feed#reacties",
            "http://krant.example/nieuws/42",
        ),
        ("https://m.krant.example/a/amp", "https://krant.example/a"),
        ("https://krant.example/lees?b=2&a=1&fbclid=xyz", "https://krant.example/lees?a=1&b=2"),
        ("https://krant.example/a/index.html", "https://krant.example/a/"),
    ],
)
def test_addresses_of_one_article(one: str, other: str) -> None:
    assert canonical(one) == canonical(other) is not None


def test_other_articles_stay_apart() -> None:
    ways = ["lees?id=1", "lees?id=2", "lees", "Lees", "lezen/1"]
    found = {canonical(f"https://krant.example/{way}") for way in ways}
    assert len(found) == len(ways)


@pytest.mark.parametrize(
    "address",
    ["", "krant", "mailto:a@b.example", "https://krant.example/", "https://[", "at://x/y"],
)
def test_a_front_page_and_what_is_no_address_name_no_article(address: str) -> None:
    assert canonical(address) is None


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "ab " * 33_000,
        "<b " * 33_000,
        "http://" * 14_000,
        "😀 " * 50_000,
        "e\u0301\u0302\u0303" * 25_000,
        "שלום עולם " * 10_000,
        "\ud800 " * 1_000,
        "QmFzZTY0" * 12_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_no_text_takes_long_to_fingerprint(text: str) -> None:
    begin = time.process_time()
    (found,) = fingerprints([text])
    assert time.process_time() - begin < 1
    assert found is None or len(found) == 16
