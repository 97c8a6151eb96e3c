"""The mood of a text, and when there is none to be told."""

import os
import re
import subprocess
import sys
import time
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.testing.thorough import examples
from pipeline.enrich import sentiment
from pipeline.enrich.sentiment import Sentiment, Voices, combine, judge, lean, lexical
from pipeline.enrich.sentiment_rules import Heard
from pipeline.enrich.text import readable
from pipeline.evaluate import evaluate
from tests.shared import REPOSITORY


def mood(text: str, language: str, *names: str) -> str:
    (found,) = judge([readable(text)], [language], names)
    assert found is not None
    assert -1 <= found.score <= 1
    assert 0 < found.confidence <= 1
    return found.label


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("What a wonderful service, I love it!", "en", "positive"),
        ("Worst company ever, terrible and slow.", "en", "negative"),
        ("The parcel arrives on Tuesday.", "en", "neutral"),
        ("Wat een fijne en snelle hulp, prachtig!", "nl", "positive"),
        ("Verschrikkelijk slecht en traag.", "nl", "negative"),
        ("Het pakket komt dinsdag.", "nl", "neutral"),
        ("Where can I find my invoice?", "en", "neutral"),
        ("Waar vind ik mijn factuur?", "nl", "neutral"),
    ],
)
def test_people_are_content_or_not_or_neither(text: str, language: str, label: str) -> None:
    assert mood(text, language) == label


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("This isn't good.", "en", "negative"),
        ("this isnt good", "en", "negative"),
        ("I can’t recommend them", "en", "negative"),
        ("not good", "en", "negative"),
        ("That is not bad at all", "en", "positive"),
        ("Niet goed. Slechte service.", "nl", "negative"),
        ("Niet slecht!", "nl", "positive"),
        ("Het was niet leuk. Mooi weer wel.", "nl", "neutral"),
        ("Ik ben niet tevreden over jullie", "nl", "negative"),
        ("Nooit saai, ik heb genoten", "nl", "positive"),
    ],
)
def test_negation_reaches_as_far_as_its_clause(text: str, language: str, label: str) -> None:
    assert mood(text, language) == label


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("not very good", "en", "negative"),
        ("Not really happy with this", "en", "negative"),
        ("I still do not have a good connection", "en", "negative"),
        ("Wij hebben absoluut geen goed gevoel", "nl", "negative"),
        ("Niet zo vriendelijk", "nl", "negative"),
        ("Ik ben er niet echt blij mee", "nl", "negative"),
        ("not bad great phone", "en", "positive"),
    ],
)
def test_a_negation_within_a_phrase_reaches_beyond_it(text: str, language: str, label: str) -> None:
    assert mood(text, language) == label


def test_a_phrase_denies_four_words_with_its_own_and_none_after_and() -> None:
    def score(text: str) -> float:
        (found,) = judge([text], ["en"])
        assert found is not None
        return found.score

    assert score("not very in on great") < score("not very") < score("not very in on at great")
    assert score("not very on at great") == score("not really on at great")
    assert score("not very and great") > score("not very")
    assert score("not very but great") > score("not very")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("can't believe how great the crew was", "en"),
        ("Cannot believe how good the service was today", "en"),
        ("I can't even describe how good this was", "en"),
        ("I do not have a problem with great prices", "en"),
        ("not very expensive and great quality", "en"),
        ("not really a problem thanks great help", "en"),
        ("Still haven't found a better provider, love it", "en"),
        ("Niet zo duur en vriendelijk personeel", "nl"),
        ("Dit was zeker niet mijn laatste bezoek heerlijk", "nl"),
        ("geen internet gelukkig snel geholpen", "nl"),
    ],
)
def test_a_phrase_complete_in_itself_denies_no_praise_behind_it(text: str, language: str) -> None:
    assert mood(text, language) != "negative"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Kan ik iedereen aanraden", "positive"),
        ("Kan ik niet aanraden", "negative"),
        ("Dit kan ik niemand aanraden", "negative"),
        ("Het zal me altijd bijblijven", "positive"),
        ("Het zal me niet bijblijven", "negative"),
    ],
)
def test_no_phrase_is_heard_across_a_negation(text: str, label: str) -> None:
    assert mood(text, "nl") == label


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("I can't thank you enough", "en", "positive"),
        ("Couldn't recommend them more highly", "en", "positive"),
        ("Never been happier", "en", "positive"),
        ("Never had such good service", "en", "positive"),
        ("Never had such bad service", "en", "negative"),
        ("Without doubt the best", "en", "positive"),
        ("Heard nothing but great things", "en", "positive"),
        ("I can't get enough of this", "en", "positive"),
        ("Can't recommend them highly enough", "en", "positive"),
        ("Can't beat the price", "en", "positive"),
        ("It has never been so easy to book", "en", "positive"),
        ("Nooit beter geholpen", "nl", "positive"),
        ("Wij mogen niet klagen", "nl", "positive"),
        ("Nothing but lies", "en", "negative"),
        ("I can't recommend this place", "en", "negative"),
        ("Niet normaal zo goed!", "nl", "positive"),
        ("Ik kan niet klagen", "nl", "positive"),
        ("Nergens beter", "nl", "positive"),
        ("Geen dank!", "nl", "neutral"),
        ("Het valt niet mee", "nl", "negative"),
        ("Het valt best mee", "nl", "positive"),
    ],
)
def test_some_denials_praise(text: str, language: str, label: str) -> None:
    assert mood(text, language) == label


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I can't rate this highly", "en"),
        ("I can not recommend highly", "en"),
        ("can not get enough signal here", "en"),
        ("We can not get enough staff to help us", "en"),
        ("My calls seem not to be missed by anyone", "en"),
        ("Nothing beats waiting 3 hours for a plane", "en"),
        ("Can't beat the rush hour, can you", "en"),
        ("It has never been so easy to lose my luggage", "en"),
        ("Dit wordt nooit beter", "nl"),
        ("Het is nooit beter geworden", "nl"),
        ("Het wordt er nooit beter op", "nl"),
        ("Niet te geloven hoe snel mijn bundel op is", "nl"),
        ("Niet normaal zo snel als mijn data opgaat", "nl"),
        ("Jullie kunnen niet klagen dat ik niet betaal", "nl"),
        ("Ik kan niet klagen bij een mens, alleen bij een chatbot", "nl"),
        ("Geen dank gekregen voor 20 jaar klant", "nl"),
    ],
)
def test_denials_like_those_that_praise_do_not(text: str, language: str) -> None:
    assert mood(text, language) != "positive"


def test_nothing_but_is_no_praise_unless_praise_follows() -> None:
    blamed = ["a voucher", "silence from you", "problems", "excuses and lies", "bad service"]
    found = judge([f"Nothing but {what}" for what in blamed], ["en"] * len(blamed))
    assert {each.label for each in found if each} == {"negative"}
    assert mood("Nothing but the best", "en") == mood("Nothing but kindness", "en") == "positive"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ik heb een klacht", "negative"),
        ("Alweer vertraging", "negative"),
        ("Storing in Utrecht", "negative"),
        ("Bedankt", "positive"),
        ("Wat een drama", "negative"),
        ("Al drie uur in de wacht", "negative"),
        ("De app werkt niet", "negative"),
        ("Netjes opgelost, top", "positive"),
        ("Een aanrader", "positive"),
        ("Zonde van je geld", "negative"),
        ("Dit viel me tegen", "negative"),
        ("Keurige bezorger, kom zeker terug", "positive"),
    ],
)
def test_dutch_words_of_service(text: str, label: str) -> None:
    assert mood(text, "nl") == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Been on hold for 40 minutes", "negative"),
        ("my order never arrived", "negative"),
        ("you charged me twice", "negative"),
        ("the app keeps crashing", "negative"),
        ("Thanks for the quick reply", "positive"),
        ("customer care number please", "neutral"),
        ("playing a game", "neutral"),
    ],
)
def test_english_words_of_service(text: str, label: str) -> None:
    assert mood(text, "en") == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("👍", "positive"),
        ("😡", "negative"),
        (":)", "positive"),
        (":-(", "negative"),
        ("📦", "neutral"),
    ],
)
def test_signs_speak_every_language(text: str, label: str) -> None:
    assert mood(text, "nl") == mood(text, "en") == label


def test_signs_without_a_word_need_no_language() -> None:
    assert mood("👍🏻👍🏻", "und") == mood("❤️", "de") == mood("10/10 :)", "und") == "positive"
    assert mood("😡😡", "und") == "negative"
    assert judge(["📦", "12:30", "?", "Прекрасно 👍"], ["und"] * 4) == [None] * 4
    for text in ("10/10", "❤️ :D", ":("):
        (own, *others) = judge([text] * 4, ["und", "nl", "en", "de"])
        assert own is not None
        assert others == [own] * 3


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (":D", "positive"),
        (":P", "positive"),
        (":DDDD", "positive"),
        ("xD", "positive"),
        ("ℹ️ 👍", "positive"),
        ("⭐⭐⭐⭐⭐", "positive"),
        ("★★★★★", "positive"),
        ("★★★★☆", "positive"),
        ("⭐☆☆☆☆", "negative"),
        ("★★☆☆☆", "negative"),
        ("5/5", "positive"),
        ("10/10!", "positive"),
    ],
)
def test_emoticons_marks_and_stars_are_signs(text: str, label: str) -> None:
    assert mood(text, "und") == label


@pytest.mark.parametrize(
    "text", ["10/10/2024", "10/10 14:00", "110/10", "5/5.5", "★★★☆☆", "★", "(1) 2:(3)", ":", ""]
)
def test_dates_numbers_and_stars_halfway_say_nothing(text: str) -> None:
    assert judge([text], ["und"]) == [None]


def test_a_date_within_a_sentence_is_no_mark() -> None:
    assert mood("The meeting is on 5/5", "en") == mood("De bus rijdt tot 10/10", "nl") == "neutral"
    assert mood("I rate this 5/5", "en") == mood("De bus krijgt 10/10", "nl") == "positive"


@pytest.mark.parametrize("text", ["Toll!", "1234 AB", "?", "📦", "...", " \n"])
def test_an_unsure_text_in_which_nothing_is_heard_has_no_mood(text: str) -> None:
    assert judge([text], ["und"], tags=["nl"]) == [None]


def test_an_unsure_text_is_read_in_the_language_of_its_platform() -> None:
    texts, codes = ["Geweldig!", "Geweldig!", "#fail"], ["und"] * 3
    found = judge(texts, codes, tags=["nl_NL", None, "en-GB"])
    assert [each and each.label for each in found] == ["positive", None, "negative"]


def test_a_long_row_of_brackets_takes_no_longer_than_other_text() -> None:
    judge(["goed", ":)"], ["nl"] * 2)
    started = time.process_time()
    judge(["(" * 40_000, ":(" * 20_000, "[" * 40_000], ["nl"] * 3)
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Top service hoor #not", "nl"),
        ("Great service /s", "en"),
        ("thanks for nothing", "en"),
        ("Lekker bezig weer", "nl"),
    ],
)
def test_what_is_marked_as_irony_is_no_praise(text: str, language: str) -> None:
    assert mood(text, language) == "negative"


def test_letters_held_long_and_words_in_tags_are_words() -> None:
    assert mood("sooo gooood", "en") == "positive"
    assert mood("#WorstServiceEver", "en") == "negative"
    assert mood("#nothappy", "en") == "negative"
    assert mood("#badminton", "en") == "neutral"
    assert mood("good c/s today", "en") == "positive"


def test_stress_turns_and_questions_change_the_strength() -> None:
    def score(text: str) -> float:
        (found,) = judge([text], ["en"])
        assert found is not None
        return found.score

    assert score("very good") > score("good") > score("fairly good") > 0
    assert score("good but slow") < score("slow but good")
    assert score("good!") > score("good") > score("good?") > 0
    assert score("this would be nice") < score("this is nice")


def test_a_name_has_no_mood() -> None:
    assert mood("Brilliant Energy is at 5 Main Street", "en") == "positive"
    assert mood("Brilliant Energy is at 5 Main Street", "en", "Brilliant Energy") == "neutral"
    assert mood("@BrilliantEnergy where are you", "en") == "neutral"
    assert mood("brilliant work by Brilliant energy", "en", "Brilliant Energy") == "positive"


NAMES = ("KPN", "NS", "Zonneveld", "Albert Heijn", "T-Mobile", "ING", "Budget", "Sun", "Shell")


@pytest.mark.parametrize(
    "tag",
    [
        *("#kpnfail", "#KPNfail", "#KPNFail", "#KPNFAIL", "#kpn_fail", "#zonneveldstoring"),
        *("#kpnnietblij", "#failkpn", "#FailKPN", "#stomns", "#albertheijnfail", "#tmobilefail"),
    ],
)
def test_what_a_tag_says_besides_a_name_has_its_mood(tag: str) -> None:
    assert mood(tag, "nl", *NAMES) == "negative"
    assert mood(f"pre{tag[1:]}", "nl", *NAMES) == mood(f"pre{tag[1:]}", "nl")


def test_a_name_within_a_tag_is_heard_at_its_ends_only() -> None:
    assert mood("#prekpnfail", "nl", "KPN") == mood("prekpnfail", "nl", "KPN") == "neutral"


@pytest.mark.parametrize(
    "word", ["ingewikkeld", "ingenieus", "budgetvriendelijk", "sunshine", "shellshock", "storing"]
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_word_that_begins_or_ends_like_a_name_is_left_whole(word: str, language: str) -> None:
    for tag in (f"#{word}", f"#{word.upper()}"):
        assert judge([tag], [language], NAMES) == judge([tag], [language])


def test_what_is_left_of_a_tag_falls_apart_as_any_other() -> None:
    assert mood("#AmericanHorrorStory", "en", "American") == mood("#HorrorStory", "en")
    assert mood("#UnitedWeStand", "en", "United") == mood("#WeStand", "en")
    assert mood("#kpnNietBlij", "nl", "KPN") == "negative"


@pytest.mark.parametrize(
    ("text", "language"),
    [("Wunderbar!", "de"), ("wonderful", "und"), ("goed", "fy"), ("", "en"), ("  \n", "nl")],
)
def test_what_nobody_reads_has_no_sentiment(text: str, language: str) -> None:
    assert judge([text], [language]) == [None]


GERMAN = """
[[group]]
reason = "praise"
weight = 2.0
words = "wunderbar toll danke"
[[group]]
reason = "blame"
weight = -2.0
words = "schlecht kaputt*"
phrases = ["geht nicht"]
[negates]
words = "nicht kein keine"
"""
PACKAGE = """
from pathlib import Path
from pipeline.enrich.sentiment import Voices, lexical
READ = lexical("de", Voices(1.0, 0.0, 0.0, 0.35, -0.15), Path(__file__).with_name("de.toml"))
"""


def installed(folder: Path, value: str) -> Path:
    """A package with a reader of German, as pip leaves it."""
    folder.joinpath("our_german.py").write_text(PACKAGE)
    folder.joinpath("de.toml").write_text(GERMAN)
    about = folder / "our_german-1.4.dist-info"
    about.mkdir()
    about.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: our-german\nVersion: 1.4\n")
    about.joinpath("entry_points.txt").write_text(f"[luister.sentiment]\nde = {value}\n")
    return folder


def with_package(folder: Path, script: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.enrich.sentiment import *\n" + script],
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{REPOSITORY}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_another_language_is_a_package_more(tmp_path: Path) -> None:
    script = (
        "texts = ['Das ist wunderbar!', 'Das ist nicht toll', 'Der Zug kommt', 'goed', ':(']\n"
        "found = judge(texts, ['de', 'de', 'de', 'nl', 'de'])\n"
        "print(VERSION.endswith('+de.our-german1.4'), *(one.label for one in found))"
    )
    told = with_package(installed(tmp_path, "our_german:READ"), script)
    assert told.stdout.split() == [
        "True",
        "positive",
        "negative",
        "neutral",
        "positive",
        "negative",
    ]


def test_an_extension_that_is_broken_is_named(tmp_path: Path) -> None:
    told = with_package(installed(tmp_path, "our_german:GONE"), "judge(['gut'], ['de'])")
    assert (
        "LuisterError: our_german:GONE: the extension that reads de cannot be loaded" in told.stderr
    )


def test_voices_are_weighed_and_cut() -> None:
    voices = Voices(0.5, 0.3, 0.2, positive_above=0.4, negative_below=-0.2)
    assert combine(Heard(1.0, 1.0, 1.0, 1), voices) == Sentiment("positive", 1.0, 0.9)
    assert combine(Heard(-0.6, 0.0, 0.0, 1), voices).label == "negative"
    assert combine(Heard(0.0, 0.0, 0.0, 0), voices) == Sentiment("neutral", 0.0, 0.65)
    undecided = Heard(0.6, 0.0, 0.0, 1)
    assert combine(undecided, voices).label == "neutral"
    assert combine(undecided._replace(evidence=12), voices).label == "positive"


def test_a_stronger_score_is_surer() -> None:
    weak, strong = judge(["slecht", "slecht, traag en waardeloos, wat een drama"], ["nl", "nl"])
    assert weak is not None
    assert strong is not None
    assert weak.label == strong.label == "negative"
    assert weak.confidence < strong.confidence <= 0.95


def test_between_two_the_nearer_side() -> None:
    assert lean(Sentiment("neutral", 0.2, 0.4), "nl") == "positive"
    assert lean(Sentiment("neutral", 0.0, 0.4), "nl") == "negative"


@pytest.mark.parametrize("name", ["en", "nl", "signs"])
def test_no_word_stands_in_two_groups_and_every_group_has_a_reason(name: str) -> None:
    file = resources.files("pipeline.enrich").joinpath(f"mood.{name}.toml")
    groups = tomllib.loads(file.read_text("utf-8"))["group"]
    words = Counter(
        word
        for group in groups
        for word in (*group.get("words", group.get("signs", "")).split(), *group.get("phrases", ()))
    )
    assert [word for word, times in words.items() if times > 1] == []
    assert all(group["reason"] and -3 <= group["weight"] <= 3 for group in groups)


def test_a_language_needs_only_a_file() -> None:
    assert lexical("nl", sentiment.DUTCH)("prachtig") == judge(["prachtig"], ["nl"])[0]


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("service_nl", 0.93),
        ("service_unseen_nl", 0.7),
        ("service_words_nl", 0.82),
        ("service_seen_nl", 0.9),
        ("service_kept_nl", 0.78),
    ],
    ids=str,
)
def test_dutch_posts_to_companies(name: str, floor: float) -> None:
    """Posts made up for this test; the words were revised by all but the unseen and the kept ones.

    ``service_words_nl`` holds words that mean several things: bezorgd, stuk, slim, "lekker bezig".
    Of ``service_kept_nl`` no error was looked at, but who wrote it chose the words too.
    """
    found = evaluate("sentiment", Path(__file__).with_name(f"{name}.csv"))
    assert found.macro_f1 >= floor
    assert found.confusion["negative"].get("positive", 0) <= found.n / 50
    assert found.confusion["positive"].get("negative", 0) <= 3


@settings(max_examples=examples(200), deadline=None)
@given(text=st.text(max_size=200), language=st.sampled_from(["en", "nl"]))
def test_any_text_is_judged_alike_twice(text: str, language: str) -> None:
    first, again = judge([text, text], [language] * 2)
    assert first == again
    assert (first is None) == (not text or text.isspace())
    assert first is None or -1 <= first.score <= 1


RULED = ("not", "niet", "good", "goed", "bad", "slecht", "very", "heel", "but", "maar", "if")


@settings(max_examples=examples(100), deadline=None)
@given(
    words=st.lists(
        st.sampled_from((*RULED, "!", "?", ",", ".", ":)", "#not")),
        max_size=60,
    )
)
def test_rules_upon_rules_stay_within_bounds(words: list[str]) -> None:
    for found in judge([" ".join(words)] * 2, ["en", "nl"]):
        assert found is None or (-1 <= found.score <= 1 and 0 < found.confidence <= 0.95)


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("Mijn pakket is vandaag bezorgd", "neutral"),
        ("Wordt het morgen bezorgd", "neutral"),
        ("Keurig bezorgd, dank", "positive"),
        ("Ik ben bezorgd over mijn gegevens", "negative"),
    ],
)
def test_to_deliver_is_not_to_worry(text: str, mood: str) -> None:
    (found,) = judge([text], ["nl"])
    assert found is not None
    assert found.label == mood


@pytest.mark.parametrize(
    "text",
    [
        "UNITED is goed",
        "bank\nof  america is goed",
        "Straße is goed",
        "ıstanbul is goed",
        "unitedly",
    ],
)
def test_names_are_read_over_however_they_are_written(text: str) -> None:
    """Looking quickly for a word of each name finds all that the pattern of the names finds."""
    names = ("United", "Bank of America", "STRASSE", "straße", "İstanbul")
    pattern = re.compile(
        r"(?<!\w)(?:" + "|".join(r"\s+".join(name.split()) for name in names) + r")(?!\w)",
        re.IGNORECASE,
    )
    assert judge([text], ["nl"], names) == judge([pattern.sub(" ", text)], ["nl"])
