"""Bluesky live: the posts of the whole network from Jetstream, of which what concerns us is kept.

Reads: Jetstream's ``/subscribe`` (``options.jetstream``, default one of Bluesky's own servers), its
    first wire of ``commit`` and ``account`` events; ``app.bsky.actor.getProfiles`` of the AppView.
Access: open.
Cannot tell: counts, and who is behind a DID: authors are looked up before a post lands, so that
    those who ask not to be shown to everybody are left out as they are in polling.
Quirks: places are microseconds by the server's clock, about the same on all of Bluesky's servers; a
    few seconds too many are asked for, since a place names no exact event. Servers keep a day or
    more (the README of bluesky-social/jetstream names no figure; looked up 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec

from connectors.bluesky_event import WRITTEN, Bare, Event, bare_item, uri_of
from connectors.bluesky_post import POST, to_post
from connectors.bluesky_session import APPVIEW
from connectors.paging import decode
from pipeline.errors import PayloadError
from pipeline.live_stream import (
    MAX_FRAME_BYTES,
    Frame,
    Gone,
    Heard,
    Stream,
    Told,
    moment_of,
    place_of,
)
from pipeline.post import Post, Rejected
from pipeline.reading import understand_item
from pipeline.source import Item, Source

if TYPE_CHECKING:
    from pipeline.http import Client

JETSTREAM: Final = "wss://jetstream2.us-east.bsky.network/subscribe"
BATCH: Final = 25
_KEPT_OF_A_FRAME: Final = 10_000
_AWAY: Final = frozenset({"deleted", "takendown", "suspended", "deactivated"})


class _Profile(msgspec.Struct):
    did: str
    handle: str = ""


class _Found(msgspec.Struct):
    profiles: list[msgspec.Raw]


class _Reader:
    """The connector's own reading of one item."""

    to_post = staticmethod(to_post)


def streams(source: Source, client: Client) -> Sequence[Stream]:
    """One stream of all posts; our accounts are looked up, for records name people by their DID."""
    handles = [each.removeprefix("@") for each in source.accounts]
    known = [_profile(each) for each in _profiles(source, client, handles)]
    names = [name.lower() for each in known for name in (each.did, each.handle) if name]
    asked = urlencode({"wantedCollections": POST, "maxMessageSizeBytes": MAX_FRAME_BYTES})
    address = str(source.options.get("jetstream") or JETSTREAM)
    return [
        Stream(
            name="jetstream",
            kind="socket",
            url=f"{address}{'&' if '?' in address else '?'}{asked}",
            has_places=True,
            accounts=tuple(names),
        )
    ]


def hear(stream: Stream, frame: Frame) -> Heard:
    """A post that was written or changed, one that is gone, or an account that is."""
    del stream
    if not frame.data:
        return Heard()
    try:
        event = msgspec.json.decode(frame.data, type=Event)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        payload = frame.data[:_KEPT_OF_A_FRAME].decode("utf-8", "backslashreplace")
        return Heard(told=(Rejected(reason=str(error), path="$", payload=payload),))
    latest = place_of(frame.observed_at)
    place = min(event.time_us, latest) if event.time_us > 0 else latest
    return Heard(place=place, told=tuple(_told(event, moment_of(place))))


def _told(event: Event, at: datetime) -> Iterator[Told]:
    commit, account = event.commit, event.account
    if event.kind == "account" and account is not None:
        if not account.active and account.status in _AWAY:
            yield Gone(at=at, author_id=event.did)
    elif event.kind == "commit" and commit is not None and commit.collection == POST:
        if commit.operation == "delete":
            yield Gone(at=at, name=uri_of(event.did, commit))
        elif commit.operation in WRITTEN:
            for each in understand_item(_Reader, bare_item(event.did, commit, at)):
                if isinstance(each, Post | Rejected):
                    yield each


def complete(source: Source, client: Client, posts: Sequence[Post]) -> list[Post]:
    """The posts with their authors, read as polling reads them.

    One whose author the AppView does not show (taken down, or not there yet) is ``withheld``.
    """
    authors = list(dict.fromkeys(post.author_id or "" for post in posts))
    found = {_profile(each).did: each for each in _profiles(source, client, authors)}
    return [_with_author(post, found) for post in posts]


def _with_author(post: Post, profiles: Mapping[str, msgspec.Raw]) -> Post:
    author = profiles.get(post.author_id or "")
    if author is None:
        return msgspec.structs.replace(post, visibility="withheld")
    bare = msgspec.json.decode(post.payload, type=Bare)
    at = post.observed_at.astimezone(UTC).isoformat(timespec="microseconds")
    view: dict[str, Any] = {
        "uri": bare.uri,
        "cid": bare.cid,
        "author": author,
        "record": bare.value,
        "indexedAt": at,
    }
    item = Item(
        raw=msgspec.json.encode(view),
        path="$",
        observed_at=post.observed_at,
        context={"shape": "post"},
    )
    for each in understand_item(_Reader, item):
        if isinstance(each, Post):
            return msgspec.structs.replace(each, payload=post.payload)
    return msgspec.structs.replace(post, visibility="withheld")


def _profiles(source: Source, client: Client, actors: Sequence[str]) -> Iterator[msgspec.Raw]:
    base = (source.server or APPVIEW).rstrip("/")
    for start in range(0, len(actors), BATCH):
        params = {"actors": list(actors[start : start + BATCH])}
        reply = client.get(f"{base}/xrpc/app.bsky.actor.getProfiles", params=params)
        yield from decode(reply.body, _Found, where=reply.url).profiles


def _profile(raw: msgspec.Raw) -> _Profile:
    try:
        return msgspec.json.decode(raw, type=_Profile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PayloadError(f"a profile without its name: {error}") from error
