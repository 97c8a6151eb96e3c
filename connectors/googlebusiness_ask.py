"""Ask Google Business Profile, signed in: for the places of an account, and for their reviews."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.google_token import exchanged
from connectors.googlebusiness_reply import THIS
from connectors.paging import decode, follow, is_older, understand
from pipeline.errors import ConfigError, SecretError
from pipeline.post import Post
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SECRETS: Final = (
    "GOOGLEBUSINESS_CLIENT_ID",
    "GOOGLEBUSINESS_CLIENT_SECRET",
    "GOOGLEBUSINESS_REFRESH_TOKEN",
)
API: Final = "https://mybusiness.googleapis.com/v4"
PLACES: Final = "https://mybusinessbusinessinformation.googleapis.com/v1"
PAGE: Final = 50
PLACES_PAGE: Final = 100
LATE: Final = timedelta(days=1)
Query = dict[str, str | int]


class _Paging(msgspec.Struct, rename="camel"):
    next_page_token: str | None = None


class _Place(msgspec.Struct):
    name: str


class _Places(msgspec.Struct):
    """An account without places has no list of them."""

    locations: list[_Place] = []


def places(source: Source, client: Client, token: str, account: str) -> list[str] | None:
    """All places of an account that is named alone; None where it is one place.

    Raises:
        ConfigError: it is neither.
    """
    if not account.startswith("accounts/"):
        raise ConfigError(
            f"an account is accounts/NUMBER or accounts/NUMBER/locations/NUMBER, not {account!r}",
            where=source.name,
        )
    if "/locations/" in account:
        return None
    asked: Query = {"readMask": "name", "pageSize": PLACES_PAGE}
    return [
        f"{account}/{place.name}"
        for reply in _all_pages(client, token, f"{PLACES}/{account}/locations", asked)
        for place in decode(reply.body, _Places).locations
    ]


def pages(client: Client, token: str, place: str, since: datetime) -> Iterator[Reply]:
    """The reviews of a place, the last changed first, until one holds nothing but what is old."""
    asked: Query = {"pageSize": PAGE, "orderBy": "updateTime desc"}
    return _all_pages(client, token, f"{API}/{place}/reviews", asked, since)


def _all_pages(
    client: Client, token: str, address: str, query: Query, since: datetime | None = None
) -> Iterator[Reply]:
    """Pages until the last or, of reviews, until one holds nothing but what is old."""

    def fetch(place: str) -> Reply:
        asked = {**query, "pageToken": place} if place else query
        return client.get(address, params=asked, bearer=token)

    def following(reply: Reply, _: str) -> str | None:
        if since is not None and is_older(_changes(reply), since - LATE):
            return None
        return decode(reply.body, _Paging).next_page_token

    return follow("", fetch, following)


def _changes(reply: Reply) -> list[datetime | None]:
    """When the reviews of a page were last changed."""
    found = [each for each in understand(THIS, [reply]) if isinstance(each, Post)]
    return [each.edited_at or each.created_at for each in found if each.kind == "review"]


def log_in(source: Source, client: Client) -> str:
    """A token for an hour.

    Raises:
        SecretError: a secret is not given.
    """
    found = [client.secret(name) or "" for name in SECRETS]
    if not all(found):
        raise SecretError(f"Google needs {source.variables(SECRETS)}", where=source.name)
    form = {
        "grant_type": "refresh_token",
        "client_id": found[0],
        "client_secret": found[1],
        "refresh_token": found[2],
    }
    return exchanged(client, form)
