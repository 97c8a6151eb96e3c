"""A private database of two weeks in which some people wait for an answer, built once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.once import built_once
from tests.report.hostile import HOSTILE
from tests.report.published import RUN, publish
from tests.sql.warehouse_rows import Rows

MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
"""Ten o'clock in Amsterdam."""

THROUGH = datetime(2025, 3, 7, 11, 0, tzinfo=UTC)
"""Friday noon in Amsterdam."""

HOURS = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00")


def after(**time: float) -> datetime:
    return MONDAY + timedelta(**time)


def story() -> Rows:
    rows = Rows(opening_hours=HOURS)
    rows.organisation(
        "Zon", accounts={"town": ["zon"], "evil": ["zon"]}, employees={"town": ["eva"]}
    )
    rows.organisation("Maan", "competitor", accounts={"town": ["maan"]})
    rows.source("town feed", "town", since=after(days=-60), through=THROUGH)
    rows.source("evil feed", "evil", since=after(days=-60), through=THROUGH)
    rows.run(RUN, THROUGH)
    rows.collection(
        RUN,
        "town feed",
        "town",
        asked_from=after(days=-1),
        asked_through=THROUGH,
        posts_count=30,
    )
    asks = {"mentions": ["zon"], "intents": ["question"]}

    # Bob asks twice, in a conversation that Zon began and Carla joined
    rows.post("news", "zon", after(hours=-2), text="We are open.")
    rows.post("carla", "carla", after(hours=-1), parent="news", text="Nice.")
    rows.post("bob 1", "bob", after(), parent="news", url="https://town.example/bob1", **asks)
    rows.post("bob 2", "bob", after(hours=1), parent="bob 1", **asks)
    rows.post("dirk to bob", "dirk", after(hours=2), parent="bob 2", text="Same here.")

    # Fred's fault of this morning, and a request that can wait
    rows.post(
        "fred",
        "fred",
        THROUGH - timedelta(hours=3),
        sentiment="negative",
        mentions=["zon"],
        intents=["complaint", "fault_report"],
    )
    rows.post("gina", "gina", THROUGH - timedelta(hours=1), mentions=["zon"], intents=["request"])

    # answered, by somebody else than Zon, by nobody yet looked for, not for everybody
    rows.post("hans", "hans", after(hours=1), **asks)
    rows.post("to hans", "zon", after(hours=2), parent="hans")
    rows.post("iris", "iris", THROUGH + timedelta(hours=1), **asks)
    rows.post("jan", "jan", after(hours=1), visibility="direct", **asks)
    # not for Zon: Kees waits for Maan in two conversations, and Lot in one
    rows.post("maan asked", "kees", after(days=1), mentions=["maan"], intents=["complaint"])
    rows.post("maan again", "kees", after(days=2), mentions=["maan"], intents=["question"])
    rows.post("maan too", "lot", after(days=2), mentions=["maan"], intents=["question"])

    for number, text in enumerate(HOSTILE):
        rows.post(
            f"hostile {number:02}",
            text.replace("\0", "")[:200] or "x",
            after(days=1, minutes=number),
            platform="evil",
            text=text.replace("\0", ""),
            url=f"javascript:alert({number})",
            mentions=["zon"],
            intents=["complaint"],
            first_source="evil feed",
        )
    rows.author("town", "bob", 12_000, "Bob de Bouwer")
    return rows


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the story, built and published once for all tests and all workers."""
    return built_once(tmp_path_factory, "waiting-in-town", lambda folder: publish(story(), folder))
