"""Who turns to whom, in a few posts a platform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from pipeline.models import build
from tests.sql.warehouse_rows import Rows

MONDAY = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
PLATFORMS = ("unheard", "numbered", "named", "silenced", "rivals", "weeks")


def tell(rows: Rows) -> None:
    """What is said on each platform; nobody has collected the post `gone`."""
    beside: dict[str, Any] = {"parent": "gone", "names": ["Zon"]}

    # Anna answers somebody of whom nothing else is known, and herself
    rows.post("to bob", "anna", MONDAY, platform="unheard", parent_author_id="bob", **beside)
    rows.post("to anna", "anna", MONDAY, platform="unheard", parent_author_id="anna", **beside)

    # here an account is a number: of 7 the handle was never seen, of 8 it is carla, of 9 dirk
    for post_id, number, handle in (("hello", "8", "carla"), ("hi", "9", "dirk")):
        rows.post(post_id, number, MONDAY, platform="numbered", author_handle=handle)
        rows.author("numbered", number, None)
    for post_id, author, parent_author, tags in (
        ("to 7", "anna", "7", ["bob"]),
        ("to 8", "bert", "8", ["carla"]),
        ("to 8 and all", "cees", "8", ["carla", "bob"]),
        ("to 7 and 9", "dora", "7", ["dirk"]),
    ):
        rows.post(
            post_id,
            author,
            MONDAY,
            platform="numbered",
            parent_author_id=parent_author,
            mentions=tags,
            **beside,
        )

    # the reply tells a handle, and the account has a number too
    rows.post("i am 8", "8", MONDAY, platform="named", author_handle="carla")
    rows.post(
        "to carla",
        "anna",
        MONDAY,
        platform="named",
        parent_author_id="Carla",
        mentions=["carla"],
        **beside,
    )

    # of 7 a post was deleted and of 8 the words are gone: with it went what told their handles
    rows.post("deleted", "7", MONDAY, platform="silenced", author_handle="bob", deleted_at=MONDAY)
    rows.post("emptied", "8", MONDAY, platform="silenced", author_handle=None)
    for post_id, number in (("to 7", "7"), ("to 8", "8")):
        rows.author("silenced", number, None)
        rows.post(
            post_id,
            "anna",
            MONDAY,
            platform="silenced",
            parent_author_id=number,
            mentions=["bob"],
            **beside,
        )

    # a customer speaks to a customer; five others to or from an account or employee of somebody
    for number, (author, other) in enumerate(
        [
            *(("anna", "bob"), ("anna", "zon"), ("anna", "eva")),
            *(("bob", "maan"), ("mia", "bob"), ("maan", "mia")),
        ]
    ):
        name = f"rivals {number}"
        rows.post(name, author, MONDAY, platform="rivals", names=["Zon", "Maan"], mentions=[other])

    # two speak in the first week, one of them again in the second, and in the fourth
    for author, week in (("anna", 0), ("bob", 0), ("anna", 1), ("anna", 3)):
        at = MONDAY + timedelta(weeks=week)
        rows.post(f"{author} {week}", author, at, platform="weeks", names=["Zon"])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    rows = Rows()
    for name, role, account, employee in (
        ("Zon", "own", "zon", "eva"),
        ("Maan", "competitor", "maan", "mia"),
    ):
        rows.organisation(
            name,
            role,
            accounts=dict.fromkeys(PLATFORMS, (account,)),
            employees=dict.fromkeys(PLATFORMS, (employee,)),
        )
    for name in PLATFORMS:
        through = datetime(2025, 3, 31, tzinfo=UTC)
        rows.source(f"{name} source", name, since=MONDAY, through=through)
    tell(rows)
    path = rows.write(tmp_path_factory.mktemp("networks") / "luister.duckdb")
    build(path)
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def edges(database: duckdb.DuckDBPyConnection, platform: str) -> list[tuple[str, str]]:
    """Post and whom it turns to, under every name that a test uses."""
    return database.execute(
        """
        with names as (
            select * from (values ('anna'), ('bob'), ('carla'), ('dirk'), ('7'), ('8'), ('9'))
        )
        select posts.post_id, names.col0
        from intermediate.int_edges as edges
        join staging.stg_posts as posts using (post_number)
        left join names on edges.to_number = hash(posts.platform, names.col0)
        where posts.platform = ?
        order by all
        """,
        [platform],
    ).fetchall()


def test_who_answers_a_post_that_was_not_collected_turns_to_its_author(
    database: duckdb.DuckDBPyConnection,
) -> None:
    assert edges(database, "unheard") == [("to bob", "bob")]


def test_whom_a_reply_answers_and_tags_is_one_person(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Nobody can tell whether 7 is Bob: as long as it may be, he is counted once."""
    assert edges(database, "numbered") == [
        ("to 7", "bob"),
        ("to 7 and 9", "7"),
        ("to 7 and 9", "9"),
        ("to 8", "8"),
        ("to 8 and all", "8"),
        ("to 8 and all", "bob"),
    ]
    assert edges(database, "named") == [("to carla", "8")]


def test_whose_handle_is_no_longer_known_may_be_the_one_who_is_tagged(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Nothing tells any more that 7, or 8, is Bob: as long as one may be, he is counted once."""
    assert edges(database, "silenced") == [("to 7", "bob"), ("to 8", "bob")]


@pytest.mark.parametrize("organisation", ["Zon", "Maan"])
def test_an_account_or_employee_of_any_organisation_is_no_customer(
    database: duckdb.DuckDBPyConnection, organisation: str
) -> None:
    found = database.execute(
        "select numerator, denominator from marts.scorecard where organisation = ? "
        "and platform = 'rivals' and measure = 'customer_to_customer_share' "
        "and period_start = '2025-03-03'",
        [organisation],
    ).fetchall()
    assert found == [(1, 6)]


def test_nobody_is_back_where_nobody_was_there_the_week_before(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = database.execute(
        "select value, numerator, denominator from marts.scorecard where organisation = 'Zon' "
        "and platform = 'weeks' and measure = 'returning_node_share' and period_grain = 'week' "
        "and period_start between '2025-03-03' and '2025-03-24' order by period_start"
    ).fetchall()
    assert found == [(None, 0, 0), (0.5, 1, 2), (0, 0, 1), (None, 0, 0)]
