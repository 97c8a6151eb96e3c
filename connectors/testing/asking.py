"""Ask a connector's verb through the real client, whose other end is a function."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import httpx
import pytest
import stamina

from pipeline.errors import LuisterError
from pipeline.http import Client, HttpSettings, open_client
from pipeline.pace import Pace
from pipeline.post import Gap, Post, Read, Rejected
from pipeline.source import Connector, Source

Handler = Callable[[httpx.Request], httpx.Response]


@contextmanager
def client_for(
    connector: Connector, source: Source, handler: Handler | None, **secrets: str
) -> Iterator[Client]:
    """A client that knows these secrets and no other, tries twice and never waits.

    Without a handler it asks over the network (``source.allow_private`` for this machine).
    """
    known = connector.ACCESS.secrets
    bare = {name: value for name, value in os.environ.items() if name not in known}
    transport = handler and httpx.MockTransport(lambda request: _streamed(handler(request)))
    with (
        patch.dict(os.environ, bare | secrets, clear=True),
        stamina.set_testing(True, attempts=2),
        open_client(
            source,
            connector,
            HttpSettings(),
            pace=Pace(sleep=lambda _: None),
            transport=transport,
        ) as client,
    ):
        yield client


def _streamed(answer: httpx.Response) -> httpx.Response:
    """The answer as it comes over a line: not read yet."""
    if not answer.is_closed:
        return answer
    stream = httpx.ByteStream(answer.content)
    return httpx.Response(answer.status_code, headers=answer.headers, stream=stream)


def until_error(reads: Iterator[Read]) -> tuple[list[Read], LuisterError]:
    """What was read, and the error it ended in."""
    seen: list[Read] = []
    with pytest.raises(LuisterError) as error:
        seen.extend(reads)
    return seen, error.value


def posts(reads: list[Read]) -> list[Post]:
    return [each for each in reads if isinstance(each, Post)]


def rejected(reads: list[Read]) -> list[Rejected]:
    return [each for each in reads if isinstance(each, Rejected)]


def gaps(reads: list[Read]) -> list[Gap]:
    return [each for each in reads if isinstance(each, Gap)]
