"""Numbers for names in Spark, the same that DuckDB gives: ties between posts fall alike."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyspark.sql import SparkSession

NUMBER_OF: Final = "luister_number"
"""The function's name in SQL, see macro ``number_of``."""

_HASH: Final = "select xor(hash(platform, name), 9223372036854775808::ubigint) as number from named"
"""DuckDB counts from 0 to 2^64, Spark from -2^63 to 2^63: the order stays."""


def numbers(platforms: pa.Array, names: pa.Array) -> pa.Array:
    """DuckDB's hash of each platform and name, moved into 64 bits with a sign; null for null."""
    connection = _hasher()
    connection.register("named", pa.table({"platform": platforms, "name": names}))
    found = connection.sql(_HASH).to_arrow_table()["number"]
    moved = pa.chunked_array([chunk.view(pa.int64()) for chunk in found.chunks], pa.int64())
    return pc.if_else(names.is_null(), None, moved.combine_chunks())


@cache
def _hasher() -> DuckDBPyConnection:
    """One for each process: Spark calls a function from one thread of it."""
    import duckdb

    return duckdb.connect(config={"threads": 1, "preserve_insertion_order": True})


def register(session: SparkSession) -> None:
    """Let SQL of this session number names."""
    from pyspark.sql.functions import arrow_udf

    def numbered(platforms: pa.Array, names: pa.Array) -> pa.Array:
        return numbers(platforms, names)

    session.udf.register(NUMBER_OF, arrow_udf(numbered, "bigint"))
