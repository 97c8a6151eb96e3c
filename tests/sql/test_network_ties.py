"""The ties that the drawing of the network is made of."""

from __future__ import annotations

import duckdb

from pipeline.models import BuildResult


def rows(database: str, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(database, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_week_has_the_ties_that_are_counted_of_it(built: tuple[BuildResult, str]) -> None:
    found = rows(
        built[1],
        """
        select organisation, week, count(*), max(greatest(from_node, to_node))
        from marts.network_ties group by organisation, week order by organisation
        """,
    )
    counted = rows(
        built[1],
        """
        select organisation, week, edges_count, nodes_count - isolates_count
        from marts.networks_weekly
        where platform = 'all' and week = date '2025-03-03' and edges_count > 0
        order by organisation
        """,
    )

    assert found == counted
    assert found


def test_the_company_is_named_and_a_person_is_a_number(built: tuple[BuildResult, str]) -> None:
    sent = rows(
        built[1],
        """
        select distinct from_organisation from marts.network_ties
        where organisation = 'Zon' order by all
        """,
    )

    assert sent == [("Maan",), ("Zon",), (None,)]


def test_the_running_week_is_not_drawn(built: tuple[BuildResult, str]) -> None:
    assert rows(built[1], "select distinct week::varchar from marts.network_ties") == [
        ("2025-03-03",)
    ]
