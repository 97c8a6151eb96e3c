"""What the arguments of commands must be."""

from __future__ import annotations

from connectors import platforms
from pipeline.config import suggestion
from pipeline.errors import ConfigError


def known_with(platform: str) -> list[str]:
    """All platforms there are, of which this must be one.

    Raises:
        ConfigError: it is none.
    """
    known = platforms()
    if platform not in known:
        raise ConfigError(
            f"unknown platform {platform!r}{suggestion(platform, known)}",
            where="PLATFORM",
            todo="`luister connectors` lists them",
        )
    return known
