"""The one HTTP client: patient, polite, bounded and discreet.

A connector is handed a ``Client`` and asks; retry, pace, conditional requests, caps, redirects, the
guard against addresses inside the house, secrets, recording and replay all live here and in the
modules this one is made of.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import msgspec

from pipeline.body import LATE
from pipeline.budget import Bounds
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceUnavailable,
)
from pipeline.exchange import fault_of, pause_after, spent_by
from pipeline.guard import check_address, host_key
from pipeline.logs import redact_logs
from pipeline.pace import Pace
from pipeline.patience import Patience
from pipeline.recording import Asked, Recorder, Replayer
from pipeline.redirects import next_hop
from pipeline.secrets import EVERYWHERE, Redactor, find_secret, keep_secret
from pipeline.session import (
    HttpSettings,
    Request,
    Session,
    bearer_header,
    sendable,
    with_query,
)
from pipeline.source import Access, Reply, Source

if TYPE_CHECKING:
    import httpx

__all__ = ["Client", "HttpSettings", "Usage", "Validator", "fault_of", "open_client"]

_log = logging.getLogger(__name__)
Query = Mapping[str, str | int | Sequence[str]]
MAX_REDIRECTS: Final = 5
_PERMANENT: Final = frozenset({301, 308})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_OPEN_NAMES: Final = ("IDENTIFIER", "USERNAME", "HANDLE", "ACCOUNT", "EMAIL")
"""Secrets with these endings are who logs in: blanked in addresses, but part of what is posted."""


class Validator(msgspec.Struct, frozen=True, kw_only=True):
    """What a server gave to ask conditionally next time, verbatim, and a digest of what it sent."""

    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None


class Usage(msgspec.Struct, kw_only=True):
    """What asking has cost so far.

    ``reads`` counts posts, told by who reads them; ``moved`` tells which addresses have moved for
    good, and where to; ``spent`` what was taken of the platform's own quotas.
    """

    requests: int = 0
    reads: int = 0
    bytes: int = 0
    rate_limited_seconds: float = 0.0
    retries: int = 0
    moved: dict[str, str] = msgspec.field(default_factory=dict)
    spent: dict[str, int] = msgspec.field(default_factory=dict)


class Client:
    """Asks for one source, one thing at a time. Errors name the address without its secrets."""

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
        allowance: Bounds | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        redact_logs()
        self._source = source
        self._connector = connector
        self._settings = settings
        self._pace = pace
        self._clock = clock
        self._allowance = allowance
        self._redactor = Redactor()
        self._kept_out = Redactor()
        self._renewed: dict[str, str] = {}
        self._recorder = Recorder(record, self._kept_out) if record else None
        self._replayer = Replayer(replay) if replay else None
        self._session = Session(settings, allow_private=source.allow_private, transport=transport)
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
        self._session.close()

    def secret(self, name: str) -> str | None:
        """The secret a connector knows as ``name``; from now on it is blanked everywhere."""
        found = self._renewed.get(name) or find_secret(self._source.variable(name))
        if found is not None:
            self._redactor.learn(found)
            if not name.endswith(_OPEN_NAMES):
                self._kept_out.learn(found)
        return found

    def learn(self, secret: str) -> None:
        """Blank a secret that a server gave, such as a session's token."""
        self._redactor.learn(secret)
        self._kept_out.learn(secret)
        EVERYWHERE.learn(secret)

    def held(self, name: str) -> str | None:
        """What was renewed under ``name`` since this client was opened."""
        return self._renewed.get(name)

    def renew(self, name: str, secret: str, *, is_kept: bool = True) -> None:
        """Go on with a secret that the platform gave in place of ``name``, and keep it for later.

        It is kept where the old one was found, and nowhere else; with ``is_kept`` false, or when
        recordings are replayed, only as long as this client lives.
        """
        self.learn(secret)
        variable = self._source.variable(name)
        is_new = secret != self.secret(name)
        self._renewed[name] = secret
        if not is_new or not is_kept or self._replayer is not None:
            return
        if not keep_secret(variable, secret):
            _log.warning(
                "%s was renewed, but is set in the environment, where it cannot be kept: the old "
                "one may end; name a file that Luister may write in %s_FILE",
                variable,
                variable,
            )

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
        asked = {**sendable(headers or {}), **bearer_header(bearer)}
        address = with_query(url, params)
        known = self._redactor.redact(address)
        if conditional and self._recorder is None:
            asked |= _conditions(self.validators.get(known))
        reply = self._patiently(Request(method="GET", url=address, headers=asked), expect)
        return self._unchanged(known, reply) if conditional else reply

    def post(
        self,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        bearer: str | None = None,
        expect: tuple[int, ...] = (),
    ) -> Reply:
        """Send JSON, a form or bytes as they are: for sessions, queries and webhooks of our own."""
        asked = {**sendable(headers or {}), **bearer_header(bearer)}
        content: dict[str, Any] = {} if json is None else {"json": json}
        if body is not None:
            content["content"] = body
        if form is not None:
            content["data"] = dict(form)
        request = Request(method="POST", url=url, headers=asked, content=content)
        return self._patiently(request, expect)

    def put(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        expect: tuple[int, ...] = (),
    ) -> Reply:
        """Hand bytes over at an address that a platform gave for them; it is sent no token.

        Doing so twice is doing it once, so what waiting can cure is tried again.
        """
        asked = sendable(headers or {})
        request = Request(method="PUT", url=url, headers=asked, content={"content": body})
        return self._patiently(request, expect)

    def _patiently(self, request: Request, expect: tuple[int, ...]) -> Reply:
        """Ask again for what waiting can cure, as long as the platform wishes and we may."""
        patience = Patience(
            self._pace,
            self.usage,
            self._settings.max_retry_after_seconds,
            waits=self._replayer is None,
        )
        try:
            for attempt in patience.attempts():
                with attempt:
                    reply = self._attempt(request, patience, expect)
        except RateLimited:
            raise
        except SourceUnavailable:
            self._pace.failed(patience.host)
            raise
        self._pace.answered(patience.host)
        return reply

    def _attempt(self, request: Request, patience: Patience, expect: tuple[int, ...]) -> Reply:
        """One attempt; whoever hears of its error, be it a log of retries, hears no secret."""
        try:
            reply = self._follow(request, patience)
            patience.is_final = request.method == "POST" and 400 <= reply.status < 500
            fault = None if reply.status in expect else fault_of(reply, self._connector)
        except LuisterError as error:
            fault = error
        if fault is not None:
            raise self._discreet(fault, request.url) from None
        return reply

    def _discreet(self, error: LuisterError, url: str) -> LuisterError:
        error.at(url)
        error.what = self._redactor.redact(error.what)
        error.where = self._redactor.redact(error.where)
        error.todo = self._redactor.redact(error.todo)
        error.args = (error.what,)
        return error

    def _follow(self, first: Request, patience: Patience) -> Reply:
        """One request with its redirects, each checked; what is meant for a host stays with it."""
        left = self._settings.total_seconds
        request, settled, is_permanent = first, first.url, True
        for _ in range(MAX_REDIRECTS + 1):
            patience.host = host_key(request.url)
            self._wait(patience.host)
            started = self._clock()
            reply = self._once(request, left)
            left -= self._clock() - started
            target = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not target:
                if settled != first.url and (reply.status < 300 or reply.status == 304):
                    self.usage.moved[self._shown(first.url)] = self._shown(settled)
                return reply
            request = next_hop(request, reply.status, target)
            is_permanent = is_permanent and reply.status in _PERMANENT
            settled = request.url if is_permanent else settled
            if left <= 0:
                raise SourceUnavailable(LATE, where=first.url)
        raise PayloadError(
            f"sends us on and on, more than {MAX_REDIRECTS} times",
            where=first.url,
            todo="open the address in a browser and name where it ends in luister.toml",
        )

    def _shown(self, url: str) -> str:
        return self._redactor.redact(url)

    def _wait(self, host: str) -> None:
        """Keep the pace; a host that wants to be left alone for too long is not waited for."""
        if self._replayer is not None:
            return
        closed = self._pace.closed_for(host)
        if closed > self._settings.max_retry_after_seconds:
            raise RateLimited(f"{host} wants to be left alone for {closed:.0f} s", seconds=closed)
        own = self._source.requests_per_minute
        access: Access = self._connector.ACCESS
        requests, seconds = (own, 60.0) if own else (access.requests, access.seconds)
        self.usage.rate_limited_seconds += self._pace.wait(host, requests=requests, seconds=seconds)

    def _once(self, request: Request, seconds: float) -> Reply:
        check_address(request.url, allow_private=self._source.allow_private)
        asked = self._asked(request)
        if self._replayer is not None:
            return self._replayer.answer(asked)
        if self._allowance is not None:
            taken = self.usage
            self._allowance.check(
                request.url, requests=taken.requests, reads=taken.reads, spent=taken.spent
            )
        self.usage.requests += 1
        reply = self._session.ask(request, seconds)
        reply = msgspec.structs.replace(reply, url=self._shown(reply.url))
        self.usage.bytes += len(reply.body)
        for name, count in spent_by(reply, self._connector).items():
            self.usage.spent[name] = self.usage.spent.get(name, 0) + count
        rest = pause_after(reply, self._connector)
        if rest is not None:
            longest = self._settings.max_retry_after_seconds
            self._pace.close(host_key(request.url), min(rest, longest))
        if self._recorder is not None:
            self._recorder.keep(asked, reply)
        return reply

    def _asked(self, request: Request) -> Asked:
        """The request as recordings know it."""
        content = msgspec.json.encode(request.content, order="deterministic").decode()
        return Asked(
            method=request.method,
            url=self._shown(request.url),
            content=self._redactor.redact(content) if request.content else "",
        )

    def _unchanged(self, address: str, reply: Reply) -> Reply:
        """Remember what a whole answer gave, and tell one that is as it was."""
        known = self.validators.get(address)
        etag, modified = reply.headers.get("etag"), reply.headers.get("last-modified")
        if reply.status == 304:
            if known is not None:
                self.validators[address] = msgspec.structs.replace(
                    known, etag=etag or known.etag, last_modified=modified or known.last_modified
                )
            return msgspec.structs.replace(reply, body=b"")
        if reply.status != 200:
            return reply
        digest = hashlib.sha256(reply.body).hexdigest()
        self.validators[address] = Validator(etag=etag, last_modified=modified, body_digest=digest)
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
    allowance: Bounds | None = None,
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
        allowance=allowance,
    )


def _conditions(known: Validator | None) -> dict[str, str]:
    if known is None:
        return {}
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: text for name, text in asked.items() if text}
