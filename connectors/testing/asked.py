"""A platform as the tests of a connector see it: elements, pages of them, and what was asked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx
from hypothesis import HealthCheck

import connectors
from connectors.testing.asking import Handler, client_for
from pipeline.post import Read
from pipeline.source import Connector, Source

Element = dict[str, Any]
NEWEST = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LONG_AGO = NEWEST - timedelta(days=365)
INHERITED = (HealthCheck.differing_executors, HealthCheck.too_slow)
"""What hypothesis would warn of, because tests stand in a class that others inherit."""


class Asked:
    """A platform that a connector is asked to read: what it holds, and how it answers."""

    platform: ClassVar[str]

    source: ClassVar[Source]
    verb: ClassVar[str] = "mentions"
    secrets: ClassVar[Mapping[str, str]] = {}
    promised: ClassVar[str]
    """A key every element has: without it the element is rejected."""
    can_be_private: ClassVar[bool] = True

    @property
    def connector(self) -> Connector:
        return connectors.load(self.platform)

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        """One item as the platform sends it; a higher number is newer."""
        raise NotImplementedError

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        """What the platform answers when its list holds these pages; -1 turns back to the first."""
        raise NotImplementedError

    def elements(self, first: int, count: int, newest: datetime = NEWEST) -> list[Element]:
        return [
            self.element(first - index, newest - timedelta(minutes=index)) for index in range(count)
        ]

    def ask(self, handler: Handler, since: datetime = LONG_AGO) -> list[Read]:
        with client_for(self.connector, self.source, handler, **self.secrets) as client:
            return list(getattr(self.connector, self.verb)(self.source, client, since))

    def ask_pages(
        self, pages: Sequence[Sequence[Element]], since: datetime = LONG_AGO
    ) -> list[Read]:
        return self.ask(lambda request: self.page(request, pages), since)
