"""Read what LinkedIn notifies a page of, and ask for what its notices only name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import msgspec

from connectors.linkedin_pages import pages, shown
from connectors.linkedin_post import named_only
from connectors.linkedin_reply import READER
from connectors.linkedin_words import number_of, place_of
from pipeline.post import Gap, Post, Read
from pipeline.reading import understand_item
from pipeline.source import Item, Source

if TYPE_CHECKING:
    from pipeline.http import Client

KEPT: Final = timedelta(days=60)
FOREVER: Final = timedelta(days=3_650)
"""The end of what is asked for must be told; it lies far ahead, so that no clock is needed."""


def noticed(
    source: Source, client: Client, page: str, actions: Sequence[str], since: datetime
) -> Iterator[Read]:
    """What notices tell, the oldest first, so that an edit comes after what it changed."""
    first, last = (int(moment.timestamp() * 1000) for moment in (since, since + FOREVER))
    path = (
        f"organizationalEntityNotifications?q=criteria&actions=List({','.join(actions)})"
        f"&organizationalEntity={quote(page, safe='')}&timeRange=(start:{first},end:{last})"
    )
    gap: Gap | None = None
    notices: dict[bytes, Item] = {}
    for reply in pages(source, client, path):
        if gap is None and reply.observed_at - KEPT > since:
            reason = "notices are kept for 60 days"
            gap = Gap(gap_from=since, gap_to=reply.observed_at - KEPT, reason=reason)
        notices |= {item.raw: item for item in READER.read(reply)}
    yield from [gap] if gap else []
    reads = [each for item in notices.values() for each in _told(source, client, page, item)]
    yield from sorted(reads, key=_moment)


def _told(source: Source, client: Client, page: str, item: Item) -> Iterator[Read]:
    """What a notice shows; what it only names is asked for, and left out where it is not shown."""
    urn, is_mention = named_only(item)
    if urn is None:
        yield from understand_item(READER, item)
        return
    place = place_of(urn)
    post, comment = quote(place or urn, safe=""), quote(number_of(urn), safe="")
    path = f"socialActions/{post}/comments/{comment}" if place else f"posts/{post}"
    for each in shown(source, client, path):
        yield _naming(each, page) if isinstance(each, Post) and is_mention else each


def _naming(post: Post, page: str) -> Post:
    named = tuple(dict.fromkeys([*post.mentions, page]))
    return msgspec.structs.replace(post, mentions=named)


def _moment(each: Read) -> float:
    if not isinstance(each, Post):
        return 0.0
    moment = each.deleted_at or each.edited_at or each.created_at or each.observed_at
    return moment.timestamp()
