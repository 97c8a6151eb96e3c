"""A night: which sources it asks, and under what name."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipeline import config as configuration
from pipeline.config import Config
from pipeline.recording import require_folders
from pipeline.source import Source
from pipeline.typed import settle_types


class Night(msgspec.Struct, frozen=True, kw_only=True):
    """What all steps of one night share."""

    run_id: str
    config: Config
    sources: Mapping[str, Source]
    record: Path | None = None
    replay: Path | None = None
    insists: bool = False
    """Whether sources are asked that want rest or were gone: somebody named them."""

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.config.data

    @property
    def plans(self) -> Path:
        """Where the plans of this night stand."""
        return self.data / "plans"

    @property
    def now(self) -> datetime:
        """The moment this night began: the one clock of all its windows."""
        return datetime.strptime(self.run_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def new_run_id(now: datetime | None = None) -> str:
    """A run's name: sorts by time, unique when two begin in one second."""
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    return f"{moment:%Y%m%dT%H%M%SZ}-{randomness.token_hex(3)}"


def open_night(
    config: Config,
    run_id: str,
    *,
    only: tuple[str, ...] = (),
    record: Path | None = None,
    replay: Path | None = None,
) -> Night:
    """A night over the configured sources, or over those named in ``only``.

    Raises:
        ConfigError: a name that is no source, or a folder that cannot be recorded into or replayed.
    """
    settle_types()
    require_folders(record, replay)
    sources = {each.name: each for each in configuration.resolve_sources(config)}
    unknown = [name for name in only if name not in sources]
    if unknown:
        raise configuration.unknown_source(unknown[0], sources)
    chosen = {name: each for name, each in sources.items() if not only or name in only}
    return Night(
        run_id=run_id,
        config=config,
        sources=chosen,
        record=record,
        replay=replay,
        insists=bool(only),
    )
