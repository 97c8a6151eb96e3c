"""The one HTTP client: patient, polite, bounded and discreet.

A connector is handed a ``Client`` and asks; retry, pace, conditional requests, caps, redirects, the
guard against addresses inside the house, secrets, recording and replay all live here.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urljoin, urlsplit

import msgspec

from pipeline.errors import LuisterError, RateLimited, SourceRefused, SourceUnavailable
from pipeline.exchange import Recorder, Replayer, fault_of, read_body
from pipeline.pace import Pace
from pipeline.secrets import Redactor, find_secret
from pipeline.source import Access, Reply, Source

if TYPE_CHECKING:
    import httpx

__all__ = ["Client", "HttpSettings", "Usage", "Validator", "fault_of", "open_client"]

Query = Mapping[str, str | int | Sequence[str]]
ATTEMPTS: Final = 5
MAX_REDIRECTS: Final = 5
_PERMANENT: Final = frozenset({301, 308})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How politely and how patiently to ask; seconds and bytes."""

    contact: str = ""
    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    max_bytes: int = 20_000_000
    max_retry_after_seconds: float = 900.0
    trust_environment_proxies: bool = False


class Validator(msgspec.Struct, frozen=True, kw_only=True):
    """What a server gave to ask conditionally next time, verbatim, and a digest of what it sent."""

    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None


class Usage(msgspec.Struct, kw_only=True):
    """What asking has cost so far."""

    requests: int = 0
    bytes: int = 0
    rate_limited_seconds: float = 0.0
    retries: int = 0
    moved: dict[str, str] = msgspec.field(default_factory=dict)


class Client:
    """Asks for one source. Errors name the address without its secrets."""

    def __init__(
        self,
        source: Source,
        connector: Any,
        settings: HttpSettings,
        *,
        pace: Pace,
        validators: Mapping[str, Validator] | None = None,
        record: Path | None = None,
        replay: Path | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._source = source
        self._connector = connector
        self._access: Access = connector.ACCESS
        self._settings = settings
        self._pace = pace
        self._recorder = Recorder(record) if record else None
        self._replayer = Replayer(replay) if replay else None
        self._redactor = Redactor()
        self._transport = transport
        self._http: httpx.Client | None = None
        self.validators: dict[str, Validator] = dict(validators or {})
        self.usage = Usage()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        if self._http is not None:
            self._http.close()

    def secret(self, name: str) -> str | None:
        """The secret a connector knows as ``name``; from now on it is blanked everywhere."""
        found = find_secret(self._source.secrets.get(name, name))
        if found is not None:
            self._redactor.learn(found)
        return found

    def learn(self, secret: str) -> None:
        """Blank a secret that a server gave, such as a session's token."""
        self._redactor.learn(secret)

    def get(
        self,
        url: str,
        *,
        params: Query | None = None,
        headers: Mapping[str, str] | None = None,
        bearer: str | None = None,
        conditional: bool = False,
        expect: tuple[int, ...] = (),
    ) -> Reply:
        """Ask for an address; statuses in ``expect`` are returned, others raise as our errors.

        With ``conditional`` an unchanged answer comes back with status 304 and no body, told by the
        server or, where it gives no validators, by the digest of the body.
        """
        asked = {**(headers or {}), **_bearer(bearer)}
        address = _with(url, params)
        if conditional:
            asked |= _conditions(self.validators.get(self._redactor.redact(address)))
        reply = self._patiently("GET", address, asked, None, expect)
        return self._unchanged(self._redactor.redact(address), reply) if conditional else reply

    def post(
        self,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        bearer: str | None = None,
        expect: tuple[int, ...] = (),
    ) -> Reply:
        """Send JSON or a form: for sessions and queries, never to publish anything."""
        asked = {**(headers or {}), **_bearer(bearer)}
        content: dict[str, Any] = {} if json is None else {"json": json}
        if form is not None:
            content["data"] = dict(form)
        return self._patiently("POST", url, asked, content, expect)

    def _patiently(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: Mapping[str, Any] | None,
        expect: tuple[int, ...],
    ) -> Reply:
        """Ask again for what waiting can cure, as long as the platform wishes and we may."""
        import stamina

        for attempt in stamina.retry_context(
            on=self._pause_after, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=30.0
        ):
            with attempt:
                self.usage.retries += attempt.num > 1
                reply = self._follow(method, url, headers, content)
                fault = None if reply.status in expect else fault_of(reply, self._connector)
                if fault is not None:
                    raise self._discreet(fault)
        return reply

    def _pause_after(self, error: Exception) -> bool | float:
        if not isinstance(error, SourceUnavailable):
            return False
        if isinstance(error, RateLimited) and error.seconds is not None:
            if error.seconds > self._settings.max_retry_after_seconds:
                return False
            self.usage.rate_limited_seconds += error.seconds
            return error.seconds
        return True

    def _discreet(self, error: LuisterError) -> LuisterError:
        error.what = self._redactor.redact(error.what)
        error.where = self._redactor.redact(error.where)
        error.args = (error.what,)
        return error

    def _follow(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: Mapping[str, Any] | None,
    ) -> Reply:
        """One request with its redirects, each checked; headers of ours stay on their host."""
        deadline = time.monotonic() + self._settings.total_seconds
        here, sent, permanent = url, headers, True
        for _ in range(MAX_REDIRECTS + 1):
            reply = self._once(method, here, sent, content, deadline)
            target = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not target:
                if here != url and permanent:
                    self.usage.moved[self._redactor.redact(url)] = self._redactor.redact(here)
                return reply
            permanent = permanent and reply.status in _PERMANENT
            there = urljoin(here, target)
            _refuse_downgrade(here, there)
            if urlsplit(there).netloc != urlsplit(here).netloc:
                sent = {}
            if reply.status in {301, 302, 303} and method == "POST":
                method, content = "GET", None
            here = there
        raise self._discreet(SourceUnavailable("sends us on and on", where=url))

    def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: Mapping[str, Any] | None,
        deadline: float,
    ) -> Reply:
        shown = self._redactor.redact(url)
        if self._replayer is not None:
            return self._replayer.answer(method, shown)
        host = urlsplit(url).netloc
        self.usage.rate_limited_seconds += self._pace.wait(host, **self._limit())
        self.usage.requests += 1
        try:
            reply = self._send(method, url, headers, content or {}, deadline)
        except LuisterError as error:
            raise self._discreet(error.at(shown)) from None
        self.usage.bytes += len(reply.body)
        if self._recorder is not None:
            self._recorder.keep(method, shown, reply)
        return reply

    def _limit(self) -> dict[str, Any]:
        own = self._source.requests_per_minute
        if own is not None:
            return {"requests": own, "seconds": 60.0}
        return {"requests": self._access.requests, "seconds": self._access.seconds}

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: Mapping[str, Any],
        deadline: float,
    ) -> Reply:
        import httpx

        from pipeline.guard import check_address

        check_address(url, allow_private=self._source.allow_private)
        left = max(0.1, deadline - time.monotonic())
        limits = httpx.Timeout(
            min(self._settings.read_seconds, left),
            connect=min(self._settings.connect_seconds, left),
        )
        try:
            with self._session().stream(
                method, url, headers=dict(headers), timeout=limits, **content
            ) as response:
                body = read_body(
                    response.iter_raw(),
                    response.headers.get("content-encoding", ""),
                    max_bytes=self._settings.max_bytes,
                    deadline=deadline,
                )
                return Reply(
                    url=self._redactor.redact(str(response.url)),
                    status=response.status_code,
                    headers={name.lower(): text for name, text in response.headers.items()},
                    body=body,
                    observed_at=datetime.now(UTC),
                )
        except httpx.InvalidURL as error:
            raise SourceRefused(f"not an address: {error}", where=url) from error
        except httpx.HTTPError as error:
            what = str(error) or type(error).__name__
            raise SourceUnavailable(f"cannot be reached: {what}", where=url) from error

    def _session(self) -> httpx.Client:
        if self._http is None:
            import httpx

            from pipeline.guard import GuardedTransport

            for name in ("httpx", "httpcore"):
                logging.getLogger(name).setLevel(logging.WARNING)
            trusting = self._settings.trust_environment_proxies
            transport = self._transport
            if transport is None and not trusting:
                transport = GuardedTransport(allow_private=self._source.allow_private)
            self._http = httpx.Client(
                transport=transport,
                trust_env=trusting,
                follow_redirects=False,
                headers={
                    "User-Agent": user_agent(self._settings.contact),
                    "Accept-Encoding": "gzip, deflate",
                    "Accept": "*/*",
                },
            )
        return self._http

    def _unchanged(self, address: str, reply: Reply) -> Reply:
        known = self.validators.get(address)
        if reply.status == 304:
            modified = reply.headers.get("last-modified")
            if known is not None and modified:
                self.validators[address] = msgspec.structs.replace(known, last_modified=modified)
            return msgspec.structs.replace(reply, body=b"")
        digest = hashlib.sha256(reply.body).hexdigest()
        self.validators[address] = Validator(
            etag=reply.headers.get("etag"),
            last_modified=reply.headers.get("last-modified"),
            body_digest=digest,
        )
        if known is not None and known.body_digest == digest:
            return msgspec.structs.replace(reply, status=304, body=b"")
        return reply


def open_client(
    source: Source,
    connector: Any,
    settings: HttpSettings,
    *,
    pace: Pace,
    validators: Mapping[str, Validator] | None = None,
    record: Path | None = None,
    replay: Path | None = None,
    transport: httpx.BaseTransport | None = None,
) -> Client:
    """A client for one source; ``transport`` stands in for the network in tests."""
    return Client(
        source,
        connector,
        settings,
        pace=pace,
        validators=validators,
        record=record,
        replay=replay,
        transport=transport,
    )


def user_agent(contact: str) -> str:
    """Who we are and how to reach the people who run us."""
    version = importlib.metadata.version("luister")
    plain = "".join(char for char in contact if char.isprintable() and char.isascii())
    return f"Luister/{version} (+{plain})" if plain else f"Luister/{version}"


def _bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _conditions(known: Validator | None) -> dict[str, str]:
    if known is None:
        return {}
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: text for name, text in asked.items() if text}


def _with(url: str, params: Query | None) -> str:
    if not params:
        return url
    import httpx

    return str(httpx.URL(url).copy_merge_params(dict(params)))


def _refuse_downgrade(here: str, there: str) -> None:
    if urlsplit(here).scheme == "https" and urlsplit(there).scheme == "http":
        raise SourceRefused(
            "sends us from https to http",
            where=here,
            todo="name the address it should have, or leave this source out",
        )
