"""import: a file of posts as one more source, through the same landing and load as every night."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from connectors import load as connector_of
from connectors.given_files import written_at
from flows.commands.output import counted
from pipeline import night as steps
from pipeline.config import Config
from pipeline.errors import ConfigError, PayloadError
from pipeline.http import open_client
from pipeline.pace import Pace
from pipeline.post import Rejected
from pipeline.source import Source

_GIVE: Final = "give the path of a CSV, NDJSON or Parquet file of posts"
_TRIED: Final = 1_000
"""Rows that show whether a file is what it should be."""


def import_posts(
    config: Config, file: Path, columns: Mapping[str, str], platform: str | None, name: str | None
) -> tuple[str, ...]:
    """Land and load ``file``; returns what came of it in a sentence, then each failure.

    Raises:
        ConfigError: its name is that of a source, or its columns are not known.
        PayloadError: it cannot be read, or none of its first rows is understood; nothing was kept.
    """
    if not file.exists():
        raise ConfigError(
            "there is no such file",
            where=str(file),
            todo=_GIVE,
        )
    if file.is_dir():
        raise ConfigError("is a folder, not a file", where=str(file), todo=_GIVE)
    written_at(file)
    source = Source(
        name=name or _source_name(file),
        platform="table",
        urls=(str(file.resolve()),),
        options={"map": dict(columns), **({"platform": platform} if platform else {})},
    )
    _refuse_taken(config, source.name)
    _try_out(config, source)
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


def _refuse_taken(config: Config, name: str) -> None:
    """A source of luister.toml keeps its own ledger: how far it was read, and what went wrong."""
    if any(each.name == name for each in config.source):
        raise ConfigError(
            f"a source of luister.toml is called {name!r}",
            where="--name",
            todo="give what is imported a name of its own",
        )


def _try_out(config: Config, source: Source) -> None:
    """Read the beginning: of a file that is not what it should be no ledger is kept."""
    connector: Any = connector_of(source.platform)
    with open_client(source, connector, steps.http_settings(config), pace=Pace()) as client:
        since = datetime.fromtimestamp(0, UTC)
        try:
            began = list(islice(connector.mentions(source, client, since), _TRIED))
        except PayloadError as error:
            error.todo = error.todo.replace(PayloadError.default_todo, _GIVE)
            raise
    first = began[0] if began else None
    if isinstance(first, Rejected) and all(isinstance(each, Rejected) for each in began):
        told = (
            f"none of the first {counted(len(began), 'row')} was understood, "
            f"that at {first.path}: {first.reason}"
        )
        raise PayloadError(told, where=source.urls[0], todo="mend the file, or --map")


def _source_name(file: Path) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    return f"import-{plain or 'table'}"[:63]
