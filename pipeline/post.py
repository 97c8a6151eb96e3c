"""Post: the one shape every platform's public item is brought into, and its Arrow schema.

Unknown is ``None``, zero is a measurement. Times are aware datetimes in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

import msgspec
import pyarrow as pa

Kind = Literal["post", "reply", "repost", "quote", "comment", "review", "article"]
Visibility = Literal["public", "unlisted", "followers", "private", "direct", "withheld"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
KEEPABLE: Final = frozenset({"public", "unlisted"})


class Post(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One public item as its platform gave it.

    ``post_id`` is the platform's global identity (Mastodon ``uri``, AT uri …): the same post read
    through two servers has the same ``post_id``. ``native_id`` is the name needed to ask the
    server of the source about it again. ``aliases`` are the other names other posts may use for it
    (a server's local id, a second urn). ``parent_id``, ``root_id``, ``quoted_id`` and
    ``reposted_id`` hold a ``post_id`` or, where the platform tells no more, an alias: the load
    resolves it as soon as the post so named is known.
    """

    platform: str
    post_id: str
    kind: Kind
    observed_at: datetime
    created_at: datetime | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    native_id: str | None = None
    aliases: tuple[str, ...] = ()
    url: str | None = None
    parent_id: str | None = None
    root_id: str | None = None
    quoted_id: str | None = None
    reposted_id: str | None = None
    parent_author_id: str | None = None
    author_id: str | None = None
    author_handle: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    author_followers_count: int | None = None
    author_following_count: int | None = None
    author_posts_count: int | None = None
    author_created_at: datetime | None = None
    author_is_bot: bool | None = None
    author_opted_out: bool | None = None
    title: str | None = None
    text: str = ""
    language: str | None = None
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    likes_count: int | None = None
    reposts_count: int | None = None
    replies_count: int | None = None
    quotes_count: int | None = None
    views_count: int | None = None
    rating: float | None = None
    visibility: Visibility = "public"
    payload: str = ""

    @property
    def is_keepable(self) -> bool:
        """Whether everybody may read it: only then may it be stored."""
        return self.visibility in KEEPABLE


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """An item the connector could not understand: kept apart with its reason, never dropped."""

    reason: str
    path: str
    payload: str


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time the platform did not give: every ratio over it must show that."""

    gap_from: datetime
    gap_to: datetime
    reason: str


class StillThere(msgspec.Struct, frozen=True, kw_only=True):
    """A known post that its platform says is there as before; nothing of it was read again."""

    platform: str
    post_id: str
    observed_at: datetime


Read = Post | Rejected | Gap

_TEXTS: Final = pa.list_(pa.string())
_TIME: Final = pa.timestamp("us", tz="UTC")
POST_SCHEMA: Final = pa.schema(
    [
        pa.field("platform", pa.string(), nullable=False),
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("observed_at", _TIME, nullable=False),
        pa.field("created_at", _TIME),
        pa.field("edited_at", _TIME),
        pa.field("deleted_at", _TIME),
        pa.field("native_id", pa.string()),
        pa.field("aliases", _TEXTS, nullable=False),
        pa.field("url", pa.string()),
        pa.field("parent_id", pa.string()),
        pa.field("root_id", pa.string()),
        pa.field("quoted_id", pa.string()),
        pa.field("reposted_id", pa.string()),
        pa.field("parent_author_id", pa.string()),
        pa.field("author_id", pa.string()),
        pa.field("author_handle", pa.string()),
        pa.field("author_name", pa.string()),
        pa.field("author_url", pa.string()),
        pa.field("author_followers_count", pa.int64()),
        pa.field("author_following_count", pa.int64()),
        pa.field("author_posts_count", pa.int64()),
        pa.field("author_created_at", _TIME),
        pa.field("author_is_bot", pa.bool_()),
        pa.field("author_opted_out", pa.bool_()),
        pa.field("title", pa.string()),
        pa.field("text", pa.string(), nullable=False),
        pa.field("language", pa.string()),
        pa.field("mentions", _TEXTS, nullable=False),
        pa.field("tags", _TEXTS, nullable=False),
        pa.field("links", _TEXTS, nullable=False),
        pa.field("likes_count", pa.int64()),
        pa.field("reposts_count", pa.int64()),
        pa.field("replies_count", pa.int64()),
        pa.field("quotes_count", pa.int64()),
        pa.field("views_count", pa.int64()),
        pa.field("rating", pa.float64()),
        pa.field("visibility", pa.string(), nullable=False),
        pa.field("payload", pa.string(), nullable=False),
    ]
)


def to_arrow(posts: Iterable[Post]) -> pa.Table:
    """Posts as one Arrow table of ``POST_SCHEMA``, column by column (faster than by row)."""
    by_column = list(zip(*map(msgspec.structs.astuple, posts), strict=True))
    columns = [
        pa.array(values, type=field.type)
        for values, field in zip(by_column or [()] * len(POST_SCHEMA), POST_SCHEMA, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=POST_SCHEMA)


def to_json(post: Post) -> bytes:
    """One JSON object, keys as in Post, times in ISO 8601 with ``Z``."""
    return msgspec.json.encode(post)


def from_row(row: dict[str, Any]) -> Post:
    """A Post from a row of the warehouse or a landing file (extra columns are ignored)."""
    known = {name: row[name] for name in Post.__struct_fields__ if name in row}
    for name in ("aliases", "mentions", "tags", "links"):
        known[name] = tuple(known.get(name) or ())
    return Post(**known)


def utc_from_epoch(seconds: float) -> datetime:
    """Epoch seconds as an aware UTC time."""
    return datetime.fromtimestamp(seconds, tz=UTC)
