"""A session with the AT protocol: where a source reads, signed in, and what it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import msgspec

from connectors.paging import decode
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
)
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

IDENTIFIER: Final = "BSKY_IDENTIFIER"
PASSWORD: Final = "BSKY_APP_PASSWORD"  # noqa: S105 the name of a variable
APPVIEW: Final = "https://public.api.bsky.app"
ENTRYWAY: Final = "https://bsky.social"
EXPIRED: Final = "the session has expired"
Params = Mapping[str, Any]
_REFUSED: Final[Mapping[str, str]] = {
    "ExpiredToken": EXPIRED,
    "InvalidToken": "the session is not accepted by this server",
    "AuthMissing": "this needs a signed-in account",
    "AuthenticationRequired": "the identifier or the app password is not accepted",
    "AuthFactorTokenRequired": "the account asks for a second factor: use an app password",
    "AccountTakedown": "the account that reads was taken down",
    "AccountDeactivated": "the account that reads is deactivated",
    "BlockedActor": "the account that reads has blocked this one",
    "BlockedByActor": "this account has blocked the account that reads",
}
_READ_WITH_ANOTHER: Final = "sign in with another account"
_NEXT: Final[Mapping[str, str]] = {
    "AccountTakedown": _READ_WITH_ANOTHER,
    "AccountDeactivated": _READ_WITH_ANOTHER,
    "BlockedActor": "lift the block there, or take it out of luister.toml",
    "BlockedByActor": f"take it out of luister.toml, or {_READ_WITH_ANOTHER}",
}
"""What is to be done where no other password helps."""

_GONE: Final = frozenset({"NotFound", "RecordNotFound", "RepoNotFound", "MethodNotImplemented"})


class _Fault(msgspec.Struct):
    error: str = ""
    message: str = ""


class _NothingElse(_Fault, forbid_unknown_fields=True):
    """An answer that is only an error, whatever its status says."""


class _Tokens(msgspec.Struct, rename="camel"):
    access_jwt: str
    refresh_jwt: str


class Session:
    """Where a source reads, signed in once when there are secrets; shared by all its verbs."""

    def __init__(self, base: str, credentials: tuple[str, str] | None) -> None:
        self.base = base
        self._credentials = credentials
        self._tokens: _Tokens | None = None

    def get(
        self, client: Client, method: str, params: Params, expect: tuple[int, ...] = ()
    ) -> Reply:
        """Ask one method; a session that ended meanwhile is renewed once."""
        address = f"{self.base}/xrpc/{method}"
        if self._credentials is None:
            return client.get(address, params=params, expect=expect)
        if self._tokens is None:
            self._tokens = self._sign_in(client)
        try:
            bearer = self._tokens.access_jwt
            return client.get(address, params=params, bearer=bearer, expect=expect)
        except SourceRefused as error:
            if error.what != EXPIRED:
                raise
        self._tokens = self._renew(client, self._tokens)
        bearer = self._tokens.access_jwt
        return client.get(address, params=params, bearer=bearer, expect=expect)

    def _sign_in(self, client: Client) -> _Tokens:
        identifier, password = self._credentials or ("", "")
        address = f"{self.base}/xrpc/com.atproto.server.createSession"
        reply = client.post(address, json={"identifier": identifier, "password": password})
        return _keep(client, reply)

    def _renew(self, client: Client, tokens: _Tokens) -> _Tokens:
        address = f"{self.base}/xrpc/com.atproto.server.refreshSession"
        try:
            reply = client.post(address, bearer=tokens.refresh_jwt)
        except SourceRefused:
            return self._sign_in(client)
        return _keep(client, reply)


def _keep(client: Client, reply: Reply) -> _Tokens:
    """The tokens of a session, known from now on as what must never be shown."""
    tokens = decode(reply.body, _Tokens, where=reply.url)
    client.learn(tokens.access_jwt)
    client.learn(tokens.refresh_jwt)
    return tokens


_SESSIONS: Final[WeakKeyDictionary[Client, Session]] = WeakKeyDictionary()


def refusal(reply: Reply) -> LuisterError | None:
    """The protocol's own error names, where the status alone would mislead or says nothing."""
    if reply.status < 400 and b'"error"' not in reply.body[:200]:
        return None
    fault = _fault(reply)
    if reply.status < 400 and not fault.error:
        return None
    told = f"{fault.message or fault.error}".strip()
    if fault.error in _REFUSED:
        todo = _NEXT.get(fault.error, "")
        return SourceRefused(_REFUSED[fault.error], where=reply.url, todo=todo)
    if fault.error in _GONE or "not found" in fault.message.lower():
        return SourceGone(f"it is not there: {told}", where=reply.url)
    if reply.status >= 400:
        return None
    if fault.error == "RateLimitExceeded":
        return RateLimited(f"asks us to wait: {told}", where=reply.url)
    return PayloadError(f"refuses: {fault.error} {fault.message}".strip(), where=reply.url)


def _fault(reply: Reply) -> _Fault:
    """What went wrong in the protocol's own words; a proxy in between answers in HTML."""
    shape = _Fault if reply.status >= 400 else _NothingElse
    try:
        return msgspec.json.decode(reply.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Fault()


def session_of(source: Source, client: Client) -> Session:
    """The session of a source, one a client; without secrets that of nobody, with the AppView."""
    if client not in _SESSIONS:
        identifier, password = client.secret(IDENTIFIER), client.secret(PASSWORD)
        if identifier and password:
            elsewhere = source.server if source.server != APPVIEW else None
            home = str(source.options.get("pds") or elsewhere or ENTRYWAY)
            _SESSIONS[client] = Session(home.rstrip("/"), (identifier, password))
        else:
            _SESSIONS[client] = Session((source.server or APPVIEW).rstrip("/"), None)
    return _SESSIONS[client]
