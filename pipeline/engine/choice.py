"""Which engine makes the models: the one that luister.toml names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import ModelError

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.models import BuildResult


def build_models(
    config: Config, *, select: str | None = None, full_refresh: bool = False
) -> BuildResult:
    """Run the SQL models on the engine that is configured; see ``models.build``.

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
