"""No request leaves for an address inside the house: checked when connecting, on every hop.

The name is resolved once, every address it has is checked, and only a checked address is dialled,
so that a name which changes its answer in between gains nothing (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore
import httpx

from pipeline.errors import SourceRefused, SourceUnavailable

Resolve = Callable[[str, int], list[str]]
PORTS: Final = frozenset({80, 443})
_TUNNELS: Final = tuple(
    ipaddress.ip_network(each)
    for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10")
)
_SHARED: Final = ipaddress.ip_network("100.64.0.0/10")


def is_public(address: str) -> bool:
    """Whether an address is on the open internet, seen through every way to dress it up."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in tunnel for tunnel in _TUNNELS):
            return False
    elif found in _SHARED:
        return False
    return found.is_global and not (
        found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback
    )


def check_address(url: str, *, allow_private: bool) -> None:
    """Refuse what no source needs: other schemes, user names in addresses, odd ports.

    Raises:
        SourceRefused: with what is wrong with the address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused(f"not an address: {error}") from error
    if parts.scheme not in {"http", "https"}:
        raise _refused(f"only http and https are asked, not {parts.scheme or 'nothing'!r}")
    if not parts.hostname:
        raise _refused("an address without a host")
    if "@" in parts.netloc:
        raise _refused("an address with a user name in it")
    if port is not None and port not in PORTS and not allow_private:
        raise _refused(f"port {port} is not one of the web")


def _refused(what: str) -> SourceRefused:
    return SourceRefused(
        what, todo="mend the address; for one inside your network set allow_private = true"
    )


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name.

    Raises:
        SourceUnavailable: the name is not known now.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceUnavailable(f"the name {host!r} is not known: {error}") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class GuardedBackend(httpcore.NetworkBackend):
    """Connects only to addresses that were checked."""

    def __init__(self, *, allow_private: bool, resolve_name: Resolve = resolve) -> None:
        self._allow_private = allow_private
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
        addresses = self._resolve(host, port)
        if not self._allow_private and not (
            addresses and all(is_public(address) for address in addresses)
        ):
            raise _refused(f"{host} leads to an address inside a network")
        failure: Exception | None = None
        for address in addresses:
            try:
                return self._plain.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Never: no source lives in a file."""
        del timeout, socket_options
        raise _refused(f"a socket in a file is no source: {path}")

    def sleep(self, seconds: float) -> None:
        """Wait between attempts to connect."""
        self._plain.sleep(seconds)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport over a guarded network."""

    def __init__(self, *, allow_private: bool, resolve_name: Resolve = resolve) -> None:
        super().__init__(trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=20,
            max_keepalive_connections=10,
            keepalive_expiry=15.0,
            network_backend=GuardedBackend(allow_private=allow_private, resolve_name=resolve_name),
        )
