"""Which language: ours, others told apart, and unsure when unsure."""

import tomllib
from importlib import resources

import numpy as np
import pytest

from pipeline.enrich.language import UNKNOWN, WEIGHTS, Language, detect
from pipeline.enrich.language_model import probabilities
from pipeline.enrich.text import readable


def code(text: str, tag: str | None = None) -> str:
    return detect([text], [tag])[0].code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wanneer is de storing in Utrecht voorbij?", "nl"),
        ("Al drie dagen geen internet, wat een drama", "nl"),
        ("dank je wel", "nl"),
        ("When will my parcel be delivered?", "en"),
        ("Warum funktioniert die App schon wieder nicht?", "de"),
        ("Pourquoi mon colis n'est-il pas encore arrivé ?", "fr"),
        ("Wannear is de steuring foarby, witte jim dat al?", "fy"),
        ("Hoekom is my internet so stadig vandag?", "af"),
        ("¿Cuándo llega mi pedido? Nadie contesta", "es"),
        ("Dlaczego moja przesyłka jest opóźniona?", "pl"),
        ("Siparişim ne zaman gelecek acaba?", "tr"),
        ("متى سيصل طلبي؟ لا أحد يجيب", "ar"),
        ("私の荷物はいつ届きますか", "ja"),
    ],
)
def test_languages_are_told_apart(text: str, expected: str) -> None:
    assert code(text) == expected


@pytest.mark.parametrize(
    "text", ["", "   ", "😀😀😀", "12:30 !!!", "12345", "#storing", "lol", "kkkk"]
)
def test_unsure_is_unknown(text: str) -> None:
    found = detect([text], [None])[0]
    assert found.code == UNKNOWN
    assert 0 <= found.confidence < 0.5


def test_the_platform_breaks_a_tie_and_loses_against_a_clear_text() -> None:
    assert code("Storing modem") == UNKNOWN
    assert code("Storing modem", "nl") == "nl"
    assert code("Storing modem", "nl-BE") == "nl"
    assert code("Wanneer is de storing in Utrecht voorbij?", "en") == "nl"
    assert code("When will my parcel be delivered?", "nl") == "en"
    assert code("When will my parcel be delivered?", "tlh") == "en"
    assert code("😀", "nl") == UNKNOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bedankt hoor!", "nl"),
        ("gvd alweer vertraging", "nl"),
        ("Goedemorgen allemaal", "nl"),
        ("danke!", "de"),
        ("merciiii beaucoup", "fr"),
        ("Holaaa, qué tal", "es"),
        ("graciaaas tía", "es"),
        ("thanks joe", "en"),
        ("dat is it folgende wike", "fy"),
        ("dy binne hjir net", "fy"),
        ("ek is baie moeg vandag", "af"),
        ("dzień dobry, dlaczego nie", "pl"),
    ],
)
def test_small_words_tell_a_short_text(text: str, expected: str) -> None:
    assert code(text) == expected


def test_no_language_tells_a_word_twice_and_all_are_known() -> None:
    file = resources.files("pipeline.enrich").joinpath("tells.toml")
    told = tomllib.loads(file.read_text("utf-8"))
    assert set(told) <= set(WEIGHTS)
    assert all(len(words.split()) >= 20 for words in told.values())


def test_texts_do_not_influence_each_other() -> None:
    texts = ["dank je wel", "", "thank you so much for helping", "x" * 200, "Wie weet dit?"] * 120
    together = detect(texts, [None] * len(texts))
    assert together[:5] == [detect([text], [None])[0] for text in texts[:5]]
    assert together == together[:5] * 120
    assert detect([], []) == []


def test_probabilities_equal_those_of_the_package_one_text_at_a_time() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(WEIGHTS))
    texts = [
        "Goedemorgen allemaal",
        "WHY IS IT DOWN",
        "naïve café, señor?",
        "ß",
        "日本",
        "a",
        "q" * 99,
    ]
    for text, shares in zip(texts, probabilities(texts, tuple(WEIGHTS)), strict=True):
        theirs = dict(identifier.rank(text))
        assert np.allclose(shares, [theirs[code] for code in WEIGHTS], atol=1e-5)


def test_confidence_is_a_probability() -> None:
    texts = ["Ik ben heel blij met jullie snelle hulp", "nope", "👍", readable("\ud800 half")]
    for found in detect(texts, [None] * len(texts)):
        assert isinstance(found, Language)
        assert 0.0 <= found.confidence <= 1.0
