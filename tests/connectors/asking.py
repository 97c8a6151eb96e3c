"""Ask a connector's verb through a client whose other end is a function."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Gap, Post, Read, Rejected
from pipeline.source import Reply, Source

Handler = Callable[[httpx.Request], httpx.Response]
NOW = datetime(2026, 11, 24, 4, 15, tzinfo=UTC)


class FakeClient:
    def __init__(self, connector: Any, handler: Handler, secrets: Mapping[str, str]) -> None:
        self.connector = connector
        self.client = httpx.Client(transport=httpx.MockTransport(handler))
        self.secrets = secrets

    def __enter__(self) -> "FakeClient":
        return self

    def __exit__(self, *_: Any) -> None:
        self.client.close()

    def secret(self, name: str) -> str | None:
        return self.secrets.get(name)

    def get(self, url, *, params=None, headers=None, bearer=None, conditional=False, expect=()):
        return self._ask("GET", url, bearer, expect, params=params)

    def post(self, url, *, json=None, form=None, headers=None, bearer=None, expect=()):
        return self._ask("POST", url, bearer, expect, json=json)

    def _ask(self, method, url, bearer, expect, **more):
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        got = self.client.request(method, url, headers=headers, **more)
        reply = Reply(
            url=str(got.url),
            status=got.status_code,
            headers=dict(got.headers),
            body=got.content,
            observed_at=NOW,
        )
        error = self.connector.refusal(reply)
        if error and reply.status not in expect:
            raise error
        if reply.status < 400 or reply.status in expect:
            return reply
        if reply.status == 429:
            raise RateLimited("429", seconds=float(reply.headers.get("retry-after", "1")))
        if reply.status >= 500:
            raise SourceUnavailable("5xx")
        if reply.status in (401, 403):
            raise SourceRefused("403")
        if reply.status in (404, 410):
            raise SourceGone("404")
        raise PayloadError("4xx")


def client_for(connector: Any, source: Source, handler: Handler, **secrets: str) -> Any:
    return FakeClient(connector, handler, secrets)


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
