"""About whom: one text, several judgements."""

import pytest

from pipeline.enrich.sentiment_about import judge_about

NAMES = {"Zonneveld": ["Zonneveld Energie", "Zonneveld", "@zonneveld"], "Acme": ["Acme"]}


@pytest.mark.parametrize(
    ("text", "language", "ours", "theirs"),
    [
        ("Love Zonneveld but Acme is terrible", "en", "positive", "negative"),
        ("Zonneveld is better than Acme", "en", "positive", "negative"),
        ("Acme is veel beter dan Zonneveld", "nl", "negative", "positive"),
        (
            "Top geholpen door @zonneveld, bij Acme stond ik een uur in de wacht. Wat een drama.",
            "nl",
            "positive",
            "negative",
        ),
        ("Na een jaar ellende bij Acme over naar Zonneveld: top!", "nl", "positive", "negative"),
        ("Zonneveld en Acme zijn allebei waardeloos", "nl", "negative", "negative"),
        ("I hate Acme and love Zonneveld", "en", "positive", "negative"),
        ("I switched from awful Acme to Zonneveld: great people", "en", None, None),
        ("Alweer storing bij Zonneveld Energie", "nl", "negative", None),
    ],
)
def test_each_is_judged_by_its_own_clauses(
    text: str, language: str, ours: str | None, theirs: str | None
) -> None:
    found = judge_about(text, language, NAMES)
    if ours:
        assert found["Zonneveld"] is not None
        assert found["Zonneveld"].label == ours
    if theirs:
        assert found["Acme"] is not None
        assert found["Acme"].label == theirs


def test_who_is_not_named_is_not_judged() -> None:
    assert judge_about("What a terrible day", "en", NAMES) == {}
    assert set(judge_about("Thanks Acme", "en", NAMES)) == {"Acme"}
    assert judge_about("Thanks Acme", "en", {}) == {}
    assert judge_about("Thanks Acme", "en", {"Nobody": ["", " "]}) == {}


def test_a_language_nobody_reads_gives_no_mood() -> None:
    assert judge_about("Acme ist wunderbar", "de", NAMES) == {"Acme": None}


def test_a_name_is_not_part_of_a_longer_word() -> None:
    assert judge_about("the acmeist poets are great", "en", NAMES) == {}


@pytest.mark.parametrize("text", ["Acme " * 20_000, "Acme, " * 2_000, "than Acme " * 500, "\ue000"])
def test_any_text_takes_bounded_time(text: str) -> None:
    assert set(judge_about(text[:100_000], "en", NAMES)) <= {"Acme", "Zonneveld"}
