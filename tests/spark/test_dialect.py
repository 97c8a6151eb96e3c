"""Every model is SQL that Spark reads as DuckDB does; told without Spark."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from jinja2 import Environment

from pipeline.engine.dialect import for_spark
from pipeline.engine.numbers import numbers
from pipeline.errors import ModelError
from tests.spark.rendered import environment, models, rendered

DUCKDB_ALONE = re.compile(r"\b(unnest|list_\w+|epoch_us|generate_series|isodow)\(", re.IGNORECASE)


@pytest.fixture(scope="module")
def jinja() -> Environment:
    return environment()


@pytest.mark.parametrize("path", models(), ids=lambda path: path.stem)
def test_a_model_can_be_read_by_spark(jinja: Environment, path: Path) -> None:
    sql = rendered(jinja, path)

    assert not DUCKDB_ALONE.search(for_spark(sql))


def test_rows_without_a_value_come_last_both_ways() -> None:
    said = for_spark("select row_number() over (order by one, two desc) as place from things")

    assert "ORDER BY one NULLS LAST, two DESC" in said


def test_numbers_with_a_point_are_doubles() -> None:
    assert "CAST('0.5' AS DOUBLE) * 2" in for_spark("select 0.5 * 2 as one")


def test_texts_have_no_longest_length() -> None:
    assert "CAST(one AS STRING)" in for_spark("select cast(one as varchar) as two from things")


def test_elements_are_made_before_a_list_is_taken_apart() -> None:
    said = for_spark("select key, lower(explode(names)) as name from things")

    assert "EXPLODE(TRANSFORM(names, element -> LOWER(element))) AS name" in said


def test_a_print_is_of_nulls_and_of_all_digits_of_a_moment(jinja: Environment) -> None:
    asked = jinja.from_string("select {{ print_of(['one', 'two']) }} as print from things").render()

    said = for_spark(asked)

    assert "'ignoreNullFields', 'false'" in said
    assert "ss.SSSSSS'" in said


def test_what_reads_no_rows_stays_as_it_is() -> None:
    assert for_spark("show tables in marts like '*'") == "show tables in marts like '*'"


def test_what_is_no_sql_is_an_error() -> None:
    with pytest.raises(ModelError, match="Spark cannot read"):
        for_spark("select (from")


def test_names_are_numbered_as_duckdb_does_in_the_same_order() -> None:
    names = ["ann", "Émile", "", None, "x" * 300, *map(str, range(500))]
    platforms = ["town"] * len(names)

    found = numbers(pa.array(platforms), pa.array(names, pa.string())).to_pylist()

    told = duckdb.execute("select hash('town', name) from (select unnest($1) as name)", [names])
    hashes = [number for (number,) in told.fetchall()]
    expected = [
        None if name is None else number for name, number in zip(names, hashes, strict=True)
    ]
    assert [number if number is None else number + 2**63 for number in found] == expected
    known = [number for number in found if number is not None]
    assert sorted(range(len(known)), key=known.__getitem__) == sorted(
        range(len(known)), key=[each for each in expected if each is not None].__getitem__
    )
