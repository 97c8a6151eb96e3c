"""The division of a week's ties into groups, beside networkx."""

from __future__ import annotations

import importlib.util
from datetime import date
from itertools import combinations
from types import ModuleType

import duckdb
import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline.models import PROJECT


def _module() -> ModuleType:
    path = PROJECT / "models" / "intermediate" / "int_modularity.py"
    spec = importlib.util.spec_from_file_location("int_modularity", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MODEL = _module()
Pairs = list[tuple[int, int]]
TIE = some.tuples(some.integers(0, 12), some.integers(0, 12)).filter(lambda two: two[0] != two[1])


def ends(pairs: Pairs) -> tuple[np.ndarray, np.ndarray]:
    """As the model gets them: numbers of 64 bits."""
    shifted = np.array(pairs, dtype=np.uint64) + np.uint64(2**63)
    return shifted[:, 0], shifted[:, 1]


def test_two_circles_of_friends_with_one_tie_between_them() -> None:
    pairs = [*combinations(range(4), 2), *combinations(range(4, 8), 2), (0, 4)]

    found = MODEL.division(*ends(pairs))

    assert found["groups_count"] == 2
    assert (found["tied_nodes_count"], found["two_largest_count"]) == (8, 8)
    assert found["modularity"] == pytest.approx(2 * (6 / 13 - 0.25))


def test_answering_back_makes_no_second_tie() -> None:
    one_way = [(0, 1), (1, 2), (3, 4)]
    both_ways = [*one_way, (1, 0), (4, 3)]

    assert MODEL.division(*ends(one_way)) == MODEL.division(*ends(both_ways))


def test_the_same_ties_are_divided_once_and_told_for_each_scope_and_week(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weeks = [date(2025, 3, 3), date(2025, 3, 10)]
    friends, others = [(1, 2), (2, 3)], [(1, 2), (4, 3)]
    told = edges((1, weeks[0], friends), (2, weeks[0], friends[::-1]), (2, weeks[1], others))
    divided = []
    division = MODEL.division
    monkeypatch.setattr(MODEL, "division", lambda *ties: divided.append(1) or division(*ties))

    rows = MODEL.model(Project(told), None).to_pylist()

    assert [(row["scope_number"], row["week"], row["groups_count"]) for row in rows] == [
        (1, weeks[0], 1),
        (2, weeks[0], 1),
        (2, weeks[1], 2),
    ]
    assert len(divided) == 2


def test_what_the_last_build_divided_is_not_divided_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monday, next_monday = date(2025, 3, 3), date(2025, 3, 10)
    friends, others, more = [(1, 2), (2, 3)], [(1, 2), (4, 3)], [(1, 2), (4, 3), (3, 5)]
    before = MODEL.model(Project(edges((1, monday, friends), (2, monday, others))), None)
    now = edges((1, monday, friends), (2, monday, more), (3, next_monday, others))
    divided = []
    division = MODEL.division
    monkeypatch.setattr(MODEL, "division", lambda *ties: divided.append(ties) or division(*ties))

    added = MODEL.model(Project(now, is_incremental=True), Session(before))

    assert sorted(pair for ties in divided for pair in zip(*ties, strict=True)) == sorted(more)
    assert added == MODEL.model(Project(now), None)


def edges(*told: tuple[int, date, Pairs]) -> pa.Table:
    """Ties of some scopes and weeks, as a table."""
    return pa.table(
        {
            "scope_number": pa.array([n for n, _, ties in told for _ in ties], pa.int32()),
            "week": [week for _, week, ties in told for _ in ties],
            "from_number": [one for _, _, ties in told for one, _ in ties],
            "to_number": [other for _, _, ties in told for _, other in ties],
            "group_print": pa.array(
                [abs(hash((n, week, tuple(ties)))) for n, week, ties in told for _ in ties],
                pa.uint64(),
            ),
        }
    )


class Relation:
    """A table as dbt hands it to a model."""

    def __init__(self, rows: pa.Table) -> None:
        self.rows = rows

    def to_arrow_table(self) -> pa.Table:
        return self.rows


class Project:
    """What dbt hands a model: here one relation."""

    this = "what was made before"

    def __init__(self, edges: pa.Table, *, is_incremental: bool = False) -> None:
        self.edges = edges
        self.is_incremental = is_incremental
        self.connection = duckdb.connect()

    def config(self, **_: str) -> None:
        """How to make it is no matter here."""

    def ref(self, _: str) -> duckdb.DuckDBPyRelation:
        return self.connection.from_arrow(self.edges)


class Session:
    """The connection, which knows what the last build made."""

    def __init__(self, before: pa.Table) -> None:
        self.before = before

    def table(self, name: str) -> Relation:
        assert name == Project.this
        return Relation(self.before)


@settings(max_examples=60, deadline=None)
@given(some.lists(TIE, min_size=1, max_size=40))
def test_it_is_the_modularity_of_a_division_as_good_as_theirs(pairs: Pairs) -> None:
    ties, groups = MODEL.ties_and_groups(*ends(pairs))
    graph = nx.from_scipy_sparse_array(ties)
    division = [
        {node for node in graph if groups[node] == group} for group in sorted(set(groups.tolist()))
    ]

    found = MODEL.division(*ends(pairs))["modularity"]

    assert found == pytest.approx(nx.community.modularity(graph, division, weight=None))
    theirs = nx.community.louvain_communities(graph, weight=None, seed=1)
    assert found >= nx.community.modularity(graph, theirs, weight=None) - 0.1
