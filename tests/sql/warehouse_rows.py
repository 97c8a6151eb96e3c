"""A private database of a few rows, written as one would tell the story: who said what, when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.threads import place

MIGRATIONS = Path(__file__).parents[2] / "pipeline" / "migrations"


class Rows:
    """Rows of the private schemas, collected in lists by table and written at once."""

    def __init__(
        self,
        *,
        timezone: str = "Europe/Amsterdam",
        minimum_n: int = 10,
        opening_hours: Mapping[str, str] | None = None,
    ) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self._add(
            "conf.settings",
            timezone=timezone,
            language="nl",
            minimum_n=minimum_n,
            opening_hours=json.dumps(dict(opening_hours or {})),
            holidays_country="NL",
        )

    def _add(self, table: str, **row: Any) -> None:
        self.tables.setdefault(table, []).append(row)

    def organisation(
        self,
        name: str,
        role: str = "own",
        *,
        accounts: Mapping[str, Iterable[str]] | None = None,
        employees: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """An organisation with its accounts by platform."""
        self._add("conf.organisations", organisation=name, role=role)
        for account_kind, by_platform in (("owned", accounts), ("employee", employees)):
            for platform, handles in (by_platform or {}).items():
                for handle in handles:
                    self._add(
                        "conf.accounts",
                        organisation=name,
                        platform=platform,
                        account=handle,
                        account_kind=account_kind,
                    )

    def joined(self, organisation: str, at: datetime) -> None:
        """An organisation that came into luister.toml later than the first post."""
        self._add("ops.panel", organisation=organisation, joined_at=at)

    def source(
        self,
        name: str,
        platform: str,
        *,
        since: datetime | None = None,
        through: datetime | None = None,
        verbs: Mapping[str, datetime] | None = None,
    ) -> None:
        """A configured source, how far it has looked, and how far those of its verbs were asked."""
        self._add("conf.sources", source=name, platform=platform, verbs=["mentions"])
        for verb, reached in (verbs or {}).items():
            self._add("ops.verb_progress", source=name, verb=verb, collected_through=reached)
        if since and through:
            self._add(
                "ops.progress",
                source=name,
                platform=platform,
                collected_from=since,
                collected_through=through,
                run_id="run-1",
            )

    def gap(
        self, source: str, platform: str, since: datetime, until: datetime, verb: str | None = None
    ) -> None:
        """A stretch of time a source, or one verb of it, has not covered."""
        self._add(
            "ops.gaps",
            source=source,
            platform=platform,
            gap_from=since,
            gap_to=until,
            reason="unreachable",
            run_id="run-1",
            verb=verb,
        )

    def cut_thread(
        self, source: str, platform: str, post_id: str, at: datetime, reason: str
    ) -> None:
        """A thread that was asked with a post and could not be read to its end."""
        self._add(
            "raw.cut_threads",
            source=source,
            platform=platform,
            post_id=post_id,
            reason=reason,
            is_asked_again=reason == "BudgetSpent",
            first_cut_at=at,
            last_cut_at=at,
            run_id="run-1",
        )

    def run(self, run_id: str, at: datetime) -> None:
        """A run in the ledger."""
        self._add(
            "ops.runs",
            run_id=run_id,
            started_at=at,
            finished_at=at,
            status="complete",
            version="0.1.0",
        )

    def collection(self, run_id: str, source: str, platform: str, **values: Any) -> None:
        """What one run did with one source."""
        row: dict[str, Any] = {
            "status": "complete",
            "requests_count": 1,
            "bytes_count": 1,
            "rate_limited_seconds": 0.0,
            "posts_count": 0,
            "new_posts_count": 0,
            "duplicates_count": 0,
            "rejected_count": 0,
            "seconds": 1.0,
        }
        self._add(
            "ops.collections",
            run_id=run_id,
            source=source,
            platform=platform,
            **(row | values),
        )

    def post(
        self,
        post_id: str,
        author: str | None,
        at: datetime | None,
        *,
        platform: str = "town",
        kind: str | None = None,
        parent: str | None = None,
        names: Iterable[str] = (),
        sentiment: str | None = None,
        intents: Iterable[str] = (),
        reading: Mapping[str, Any] | None = None,
        text: str | None = None,
        **values: Any,
    ) -> None:
        """One post; ``names`` are the organisations whose alias is in it.

        ``reading`` is what else was read in it: purpose, giving, pr_model, message_type, is_signed.
        """
        text_key = f"text of {platform} {post_id}"
        seen = values.pop("first_seen_at", None) or (at + timedelta(minutes=5) if at else None)
        row: dict[str, Any] = {
            "platform": platform,
            "post_id": post_id,
            "kind": kind or ("reply" if parent else "post"),
            "created_at": at,
            "first_seen_at": seen,
            "last_seen_at": seen,
            "parent_id": parent,
            "author_id": author,
            "author_handle": author,
            "author_key": f"key of {author}" if author else None,
            "text": text if text is not None else f"words of {author}",
            "text_key": text_key,
            "mentions": [],
            "tags": [],
            "links": [],
            "visibility": "public",
            "first_source": "source",
            "first_verb": "mentions",
        }
        self._add("raw.posts", **(row | values))
        self._add(
            "enriched.texts",
            text_key=text_key,
            enricher_version="1",
            sentiment=sentiment,
            sentiment_score={"positive": 0.5, "negative": -0.5}.get(sentiment or "", 0.0),
            intents=list(intents),
            **(reading or {}),
        )
        for organisation in names:
            self._add(
                "enriched.matches",
                platform=platform,
                post_id=post_id,
                organisation=organisation,
                alias=organisation,
                alias_kind="name",
                matcher_version="1",
            )

    def story(self, platform: str, post_id: str, of: tuple[str, str]) -> None:
        """A post that shares its story with an earlier one, given by platform and name."""
        self._add(
            "enriched.stories",
            platform=platform,
            post_id=post_id,
            story_platform=of[0],
            story_post_id=of[1],
        )

    def mood(self, text_key: str, organisation: str, sentiment: str) -> None:
        """How a text that names several organisations speaks of one of them."""
        self._add(
            "enriched.moods",
            text_key=text_key,
            organisation=organisation,
            version="1",
            sentiment=sentiment,
            sentiment_score={"positive": 0.5, "negative": -0.5}.get(sentiment, 0.0),
        )

    def author(
        self, platform: str, author_id: str, followers: int | None, name: str | None = None
    ) -> None:
        """An author, how many follow, and the name shown."""
        at = self.tables["raw.posts"][0]["first_seen_at"]
        self._add(
            "raw.authors",
            platform=platform,
            author_id=author_id,
            author_key=f"key of {author_id}",
            author_handle=author_id,
            author_name=name,
            followers_count=followers,
            first_seen_at=at,
            last_seen_at=at,
        )

    def audience(self, platform: str, author_id: str, at: datetime, followers: int) -> None:
        """How many followed an author at some moment."""
        self._add(
            "raw.author_counts",
            platform=platform,
            author_id=author_id,
            observed_at=at,
            followers_count=followers,
        )

    def found_by(self, platform: str, post_id: str, source: str) -> None:
        """One of the sources that gave a post."""
        self._add(
            "raw.post_sources",
            platform=platform,
            post_id=post_id,
            source=source,
            verb="mentions",
            first_run_id="run-1",
        )

    def write(self, database: Path) -> Path:
        """Create the database with the migration and insert everything, threads included."""
        with duckdb.connect(str(database)) as connection:
            for script in sorted(MIGRATIONS.glob("*.sql")):
                connection.execute(script.read_text(encoding="utf-8"))
            self.fill(connection)
        return database

    def fill(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Insert everything, threads included, in place of what was there."""
        self.tables["raw.threads"] = list(_threads(self.tables.get("raw.posts", [])))
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where schema_name in ('raw', 'enriched', 'conf', 'ops')"
        ).fetchall():
            connection.execute(f"delete from {schema}.{table}")
        for table, rows in self.tables.items():
            if not rows:
                continue
            columns = list(dict.fromkeys(name for row in rows for name in row))
            staged = pa.table({name: [row.get(name) for row in rows] for name in columns})
            connection.register("staged", staged)
            connection.execute(f"insert into {table} by name select * from staged")
            connection.unregister("staged")


def _threads(posts: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The place of every post in its tree, as the load works it out."""
    numbers = {(post["platform"], post["post_id"]): at for at, post in enumerate(posts)}
    parents = [numbers.get((post["platform"], post["parent_id"]), -1) for post in posts]
    roots, depths = place(
        np.array(parents, dtype=np.int64), lambda at: str(posts[int(at)]["post_id"])
    )
    for post, parent, root, depth in zip(posts, parents, roots, depths, strict=True):
        yield {
            "platform": post["platform"],
            "post_id": post["post_id"],
            "thread_id": posts[root]["post_id"],
            "depth": int(depth),
            "is_parent_known": parent >= 0,
        }
