"""JSON Feed 1.0 and 1.1 cut into items, their bytes kept as sent, and an item as an Entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from connectors.feed_document import MAX_ITEMS
from connectors.feed_entry import Entry, missing
from connectors.paging import decode
from pipeline.errors import PayloadError
from pipeline.source import Item, Reply

_VERSIONS: Final = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")


class _Person(msgspec.Struct):
    name: str | None = None
    url: str | None = None


class _Attachment(msgspec.Struct):
    url: str | None = None


class _Element(msgspec.Struct):
    """An item of JSON Feed 1.0 and 1.1.

    Ids may be numbers and tags one text with commas, against the standard.
    """

    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: _Person | str | None = None
    authors: list[_Person | str | None] | _Person | None = None
    tags: list[str] | str | None = None
    language: str | None = None
    attachments: list[_Attachment] | None = None


class JsonFeed(msgspec.Struct):
    """A JSON Feed around its items, which are kept as they were sent."""

    version: str
    items: list[msgspec.Raw]
    home_page_url: str | None = None
    next_url: str | None = None
    language: str | None = None
    authors: list[_Person | str | None] | _Person | None = None
    author: _Person | str | None = None


def cut_json(reply: Reply) -> Iterator[Item]:
    """Items of a JSON Feed."""
    feed = decode(reply.body, JsonFeed, where="$")
    if not feed.version.startswith(_VERSIONS):
        raise PayloadError(f"version {feed.version[:80]!r} is no JSON Feed", where="$.version")
    author = _signed(feed.authors, feed.author)
    told = {
        "format": "json",
        "url": reply.url,
        "home": feed.home_page_url,
        "language": feed.language,
        "author": author.name,
        "author_url": author.url,
    }
    context = {name: text for name, text in told.items() if text}
    for index, raw in enumerate(feed.items[:MAX_ITEMS]):
        yield Item(
            raw=bytes(raw),
            path=f"$.items[{index}]",
            observed_at=reply.observed_at,
            context=context,
        )
    if len(feed.items) > MAX_ITEMS:
        reason = f"{len(feed.items)} items: only the first {MAX_ITEMS} are read"
        yield missing(reason, f"$.items[{MAX_ITEMS}]", bytes(feed.items[MAX_ITEMS]), reply)


def entry_of_json(item: Item) -> Entry:
    """What an item of a JSON Feed tells.

    Raises:
        PayloadError: neither id nor address: the standard says to leave such an item out.
    """
    found = msgspec.json.decode(item.raw, type=_Element)
    if found.id in {None, ""} and not found.url:
        raise PayloadError("an item without id and url", where="$.id")
    author = _signed(found.authors, found.author)
    guid = None if found.id in {None, ""} else str(found.id)
    related = [found.external_url, *(each.url for each in found.attachments or ())]
    plain = found.content_text or ("" if found.content_html else found.summary or "")
    return Entry(
        guid=guid,
        is_permalink=(guid or "").startswith("http"),
        link=found.url,
        title=found.title,
        is_title_markup="</" in (found.title or ""),
        html=found.content_html or "",
        plain=plain,
        published=found.date_published,
        updated=found.date_modified,
        author_name=author.name or item.context.get("author"),
        author_url=author.url or (None if author.name else item.context.get("author_url")),
        tags=tuple(found.tags.split(",") if isinstance(found.tags, str) else found.tags or ()),
        related=tuple(filter(None, related)),
        language=found.language,
    )


def _signed(
    authors: list[_Person | str | None] | _Person | None, author: _Person | str | None
) -> _Person:
    """The first author, in the newer or the older way of telling.

    Some give one person where the standard has a list, or a name where it has a person.
    """
    several: list[_Person | str | None] = authors if isinstance(authors, list) else [authors]
    first = next((each for each in [*several, author] if each), None)
    return _Person(name=first) if isinstance(first, str) else first or _Person()
