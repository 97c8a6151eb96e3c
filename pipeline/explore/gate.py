"""Who may look: this machine alone, or whoever knows the password; and what a browser may do."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.errors import ConfigError

PASSWORD: Final = "LUISTER_EXPLORE_PASSWORD"  # noqa: S105 - the name of the variable
COOKIE: Final = "luister_session"
FEWEST_LETTERS: Final = 12
SESSION_SECONDS: Final = 12 * 3600
MOST_SESSIONS: Final = 1000
PAUSE_SECONDS: Final = 1.0
OPEN_PATHS: Final = frozenset({"/login", "/explore.css"})
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""No script at all: the pages need none, so whatever a post holds, nothing runs."""

HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def guarded(host: str, password: str | None) -> str | None:
    """The password, when it is good enough for where the page listens.

    Raises:
        ConfigError: others can reach it and there is no password, or it is short.
    """
    if password is None and not is_loopback(host):
        raise ConfigError(
            f"{host} can be reached from other machines, and there is no password",
            where="--host",
            todo=f"set {PASSWORD}, or {PASSWORD}_FILE to a file only you can read",
        )
    if password is not None and len(password) < FEWEST_LETTERS:
        raise ConfigError(
            f"the password has fewer than {FEWEST_LETTERS} letters",
            where=PASSWORD,
            todo="take a longer one",
        )
    return password


class Sessions:
    """Who has told the password, until they leave or half a day has passed."""

    def __init__(self, password: str | None) -> None:
        self.password = password
        self._ends: dict[str, float] = {}
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def enter(self, told: str) -> str | None:
        """A token for whoever tells the password; None, after a pause, for anybody else."""
        if self.password is None:
            return None
        with self._turn:  # one guess at a time, whoever guesses
            if not hmac.compare_digest(_digest(told), _digest(self.password)):
                time.sleep(PAUSE_SECONDS)
                return None
        token = secrets.token_urlsafe(32)
        now = time.monotonic()
        with self._lock:
            lasting = [(key, end) for key, end in self._ends.items() if end > now]
            self._ends = dict(lasting[-MOST_SESSIONS + 1 :])
            self._ends[_digest(token).hex()] = now + SESSION_SECONDS
        return token

    def leave(self, token: str) -> None:
        """Forget a token."""
        with self._lock:
            self._ends.pop(_digest(token).hex(), None)

    def knows(self, token: str) -> bool:
        """Whether a token was given out and holds."""
        with self._lock:
            return self._ends.get(_digest(token).hex(), 0.0) > time.monotonic()


class Gate:
    """Answers nobody who may not look, and tells every browser to run nothing.

    Args:
        app: the pages.
        sessions: who has told the password; where there is none, everybody may look.
        host: where the page listens. On loopback a page of another name is refused: it would be
            a site on the web that had its name point here (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, sessions: Sessions, host: str) -> None:
        self._app = app
        self._sessions = sessions
        self._is_loopback = is_loopback(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._chosen(scope)(scope, receive, told)

    def _chosen(self, scope: Scope) -> ASGIApp:
        headers = Headers(scope=scope)
        if self._is_loopback and not is_loopback(host_of(headers.get("host", ""))):
            return PlainTextResponse("this page is for this machine only", 421)
        if headers.get("sec-fetch-site") == "cross-site" and scope["method"] != "GET":
            return PlainTextResponse("sent by another site", 403)
        is_open = self._sessions.password is None or scope["path"] in OPEN_PATHS
        if is_open or self._sessions.knows(token_of(headers)):
            return self._app
        return RedirectResponse("/login", 303)


def token_of(headers: Mapping[str, str]) -> str:
    """The token a browser sends; empty when there is none."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def host_of(header: str) -> str:
    """The name in a ``Host`` header, without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.rpartition(":")[0] if ":" in header else header


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
