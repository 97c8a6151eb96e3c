"""A Mastodon server as a source sees it: where it is, what it is called, and what it shows us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import msgspec

from connectors import mastodon_pages as pages
from connectors import mastodon_status
from connectors.paging import decode
from pipeline.errors import SourceRefused
from pipeline.post import Post
from pipeline.source import Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

TOKEN: Final = "MASTODON_ACCESS_TOKEN"  # noqa: S105 the name of a variable
DEFAULT_SERVER: Final = "https://mastodon.social"
PAGE: Final = 40
NO_INSTANCE: Final = (400, 401, 403, 404, 405, 406, 410, 500, 501)
Params = Mapping[str, Any]
Statuses = tuple[int, ...]


class Feeds(msgspec.Struct):
    """To whom a server shows its tag timelines, of its own people and of others."""

    local: str = "public"
    remote: str = "public"


class _TimelinesAccess(msgspec.Struct):
    hashtag_feeds: Feeds = msgspec.field(default_factory=Feeds)


class _Configuration(msgspec.Struct):
    timelines_access: _TimelinesAccess | None = None


class _Instance(msgspec.Struct):
    domain: str
    account_domain: str | None = None
    configuration: _Configuration | None = None


class Server(msgspec.Struct, frozen=True):
    """One server as a source sees it, and the reader that knows its names.

    ``host`` stands before local ids in aliases, ``domain`` after the ``@`` of its own accounts;
    ``agreed`` goes into the context of what is read where only those who agreed are listened to;
    ``is_known`` says whether it told of itself, as a host that is something else by now does not.
    """

    base: str
    host: str
    domain: str
    token: str | None
    tag_feeds: tuple[str, str] = ("public", "public")
    agreed: Mapping[str, str] = msgspec.field(default_factory=dict)
    is_known: bool = False

    def read(self, reply: Reply) -> Iterator[Item]:
        """Cut a reply, naming this server in the context of its items."""
        return pages.cut(reply, {"host": self.host, "domain": self.domain, **self.agreed})

    def get(self, client: Client, path: str, params: Params, expect: Statuses = ()) -> Reply:
        """Ask this server, with the token when there is one."""
        return client.get(f"{self.base}{path}", params=params, bearer=self.token, expect=expect)

    def walk(self, client: Client, path: str, params: Params, since: datetime) -> Iterator[Reply]:
        """Pages of a list, newest first, until a whole page is older than ``since``."""

        def fetch(max_id: str) -> Reply:
            place = {"max_id": max_id} if max_id else {}
            return self.get(client, path, {**params, **place, "limit": PAGE})

        return pages.walk(fetch, since)

    def to_post(self, item: Item) -> Post | None:
        """Understand one item."""
        return mastodon_status.to_post(item)


_SERVERS: Final[WeakKeyDictionary[Client, Server]] = WeakKeyDictionary()


def agreed_only(source: Source) -> Mapping[str, str]:
    """What ``options.indexable_only`` adds to the context of every item: who must have agreed."""
    return {"indexable": "only"} if source.options.get("indexable_only") is True else {}


def server_of(source: Source, client: Client) -> Server:
    """The server of a source, asked once a client for its own name and what it shows."""
    if client not in _SERVERS:
        _SERVERS[client] = _ask_server(source, client)
    return _SERVERS[client]


def _ask_server(source: Source, client: Client) -> Server:
    base = (source.server or DEFAULT_SERVER).rstrip("/")
    base = base if "://" in base else f"https://{base}"
    host = urlsplit(base).netloc.lower()
    token = client.secret(TOKEN)
    reply = client.get(f"{base}/api/v2/instance", bearer=token, expect=NO_INSTANCE)
    if reply.status != 200:
        return Server(base, host, host, token, agreed=agreed_only(source))
    instance = decode(reply.body, _Instance, where=reply.url)
    access = instance.configuration.timelines_access if instance.configuration else None
    feeds = access.hashtag_feeds if access else Feeds()
    domain = (instance.account_domain or instance.domain).lower()
    shown = (feeds.local, feeds.remote)
    return Server(base, host, domain, token, shown, agreed_only(source), is_known=True)


def local_id(post: Post, server: Server) -> str | None:
    """The id by which this server knows the post: another server's id means another post here."""
    for alias in post.aliases:
        host, _, local = alias.rpartition("/")
        if host == server.host:
            return local
    return None if post.aliases else post.native_id


def narrowed(server: Server, source: Source) -> dict[str, str]:
    """What of the tag timelines this server shows us.

    Raises:
        SourceRefused: it shows none of them.
    """
    shown = {"public"} | ({"authenticated"} if server.token else set())
    local, remote = (feed in shown for feed in server.tag_feeds)
    if local and remote:
        return {}
    if local or remote:
        return {"local": "true"} if local else {"remote": "true"}
    needs = "it has switched them off" if "authenticated" not in server.tag_feeds else "sign in"
    raise SourceRefused(
        f"{server.host} does not show its tag timelines: {needs}",
        todo=f"set {source.variable(TOKEN)}, or listen through another server",
    )
