"""GDELT: news articles of the world's newspapers and sites in 65 languages that name a company.

Reads: the DOC 2.0 API (https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/), list of articles.
    ``language`` (``nl``) limits the search to one language, ``options.filter`` adds operators of
    GDELT's own (``sourcecountry:NL -domain:ads.example``); ``options.records`` (250) is how many
    articles are asked for at a time. An account is the domain of a newsroom (``acme.example``).
Access: open; one request in five seconds, and often less: under load GDELT refuses for hours, so a
    refusal ends the night for this source.
Cannot tell: the text of an article, its journalist, its time of publication (only when GDELT saw
    it, in steps of 15 minutes); tone and places; corrections and deletions.
Quirks: words are matched on a translation into English too, so a title need not hold the term;
    terms of fewer than three letters are refused; there are no pages: 250 articles a request,
    newest first, so the next request ends where the last one stopped; refusals are sentences with
    status 200; JSON may hold broken escapes, which are dropped; titles have spaces around every
    mark; the same text stands on many sites. Only the last three months can be asked for (an older
    text of the documentation says since 2017; unverified in 2026-11). Cite gdeltproject.org.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import gdelt_ask as ask
from connectors.gdelt_article import article_post
from connectors.gdelt_reply import cut
from connectors.gdelt_reply import refusal as refusal
from connectors.paging import once
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SYNTAX: Final = ask.SYNTAX
ACCESS: Final = Access(
    kind="open",
    requests=1,
    seconds=6.0,
    narrows={"mentions": {"language": "", "filter": ""}},
)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Articles that hold one of the terms, in their own words or in translation."""
    yield from once(
        read for query in ask.queries(source) for read in ask.found(source, client, query, since)
    )


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Articles of the company's own newsrooms."""
    for account in source.accounts:
        yield from once(ask.found(source, client, f"domainis:{account}", since))


def read(reply: Reply) -> Iterator[Item]:
    """The articles of a list; no articles at all is an empty object, other modes hold none.

    Raises:
        PayloadError: not an answer of GDELT, or a question it does not take.
        RateLimited: it asks us to wait.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """An article, with its title and where it stands."""
    return article_post(item)
