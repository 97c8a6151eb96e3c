"""The division of a week's ties into groups, beside networkx."""

from __future__ import annotations

import importlib.util
from itertools import combinations
from types import ModuleType

import networkx as nx
import numpy as np
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
