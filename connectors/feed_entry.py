"""One entry of a feed as a Post, whatever the feed's format: names, times, words and who answers.

Everything in an entry is hostile until it is plain text: no markup gets past this module.
"""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from html import unescape
from html.entities import html5
from typing import Final

import msgspec

from connectors import feed_names as names
from connectors.dates import read_time
from connectors.feed_foot import without_foot
from connectors.markup import (
    MAX_CHARACTERS,
    clean,
    comment_text,
    links_of,
    plain_text,
    resolve,
)
from pipeline.errors import PayloadError
from pipeline.post import Kind, Post
from pipeline.source import Item, Reply

_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r"\n{3,}")
_BY: Final = re.compile(r"(?:By|Door|Von|Par|Por|Di|De)\s*:\s*(?P<name>.+)")
_ANSWERS: Final = re.compile(
    r"\s*(?:<p>)?\s*[^<>]{0,40}<a\s[^<>]*href=[\"'](?P<page>[^\"'<>#]+)#(?P<place>[\w-]+)[\"'][^<>]*>"
    r"(?P<name>[^<>]*)</a>\s*[.:。]?\s*(?:</p>|<br\s*/?>)?\s*",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NAMED: Final = re.compile(r"[^(]*@[^(]*\((?P<name>[^()]+)\)")
_HANDLE: Final = re.compile(r"@(?P<handle>\w[\w.-]*)(?P<full> .+)?")
_FORUM: Final = re.compile(r".+-(?:post|topic)-\d+(?:-\d+)?")
"""The id that a Discourse forum gives: there a full name may follow the ``@name``."""
_ENTITY: Final = re.compile(r"&(?:#\d{1,7};|#[xX][\da-fA-F]{1,6};|(?P<name>\w+;))", re.ASCII)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What any format tells about an entry; texts as they were sent.

    ``html`` is markup, ``plain`` is not; ``answers`` is the ``thr:in-reply-to`` reference. The
    publisher is whom a news search names as the origin.
    """

    guid: str | None = None
    is_permalink: bool = False
    link: str | None = None
    title: str | None = None
    is_title_markup: bool = True
    html: str = ""
    plain: str = ""
    base: str | None = None
    published: str | None = None
    updated: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    publisher: str | None = None
    publisher_url: str | None = None
    tags: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    language: str | None = None
    answers: str | None = None
    replies_count: int | None = None
    likes_count: int | None = None
    views_count: int | None = None


def post_of(entry: Entry, item: Item) -> Post:
    """The post that an entry is.

    ``item.context`` carries what the feed around it says: ``url``, ``home``, ``language`` and
    ``zone`` (minutes from UTC of the feed's own times).

    Raises:
        PayloadError: the entry has no name, no title and no words.
    """
    feed = item.context
    home = feed.get("home") or feed.get("url")
    link = _link(entry, home)
    comment = names.page_and_comment(link) or names.page_and_comment(entry.guid)
    is_comment = comment is not None or entry.answers is not None
    html, answered = _answered(entry.html) if is_comment else (entry.html, None)
    html = without_foot(html, link)
    words_of = comment_text if is_comment else plain_text
    text = words_of(html) if html else _plain(entry.plain)
    title = _title(entry)
    if not (link or entry.guid or title or text):
        raise PayloadError("an entry without link, id, title and text", where="$")
    author = _author(entry, title if is_comment else None)
    zone = _zone(feed.get("zone"))
    published = read_time(entry.published, item.observed_at, zone)
    updated = read_time(entry.updated, item.observed_at, zone)
    created = published or updated
    own_name = names.identity(
        link, entry.guid, entry.is_permalink, feed.get("home") if link else home
    )
    post_id = own_name or names.digest(feed.get("url"), title, entry.published or text)
    place = names.site(link or home)
    parent, root = _thread(entry, comment, answered) if is_comment else (None, None)
    return Post(
        platform="feed",
        post_id=post_id,
        native_id=entry.guid,
        aliases=_aliases(entry, home or link, post_id, is_repeated="repeated" in feed),
        kind=_kind(is_comment, title),
        observed_at=item.observed_at,
        created_at=created,
        edited_at=updated if updated and created and updated > created else None,
        url=link,
        parent_id=parent,
        root_id=root,
        parent_author_id=f"{_one_line(_unescaped(answered['name']))}@{place}" if answered else None,
        author_id=f"{author}@{place}" if author else None,
        author_handle=author,
        author_name=author,
        author_url=_author_url(entry, author, link),
        title=None if is_comment else _without_publisher(title, entry.publisher),
        text=text,
        language=names.language_tag(entry.language) or names.language_tag(feed.get("language")),
        tags=tuple(dict.fromkeys(_tags(entry))),
        links=_links(entry, html, link, home),
        replies_count=entry.replies_count,
        likes_count=entry.likes_count,
        views_count=entry.views_count,
        payload=item.raw.decode("utf-8", "replace"),
    )


def missing(reason: str, path: str, raw: bytes, reply: Reply) -> Item:
    """An item that stands for what is missing from a feed: ``to_post`` rejects it, saying why."""
    return Item(raw=raw, path=path, observed_at=reply.observed_at, context={"missing": reason})


def _link(entry: Entry, home: str | None) -> str | None:
    """The page of the entry: its link, else its id where that is an address."""
    given = resolve(entry.link, entry.base or home) if entry.link else None
    return given or (resolve(entry.guid) if entry.guid and entry.is_permalink else None)


def _kind(is_comment: bool, title: str | None) -> Kind:
    if is_comment:
        return "comment"
    return "article" if title else "post"


def _aliases(entry: Entry, home: str | None, post_id: str, *, is_repeated: bool) -> tuple[str, ...]:
    """The entry's id as others may use it, unless the feed gives the same id to several entries."""
    other = None if is_repeated else names.alias(entry.guid, home)
    return (other,) if other and other != post_id else ()


def _thread(
    entry: Entry, comment: tuple[str, str] | None, answered: re.Match[str] | None
) -> tuple[str | None, str | None]:
    """Parent and root of a comment: WordPress names another comment in words, Atom in a link."""
    page = names.canonical(comment[0]) if comment else None
    told = entry.answers
    parent = names.canonical(told) if told and told.startswith("http") else told
    if answered is not None:
        parent = f"{names.canonical(answered['page'])}#{answered['place']}"
    return parent or page, page or parent


def _answered(html: str) -> tuple[str, re.Match[str] | None]:
    """A comment without the line that says whom it answers, and that line."""
    found = _ANSWERS.match(html)
    if found is None or not names.COMMENT.fullmatch(found["place"]):
        return html, None
    return html[found.end() :], found


def _title(entry: Entry) -> str | None:
    if not entry.title:
        return None
    words = plain_text(entry.title) if entry.is_title_markup else _plain(_unescaped(entry.title))
    return " ".join(words.split()) or None


def _without_publisher(title: str | None, publisher: str | None) -> str | None:
    """News searches append the publisher to the title."""
    return title.removesuffix(f" - {publisher}") if title and publisher else title


def _author(entry: Entry, comment_title: str | None) -> str | None:
    """The name an entry is signed with; an address for mail alone is no name."""
    name = _plain(_unescaped(entry.author_name or ""))
    named = _NAMED.fullmatch(name) if "@" in name else None
    name = named["name"].strip() if named else name
    handle = _HANDLE.fullmatch(name)
    if handle and (not handle["full"] or _FORUM.fullmatch(entry.guid or "")):
        name = handle["handle"]
    if not name or ("@" in name and _EMAIL.fullmatch(name)):
        by = _BY.fullmatch(comment_title or "")
        name = by["name"] if by else entry.publisher or ""
    return _one_line(name) or None


def _author_url(entry: Entry, author: str | None, link: str | None) -> str | None:
    """The writer's address; the publisher's only where the publisher signs."""
    is_publisher = author is not None and author == _one_line(entry.publisher or "")
    given = entry.author_url or (entry.publisher_url if is_publisher else None)
    return resolve(given, link) if given else None


def _tags(entry: Entry) -> list[str]:
    return [tag for each in entry.tags if (tag := _plain(_unescaped(each)).removeprefix("#"))]


def _links(entry: Entry, html: str, link: str | None, home: str | None) -> tuple[str, ...]:
    """Addresses the entry points to, its own page left out."""
    base = entry.base or link or home
    own = {link, names.canonical(link) if link else None}
    related = (resolve(each, base) for each in entry.related)
    found = dict.fromkeys([*filter(None, related), *links_of(html, base)])
    return tuple(each for each in found if each not in own)


def _unescaped(words: str) -> str:
    """Words with their entities read; they are no HTML, so that ``Sun&parade`` holds none."""
    return _ENTITY.sub(_character, words)


def _character(entity: re.Match[str]) -> str:
    is_known = entity["name"] is None or entity["name"] in html5
    return unescape(entity[0]) if is_known else entity[0]


def _one_line(text: str) -> str:
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """Plain text with its own line breaks, at most two in a row."""
    if text.isprintable() and "  " not in text:
        return text[:MAX_CHARACTERS].strip()
    lines = _SPACES.sub(" ", clean(text[:MAX_CHARACTERS]).replace("\r\n", "\n"))
    return _LINES.sub("\n\n", "\n".join(line.strip() for line in lines.split("\n"))).strip()


def _zone(minutes: str | None) -> tzinfo | None:
    return timezone(timedelta(minutes=int(minutes))) if minutes else None
