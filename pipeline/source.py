"""Source and Connector: what a connector is handed, and what it must look like.

A *source* is one configured thing to listen to; a *connector* is the module that reads its
platform. This module imports no connector: the registry in ``connectors`` hands them in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal, Protocol

import msgspec

from pipeline.post import Post
from pipeline.relevance.tree import Query

Verb = Literal["mentions", "timeline", "inbox", "thread", "refresh"]
VERBS: Final[tuple[Verb, ...]] = ("mentions", "timeline", "inbox", "thread", "refresh")


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One configured thing to listen to, resolved: no secrets in it, only their names.

    ``terms`` are words or phrases to search for, ``tags`` hashtags without ``#``, ``accounts``
    owned accounts on this platform, ``urls`` feeds or pages, ``server`` the base address for
    platforms with many servers. ``options`` holds what only this platform knows.
    ``secrets`` maps the names in ``ACCESS.secrets`` to the environment variables that hold them.
    Where organisations have queries, ``query`` says what ``terms`` and more say, as exactly as it
    can be said: a connector that has a ``SYNTAX`` asks for it, another asks for the terms.
    """

    name: str
    platform: str
    terms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    server: str | None = None
    language: str | None = None
    verbs: tuple[Verb, ...] = VERBS
    options: Mapping[str, Any] = msgspec.field(default_factory=dict)
    secrets: Mapping[str, str] = msgspec.field(default_factory=dict)
    query: Query | None = None
    allow_private: bool = False
    requests_per_minute: int | None = None

    def variable(self, name: str) -> str:
        """The environment variable that holds what ``ACCESS.secrets`` calls so."""
        return self.secrets.get(name, name)

    def variables(self, names: Iterable[str]) -> str:
        """Those of several, as a sentence names them."""
        return ", ".join(map(self.variable, names))


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform counts besides requests: units, posts read, searches.

    ``limit`` is what it grants in ``seconds`` (None: as much as is paid for); ``euro`` what one
    costs. ``path`` ends the address of the requests that take of it, where others do not: those
    may be made when it is used up.
    """

    limit: int | None = None
    seconds: float = 86_400.0
    euro: float = 0.0
    path: str = ""


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """How a platform lets us in, as data for ``pipeline.http`` and the catalogue.

    ``requests`` in ``seconds`` is the pace kept per host; ``secrets`` are the environment
    variables the connector understands, ``needs`` the verbs that cannot work without them.
    ``quotas`` names what the platform counts and what that costs; ``spent`` of the connector
    tells how much of each an answer took. ``files``: its posts stand in files of one's own, and no
    server is asked. ``lists`` names the options that list what to ask for, as accounts do;
    ``narrows`` by verb those (or ``language``) that keep a part of it out, with what holds where
    they are not given.
    """

    kind: Literal["open", "key", "approval"] = "open"
    requests: int = 60
    seconds: float = 60.0
    secrets: tuple[str, ...] = ()
    needs: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    quotas: Mapping[str, Quota] = msgspec.field(default_factory=dict)
    files: bool = False
    lists: tuple[str, ...] = ()
    narrows: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back over HTTP, whole and bounded; also what ``inspect`` and replay read.

    ``headers`` have lower-case names. ``url`` is the address that answered, after redirects, with
    secrets blanked.
    """

    url: str
    status: int = 200
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: bytes = b""
    observed_at: datetime

    @property
    def content_type(self) -> str:
        """Lower-case media type without parameters; empty when not given."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


class Item(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One item cut out of a reply: its bytes as sent, and what only the reply around it tells.

    ``path`` is where it stood in the reply (``$.posts[3]``); ``context`` carries what the item
    itself does not say (host of the server, language of the feed, parent in a nested thread).
    """

    raw: bytes
    path: str
    observed_at: datetime
    context: Mapping[str, str] = msgspec.field(default_factory=dict)


class Connector(Protocol):
    """A module of ``connectors``: ``ACCESS``, two pure functions, and the verbs it can.

    ``read`` cuts any reply of the platform into items (interpreting nothing more than where the
    items stand, and raising the platform's own refusals given with status 200 as our errors);
    ``to_post`` understands one item (no I/O, no clock). The verbs are optional: ``mentions(source,
    client, since)``, ``timeline(source, client, since)``, ``inbox(source, client, since)``,
    ``thread(source, client, post)``, ``refresh(source, client, posts)``, each an iterator of Read.
    ``refresh`` yields a tombstone (``deleted_at`` set) for a post that is gone. One function more,
    ``gone(source, client, posts)``, tells only that, of posts too many to be read again in a night;
    for one of which the platform says that it is there as before it yields ``StillThere``.

    Three more functions are optional, each pure, each asked of every reply: ``refusal(reply)``, the
    error a reply stands for in the platform's own codes; ``pause(reply)``, the seconds it asks to
    wait before the next request in a way of its own; ``spent(reply)``, what it took of each of
    ``ACCESS.quotas`` by name.
    """

    __name__: str
    ACCESS: Access

    def read(self, reply: Reply) -> Iterator[Item]:
        """Cut a reply into items."""
        ...

    def to_post(self, item: Item) -> Post | None:
        """Understand one item; None for what is not a post (a like, a follow, a poll option)."""
        ...
