"""What texts want: questions without their mark, complaints, thanks, and what denies them."""

import csv
from pathlib import Path

import pytest

from pipeline.enrich import read
from pipeline.enrich.intent import intents, needs_response
from pipeline.enrich.intent_phrases import spoken
from pipeline.enrich.sentiment import judge
from pipeline.enrich.text import readable


def wants(text: str, language: str) -> list[str]:
    plain = readable(text)
    (found,) = intents([plain], [spoken(plain)], [language], judge([plain], [language]))
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
        ("Mag ook wel eens gezegd worden: prima service", "nl"),
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
        ("Internet werkt weer, bedankt!", "nl", {"thanks"}),
        ("De tv-storing is inmiddels verholpen ❤️", "nl", {"praise"}),
        ("The outage has now been resolved. Thanks for the help!", "en", {"thanks"}),
        ("De storing is verholpen", "und", set()),
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
        ("I cannot thank them enough", "en", {"thanks"}),
        ("I can't recommend them enough!", "en", {"praise"}),
        ("Cannot recommend this company highly enough", "en", {"praise"}),
        ("Cannot wait to ride my new bike!", "en", set()),
    ],
)
def test_the_strongest_that_can_be_said_denies_nothing(
    text: str, language: str, expected: set[str]
) -> None:
    assert set(wants(text, language)) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nog nooit zo weinig goede service gehad", "nl"),
        ("Nog nooit zo'n goede service gehad, maar nu werkt het niet", "nl"),
        ("Ik kan niet wachten, ik heb vandaag internet nodig!", "nl"),
        ("Kan niet wachten op de monteur, moet naar mijn werk", "nl"),
        ("Kan niet wachten op mijn pakket", "nl"),
        ("Kan niet wachten tot jullie me terugbellen", "nl"),
        ("Kan niet wachten tot ik van jullie af ben", "nl"),
        ("Cannot wait for you to fix this", "en"),
        ("I can't recommend avoiding this company enough", "en"),
        ("Cannot wait 3 hours on hold", "en"),
        ("Cannot wait for 3 hours on hold", "en"),
        ("Cannot wait until Monday for my refund", "en"),
        ("You cannot thank people and then ignore them", "en"),
        ("You can't thank customers and charge them twice, my order never arrived", "en"),
        ("I can't recommend this hotel", "en"),
        ("I can't recommend them, not good enough", "en"),
        ("Can't recommend it not good enough", "en"),
    ],
)
def test_a_denial_that_denies_is_still_a_complaint(text: str, language: str) -> None:
    assert "complaint" in wants(text, language)


FAULT = {"complaint", "fault_report"}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("De storing is opgelost maar nu weer stuk", "nl", FAULT),
        ("De storing is verholpen, weer storing", "nl", FAULT),
        ("Storing zou zijn opgelost maar tv doet het niet", "nl", FAULT),
        ("Laat het me weten als de storing is verholpen", "nl", FAULT),
        ("Volgens jullie is de storing is verholpen. Bij mij niet.", "nl", FAULT),
        ("Ik wil dat dit vandaag is opgelost, schandalig", "nl", {"complaint"}),
        ("Geen van mijn problemen zijn opgelost", "nl", {"complaint"}),
        ("Fijn dat de storing is hersteld, maar mijn tv is kapot", "nl", {"fault_report"}),
        ("De termijn is voorbij en nog geen geld terug", "nl", {"complaint"}),
        ("Het geduld is voorbij, belachelijk wat een klotebedrijf", "nl", {"complaint"}),
        ("Mijn geduld is voorbij, de app crasht steeds", "nl", FAULT),
        ("Internet werkt weer nauwelijks, hele dag storing", "nl", FAULT),
        ("Het werkt weer eens voor geen meter, storing", "nl", FAULT),
        ("Werkt weer half, steeds foutmelding", "nl", FAULT),
        ("werkt weer traag en crasht", "nl", FAULT),
        ("App doet het weer eens niet, storing?", "nl", FAULT),
        ("Storing opgelost?", "nl", FAULT),
        ("Hoe lang duurt het voordat dit is opgelost, internet ligt eruit", "nl", FAULT),
        ("It has been fixed but now it's broken again", "en", FAULT),
        ("It works again but keeps crashing", "en", FAULT),
        ("Make sure it works again, it keeps crashing", "en", FAULT),
        ("I want compensation until it has been resolved, not working", "en", FAULT),
        ("Until this has been fixed I will not pay, it keeps crashing", "en", FAULT),
        ("told the outage has been fixed but still no internet", "en", FAULT),
        ("You claim it has been fixed. It is still broken.", "en", FAULT),
        ("How can this have been resolved when my app is down", "en", FAULT),
        ("Please tell me when it works again, app is down", "en", FAULT),
        (
            "I have been told twice my issue has been resolved and twice it has not been",
            "en",
            {"complaint"},
        ),
    ],
)
def test_trouble_that_is_over_only_by_half_still_waits(
    text: str, language: str, expected: set[str]
) -> None:
    assert expected <= set(wants(text, language))


@pytest.mark.parametrize(
    "text",
    [
        "De app doet het weer eens niet",
        "Internet werkt weer eens niet",
        "Internet werkt alweer niet",
        "De lampen doen het alweer niet",
    ],
)
def test_what_fails_once_more_is_a_fault(text: str) -> None:
    assert set(wants(text, "nl")) == FAULT


def test_questions_complaints_and_requests_wait_for_an_answer() -> None:
    assert needs_response(["thanks", "request"])
    assert not needs_response(["thanks", "praise"])
    assert not needs_response([])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Servicekosten kloppen niet en de kozijnen van ons huis rotten weg", "nl"),
        ("Van onze afspraak wisten ze aan de balie van toeten noch blazen", "nl"),
        ("We were stranded by you at the gate, a ridiculous way to treat us", "en"),
    ],
)
def test_a_bad_mood_about_a_company_is_a_complaint(text: str, language: str) -> None:
    assert "complaint" in wants(text, language)


def test_a_mood_among_friends_is_neither_complaint_nor_praise() -> None:
    assert wants("Brak, nog in mijn bed en vervelend weer", "nl") == []
    assert wants("Wandeling op het strand was leuk", "nl") == []


def test_a_good_mood_is_praise_unless_it_thanks_sells_or_looks_forward() -> None:
    assert wants("Rustig uitgelegd en met veel geduld", "nl") == ["praise"]
    assert wants("Dank voor de info", "nl") == ["thanks"]
    assert wants("Ik kan niet wachten tot mijn fiets er is", "nl") == []


@pytest.mark.parametrize(
    "text", ["Heb het al drie keer geprobeerd", "Ben het beu", "Krijg de site niet open"]
)
def test_who_leaves_out_ik_asks_nothing(text: str) -> None:
    assert not asks(text, "nl")


@pytest.mark.parametrize(
    ("name", "waiting", "use"), [("service_seen_nl", 0.86, 0.84), ("service_kept_nl", 0.85, 0.76)]
)
def test_dutch_posts_to_companies(name: str, waiting: float, use: float) -> None:
    """Shares read as labelled: whether an answer is waited for, and which use it is about."""
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = read([row["text"] for row in rows], ["nl"] * len(rows))
    pairs = list(zip(rows, found, strict=True))
    needs = [
        needs_response(row["intents"].split("|")) == needs_response(one[5]) for row, one in pairs
    ]
    uses = [(row["purpose"] or None) == one[6] for row, one in pairs]
    assert sum(needs) / len(rows) >= waiting
    assert sum(uses) / len(rows) >= use
