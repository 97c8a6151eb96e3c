"""What people say in English, by topic and by what they want with it (slots as in Dutch)."""

from __future__ import annotations

from typing import Final

BODIES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "outage": {
        "complaint": (
            "{hours} hours without power in {city} and not a word from {org}",
            "third outage this month and {org} still shows all green on its status page",
            "no power in {city} again. {org} is getting worse every week",
        ),
        "question": (
            "does {org} know when the power in {city} will be back?",
            "{org}, is there an outage around {street}? The neighbours are dark too",
            "will {org} pay anything for {hours} hours without electricity?",
        ),
        "compliment": ("{org} fixed the outage in {city} within the hour, well done",),
    },
    "billing": {
        "complaint": (
            "{org} charged me {amount} euros twice and calls it 'in progress'",
            "my annual bill from {org} is {amount} euros too high, terrible",
            "got a reminder from {org} for a bill I paid weeks ago",
        ),
        "question": (
            "where do I find the details of the {amount} euro fee on my {org} bill?",
            "how do I lower my monthly payment with {org}?",
            "when does {org} refund what I overpaid?",
        ),
        "request": ("{org}, please send me an English version of the bill",),
        "compliment": ("{org} refunded {amount} euros in a day, great service",),
    },
    "care": {
        "complaint": (
            "{hours} hours on hold with {org} and then they hung up. Awful",
            "{org} only has a chatbot now and it is useless",
        ),
        "question": (
            "is there a phone number at {org} for people who do not speak Dutch?",
            "is {org} support open on Saturdays?",
        ),
        "compliment": ("lovely support agent at {org} today, took the time to explain it all",),
    },
    "app": {
        "complaint": (
            "the {app} from {org} crashes on every screen since {day}",
            "cannot log in to the {app} for {hours} days, thanks {org}",
        ),
        "question": (
            "does {org} have an API, or is the {app} all there is?",
            "can I export my readings from the {app}, {org}?",
        ),
        "compliment": ("the new {app} from {org} is really good, clear and quick",),
        "idea": ("idea for {org}: quarter-hour prices in a home screen widget",),
    },
    "price": {
        "complaint": ("{org} raises prices again, {amount} euros a month. Bad move",),
        "question": ("does the {org} price change apply to {flex} too?",),
        "remark": ("compared tariffs: {org} is {amount} euros above the cheapest",),
    },
    "battery": {
        "question": (
            "does the {battery} from {org} work without solar panels?",
            "what chemistry is in the {battery} that {org} sells?",
        ),
        "compliment": ("{battery} from {org} installed, whole evening on my own power. Love it",),
        "idea": ("would love backup power on the {battery}, {org}",),
    },
    "tips": {
        "tip": (
            "on {flex} from {org} the cheapest hours to charge are two to five at night",
            "the P1 port works fine next to the {org} meter, a ten euro cable does it",
        ),
        "question": ("has anyone linked {flex} from {org} to home automation?",),
    },
    "jobs": {
        "question": ("is {org} hiring data engineers in {city}?",),
        "remark": ("{org} has a vacancy for meter technicians around {city}",),
    },
}
OPENERS: Final[dict[str, tuple[str, ...]]] = {
    "negative": ("Unbelievable. ", "Seriously? ", "Fed up: ", "Honestly, "),
    "neutral": ("", "", "Quick one: ", "Hi, ", "Hello, "),
    "positive": ("", "Wow, ", "Credit where due: "),
}
CLOSERS: Final[dict[str, tuple[str, ...]]] = {
    "negative": ("", " Never again.", " 😡", " Very disappointing."),
    "neutral": ("", "", " For what it is worth."),
    "asking": ("", "", " Thanks in advance.", " Regards, {me}"),
    "positive": ("", " 👏", " Thank you!"),
}
CONVERSATION: Final[dict[str, tuple[str, ...]]] = {
    "thanks": (
        "Thanks for the quick reply!",
        "Great, it works again. Thank you 🙏",
        "Clear answer, much appreciated.",
    ),
    "still_broken": (
        "Tried that, still broken.",
        "Same answer I got on {day}. It is not fixed and this is getting annoying.",
    ),
    "detail": (
        "It is in {city}, since {day}. What else do you need?",
        "I sent the postcode by private message. When will I hear back?",
    ),
    "impatient": ("Still nothing...", "Is anybody reading this?"),
    "peer": (
        "Same here in {city}.",
        "Logging out and pairing the meter again worked for me.",
        "Call after five, the queue is shorter.",
        "Mine sorted itself out after a day.",
    ),
    "peer_guess": (
        "It was in the letter I think: not before spring.",
        "No idea, but I would like to know too.",
        "It is on the website, below the terms.",
    ),
    "peer_thanks": ("Good tip, trying that tonight!", "Found it, exactly there. Cheers!"),
    "applause": ("Nice to see!", "Good explanation, thanks!", "Great work, well done."),
    "curious": (
        "And what does that cost?",
        "Does this apply to tenants too?",
        "When is this coming to {city}?",
    ),
    "grumble": (
        "I would rather have a lower bill, this is a waste of money.",
        "Nice words, terrible service.",
    ),
    "employee": ("I work there, speaking for myself: send a message and I will help to look.",),
    "quote": (
        "Worth a read, {org} explains it well here.",
        "{org} promises a lot, keeping this one.",
    ),
}
HOMONYMS: Final = (
    "Anyone going to the {homonym} in {city} this weekend?",
    "Great evening at the {homonym}, lovely music.",
)
