"""Ask LinkedIn: its headers, its pages by number, its counts, and what it says when it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import quote

import msgspec

from connectors.paging import decode, follow
from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

TOKEN: Final = "LINKEDIN_ACCESS_TOKEN"  # noqa: S105 the name of a variable
API: Final = "https://api.linkedin.com"
VERSION: Final = "202607"
PAGE: Final = 100
CHUNK: Final = 50
LATE: Final = timedelta(hours=1)
CLOSED: Final = (403, 404)
GONE: Final = (404, 410)


class Fault(msgspec.Struct):
    """What LinkedIn says when it refuses; of the words one or the other may be absent."""

    status: int
    code: str | int | None = None
    message: str | None = None


class _Page(msgspec.Struct):
    elements: list[msgspec.Raw]
    paging: Any = None


class _Changed(msgspec.Struct, rename="camel"):
    """Whether a list goes on is asked of its last element, odd as that may be."""

    last_modified_at: int | None = None


class _Count(msgspec.Struct):
    count: Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Metadata(msgspec.Struct, rename="camel"):
    """The counts of one post; what is absent is not counted."""

    reaction_summaries: dict[str, _Count] | None = None
    comment_summary: _Count | None = None


class _Counts(msgspec.Struct):
    results: dict[str, Metadata]


def refused(reply: Reply) -> LuisterError | None:
    """LinkedIn's own words for what is wrong; a day's quota comes back at midnight UTC."""
    told = _fault(reply)
    if told is None or (told.status == 429 and "retry-after" in reply.headers):
        return None
    what = f"{told.message or told.code} ({told.status})"
    if told.status == 429:
        return RateLimited(what, seconds=_until_midnight(reply.observed_at), where=reply.url)
    if told.status == 426 or "VERSION" in str(told.code):
        todo = "name a newer month as options.version of this source (YYYYMM)"
        return ConfigError(what, where=reply.url, todo=todo)
    if told.status in {401, 403}:
        return SourceRefused(what, where=reply.url)
    if told.status in GONE:
        return SourceGone(what, where=reply.url)
    kind = SourceUnavailable if told.status >= 500 else PayloadError
    return kind(what, where=reply.url)


def get(
    source: Source, client: Client, path: str, *, method: str | None = None, expect: Any = ()
) -> Reply:
    """Ask; the query is part of ``path`` because brackets and colons of it must stay."""
    headers = {
        "LinkedIn-Version": str(source.options.get("version", VERSION)),
        "X-Restli-Protocol-Version": "2.0.0",
        **({"X-RestLi-Method": method} if method else {}),
    }
    address = f"{(source.server or API).rstrip('/')}/rest/{path}"
    return client.get(address, headers=headers, bearer=client.secret(TOKEN), expect=expect)


def pages(
    source: Source,
    client: Client,
    path: str,
    *,
    since: datetime | None = None,
    expect: tuple[int, ...] = (),
) -> Iterator[Reply]:
    """Pages until there is no more or, the last changed first, all is older than ``since``."""
    mark = "&" if "?" in path else "?"
    method = "FINDER" if "q=" in path else None

    def fetch(start: int) -> Reply:
        asked = f"{path}{mark}start={start}&count={PAGE}"
        return get(source, client, asked, method=method, expect=expect)

    def following(reply: Reply, start: int) -> int | None:
        if reply.status in expect:
            return None
        page = decode(reply.body, _Page)
        is_last = not page.elements or not _has_next(page)
        return None if is_last or _is_old(page, since) else start + PAGE

    return follow(0, fetch, following)


def _has_next(page: _Page) -> bool:
    """A page says what comes next; where it says nothing, a full one is not the last."""
    links = page.paging.get("links") if isinstance(page.paging, dict) else None
    if not links:
        return len(page.elements) >= PAGE
    return any(isinstance(each, dict) and each.get("rel") == "next" for each in links)


def _is_old(page: _Page, since: datetime | None) -> bool:
    if since is None:
        return False
    oldest = decode(bytes(page.elements[-1]), _Changed).last_modified_at
    return oldest is not None and oldest < (since - LATE).timestamp() * 1000


def counts_of(source: Source, client: Client, keys: Sequence[str]) -> dict[str, Metadata]:
    """The counts of posts by urn; none where the token may not ask for them."""
    found: dict[str, Metadata] = {}
    for start in range(0, len(keys), CHUNK):
        some = ",".join(quote(key, safe="") for key in keys[start : start + CHUNK])
        path = f"socialMetadata?ids=List({some})"
        reply = get(source, client, path, method="BATCH_GET", expect=(403,))
        if reply.status != 403:
            found |= decode(reply.body, _Counts).results
    return found


def with_counts(post: Post, told: Metadata) -> Post:
    """A post with reactions of every kind as likes, and all comments under it."""
    reactions = told.reaction_summaries
    return msgspec.structs.replace(
        post,
        likes_count=None if reactions is None else sum(each.count for each in reactions.values()),
        replies_count=told.comment_summary.count if told.comment_summary else None,
    )


def _fault(reply: Reply) -> Fault | None:
    """The error that a body spells out, or None for an answer."""
    if b'"status"' not in reply.body or not reply.body.lstrip().startswith(b"{"):
        return None
    try:
        told = msgspec.json.decode(reply.body, type=Fault)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    is_spelled = told.message is not None or told.code is not None
    return told if told.status >= 400 and is_spelled else None


def _until_midnight(now: datetime) -> float:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today + timedelta(days=1) - now).total_seconds()
