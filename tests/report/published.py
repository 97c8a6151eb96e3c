"""Published files for the report: a company's months, built by the real models and published."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.models import build
from pipeline.publish import publish as publish_marts
from tests.once import built_once
from tests.sql.warehouse_rows import Rows

RUN = "20260316T031500Z-abcdef"
THROUGH = datetime(2026, 3, 16, 3, 15, tzinfo=UTC)
PURPOSES = ("service", "knowledge", "image", "sales", "product", "internal", None)
TEXTS = {
    "negative": "Al drie weken wacht ik op mijn fiets en niemand belt terug. Waar blijft hij?",
    "neutral": "Weet iemand of de winkel in Purmerend op maandag open is?",
    "positive": "Snel geholpen door de monteur, de rem doet het weer. Dank jullie wel!",
}


@dataclass(frozen=True)
class Cast:
    """Who plays: names that may be hostile."""

    own: str = "Waterland Fietsen"
    rivals: Sequence[str] = ("Tweewielerhuis De Kaag", "Rijwielpaleis")
    sources: Sequence[str] = ("mastodon social", "bluesky", "klantenforum", "regionaal nieuws")
    texts: Sequence[str] = ()


def rows_of(cast: Cast, *, days: int = 120, seed: int = 1, busyness: float = 1.0) -> Rows:
    """Months in which the company begins to answer: seldom at first, more as time goes by."""
    chance = random.Random(seed)
    rows = Rows()
    begin = THROUGH - timedelta(days=days)
    for number, name in enumerate((cast.own, *cast.rivals)):
        role = "competitor" if number else "own"
        handles = {platform: [f"{platform}-{number}"] for platform in ("mastodon", "bluesky")}
        rows.organisation(name, role, accounts=handles)
    rows.run(RUN, THROUGH)
    _sources(rows, cast, begin)
    for number, name in enumerate((cast.own, *cast.rivals)):
        zeal = (0.25, 0.55, 0.1)[number % 3]
        for day in range(days):
            _one_day(rows, cast, name, number, begin + timedelta(days=day), zeal, chance, busyness)
            zeal += 0.4 / days if not number else 0
    for number in range(400):
        rows.author("mastodon", f"person {number}", number * number // 20)
    return rows


def _sources(rows: Rows, cast: Cast, begin: datetime) -> None:
    platforms = ("mastodon", "bluesky", "feed", "feed")
    for number, name in enumerate(cast.sources):
        platform = platforms[number % 4]
        is_broken = number == len(cast.sources) - 1
        through = THROUGH - timedelta(days=3, hours=6) if is_broken else THROUGH
        rows.source(name, platform, since=begin, through=through)
        rows.collection(
            RUN,
            name,
            platform,
            asked_from=begin,
            asked_through=THROUGH,
            posts_count=40,
            status="failed" if is_broken else "complete",
            error_code="SourceUnavailable" if is_broken else None,
        )
    gap = THROUGH - timedelta(days=9, hours=15)
    rows.gap(cast.sources[1], "bluesky", gap, gap + timedelta(hours=17))


def _one_day(
    rows: Rows,
    cast: Cast,
    name: str,
    number: int,
    day: datetime,
    zeal: float,
    chance: random.Random,
    busyness: float,
) -> None:
    weekend = 0.4 if day.weekday() > 4 else 1.0
    for each in range(int(chance.gauss(6, 2) * weekend * busyness)):
        _conversation(rows, cast, f"{number}-{day:%m%d}-{each}", name, number, day, zeal, chance)
    for each in range(int(chance.gauss(3, 1) * weekend * busyness)):
        key, account = f"news-{number}-{day:%m%d}-{each}", f"mastodon-{number}"
        at = day + timedelta(hours=chance.uniform(8, 17))
        kind = chance.choices(["post", "outreach", "self", "relay"], [6, 1, 1, 1])[0]
        if kind in {"self", "relay"}:
            target = f"news-{number}-x" if kind == "self" else "somebody elses"
            rows.post(key, account, at, platform="mastodon", kind="repost", reposted_id=target)
        else:
            tagged = ["a neighbour"] if kind == "outreach" else []
            rows.post(key, account, at, platform="mastodon", mentions=tagged, reading=_sent(chance))
        if kind == "post" and chance.random() < 0.2:
            rows.post(
                f"{key}-2",
                account,
                at + timedelta(minutes=2),
                parent=key,
                platform="mastodon",
            )


def _conversation(
    rows: Rows,
    cast: Cast,
    key: str,
    name: str,
    number: int,
    day: datetime,
    zeal: float,
    chance: random.Random,
) -> None:
    at = day + timedelta(hours=chance.uniform(6, 22))
    platform = chance.choice(["mastodon", "bluesky"])
    mood = chance.choices(["negative", "neutral", "positive"], [3, 5, 2 + 3 * zeal])[0]
    author = f"person {chance.randrange(400)}"
    text = chance.choice(cast.texts) if cast.texts else TEXTS[mood]
    need = chance.choice(["question", "complaint", "request", ""])
    is_addressed = chance.random() < 0.7
    rows.post(
        key,
        author,
        at,
        platform=platform,
        names=[name],
        mentions=[f"{platform}-{number}"] if is_addressed else [],
        sentiment=mood,
        intents=[need] if need else [],
        text=text,
        language="nl",
        reading={"purpose": chance.choices(PURPOSES, [9, 3, 2, 3, 2, 1, 3])[0]},
        first_source=cast.sources[0 if platform == "mastodon" else 1 % len(cast.sources)],
    )
    if is_addressed and chance.random() < zeal:
        wait = timedelta(hours=min(200.0, chance.lognormvariate(1.2, 1.6)))
        if at + wait < THROUGH:
            rows.post(
                f"{key}-answer",
                f"{platform}-{number}",
                at + wait,
                parent=key,
                platform=platform,
                reading=_answered(chance),
            )
    elif chance.random() < 0.3:
        rows.post(
            f"{key}-aside",
            f"person {chance.randrange(400)}",
            at + timedelta(hours=1),
            parent=key,
            platform=platform,
        )


def _sent(chance: random.Random) -> dict[str, object]:
    """What a company reads like when it sends: it sells more than it helps."""
    giving = chance.choices(["give", "take", "neither"], [1, 3, 2])[0]
    model = {"give": "public_information", "take": "press_agentry"}.get(giving)
    purpose = chance.choices(PURPOSES, [1, 2, 2, 8, 1, 1, 2])[0]
    return {"giving": giving, "pr_model": model, "purpose": purpose, "is_signed": False}


def _answered(chance: random.Random) -> dict[str, object]:
    """What it reads like when it answers."""
    model = chance.choice(["two_way_symmetrical", "two_way_symmetrical", "two_way_asymmetrical"])
    return {
        "giving": chance.choice(["give", "give", "neither"]),
        "pr_model": model,
        "purpose": "service",
        "is_signed": chance.random() < 0.6,
    }


def publish(rows: Rows, folder: Path) -> Path:
    """Write the rows, build the models, publish; returns the analysts' file."""
    folder.mkdir(parents=True, exist_ok=True)
    rows.write(folder / "luister.duckdb")
    build(folder / "luister.duckdb")
    now = THROUGH + timedelta(minutes=12)
    with duckdb.connect(str(folder / "luister.duckdb")) as database:
        publish_marts(database, folder, RUN, now, check=lambda path: None)
    return folder / "analytics.duckdb"


def shared_publication(factory: pytest.TempPathFactory) -> Path:
    """The company's months, built once for all tests and all workers."""
    folder = built_once(
        factory, "months-of-waterland", lambda folder: publish(rows_of(Cast(), days=100), folder)
    )
    return folder / "analytics.duckdb"


def changed(published: Path, folder: Path, *statements: tuple[str, Sequence[object]]) -> Path:
    """A copy of a published file in which these statements were run."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "analytics.duckdb"
    shutil.copyfile(published.resolve(), copy)
    with duckdb.connect(str(copy)) as database:
        for statement, values in statements:
            database.execute(statement, list(values))
    return copy
