"""Serving a world over loopback, one server a platform, and playing night after night."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal, Protocol

from pipeline.world.bluesky import BlueskyDouble
from pipeline.world.exchange import Answer, Request
from pipeline.world.feeds import FeedDouble
from pipeline.world.hackernews import HackerNewsDouble
from pipeline.world.mastodon import MastodonDouble
from pipeline.world.shape import PLATFORMS, World
from pipeline.world.view import View

MASTODON_TOKEN: Final = "world-mastodon-token"  # noqa: S105 opens nothing but this world
BLUESKY_PASSWORD: Final = "world-app-password"  # noqa: S105 opens nothing but this world
Fault = Literal["down", "limited once", "login page", "cut off", "empty"]


class Double(Protocol):
    """Anything that answers as a platform."""

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the request log."""

    platform: str
    method: str
    target: str
    status: int


@dataclass
class Served:
    """A world that is being served.

    ``urls`` holds the base address of each platform, ``asked`` every request so far, ``faults``
    what is wrong with a platform now. ``play(as_of)`` lets time pass.
    """

    world: World
    urls: Mapping[str, str]
    asked: list[Asked] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)
    _doubles: dict[str, Double] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def play(self, as_of: datetime) -> None:
        """Move to ``as_of``: what is said, edited and deleted by then is so from now on."""
        view = View(self.world, as_of)
        doubles: dict[str, Double] = {
            "mastodon": MastodonDouble(view, MASTODON_TOKEN, self.urls["mastodon"]),
            "bluesky": BlueskyDouble(view, BLUESKY_PASSWORD, self.urls["bluesky"]),
            "hackernews": HackerNewsDouble(view),
            "feed": FeedDouble(view, self.urls["feed"]),
        }
        with self._lock:
            self._doubles = doubles

    def answer(self, platform: str, request: Request, target: str) -> Answer:
        """Answer for a platform, with its fault if it has one, and log it."""
        with self._lock:
            double = self._doubles[platform]
            fault = self.faults.get(platform)
            if fault == "limited once":
                del self.faults[platform]
        answer = double.answer(request) if fault is None else spoilt(fault, double, request)
        with self._lock:
            self.asked.append(Asked(platform, request.method, target, answer.status))
        return answer


def spoilt(fault: Fault, double: Double, request: Request) -> Answer:
    """An answer with something wrong with it."""
    if fault == "down":
        return Answer(b"<html><body>503 Service Unavailable</body></html>", 503, "text/html")
    if fault == "limited once":
        return Answer(b'{"error":"Too many requests"}', 429, headers={"Retry-After": "1"})
    if fault == "login page":
        return Answer(
            b"<!DOCTYPE html><html><body><form>Log in</form></body></html>", 200, "text/html"
        )
    if fault == "empty":
        return Answer(b"", 200)
    whole = double.answer(request)
    return Answer(whole.body[: len(whole.body) // 2], whole.status, whole.content_type)


@contextmanager
def serve(world: World, as_of: datetime | None = None) -> Iterator[Served]:
    """Serve every platform of ``world`` on loopback ports of the system's choice.

    Args:
        world: what is served.
        as_of: the moment up to which it has happened; the world's today when not given.
    """
    servers = {name: _Server(name) for name in PLATFORMS}
    urls = {name: f"http://127.0.0.1:{each.server_address[1]}" for name, each in servers.items()}
    served = Served(world, urls)
    served.play(as_of or world.today)
    threads = []
    for each in servers.values():
        each.served = served
        thread = threading.Thread(
            target=each.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        thread.start()
        threads.append(thread)
    try:
        yield served
    finally:
        for each in servers.values():
            each.shutdown()
            each.server_close()
        for thread in threads:
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.served: Served | None = None
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def _answer(self) -> None:
        server = self.server
        if not isinstance(server, _Server) or server.served is None:
            raise RuntimeError("a world is served by serve()")
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request.of(self.command, self.path, headers, self.rfile.read(length))
        self._send(server.served.answer(server.platform, request, self.path))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = _answer  # noqa: N815 the names http.server asks for

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name http.server has
        """Say nothing: ``Served.asked`` is the log."""
