"""First response times against lifelines, on any cohort."""

from __future__ import annotations

import importlib.util
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from pipeline.models import PROJECT

Spells = list[tuple[int, bool]]

MONDAY = date(2025, 3, 3)
SCOPES = pa.table(
    {
        "scope_number": pa.array([1, 2, 3, 2], pa.int32()),
        "organisation": ["Zon", "Zon", "Maan", "Zon"],
        "platform": ["town", "town", "town", "village"],
    }
)


def _module() -> ModuleType:
    path = PROJECT / "models" / "intermediate" / "int_response_times.py"
    spec = importlib.util.spec_from_file_location("int_response_times", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MODEL = _module()


def every(periods: list[tuple[int, Any, Any]]) -> set[tuple[int, int]]:
    """All scopes and periods."""
    return {(scope, number) for scope in (1, 2, 3) for number, _, _ in periods}


def questions(
    spells: Spells, *, platform: str = "town", day: date = MONDAY
) -> list[dict[str, Any]]:
    """Questions to Zon: seconds watched, and whether an answer ended that."""
    return [
        {
            "organisation": "Zon",
            "platform": platform,
            "asked_date": day,
            "watched_seconds": float(seconds),
            "is_answered": answered,
        }
        for seconds, answered in spells
    ]


def quantiles(
    rows: list[dict[str, Any]], periods: list[tuple[int, date, date]] | None = None
) -> dict[tuple[int, int], dict[str, Any]]:
    spans = [
        (number, np.datetime64(first), np.datetime64(last))
        for number, first, last in periods or [(1, MONDAY, MONDAY)]
    ]
    found = MODEL.quantiles(pa.Table.from_pylist(rows), SCOPES, spans, every(spans))
    assert {quartile for _, _, quartile in found} <= {"all"}
    return {(scope, period): row for (scope, period, _), row in found.items()}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40))
@example([(5, True), (5, False)])
@example([(0, True)])
@example([(3, False)])
@example([(1, True), (2, True)])
@example([(7, True)] * 9 + [(8, False)])
def test_median_and_ninetieth_are_where_the_curve_falls(spells: Spells) -> None:
    found = quantiles(questions(spells))[1, 1]
    assert {name: value for name, value in found.items() if name != "is_settled"} == {
        "questions_count": len(spells),
        "answered_count": sum(answered for _, answered in spells),
        "median_seconds": first_at_or_below(spells, 0.5),
        "p90_seconds": first_at_or_below(spells, 0.1),
    }


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40),
    st.integers(1, 20),
)
def test_who_waits_longer_moves_no_time_that_is_settled(spells: Spells, later: int) -> None:
    longer = [(seconds + later * (not answered), answered) for seconds, answered in spells]

    before, after = (quantiles(questions(each))[1, 1] for each in (spells, longer))

    assert after == before or not before["is_settled"]
    assert after["is_settled"] or not before["is_settled"]


def test_a_time_beyond_the_shortest_wait_is_not_settled() -> None:
    assert not quantiles(questions([(10, True), (5, False), (12, True)]))[1, 1]["is_settled"]
    assert quantiles(questions([(10, True), (12, True), (12, False)]))[1, 1]["is_settled"]


def test_only_what_is_wanted_is_reckoned() -> None:
    tuesday = MONDAY + timedelta(days=1)
    rows = [*questions([(10, True)]), *questions([(30, True)], day=tuesday)]
    days = {1: np.datetime64(MONDAY), 2: np.datetime64(tuesday)}
    spans = [(number, day, day) for number, day in days.items()]

    found = MODEL.quantiles(pa.Table.from_pylist(rows), SCOPES, spans, {(2, 1)})

    assert set(found) == {(2, 1, "all")}


def test_what_is_settled_and_has_its_print_is_kept() -> None:
    rows = [
        {"scope_number": 1, "period_number": period, "is_settled": settled, "group_print": name}
        for period, settled, name in [(1, True, "a"), (2, False, "a"), (3, True, "of then")]
    ]
    prints = {(1, 1): "a", (1, 2): "a", (1, 3): "a"}

    assert MODEL.still_true(pa.Table.from_pylist(rows), prints) == rows[:1]
    assert MODEL.still_true(None, prints) == []


def test_the_unanswered_stay_in() -> None:
    # the curve is 5/6, then 5/6 * 2/4, then 0; of the answered alone half had one within 20
    spells = [(10, True), (15, False), (20, True), (20, True), (30, False), (40, True)]

    assert quantiles(questions(spells))[1, 1]["median_seconds"] == 20
    assert quantiles(questions(spells))[1, 1]["p90_seconds"] == 40


def test_there_is_no_median_when_most_wait() -> None:
    row = quantiles(questions([(10, True), (90, False), (90, False)]))[1, 1]

    assert (row["answered_count"], row["median_seconds"], row["p90_seconds"]) == (1, None, None)


def test_each_scope_and_period_counts_its_own_questions() -> None:
    tuesday = MONDAY + timedelta(days=1)
    rows = [
        *questions([(10, True)]),
        *questions([(30, True)], day=tuesday),
        *questions([(20, True), (25, True)], platform="village", day=tuesday),
    ]

    found = quantiles(rows, [(1, MONDAY, MONDAY), (2, tuesday, tuesday), (3, MONDAY, tuesday)])

    assert {key: (row["questions_count"], row["median_seconds"]) for key, row in found.items()} == {
        (1, 1): (1, 10),
        (1, 2): (1, 30),
        (1, 3): (2, 10),
        (2, 1): (1, 10),
        (2, 2): (3, 25),
        (2, 3): (4, 20),
    }


def test_each_audience_counts_its_own_questions() -> None:
    tuesday = MONDAY + timedelta(days=1)
    rows = [
        *({**row, "person_number": 7} for row in questions([(10, True), (20, False)])),
        *({**row, "person_number": 3} for row in questions([(30, True)], day=tuesday)),
        *({**row, "person_number": 9} for row in questions([(40, True)], day=tuesday)),
    ]
    # who has few followers on Monday has more on Tuesday
    heard = [(MONDAY, 7, 5), (tuesday, 7, 90), (tuesday, 3, 80), (tuesday, 9, None)]
    people = pa.Table.from_pylist([in_town(*each) for each in heard])
    spans = [
        (number, np.datetime64(MONDAY), np.datetime64(last))
        for number, last in ((1, MONDAY), (2, tuesday))
    ]

    found = MODEL.quantiles(pa.Table.from_pylist(rows), SCOPES, spans, every(spans), people)

    assert {key: (row["questions_count"], row["median_seconds"]) for key, row in found.items()} == {
        (scope, *each): told
        for scope in (1, 2)
        for each, told in {
            (1, "all"): (2, 10),
            (1, "1"): (2, 10),
            (2, "all"): (4, 30),
            (2, "1"): (1, 30),
            (2, "3"): (2, 10),
            (2, "unknown"): (1, 40),
        }.items()
    }


def test_people_with_as_many_followers_stand_in_one_quartile() -> None:
    """Five people with 0, 5, 5, 9 and 100: the shares with fewer are 0, 1/5, 1/5, 3/5 and 4/5.

    Somebody whose audience grew counts with the largest; who is unknown stands apart.
    """
    tuesday = MONDAY + timedelta(days=1)
    heard = [
        in_town(MONDAY, 20, 0, matured=1),
        in_town(MONDAY, 21, 5, matured=1, answered=1),
        in_town(MONDAY, 22, 5),
        in_town(MONDAY, 23, 9, matured=2, answered=1),
        in_town(MONDAY, 24, 1, matured=1, answered=1),
        in_town(tuesday, 24, 100, matured=1),
        in_town(tuesday, 25, None, matured=1, answered=1),
    ]
    none = pa.Table.from_pylist(questions([(1, True)])).slice(1)
    none = none.append_column("person_number", pa.array([], pa.int64()))
    spans = [(7, np.datetime64(MONDAY), np.datetime64(tuesday))]

    found = MODEL.quantiles(none, SCOPES, spans, every(spans), pa.Table.from_pylist(heard))

    names = ("people_count", "matured_posts", "answered_posts", "fewest_followers")
    assert {
        quartile: tuple(row[name] for name in names)
        for (scope, _, quartile), row in found.items()
        if scope == 1
    } == {
        "1": (3, 2, 1, 0),
        "3": (1, 2, 1, 9),
        "4": (1, 2, 1, 100),
        "unknown": (1, 1, 1, None),
    }


def in_town(
    day: date, person: int, followers: int | None, *, matured: int = 0, answered: int = 0
) -> dict[str, Any]:
    """What one person got who addressed Zon on one day."""
    return {
        "organisation": "Zon",
        "platform": "town",
        "asked_date": day,
        "person_number": person,
        "followers_count": followers,
        "matured_posts": matured,
        "answered_posts": answered,
    }


def first_at_or_below(spells: Spells, share: float) -> float | None:
    """When lifelines' curve comes down to a share; None when it never does."""
    fitter = KaplanMeierFitter()
    fitter.fit([seconds for seconds, _ in spells], [answered for _, answered in spells])
    curve = fitter.survival_function_["KM_estimate"]
    fallen = curve[curve <= share + 1e-9]
    return None if fallen.empty else float(fallen.index[0])
