"""Mastodon live: the tags and notifications of one server as they come.

Reads: ``/api/v1/streaming/hashtag`` and ``/api/v1/streaming/user/notification`` as server-sent
    events (https://docs.joinmastodon.org/methods/streaming/), at the address the server names.
Access: MASTODON_ACCESS_TOKEN (read:statuses, read:notifications): servers since 4.2 show streams to
    signed-in people alone (unverified for forks; a server that refuses says so).
Cannot tell: what came while nobody listened: that is asked for in the ordinary way on coming back.
Quirks: every tag is a connection; a deletion names the status by the server's own id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import msgspec

from connectors import mastodon
from connectors import mastodon_pages as pages
from connectors import mastodon_server as server
from connectors.mastodon_status import to_post
from connectors.paging import decode
from pipeline.errors import LuisterError, SourceRefused
from pipeline.live_stream import Frame, Gone, Heard, Stream, Told, place_of
from pipeline.post import Post, Read, Rejected
from pipeline.reading import understand_item
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

NOTIFICATIONS: Final = "notifications"
_KEPT_OF_A_FRAME: Final = 10_000
_READER: Final = SimpleNamespace(to_post=to_post)


class _Urls(msgspec.Struct):
    streaming: str | None = None


class _Configuration(msgspec.Struct):
    urls: _Urls | None = None


class _Instance(msgspec.Struct):
    domain: str
    account_domain: str | None = None
    configuration: _Configuration | None = None


def streams(source: Source, client: Client) -> Sequence[Stream]:
    """One stream a tag, and one of what is addressed to the token's account.

    Raises:
        SourceRefused: there is no token.
    """
    token = client.secret(server.TOKEN)
    if token is None:
        raise SourceRefused(
            "listening live needs an access token", todo=f"set {source.variable(server.TOKEN)}"
        )
    base = (source.server or server.DEFAULT_SERVER).rstrip("/")
    base = base if "://" in base else f"https://{base}"
    domain, address = _server(client, base, token)
    agreed = server.agreed_only(source)
    topic = " ".join([urlsplit(base).netloc.lower(), domain, *agreed.values()])
    found = []
    if "mentions" in source.verbs:
        for tag in source.tags:
            plain = tag.removeprefix("#")
            url = f"{address}/api/v1/streaming/hashtag?tag={quote(plain, safe='')}"
            name = f"tag {plain.lower()}"
            found.append(
                Stream(
                    name=name, kind="events", url=url, verb="mentions", topic=topic, bearer=token
                )
            )
    if "inbox" in source.verbs:
        url = f"{address}/api/v1/streaming/user/notification"
        found.append(
            Stream(
                name=NOTIFICATIONS,
                kind="events",
                url=url,
                verb="inbox",
                topic=topic,
                bearer=token,
            )
        )
    return found


def _server(client: Client, base: str, token: str) -> tuple[str, str]:
    """The domain of its accounts, and where its streams are; older servers tell neither."""
    reply = client.get(f"{base}/api/v2/instance", bearer=token, expect=server.NO_INSTANCE)
    if reply.status != 200:
        return urlsplit(base).netloc.lower(), base
    instance = decode(reply.body, _Instance, where=reply.url)
    urls = instance.configuration.urls if instance.configuration else None
    told = (urls.streaming if urls else None) or base
    address = told.replace("ws", "http", 1) if told.startswith("ws") else told
    if base.startswith("https:") and not address.startswith("https:"):
        raise SourceRefused("names an address for its streams that is not secret", where=address)
    return (instance.account_domain or instance.domain).lower(), address.rstrip("/")


def hear(stream: Stream, frame: Frame) -> Heard:
    """A status that is new, changed or gone, or a notification of one."""
    place = place_of(frame.observed_at)
    host, domain, *agreed = stream.topic.split(" ")
    if frame.event == "delete":
        name = frame.data.decode("utf-8", "replace").strip().strip('"')
        return Heard(place=place, told=(Gone(at=frame.observed_at, name=f"{host}/{name}"),))
    if frame.event not in {"update", "status.update", "notification"}:
        return Heard(place=place)
    names = {"host": host, "domain": domain, **({"indexable": "only"} if agreed else {})}
    method = "notifications" if frame.event == "notification" else "statuses/1"
    reply = Reply(
        url=f"https://{host}/api/v1/{method}", body=frame.data, observed_at=frame.observed_at
    )
    return Heard(place=place, told=tuple(_told(reply, names)))


def _told(reply: Reply, names: Mapping[str, str]) -> Iterator[Told]:
    try:
        for item in pages.cut(reply, names):
            for each in understand_item(_READER, item):
                if isinstance(each, Post | Rejected):
                    yield each
    except LuisterError as error:
        payload = reply.body[:_KEPT_OF_A_FRAME].decode("utf-8", "backslashreplace")
        yield Rejected(reason=error.what, path="$", payload=payload)


def missed(source: Source, client: Client, stream: Stream, since: datetime) -> Iterator[Read]:
    """What the stream would have told since then."""
    if stream.name == NOTIFICATIONS:
        yield from mastodon.inbox(source, client, since)
        return
    tags = tuple(
        tag for tag in source.tags if f"tag {tag.removeprefix('#').lower()}" == stream.name
    )
    only = msgspec.structs.replace(source, tags=tags, terms=())
    for each in mastodon.mentions(only, client, since):
        if not isinstance(each, Post) or (each.created_at or since) >= since:
            yield each
