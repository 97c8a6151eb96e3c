"""Server-sent events over the guarded network: one long answer, cut into bounded events.

httpx and the packages around it cut an answer into lines of any length; here the length is bounded.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from pipeline.errors import PayloadError, SourceUnavailable, SourceUntrusted
from pipeline.exchange import fault_of
from pipeline.guard import check_address
from pipeline.live_stream import MAX_FRAME_BYTES, Frame, Stream
from pipeline.session import HttpSettings, bearer_header, user_agent
from pipeline.source import Reply

if TYPE_CHECKING:
    import httpx

QUIET_SECONDS: Final = 90.0
"""Servers send a heartbeat every 15 seconds or so: after this long the line is dead."""


def frames(
    stream: Stream,
    url: str,
    settings: HttpSettings,
    *,
    allow_private: bool,
    stop: threading.Event,
) -> Iterator[Frame]:
    """Each event as it comes, until ``stop``; a first empty frame says that the line is open.

    Raises:
        SourceUnavailable: cannot be reached, hung up, or silent for too long.
        SourceUntrusted: the guard forbids it, or its certificate is not believed.
        SourceRefused: it says no.
        PayloadError: no events, or one that is too large.
    """
    import httpx

    from pipeline.wire import distrust

    check_address(url, allow_private=allow_private)
    headers = {
        "Accept": "text/event-stream",
        "Accept-Encoding": "identity",
        "User-Agent": user_agent(settings.contact),
        **bearer_header(stream.bearer),
    }
    limits = httpx.Timeout(settings.connect_seconds, read=QUIET_SECONDS)
    try:
        with (
            httpx.Client(
                transport=_transport(settings, allow_private=allow_private), trust_env=False
            ) as http,
            http.stream("GET", url, headers=headers, timeout=limits) as response,
        ):
            _check(response, stream)
            yield Frame(data=b"", observed_at=datetime.now(UTC))
            for frame in events(response.iter_raw()):
                yield frame
                if stop.is_set():
                    return
    except httpx.HTTPError as error:
        reason = distrust(error)
        if reason is not None:
            what = f"its certificate is not to be trusted: {reason}"
            raise SourceUntrusted(what, where=stream.url) from error
        what = f"the line was cut: {error}" if str(error) else "the line was cut"
        raise SourceUnavailable(what, where=stream.url) from error
    except PayloadError as error:
        raise error.at(stream.url) from None
    raise SourceUnavailable("the server hung up", where=stream.url)


def _transport(settings: HttpSettings, *, allow_private: bool) -> httpx.BaseTransport:
    from pipeline.wire import Deadline, EnvironmentProxies, GuardedTransport

    kind = EnvironmentProxies if settings.trust_environment_proxies else GuardedTransport
    return kind(allow_private=allow_private, deadline=Deadline())


def _check(response: httpx.Response, stream: Stream) -> None:
    """Whether this is the beginning of events; of anything else its status tells enough.

    Raises:
        LuisterError: what the answer stands for.
    """
    headers = {name.lower(): text for name, text in response.headers.items()}
    reply = Reply(
        url=stream.url,
        status=response.status_code,
        headers=headers,
        observed_at=datetime.now(UTC),
    )
    fault = fault_of(reply)
    if fault is not None:
        raise fault
    if reply.content_type != "text/event-stream":
        raise PayloadError(f"no events but {reply.content_type or 'something'}", where=stream.url)


def events(chunks: Iterable[bytes]) -> Iterator[Frame]:
    """Events and heartbeats (comments, as frames without data) of an answer, bounded in size.

    Raises:
        PayloadError: an event of more than ``MAX_FRAME_BYTES``.
    """
    event, data, size = b"", [], 0
    for line in _lines(chunks):
        size += len(line)
        if size > MAX_FRAME_BYTES:
            raise PayloadError(f"an event of more than {MAX_FRAME_BYTES / 1e6:g} MB")
        if line.startswith(b":"):
            yield Frame(data=b"", observed_at=datetime.now(UTC))
        elif line:
            field, _, told = line.partition(b":")
            told = told.removeprefix(b" ")
            if field == b"event":
                event = told
            elif field == b"data":
                data.append(told)
            continue
        elif data:
            yield Frame(
                data=b"\n".join(data),
                event=event[:100].decode("utf-8", "replace"),
                observed_at=datetime.now(UTC),
            )
        if not line:
            event, data, size = b"", [], 0


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines without their ends, of which there are three kinds; never a longer one than allowed."""
    held = b""
    for chunk in chunks:
        held += chunk
        if len(held) > MAX_FRAME_BYTES and b"\n" not in held and b"\r" not in held:
            raise PayloadError(f"a line of more than {MAX_FRAME_BYTES / 1e6:g} MB")
        tail = b"\r" if held.endswith(b"\r") else b""
        *whole, held = (
            (held.removesuffix(tail)).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        )
        held += tail
        yield from whole
