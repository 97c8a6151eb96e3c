"""The network under httpx: dials only checked addresses, and keeps to a deadline.

A name is resolved once, every address it has is checked, and only a checked address is dialled, so
that a name which changes its answer in between gains nothing (DNS rebinding). TLS still asks for
the name. httpx has no public place for a network of ours: the pool of its transport is replaced.
"""

from __future__ import annotations

import functools
import math
import queue
import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable
from typing import Any, Final

import httpcore
import httpx

from pipeline.body import LATE
from pipeline.errors import ConfigError, LuisterError, SourceUnavailable
from pipeline.guard import as_number, check_port, is_allowed, refused

Resolve = Callable[[str, int], list[str]]
_CONNECTIONS: Final = 10
_KEEPALIVE_SECONDS: Final = 15.0


class Deadline:
    """When the request under way must be done; one for each client, which asks one thing at a time.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.at = math.inf

    def start(self, seconds: float) -> None:
        """From now on there are so many seconds."""
        self.at = self.clock() + seconds

    @property
    def is_over(self) -> bool:
        """Whether there is no time left."""
        return self.clock() >= self.at

    def left(self, limit: float | None = None) -> float | None:
        """Seconds left, at most ``limit``; None where there is no end.

        Raises:
            SourceUnavailable: there are none.
        """
        seconds = self.at - self.clock()
        if seconds <= 0:
            raise SourceUnavailable(LATE)
        if limit is None:
            return None if math.isinf(seconds) else seconds
        return min(seconds, limit)


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name.

    Raises:
        SourceUnavailable: the name is not known now.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceUnavailable(
            f"the name {host!r} is not known: {error}",
            todo="see whether it is written right and this machine is online; the next night tries "
            "again",
        ) from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _resolve_within(
    resolve_name: Resolve, host: str, port: int, seconds: float | None
) -> list[str]:
    """Resolve, but not longer than ``seconds``: systems give no way to end it earlier."""
    if as_number(host) is not None:
        return resolve_name(host, port)
    answers: queue.SimpleQueue[list[str] | LuisterError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve_name(host, port))
        except LuisterError as error:
            answers.put(error)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise SourceUnavailable(f"the name {host!r} was not looked up in time") from None
    if isinstance(answer, LuisterError):
        raise answer
    return answer


class GuardedBackend(httpcore.NetworkBackend):
    """Connects only to addresses that were checked, and only as long as there is time."""

    def __init__(
        self, *, allow_private: bool, deadline: Deadline, resolve_name: Resolve = resolve
    ) -> None:
        self._allow_private = allow_private
        self._deadline = deadline
        self._resolve = resolve_name
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check all, dial the first that answers."""
        check_port(port, allow_private=self._allow_private)
        addresses = _resolve_within(self._resolve, host, port, self._deadline.left(timeout))
        for address in addresses:
            if not is_allowed(address, allow_private=self._allow_private):
                raise refused(f"{host} leads to an address inside a network")
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Never: no source lives in a file."""
        del timeout, socket_options
        raise refused(f"a socket in a file is no source: {path}")

    def sleep(self, seconds: float) -> None:
        """Wait between attempts to connect."""
        self._plain.sleep(seconds)


class _TimedStream(httpcore.NetworkStream):
    """A connection on which no wait goes past the deadline, however slowly it drips."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport over a guarded network."""

    def __init__(
        self,
        *,
        allow_private: bool,
        deadline: Deadline | None = None,
        resolve_name: Resolve = resolve,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        context = ssl_context or trusted_certificates(trust_environment=False)
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            network_backend=GuardedBackend(
                allow_private=allow_private,
                deadline=deadline or Deadline(),
                resolve_name=resolve_name,
            ),
            max_connections=_CONNECTIONS,
            keepalive_expiry=_KEEPALIVE_SECONDS,
        )


class EnvironmentProxies(httpx.BaseTransport):
    """Through the proxy that the environment names for an address, else guarded and direct.

    A proxy looks names up itself, so behind one only the address as it is written can be judged.
    """

    def __init__(self, *, allow_private: bool, deadline: Deadline) -> None:
        context = trusted_certificates(trust_environment=True)
        self._deadline = deadline
        self._context = context
        self._direct = GuardedTransport(
            allow_private=allow_private, deadline=deadline, ssl_context=context
        )
        self._through: dict[str, _ProxyTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Choose the way and go it."""
        named = urllib.request.getproxies()
        proxy = named.get(request.url.scheme) or named.get("all")
        if not proxy or urllib.request.proxy_bypass(request.url.host):
            return self._direct.handle_request(request)
        if proxy not in self._through:
            self._through[proxy] = _ProxyTransport(proxy, self._context, self._deadline)
        return self._through[proxy].handle_request(request)

    def close(self) -> None:
        """Let go of all connections."""
        for transport in (self._direct, *self._through.values()):
            transport.close()


class _ProxyTransport(httpx.HTTPTransport):
    def __init__(self, address: str, context: ssl.SSLContext, deadline: Deadline) -> None:
        given = address if "://" in address else f"http://{address}"
        proxy = httpx.Proxy(given)
        if proxy.url.scheme not in {"http", "https"}:
            raise ConfigError(
                f"a proxy of the kind {proxy.url.scheme!r} is not supported",
                where="http.trust_environment_proxies",
                todo="name an http proxy in the environment, or set this to false",
            )
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        self._pool = httpcore.HTTPProxy(
            proxy_url=str(proxy.url),
            proxy_auth=proxy.raw_auth,
            ssl_context=context,
            network_backend=GuardedBackend(allow_private=True, deadline=deadline),
            max_connections=_CONNECTIONS,
            keepalive_expiry=_KEEPALIVE_SECONDS,
        )


@functools.lru_cache(maxsize=2)
def trusted_certificates(*, trust_environment: bool) -> ssl.SSLContext:
    """Whose certificates are believed; read once, for it takes a while."""
    return httpx.create_ssl_context(trust_env=trust_environment)


def distrust(error: BaseException) -> str | None:
    """Why a certificate was not believed, if that is what went wrong."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return None
