"""Texts read by Spark's workers: the same pure functions as in the pool, on Arrow batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline import enrich
from pipeline.engine.session import spark_session
from pipeline.engine.settings import SparkSettings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_PLACE = pa.field("place", pa.int64(), nullable=False)
_ASKED = ("text_key", "text", "language")


@contextmanager
def readers(
    settings: SparkSettings, tables: Path, names: Sequence[str] = ()
) -> Iterator[enrich.Reader]:
    """A function from texts to readings on Spark; few texts are read in this process.

    Spark is started for the first large table and serves those after it.

    Args:
        settings: which Spark.
        tables: a folder of its own for Spark.
        names: of organisations, which are read over.
    """
    with ExitStack() as stack:
        sessions: list[SparkSession] = []
        few = stack.enter_context(enrich.readers(1, names))

        def reader(table: pa.Table) -> pa.Table:
            if not sessions and table.num_rows < enrich.POOL_FROM:
                return few(table)
            if not sessions:
                sessions.append(stack.enter_context(spark_session(settings, tables)))
            return read_on(sessions[0], table, settings.parts, names)

        yield reader


def read_on(
    session: SparkSession, table: pa.Table, parts: int, names: Sequence[str] = ()
) -> pa.Table:
    """Readings of a table of text_key, text and language, in its order, as ``READING_SCHEMA``."""
    from pyspark.sql.pandas.types import from_arrow_schema

    asked = table.select(_ASKED).append_column(_PLACE, pa.array(range(table.num_rows), pa.int64()))
    schema = from_arrow_schema(enrich.READING_SCHEMA.append(_PLACE))
    frame = session.createDataFrame(asked).repartition(parts)
    read = frame.mapInArrow(partial(_read_batches, names=tuple(names)), schema).toArrow()
    ordered = read.sort_by("place").drop_columns("place").combine_chunks()
    return ordered.cast(enrich.READING_SCHEMA)


def _read_batches(
    batches: Iterable[pa.RecordBatch], names: tuple[str, ...]
) -> Iterator[pa.RecordBatch]:
    """What one worker does: read each batch in its own process."""
    with enrich.readers(1, names) as reader:
        for batch in batches:
            if batch.num_rows:
                readings: Any = reader(pa.Table.from_batches([batch]))
                yield from readings.append_column(_PLACE, batch["place"]).to_batches()
