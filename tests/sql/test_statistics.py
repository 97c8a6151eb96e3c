"""Wilson, Gini and the graph: the compiled SQL beside scipy, numpy and networkx on any input."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from pipeline.models import BuildResult

MODELS = (
    *("int_people_addressing", "int_measures_people"),
    *("int_network_nodes", "int_networks", "int_measures_networks"),
)
ANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WEEK = date(2025, 3, 3)
LINK = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda two: two[0] != two[1])


@pytest.fixture(scope="module")
def compiled(built: tuple[BuildResult, str]) -> dict[str, str]:
    """The models as they run at night."""
    folder = Path(built[1]).parent / "dbt" / "target" / "compiled"
    return {name: next(folder.rglob(f"{name}.sql")).read_text(encoding="utf-8") for name in MODELS}


@pytest.fixture(scope="module")
def tables() -> duckdb.DuckDBPyConnection:
    """What these models read: one organisation on one platform, in one week."""
    connection = duckdb.connect()
    connection.execute(
        """
        attach ':memory:' as luister;
        create schema luister.intermediate;
        use luister;
        create table intermediate.int_scopes as
            select 1 as scope_number, 'Zon' as organisation, 'town' as platform, 'town' as scope;
        create table intermediate.int_period_days as
            select 1 as period_number, date '2025-03-03' + day as calendar_date
            from unnest([0, 1]) as days (day);
        create table intermediate.int_calendar as select date '2025-03-03' as calendar_date;
        create table intermediate.int_grid as
            select 1 as scope_number, 1 as period_number, 'Zon' as organisation,
            'town' as platform, 'week' as period_grain, date '2025-03-03' as period_start;
        create table intermediate.int_talk_prints as
            select 1 as scope_number, 1 as period_number, 5::ubigint as group_print;
        create table intermediate.int_network_prints as
            select 1 as scope_number, date '2025-03-03' as week, 5::ubigint as group_print;
        create table intermediate.int_people_answered (
            scope_number integer, period_number integer, people_answered bigint,
            repeat_conversers bigint
        );
        create table intermediate.int_audience_days (
            organisation varchar, platform varchar, asked_date date, person_number bigint,
            is_answered boolean
        );
        create table intermediate.int_acts (
            organisation varchar, platform varchar, posted_date date, person_number bigint,
            act varchar
        );
        create table intermediate.int_account_names (
            organisation varchar, platform varchar, author_number bigint, account_kind varchar
        );
        create table intermediate.int_handles (author_number bigint, handle_number bigint);
        create table intermediate.int_roles (
            organisation varchar, platform varchar, post_number bigint, posted_date date
        );
        create table intermediate.int_posts (post_number bigint, speaker_number bigint);
        create table intermediate.int_network_edges (
            scope_number integer, week date, from_number bigint, to_number bigint
        );
        create table intermediate.int_modularity (
            scope_number integer, week date, modularity double, groups_count bigint,
            tied_nodes_count bigint
        );
        """
    )
    return connection


def people(
    tables: duckdb.DuckDBPyConnection, compiled: dict[str, str], answers: list[list[bool]]
) -> dict[str, tuple[float | None, ...]]:
    """Measures over people who asked, each with whether each question was answered."""
    tables.execute("delete from intermediate.int_audience_days")
    tables.executemany(
        "insert into intermediate.int_audience_days values ('Zon', 'town', '2025-03-03', ?, ?)",
        [[person, any(each)] for person, each in enumerate(answers)],
    )
    tables.execute("delete from intermediate.int_acts")
    # who got two was replied to on two days
    tables.executemany(
        "insert into intermediate.int_acts "
        "values ('Zon', 'town', date '2025-03-03' + ?, ?, 'reply')",
        [
            [place % 2, person]
            for person, each in enumerate(answers)
            for place in range(each.count(True))
        ]
        or [[0, -1]],
    )
    tables.execute(
        "create or replace table intermediate.int_people_addressing as "
        + compiled["int_people_addressing"]
    )
    rows = tables.execute(
        f"select measure, value, low, high from ({compiled['int_measures_people']})"
    ).fetchall()
    return {measure: tuple(numbers) for measure, *numbers in rows}


ANSWERS = st.lists(st.lists(st.booleans(), min_size=1, max_size=5), min_size=1, max_size=30)


@ANY
@given(ANSWERS)
def test_intervals_are_those_of_scipy(
    tables: duckdb.DuckDBPyConnection, compiled: dict[str, str], answers: list[list[bool]]
) -> None:
    reached = sum(any(each) for each in answers)
    theirs = binomtest(reached, len(answers)).proportion_ci(0.95, method="wilson")

    found = people(tables, compiled, answers)["people_answered_share"]

    assert found == pytest.approx((reached / len(answers), theirs.low, theirs.high), abs=1e-9)


@ANY
@given(ANSWERS)
def test_gini_is_half_the_mean_difference_over_the_mean(
    tables: duckdb.DuckDBPyConnection, compiled: dict[str, str], answers: list[list[bool]]
) -> None:
    counts = np.array([sum(each) for each in answers], dtype=float)
    differences = np.abs(np.subtract.outer(counts, counts)).mean()
    known = differences / (2 * counts.mean()) if counts.any() else None

    found = people(tables, compiled, answers)["answer_gini"][0]

    assert found == (known if known is None else pytest.approx(known, abs=1e-9))


@ANY
@given(st.sets(LINK, max_size=25), st.integers(1, 7))
def test_graph_measures_are_those_of_networkx(
    tables: duckdb.DuckDBPyConnection, compiled: dict[str, str], links: set[tuple[int, int]], n: int
) -> None:
    graph = nx.DiGraph(links)
    graph.add_nodes_from(range(n))

    found = network(tables, compiled, graph)

    count, ties = graph.number_of_nodes(), graph.number_of_edges()
    star = (count - 1) ** 2
    into, out = ([degree for _, degree in each] for each in (graph.in_degree, graph.out_degree))
    mutual = sum(graph.has_edge(v, u) for u, v in graph.edges)
    pairs = nx.Graph(graph).number_of_edges()
    known = {
        "density": nx.density(graph) if count > 1 else None,
        "edge_reciprocity": nx.overall_reciprocity(graph) if ties else None,
        "dyad_reciprocity": mutual / 2 / pairs if pairs else None,
        "isolate_share": nx.number_of_isolates(graph) / count,
        "in_centralization": sum(max(into) - each for each in into) / star if star else None,
        "out_centralization": sum(max(out) - each for each in out) / star if star else None,
    }
    for measure, value in known.items():
        assert found[measure] == (value if value is None else pytest.approx(value)), measure


def network(
    tables: duckdb.DuckDBPyConnection, compiled: dict[str, str], graph: nx.DiGraph
) -> dict[str, float | None]:
    """The measures of a week in which every node speaks and turns to whom the graph says."""
    for table in ("int_roles", "int_posts", "int_network_edges"):
        tables.execute(f"delete from intermediate.{table}")
    for node in graph.nodes:
        tables.execute(
            "insert into intermediate.int_roles values ('Zon', 'town', ?, ?)", [node, WEEK]
        )
        tables.execute("insert into intermediate.int_posts values (?, ?)", [node, node])
    for one, other in graph.edges:
        tables.execute(
            "insert into intermediate.int_network_edges values (1, ?, ?, ?)", [WEEK, one, other]
        )
    for name in ("int_network_nodes", "int_networks"):
        tables.execute(f"create or replace table intermediate.{name} as {compiled[name]}")
    rows = tables.execute(
        f"select measure, value from ({compiled['int_measures_networks']})"
    ).fetchall()
    return dict(rows)
