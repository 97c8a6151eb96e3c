"""The SQL of first response times against lifelines, on any cohort."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from pipeline.models import BuildResult

Spells = list[tuple[int, bool]]


@pytest.fixture(scope="module")
def quantiles(built: tuple[BuildResult, str]) -> str:
    """The compiled model, as it runs at night."""
    compiled = Path(built[1]).parent / "dbt" / "target" / "compiled"
    (path,) = compiled.rglob("int_response_times.sql")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def cohort() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        """
        attach ':memory:' as luister;
        create schema luister.intermediate;
        use luister;
        create table intermediate.int_scopes as
            select 1 as scope_number, 'Zon' as organisation, 'town' as platform, 'town' as scope;
        create table intermediate.int_period_days as
            select 1 as period_number, date '2025-03-03' as calendar_date;
        create table intermediate.int_questions (
            organisation varchar, platform varchar, asked_date date,
            watched_seconds double, is_answered boolean
        );
        """
    )
    return connection


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40))
@example([(5, True), (5, False)])
@example([(0, True)])
@example([(3, False)])
@example([(1, True), (2, True)])
@example([(7, True)] * 9 + [(8, False)])
def test_median_and_ninetieth_are_where_the_curve_falls(
    quantiles: str, cohort: duckdb.DuckDBPyConnection, spells: Spells
) -> None:
    cohort.execute("delete from intermediate.int_questions")
    cohort.executemany(
        "insert into intermediate.int_questions values ('Zon', 'town', '2025-03-03', ?, ?)",
        [list(spell) for spell in spells],
    )
    (row,) = cohort.sql(quantiles).fetchall()

    assert row[2:] == (
        len(spells),
        sum(answered for _, answered in spells),
        first_at_or_below(spells, 0.5),
        first_at_or_below(spells, 0.1),
    )


def first_at_or_below(spells: Spells, share: float) -> float | None:
    """When lifelines' curve comes down to a share; None when it never does."""
    fitter = KaplanMeierFitter()
    fitter.fit([seconds for seconds, _ in spells], [answered for _, answered in spells])
    curve = fitter.survival_function_["KM_estimate"]
    fallen = curve[curve <= share + 1e-9]
    return None if fallen.empty else float(fallen.index[0])
