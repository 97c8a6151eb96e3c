"""What texts are about: one of the six uses, or none."""

import pytest

from pipeline.enrich.intent import intents
from pipeline.enrich.intent_phrases import spoken
from pipeline.enrich.purpose import USES, purposes
from pipeline.enrich.sentiment import judge
from pipeline.enrich.text import readable


def purpose(text: str, language: str) -> str | None:
    plain = readable(text)
    said = spoken(plain)
    moods = judge([plain], [language])
    (found,) = purposes([said], [language], intents([plain], [said], [language], moods))
    assert found is None or found in USES
    return found


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Mijn bestelling is nog steeds niet bezorgd", "nl", "service"),
        ("Waar blijft de monteur? Wacht al sinds acht uur", "nl", "service"),
        ("My account is locked and nobody answers the phone", "en", "service"),
        ("Wat kost een vast contract bij jullie?", "nl", "sales"),
        ("Where can I buy the blue one, and how much is it?", "en", "sales"),
        ("Zou mooi zijn als er een donkere stand komt", "nl", "product"),
        ("Feature request: please add an export button", "en", "product"),
        ("Tip voor wie zonnepanelen heeft: zo doe je dat", "nl", "knowledge"),
        ("I wrote a guide, step by step, for anyone who is stuck", "en", "knowledge"),
        ("Mooi dat jullie het goede doel in de buurt sponsoren, heel duurzaam", "nl", "image"),
        ("Greenwashing, nothing else. The ceo gets his bonuses", "en", "image"),
        ("Hebben jullie nog een stageplek of een vacature?", "nl", "internal"),
        ("Is your company hiring? I applied for a job last week", "en", "internal"),
    ],
)
def test_a_text_is_about_one_use(text: str, language: str, expected: str) -> None:
    assert purpose(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Goedemorgen allemaal", "nl"),
        ("What a sunny day", "en"),
        ("Wo bleibt meine Bestellung?", "de"),
        ("Giveaway! Like and share for a chance to win, order now", "en"),
        ("", "und"),
    ],
)
def test_no_use_can_be_told(text: str, language: str) -> None:
    assert purpose(text, language) is None
