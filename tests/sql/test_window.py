"""A model that holds rows of the posts in a moving window, added to night after night."""

from __future__ import annotations

import random
from datetime import date, timedelta
from types import SimpleNamespace

import duckdb
import jinja2
import pytest

from pipeline.models import PROJECT

POSTS = range(30)
WEEKS = {post: date(2025, 3, 3) + timedelta(weeks=post // 3) for post in POSTS}


KEPT = "kept"
MACROS = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(
    (PROJECT / "macros" / "changed.sql").read_text(encoding="utf-8"),
    {
        "execute": True,
        "flags": SimpleNamespace(FULL_REFRESH=False),
        "this": KEPT,
        "ref": "intermediate.{}".format,
        "config": {"window_of": "weeks"},
    },
)


@pytest.mark.parametrize("seed", range(5))
def test_what_changed_or_left_goes_and_what_came_is_made(seed: int) -> None:
    chance = random.Random(seed)
    words = dict.fromkeys(POSTS, 1)
    voices = set(POSTS)
    with duckdb.connect() as database:
        database.execute("create schema intermediate")
        database.execute("create table kept (post_number int, week_start date, word int)")
        for _ in range(12):
            # a post in the window may have nothing to keep, and one outside may change
            changed = chance.sample(POSTS, chance.randrange(6))
            words.update({post: chance.randrange(3) for post in changed})
            # what is no voice any more has itself not changed, but something in its thread has
            beside = chance.sample(POSTS, chance.randrange(4))
            voices.symmetric_difference_update(beside)
            first = chance.randrange(6)
            weeks = sorted(set(WEEKS.values()))[first : first + chance.randrange(1, 5)]
            present = [post for post in POSTS if post in voices and WEEKS[post] in weeks]
            given(database, "int_changed_posts", changed)
            given(database, "int_touched_posts", [*changed, *beside])
            given(database, "present", present)
            database.execute(
                "create or replace table intermediate.weeks as "
                "select unnest(?::date[]) as week_start",
                [weeks],
            )

            add(database, words)

            assert sorted(database.execute("from kept").fetchall()) == [
                (post, WEEKS[post], word) for post in present for word in range(words[post])
            ]


def given(database: duckdb.DuckDBPyConnection, name: str, posts: list[int]) -> None:
    database.execute(
        f"create or replace table intermediate.{name} as "
        "select unnest(?::int[]) as post_number, unnest(?::date[]) as week_start",
        [posts, [WEEKS[post] for post in posts]],
    )


def add(database: duckdb.DuckDBPyConnection, words: dict[int, int]) -> None:
    """One night: the model makes what is not kept, and the strategy adds it."""
    fresh = MACROS.module.of_posts_not_kept()
    made = database.execute(
        f"select distinct post_number from intermediate.present {fresh}"
    ).fetchall()
    database.execute("create or replace table made (post_number int, week_start date, word int)")
    rows = [(post, WEEKS[post], word) for (post,) in made for word in range(words[post])]
    if rows:
        database.executemany("insert into made values (?, ?, ?)", rows)
    leaving = MACROS.module.leaving("window")
    database.execute(f"delete from {KEPT} where {leaving}; insert into {KEPT} from made")
