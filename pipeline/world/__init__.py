"""A simulated world with known truth, spoken in each platform's own payloads.

``simulate`` makes it, ``serve`` lets connectors read it over loopback, ``write_config`` writes the
luister.toml for it, ``truth`` tells what the measures must be.
"""

from pipeline.world.server import Served, serve
from pipeline.world.settings import environment, write_config
from pipeline.world.shape import Organisation, Person, Said, World
from pipeline.world.simulate import simulate

__all__ = [
    "Organisation",
    "Person",
    "Said",
    "Served",
    "World",
    "environment",
    "serve",
    "simulate",
    "write_config",
]
