"""A night that adds makes the same rows as one that makes everything again, whatever happened."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from dbt.cli.main import dbtRunner

from pipeline.models import (
    OTHER,
    BuildResult,
    _begin,
    build,
    dbt_options,
    fingerprint,
    project,
)
from pipeline.models import PROJECT as SQL
from tests.sql.conftest import after, story
from tests.sql.warehouse_rows import MIGRATIONS, Rows

MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
KEPT = [
    *("int_known_posts", "int_posts", "int_roles", "int_acts", "int_answers", "int_asked"),
    *("int_threads", "int_edges", "int_keys", "int_personal_replies"),
    *("int_written_mentions", "int_shown_texts", "int_stories", "int_relevance"),
    *("int_named_mentions", "int_tagged_handles", "int_known_handles", "int_moods"),
    "int_unanswered",
]
KEPT_MARTS = {"posts", "post_roles"}
OF_ONE_NIGHT = {
    *("int_changed_posts", "int_changed_threads", "int_touched_posts", "int_reworded_posts"),
    "int_moved_posts",
    *("int_changed_rows", "int_changed_keys", "int_mentions", "int_climbs", "int_answered_people"),
    *("int_reply_edges", "int_changed_handles"),
    *("int_touched_rows", "int_touched_places", "int_touched_matches"),
}
PRINTED = {
    "int_said_prints": {
        "int_counts_hourly": {"int_roles", "int_posts", "int_night"},
    },
    "int_word_prints": {
        "int_word_days": {"int_roles", "int_masked_texts"},
    },
    "int_peak_prints": {
        "int_peak_posts": {
            *("int_peak_times", "int_scopes", "int_roles", "int_posts", "int_keys", "int_night"),
        },
    },
    "int_peak_word_prints": {
        "int_peak_words": {
            *("int_peak_times", "int_roles", "int_masked_texts", "int_word_days", "int_night"),
        },
    },
    "int_talk_prints": {
        "int_people_addressing": {
            *("int_audience_days", "int_acts", "int_scopes", "int_period_days"),
        },
        "int_people_answered": {"int_acts", "int_account_names", "int_scopes", "int_period_days"},
    },
    "int_network_prints": {
        "int_network_edges": {"int_roles", "int_edges", "int_scopes", "int_calendar"},
        "int_network_nodes": {
            *("int_network_edges", "int_roles", "int_posts", "int_scopes", "int_calendar"),
            *("int_account_names", "int_handles"),
        },
        "int_networks": {"int_network_edges", "int_network_nodes"},
    },
    "int_tie_prints": {
        "int_network_ties": {"int_network_edges", "int_scopes", "int_account_names"},
    },
    "int_topic_prints": {
        "int_topic_voices": {"int_roles", "int_posts"},
        "int_topic_terms": {"int_topic_voices", "int_topic_words", "stg_name_words"},
        "int_topic_shares": {"int_topic_voices", "stg_posts"},
    },
    "int_topic_post_prints": {
        "int_topic_posts": {
            *("int_topics", "int_topic_voices", "int_topic_words", "int_posts", "int_keys"),
        },
    },
}
RAW_COLUMNS = re.findall(
    r"^    ([a-z_]+) ",
    (MIGRATIONS / "0001_initial.sql")
    .read_text(encoding="utf-8")
    .partition("create table raw.posts (")[2]
    .partition(");")[0],
    re.MULTILINE,
)


class Step(NamedTuple):
    """One model of the project, compiled."""

    name: str
    kind: str
    key: str | None
    changed_in: str
    sql: str


def pseudonym(author: str) -> str:
    """As long as the real ones: words of topics know them by it."""
    return hashlib.sha256(author.encode()).hexdigest()[:32]


class Town:
    """Everything the private database holds, changed from night to night by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.posts: dict[str, dict[str, Any]] = {}
        self.people: dict[str, dict[str, Any]] = {
            name: {"handle": f"@{name.title()}_x", "name": name.title(), "followers": None}
            for name in ("zon", "maan", "eva", "anna", "bob", "carla")
        }
        self.owned = {"Zon": ["zon"], "Maan": ["@maan_x"]}
        self.timezone = "Europe/Amsterdam"
        self.opening_hours: dict[str, str] = {}
        self.counts: list[tuple[str, datetime, int]] = []
        self.stories: dict[str, str] = {}
        self.moods: dict[tuple[str, str], str] = {}
        self.through = MONDAY + timedelta(days=3)
        self.gaps: dict[str | None, tuple[datetime, datetime]] = {}
        self.number = 0

    def night(self) -> None:
        """Some of what may happen between two builds."""
        happenings = [
            *[self.say] * 6,
            *[self.edit, self.delete, self.restore, self.read_again, self.hide, self.name],
            *[self.rename] * 2,
            *[self.follow, self.reread_text, self.forget, self.move, self.configure],
            *[self.tell_again, self.judge, self.miss],
        ]
        self.through += timedelta(hours=self.chance.choice([0, 3, 24, 24, 200]))
        for _ in range(self.chance.randrange(1, 6)):
            self.chance.choice(happenings)()

    def say(self) -> None:
        """A post; a parent or original may be unknown, or arrive in a later night."""
        self.number += 1
        known = [f"p{number:02}" for number in range(1, self.number)] or ["p00"]
        target = self.chance.choice([*known, *known[-2:], "p00"])
        kind = self.chance.choice(["post", *["reply"] * 5, "repost", "quote", "review"])
        speaker = self.chance.choice([*self.people, "zon", "zon", "anna", None])
        self.posts[f"p{self.number:02}"] = {
            "kind": kind,
            "author": speaker,
            "at": MONDAY + timedelta(hours=6 * self.number + self.chance.randrange(9)),
            "parent": target if kind == "reply" else None,
            "quoted_id": target if kind in ("repost", "quote") else None,
            "parent_author_id": self.chance.choice([None, "zon", "bob"]),
            "handles_only": self.chance.random() < 0.2,
            **self.words(),
        }

    def words(self) -> dict[str, Any]:
        """What a text says and whom it tags."""
        return {
            "text": self.chance.choice(["Dag Anna", "ik, Bob", "Dank", "@Anna_x help"])
            + f" {self.chance.randrange(3)}",
            "mentions": self.chance.sample(
                ["zon", "@Maan_x", "@anna_x", "@bob_x", "@new"], self.chance.choice([0, 1, 2])
            ),
            "names": self.chance.sample(["Zon", "Maan"], self.chance.choice([0, 0, 1])),
            "intents": self.chance.choice([[], ["question"], ["complaint"]]),
            "purpose": self.chance.choice([None, "service"]),
        }

    def any_post(self) -> dict[str, Any]:
        if not self.posts:
            self.say()
        return self.posts[self.chance.choice(sorted(self.posts))]

    def edit(self) -> None:
        self.any_post().update(self.words())

    def delete(self) -> None:
        self.any_post()["deleted_at"] = MONDAY

    def restore(self) -> None:
        self.any_post().update(deleted_at=None, visibility="public")

    def hide(self) -> None:
        self.any_post()["visibility"] = "private"

    def read_again(self) -> None:
        self.any_post()["likes_count"] = self.chance.randrange(3)

    def reread_text(self) -> None:
        self.any_post()["intents"] = ["request"]

    def name(self) -> None:
        self.any_post()["names"] = self.chance.choice([[], ["Zon"], ["Zon", "Maan"]])

    def move(self) -> None:
        """The load finds out under which name the parent is known."""
        number = self.chance.randrange(1, self.number + 1) if self.number else 0
        if number > 1:
            post = self.posts.get(f"p{number:02}")
            if post and post["kind"] == "reply":
                post["parent"] = f"p{self.chance.randrange(1, number):02}"

    def forget(self) -> None:
        """A row is gone altogether."""
        if self.posts:
            del self.posts[self.chance.choice(sorted(self.posts))]

    def rename(self) -> None:
        person = self.people[self.chance.choice(sorted(self.people))]
        person["handle"] = self.chance.choice(["@new", "@anna_x", "@bob_x", "@other"])
        person["name"] = self.chance.choice(["Anna", "Bob", None])

    def follow(self) -> None:
        self.people[self.chance.choice(sorted(self.people))]["followers"] = self.chance.choice(
            [5, 150, 151]
        )

        self.counts.append(
            (
                self.chance.choice(sorted(self.people)),
                MONDAY + timedelta(hours=self.chance.randrange(200)),
                self.chance.randrange(300),
            )
        )

    def tell_again(self) -> None:
        """Two posts are found to tell one story, or no more."""
        if self.number > 1:
            post_id = f"p{self.chance.randrange(1, self.number + 1):02}"
            if self.stories.pop(post_id, None) is None:
                self.stories[post_id] = "p01"

    def judge(self) -> None:
        """A text that names several is read for each of them."""
        post = self.any_post()
        post["names"] = ["Zon", "Maan"]
        mood = self.chance.choice(["positive", "negative"])
        self.moods[f"key of {post['text']}", self.chance.choice(["Zon", "Maan"])] = mood

    def miss(self) -> None:
        """The source or a verb of it misses a stretch, or what it missed is read after all."""
        verb = self.chance.choice([None, "timeline", "mentions"])
        if self.gaps.pop(verb, None) is None:
            begin = MONDAY + timedelta(hours=self.chance.randrange(60))
            self.gaps[verb] = (begin, self.through)

    def configure(self) -> None:
        """Somebody edits luister.toml, now and then."""
        if self.chance.random() < 0.3:
            self.owned["Zon"] = self.chance.choice([["zon"], ["@zon", "eva"], ["bob"]])
            self.timezone = self.chance.choice(["Europe/Amsterdam", "America/New_York"])
            self.opening_hours = self.chance.choice([{}, {"monday": "08:00-12:00"}])

    def rows(self) -> Rows:
        rows = Rows(timezone=self.timezone, opening_hours=self.opening_hours)
        for organisation, accounts in self.owned.items():
            role = "own" if organisation == "Zon" else "competitor"
            bare = [account.lstrip("@") for account in accounts]
            rows.organisation(organisation, role, accounts={"town": bare})
        verbs = dict.fromkeys(("inbox", "timeline", "mentions"), self.through)
        rows.source("town feed", "town", since=MONDAY, through=self.through, verbs=verbs)
        for verb, (since, until) in self.gaps.items():
            rows.gap("town feed", "town", since, until, verb)
        for post_id, post in self.posts.items():
            person = self.people.get(post["author"] or "", {})
            author = None if post["handles_only"] else post["author"]
            values = {
                name: post[name]
                for name in (
                    *("mentions", "names", "intents", "text", "quoted_id", "parent_author_id"),
                    *("deleted_at", "visibility", "likes_count", "kind"),
                )
                if name in post
            }
            rows.post(
                post_id,
                author,
                post["at"],
                parent=post["parent"],
                author_handle=person.get("handle"),
                author_key=pseudonym(author) if author else None,
                text_key=f"key of {post['text']}",
                reading={"purpose": post["purpose"]},
                **values,
            )
        readings: dict[str, dict[str, Any]] = {}
        for row, post in zip(
            rows.tables.get("enriched.texts", []), self.posts.values(), strict=True
        ):
            key = f"key of {post['text']}"
            readings[key] = {**row, "text_key": key}
        rows.tables["enriched.texts"] = list(readings.values())
        if self.posts:
            for name, person in self.people.items():
                rows.author("town", name, person["followers"], person["name"])
        for name, at, followers in self.counts:
            rows.audience("town", name, at, followers)
        for post_id, first in self.stories.items():
            rows.story("town", post_id, ("town", first))
        for (text_key, organisation), mood in self.moods.items():
            rows.mood(text_key, organisation, mood)
        return rows


def compiled(folder: Path, *, is_full: bool) -> list[Step]:
    """The models that hold rows of posts, and what these are made of, in order."""
    database = Rows().write(folder / "luister.duckdb")
    arguments = ["compile", *dbt_options(folder), "--threads", "1"]
    arguments += ["--select", *(f"+{name},resource_type:model" for name in KEPT)]
    read = project(database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LUISTER_DATABASE", str(database))
        outcome = dbtRunner(manifest=read).invoke(arguments + ["--full-refresh"] * is_full)
    _close()
    assert outcome.success, outcome.exception
    nodes = [result.node for result in outcome.result.results]
    return [
        Step(
            node.name,
            node.config.materialized,
            node.config.unique_key,
            node.config.get("changed_in")
            or f"int_changed_{(node.config.unique_key or 'thread_number').split('_')[0]}s",
            node.compiled_code,
        )
        for node in _in_order([node for node in nodes if node.resource_type == "model"])
    ]


def _in_order(nodes: list[Any]) -> list[Any]:
    waiting, placed = {node.unique_id: node for node in nodes}, []
    while waiting:
        ready = [
            node
            for node in waiting.values()
            if not any(name in waiting for name in node.depends_on.nodes)
        ]
        assert ready
        for node in ready:
            placed.append(waiting.pop(node.unique_id))
    return placed


def _close() -> None:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager as Connections

    environment = Connections._ENV
    Connections.close_all_connections()
    if environment is not None:
        environment.close()


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Step]]:
    return {
        "full": compiled(tmp_path_factory.mktemp("full"), is_full=True),
        "adding": compiled(tmp_path_factory.mktemp("adding"), is_full=False),
    }


@contextmanager
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty private database in memory, by the name dbt knows it by."""
    with duckdb.connect() as connection:
        connection.execute(
            "attach ':memory:' as luister; use luister; set timezone = 'UTC'; set threads = 1"
        )
        for script in sorted(MIGRATIONS.glob("*.sql")):
            connection.execute(script.read_text(encoding="utf-8"))
        connection.execute("create schema staging; create schema intermediate")
        yield connection


def make(connection: duckdb.DuckDBPyConnection, steps: list[Step], *, is_full: bool) -> None:
    """Run the models as dbt does."""
    for step in steps:
        schema = "staging" if step.name.startswith("stg_") else "intermediate"
        name = f"{schema}.{step.name}"
        if step.kind == "incremental" and not is_full:
            connection.execute(f"create or replace temp table added as {step.sql}")
            connection.execute(
                f"delete from {name} where {step.key} in "
                f"(select {step.key} from intermediate.{step.changed_in})"
            )
            connection.execute(f"insert into {name} by name from added")
        else:
            kind = "view" if step.kind == "view" else "table"
            connection.execute(f"create or replace {kind} {name} as {step.sql}")


def kept(connection: duckdb.DuckDBPyConnection) -> Mapping[str, list[tuple[Any, ...]]]:
    return {
        name: sorted(connection.execute(f"from intermediate.{name}").fetchall(), key=repr)
        for name in KEPT
    }


@pytest.mark.parametrize("seed", range(3))
def test_random_nights_end_as_if_everything_was_made_again(
    programs: dict[str, list[Step]], seed: int
) -> None:
    """More seeds were tried than are run here: each night makes some sixty models."""
    town = Town(random.Random(seed))
    for _ in range(15):
        town.say()
    with warehouse() as adding, warehouse() as whole:
        town.rows().fill(adding)
        make(adding, programs["full"], is_full=True)
        for night in range(4):
            town.night()
            rows = town.rows()
            for connection in (adding, whole):
                rows.fill(connection)
            make(adding, programs["adding"], is_full=False)
            make(whole, programs["full"], is_full=True)
            found, expected = kept(adding), kept(whole)
            for name in KEPT:
                assert found[name] == expected[name], (seed, night, name)


def test_a_name_reaches_the_answer_to_somebody_who_was_never_collected(
    programs: dict[str, list[Step]],
) -> None:
    """No post of Bob stands in the thread: the answer itself must hang on his name."""
    rows = Rows()
    rows.organisation("Zon", accounts={"town": ["zon"]})
    rows.source("town feed", "town")
    rows.post("told", "zon", MONDAY, parent="gone", parent_author_id="bob", text="ik, Bob")
    with warehouse() as adding:
        for night, (name, is_personal) in enumerate([("Anna", 0), ("Bob", 1), ("Carla", 0)]):
            rows.tables["raw.authors"] = []
            rows.author("town", "bob", None, name)
            rows.fill(adding)
            make(adding, programs["adding" if night else "full"], is_full=night == 0)
            found = adding.execute("from intermediate.int_personal_replies").fetchall()
            assert len(found) == is_personal, name


def test_a_handle_learnt_later_makes_one_person_of_two_in_what_is_kept(
    programs: dict[str, list[Step]],
) -> None:
    """Elsewhere it is told whose handle it is; nothing in the old threads has moved."""
    rows = Rows()
    rows.organisation("Zon", accounts={"town": ["zon"]})
    rows.source("town feed", "town")
    asks: dict[str, Any] = {"mentions": ["zon"], "intents": ["question"]}
    rows.post("one", "7", MONDAY, author_handle=None, **asks)
    rows.post("two", None, after(hours=1), author_handle="anna", parent="one", **asks)
    rows.post("to one", "zon", after(hours=2), parent="one")
    rows.post("to two", "zon", after(hours=3), parent="two")
    rows.post(
        *("to gone", "zon", after(hours=4)), parent="gone", parent_author_id="anna", text="Dag Anna"
    )
    rows.author("town", "7", 5000, "Anna")
    people = "select count(distinct person_number) from intermediate.{} where person_number > 0"
    with warehouse() as adding, warehouse() as whole:
        rows.fill(adding)
        make(adding, programs["full"], is_full=True)
        for is_told, count in ((True, 1), (False, 2)):
            if is_told:
                rows.post("elsewhere", "7", after(hours=9), author_handle="@Anna")
            else:
                del rows.tables["raw.posts"][-1]
            for name in ("int_asked", "int_acts"):
                before = adding.execute(people.format(name)).fetchall()
                assert before == [(3 - count,)], name
            for connection in (adding, whole):
                rows.fill(connection)
            make(adding, programs["adding"], is_full=False)
            make(whole, programs["full"], is_full=True)
            found, expected = kept(adding), kept(whole)
            for name in KEPT:
                assert found[name] == expected[name], (is_told, name)
            for name in ("int_asked", "int_acts"):
                assert adding.execute(people.format(name)).fetchall() == [(count,)], name
            clocks = adding.execute(
                "select count(*) from intermediate.int_asked where starts_clock"
            ).fetchall()
            assert clocks == [(count,)]
            bands = "select count(*) from intermediate.int_asked where audience_band = '1000-9999'"
            assert adding.execute(bands).fetchall() == [(3 - count,)]
            named = adding.execute("from intermediate.int_personal_replies").fetchall()
            assert len(named) == is_told


@pytest.mark.parametrize("is_collected", [True, False])
def test_a_repost_tells_the_story_of_what_it_passes_on_as_long_as_that_has_one(
    programs: dict[str, list[Step]], *, is_collected: bool
) -> None:
    """Nothing of the repost itself moves, and it stands in a thread of its own."""
    rows = Rows()
    rows.organisation("Zon", accounts={"town": ["zon"]})
    rows.source("town feed", "town")
    rows.post("first", "anna", MONDAY)
    if is_collected:
        rows.post("copy", "bob", after(hours=1))
    rows.post("repost", "carla", after(hours=2), kind="repost", reposted_id="copy")
    told = "select count(distinct story_number) from intermediate.int_stories"
    with warehouse() as adding:
        rows.fill(adding)
        make(adding, programs["full"], is_full=True)
        assert adding.execute(told).fetchall() == [(2,)]
        for is_copy, stories in ((True, 1), (False, 2)):
            rows.tables["enriched.stories"] = []
            if is_copy:
                rows.story("town", "copy", ("town", "first"))
            rows.fill(adding)
            make(adding, programs["adding"], is_full=False)
            assert adding.execute(told).fetchall() == [(stories,)]


def test_a_night_of_dbt_adds_only_where_a_whole_build_has_ended_well(
    built: tuple[BuildResult, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added, whole = tmp_path / "added" / "luister.duckdb", tmp_path / "whole" / "luister.duckdb"
    rows = story()
    rows.post("late", "zon", after(days=9), parent="carla")
    rows.post("new", "gerda", after(days=9, hours=1), mentions=["zon"], intents=["question"])
    rows.tables["raw.posts"][0]["likes_count"] = 7
    (edited,) = [row for row in rows.tables["raw.posts"] if row["post_id"] == "carla"]
    edited |= {"text": "the bridge is closed, says @bob", "text_key": "of the edited text"}
    del rows.tables["raw.posts"][5]
    for database in (added, whole):
        database.parent.mkdir()
        shutil.copy(built[1], database)
        with duckdb.connect(str(database)) as connection:
            rows.fill(connection)

    assert built[0].is_full
    assert not build(added).is_full
    assert build(whole, full_refresh=True).is_full

    compare_contents(added, whole)
    with duckdb.connect(str(added)) as connection:
        touched = connection.execute("from intermediate.int_changed_threads").fetchall()
        assert 0 < len(touched) < 8
        terms = connection.execute("select term from intermediate.int_topic_words").fetchall()
        assert {("bridge",), ("closed",)} <= set(terms)

    # the next night goes by what dbt did, several steps side by side
    monkeypatch.setattr("pipeline.models._run", None)
    rows.post("newer", "zon", after(days=9, hours=2), parent="new")
    for database in (added, whole):
        with duckdb.connect(str(database)) as connection:
            rows.fill(connection)
        is_full = database is whole
        assert build(database, full_refresh=is_full).is_full == is_full
    compare_contents(added, whole)
    with duckdb.connect(str(added)) as connection:
        connection.execute("drop table intermediate.int_keys")
    assert _begin(added, fingerprint()) == OTHER, "a table is gone"
    assert _begin(whole, "of other models") == OTHER
    assert _begin(whole, fingerprint()) == OTHER, "somebody has begun a build that has not ended"


def test_where_a_large_part_of_the_posts_has_changed_everything_is_made_again(
    built: tuple[BuildResult, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.models.FEW_POSTS", 3)
    monkeypatch.setattr("pipeline.recorded._KEPT", {})
    added, whole = tmp_path / "added" / "luister.duckdb", tmp_path / "whole" / "luister.duckdb"
    for database in (added, whole):
        database.parent.mkdir()
        shutil.copy(built[1], database)
    rows = story()
    posts = rows.tables["raw.posts"]

    def changed(count: int, likes: int) -> None:
        for post in posts[:count]:
            post["likes_count"] = likes
        for database in (added, whole):
            with duckdb.connect(str(database)) as connection:
                rows.fill(connection)

    changed(len(posts), 41)
    assert build(added).is_full, "by dbt"
    changed(2, 42)
    assert not build(added).is_full
    changed(len(posts), 43)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.models._run", None)
        assert build(added).is_full, "by what dbt did"
    assert build(whole, full_refresh=True).is_full
    compare_contents(added, whole)


@pytest.mark.thorough
def test_every_table_of_random_nights_ends_as_if_everything_was_made_again(tmp_path: Path) -> None:
    """The same for all tables that last, marts among them, by whole builds."""
    town = Town(random.Random(5))
    for _ in range(15):
        town.say()
    added, whole = tmp_path / "added" / "luister.duckdb", tmp_path / "whole" / "luister.duckdb"
    for database in (added, whole):
        database.parent.mkdir()
        town.rows().write(database)
        assert build(database).is_full
    for _ in range(3):
        town.night()
        for database in (added, whole):
            with duckdb.connect(str(database)) as connection:
                town.rows().fill(connection)
            is_full = database is whole
            assert build(database, full_refresh=is_full).is_full == is_full
        compare_contents(added, whole)


def test_what_is_kept_reads_nothing_that_has_no_part_in_the_print(
    built: tuple[BuildResult, str],
) -> None:
    """Who gives a kept model a new input gives it a place in int_print_parts first."""
    nodes = json.loads(
        (Path(built[1]).parent / "dbt" / "target" / "manifest.json").read_text(encoding="utf-8")
    )["nodes"]
    kept_nodes = {
        name
        for name, node in nodes.items()
        if node["config"].get("incremental_strategy") == "changed"
    }
    assert {nodes[name]["name"] for name in kept_nodes} == {*KEPT, *KEPT_MARTS}
    (words,) = [
        node for node in nodes.values() if node["config"].get("incremental_strategy") == "window"
    ]
    assert {name.rpartition(".")[2] for name in words["depends_on"]["nodes"]} == {
        *("int_topic_voices", "int_masked_texts", "stop_words", "int_touched_posts")
    }, "all that is kept of a post is made of its own words"
    waiting, read = list(kept_nodes), set()
    while waiting:
        for name in nodes.get(waiting.pop(), {"depends_on": {"nodes": []}})["depends_on"]["nodes"]:
            if name not in read:
                read.add(name)
                waiting.append(name)
    assert {nodes[name]["name"] for name in read if name in nodes} - set(KEPT) - OF_ONE_NIGHT == {
        *("stg_posts", "stg_told_posts", "stg_threads", "stg_texts", "stg_authors", "stg_matches"),
        "stg_post_places",
        *("stg_accounts", "stg_organisations", "stg_settings"),
        *("stg_post_prints", "int_print_parts", "int_post_prints", "stg_stories", "stg_moods"),
        *("int_authors", "int_handles", "int_speakers", "int_account_names"),
        *("stg_match_prints", "stg_text_prints", "int_handle_keys"),
    }
    printed = (SQL / "models" / "staging" / "stg_post_prints.sql").read_text(encoding="utf-8")
    told = (SQL / "models" / "staging" / "stg_told_posts.sql").read_text(encoding="utf-8")
    columns = re.findall(r"^ +(?:posts\.)?([a-z_]+),?$", told, re.MULTILINE)
    of_raw = set(RAW_COLUMNS) & set(columns)
    assert len(of_raw) > 12
    in_other_words = {
        "created_at": "posted_at",
        "author_handle": "handle",
        "parent_id": "parent_number",
        "reposted_id": "shared_number",
        "quoted_id": "shared_number",
        "author_id": "author_number",
        "parent_author_id": "parent_author_number",
        "text_key": "text_number",
    }
    assert all(f"'{words}'" in printed for words in in_other_words.values())
    # the number of a post is made of the first two, and of the last that of its text
    of_raw -= {"platform", "post_id", "title", "text", "first_seen_at", *in_other_words}
    assert {name for name in of_raw if f"'{name}'" not in printed} == set()
    readings = (SQL / "models" / "staging" / "stg_text_prints.sql").read_text(encoding="utf-8")
    intents = (SQL / "models" / "staging" / "stg_texts.sql").read_text(encoding="utf-8")
    described = {
        column
        for node in nodes.values()
        if node["name"] == "stg_texts"
        for column in node["columns"]
    }
    read_as = {name: name for name in described - {"text_number"}}
    # one column of intents, told apart
    read_as |= {name: "intents" for name in described if f"'{name[3:]}'" in intents}
    assert {name for name in read_as.values() if f"'{name}'" not in readings} == set()


def test_a_model_of_printed_groups_reads_nothing_that_its_prints_do_not_cover(
    built: tuple[BuildResult, str],
) -> None:
    """Who gives such a model a new input sees to it that the print moves when that does."""
    manifest = Path(built[1]).parent / "dbt" / "target" / "manifest.json"
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    found: dict[str, dict[str, set[str]]] = {}
    for node in nodes.values():
        if node["config"].get("incremental_strategy") == "printed":
            printed_in = node["config"]["printed_in"]
            read = {name.rpartition(".")[2] for name in node["depends_on"]["nodes"]}
            assert printed_in in read, node["name"]
            found.setdefault(printed_in, {})[node["name"]] = read - {printed_in}

    assert found == PRINTED


def compare_contents(added: Path, whole: Path) -> None:
    """Every table that lasts holds the same rows in both."""
    found, expected = contents(added), contents(whole)
    assert found.keys() == expected.keys()
    for name, table in expected.items():
        assert found[name] == table, name


def contents(database: Path) -> dict[str, list[Any]]:
    """The rows of every table that lasts; what is double is told apart to nine places."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name, table_name from duckdb_tables() "
            "where schema_name in ('intermediate', 'marts')"
        ).fetchall()
        return {
            name: sorted(
                (
                    tuple(round(value, 9) if isinstance(value, float) else value for value in row)
                    for row in connection.execute(f"from {name}").fetchall()
                ),
                key=repr,
            )
            for name, bare in names
            if bare not in OF_ONE_NIGHT
        }
