"""Servers on loopback that tell it live: a Jetstream, an AppView and a Mastodon, to be scripted."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from pipeline.live_memory import Places

POST = "app.bsky.feed.post"
ANNA = "did:plc:anna"
ACME = "did:plc:acme"
SHY = "did:plc:shy"
START = datetime.now(UTC) - timedelta(minutes=10)


def micros(seconds: float) -> int:
    return int((START + timedelta(seconds=seconds)).timestamp() * 1_000_000)


def record(text: str, seconds: float = 0, **more: Any) -> dict[str, Any]:
    moment = START + timedelta(seconds=seconds)
    return {"$type": POST, "text": text, "createdAt": moment.isoformat(), "langs": ["nl"]} | more


def written(
    key: str,
    text: str = "",
    seconds: float = 0,
    *,
    did: str = ANNA,
    operation: str = "create",
    **more: Any,
) -> dict[str, Any]:
    commit = {"rev": f"r{key}", "operation": operation, "collection": POST, "rkey": key}
    if operation != "delete":
        commit |= {"cid": f"cid{key}", "record": record(text, seconds, **more)}
    return {"did": did, "time_us": micros(seconds), "kind": "commit", "commit": commit}


def deleted(key: str, seconds: float, did: str = ANNA) -> dict[str, Any]:
    return written(key, seconds=seconds, did=did, operation="delete")


def account_event(did: str, seconds: float, status: str) -> dict[str, Any]:
    account = {"active": False, "did": did, "status": status}
    return {"did": did, "time_us": micros(seconds), "kind": "account", "account": account}


def uri(key: str, did: str = ANNA) -> str:
    return f"at://{did}/{POST}/{key}"


class Jetstream:
    """Sends its log from the cursor on; hangs up after each of ``cuts`` frames, once a line."""

    def __init__(self) -> None:
        self.log: list[dict[str, Any] | bytes] = []
        self.cuts: list[int] = []
        self.asked: list[dict[str, list[str]]] = []
        self._closing = threading.Event()
        self._server = serve(self._handle, "127.0.0.1", 0, max_size=None)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/subscribe"

    @property
    def cursors(self) -> list[int | None]:
        return [int(each["cursor"][0]) if "cursor" in each else None for each in self.asked]

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()

    def _handle(self, line: ServerConnection) -> None:
        assert line.request is not None
        query = parse_qs(urlsplit(line.request.path).query)
        self.asked.append(query)
        left = self.cuts.pop(0) if self.cuts else None
        cursor = float(query.get("cursor", ["-inf"])[0])
        sent = 0
        try:
            while not self._closing.is_set():
                while sent < len(self.log):
                    if left == 0:
                        return
                    event = self.log[sent]
                    sent += 1
                    if isinstance(event, dict) and 0 < event["time_us"] < cursor:
                        continue
                    line.send(event if isinstance(event, bytes) else json.dumps(event))
                    left = None if left is None else left - 1
                if left == 0:
                    return
                time.sleep(0.01)
        except ConnectionClosed:
            return


Answer = tuple[int, str, bytes]


class Web:
    """An HTTP server: each path has a function from its query to an answer, or a script."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[dict[str, list[str]]], Any]] = {}
        self.streams: dict[str, list[bytes | None]] = {}
        self.asked: list[str] = []
        self.tokens: list[str | None] = []
        self._closing = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.asked.append(self.path)
                web.tokens.append(self.headers["Authorization"])
                path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
                if path in web.streams:
                    self._stream(web.streams[path])
                    return
                answer = web.answers.get(path)
                told = (404, {"error": "Not found"}) if answer is None else answer(query)
                status, body = told if isinstance(told, tuple) else (200, told)
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def _stream(self, script: list[bytes | None]) -> None:
                """Sends what is in the script as it grows; None hangs up. Nothing is sent twice."""
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                try:
                    self._chunk(b":)\n")
                    while not web._closing.is_set():
                        if not script:
                            time.sleep(0.01)
                            continue
                        piece = script.pop(0)
                        if piece is None:
                            break
                        self._chunk(piece)
                except OSError:
                    pass
                self.close_connection = True

            def _chunk(self, piece: bytes) -> None:
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                self.wfile.flush()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()


def profile(did: str, handle: str, *labels: str) -> dict[str, Any]:
    return {
        "did": did,
        "handle": handle,
        "displayName": handle.partition(".")[0].title(),
        "createdAt": "2024-01-02T03:04:05Z",
        "labels": [{"val": each, "src": did} for each in labels],
    }


PROFILES = {
    ANNA: profile(ANNA, "anna.test"),
    ACME: profile(ACME, "acme.test"),
    SHY: profile(SHY, "shy.test", "!no-unauthenticated"),
}


def profiles(query: dict[str, list[str]]) -> Any:
    asked = set(query["actors"])
    return {
        "profiles": [each for each in PROFILES.values() if asked & {each["did"], each["handle"]}]
    }


@contextmanager
def bluesky() -> Iterator[tuple[Jetstream, Web]]:
    jetstream, web = Jetstream(), Web()
    web.answers["/xrpc/app.bsky.actor.getProfiles"] = profiles
    try:
        yield jetstream, web
    finally:
        jetstream.close()
        web.close()


@contextmanager
def mastodon() -> Iterator[Web]:
    web = Web()
    web.answers["/api/v2/instance"] = lambda _: {
        "domain": "social.example",
        "configuration": {"urls": {"streaming": web.address.replace("http", "ws")}},
    }
    web.answers["/api/v1/timelines/tag/fiets"] = lambda _: []
    web.answers["/api/v1/notifications"] = lambda _: []
    web.answers["/api/v2/search"] = lambda _: {"statuses": []}
    web.streams["/api/v1/streaming/hashtag"] = []
    web.streams["/api/v1/streaming/user/notification"] = []
    try:
        yield web
    finally:
        web.close()


def configured(folder: Path, *sources: str) -> Path:
    """A configuration; its Jetstream was heard until ``START``."""
    path = folder / "luister.toml"
    if not (folder / "data").exists():
        Places(folder / "data" / "live", "sky").write({"jetstream": micros(0)})
    plain = """
contact = "desk@acme.example"
[organisation]
name = "Acme"
aliases = ["Fietsfabriek"]
tags = ["fiets"]
[organisation.accounts]
bluesky = ["@acme.test"]
"""
    path.write_text("\n".join((plain, *sources)), encoding="utf-8")
    return path


def sky(jetstream: Jetstream, web: Web, **more: str) -> str:
    extra = "\n".join(f"{name} = {value}" for name, value in more.items())
    return f"""
[[source]]
name = "sky"
platform = "bluesky"
server = "{web.address}"
allow_private = true
{extra}
[source.options]
jetstream = "{jetstream.address}"
"""


def tags(web: Web) -> str:
    return f"""
[[source]]
name = "tags"
platform = "mastodon"
server = "{web.address}"
allow_private = true
"""
