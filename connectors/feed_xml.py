"""RSS, RDF and Atom, through feedparser, cut into items, and an item as an Entry.

feedparser is given bytes that were fetched, as a stream (bytes alone it would try as a file name);
its sanitiser is off, as it is not safe: the text is made by ``connectors.markup``.
"""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from html import unescape
from typing import Any, Final
from xml.sax import SAXException

import feedparser
import msgspec

from connectors.dates import zone_of
from connectors.feed_document import Document
from connectors.feed_entry import Entry, missing
from connectors.markup import MAX_CHARACTERS
from pipeline.errors import PayloadError
from pipeline.source import Item, Reply

_FAILURES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_RELATED: Final = frozenset({"related", "via", "enclosure"})
_BLOCK: Final = re.compile(
    r"<(?:p|div|img|br|ul|ol|h[1-6]|table|figure|blockquote|section|article)[\s/>]", re.IGNORECASE
)
_INLINE: Final = re.compile(
    r"<(?:(?P<bare>span|strong|em|b|i)>|(?:a|span|strong|em|b|i)\s[^<>]*=)", re.IGNORECASE
)
_CAPTION: Final = re.compile(r"<(/?)media:description\b[^<>]*?(/?)>")
_CHANGED: Final = re.compile(r"<(/?[\w.-]+):modified(?=[\s/>])")
_COMMENT: Final = re.compile(r"/feeds/(?P<blog>\d+)/\d+/comments/default/(?P<comment>\d+)$")
"""Where Blogger keeps a comment; the answers to it are related to that."""
_NUMBER: Final = re.compile(
    r"<guid\b[^<>]*>(?=\s*(?:<!\[CDATA\[\s*)?[\w.-]+\s*(?:\]\]>\s*)?</guid>)", re.IGNORECASE
)
"""A guid that is one word: no address, though one that does not say so is taken for one."""


def cut_document(document: Document, reply: Reply) -> Iterator[Item]:
    """Entries of an XML feed as JSON, in the order of the feed; what cannot be read is told."""
    document = document.without_stray_prefix()
    parsed = _parse(document, reply)
    is_broken = isinstance(parsed.get("bozo_exception"), SAXException)
    if not parsed.entries and (document.items or is_broken):
        raise PayloadError(
            f"a broken feed: none of {document.items} entries can be read", where="$"
        )
    context = _context(parsed, reply)
    guids = Counter(dict.get(entry, "id") for entry in parsed.entries)
    for index, entry in enumerate(parsed.entries):
        is_repeated = guids[dict.get(entry, "id")] > 1
        yield Item(
            raw=msgspec.json.encode(_plain(entry), order="deterministic"),
            path=f"$.entries[{index}]",
            observed_at=reply.observed_at,
            context={**context, "repeated": "yes"} if is_repeated else context,
        )
    yield from _unread(document, len(parsed.entries), is_broken, reply)


def _unread(document: Document, count: int, is_broken: bool, reply: Reply) -> Iterator[Item]:
    reasons = []
    if document.kept < document.items:
        reasons.append(f"{document.items} entries: only the first {document.kept} are read")
    elif is_broken and not document.is_whole:
        reasons.append(f"the feed is cut off: entries after number {count} are missing")
    elif is_broken and count < document.items:
        reasons.append(f"a broken feed: {document.items - count} entries cannot be read")
    for reason in reasons:
        yield missing(reason, f"$.entries[{count}]", document.text[-2_000:].encode(), reply)


def _parse(document: Document, reply: Reply) -> Any:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": reply.url}
    text = _NUMBER.sub('<guid isPermaLink="false">', _apart(document.text))
    body = msgspec.structs.replace(document, text=text).body
    try:
        return feedparser.parse(
            io.BytesIO(body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _FAILURES as error:
        raise PayloadError(f"a broken feed: {type(error).__name__}: {error}", where="$") from error


def _apart(text: str) -> str:
    """What feedparser takes for something else, under a name of its own.

    The words of a picture are not the entry's; the day of a change takes the place of ``dc:date``.
    """
    return _CHANGED.sub(r"<\1:changed", _CAPTION.sub(r"<\1media:caption\2>", text))


def _context(parsed: Any, reply: Reply) -> dict[str, str]:
    """What the feed says for all its entries."""
    feed = parsed.feed
    zone = zone_of(dict.get(feed, "updated")) or zone_of(dict.get(feed, "published"))
    offset = zone.utcoffset(None) if zone else None
    told = {
        "format": "xml",
        "url": reply.url,
        "home": str(dict.get(feed, "link") or ""),
        "language": str(dict.get(feed, "language") or ""),
        "zone": "" if offset is None else str(offset // timedelta(minutes=1)),
    }
    if parsed.version.startswith("atom"):
        writer = _first(dict.get(feed, "authors") or [])
        told |= {"author": writer.get("name", ""), "author_url": writer.get("href", "")}
    return {name: text for name, text in told.items() if text}


def _plain(value: Any) -> Any:
    """What feedparser read as plain JSON values, long texts cut, parsed times left out."""
    if isinstance(value, str):
        return value[: MAX_CHARACTERS + 1]
    if isinstance(value, dict):
        return {
            str(name): _plain(_without_value(inner) if str(name).endswith("_detail") else inner)
            for name, inner in dict.items(value)
            if not isinstance(inner, time.struct_time)
        }
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _without_value(detail: Any) -> Any:
    """The details of a text without the text, which stands beside them already."""
    if not isinstance(detail, dict):
        return detail
    return {name: inner for name, inner in dict.items(detail) if name != "value"}


class _Xml(msgspec.Struct):
    """The keys of feedparser that are read; all may be absent in one format or another."""

    id: str | None = None
    guidislink: bool = True
    link: str | None = None
    links: list[dict[str, Any]] = []
    title: str | None = None
    title_detail: dict[str, Any] = {}
    summary: str | None = None
    summary_detail: dict[str, Any] = {}
    media_caption: str | None = None
    content: list[dict[str, Any]] = []
    published: str | None = None
    updated: str | None = None
    created: str | None = None
    dc_changed: str | None = None
    dcterms_changed: str | None = None
    author: str | None = None
    author_detail: dict[str, Any] = {}
    authors: list[dict[str, Any]] = []
    publisher: str | None = None
    source: dict[str, Any] | str = {}
    news_source: str | None = None
    tags: list[dict[str, Any]] = []
    language: str | None = None
    feedburner_origlink: str | None = None
    yt_videoid: str | None = None
    slash_comments: str | None = None
    thr_total: str | None = None
    in_reply_to: Any = msgspec.field(default=None, name="thr_in-reply-to")
    media_statistics: dict[str, Any] | str = {}
    media_starrating: dict[str, Any] | str = {}


def entry_of_xml(item: Item) -> Entry:
    """What an entry of RSS, RDF or Atom tells."""
    found = msgspec.json.decode(item.raw, type=_Xml)
    html, plain, base, language = _words(found)
    source = found.source if isinstance(found.source, dict) else {}
    name, address = _writer(found, source, item.context)
    changed = found.dcterms_changed or found.dc_changed
    return Entry(
        guid=found.id or None,
        is_permalink=found.guidislink or (found.id or "").startswith("http"),
        link=found.feedburner_origlink or _page(found),
        title=found.title,
        is_title_markup=found.title_detail.get("type") != "text/plain",
        html=html,
        plain=plain,
        base=base,
        published=found.published or found.created or (found.updated if changed else None),
        updated=changed or found.updated,
        author_name=name,
        author_url=address,
        publisher=_string(source.get("title")) or found.news_source or found.publisher,
        publisher_url=_string(source.get("href")),
        tags=tuple(filter(None, (_string(tag.get("term")) for tag in found.tags))),
        related=tuple(each for each in _related(found) if not _COMMENT.search(each)),
        language=found.language or language,
        answers=_comment_above(found) or _reference(found.in_reply_to),
        replies_count=_count(found.slash_comments or found.thr_total or _counted(found)),
        likes_count=_count(_inner(found.media_starrating, "count")),
        views_count=_count(_inner(found.media_statistics, "views")),
    )


def _page(found: _Xml) -> str | None:
    """The address of the entry's page; feedparser takes words in any link of Atom for it."""
    pages = {str(each.get("rel")): _string(each.get("href")) for each in found.links[::-1]}
    is_other = found.link is not None and found.link == pages.get("enclosure")
    return pages.get("alternate") or found.link if is_other else found.link or None


def _related(found: _Xml) -> list[str]:
    told = (_string(each.get("href")) for each in found.links if each.get("rel") in _RELATED)
    return [each for each in told if each]


def _comment_above(found: _Xml) -> str | None:
    """The comment that one on Blogger answers, by its id: ``thr:in-reply-to`` names the post."""
    if found.in_reply_to is None:
        return None
    kept = next(filter(None, map(_COMMENT.search, _related(found))), None)
    return f"tag:blogger.com,1999:blog-{kept['blog']}.post-{kept['comment']}" if kept else None


def _counted(found: _Xml) -> str | None:
    """The number of replies that the link to them tells (RFC 4685)."""
    told = (each.get("thr:count") for each in found.links if each.get("rel") == "replies")
    return next(filter(None, map(_string, told)), None)


def _writer(
    found: _Xml, source: Mapping[str, Any], feed: Mapping[str, str]
) -> tuple[str | None, str | None]:
    """Name and address of the first who signed; in Atom those of its source, else of its feed."""
    if len(found.authors) > 1:
        writer = _first(found.authors)
    elif found.authors or found.author:
        return _author(found), _string(found.author_detail.get("href"))
    else:
        writer = _first(source.get("authors") or [])
    if writer:
        return _string(writer.get("name")), _string(writer.get("href"))
    return feed.get("author"), feed.get("author_url")


def _first(writers: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The first of several writers who has a name."""
    return next((each for each in writers if each.get("name")), {})


def _author(found: _Xml) -> str | None:
    """The name, or ``mail (name)`` as RSS has it, which feedparser cuts in the wrong place."""
    whole = found.author or ""
    return whole if "@" in whole.partition("(")[0] else _string(found.author_detail.get("name"))


def _words(found: _Xml) -> tuple[str, str, str | None, str | None]:
    """Markup or plain text of an entry (the content, else the summary), its base and language."""
    whole = [each for each in found.content if each.get("value")]
    markup = [each for each in whole if "html" in str(each.get("type"))] or whole
    words = found.summary or found.media_caption or ""
    told = found.summary_detail if found.summary else {"type": "text/html"}
    detail, value = (markup[0], str(markup[0]["value"])) if markup else (told, words)
    is_markup = "html" in str(detail.get("type", "")) or _is_whole_markup(value)
    is_markup = is_markup and found.yt_videoid is None
    if is_markup and "<" not in value and _is_whole_markup(twice := unescape(value)):
        value = twice
    base, language = _string(detail.get("base")), _string(detail.get("language"))
    return (value, "", base, language) if is_markup else ("", value, base, language)


def _is_whole_markup(text: str) -> bool:
    """Markup from end to end, which some send where the standard takes it for plain text.

    A bare ``<b>`` may as well be what the words are about: it takes a block beside it.
    """
    text = text.strip()
    inline = _INLINE.match(text)
    is_started = (
        bool(_BLOCK.match(text))
        if inline is None
        else not inline["bare"] or bool(_BLOCK.search(text))
    )
    return is_started and text.endswith(">")


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _inner(value: Mapping[str, Any] | str, name: str) -> str | None:
    return _string(value.get(name)) if isinstance(value, Mapping) else None


def _reference(value: Any) -> str | None:
    """The post that an Atom entry answers: its address where that is given, else its id."""
    if not isinstance(value, Mapping):
        return None
    return _string(value.get("href")) or _string(value.get("ref"))


def _count(text: str | None) -> int | None:
    """A number of replies or views; what is no number is unknown."""
    stripped = (text or "").strip()
    return (
        int(stripped)
        if stripped.isascii() and stripped.isdecimal() and len(stripped) < 16
        else None
    )
