"""One request and its answer over httpx: bounded in time and size, its failures as our errors."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from pipeline.body import LATE, read_body
from pipeline.errors import ConfigError, PayloadError, SourceUnavailable, SourceUntrusted
from pipeline.source import Reply

if TYPE_CHECKING:
    import httpx

    from pipeline.wire import Deadline


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How politely and how patiently to ask; seconds and bytes.

    ``connect_seconds`` and ``read_seconds`` bound each wait, ``total_seconds`` a request with its
    redirects, ``max_retry_after_seconds`` all that a platform may ask us to wait for one request.
    """

    contact: str = ""
    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    max_bytes: int = 20_000_000
    max_retry_after_seconds: float = 900.0
    trust_environment_proxies: bool = False


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask: ``content`` holds ``json`` or ``data`` as httpx takes them."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: Mapping[str, Any] = msgspec.field(default_factory=dict)


class Session:
    """Connections of one source, opened when first needed; asks one thing at a time.

    Args:
        settings: times and sizes.
        allow_private: whether addresses inside a network may be asked.
        transport: stands in for the network in tests.
    """

    def __init__(
        self, settings: HttpSettings, *, allow_private: bool, transport: httpx.BaseTransport | None
    ) -> None:
        self._settings = settings
        self._allow_private = allow_private
        self._transport = transport
        self._http: httpx.Client | None = None
        self._deadline: Deadline | None = None

    def close(self) -> None:
        """Let go of all connections."""
        if self._http is not None:
            self._http.close()

    def ask(self, request: Request, seconds: float) -> Reply:
        """The answer to one request, no redirect followed, within ``seconds``.

        Raises:
            SourceUnavailable: it cannot be reached, or did not answer as a whole in time.
            SourceUntrusted: the guard forbids it, or its certificate is not believed.
            PayloadError: the answer is too large or packed in a way that was not asked for.
        """
        import httpx

        from pipeline.wire import distrust

        try:
            return self._exchange(request, seconds)
        except (httpx.InvalidURL, UnicodeError) as error:  # the latter of a host like xn--
            raise SourceUntrusted(f"not an address: {error}", where=request.url) from error
        except httpx.LocalProtocolError as error:
            raise PayloadError(f"cannot be asked: {error}", where=request.url) from error
        except httpx.HTTPError as error:
            if self._deadline is not None and self._deadline.is_over:
                raise SourceUnavailable(LATE, where=request.url) from error
            if isinstance(error.__context__, httpx.InvalidURL):
                raise PayloadError(f"sends us nowhere: {error}", where=request.url) from error
            reason = distrust(error)
            if reason is not None:
                raise SourceUntrusted(
                    f"its certificate is not to be trusted: {reason}",
                    where=request.url,
                    todo="tell the owner of the site, or correct the address",
                ) from error
            what = str(error) or type(error).__name__
            raise SourceUnavailable(
                f"cannot be reached: {what}",
                where=request.url,
                todo="see whether this machine is online; the next night tries again",
            ) from error

    def _exchange(self, request: Request, seconds: float) -> Reply:
        http, deadline = self._opened()
        deadline.start(seconds)
        with http.stream(
            request.method,
            request.url,
            headers=dict(request.headers),
            timeout=self._limits(seconds),
            **request.content,
        ) as response:
            return Reply(
                url=str(response.url),
                status=response.status_code,
                headers={name.lower(): text for name, text in response.headers.items()},
                body=self._body(response, deadline),
                observed_at=datetime.now(UTC),
            )

    def _body(self, response: httpx.Response, deadline: Deadline) -> bytes:
        """The body; of a refusal that cannot be read the status still tells enough."""
        try:
            return read_body(
                response.iter_raw(),
                response.headers.get("content-encoding", ""),
                max_bytes=self._settings.max_bytes,
                deadline=deadline.at,
            )
        except PayloadError:
            if response.status_code < 400:
                raise
            return b""

    def _limits(self, seconds: float) -> httpx.Timeout:
        import httpx

        return httpx.Timeout(
            min(self._settings.read_seconds, seconds),
            connect=min(self._settings.connect_seconds, seconds),
        )

    def _opened(self) -> tuple[httpx.Client, Deadline]:
        import httpx

        from pipeline.wire import Deadline, EnvironmentProxies, GuardedTransport

        if self._http is None or self._deadline is None:
            self._deadline = Deadline()
            kind = (
                EnvironmentProxies if self._settings.trust_environment_proxies else GuardedTransport
            )
            self._http = httpx.Client(
                transport=self._transport
                or kind(allow_private=self._allow_private, deadline=self._deadline),
                trust_env=False,
                follow_redirects=False,
                headers={
                    "User-Agent": user_agent(self._settings.contact),
                    "Accept-Encoding": "gzip, deflate",
                    "Accept": "*/*",
                },
            )
        return self._http, self._deadline


def user_agent(contact: str) -> str:
    """Who we are and how to reach the people who run us."""
    version = importlib.metadata.version("luister")
    plain = "".join(char for char in contact if char.isprintable() and char.isascii())
    return f"Luister/{version} (+{plain})" if plain else f"Luister/{version}"


def bearer_header(token: str | None) -> dict[str, str]:
    """The header that shows a token; none without one.

    Raises:
        ConfigError: the token has characters that no header may hold.
    """
    if not token:
        return {}
    return sendable({"Authorization": f"Bearer {token}"})


def sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, when each can be sent as it is.

    Raises:
        ConfigError: one has characters that no header may hold.
    """
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise ConfigError(
                f"what goes into the header {name} has characters that no token has",
                todo="copy it again into its environment variable, without quotes or line breaks",
            )
    return dict(headers)


def with_query(url: str, query: Mapping[str, Any] | None) -> str:
    """The address with more in its query.

    Raises:
        SourceUntrusted: not an address.
    """
    if not query:
        return url
    import httpx

    try:
        return str(httpx.URL(url).copy_merge_params(dict(query)))
    except httpx.InvalidURL as error:
        raise SourceUntrusted(f"not an address: {error}", where=url) from error
