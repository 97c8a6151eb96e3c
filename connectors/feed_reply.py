"""A feed of any format: cut into entries, an entry understood, and where the feed goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Final

from connectors.feed_document import Document, open_document
from connectors.feed_entry import post_of
from connectors.feed_json import JsonFeed, cut_json, entry_of_json
from connectors.feed_xml import cut_document, entry_of_xml
from connectors.markup import resolve
from connectors.paging import decode
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item, Reply

_NEXT: Final = re.compile(
    r"<(?:[\w.-]+:)?link(?=[^<>]*\brel\s*=\s*[\"']next[\"'])[^<>]*\bhref\s*=\s*[\"']([^\"'<>]+)[\"']",
    re.IGNORECASE,
)


def cut(reply: Reply) -> Iterator[Item]:
    """Cut a feed of any format into its entries; an unchanged one (304) has none.

    Raises:
        PayloadError: no feed: empty, a login page, other JSON, or broken beyond reading.
    """
    if reply.status == 304:
        return
    if _is_json(reply):
        yield from cut_json(reply)
    else:
        yield from cut_document(_document(reply), reply)


def entry_post(item: Item) -> Post | None:
    """An article, a microblog post without title, or a comment."""
    if "missing" in item.context:
        raise PayloadError(item.context["missing"], where="$")
    entry = entry_of_json(item) if item.context["format"] == "json" else entry_of_xml(item)
    return post_of(entry, item)


def next_page(reply: Reply, asked: str) -> str | None:
    """The next page: JSON Feed's ``next_url``, Atom's ``rel="next"`` before the first entry."""
    if reply.status == 304:
        return None
    if _is_json(reply):
        told = decode(reply.body, JsonFeed, where="$").next_url
    else:
        found = _NEXT.search(_document(reply).before_items)
        told = found[1].replace("&amp;", "&") if found else None
    return resolve(told, reply.url or asked) if told else None


def _document(reply: Reply) -> Document:
    return open_document(reply.body, reply.headers.get("content-type", ""))


def _is_json(reply: Reply) -> bool:
    return reply.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


THIS: Final[Any] = SimpleNamespace(read=cut, to_post=entry_post)
