"""One stream kept open: heard frame by frame, opened again with growing pauses when it is cut."""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from pipeline import live_events, live_socket
from pipeline.errors import ConfigError, LuisterError, RateLimited, SourceGone, SourceRefused
from pipeline.live_stream import Frame, Heard, LiveConnector, Stream
from pipeline.secrets import EVERYWHERE
from pipeline.session import HttpSettings, with_query

_FINAL: Final = (ConfigError, SourceGone, SourceRefused)
_PLACE_SECONDS: Final = 1.0
_PUT_SECONDS: Final = 0.5
_MOST_EXPONENT: Final = 16
_CHANCE: Final = secrets.SystemRandom()
Frames = Callable[..., Iterator[Frame]]
_FRAMES: Final[dict[str, Frames]] = {"socket": live_socket.frames, "events": live_events.frames}


class LiveSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How often to land, how far to go back, and how patiently to open a line again.

    ``overlap_seconds`` are heard twice after a cut; ``catch_up_seconds`` is the most to ask for in
    the ordinary way, the rest being the night's; a line that stood for ``steady_seconds`` begins
    its pauses anew. At most about ``most_posts`` of ``most_bytes`` wait to
    be landed; more is not read before they are.
    """

    every_seconds: float = 60.0
    overlap_seconds: float = 5.0
    catch_up_seconds: float = 86_400.0
    first_pause_seconds: float = 1.0
    longest_pause_seconds: float = 300.0
    steady_seconds: float = 60.0
    most_posts: int = 5_000
    most_bytes: int = 64_000_000


class Opened(msgspec.Struct, frozen=True):
    """The line is open; ``place`` is how far it was heard before, if it ever was."""

    stream: Stream
    place: int | None


class Message(msgspec.Struct, frozen=True):
    """What was heard on a line."""

    stream: Stream
    heard: Heard


class Cut(msgspec.Struct, frozen=True):
    """The line was cut and will be opened again after so many seconds."""

    stream: Stream
    error: LuisterError
    pause: float


class Ended(msgspec.Struct, frozen=True):
    """The line will not be opened again."""

    stream: Stream
    error: Exception


News = Opened | Message | Cut | Ended


class Line:
    """Keeps one stream open in a thread of its own, and tells ``news`` all it hears.

    ``news`` is bounded: who does not keep up is not read ahead of.
    """

    def __init__(
        self,
        stream: Stream,
        connector: LiveConnector,
        news: queue.Queue[News],
        settings: LiveSettings,
        http: HttpSettings,
        *,
        place: int | None,
        allow_private: bool,
        stop: threading.Event,
    ) -> None:
        self._stream = stream
        self._connector = connector
        self._news = news
        self._settings = settings
        self._http = http
        self._place = place
        self._allow_private = allow_private
        self._stop = stop
        self._opened_before = False

    def start(self) -> None:
        """Begin; the thread does not keep the process alive."""
        threading.Thread(target=self._keep, name=f"live {self._stream.name}", daemon=True).start()

    def _keep(self) -> None:
        try:
            self._keep_open()
        except Exception as error:  # noqa: BLE001 told to who listens, who raises it
            self._tell(Ended(self._stream, error))

    def _keep_open(self) -> None:
        cuts = 0
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self._listen()
                continue
            except LuisterError as error:
                failure = _discreet(error)
            if isinstance(failure, _FINAL) and not self._opened_before:
                raise failure
            cuts = 1 if time.monotonic() - began >= self._settings.steady_seconds else cuts + 1
            pause = self._pause(failure, cuts)
            self._tell(Cut(self._stream, failure, pause))
            self._stop.wait(pause)

    def _pause(self, failure: LuisterError, cuts: int) -> float:
        """A growing pause, never the same for all who were cut at once."""
        longest = self._settings.longest_pause_seconds
        grown = self._settings.first_pause_seconds * 2.0 ** min(cuts - 1, _MOST_EXPONENT)
        if isinstance(failure, RateLimited) and failure.seconds:
            return min(max(grown, failure.seconds), max(longest, 3600.0))
        return min(grown, longest) * _CHANCE.uniform(0.5, 1.0)

    def _listen(self) -> None:
        """Hear one line until it is cut or nobody listens any more."""
        told_at = 0.0
        is_open = False
        for frame in _FRAMES[self._stream.kind](
            self._stream,
            self._address(),
            self._http,
            allow_private=self._allow_private,
            stop=self._stop,
        ):
            if not is_open:
                is_open = self._opened_before = True
                self._tell(Opened(self._stream, self._place))
                continue
            heard = self._connector.hear(self._stream, frame)
            if heard.place is not None:
                self._place = max(heard.place, self._place or 0)
            now = time.monotonic()
            if heard.told or now - told_at >= _PLACE_SECONDS:
                told_at = now
                self._tell(Message(self._stream, heard))

    def _address(self) -> str:
        """The address to go on from the place that was heard, and a little before."""
        if not self._stream.has_places or self._place is None:
            return self._stream.url
        overlap = int(self._settings.overlap_seconds * 1_000_000)
        return with_query(self._stream.url, {"cursor": max(self._place - overlap, 1)})

    def _tell(self, news: News) -> None:
        while not self._stop.is_set():
            try:
                self._news.put(news, timeout=_PUT_SECONDS)
            except queue.Full:
                continue
            return


def _discreet(error: LuisterError) -> LuisterError:
    error.what = EVERYWHERE.redact(error.what)
    error.where = EVERYWHERE.redact(error.where)
    error.args = (error.what,)
    return error
