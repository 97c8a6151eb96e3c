"""import: a file of posts as one more source, through the same landing and load as every night."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from connectors import load as connector_of
from connectors.given_files import written_at
from flows.commands.output import counted
from pipeline import night as steps
from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.pace import Pace
from pipeline.source import Source


def import_posts(
    config: Config, file: Path, columns: Mapping[str, str], platform: str | None, name: str | None
) -> tuple[str, ...]:
    """Land and load ``file``; returns what came of it in a sentence, then each failure."""
    if not file.exists():
        raise ConfigError(
            "there is no such file",
            where=str(file),
            todo="give the path of a CSV, NDJSON or Parquet file",
        )
    written_at(file)
    source = Source(
        name=name or _source_name(file),
        platform="table",
        urls=(str(file.resolve()),),
        options={"map": dict(columns), **({"platform": platform} if platform else {})},
    )
    night = steps.Night(run_id=steps.new_run_id(), config=config, sources={source.name: source})
    with steps.alone(night):
        steps.prepare(night)
        landed = steps.collect(night, source.name, connector_of, Pace(), steps.Silent())
        steps.load(night)
        posts, new_posts, failures = steps.close(night)
    return (
        f"{source.name}: {landed.status}, {counted(posts, 'post')} read, {new_posts} new",
        *failures,
    )


def _source_name(file: Path) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    return f"import-{plain or 'table'}"[:63]
