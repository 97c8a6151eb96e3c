"""Live listening as a Prefect flow: it runs ``pipeline.live`` and holds no logic.

It lasts until it is stopped; only names and numbers travel as parameters.
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from connectors import load as connector_of
from connectors import platforms
from flows.commands.listening import live_of, watch
from pipeline import live as steps
from pipeline.config import load as load_config
from pipeline.live_line import LiveSettings


@flow(name="live", persist_result=False, validate_parameters=False)
def live(
    config_path: str = "luister.toml",
    only: list[str] | None = None,
    every_seconds: float = 60.0,
    seconds: float | None = None,
) -> steps.LiveOutcome:
    """Listen to all sources that can be heard live, or to those in ``only``."""
    return steps.listen(
        load_config(Path(config_path), platforms()),
        connector_of,
        live_of,
        only=tuple(only or ()),
        settings=LiveSettings(every_seconds=every_seconds),
        seconds=seconds,
        watcher=watch(),
    )
