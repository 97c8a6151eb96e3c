"""A simulated world with known truth, spoken in each platform's own payloads.

``simulate`` makes it, ``serve`` lets connectors read it over loopback, ``write_config`` writes the
luister.toml for it, ``truth`` tells what the measures must be, ``labels`` what each post means;
``posts`` gives any number of posts for benchmarks.
"""

from pipeline.world.server import Served, serve
from pipeline.world.settings import environment, write_config
from pipeline.world.shape import Organisation, Person, Said, World
from pipeline.world.simulate import simulate
from pipeline.world.stream import posts
from pipeline.world.truth import labels, truth

__all__ = [
    "Organisation",
    "Person",
    "Said",
    "Served",
    "World",
    "environment",
    "labels",
    "posts",
    "serve",
    "simulate",
    "truth",
    "write_config",
]
