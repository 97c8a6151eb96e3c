"""What texts want: questions without their mark, complaints, thanks, and what denies them."""

import pytest

from pipeline.enrich.intent import intents, needs_response
from pipeline.enrich.intent_phrases import spoken
from pipeline.enrich.text import readable


def wants(text: str, language: str) -> list[str]:
    plain = readable(text)
    (found,) = intents([plain], [spoken(plain)], [language])
    return found


def asks(text: str, language: str) -> bool:
    return "question" in wants(text, language)


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


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Wat een waardeloze service, dit is belachelijk", "nl", {"complaint"}),
        ("Al drie weken geen reactie op mijn mail", "nl", {"complaint"}),
        ("Your customer service is a disgrace", "en", {"complaint"}),
        ("Still waiting for my refund after 3 weeks", "en", {"complaint"}),
        ("De app crasht en inloggen werkt niet", "nl", {"complaint", "fault_report"}),
        ("The screen is broken and it keeps crashing", "en", {"complaint", "fault_report"}),
        ("Stuur mij alsjeblieft de factuur", "nl", {"request"}),
        ("Please send me the form", "en", {"request"}),
        ("Wat een prachtige winkel, heerlijk", "nl", {"praise"}),
        ("I love the new design, great work", "en", {"praise"}),
        ("Dank je wel voor de uitleg", "nl", {"thanks"}),
        ("Thank you so much", "en", {"thanks"}),
        ("Idee voor de site: een zoekknop", "nl", {"suggestion"}),
        ("It would be nice if there was a search field", "en", {"suggestion"}),
        ("Winactie! Like en deel en maak kans op een fiets", "nl", {"spam"}),
        ("Giveaway: RT and follow for a chance to win", "en", {"spam"}),
        ("Nu in de aanbieding: fietsen met 20% korting", "nl", {"advertisement"}),
        ("Shop now, 20% off, free shipping", "en", {"advertisement"}),
        ("Ik fiets vandaag naar het strand", "nl", set()),
        ("We went to the beach", "en", set()),
        ("Das ist eine Katastrophe", "de", set()),
    ],
)
def test_what_texts_want(text: str, language: str, expected: set[str]) -> None:
    assert set(wants(text, language)) == expected


@pytest.mark.parametrize(
    ("text", "denied", "instead"),
    [
        ("not a good service at all", "praise", "complaint"),
        ("niet zo'n fijne winkel", "praise", "complaint"),
        ("I have no complaint whatsoever, thanks", "complaint", "thanks"),
        ("Bedankt voor niets, zeg", "thanks", "complaint"),
    ],
)
def test_denial_turns_what_is_said(text: str, denied: str, instead: str) -> None:
    found = wants(text, "nl" if "niet" in text else "en")
    assert denied not in found
    assert instead in found


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("De storing is verholpen", "nl", set()),
        ("Mijn klacht is opgelost", "nl", set()),
        ("De storing is niet verholpen", "nl", {"complaint", "fault_report"}),
        ("Internet doet het weer niet", "nl", {"complaint", "fault_report"}),
        ("The outage has been resolved", "en", set()),
        ("Nothing has been fixed, it is still broken", "en", {"complaint", "fault_report"}),
    ],
)
def test_trouble_that_is_over_waits_for_no_answer(
    text: str, language: str, expected: set[str]
) -> None:
    assert set(wants(text, language)) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Nog nooit zo goed geholpen", "nl", {"praise"}),
        ("Nog nooit zo slecht geholpen", "nl", {"complaint"}),
        ("Ik kan niet wachten tot mijn fiets er is", "nl", set()),
        ("Never had such good service", "en", {"praise"}),
        ("Never had such bad service", "en", {"complaint"}),
        ("I can't thank you enough", "en", {"thanks"}),
    ],
)
def test_the_strongest_that_can_be_said_denies_nothing(
    text: str, language: str, expected: set[str]
) -> None:
    assert set(wants(text, language)) == expected


def test_questions_complaints_and_requests_wait_for_an_answer() -> None:
    assert needs_response(["thanks", "request"])
    assert not needs_response(["thanks", "praise"])
    assert not needs_response([])
