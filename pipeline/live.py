"""Live listening, without Prefect: all sources that can be heard as it happens, until told to stop.

Small landing files every minute; the next night loads them like all others. Optional: the night
misses nothing without it, and reads everything again with it.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline import config as configuration
from pipeline.config import Config
from pipeline.errors import ConfigError, LuisterError, without_queries
from pipeline.http import open_client
from pipeline.landing import Landing
from pipeline.live_budget import Ledger, Ration
from pipeline.live_line import LiveSettings
from pipeline.live_listener import Listener, LiveWatcher
from pipeline.live_memory import Places
from pipeline.live_stream import LiveConnector
from pipeline.lock import LISTENING, nightly_lock
from pipeline.manifest import LIVE
from pipeline.night import http_settings
from pipeline.pace import Pace
from pipeline.source import Connector, Source

LONGEST_WAIT_SECONDS: Final = 60.0
"""So long at most we wait for an answer: what is held stays held, and we must be able to end."""

_LOOK_UP_SECONDS: Final = 0.2
ConnectorOf = Callable[[str], Connector]
LiveOf = Callable[[str], LiveConnector | None]


class Silence:
    """Nobody watches."""

    def opened(self, source: str, stream: str) -> None:
        """Nothing."""

    def cut(self, source: str, stream: str, why: str, pause: float) -> None:
        """Nothing."""

    def landed(self, source: str, posts: int) -> None:
        """Nothing."""


class LiveOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """How it went: posts landed by source, and what ended before it was told to."""

    posts: dict[str, int]
    failures: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 done, 3 with failures."""
        return 3 if self.failures else 0


def listen(
    config: Config,
    connector_of: ConnectorOf,
    live_of: LiveOf,
    *,
    only: tuple[str, ...] = (),
    settings: LiveSettings | None = None,
    seconds: float | None = None,
    stop: threading.Event | None = None,
    watcher: LiveWatcher | None = None,
) -> LiveOutcome:
    """Listen until ``stop`` is set, ``seconds`` are over or the process is asked to end.

    Args:
        config: the configuration.
        connector_of: the connector of a platform.
        live_of: the live module of a platform, None where it has none.
        only: names of sources; all that can be heard live when empty.
        settings: how often to land, how patiently to open a line again.
        seconds: how long at most.
        stop: to be set by another thread.
        watcher: sees it go by.

    Raises:
        ConfigError: no source can be heard live, or one that is named cannot.
        AlreadyRunning: another process listens for this data folder.
        LuisterError: none of the sources could be listened to.
    """
    chosen = choose(config, live_of, only)
    end = stop or threading.Event()
    with nightly_lock(config.data / LISTENING), _ending(end):
        runs = [
            _Run(config, source, connector_of, live, settings or LiveSettings(), end, watcher)
            for source, live in chosen
        ]
        for run in runs:
            run.start()
        until = None if seconds is None else time.monotonic() + seconds
        while any(run.is_alive() for run in runs) and not end.wait(_LOOK_UP_SECONDS):
            if until is not None and time.monotonic() >= until:
                end.set()
        for run in runs:
            run.join()
    errors = [run.error for run in runs if run.error is not None]
    if len(errors) == len(runs):
        raise errors[0]
    return LiveOutcome(
        posts={run.source.name: run.posts for run in runs},
        failures=tuple(without_queries(str(error)) for error in errors),
    )


def choose(
    config: Config, live_of: LiveOf, only: tuple[str, ...]
) -> list[tuple[Source, LiveConnector]]:
    """The sources to listen to, with the live modules of their platforms.

    Raises:
        ConfigError: there is none, one that is named cannot be heard live, or the name under which
            it would land is taken.
    """
    sources: Mapping[str, Source] = {
        each.name: each for each in configuration.resolve_sources(config)
    }
    for name in only:
        if name not in sources:
            raise configuration.unknown_source(name, sources)
        if live_of(sources[name].platform) is None:
            raise ConfigError(f"{sources[name].platform} cannot be heard live", where=name)
    chosen = []
    for name, source in sources.items():
        live = live_of(source.platform)
        if live is None or (only and name not in only):
            continue
        if f"{name}{LIVE}" in sources:
            raise ConfigError(
                f"there is a source {name}{LIVE}, the name under which {name} lands live",
                where=name,
                todo="give one of them another name in luister.toml",
            )
        chosen.append((source, live))
    if not chosen:
        raise ConfigError("no source can be heard live", todo="add one of Bluesky or Mastodon")
    return chosen


class _Run(threading.Thread):
    """One source in a thread of its own; what ends it is kept."""

    def __init__(
        self,
        config: Config,
        source: Source,
        connector_of: ConnectorOf,
        live: LiveConnector,
        settings: LiveSettings,
        stop: threading.Event,
        watcher: LiveWatcher | None,
    ) -> None:
        super().__init__(name=f"listen {source.name}")
        self.source = source
        self.error: Exception | None = None
        self.posts = 0
        self._config = config
        self._connector_of = connector_of
        self._live = live
        self._settings = settings
        self._stop_event = stop
        self._watcher = watcher or Silence()

    def run(self) -> None:
        """Listen; an error ends this source and no other."""
        try:
            self._run_listener()
        except LuisterError as error:
            self.error = error.at(self.source.name)
        except Exception as error:  # noqa: BLE001 raised by who waits for this thread
            self.error = error

    def _run_listener(self) -> None:
        config = self._config
        http = http_settings(config)
        longest = min(http.max_retry_after_seconds, LONGEST_WAIT_SECONDS)
        http = msgspec.structs.replace(http, max_retry_after_seconds=longest)
        connector: Any = self._connector_of(self.source.platform)
        ration = _ration(config, self.source, connector)
        with open_client(self.source, connector, http, pace=Pace(), allowance=ration) as client:
            listener = Listener(
                self.source,
                self._live,
                client,
                landing=Landing(config.data / "landing"),
                places=Places(Path(config.data / LISTENING), self.source.name),
                settings=self._settings,
                http=http,
                honour_opt_out=config.privacy.honour_opt_out,
                stop=self._stop_event,
                watcher=self._watcher,
            )
            try:
                listener.run()
            finally:
                self.posts = listener.landed_posts


def _ration(config: Config, source: Source, connector: Connector) -> Ration:
    """What one listener may take of its platform; see ``[budget]``."""
    platform = source.platform
    alike = [each for each in configuration.resolve_sources(config) if each.platform == platform]
    ledger = Ledger(
        config.data,
        platform,
        connector.ACCESS,
        config.budget.get(platform),
        sources=len(alike),
    )
    return Ration(ledger.deal)


@contextmanager
def _ending(stop: threading.Event) -> Iterator[None]:
    """Being asked to end (Ctrl-C, a service manager) means: land what is held, and leave."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
