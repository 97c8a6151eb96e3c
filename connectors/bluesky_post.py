"""A post of the AT protocol as a Post: the shapes it comes in, and what their fields mean.

The same record comes as a view with counts (``post``), inside another's embed (``embedded``), in a
notification (``notification``), as a repost in a feed (``repost``) or bare (``record``): the item's
context says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, TypeVar

import msgspec

from connectors.dates import in_utc, time_of
from connectors.markup import clean, resolve
from connectors.paging import distinct, text
from pipeline.meant import EARLIEST
from pipeline.post import Post, Visibility
from pipeline.source import Item

POST: Final = "app.bsky.feed.post"
REPOST: Final = "app.bsky.feed.repost"
Time = Annotated[datetime, msgspec.Meta(tz=True)]
CLOCK_SKEW: Final = timedelta(minutes=10)
_WITHHELD: Final = frozenset({"!no-unauthenticated", "!hide", "!takedown"})
_NO_HANDLE: Final = frozenset({"", "handle.invalid"})
"""What stands where an account's handle does not lead back to it."""
_DID: Final = re.compile(r"at://(?P<did>did:[^/]+)/")
_HANDLE: Final = re.compile(r"@(?P<handle>[a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
T = TypeVar("T")


class _Shape(msgspec.Struct, rename="camel", gc=False):
    """Field names as the protocol writes them."""


class Label(_Shape):
    """Something said about a post or an account, by itself or by a moderator."""

    val: str
    neg: bool = False


class Author(_Shape):
    """An account: its DID stays, its handle can change."""

    did: str
    handle: str | None = None
    display_name: str | None = None
    created_at: Time | None = None
    labels: tuple[Label, ...] = ()


class _Ref(_Shape):
    uri: str


class _ReplyRef(_Shape):
    root: _Ref
    parent: _Ref


class _Index(_Shape):
    byte_start: int
    byte_end: int


class _Feature(_Shape):
    did: str | None = None
    tag: str | None = None
    uri: str | None = None


class _Facet(_Shape):
    index: _Index
    features: tuple[_Feature, ...] = ()


class _Slice(_Shape):
    start: int
    end: int


class _Entity(_Shape):
    """What stood in the place of facets until 2023; its places count units of UTF-16."""

    index: _Slice
    type: str
    value: str


class _External(_Shape):
    uri: str


class _Wrapped(_Shape):
    uri: str | None = None
    record: _Ref | None = None


class _Embed(_Shape):
    """What hangs below a text: a page, or a record, bare or (with media) wrapped once more."""

    external: _External | None = None
    record: _Wrapped | None = None
    media: _Media | None = None

    @property
    def record_uri(self) -> str | None:
        """The record it points to: a post, or a list, a feed, a starter pack."""
        if self.record is None:
            return None
        return self.record.uri or (self.record.record.uri if self.record.record else None)

    @property
    def page(self) -> str | None:
        """The page it shows."""
        shown = self.external or (self.media.external if self.media else None)
        return shown.uri if shown else None


class _Media(_Shape):
    external: _External | None = None


class Record(_Shape):
    """What the author wrote; ``created_at`` is the author's claim, in any form."""

    text: str
    type: str | None = msgspec.field(name="$type", default=None)
    created_at: Any = None
    langs: tuple[str, ...] = ()
    reply: _ReplyRef | None = None
    facets: tuple[_Facet, ...] = ()
    entities: tuple[_Entity, ...] = ()
    tags: tuple[str, ...] = ()
    embed: _Embed | None = None


class _Counted(_Shape, kw_only=True):
    like_count: int | None = None
    repost_count: int | None = None
    reply_count: int | None = None
    quote_count: int | None = None
    labels: tuple[Label, ...] = ()


class PostView(_Counted, kw_only=True):
    """A post with its author and counts; a notification has the same form without counts."""

    uri: str
    author: Author
    record: Record
    indexed_at: Time


class _Embedded(_Counted, kw_only=True):
    uri: str
    author: Author
    value: Record
    indexed_at: Time


class _Subject(_Shape):
    subject: _Ref


class _RepostNotice(_Shape):
    uri: str
    author: Author
    record: _Subject
    indexed_at: Time


class _Reason(_Shape):
    by: Author
    indexed_at: Time
    uri: str | None = None


class _Reposted(_Shape):
    post: _Ref
    reason: _Reason


class _Bare(_Shape):
    uri: str
    value: Record


class _Typed(msgspec.Struct, gc=False):
    type: str | None = msgspec.field(name="$type", default=None)


class _RecordOf(msgspec.Struct, gc=False):
    record: _Typed


class _ValueOf(msgspec.Struct, gc=False):
    value: _Typed


def to_post(item: Item) -> Post | None:
    """Understand one item; likes, follows and records of other kinds are no posts."""
    shape = item.context["shape"]
    if shape == "repost":
        return _repost(item)
    if shape in {"embedded", "record"}:
        if _decode(item, _ValueOf).value.type != POST:
            return None
        return _embedded(item) if shape == "embedded" else _bare(item)
    try:
        view = _decode(item, PostView)
    except msgspec.ValidationError:
        return _other(item)
    return _from_view(view, item) if view.record.type == POST else _other(item)


def _other(item: Item) -> Post | None:
    """What has not the form of a post: a repost, nothing, or a post with a mistake in it."""
    kind = _decode(item, _RecordOf).record.type
    if kind == REPOST:
        return _notice_of_repost(item)
    return _from_view(_decode(item, PostView), item) if kind == POST else None


def _decode(item: Item, shape: type[T]) -> T:
    return msgspec.json.decode(item.raw, type=shape)


def _embedded(item: Item) -> Post:
    seen = _decode(item, _Embedded)
    fields = {name: getattr(seen, name) for name in seen.__struct_fields__ if name != "value"}
    return _from_view(PostView(record=seen.value, **fields), item)


def _from_view(view: PostView, item: Item) -> Post:
    return Post(
        observed_at=item.observed_at,
        created_at=_created(view.record.created_at, view.indexed_at),
        likes_count=view.like_count,
        reposts_count=view.repost_count,
        replies_count=view.reply_count,
        quotes_count=view.quote_count,
        visibility=_visibility(view.labels + view.author.labels),
        payload=text(item),
        **_identity(view.uri),
        **_said(view.record),
        **_author(view.author),
    )


def _bare(item: Item) -> Post:
    """A record as its own repository gives it: nobody's handle, no counts, no arrival time."""
    bare = _decode(item, _Bare)
    return Post(
        observed_at=item.observed_at,
        created_at=in_utc(time_of(bare.value.created_at), "$.value.createdAt"),
        author_id=_writer_of(bare.uri),
        payload=text(item),
        **_identity(bare.uri),
        **_said(bare.value),
    )


def _repost(item: Item) -> Post:
    """A repost in a feed; older servers do not tell its own address."""
    reposted = _decode(item, _Reposted)
    reason, subject = reposted.reason, reposted.post.uri
    uri = reason.uri or f"{reason.by.did}#{subject}"
    return _pointer(item, uri, subject, reason.by, reason.indexed_at)


def _notice_of_repost(item: Item) -> Post:
    notice = _decode(item, _RepostNotice)
    subject = notice.record.subject.uri
    return _pointer(item, notice.uri, subject, notice.author, notice.indexed_at)


def _pointer(item: Item, uri: str, reposted: str, author: Author, at: datetime) -> Post:
    return Post(
        platform="bluesky",
        post_id=uri,
        native_id=uri,
        kind="repost",
        observed_at=item.observed_at,
        created_at=in_utc(at, "$.reason.indexedAt"),
        reposted_id=reposted,
        parent_author_id=_writer_of(reposted),
        visibility=_visibility(author.labels),
        payload=text(item),
        **_author(author),
    )


def _identity(uri: str) -> dict[str, Any]:
    did, _, key = uri.removeprefix("at://").partition(f"/{POST}/")
    return {
        "platform": "bluesky",
        "post_id": uri,
        "native_id": uri,
        "url": f"https://bsky.app/profile/{did}/post/{key}" if key else None,
    }


def _author(author: Author) -> dict[str, Any]:
    handle = (author.handle or "").lower()
    return {
        "author_id": author.did,
        "author_handle": None if handle in _NO_HANDLE else handle,
        "author_name": clean(author.display_name or "") or None,
        "author_url": f"https://bsky.app/profile/{author.did}",
        "author_created_at": in_utc(author.created_at, "$.author.createdAt"),
        "author_is_bot": True if "bot" in _names(author.labels) else None,
    }


def _said(record: Record) -> dict[str, Any]:
    quoted = record.embed.record_uri if record.embed else None
    quoted_id = quoted if quoted and f"/{POST}/" in quoted else None
    reply = record.reply
    return {
        "kind": "reply" if reply else "quote" if quoted_id else "post",
        "parent_id": reply.parent.uri if reply else None,
        "root_id": reply.root.uri if reply else None,
        "parent_author_id": _writer_of(reply.parent.uri if reply else quoted_id),
        "quoted_id": quoted_id,
        "text": clean(record.text),
        "language": record.langs[0] if record.langs else None,
        **_marked(record),
    }


def _writer_of(uri: str | None) -> str | None:
    found = _DID.match(uri or "")
    return found["did"] if found else None


def _marked(record: Record) -> dict[str, Any]:
    """People, tags and links that are marked in the text, listed with it or shown below it."""
    page = record.embed.page if record.embed else None
    if not (record.facets or record.entities or record.tags or page):
        return {}
    features = [each for facet in record.facets for each in facet.features]
    links = [each.uri for each in features if each.uri]
    links += [each.value for each in _entities(record, "link")]
    tags = [each.tag for each in features if each.tag]
    if page:
        links.append(page)
    return {
        "mentions": _mentions(record),
        "tags": distinct([clean(tag).lower() for tag in (*tags, *record.tags)]),
        "links": distinct([resolve(each) or "" for each in links]),
    }


def _mentions(record: Record) -> tuple[str, ...]:
    """Who is tagged: the DID, and the handle the text gives it (offsets count UTF-8 bytes)."""
    found: list[str] = []
    naming = [facet for facet in record.facets if any(each.did for each in facet.features)]
    encoded = record.text.encode("utf-8", "surrogatepass") if naming else b""
    for facet in naming:
        words = encoded[facet.index.byte_start : facet.index.byte_end].decode("utf-8", "replace")
        handle = _HANDLE.fullmatch(words.strip())
        for each in facet.features:
            if each.did:
                found += [each.did, handle["handle"].lower() if handle else ""]
    for entity in _entities(record, "mention"):
        units = record.text.encode("utf-16-le", "surrogatepass")
        words = units[2 * entity.index.start : 2 * entity.index.end].decode("utf-16-le", "replace")
        handle = _HANDLE.fullmatch(words.strip())
        name = entity.value.removeprefix("@")
        found += [name if name.startswith("did:") else name.lower()]
        found += [handle["handle"].lower() if handle else ""]
    return distinct(found)


def _entities(record: Record, kind: str) -> list[_Entity]:
    """The old marks of one kind, where the record has no facets to replace them."""
    return [each for each in record.entities if each.type == kind and not record.facets]


def _created(claimed: Any, arrived: datetime) -> datetime:
    """When it was written, as its author claims; when it was seen where that cannot be."""
    moment = time_of(claimed) or arrived
    is_meant = EARLIEST <= moment <= arrived + CLOCK_SKEW
    return in_utc(moment if is_meant else arrived, "$.record.createdAt")


def _visibility(labels: Sequence[Label]) -> Visibility:
    """Withheld when the author or a moderator asks not to show it to everybody."""
    return "public" if not labels or _WITHHELD.isdisjoint(_names(labels)) else "withheld"


def _names(labels: Iterable[Label]) -> list[str]:
    """The labels that hold: one may also be taken back."""
    return [label.val for label in labels if not label.neg]
