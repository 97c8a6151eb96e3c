"""What companies do with their texts: give or take, in which model, and signed by whom."""

import pytest

from pipeline.enrich.acts import NOTHING, Act, acts, is_signed
from pipeline.enrich.intent_phrases import spoken
from pipeline.enrich.text import readable


def act(text: str, language: str) -> Act:
    plain = readable(text)
    (found,) = acts([plain], [spoken(plain)], [language])
    return found


@pytest.mark.parametrize(
    ("text", "language", "giving", "model", "kind"),
    [
        ("Bestel nu met 20% korting!", "nl", "take", "press_agentry", "action"),
        ("Volg ons ook op Instagram", "nl", "take", "press_agentry", "action"),
        ("Sign up today and save up to £40", "en", "take", "press_agentry", "action"),
        ("Zo bespaar je op je rekening, stap voor stap", "nl", "give", "public_information", None),
        ("De storing in Utrecht is verholpen", "nl", "give", "public_information", "information"),
        ("Read our annual report", "en", "neither", "public_information", "action"),
        ("Acme appoints Kim Jansen as director", "en", "neither", "public_information", None),
        ("Wat vinden jullie van het nieuwe logo?", "nl", "neither", "two_way_asymmetrical", None),
        (
            "Take our survey and tell us what you like",
            "en",
            "neither",
            "two_way_asymmetrical",
            None,
        ),
        ("Hoi Jan, wat vervelend! Stuur je ons een DM?", "nl", "give", "two_way_symmetrical", None),
        ("Sorry to hear that. We will look into it", "en", "give", "two_way_symmetrical", None),
        ("Thank you for sharing!", "en", "give", "two_way_symmetrical", "community"),
        ("Fijn weekend allemaal!", "nl", "neither", None, "community"),
    ],
)
def test_acts(text: str, language: str, giving: str, model: str | None, kind: str | None) -> None:
    found = act(text, language)
    assert (found.giving, found.pr_model) == (giving, model)
    assert kind is None or found.message_type == kind


@pytest.mark.parametrize(
    "text",
    [
        "We kijken het na. ^Anna",
        "^AB",
        "We'll check ^JM",
        "Thanks for reaching out /AB",
        "Have a nice day! /Kim",
        "We zoeken het uit! - Kim",
        "Geen probleem 😊 - Kim",
        "Fijne dag. Groet, Anna",
        "Met vriendelijke groet,\nAnna",
        "Groetjes Bram",
        "Kind regards, Sofie",
        "Komt goed!\n~Sem",
        "Bel ons gerust -JD",
    ],
)
def test_texts_that_say_who_wrote_them(text: str) -> None:
    assert is_signed(text, spoken(text))


@pytest.mark.parametrize(
    "text",
    [
        "We kijken het na.",
        "Groet, team Acme",
        "Met vriendelijke groet, Webcare",
        "2^10 is 1024",
        "^^",
        "Ja en/of nee",
        "24/7",
        "Nieuw: de Acme-fiets",
        "Trein Utrecht - Amsterdam",
        "Best, wat mij betreft",
        "Groeten uit Zeeland",
        "All the best from everyone",
        "",
    ],
)
def test_texts_that_do_not(text: str) -> None:
    assert not is_signed(text, spoken(text))


def test_in_a_language_not_read_only_signatures_count() -> None:
    assert act("Jetzt kaufen! ^Uwe", "de") == NOTHING._replace(is_signed=True)
