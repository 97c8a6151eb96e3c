"""Feeds: news, blogs, podcasts, comments under posts, and searches that answer with a feed.

Reads: RSS 0.9-2.0, RDF, Atom and JSON Feed at ``urls``; with ``options.search`` also Google News
    and Bing News for the source's terms, language and ``options.country``
    (https://www.rssboard.org/rss-specification,
    https://www.rfc-editor.org/rfc/rfc4287, https://www.jsonfeed.org/version/1.1/).
Access: open. Google allows its news search for personal, non-commercial use only.
Cannot tell: audience sizes, likes, what left a feed between two nights; an item that is gone from a
    feed is not deleted. The person behind a name is only that name on that site
    (``name@site`` is the author's id).
Quirks: ids change and repeat, so an entry is named by the canonical address of its page; feeds are
    not in order of time, so all of a page is read; most give only the newest entries. A feed is a
    company's own when an account is its address, its host or a domain above it, or when
    ``options.owner`` says whose it is: its articles are then that account's posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from connectors import feed_names as names
from connectors.feed_document import Document, open_document
from connectors.feed_entry import post_of
from connectors.feed_json import JsonFeed, cut_json, entry_of_json
from connectors.feed_xml import cut_document, entry_of_xml
from connectors.markup import resolve
from connectors.paging import decode, follow, understand, understand_item
from pipeline.errors import ConfigError, LuisterError, PayloadError
from pipeline.post import Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="open",
    requests=60,
    seconds=60.0,
    lists=("search",),
    narrows={"mentions": {"language": "en", "country": ""}},
)
GOOGLE: Final = "https://news.google.com"
BING: Final = "https://www.bing.com"
MAX_PAGES: Final = 50
QUERY_CHARACTERS: Final = 400
SYNTAX: Final = push.Syntax(either="anywhere", longest=QUERY_CHARACTERS, word='"{}"')
_COUNTRIES: Final = {
    "nl": "NL",
    "en": "US",
    "de": "DE",
    "fr": "FR",
    "it": "IT",
    "es": "ES",
    "pt": "PT",
}
_NEXT: Final = re.compile(
    r"<(?:[\w.-]+:)?link(?=[^<>]*\brel\s*=\s*[\"']next[\"'])[^<>]*\bhref\s*=\s*[\"']([^\"'<>]+)[\"']",
    re.IGNORECASE,
)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Entries of feeds that are nobody's own, and of news searches for the terms."""
    feeds = [address for address in source.urls if owner(source, address) is None]
    yield from _all(client, [*feeds, *searches(source, since)], since)


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Entries of a company's own feeds: its articles are the owner's, comments their writers'."""
    own = [account for account in source.accounts if resolve(account) and not _domain(account)]
    owners: dict[str, list[str]] = {}
    for address in {_bare(each): each for each in [*own, *source.urls]}.values():
        account = owner(source, address)
        if account is not None:
            owners.setdefault(account, []).append(address)
    for account, addresses in owners.items():
        for read in _all(client, addresses, since):
            yield _signed(read, account)


def thread(_: Source, client: Client, post: Post) -> Iterator[Read]:
    """Comments on a post, where its feed names a feed of them."""
    address = comments_feed(post)
    if address is not None:
        yield from _entries(client, address, since=None)


def read(reply: Reply) -> Iterator[Item]:
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


def to_post(item: Item) -> Post | None:
    """An article, a microblog post without title, or a comment."""
    if "missing" in item.context:
        raise PayloadError(item.context["missing"], where="$")
    entry = entry_of_json(item) if item.context["format"] == "json" else entry_of_xml(item)
    return post_of(entry, item)


def owner(source: Source, address: str) -> str | None:
    """The account whose own feed this is, or None."""
    named = source.options.get("owner")
    if named:
        return str(named)
    host = names.site(address)
    for account in source.accounts:
        domain = _domain(account)
        if _bare(account) == _bare(address) or (domain and names.is_within(host, domain)):
            return account
    return None


def searches(source: Source, since: datetime) -> Iterator[str]:
    """Addresses of the news searches that ``options.search`` asks for.

    Raises:
        ConfigError: a search that is not known.
    """
    known = {"google-news": _google, "bing-news": _bing}
    for name in source.options.get("search", ()):
        if name not in known:
            raise ConfigError(
                f"unknown search {name!r}", where=f"source {source.name}: options.search",
                todo=f"one of {', '.join(known)}",
            )  # fmt: skip
        for query in _queries(source):
            yield known[name](source, query, since)


def comments_feed(post: Post) -> str | None:
    """The feed of comments that a post's entry names, or None."""
    try:
        entry = msgspec.json.decode(post.payload or "null", type=dict[str, Any] | None) or {}
    except msgspec.DecodeError:
        return None
    links = entry.get("links")
    told = [entry.get("wfw_commentrss"), *map(_replies, links if isinstance(links, list) else ())]
    addresses = (resolve(each, post.url) for each in told if isinstance(each, str))
    return next((address for address in addresses if address), None)


def _replies(link: Any) -> Any:
    """The address in an Atom link to replies, where they are a feed and not a page."""
    is_replies = isinstance(link, dict) and link.get("rel") == "replies"
    return link.get("href") if is_replies and "xml" in str(link.get("type")) else None


def _all(client: Client, addresses: Sequence[str], since: datetime) -> Iterator[Read]:
    """Entries of all feeds: one that fails does not keep the others from being read.

    Raises:
        LuisterError: the first failure, once all have been asked.
    """
    failures: list[LuisterError] = []
    for address in addresses:
        try:
            yield from _entries(client, address, since)
        except LuisterError as error:
            failures.append(_told(error, address))
    if failures:
        first = failures[0]
        if len(failures) > 1:
            first.what += f" ({len(failures)} of {len(addresses)} feeds failed)"
        raise first


def _told(error: LuisterError, address: str) -> LuisterError:
    """The same error, at the address of the feed where only a place within it is named."""
    if not error.where.startswith("http"):
        error.where = f"{address} {error.where}".strip()
    return error


def _entries(client: Client, address: str, since: datetime | None) -> Iterator[Read]:
    """Entries of a feed and its next pages; those known to be older than ``since`` left out."""

    def following(reply: Reply, asked: str) -> str | None:
        further = _next(reply, asked)
        return further if further and _reaches(reply, since) else None

    def fetch(asked: str) -> Reply:
        return client.get(asked, conditional=True)

    seen: set[str] = set()
    for found in understand(_THIS, follow(address, fetch, following, max_pages=MAX_PAGES)):
        if isinstance(found, Post):
            if found.post_id in seen or _is_older(found, since):
                continue
            seen.add(found.post_id)
        yield found


def _is_older(post: Post, since: datetime | None) -> bool:
    latest = post.edited_at or post.created_at
    return since is not None and latest is not None and latest < since


def _reaches(reply: Reply, since: datetime | None) -> bool:
    """Whether a page holds an entry that is surely newer, so that an older page may matter."""
    if since is None:
        return True
    found = (post for item in read(reply) for post in understand_item(_THIS, item))
    return any(
        isinstance(post, Post) and post.created_at is not None and post.created_at >= since
        for post in found
    )


def _next(reply: Reply, asked: str) -> str | None:
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


def _signed(found: Read, account: str) -> Read:
    if not isinstance(found, Post) or found.kind == "comment":
        return found
    return msgspec.structs.replace(found, author_id=account, author_handle=account)


def _domain(account: str) -> str:
    """The host of an account that is a domain or a site's front page; empty for any other."""
    address = account if "//" in account else f"//{account}"
    is_site = "." in account and " " not in account and urlsplit(address).path in {"", "/"}
    return names.site(address) if is_site else ""


def _bare(address: str) -> str:
    return names.canonical(address).rstrip("/")


def _queries(source: Source) -> Iterator[str]:
    """Terms as phrases, either of which will do, in queries that a search accepts."""
    texts = ['"' + term.replace('"', " ").strip() + '"' for term in source.terms]
    if source.query is not None:
        texts = list(push.searches(source.query, SYNTAX, source.platform).texts)
    return push.together(texts, SYNTAX)


def _place(source: Source) -> tuple[str, str]:
    """Language and country of a search: ``options.country``, else the language's largest."""
    language, _, region = (names.language_tag(source.language) or "en").partition("-")
    country = source.options.get("country") or region or _COUNTRIES.get(language, language)
    return language, str(country).upper()


def _google(source: Source, query: str, since: datetime) -> str:
    language, country = _place(source)
    tongue = f"{language}-{country}" if language in {"en", "pt"} else language
    asked = quote(f"{query} after:{since:%Y-%m-%d}", safe="")
    base = urljoin(source.server or GOOGLE, "/rss/search")
    return f"{base}?q={asked}&hl={tongue}&gl={country}&ceid={country}:{tongue}"


def _bing(source: Source, query: str, _: datetime) -> str:
    language, country = _place(source)
    base = urljoin(source.server or BING, "/news/search")
    newest_first = quote('sortbydate="1"', safe="")
    return (
        f"{base}?q={quote(query, safe='')}&format=rss&mkt={language}-{country}&qft={newest_first}"
    )


class _This:
    """This module as the reader that ``understand`` asks."""

    read = staticmethod(read)
    to_post = staticmethod(to_post)


_THIS: Final = _This()
