"""The one home of websockets: a connection to a checked address, bounded in message size.

The address is checked as written and dialled as resolved, like every other address (see
``pipeline.wire``); the library gets a connected socket and never dials by itself, except through a
proxy that the configuration allows.
"""

from __future__ import annotations

import socket
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pipeline.errors import LuisterError, PayloadError, SourceUnavailable, SourceUntrusted
from pipeline.exchange import fault_of
from pipeline.guard import check_address
from pipeline.live_stream import MAX_FRAME_BYTES, Frame, Stream
from pipeline.session import HttpSettings, bearer_header, user_agent
from pipeline.source import Reply

if TYPE_CHECKING:
    from websockets.exceptions import ConnectionClosed, InvalidStatus
    from websockets.sync.client import ClientConnection

QUEUED_FRAMES: Final = 16
PING_SECONDS: Final = 20.0
_LOOK_UP_SECONDS: Final = 0.5
_WEB: Final = {"ws": "http", "wss": "https"}


def frames(
    stream: Stream,
    url: str,
    settings: HttpSettings,
    *,
    allow_private: bool,
    stop: threading.Event,
) -> Iterator[Frame]:
    """Each message as it comes, until ``stop``; a first empty frame says that the line is open.

    Raises:
        SourceUnavailable: cannot be reached, hung up, or does not answer any more.
        SourceUntrusted: the guard forbids it, or its certificate is not believed.
        SourceRefused: it says no.
        PayloadError: a message that is too large, or no websocket at all.
    """
    from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

    try:
        line = _opened(stream, url, settings, allow_private=allow_private)
        with line:
            yield Frame(data=b"", observed_at=datetime.now(UTC))
            yield from _received(line, stop)
    except ConnectionClosed as error:
        raise _hung_up(error).at(stream.url) from error
    except InvalidStatus as error:
        raise _refusal(error, stream) from error
    except WebSocketException as error:
        raise PayloadError(f"no websocket: {error}", where=stream.url) from error
    except ssl.SSLCertVerificationError as error:
        raise SourceUntrusted(
            f"its certificate is not to be trusted: {error.verify_message}",
            where=stream.url,
            todo="tell the owner of the site, or correct the address",
        ) from error
    except (OSError, EOFError) as error:
        what = str(error) or type(error).__name__
        raise SourceUnavailable(f"cannot be reached: {what}", where=stream.url) from error


def _received(line: ClientConnection, stop: threading.Event) -> Iterator[Frame]:
    while not stop.is_set():
        try:
            data = line.recv(timeout=_LOOK_UP_SECONDS, decode=False)
        except TimeoutError:
            continue
        yield Frame(data=data, observed_at=datetime.now(UTC))


def _opened(
    stream: Stream, url: str, settings: HttpSettings, *, allow_private: bool
) -> ClientConnection:
    from websockets.sync.client import connect

    from pipeline.wire import trusted_certificates

    scheme, _, rest = url.partition("://")
    if scheme not in _WEB:
        raise SourceUntrusted(f"not the address of a websocket: {scheme}://", where=stream.url)
    web = f"{_WEB[scheme]}://{rest}"
    check_address(web, allow_private=allow_private)
    proxy = _proxy(web) if settings.trust_environment_proxies else None
    sock = None if proxy else _dialled(web, settings, allow_private=allow_private)
    trusts = settings.trust_environment_proxies
    try:
        return connect(
            url,
            sock=sock,
            proxy=proxy,
            ssl=trusted_certificates(trust_environment=trusts) if scheme == "wss" else None,
            user_agent_header=user_agent(settings.contact),
            additional_headers=bearer_header(stream.bearer),
            open_timeout=settings.total_seconds,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            close_timeout=1.0,
            max_size=MAX_FRAME_BYTES,
            max_queue=QUEUED_FRAMES,
        )
    except BaseException:
        if sock is not None:
            sock.close()
        raise


def _dialled(web: str, settings: HttpSettings, *, allow_private: bool) -> socket.socket:
    """A socket to a checked address of the host."""
    import httpcore

    from pipeline.wire import Deadline, GuardedBackend

    parts = urlsplit(web)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    deadline = Deadline()
    deadline.start(settings.connect_seconds)
    backend = GuardedBackend(allow_private=allow_private, deadline=deadline)
    try:
        dialled = backend.connect_tcp(parts.hostname or "", port, settings.connect_seconds)
    except httpcore.NetworkError as error:
        raise OSError(str(error)) from error
    except httpcore.TimeoutException as error:
        raise OSError("not reached in time") from error
    found: socket.socket = dialled.get_extra_info("socket")
    found.settimeout(None)
    return found


def _proxy(web: str) -> str | None:
    """The proxy the environment names; behind one only the address as written can be judged."""
    parts = urlsplit(web)
    named = urllib.request.getproxies()
    found = named.get(parts.scheme) or named.get("all")
    if not found or urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return found if "://" in found else f"http://{found}"


def _hung_up(error: ConnectionClosed) -> LuisterError:
    """Who ended the line, and why: the size of a message is the one thing we end it for."""
    if error.sent is not None and error.sent.code == 1009 and not error.rcvd_then_sent:
        return PayloadError(f"a message of more than {MAX_FRAME_BYTES / 1e6:g} MB")
    closed = error.rcvd or error.sent
    told = f" ({closed.code} {closed.reason})".replace(" )", ")") if closed else ""
    return SourceUnavailable(f"the line was cut{told}")


def _refusal(error: InvalidStatus, stream: Stream) -> LuisterError:
    """The status with which the server answered in place of opening, as our error."""
    response = error.response
    reply = Reply(
        url=stream.url,
        status=response.status_code,
        headers={name.lower(): text for name, text in response.headers.raw_items()},
        body=bytes(response.body or b"")[:2000],
        observed_at=datetime.now(UTC),
    )
    return fault_of(reply) or PayloadError("opens no websocket", where=stream.url)
