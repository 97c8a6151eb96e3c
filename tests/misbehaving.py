"""A web server on this machine that misbehaves on purpose, one address at a time.

with Misbehaving() as server:
    server.on("/busy", answer(429, headers={"Retry-After": "120"}), answer(200, b"{}"))
    ask(server.url("/busy"))
    assert len(server.asked) == 2
"""

import contextlib
import functools
import gzip
import http.server
import itertools
import random
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

Behaviour = Callable[["Line"], None]


@dataclass
class Asked:
    """One request as it came in; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Line:
    """The server's end of one connection, after a request was read."""

    connection: socket.socket
    asked: Asked
    is_over: threading.Event = field(repr=False)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} Whatever", "Connection: close"]
        lines += [f"{name}: {text}" for name, text in headers.items()]
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the test."""
        self.is_over.wait(seconds)


class Misbehaving:
    """The server; without a behaviour of its own an address answers 404."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self._is_over = threading.Event()
        self._behaviours: dict[str, Iterator[Behaviour]] = {}
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def on(self, path: str, *behaviours: Behaviour) -> str:
        """Behave like this at ``path`` (query apart), one after the other, the last for ever."""
        self._behaviours[path] = itertools.chain(behaviours, itertools.repeat(behaviours[-1]))
        return self.url(path)

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def _behave(self, line: Line) -> None:
        self.asked.append(line.asked)
        path = line.asked.path.removeprefix(self.url("")).partition("?")[0]
        next(self._behaviours.get(path, itertools.repeat(answer(404, b"nothing here"))))(line)

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                length = int(self.headers.get("content-length", 0))
                headers = {name.lower(): text for name, text in self.headers.items()}
                asked = Asked(self.command, self.path, headers, self.rfile.read(length))
                self.close_connection = True
                with contextlib.suppress(OSError):
                    outer._behave(Line(self.connection, asked, outer._is_over))

            do_GET = do_POST = do_PUT = handle_any  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler


def answer(
    status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Behaviour:
    """A well-formed answer."""

    def behave(line: Line) -> None:
        line.head(status, {"Content-Length": str(len(body)), **(headers or {})})
        line.send(body)

    return behave


def redirect(to: str, status: int = 302) -> Behaviour:
    return answer(status, b"over there", {"Location": to})


def html_instead() -> Behaviour:
    """A login page with status 200 where data was promised."""
    page = b"<!doctype html><title>Please log in</title>"
    return answer(200, page, {"Content-Type": "text/html"})


def reset() -> Behaviour:
    """Hang up with a reset before a word is said."""

    def behave(line: Line) -> None:
        line.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.connection.close()

    return behave


def cut_off(body: bytes, promised: int) -> Behaviour:
    """Promise more than is sent."""

    def behave(line: Line) -> None:
        line.head(200, {"Content-Length": str(promised)})
        line.send(body)

    return behave


def drip(body: bytes, every_seconds: float = 0.05) -> Behaviour:
    """The whole body, byte by byte."""

    def behave(line: Line) -> None:
        line.head(200, {"Content-Length": str(len(body))})
        _drip(line, body, every_seconds)

    return behave


def drip_headers(count: int, every_seconds: float = 0.05) -> Behaviour:
    """Header after header, and an empty answer in the end."""

    def behave(line: Line) -> None:
        line.send(b"HTTP/1.1 200 OK\r\n")
        for number in range(count):
            line.send(f"X-{number}: patience\r\n".encode())
            line.pause(every_seconds)
        line.send(b"Content-Length: 0\r\n\r\n")

    return behave


def _drip(line: Line, data: bytes, every_seconds: float) -> None:
    for number in range(len(data)):
        line.send(data[number : number + 1])
        line.pause(every_seconds)


def endless(block: bytes = b"0" * 65_536, megabytes: int = 300) -> Behaviour:
    """So many megabytes without telling how many there will be."""

    def behave(line: Line) -> None:
        line.head(200, {})
        for _ in range(megabytes * 1_000_000 // len(block)):
            line.send(block)

    return behave


def packed(body: bytes, encoding: str, status: int = 200) -> Behaviour:
    """A body that says it is packed so."""
    return answer(status, body, {"Content-Encoding": encoding})


@functools.cache
def bomb(kind: str, megabytes: int = 150) -> bytes:
    """Zeros, packed: ``gzip``, ``deflate``, ``raw``, ``gzip,gzip`` or ``members``."""
    if kind == "gzip,gzip":
        return gzip.compress(bomb("gzip", megabytes))
    if kind == "members":
        return gzip.compress(bytes(1_000_000)) * megabytes
    return _packed({"gzip": 31, "deflate": 15, "raw": -15}[kind], bytes(1_000_000), megabytes, 6)


def dense_bomb(megabytes: int = 150) -> bytes:
    """Packed about fifty times: below any suspicion by ratio, but far too much."""
    chance = random.Random(7)
    block = b"".join(chance.randbytes(16) + bytes(984) for _ in range(1_000))
    return _packed(31, block, megabytes, 1)


def _packed(window: int, block: bytes, times: int, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, window)
    return b"".join([*(packer.compress(block) for _ in range(times)), packer.flush()])
