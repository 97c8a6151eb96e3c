"""Praatpaal: messages of a forum that does not exist, as an example of a connector of your own.

Reads: ``/api/berichten`` of ``server``, newest first, a page at a time.
Access: open; with PRAATPAAL_KEY also rooms for members, which are never kept.
Cannot tell: views, edits, and what was deleted: it is simply gone.
Quirks: times are of the forum's own clock and name their zone; a room for members is ``besloten``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec

from connectors.markup import clean
from connectors.paging import decode, follow, items, once, understand
from pipeline.errors import ConfigError, PayloadError
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS = Access(requests=30, seconds=60.0, secrets=("PRAATPAAL_KEY",))


class _Author(msgspec.Struct):
    id: str
    naam: str | None = None  # visitors without an account have no name


class _Message(msgspec.Struct):
    """Without a default: promised by the forum, so that its loss is told."""

    id: int
    tekst: str
    geplaatst: datetime
    auteur: _Author
    adres: str
    besloten: bool
    antwoord_op: int | None = None  # absent where a message opens a conversation
    duimpjes: int | None = None  # absent where a room counts none


class _Page(msgspec.Struct):
    berichten: list[msgspec.Raw]
    volgende: int | None = None  # absent on the last page


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Messages that hold one of the terms."""
    if not source.server:
        raise ConfigError("a Praatpaal source needs the address of a server", where=source.name)
    address, key = f"{source.server}/api/berichten", client.secret("PRAATPAAL_KEY")

    def pages(term: str) -> Iterator[Reply]:
        def fetch(page: int) -> Reply:
            asked = {"zoek": term, "vanaf": since.isoformat(), "pagina": str(page)}
            return client.get(address, params=asked, bearer=key)

        return follow(1, fetch, lambda reply, _: decode(reply.body, _Page).volgende)

    yield from once(read for term in source.terms for read in understand(_THIS, pages(term)))


def read(reply: Reply) -> Iterator[Item]:
    """The messages of a page."""
    yield from items(decode(reply.body, _Page).berichten, reply, "$.berichten")


def to_post(item: Item) -> Post:
    """Understand one message; what it does not tell stays unknown, a zero is a zero."""
    said = msgspec.json.decode(item.raw, type=_Message)
    if said.geplaatst.tzinfo is None:
        raise PayloadError("a time without its zone", where="$.geplaatst")
    parent = None if said.antwoord_op is None else str(said.antwoord_op)
    return Post(
        platform="praatpaal",
        post_id=str(said.id),
        kind="post" if parent is None else "reply",
        observed_at=item.observed_at,
        created_at=said.geplaatst.astimezone(UTC),
        url=said.adres,
        parent_id=parent,
        author_id=said.auteur.id,
        author_name=said.auteur.naam,
        text=clean(said.tekst),
        likes_count=said.duimpjes,
        visibility="private" if said.besloten else "public",
        payload=item.raw.decode(),
    )


_THIS: Any = SimpleNamespace(read=read, to_post=to_post)
