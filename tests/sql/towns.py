"""Random towns, all in one database, and what plain loops say of them."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from pipeline.models import build
from pipeline.world.hours import OFFICE
from tests.once import built_once
from tests.sql import reference
from tests.sql.reference_audiences import Group, audiences
from tests.sql.reference_conversations import network, threads, week_before
from tests.sql.reference_stories import Name, shared_stories, story_of
from tests.sql.warehouse_rows import Rows

Key = tuple[Any, ...]
"""organisation, platform, period_grain, period_start and, in the scorecard, measure."""
Part = tuple[reference.Town, list[reference.Fact]]

# the clocks go forward on 30 March: the windows cross it
MINIMUM_N = 10
BEGIN = datetime(2025, 3, 10, 0, 0, tzinfo=UTC)
TOWNS = [f"town {number}" for number in range(8)]
ORGANISATIONS = {"Zon": "own", "Maan": "competitor"}
PEOPLE = [f"person {number}" for number in range(6)]
SPEAKERS = [*PEOPLE, *PEOPLE, "zon", "zon", "zon_care", "maan", "eva", None]

NAMES = {
    "person 0": "anna Bakker",
    "person 1": "JAN",
    "person 2": "(Émile)",
    "person 3": None,
    "person 4": "x",
    "person 5": "Will Smit",
}
FIRST_NAMES = {"person 0": "Anna", "person 1": "Jan", "person 2": "Émile", "person 5": "Will"}
TEXTS = ["Dag Anna, dank!", "ik will het", "Jan?", "Émile: Will ook", "@Anna kijk", "niets"]

PURPOSES = ("service", "knowledge", "image", "sales", "product", "internal")
PR_MODELS = (
    *("press_agentry", "public_information"),
    *("two_way_asymmetrical", "two_way_symmetrical"),
)

OFFICE_HOURS = {day: f"{begin:%H:%M}-{end:%H:%M}" for day, (begin, end) in OFFICE.items()}


# what three towns were not asked for: half a day, and two stretches that overlap
GAPS = {
    "town 0": [(BEGIN + timedelta(days=3), BEGIN + timedelta(days=3, hours=12))],
    "town 1": [
        (BEGIN + timedelta(days=5), BEGIN + timedelta(days=5, hours=6)),
        (BEGIN + timedelta(days=5, hours=3), BEGIN + timedelta(days=6, hours=3)),
    ],
    "town 2": [(BEGIN + timedelta(days=7), BEGIN + timedelta(days=7, hours=8))],
}
VERBS = ("inbox", "timeline", "mentions")
"""How towns are asked."""
GAPS_OF_VERBS = {
    ("town 2", "inbox"): [(BEGIN + timedelta(days=6, hours=20), BEGIN + timedelta(days=8))],
    ("town 2", "mentions"): [
        (BEGIN + timedelta(days=7, hours=4), BEGIN + timedelta(days=7, hours=20)),
        (BEGIN + timedelta(days=7, hours=12), BEGIN + timedelta(days=40)),
    ],
}
"""What single verbs of a town were not asked for."""


def through(town: str) -> datetime:
    """Every town was looked at up to another moment."""
    return BEGIN + timedelta(days=33, hours=TOWNS.index(town))


@cache
def random_posts(town: str) -> list[dict[str, Any]]:
    """Sixty posts of any kind, some deleted, unseen, or answered before they were asked."""
    chance = random.Random(town)
    posts: list[dict[str, Any]] = []
    for number in range(60):
        kind = chance.choice(
            ["post"] * 6 + ["reply"] * 12 + ["comment", "repost", "quote", "review"]
        )
        target = chance.choice(posts)["post_id"] if posts and chance.random() < 0.95 else "unseen"
        at = BEGIN + timedelta(minutes=chance.randrange(34 * 24 * 60))
        if kind in ("reply", "comment") and target != "unseen" and chance.random() < 0.9:
            parent = next(post for post in posts if post["post_id"] == target)
            at = (parent["created_at"] or parent["first_seen_at"]) + timedelta(
                minutes=chance.choice([0, 1, 50, 70, 250, 2000, 11000])
            )
        post: dict[str, Any] = {
            "platform": town,
            "post_id": f"{town} {number:03}",
            "author_id": chance.choice(SPEAKERS),
            "created_at": at if chance.random() < 0.97 else None,
            "first_seen_at": at + timedelta(hours=1),
            "kind": kind,
            "parent_id": target if kind in ("reply", "comment") else None,
            "reposted_id": target if kind == "repost" else None,
            "quoted_id": target if kind == "quote" else None,
            "parent_author_id": chance.choice([None, "zon", PEOPLE[0]])
            if target == "unseen"
            else None,
            "mentions": chance.sample(
                ["zon", "zon_care", "maan", *PEOPLE], chance.choice([0, 0, 1, 2])
            ),
            "names": [name for name in ORGANISATIONS if chance.random() < 0.25],
            "intents": chance.choice(
                [[], [], ["question"], ["complaint", "question"], ["request"]]
            ),
            "sentiment": chance.choice(["positive", "neutral", "negative", None]),
            "text": chance.choice(TEXTS),
            "reading": {
                "purpose": chance.choice([None, "service", *PURPOSES]),
                "giving": chance.choice([None, "give", "take", "neither"]),
                "pr_model": chance.choice([None, *PR_MODELS]),
                "is_signed": chance.choice([None, False, False, True]),
            },
            "rating": float(chance.randrange(1, 6)) if kind == "review" else None,
            **{
                column: chance.choice([None, 0, 1, 7])
                for column in ("likes_count", "reposts_count", "replies_count")
            },
            "deleted_at": at + timedelta(days=1) if chance.random() < 0.05 else None,
        }
        posts.append(post)
    return [*posts, *_habits(town), *(_trouble(town) if town == TOWNS[-1] else [])]


def _habits(town: str) -> list[dict[str, Any]]:
    """What chance seldom brings: Zon tags and shares itself, and answers in the last week."""
    posts = [
        _post(f"{town} own {number}", at, "zon", mentions=["zon_care"], pr_model=model)
        for number, model in enumerate(PR_MODELS)
        for at in [BEGIN + timedelta(days=12 + number, hours=9)]
    ]
    for number, model in enumerate(PR_MODELS):
        at = BEGIN + timedelta(days=20 + number, hours=9)
        shared = {"kind": "repost", "reposted_id": f"{town} own {number}", "pr_model": model}
        posts.append(_post(f"{town} shared {number}", at, "zon", **shared))
    asked = through(town) - timedelta(days=2)
    posts.append(_post(f"{town} asked", asked, PEOPLE[0], mentions=["zon"], intents=["question"]))
    answer = {"kind": "reply", "parent_id": f"{town} asked"}
    return [*posts, _post(f"{town} told", asked + timedelta(hours=1), "zon", **answer)]


def _trouble(town: str) -> list[dict[str, Any]]:
    """A day on which many speak of Zon at once."""
    begin = BEGIN + timedelta(days=30, hours=9)
    return [
        _post(
            f"{town} trouble {number}",
            begin + timedelta(minutes=number),
            PEOPLE[number % len(PEOPLE)],
            names=["Zon"],
        )
        for number in range(14)
    ]


def _post(post_id: str, at: datetime, author: str, **values: Any) -> dict[str, Any]:
    """A post of which nothing more is known than is told."""
    reading = dict.fromkeys(("purpose", "giving")) | {
        "pr_model": values.pop("pr_model", None),
        "is_signed": False,
    }
    return {
        "platform": " ".join(post_id.split()[:2]),
        "post_id": post_id,
        "author_id": author,
        "created_at": at,
        "first_seen_at": at + timedelta(hours=1),
        "kind": "post",
        "mentions": [],
        "names": [],
        "intents": [],
        "sentiment": "negative",
        "text": "storing",
        "reading": reading,
        **dict.fromkeys(("parent_id", "reposted_id", "quoted_id", "parent_author_id")),
        **dict.fromkeys(("rating", "likes_count", "reposts_count", "replies_count")),
        "deleted_at": None,
    } | values


def town_of(name: str, posts: list[dict[str, Any]]) -> reference.Town:
    return reference.Town(
        posts={post["post_id"]: post for post in posts if not post["deleted_at"]},
        owned={"zon": "Zon", "zon_care": "Zon", "maan": "Maan"},
        employees={"eva": "Zon"},
        names={post["post_id"]: set(post["names"]) for post in posts},
        through=through(name),
        first_names=FIRST_NAMES,
    ).keep({post["post_id"]: post for post in posts})


@dataclass(frozen=True)
class Reckoned:
    """What plain loops say: cells of the scorecard, and the facts of each period by town."""

    cells: dict[Key, reference.Cell]
    filed: dict[Key, dict[str, Part]]
    last_day: date


@cache
def reckoned() -> Reckoned:
    """(organisation, platform, grain, start, measure) to value, numerator, denominator."""
    last_day = max(through(name) for name in TOWNS).astimezone(reference.ZONE).date()
    first_day = BEGIN.astimezone(reference.ZONE).date()
    cells: dict[Key, reference.Cell] = {}
    filed: dict[Key, dict[str, Part]] = defaultdict(dict)
    known = {}
    for name in TOWNS:
        town = town_of(name, random_posts(name))
        for organisation in ORGANISATIONS:
            known[organisation, name] = (town, reference.facts(town, organisation))
            for fact in known[organisation, name][1]:
                if fact.day > last_day:
                    continue
                for grain, start in reference.period_starts(fact.day, last_day, first_day):
                    for scope in (name, "all"):
                        key = (organisation, scope, grain, start)
                        filed[key].setdefault(name, (town, []))[1].append(fact)
    voices: dict[Key, int] = defaultdict(int)
    for (organisation, *cell), parts in filed.items():
        heard = sum(fact.role in reference.VOICES for _, part in parts.values() for fact in part)
        voices[organisation, *cell] = heard
    for key, parts in list(filed.items()):
        for measure, values in reference.measures(list(parts.values()), key[0]).items():
            cells[*key, measure] = values
        everything = [known[key[0], name] for name in (TOWNS if key[1] == "all" else [key[1]])]
        for measure, values in threads(list(parts.values()), everything, key[0]).items():
            cells[*key, measure] = values
        if key[2] == "week":
            earlier = filed.get((*key[:2], "week", week_before(key[3])), {})
            same_towns = sorted({*parts, *earlier})
            now, before = (
                [week.get(name, (known[key[0], name][0], [])) for name in same_towns]
                for week in (parts, earlier)
            )
            for measure, values in network(now, before).items():
                cells[*key, measure] = values
        panel = sum(voices[name, *key[1:]] for name in ORGANISATIONS)
        cells[*key, "share_of_voice"] = reference.over(voices[key], panel)
        panel = sum(len(voice_stories(filed.get((name, *key[1:]), {}))) for name in ORGANISATIONS)
        mine = len(voice_stories(parts))
        cells[*key, "story_share_of_voice"] = reference.over(mine, panel)
        told = {story_of(fact.post, stories()) for _, part in parts.values() for fact in part}
        cells[*key, "story_volume"] = reference.plain(len(told))
    return Reckoned(cells, dict(filed), last_day)


@cache
def stories() -> dict[Name, Name]:
    """Posts that share a story, over all towns."""
    return shared_stories(post for town in TOWNS for post in random_posts(town))


def voice_stories(parts: dict[str, Part]) -> set[Name]:
    """Stories told by posts that address or mention the organisation."""
    return {
        story_of(fact.post, stories())
        for _, part in parts.values()
        for fact in part
        if fact.role in reference.VOICES
    }


def audience_history(town: str, person: str) -> list[tuple[datetime, int]]:
    """When the audience of somebody was counted, and how large it was; of some it never was."""
    if person not in NAMES:
        return []
    chance = random.Random(f"{town} {person}")
    return [
        (BEGIN + timedelta(hours=chance.randrange(34 * 24)), chance.choice([0, 1, 9, 9, 40, 5000]))
        for _ in range(chance.choice([0, 1, 1, 2, 4]))
    ]


def expected_audiences() -> dict[Key, Group]:
    """(organisation, platform, grain, start, quartile) to what its people got."""
    return {
        (*key, quartile): group
        for key, parts in reckoned().filed.items()
        for quartile, group in audiences(
            [(name, *part) for name, part in parts.items()], audience_history
        ).items()
    }


def runs_of(town: str) -> list[dict[str, Any]]:
    """Ten nights of one source: some bring much, some fall silent at last, one fails."""
    number = TOWNS.index(town)
    chance = random.Random(town)
    found = []
    for night in range(10):
        is_last = night == 9
        new = chance.choice([3, 40][number % 2 :]) if night else 3000
        found.append(
            {
                "run_id": f"run {night}",
                "asked_from": BEGIN,
                "asked_through": through(town) - timedelta(days=9 - night),
                "new_posts_count": 0 if is_last and number < 6 else new,
                "status": "failed" if is_last and number == 6 else "complete",
            }
        )
    return found


def warehouse_rows() -> Rows:
    """All towns as the load would leave them."""
    rows = Rows(opening_hours=OFFICE_HOURS)
    for name, role in ORGANISATIONS.items():
        accounts = ["zon", "zon_care"] if name == "Zon" else ["maan"]
        staff = ["eva"] if name == "Zon" else []
        rows.organisation(
            name,
            role,
            accounts=dict.fromkeys(TOWNS, accounts),
            employees=dict.fromkeys(TOWNS, staff),
        )
    for town in TOWNS:
        verbs = dict.fromkeys(VERBS, through(town))
        rows.source(f"{town} source", town, since=BEGIN, through=through(town), verbs=verbs)
        for since, until in GAPS.get(town, ()):
            rows.gap(f"{town} source", town, since, until)
        for verb in VERBS:
            for since, until in GAPS_OF_VERBS.get((town, verb), ()):
                rows.gap(f"{town} source", town, since, until, verb)
        for run in runs_of(town):
            values = dict(run)
            rows.collection(values.pop("run_id"), f"{town} source", town, **values)
        for post in random_posts(town):
            values = dict(post)
            rows.post(
                values.pop("post_id"),
                values.pop("author_id"),
                values.pop("created_at"),
                parent=values.pop("parent_id"),
                **values,
            )
        for (platform, post_id), earliest in stories().items():
            if platform == town:
                rows.story(platform, post_id, earliest)
        for person in dict.fromkeys(filter(None, SPEAKERS)):
            rows.author(town, person, None, NAMES.get(person))
            for at, followers in audience_history(town, person):
                rows.audience(town, person, at, followers)
    return rows


def shared_warehouse(factory: pytest.TempPathFactory) -> Path:
    """The towns, built once for all tests and all workers; what dbt compiled lies beside it."""
    return built_once(factory, "reference-towns", build_into) / "luister.duckdb"


def build_into(folder: Path) -> Path:
    """Build the towns in a folder; returns the database."""
    database = warehouse_rows().write(folder / "luister.duckdb")
    build(database, by_dbt=True)
    return database


def rows(connection: DuckDBPyConnection, query: str, *values: object) -> list[dict[str, Any]]:
    """Rows of a query as dictionaries."""
    found = connection.execute(query, list(values))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
