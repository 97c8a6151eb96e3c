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

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.gdelt_article import LANGUAGES, article_post, mended
from connectors.paging import decode, follow, items, once, understand, unless_refused
from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceUnavailable,
)
from pipeline.post import Gap, Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="open",
    requests=1,
    seconds=6.0,
    narrows={"mentions": {"language": "", "filter": ""}},
)
SYNTAX: Final = push.Syntax(shortest=3, word='"{}"', words=4)
API: Final = "https://api.gdeltproject.org"
RECORDS: Final = 250
TERMS: Final = 10
"""Terms in one question: a longer one is refused, how long is not documented."""
LATE: Final = timedelta(hours=1)
STEP: Final = timedelta(minutes=15)
QUIET: Final = 3_600.0
"""Seconds to leave GDELT alone when it refuses: it counts by the hour, not by the second."""
_SHORTEST: Final = 3
_MARKUP: Final = re.compile(r"<[^<>]*>")
_LIMITS: Final = ("limit requests", "5 seconds", "rate limit", "too many requests")
_TROUBLES: Final = ("unavailable", "overloaded", "timed out", "try again later")
_OTHERS: Final = frozenset({"timeline", "tonechart", "wordcloud", "query_details"})


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Articles that hold one of the terms, in their own words or in translation."""
    yield from once(
        read for query in _queries(source) for read in _found(source, client, query, since)
    )


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Articles of the company's own newsrooms."""
    for account in source.accounts:
        yield from once(_found(source, client, f"domainis:{account}", since))


def refusal(reply: Reply) -> LuisterError | None:
    """The sentence that comes instead of articles, mostly with status 200."""
    if reply.status == 429 and "retry-after" not in reply.headers:
        return RateLimited("GDELT asks us to wait (429)", seconds=QUIET, where=reply.url)
    if reply.status != 200 or reply.body[:1] in {b"{", b"["}:
        return None
    text = " ".join(_MARKUP.sub(" ", reply.body[:2_000].decode("utf-8", "replace")).split())
    words = text.lower()
    if any(each in words for each in _LIMITS):
        return RateLimited(f"GDELT asks us to wait: {text[:160]}", seconds=QUIET, where=reply.url)
    if any(each in words for each in _TROUBLES):
        return SourceUnavailable(f"GDELT has trouble: {text[:160]}", where=reply.url)
    is_sentence = " " in text and text[:1].isalpha() and not reply.body.lstrip().startswith(b"<")
    if not is_sentence:
        return None
    return PayloadError(
        f"GDELT does not take the question: {text[:160]}",
        where=reply.url,
        todo="mend the terms or options.filter of this source in luister.toml",
    )


def read(reply: Reply) -> Iterator[Item]:
    """The articles of a list; no articles at all is an empty object, other modes hold none.

    Raises:
        PayloadError: not an answer of GDELT, or a question it does not take.
        RateLimited: it asks us to wait.
    """
    unless_refused(refusal(reply))
    answer = decode(mended(reply.body), dict[str, msgspec.Raw])
    if "articles" in answer:
        articles = decode(bytes(answer["articles"]), list[msgspec.Raw], where="$.articles")
        yield from items(articles, reply, "$.articles")
    elif answer and not _OTHERS & answer.keys():
        raise PayloadError("neither articles nor another mode of GDELT", where="$")


def to_post(item: Item) -> Post | None:
    """An article, with its title and where it stands."""
    return article_post(item)


def _found(source: Source, client: Client, question: str, since: datetime) -> Iterator[Read]:
    for page in _windows(source, client, f"{question}{_filters(source)}", since - LATE):
        yield from understand(_THIS, [page])
        times = _times(page)
        if _is_full(page, source) and times and times[0] == times[-1]:
            reason = f"GDELT gives at most {RECORDS} articles of 15 minutes"
            yield Gap(gap_from=times[0], gap_to=times[0] + STEP, reason=reason)


def _windows(source: Source, client: Client, question: str, start: datetime) -> Iterator[Reply]:
    """The newest articles, then those before the oldest of them, until one answer holds all."""

    def fetch(end: str) -> Reply:
        asked: dict[str, str | int] = {
            "query": question,
            "mode": "artlist",
            "format": "json",
            "sort": "datedesc",
            "maxrecords": _records(source),
            "startdatetime": _stamp(start),
            **({"enddatetime": end} if end else {}),
        }
        return client.get(f"{source.server or API}/api/v2/doc/doc", params=asked)

    def following(reply: Reply, _: str) -> str | None:
        times = _times(reply)
        if not _is_full(reply, source) or not times:
            return None
        if times != sorted(times, reverse=True):
            raise PayloadError("not newest first: older articles would be lost", where="$.articles")
        is_stuck = times[0] == times[-1]
        end = times[-1] + timedelta(seconds=-1 if is_stuck else 1)
        return _stamp(end) if end > start else None

    return follow("", fetch, following)


def _is_full(page: Reply, source: Source) -> bool:
    return sum(1 for _ in read(page)) >= _records(source)


def _records(source: Source) -> int:
    return min(int(source.options.get("records", RECORDS)), RECORDS)


def _times(page: Reply) -> list[datetime]:
    found = understand(_THIS, [page])
    return [each.created_at for each in found if isinstance(each, Post) and each.created_at]


def _queries(source: Source) -> Iterator[str]:
    """Single phrases several at a time, combinations of phrases one by one."""
    terms = [_phrase(term, source) for term in source.terms if source.query is None]
    asked = push.searches(source.query, SYNTAX, source.platform).texts
    terms += [each for each in asked if each.count('"') == 2]
    for start in range(0, len(terms), TERMS):
        yield _either(terms[start : start + TERMS])
    yield from (each for each in asked if each.count('"') > 2)


def _phrase(term: str, source: Source) -> str:
    bare = push.unquoted(term)
    if len(bare) < _SHORTEST and bare.isascii():
        raise ConfigError(
            f"GDELT refuses a term as short as {term!r}",
            where=source.name,
            todo="give it another word, such as the company's branch, in luister.toml",
        )
    return f'"{bare}"'


def _either(phrases: Sequence[str]) -> str:
    """Only what is one of several stands in brackets: GDELT refuses others."""
    return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"


def _filters(source: Source) -> str:
    wanted = (source.language or "").partition("-")[0]
    names = [name for name, code in LANGUAGES.items() if code == wanted]
    if source.language and not names:
        raise ConfigError(f"GDELT has no language {source.language!r}", where=source.name)
    language = [f"sourcelang:{names[0].lower()}"] if names else []
    return "".join(f" {each}" for each in [*language, source.options.get("filter", "")] if each)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M%S")


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
