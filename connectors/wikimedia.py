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

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import wikimedia_ask as ask
from connectors.paging import is_older, once, times_of, tombstone, understand
from connectors.wikimedia_edit import as_named, edit_post
from connectors.wikimedia_pages import edits, fault, missing, wiki
from pipeline.errors import LuisterError
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


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Edits of the watched pages and their talk pages; last edits of pages that hold a term."""
    yield from once(ask.watched(source, client, since))
    for term in source.terms:
        asked = {
            **ask.REVISIONS,
            "generator": "search",
            "gsrsearch": f'"{term.replace(chr(34), " ")}"',
            "gsrsort": "last_edit_desc",
            "gsrlimit": BATCH,
        }
        found = ask.listed(client, ask.home_of(source), asked, since)
        yield from once(each for each in found if not is_older(times_of([each]), since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The edits of the accounts."""
    for account in source.accounts:
        asked: ask.Query = {
            "list": "usercontribs",
            "ucuser": account,
            "ucprop": "ids|title|timestamp|comment|size|flags",
            "uclimit": 500,
            "ucend": ask.stamp(since),
        }
        yield from once(ask.listed(client, ask.home_of(source), asked))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What others wrote on the talk pages of the accounts."""
    for account in source.accounts:
        history = ask.history(client, ask.home_of(source), f"User talk:{account}", since)
        for read in once(history):
            if not isinstance(read, Post) or as_named(read.author_id or "") != as_named(account):
                yield read


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Edits as they are now; one whose number is not known any more is gone."""
    wikis: dict[str, list[Post]] = {}
    for post in posts:
        wikis.setdefault(post.post_id.rpartition(":")[0], []).append(post)
    for host, some in wikis.items():
        home = ask.home_of(source) if host in {"", wiki(ask.home_of(source))} else f"https://{host}"
        for start in range(0, len(some), BATCH):
            known = {str(post.native_id): post for post in some[start : start + BATCH]}
            reply = ask.get(client, home, {**ask.REVISIONS, "revids": "|".join(known)})
            yield from understand(ask.THIS, [reply])
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
