"""Posts and outcomes for tests of landing and load: only what a test is about is named in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.http import Usage
from pipeline.landing import Collected, Landing, LandingFile
from pipeline.load import Loaded
from pipeline.post import Post
from pipeline.warehouse import Warehouse

NOW = datetime(2026, 11, 1, 4, 15, tzinfo=UTC)
WEEK = timedelta(days=7)
CONFIG = {
    "contact": "desk@acme.example",
    "organisation": {
        "name": "Acme",
        "accounts": {"mastodon": ["@Acme@social.example", "acmecare"]},
        "employees": {"mastodon": ["acmecare", "Jan"]},
    },
    "competitor": [{"name": "Bolt"}],
    "source": [{"name": "social", "platform": "mastodon", "verbs": ["mentions", "inbox"]}],
    "opening_hours": {"monday": "09:00-17:00", "sunday": "closed"},
}


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def post(name: str = "p1", **fields: Any) -> Post:
    known: dict[str, Any] = {
        "platform": "mastodon",
        "post_id": name,
        "kind": "reply" if fields.get("parent_id") else "post",
        "observed_at": NOW,
        "created_at": NOW - timedelta(days=1),
        "author_id": "anna",
        "author_handle": "@anna",
        "text": f"text of {name}",
        "payload": f'{{"id": "{name}"}}',
    }
    return Post(**known | fields)


def gone(name: str = "p1", **fields: Any) -> Post:
    observed = fields.pop("observed_at", later(24))
    return Post(
        platform="mastodon",
        post_id=name,
        kind="post",
        observed_at=observed,
        deleted_at=observed,
        **fields,
    )


def collected(run: str, *posts: Post, **fields: Any) -> Collected:
    """Run names sort by time: "1", "2" and so on are enough."""
    known: dict[str, Any] = {
        "run_id": run,
        "source": "social",
        "platform": "mastodon",
        "asked_from": NOW - WEEK,
        "asked_through": NOW,
        "status": "complete",
        "posts": [("mentions", each) for each in posts],
        "usage": Usage(),
    }
    return Collected(**known | fields)


def landed(folder: Path, run: str, *posts: Post, **fields: Any) -> LandingFile:
    landing = Landing(folder / "landing")
    path = landing.write(collected(run, *posts, **fields))
    return next(file for file in landing.files() if file.path == path)


def load(warehouse: Warehouse, run: str, *posts: Post, **fields: Any) -> Loaded:
    """Land and load one outcome."""
    return warehouse.load(landed(warehouse.data, run, *posts, **fields))


def rows(warehouse: Warehouse, query: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = warehouse.database.execute(query).fetchall()
    return found


def one(warehouse: Warehouse, query: str) -> Any:
    """The only value of the only row."""
    ((value,),) = rows(warehouse, query)
    return value
