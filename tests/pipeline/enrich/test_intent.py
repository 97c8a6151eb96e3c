"""Questions, with and without their mark, and what only looks like one."""

import pytest

from pipeline.enrich.intent import intents
from pipeline.enrich.text import readable


def asks(text: str, language: str) -> bool:
    (found,) = intents([readable(text)], [language])
    return "question" in found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wanneer is de storing voorbij?", "nl"),
        ("wanneer is de storing voorbij", "nl"),
        ("@zonneveld hoi, hoe lang duurt het nog", "nl"),
        ("Werkt het weer", "nl"),
        ("Kunnen jullie mij helpen aub", "nl"),
        ("Weet iemand of de winkel open is", "nl"),
        ("Mijn internet ligt eruit. Wat moet ik doen", "nl"),
        ("Can you help me please", "en"),
        ("Hey guys, any update on order 12", "en"),
        ("Is the app down again", "en"),
        ("I paid twice, what should I do now", "en"),
        ("how do I cancel", "en"),
        ("Really? You charged me twice?", "en"),
        ("Warum?", "de"),
        ("ça marche quand ?", "fr"),
        ("Zie https://a.example/?x=1 klopt dit?", "nl"),
    ],
)
def test_questions(text: str, language: str) -> None:
    assert asks(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wat een drama", "nl"),
        ("Wanneer ik bel krijg ik niemand te pakken", "nl"),
        ("Is gelukt, dank!", "nl"),
        ("Zie https://a.example/?x=1", "nl"),
        ("Hoe leuk is dit!", "nl"),
        ("Wie boeit?", "nl"),
        ("Weer te laat. Serieus?", "nl"),
        ('Op de site staat "Kunnen wij u ergens mee helpen?" en verder niets', "nl"),
        ("> waarom doen jullie dit?\nOmdat het kan.", "nl"),
        ("What a day", "en"),
        ("When I call nobody answers", "en"),
        ("Who cares?", "en"),
        ("Do not buy this", "en"),
        ("Thanks for the help", "en"),
        ("wie weet dit nu eigenlijk", "de"),
        ("", "nl"),
        ("?", "nl"),
        ("🤔?", "und"),
    ],
)
def test_no_questions(text: str, language: str) -> None:
    assert not asks(text, language)
