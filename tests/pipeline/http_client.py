"""A client for tests: of a source on this machine, tried a few times, never waiting."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any

import httpx
import stamina

from pipeline.http import Client, HttpSettings, open_client
from pipeline.pace import Pace
from pipeline.source import Access, Source

ATTEMPTS = 4
PLATFORM = SimpleNamespace(ACCESS=Access(requests=1_000, seconds=1.0))


def still_pace() -> Pace:
    """A pace for which time stands still and waiting is free."""
    return Pace(clock=lambda: 0.0, sleep=lambda _: None)


@contextmanager
def client_of(
    *,
    connector: Any = PLATFORM,
    settings: HttpSettings | None = None,
    pace: Pace | None = None,
    transport: httpx.BaseTransport | None = None,
    attempts: int | None = ATTEMPTS,
    allow_private: bool = True,
    requests_per_minute: int | None = None,
    **more: Any,
) -> Iterator[Client]:
    """A client; without a number of ``attempts`` it makes as many as ever, and really waits."""
    source = Source(
        name="test",
        platform="test",
        allow_private=allow_private,
        secrets=more.pop("secrets", {}),
        requests_per_minute=requests_per_minute,
    )
    with (
        nullcontext() if attempts is None else stamina.set_testing(True, attempts=attempts),
        open_client(
            source,
            connector,
            settings or HttpSettings(contact="listening@shop.example"),
            pace=pace or still_pace(),
            transport=transport,
            **more,
        ) as client,
    ):
        yield client


def streamed(answer: httpx.Response) -> httpx.Response:
    """The answer as it comes over a line: not read yet, and packed as it says."""
    stream = httpx.ByteStream(answer.content)
    return httpx.Response(answer.status_code, headers=answer.headers, stream=stream)


def answering(handler: Any) -> httpx.MockTransport:
    return httpx.MockTransport(lambda request: streamed(handler(request)))
