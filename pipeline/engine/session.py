"""One Spark session for one build, on this machine or on a cluster."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.engine.numbers import register
from pipeline.engine.settings import SparkSettings
from pipeline.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

IN_MEMORY: Final = 50
"""So many times the bytes of its file a table is taken to need in memory.

Spark hands a table that looks small to every worker whole, and looks at its file. Rows of measures
repeat the same few words: 1.7 million of them were 2 MB of Parquet and filled a worker's memory.
"""


@contextmanager
def spark_session(settings: SparkSettings, tables: Path) -> Iterator[SparkSession]:
    """A session that keeps its tables in a folder, ended afterwards; times are UTC.

    Args:
        settings: which Spark.
        tables: the folder, seen by all workers under the same name.

    Raises:
        ConfigError: Spark is not installed.
        ModelError: it does not start.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ConfigError(
            "Spark is not installed", where="engine", todo='install "luister[spark]" and Java 17'
        ) from error
    # workers read with the same Python, and ours in it
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1" if _is_local(settings) else "")
    if not os.environ["SPARK_LOCAL_IP"]:
        del os.environ["SPARK_LOCAL_IP"]
    builder = SparkSession.builder.appName("luister").master(settings.master)
    for name, value in options(settings, tables).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise ModelError(
            f"Spark does not start: {str(error).splitlines()[0]}", where=settings.master
        ) from error
    # what goes wrong is told by our own error, in a line
    session.sparkContext.setLogLevel("OFF")
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    register(session)
    try:
        yield session
    finally:
        session.stop()


def options(settings: SparkSettings, tables: Path) -> dict[str, str]:
    """What Spark is started with."""
    return {
        "spark.driver.memory": settings.driver_memory,
        "spark.executor.memory": settings.executor_memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(tables),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.shuffle.partitions": str(settings.parts),
        "spark.sql.sources.fileCompressionFactor": str(IN_MEMORY),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.cteRecursionLevelLimit": "10000",
        "spark.sql.cteRecursionRowLimit": "-1",
    }


def _is_local(settings: SparkSettings) -> bool:
    return settings.master.startswith("local")
