"""Nights of a small simulated world, played for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors import load as connector_of
from connectors import platforms
from pipeline import night as steps
from pipeline.config import Config, load
from pipeline.world import Served, World, environment, serve, simulate, write_config

TODAY = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)


def small_world(seed: int = 7, days: int = 21) -> World:
    return simulate(seed, TODAY, days=days, persons=60, busyness=0.5)


@dataclass
class Stage:
    """A served world and the folder in which a pipeline listens to it."""

    world: World
    served: Served
    path: Path
    begun: int = 0

    @property
    def config(self) -> Config:
        return load(self.path, platforms())

    @property
    def data(self) -> Path:
        return self.config.data

    def next_run(self, as_of: datetime = TODAY) -> datetime:
        """When the next run begins: each a second after the one before."""
        moment = as_of + timedelta(seconds=self.begun)
        self.begun += 1
        return moment

    def play(self, as_of: datetime = TODAY) -> steps.Outcome:
        """Let the world happen up to ``as_of`` and do that night's work."""
        self.served.play(as_of)
        night = steps.open_night(self.config, steps.new_run_id(self.next_run(as_of)))
        return steps.run(night, connector_of)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the published file."""
        with duckdb.connect(str((self.data / "analytics.duckdb").resolve()), read_only=True) as db:
            return db.execute(query).fetchall()


@contextmanager
def staged(folder: Path, world: World) -> Iterator[Stage]:
    """A served world with its configuration in ``folder`` and its secrets in the environment."""
    with serve(world) as served, pytest.MonkeyPatch.context() as patch:
        for name, value in environment(world).items():
            patch.setenv(name, value)
        yield Stage(world, served, write_config(world, served, folder))
