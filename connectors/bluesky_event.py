"""Events of Jetstream, in both of its wires: what they say, and the post in one that was kept.

The older wire (``/subscribe``) wraps what happened to a record in ``commit`` and counts
microseconds; the newer one (``subscribeEvents``) has it in a ``payload`` and writes its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from connectors import bluesky_post
from connectors.bluesky_post import POST
from connectors.dates import in_utc, time_of
from connectors.paging import decode
from pipeline.errors import PayloadError
from pipeline.live_stream import moment_of
from pipeline.post import Post
from pipeline.source import Item

WRITTEN: Final = frozenset({"create", "update"})
_NULL: Final = msgspec.Raw(b"null")
_OLDER: Final = frozenset({"did", "time_us", "kind"})
_NEWER: Final = frozenset({"payload", "error"})


class Commit(msgspec.Struct):
    """What happened to a record in somebody's repository."""

    operation: str
    collection: str
    rkey: str
    cid: str = ""
    record: msgspec.Raw = _NULL


class Account(msgspec.Struct):
    """Whether an account is there, and if not, why."""

    active: bool = True
    status: str = ""


class Event(msgspec.Struct):
    """One event of the older wire; ``kind`` is commit, identity or account."""

    did: str
    time_us: int
    kind: str
    commit: Commit | None = None
    account: Account | None = None


class Bare(msgspec.Struct):
    """A record as its repository gives it."""

    uri: str
    cid: str
    value: msgspec.Raw


class _Payload(msgspec.Struct):
    type: str = msgspec.field(name="$type")
    did: str | None = None
    time: str | None = None


class _Message(msgspec.Struct):
    type: str = msgspec.field(name="$type")
    payload: msgspec.Raw = _NULL
    error: str = ""
    message: str = ""


def is_event(fields: Mapping[str, object]) -> bool:
    """Whether an object with these keys is a message of either wire."""
    return fields.keys() >= _OLDER or ("$type" in fields and not _NEWER.isdisjoint(fields))


def uri_of(did: str, commit: Commit) -> str:
    """The address of the record that a commit is about."""
    return f"at://{did}/{commit.collection}/{commit.rkey}"


def bare_item(did: str, commit: Commit, at: datetime) -> Item:
    """The record that was written, as the connector reads one from a repository."""
    raw = msgspec.json.encode(Bare(uri_of(did, commit), commit.cid, commit.record))
    return Item(raw=raw, path="$.commit", observed_at=at, context={"shape": "record"})


def to_post(item: Item) -> Post | None:
    """The post in one event, or what is left of a deleted one; None for all that is no post.

    Raises:
        PayloadError: the stream tells of an error, or of a post at no time.
    """
    fields = decode(item.raw, dict[str, msgspec.Raw])
    return _newer(item) if "$type" in fields else _older(item)


def _older(item: Item) -> Post | None:
    event = msgspec.json.decode(item.raw, type=Event)
    if event.kind != "commit":
        return None
    if event.commit is None:
        raise PayloadError("a commit that says nothing", where="$.commit")
    return _committed(event.did, event.commit, moment_of(event.time_us), item)


def _newer(item: Item) -> Post | None:
    frame = msgspec.json.decode(item.raw, type=_Message)
    if frame.type == "error":
        raise PayloadError(f"the stream refuses: {frame.error} {frame.message}".strip(), where="$")
    told = msgspec.json.decode(frame.payload, type=_Payload)
    if not told.type.endswith("#commit"):
        return None
    at = time_of(told.time)
    if told.did is None or at is None:
        raise PayloadError("a commit without its account or its time", where="$.payload")
    commit = msgspec.json.decode(frame.payload, type=Commit)
    return _committed(told.did, commit, in_utc(at, "$.payload.time"), item)


def _committed(did: str, commit: Commit, at: datetime, item: Item) -> Post | None:
    """Read as live listening reads it, seen when it happened."""
    if commit.collection != POST:
        return None
    seen = min(at, item.observed_at)
    if commit.operation in WRITTEN:
        return bluesky_post.to_post(bare_item(did, commit, seen))
    if commit.operation != "delete":
        raise PayloadError(f"neither written nor deleted: {commit.operation!r}", where="$.commit")
    uri = uri_of(did, commit)
    return Post(
        platform="bluesky",
        post_id=uri,
        native_id=uri,
        kind="post",
        observed_at=seen,
        deleted_at=seen,
        author_id=did,
        payload="null",
    )
