"""Which addresses may be asked at all: none inside the house, unless a source says so."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

from pipeline.errors import SourceUntrusted

PORT_OF: Final = {"http": 80, "https": 443}
PORTS: Final = frozenset(PORT_OF.values())
_DRESSED: Final = tuple(
    ipaddress.ip_network(each)
    for each in (
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 inside a network
        "2002::/16",  # 6to4
        "2001::/32",  # Teredo
        "fec0::/10",  # site-local, of old
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "100.64.0.0/10",  # carrier-grade NAT
        "192.88.99.0/24",  # 6to4 relays
    )
)
_KEEPERS: Final = frozenset(
    ipaddress.ip_address(each)
    for each in ("168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
)
"""Where clouds give a machine its keys, apart from the link-local addresses."""

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_INNER_NAMES: Final = ("localhost", "local", "internal", "home.arpa")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an address is on the open internet, seen through every way to dress it up."""
    found = _parsed(address)
    if found is None or found in _KEEPERS or any(found in network for network in _DRESSED):
        return False
    return found.is_global and not (
        found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback
    )


def is_allowed(address: str, *, allow_private: bool) -> bool:
    """Whether an address may be dialled.

    With ``allow_private`` one inside a network may, but never where clouds keep the keys of a
    machine (link-local for most of them), however dressed, nor one that reaches many.
    """
    if not allow_private:
        return is_public(address)
    found = _parsed(address)
    if found is None or found.is_multicast:
        return False
    return not any(each.is_link_local or each in _KEEPERS for each in (found, _undressed(found)))


def _undressed(found: Address) -> Address:
    """The IPv4 address to which a NAT64, 6to4 or Teredo address leads, else the address itself."""
    if isinstance(found, ipaddress.IPv4Address):
        return found
    if found in _NAT64:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.sixtofour or (found.teredo[1] if found.teredo else found)


def _parsed(address: str) -> Address | None:
    """The address without zone, an IPv4 address in IPv6 dress undressed; None if it is none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def as_number(host: str) -> str | None:
    """The address a host is written as, in every notation systems dial; None for a name.

    ``2130706433``, ``0x7f.1``, ``0177.0.0.1`` and ``127.1`` all are 127.0.0.1.
    """
    if _parsed(host) is not None:
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None


def check_address(url: str, *, allow_private: bool) -> None:
    """Refuse what no source needs: other schemes, user names, odd ports, numbers of inner machines.

    Names are judged again when they are dialled, by the addresses they have then.

    Raises:
        SourceUntrusted: with what is wrong with the address.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise refused(f"not an address: {error}") from error
    if "://" not in url:
        raise refused("an address begins with https:// or http://")
    if parts.scheme not in {"http", "https"}:
        raise refused(f"only http and https are asked, not {parts.scheme or 'nothing'!r}")
    if not host:
        raise refused("an address without a host")
    if "@" in parts.netloc:
        raise refused("an address with a user name in it")
    check_port(port or PORT_OF[parts.scheme], allow_private=allow_private)
    number = as_number(host)
    if number is not None and not is_allowed(number, allow_private=allow_private):
        raise refused(f"{host} is an address inside a network")
    if not allow_private and _is_inner(host):
        raise refused(f"{host} is a name inside a network")


def _is_inner(host: str) -> bool:
    name = host.rstrip(".")
    return any(name == inner or name.endswith(f".{inner}") for inner in _INNER_NAMES)


def check_port(port: int, *, allow_private: bool) -> None:
    """Refuse ports other than those of the web.

    Raises:
        SourceUntrusted: with the port.
    """
    if port not in PORTS and not allow_private:
        raise refused(f"port {port} is not one of the web")


def refused(what: str) -> SourceUntrusted:
    """The refusal, with what its reader may do about it."""
    return SourceUntrusted(
        what, todo="mend the address; for one inside your network set allow_private = true"
    )


def house(url: str) -> tuple[str, int]:
    """The host and port of an address: who shares them shares a pace.

    Raises:
        ValueError: not an address.
    """
    parts = urlsplit(url)
    return (parts.hostname or "").rstrip("."), parts.port or PORT_OF.get(parts.scheme, 0)


def host_key(url: str) -> str:
    """The house of an address in one word: the host, and its port where that is unusual."""
    try:
        host, port = house(url)
    except ValueError:
        return url
    return host if port in PORTS else f"{host}:{port}"


def is_same_house(here: str, there: str) -> bool:
    """Whether what was meant for ``here`` may be told ``there``: the same host and port.

    From http to https on the usual ports is the same house.
    """
    (host, port), (other_host, other_port) = house(here), house(there)
    return host == other_host and (port == other_port or (port, other_port) == (80, 443))
