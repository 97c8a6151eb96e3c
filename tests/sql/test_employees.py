"""Posts of declared employees are counted, and no employee is ranked or profiled."""

from __future__ import annotations

import duckdb

from pipeline.config import Config
from tests.pipeline.landed import CONFIG


def test_no_employee_can_be_told_from_another(database: duckdb.DuckDBPyConnection) -> None:
    told = database.execute(
        """
        select count(*), count(posts.author_key)
        from marts.posts as posts join marts.post_roles as roles using (post_key)
        where roles.role = 'employee'
        """
    ).fetchall()
    assert told == [(1, 0)]
    tables = database.execute(
        "select table_name from duckdb_columns() "
        "where schema_name = 'marts' and column_name = 'author_key' order by all"
    ).fetchall()
    for (table,) in tables:
        found = database.execute(
            f"select 1 from marts.{table} where author_key = 'key of eva'"
        ).fetchall()
        assert not found, table


def test_their_posts_are_counted(database: duckdb.DuckDBPyConnection) -> None:
    counted = database.execute(
        "select sum(employee_posts) from marts.volume_daily "
        "where organisation = 'Zon' and platform = 'town'"
    ).fetchall()
    assert counted == [(1,)]


def test_the_scorecard_says_nothing_else_of_employees(
    database: duckdb.DuckDBPyConnection,
) -> None:
    measures = database.execute(
        "select distinct measure from marts.scorecard where contains(measure, 'employee')"
    ).fetchall()
    assert set(measures) <= {("employee_posts",)}


def test_nobody_is_an_employee_unless_declared() -> None:
    plain = Config.model_validate(CONFIG | {"organisation": {"name": "Acme"}})

    assert not any(organisation.employees for organisation in plain.organisations)
