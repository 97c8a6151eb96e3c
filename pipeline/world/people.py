"""Who lives in the world: companies, their accounts and employees, and hundreds of people."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final
from unicodedata import normalize

from pipeline.world import names
from pipeline.world.shape import Organisation, Person

PLATFORM_SHARES: Final = {"mastodon": 45, "bluesky": 40, "hackernews": 5, "feed": 10}
LANGUAGE_SHARES: Final = {"nl": 60, "en": 25, "de": 8, "fr": 7}
HABITS: Final = (
    ("own", 0.72, 95.0, "feed/"),
    ("competitor", 0.5, 240.0, "atom/"),
    ("competitor", 0.22, 420.0, "feed.json"),
)


def companies(born: datetime) -> tuple[Organisation, ...]:
    """The company under study and its two competitors; person numbers from 0 on."""
    made: list[Organisation] = []
    number = 0
    for called, (role, answers, delay, blog) in zip(names.COMPANIES, HABITS, strict=True):
        accounts = tuple(
            _account(called, number + index, platform, born)
            for index, platform in enumerate(PLATFORM_SHARES)
        )
        number += len(accounts)
        employees = tuple(
            _employee(called, number + index, platform, born)
            for index, platform in enumerate(("mastodon", "bluesky"))
        )
        number += len(employees)
        made.append(
            Organisation(
                name=called.name,
                role="own" if role == "own" else "competitor",
                aliases=called.aliases,
                exclude=called.homonyms,
                domain=called.domain,
                tag=called.account,
                slots={"app": called.app, "battery": called.battery, "flex": called.flex},
                blog=blog,
                accounts=accounts,
                employees=employees,
                answers=answers,
                delay_minutes=delay,
            )
        )
    return tuple(made)


def _account(called: names.CompanyNames, number: int, platform: str, born: datetime) -> Person:
    return Person(
        number=number,
        platform=platform,
        name=called.name,
        handle=called.account,
        server=called.domain if platform in {"feed", "bluesky"} else names.SERVERS[0],
        language="nl",
        mood=0.3,
        followers=9_000 // (1 + number),
        created_at=born - timedelta(days=1500),
        role="owned",
        organisation=called.name,
    )


def _employee(called: names.CompanyNames, number: int, platform: str, born: datetime) -> Person:
    first = ("Rik", "Elke", "Sjoerd", "Nora", "Pleun", "Onno")[number // 2 % 6]
    return Person(
        number=number,
        platform=platform,
        name=f"{first} Meter",
        handle=f"{first.lower()}meter{number}",
        server=names.SERVERS[1] if platform == "mastodon" else "blauw.example",
        language="nl",
        mood=0.4,
        followers=140 + number,
        created_at=born - timedelta(days=700),
        role="employee",
        organisation=called.name,
    )


def crowd(random: Random, count: int, first_number: int, born: datetime) -> list[Person]:
    """``count`` people; a few have a large audience, a few have opted out of being collected.

    Every platform has three people at least, when there are twelve.
    """
    first = (list(PLATFORM_SHARES) * 3)[:count]
    platforms = first + [pick(random, PLATFORM_SHARES) for _ in range(count - len(first))]
    people = [
        _person(random, first_number + index, platform, born)
        for index, platform in enumerate(platforms)
    ]
    return _told_apart(people)


def _told_apart(people: list[Person]) -> list[Person]:
    """Under a blog nobody has more than a name: those who would share one get a letter."""
    taken: set[str] = set()
    apart: list[Person] = []
    for each in people:
        letters = iter("BCDEFGHIJKLMNOPQRSTUVWXYZ")
        person = each
        while person.platform == "feed" and person.name in taken:
            first, _, last = each.name.partition(" ")
            person = replace(each, name=f"{first} {next(letters)}. {last}")
        taken.add(person.name if person.platform == "feed" else "")
        apart.append(person)
    return apart


def _person(random: Random, number: int, platform: str, born: datetime) -> Person:
    language = "en" if platform == "hackernews" else pick(random, LANGUAGE_SHARES)
    name = (
        f"{random.choice(names.FIRST_NAMES[language])} {random.choice(names.LAST_NAMES[language])}"
    )
    return Person(
        number=number,
        platform=platform,
        name=name,
        handle=f"{plain(name)}{number}",
        server=_server(random, platform),
        language=language,
        mood=max(-1.0, min(1.0, random.gauss(0.0, 0.5))),
        followers=int(math.exp(random.gauss(4.6, 1.5))),
        created_at=born - timedelta(days=random.randrange(30, 2500)),
        opted_out=platform in {"mastodon", "bluesky"} and random.random() < 0.03,
        is_bot=platform == "mastodon" and random.random() < 0.02,
    )


def outlets(first_number: int, born: datetime) -> list[Person]:
    """The newspapers whose articles a news search finds."""
    return [
        Person(
            number=first_number + index,
            platform="feed",
            name=name,
            handle=plain(name),
            server=host,
            language="nl",
            mood=0.0,
            followers=0,
            created_at=born - timedelta(days=3000),
            role="outlet",
        )
        for index, (name, host) in enumerate(names.OUTLETS)
    ]


def _server(random: Random, platform: str) -> str:
    if platform == "mastodon":
        return random.choice(names.SERVERS)
    return "blauw.example" if platform == "bluesky" else "web.example"


def plain(name: str) -> str:
    """Lower-case ASCII letters of a name, for a handle."""
    ascii_letters = normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in ascii_letters.lower() if letter.isalpha())


def pick(random: Random, shares: dict[str, int]) -> str:
    """A key, in proportion to its share."""
    return random.choices(list(shares), weights=list(shares.values()))[0]
