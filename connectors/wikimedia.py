"""Wikipedia and its sister wikis: edits of the pages on a company, and of pages that name it.

Reads: the Action API (https://www.mediawiki.org/wiki/API:Query) of each wiki. ``urls`` are the
    addresses of pages to watch, with their talk pages; ``terms`` are searched on ``server`` (the
    Wikipedia of ``language``, else the English one), where accounts are user names. Events of the
    stream (https://stream.wikimedia.org) are understood, but not asked for.
Access: open; the contact in the configuration goes along, as Wikimedia demands.
Cannot tell: views; languages; likes; which edits undo another; who edited without an account (an
    internet address is personal data: it is blanked, in links to it and in the payload too).
Quirks: a post is one edit, its text is the summary the editor gave; of a page found by a term only
    the last edit is told; errors come with status 200; a busy server asks for a few seconds of
    rest (``maxlag``); what is hidden later counts as deleted; talk pages do not say which edit
    answers which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from connectors.paging import follow, is_older, once, times_of, tombstone, understand
from connectors.wikimedia_edit import edit_post
from connectors.wikimedia_pages import continuation, edits, fault, missing, wiki
from pipeline.errors import ConfigError, LuisterError
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="open",
    requests=60,
    seconds=60.0,
    narrows={verb: {"language": "en"} for verb in ("mentions", "timeline", "inbox")},
)
BATCH: Final = 50
Query = Mapping[str, str | int]
_ALWAYS: Final[Query] = {"action": "query", "format": "json", "formatversion": 2, "maxlag": 5}
_REVISIONS: Final[Query] = {
    "prop": "revisions",
    "rvprop": "ids|timestamp|user|comment|flags|size",
}
_Place = tuple[tuple[str, str], ...]
"""What a reply gave to go on with: names and values."""


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Edits of the watched pages and their talk pages; last edits of pages that hold a term."""
    yield from once(_watched(source, client, since))
    for term in source.terms:
        asked = {
            **_REVISIONS,
            "generator": "search",
            "gsrsearch": f'"{term.replace(chr(34), " ")}"',
            "gsrsort": "last_edit_desc",
            "gsrlimit": BATCH,
        }
        found = understand(_THIS, _pages(client, _home(source), asked, since))
        yield from once(each for each in found if not is_older(times_of([each]), since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The edits of the accounts."""
    for account in source.accounts:
        asked: Query = {
            "list": "usercontribs",
            "ucuser": account,
            "ucprop": "ids|title|timestamp|comment|size|flags",
            "uclimit": 500,
            "ucend": _stamp(since),
        }
        yield from once(understand(_THIS, _pages(client, _home(source), asked)))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What others wrote on the talk pages of the accounts."""
    for account in source.accounts:
        history = _history(client, _home(source), f"User talk:{account}", since)
        for read in once(history):
            if not isinstance(read, Post) or read.author_id != account:
                yield read


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Edits as they are now; one whose number is not known any more is gone."""
    wikis: dict[str, list[Post]] = {}
    for post in posts:
        wikis.setdefault(post.post_id.rpartition(":")[0], []).append(post)
    for host, some in wikis.items():
        home = _home(source) if host in {"", wiki(_home(source))} else f"https://{host}"
        for start in range(0, len(some), BATCH):
            known = {str(post.native_id): post for post in some[start : start + BATCH]}
            reply = _ask(client, home, {**_REVISIONS, "revids": "|".join(known)})
            yield from understand(_THIS, [reply])
            gone = missing(reply)
            yield from (tombstone(post, reply) for name, post in known.items() if name in gone)


def refusal(reply: Reply) -> LuisterError | None:
    """The code of an error, which comes with status 200."""
    return fault(reply)


def read(reply: Reply) -> Iterator[Item]:
    """The edits of any list or page, or an event of the stream.

    Raises:
        PayloadError: not an answer of a wiki.
        LuisterError: what the wiki gives as its reason for saying no.
    """
    yield from edits(reply)


def to_post(item: Item) -> Post | None:
    """An edit; None for log entries, categories and pages that are not there."""
    return edit_post(item)


def _watched(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    for address in source.urls:
        home, title = _page(address, source)
        for name in (title, f"Talk:{title}"):
            yield from _history(client, home, name, since)


def _history(client: Client, home: str, title: str, since: datetime) -> Iterator[Read]:
    asked = {**_REVISIONS, "titles": title, "rvlimit": 500, "rvend": _stamp(since)}
    yield from understand(_THIS, _pages(client, home, asked))


def _page(address: str, source: Source) -> tuple[str, str]:
    """The wiki and the title in the address of a page."""
    parts = urlsplit(address)
    title = parse_qs(parts.query).get("title", [""])[0]
    if parts.path.startswith("/wiki/"):
        title = unquote(parts.path.removeprefix("/wiki/"))
    if not parts.netloc or not title:
        raise ConfigError(f"not the address of a wiki page: {address}", where=source.name)
    return f"{parts.scheme}://{parts.netloc}", title.replace("_", " ")


def _home(source: Source) -> str:
    language = (source.language or "en").partition("-")[0]
    return (source.server or f"https://{language}.wikipedia.org").rstrip("/")


def _pages(
    client: Client, home: str, query: Query, since: datetime | None = None
) -> Iterator[Reply]:
    """Page by page as the wiki says to go on, until all of a page is older."""

    def fetch(place: _Place) -> Reply:
        return _ask(client, home, {**query, **dict(place)})

    def following(reply: Reply, _: _Place) -> _Place | None:
        is_old = is_older(times_of(understand(_THIS, [reply])), since)
        return None if is_old else continuation(reply)

    first: _Place = ()
    return follow(first, fetch, following)


def _ask(client: Client, home: str, query: Query) -> Reply:
    return client.get(f"{home}/w/api.php", params={**_ALWAYS, **query})


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
