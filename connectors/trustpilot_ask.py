"""Ask Trustpilot with the key: the reviews of a company page by page, and single ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from connectors.paging import decode, follow, is_older, understand
from connectors.trustpilot_reply import Reviews, cut, refusal
from connectors.trustpilot_review import part_post
from pipeline.errors import PayloadError, SecretError, SourceGone
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SECRETS: Final = ("TRUSTPILOT_API_KEY",)
API: Final = "https://api.trustpilot.com/v1"
PAGE: Final = 100
LAST_PAGE: Final = 1_000
LATE: Final = timedelta(days=1)
GONE: Final = (404, 410)
THIS: Final[Any] = SimpleNamespace(read=cut, to_post=part_post)


class _Unit(msgspec.Struct):
    id: str


def unit_of(source: Source, client: Client, domain: str) -> str:
    """The id that a company has there."""
    found = _get(source, client, "business-units/find", {"name": domain})
    return decode(found.body, _Unit).id


def one(source: Source, client: Client, name: str) -> Reply:
    """A review, or the answer that it is gone."""
    reply = _get(source, client, f"reviews/{quote(name, safe='')}", {}, expect=GONE)
    if reply.status in GONE:
        _check_words(reply)
    return reply


def reviews(source: Source, client: Client, unit: str, since: datetime) -> Iterator[Read]:
    """The reviews of a company, newest first; a gap where not all are read."""
    oldest: datetime | None = None
    pages = 0
    for reply in _pages(source, client, unit, since):
        pages += 1
        for each in understand(THIS, [reply]):
            if isinstance(each, Post) and each.kind == "review" and each.created_at:
                oldest = min(oldest or each.created_at, each.created_at)
            yield each
    if pages >= LAST_PAGE and oldest is not None and oldest > since:
        yield Gap(gap_from=since, gap_to=oldest, reason=f"no more than {LAST_PAGE} pages are read")


def _pages(source: Source, client: Client, unit: str, since: datetime) -> Iterator[Reply]:
    """Pages until one is empty or holds nothing but what is old."""
    asked: dict[str, str | int] = {"perPage": PAGE, "orderBy": "createdat.desc"}
    if source.language:
        asked["language"] = source.language

    def fetch(page: int) -> Reply:
        path = f"business-units/{quote(unit, safe='')}/reviews"
        return _get(source, client, path, {**asked, "page": page})

    def following(reply: Reply, page: int) -> int | None:
        if page >= LAST_PAGE or not decode(reply.body, Reviews).reviews:
            return None
        found = [each for each in understand(THIS, [reply]) if isinstance(each, Post)]
        times = [each.created_at for each in found if each.kind == "review"]
        return None if is_older(times, since - LATE) else page + 1

    return follow(1, fetch, following)


def _get(
    source: Source,
    client: Client,
    path: str,
    query: Mapping[str, str | int],
    expect: tuple[int, ...] = (),
) -> Reply:
    key = client.secret(SECRETS[0])
    if key is None:
        raise SecretError(f"Trustpilot needs {source.variables(SECRETS)}", where=source.name)
    address = f"{source.server or API}/{path}"
    return client.get(address, params=query, headers={"apikey": key}, expect=expect)


def _check_words(reply: Reply) -> None:
    """Nothing is gone because an address of the API is.

    Raises:
        LuisterError: a page says so, or the gate before Trustpilot.
    """
    told = refusal(reply)
    if told is not None and not isinstance(told, SourceGone):
        raise told
    if reply.body.lstrip().startswith(b"<"):
        raise PayloadError(f"{reply.status}, but no word of a review", where=reply.url)
