"""Ask GDELT: questions short enough for it, and answers cut off at 250 articles continued."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from connectors.gdelt_article import LANGUAGES, article_post
from connectors.gdelt_reply import cut
from connectors.paging import follow, understand
from pipeline.errors import ConfigError, PayloadError
from pipeline.post import Gap, Post, Read
from pipeline.relevance import push
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

THIS: Final[Any] = SimpleNamespace(read=cut, to_post=article_post)
SYNTAX: Final = push.Syntax(shortest=3, word='"{}"', words=4)
API: Final = "https://api.gdeltproject.org"
RECORDS: Final = 250
TERMS: Final = 10
"""Terms in one question: a longer one is refused, how long is not documented."""
LATE: Final = timedelta(hours=1)
STEP: Final = timedelta(minutes=15)
_SHORTEST: Final = 3


def found(source: Source, client: Client, question: str, since: datetime) -> Iterator[Read]:
    """The articles that answer a question; a gap where one moment has more than GDELT gives."""
    for page in _windows(source, client, f"{question}{_filters(source)}", since - LATE):
        yield from understand(THIS, [page])
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
    return sum(1 for _ in cut(page)) >= _records(source)


def _records(source: Source) -> int:
    return min(int(source.options.get("records", RECORDS)), RECORDS)


def _times(page: Reply) -> list[datetime]:
    found = understand(THIS, [page])
    return [each.created_at for each in found if isinstance(each, Post) and each.created_at]


def queries(source: Source) -> Iterator[str]:
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
