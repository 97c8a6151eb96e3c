"""The folder in which a night is measured stage by stage, and the posts it is about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from benchmarks.models import TODAY
from connectors import platforms
from pipeline.config import Config, load
from pipeline.landing import Landing
from pipeline.post import Post
from pipeline.world import World, serve, simulate, write_config
from pipeline.world.stream import posts as told


class Bench:
    """One folder, and how many posts it is about."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.count = count

    @property
    def night(self) -> int:
        """Posts of one more night."""
        return max(self.count * 3 // 1000, 1)

    @cached_property
    def world(self) -> World:
        """The simulated world that tells all posts."""
        return simulate(1, TODAY)

    @cached_property
    def config(self) -> Config:
        """The company of the world, in this folder."""
        path = self.folder / "luister.toml"
        if not path.exists():
            with serve(self.world) as served:
                write_config(self.world, served, self.folder)
        return load(path, platforms())

    @property
    def data(self) -> Path:
        """Where the night keeps everything."""
        return self.config.data

    @property
    def database(self) -> Path:
        """The private database."""
        return self.data / "luister.duckdb"

    @property
    def landing(self) -> Landing:
        """The landing zone."""
        return Landing(self.data / "landing")

    def posts(self) -> Iterator[Post]:
        """All posts of the first night."""
        return told(self.world, self.count)

    def scratch(self, name: str) -> Path:
        """A place for what a floor writes; nothing stands there yet."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        return path
