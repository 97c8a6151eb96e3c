"""Ask LinkedIn: with its headers, page by page, and for the counts of posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import quote

import msgspec

from connectors.linkedin_reply import READER
from connectors.linkedin_token import token_of
from connectors.paging import decode, follow, understand
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

API: Final = "https://api.linkedin.com"
VERSION: Final = "202607"
PAGE: Final = 100
CHUNK: Final = 50
LATE: Final = timedelta(hours=1)
CLOSED: Final = (403, 404)


class _Link(msgspec.Struct):
    rel: str


class _Paging(msgspec.Struct):
    links: list[_Link] = []


class _Page(msgspec.Struct):
    """Notices may come without ``paging``."""

    elements: list[msgspec.Raw]
    paging: _Paging | None = None


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
    return client.get(address, headers=headers, bearer=token_of(source, client), expect=expect)


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
    links = page.paging.links if page.paging else []
    if not links:
        return len(page.elements) >= PAGE
    return any(each.rel == "next" for each in links)


def _is_old(page: _Page, since: datetime | None) -> bool:
    if since is None:
        return False
    oldest = decode(bytes(page.elements[-1]), _Changed).last_modified_at
    return oldest is not None and oldest < (since - LATE).timestamp() * 1000


def shown(source: Source, client: Client, path: str) -> Iterator[Read]:
    """The one thing that is asked for, where it is shown to us."""
    reply = get(source, client, path, expect=CLOSED)
    if reply.status not in CLOSED:
        yield from understand(READER, [reply])


def counts_of(source: Source, client: Client, keys: Sequence[str]) -> dict[str, Metadata]:
    """The counts of posts by urn; none where the token may not ask for them."""
    found: dict[str, Metadata] = {}
    for start in range(0, len(keys), CHUNK):
        some = [quote(key, safe="") for key in keys[start : start + CHUNK]]
        if len(some) == 1:
            reply = get(source, client, f"socialMetadata/{some[0]}", expect=CLOSED)
            if reply.status not in CLOSED:
                found[keys[start]] = decode(reply.body, Metadata)
            continue
        path = f"socialMetadata?ids=List({','.join(some)})"
        reply = get(source, client, path, method="BATCH_GET", expect=CLOSED)
        if reply.status not in CLOSED:
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
