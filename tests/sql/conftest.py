"""Databases that are built once and read by many tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import msgspec
import pytest

from pipeline.models import BuildResult, build
from tests.once import built_once
from tests.sql.warehouse_rows import Rows

MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
THROUGH = datetime(2025, 3, 16, 12, 0, tzinfo=UTC)

# a text, and what of it may be shown
LETTERS = {
    "thanks @anna_b!": "thanks @…!",
    "@anna.b. is right": "@…. is right",
    "cc @anna@mastodon.example, @bob.bsky.social": "cc @…, @…",
    "full width ＠anna": "full width @…",
    "mail anna.b+zon@example.co.uk today": "mail [mail] today",
    "see https://mastodon.example/@anna/123?x=1 now": "see [link] now",
    "see https://mastodon.example/users/anna/statuses/1": "see [link]",
    "https://bsky.app/profile/anna.bsky.social/post/3k": "[link]",
    "twitter.com/anna and https://x.com/anna/status/1": "[link] and [link]",
    "https://nl.linkedin.com/in/anna-b-123": "[link]",
    "/u/anna and u/bob_b said": "@… and @… said",
    "https://zon.example/delivery is down": "https://zon.example/delivery is down",
    "not.com/path stays, 5 @ 3 euro stays": "not.com/path stays, 5 @ 3 euro stays",
    "Ünïcode @Änne_ß": "Ünïcode @…",
    "@Noor@letters.example and @noor@letters.example.org": "@key of noor and @…",
    "ask @noor@letters.example.nl, @noor@letters.example": "ask @…, @key of noor",
    "@noor@letters.example/u/bob": "@key of noor@…",
    "noor@letters.example is mail": "[mail] is mail",
    "": "",
}


def after(**time: float) -> datetime:
    """A moment some time after Monday 3 March 2025, 10 o'clock in Amsterdam."""
    return MONDAY + timedelta(**time)


def story() -> Rows:
    """Two weeks of Zon and its competitor Maan in one town."""
    rows = Rows()
    rows.organisation(
        "Zon", accounts={"town": ["zon", "zon_care"]}, employees={"town": ["eva"], "shop": []}
    )
    rows.organisation("Maan", "competitor", accounts={"town": ["maan"]})
    rows.source("town feed", "town", since=after(hours=-9), through=THROUGH)
    rows.run("run-1", THROUGH)
    rows.collection(
        "run-1",
        "town feed",
        "town",
        asked_from=after(hours=-9),
        asked_through=THROUGH,
        posts_count=30,
        new_posts_count=25,
        duplicates_count=5,
    )
    rows.gap("town feed", "town", after(days=1, hours=3), after(days=1, hours=9))
    rows.gap("town feed", "town", after(days=1, hours=6), after(days=1, hours=12))
    rows.cut_thread("town feed", "town", "bob 1", after(days=2), "BudgetSpent")
    rows.cut_thread("town feed", "town", "bob 3", after(days=3), "too many")

    # Zon sends: a broadcast with a continuation, a remark under it, and a late continuation
    rows.post("news", "zon", after(hours=1))
    rows.post("news 2", "zon", after(hours=1, minutes=1), parent="news")
    rows.post("anna on news", "anna", after(hours=2), parent="news", sentiment="positive")
    rows.post("news 3", "zon", after(hours=3), parent="news")
    rows.post("welcome", "zon", after(hours=4), mentions=["dirk"])
    rows.post("again", "zon", after(hours=5), kind="repost", reposted_id="news")
    rows.post("thanks anna", "zon", after(hours=6), kind="quote", quoted_id="anna on news")
    rows.post("shared", "zon_care", after(hours=7), kind="repost", reposted_id="not collected")

    # Bob asks three times before he is answered, and once more after that
    question = {"intents": ["question"], "mentions": ["zon"], "sentiment": "negative"}
    rows.post("bob 1", "bob", after(days=1), **question)
    rows.post("bob 2", "bob", after(days=1, minutes=10), parent="bob 1", **question)
    rows.post("bob 3", "bob", after(days=1, minutes=20), parent="bob 2", **question)
    rows.post("to bob", "zon_care", after(days=1, hours=2), parent="bob 3")
    rows.post("to bob, part 2", "zon_care", after(days=1, hours=2, minutes=1), parent="to bob")
    rows.post("bob 4", "bob", after(days=1, hours=3), parent="to bob", **question)

    # Carla is never answered by Zon; an employee and another customer do answer her
    rows.post("carla", "carla", after(days=2), **question)
    rows.post("eva to carla", "eva", after(days=2, hours=1), parent="carla", names=["Zon"])
    rows.post("dirk to carla", "dirk", after(days=2, hours=2), parent="carla", names=["Zon"])

    # Zon joins two strangers who speak of it, and answers somebody it cannot see
    rows.post("erik", "erik", after(days=3), names=["Zon", "Maan"], sentiment="neutral")
    rows.post("zon to erik", "zon", after(days=3, hours=1), parent="erik")
    rows.post("zon to nobody", "zon", after(days=3, hours=2), parent="gone", kind="reply")

    # Maan asks Zon something; a review; a post that was deleted; one newer than anybody looked
    rows.post("maan asks", "maan", after(days=4), mentions=["zon"], intents=["question"])
    rows.post(
        "review", "fred", after(days=4), kind="review", names=["Zon"], rating=2.0, platform="shop"
    )
    rows.post("deleted", "gina", after(days=4), deleted_at=after(days=5), **question)
    rows.post("too new", "hans", THROUGH + timedelta(hours=1), **question)
    rows.post("secret", "iris", after(days=4), visibility="direct", **question)
    rows.post("no time", "jan", None, first_seen_at=after(days=5), mentions=["zon"])

    # Ster only writes letters, full of names; Noor wrote one of her own
    rows.post(
        "noor", "noor", after(days=5), platform="letters", author_handle="noor@letters.example"
    )
    rows.organisation("Ster", "competitor", accounts={"letters": ["ster"]})
    for number, text in enumerate(LETTERS):
        at = after(days=6, minutes=number)
        rows.post(f"letter {number:02}", "ster", at, platform="letters", text=text, title=text)
    return rows


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildResult, str]:
    """The story, built once for all workers; the unit tests of the models run with it."""
    folder = built_once(tmp_path_factory, "story", _build_story)
    result = msgspec.json.decode((folder / "story.json").read_bytes(), type=BuildResult)
    return result, str(folder / "luister.duckdb")


def _build_story(folder: Path) -> None:
    result = build(story().write(folder / "luister.duckdb"), unit_tests=True)
    (folder / "story.json").write_bytes(msgspec.json.encode(result))


@pytest.fixture(scope="session")
def database(built: tuple[BuildResult, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the built story."""
    with duckdb.connect(built[1], read_only=True) as connection:
        yield connection
