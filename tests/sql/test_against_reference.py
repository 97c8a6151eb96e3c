"""Random towns, all in one database: every measure, period and platform against plain loops."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from pipeline.models import build
from pipeline.world.hours import OFFICE
from tests.sql import reference
from tests.sql.reference_conversations import network, threads, week_before
from tests.sql.warehouse_rows import Rows

# the clocks go forward on 30 March: the windows cross it
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

OFFICE_HOURS = {day: f"{begin:%H:%M}-{end:%H:%M}" for day, (begin, end) in OFFICE.items()}


def through(town: str) -> datetime:
    """Every town was looked at up to another moment."""
    return BEGIN + timedelta(days=33, hours=TOWNS.index(town))


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
                "purpose": chance.choice([None, "service", "service", "image", "sales"]),
                "giving": chance.choice([None, "give", "take", "neither"]),
                "pr_model": chance.choice([None, "press_agentry", "two_way_symmetrical"]),
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
    return posts


def town_of(name: str, posts: list[dict[str, Any]]) -> reference.Town:
    return reference.Town(
        posts={post["post_id"]: post for post in posts if not post["deleted_at"]},
        owned={"zon": "Zon", "zon_care": "Zon", "maan": "Maan"},
        employees={"eva": "Zon"},
        names={post["post_id"]: set(post["names"]) for post in posts},
        through=through(name),
        first_names=FIRST_NAMES,
    ).keep({post["post_id"]: post for post in posts})


@pytest.fixture(scope="module")
def towns() -> dict[str, list[dict[str, Any]]]:
    return {name: random_posts(name) for name in TOWNS}


@pytest.fixture(scope="module")
def expected(towns: dict[str, list[dict[str, Any]]]) -> dict[tuple[Any, ...], reference.Cell]:
    """(organisation, platform, grain, start, measure) to value, numerator, denominator."""
    last_day = max(through(name) for name in TOWNS).astimezone(reference.ZONE).date()
    first_day = BEGIN.astimezone(reference.ZONE).date()
    cells: dict[tuple[Any, ...], reference.Cell] = {}
    filed: dict[tuple[Any, ...], dict[str, tuple[reference.Town, list[reference.Fact]]]] = (
        defaultdict(dict)
    )
    known = {}
    for name, posts in towns.items():
        town = town_of(name, posts)
        for organisation in ORGANISATIONS:
            known[organisation, name] = (town, reference.facts(town, organisation))
            for fact in known[organisation, name][1]:
                if fact.day > last_day:
                    continue
                for grain, start in reference.period_starts(fact.day, last_day, first_day):
                    for scope in (name, "all"):
                        key = (organisation, scope, grain, start)
                        filed[key].setdefault(name, (town, []))[1].append(fact)
    voices: dict[tuple[Any, ...], int] = defaultdict(int)
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
            for measure, values in network(now, before, key[0]).items():
                cells[*key, measure] = values
        panel = sum(voices[name, *key[1:]] for name in ORGANISATIONS)
        cells[*key, "share_of_voice"] = reference.over(voices[key], panel)
    return cells


@pytest.fixture(scope="module")
def found(
    towns: dict[str, list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[Any, ...], dict[str, Any]]:
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
    for town, posts in towns.items():
        rows.source(f"{town} source", town, since=BEGIN, through=through(town))
        for post in posts:
            values = dict(post)
            rows.post(
                values.pop("post_id"),
                values.pop("author_id"),
                values.pop("created_at"),
                parent=values.pop("parent_id"),
                **values,
            )
        for person, shown in NAMES.items():
            rows.author(town, person, None, shown)
    database = rows.write(tmp_path_factory.mktemp("towns") / "luister.duckdb")
    build(database)
    with duckdb.connect(str(database), read_only=True) as connection:
        table = connection.sql("select * from marts.scorecard").to_arrow_table()
    return {
        tuple(
            row[name]
            for name in ("organisation", "platform", "period_grain", "period_start", "measure")
        ): row
        for row in table.to_pylist()
    }


def test_every_measure_of_every_period_equals_the_plain_loops(
    expected: dict[tuple[Any, ...], reference.Cell], found: dict[tuple[Any, ...], dict[str, Any]]
) -> None:
    assert len(expected) > 10_000
    for key, values in expected.items():
        row = found[key]
        got = (row["value"], row["numerator"], row["denominator"])
        assert got == pytest.approx(values, abs=1e-9), key


def test_what_was_never_said_is_a_row_with_nothing_in_it(
    expected: dict[tuple[Any, ...], reference.Cell], found: dict[tuple[Any, ...], dict[str, Any]]
) -> None:
    silent = [row for key, row in found.items() if key not in expected and key[-1] != "modularity"]
    assert silent
    loud = [row for row in silent if row["value"] or row["numerator"]]
    assert not loud
    assert all(row["low"] is None or row["denominator"] > 0 for row in silent)


def test_intervals_are_wilsons(found: dict[tuple[Any, ...], dict[str, Any]]) -> None:
    bounded = [row for row in found.values() if row["low"] is not None]
    assert len(bounded) > 1000
    for row in bounded:
        bounds = reference.wilson(row["numerator"], row["denominator"])
        assert (row["low"], row["high"]) == pytest.approx(bounds, abs=1e-12)


def test_the_calendar_has_every_period_once(found: dict[tuple[Any, ...], dict[str, Any]]) -> None:
    days = {key[3] for key in found if key[2] == "day"}
    first, last = date(2025, 3, 10), date(2025, 4, 12)
    assert sorted(days) == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert {key[3] for key in found if key[2] == "quarter"} == {date(2025, 1, 1), date(2025, 4, 1)}
    assert {key[3].weekday() for key in found if key[2] == "week"} == {0}
