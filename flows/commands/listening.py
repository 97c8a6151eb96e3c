"""listen: what people say, as they say it, until stopped."""

from __future__ import annotations

import math
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final, cast

import typer

from connectors import load as connector_of
from connectors import platforms
from flows.commands.held import running_is_fine
from flows.commands.nights import prepare_prefect
from flows.commands.output import print_json, safe
from pipeline.config import Config, load
from pipeline.errors import ConfigError
from pipeline.live import LiveOutcome, choose
from pipeline.live import listen as listen_live
from pipeline.live_line import LiveSettings
from pipeline.live_listener import LiveWatcher
from pipeline.live_stream import LiveConnector

SHORTEST_SECONDS: Final = 1.0


def listen(
    path: Path,
    *,
    is_direct: bool,
    only: tuple[str, ...],
    every: float,
    seconds: float | None,
    is_quiet: bool,
    as_json: bool,
) -> None:
    """Listen until stopped, and exit with how it went."""
    if not SHORTEST_SECONDS <= every < math.inf:
        raise ConfigError(
            "there must be a second or more between landings", where="--every", todo="--every 60"
        )
    config = load(path, platforms())
    choose(config, live_of, only)
    with running_is_fine():
        if is_direct:
            outcome = _directly(config, only, every, seconds, is_quiet=is_quiet)
        else:
            prepare_prefect(config)
            from flows.live import live

            outcome = live(str(path.resolve()), list(only), every, seconds)
    if as_json:
        print_json(outcome)
    else:
        tell(outcome)
    raise typer.Exit(outcome.exit_code)


def _directly(
    config: Config, only: tuple[str, ...], every: float, seconds: float | None, *, is_quiet: bool
) -> LiveOutcome:
    return listen_live(
        config,
        connector_of,
        live_of,
        only=only,
        settings=LiveSettings(every_seconds=every),
        seconds=seconds,
        watcher=None if is_quiet else watch(),
    )


def live_of(platform: str) -> LiveConnector | None:
    """The live module of a platform, ``connectors.PLATFORM_live``; None where there is none."""
    name = f"connectors.{platform}_live"
    if find_spec(name) is None:
        return None
    return cast("LiveConnector", import_module(name))


def watch() -> LiveWatcher:
    """A watcher that tells it line by line on standard error."""
    return _Lines()


class _Lines:
    def opened(self, source: str, stream: str) -> None:
        _say(f"{source}: {stream}: listening")

    def cut(self, source: str, stream: str, why: str, pause: float) -> None:
        again = "not tried again" if math.isinf(pause) else f"again in {pause:.0f} s"
        _say(f"{source}: {stream}: {why} ({again})")

    def landed(self, source: str, posts: int) -> None:
        _say(f"{source}: {posts} posts landed")


def _say(line: str) -> None:
    typer.echo(safe(line), err=True)


def tell(outcome: LiveOutcome) -> None:
    """The outcome in a few lines."""
    for name, posts in outcome.posts.items():
        typer.echo(f"{name}: {posts} posts landed")
    for failure in outcome.failures:
        typer.echo(f"  ! {safe(failure)}")
