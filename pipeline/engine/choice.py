"""Which engine reads texts and makes the models: the one that luister.toml names."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from pipeline import enrich
from pipeline.config import Config
from pipeline.errors import ModelError

if TYPE_CHECKING:
    from pipeline.models import BuildResult


def readers(config: Config, names: Sequence[str]) -> AbstractContextManager[enrich.Reader]:
    """A function from texts to readings; ``names`` of organisations are read over."""
    if config.engine == "duckdb":
        return enrich.readers(names=names)
    from pipeline.engine.reading import readers as on_spark

    folder = config.spark.folder or config.data / "spark"
    return on_spark(config.spark, folder / "reading", names)


def build_models(
    config: Config, *, select: str | None = None, full_refresh: bool = False
) -> BuildResult:
    """Run the SQL models; see ``models.build``.

    Raises:
        ModelError: as there; or models were chosen, which Spark cannot make apart.
    """
    database = config.data / "luister.duckdb"
    if config.engine == "duckdb":
        from pipeline.models import build

        return build(database, select=select, full_refresh=full_refresh)
    if select is not None:
        raise ModelError("Spark makes all models together", where="--select", todo="leave it out")
    from pipeline.engine.build import build as build_on_spark

    return build_on_spark(database, config.spark)
