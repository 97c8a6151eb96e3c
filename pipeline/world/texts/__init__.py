"""Putting words together: what a person says about a topic, in their language and mood."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Final

from pipeline.world import names
from pipeline.world.shape import Sentiment
from pipeline.world.texts import company, dutch, english, neighbours

BODIES: Final = {
    "nl": dutch.BODIES,
    "en": english.BODIES,
    "de": neighbours.GERMAN,
    "fr": neighbours.FRENCH,
}
OPENERS: Final = {
    "nl": dutch.OPENERS,
    "en": english.OPENERS,
    "de": neighbours.EMPTY,
    "fr": neighbours.EMPTY,
}
CLOSERS: Final = {
    "nl": dutch.CLOSERS,
    "en": english.CLOSERS,
    "de": neighbours.EMPTY,
    "fr": neighbours.EMPTY,
}
CONVERSATION: Final = {
    "nl": dutch.CONVERSATION,
    "en": english.CONVERSATION,
    "de": neighbours.GERMAN_CONVERSATION,
    "fr": neighbours.FRENCH_CONVERSATION,
}
PURPOSES: Final[Mapping[str, str]] = {
    "outage": "service",
    "billing": "service",
    "care": "service",
    "app": "service",
    "moving": "service",
    "price": "sales",
    "battery": "product",
    "tips": "knowledge",
    "image": "image",
    "jobs": "internal",
}
INTENTS: Final[Mapping[str, frozenset[str]]] = {
    "complaint": frozenset({"complaint"}),
    "question": frozenset({"question"}),
    "request": frozenset({"request"}),
    "compliment": frozenset({"praise"}),
    "idea": frozenset({"suggestion"}),
}
BREAKS: Final = frozenset({"outage", "app"})
"""Topics whose complaints report a fault."""
SENTIMENTS: Final[Mapping[str, Sentiment]] = {
    "complaint": "negative",
    "still_broken": "negative",
    "impatient": "negative",
    "compliment": "positive",
    "thanks": "positive",
    "peer_thanks": "positive",
}


def slots(random: Random, language: str, **given: str) -> dict[str, str]:
    """Values for every slot a text may have; what is ``given`` goes before chance."""
    days = names.DAYS.get(language, names.DAYS["nl"])
    return {
        "city": random.choice(names.CITIES),
        "street": random.choice(names.STREETS),
        "day": random.choice(days),
        "amount": str(random.randrange(8, 340)),
        "hours": str(random.randrange(2, 9)),
        "agent": random.choice(names.AGENTS),
        **given,
    }


def topics(language: str) -> tuple[str, ...]:
    """What can be talked about in a language."""
    return tuple(BODIES[language])


def compose(
    random: Random, language: str, topic: str, intent: str, sentiment: Sentiment, **given: str
) -> str:
    """A post about ``topic``: perhaps an opening, a body, perhaps a closing."""
    body = random.choice(BODIES[language][topic][intent])
    opener = random.choice(OPENERS[language][sentiment])
    ending = "asking" if intent in {"question", "request"} else sentiment
    closer = random.choice(CLOSERS[language][ending])
    ends = "" if body.endswith(("?", "!", ".")) else "."
    values = slots(random, language, **given)
    said = f"{body}{ends}{closer}".format_map(values)
    starts_anew = not opener or opener.endswith((". ", "! ", "? "))
    return f"{opener}{capitalise(said) if starts_anew else said}"


def say(random: Random, language: str, turn: str, **given: str) -> str:
    """A turn in a conversation: thanks, an impatient reminder, a neighbour's advice."""
    pattern = random.choice(CONVERSATION[language][turn])
    return pattern.format_map(slots(random, language, **given))


def intents(topic: str, kind: str) -> frozenset[str]:
    """What a post of this kind about ``topic`` wants; tips and remarks want nothing."""
    wanted = INTENTS.get(kind, frozenset())
    return wanted | {"fault_report"} if kind == "complaint" and topic in BREAKS else wanted


def purpose(topic: str, kind: str) -> str:
    """Which use a post of this kind about ``topic`` is about: ideas are about the product."""
    return "product" if kind == "idea" else PURPOSES[topic]


def answer_kind(language: str, kind: str) -> str:
    """The kind of answer there are words for."""
    return kind if kind in company.ANSWERS.get(language, company.ANSWERS["en"]) else "other"


def answer(random: Random, language: str, intent: str, **given: str) -> str:
    """What a company answers to a post of this intent."""
    kinds = company.ANSWERS.get(language, company.ANSWERS["en"])
    pattern = random.choice(kinds[answer_kind(language, intent)])
    return pattern.format_map(slots(random, language, **given))


def fill(random: Random, pattern: str, language: str = "nl", **given: str) -> str:
    """Any pattern with its slots filled."""
    return pattern.format_map(slots(random, language, **given))


def capitalise(text: str) -> str:
    """With a capital at the start, unless it starts with an account."""
    return text[:1].upper() + text[1:]
