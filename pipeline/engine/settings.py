"""The section ``[spark]`` of luister.toml: which Spark makes the models."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from pipeline.settings import Settings

Master = Annotated[
    str, StringConstraints(pattern=r"^(local(\[(\d+|\*)\])?|(spark|k8s|yarn)(:\S+)?)$")
]
Memory = Annotated[str, StringConstraints(pattern=r"^\d+[mg]$")]


class SparkSettings(Settings):
    """Which Spark makes the models when `engine = "spark"`; needs `luister[spark]` and Java 17."""

    master: Master = Field(
        "local[*]", description="This machine, or the address of a cluster: spark://host:7077."
    )
    driver_memory: Memory = Field("2g", description="Memory of the process that leads.")
    executor_memory: Memory = Field("2g", description="Memory of each worker's process.")
    parts: int = Field(
        8,
        ge=1,
        le=100_000,
        description="Into how many parts data is split when it is put together.",
    )
    folder: Path | None = Field(
        None,
        description="Where tables are exchanged, seen by all workers under this name; "
        "default: spark in the data folder.",
    )
