"""Searches for news that answer with a feed: their addresses for a source's terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import quote, urljoin

from connectors import feed_names as names
from pipeline.errors import ConfigError
from pipeline.relevance import push
from pipeline.source import Source

GOOGLE: Final = "https://news.google.com"
BING: Final = "https://www.bing.com"
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
