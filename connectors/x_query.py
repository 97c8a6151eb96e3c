"""Queries for the search of X: as few as the length it allows, none longer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.errors import ConfigError
from pipeline.relevance import push
from pipeline.source import Source

SYNTAX: Final = push.Syntax(
    either="anywhere",
    longest=400,
    word='"{}"',
    fields={"tag": "#{}", "handle": "@{}", "author": "from:{}", "url": 'url:"{}"'},
    denies=("tag", "handle", "author"),
)
WITHOUT_REPOSTS: Final = "-is:retweet"
_WHOLE: Final = frozenset({"zh-CN", "zh-TW", "hi-Latn"})
_CODES: Final = {"he": "iw", "id": "in"}
_HANDLE: Final = re.compile(r"@?(?P<name>\w{1,30})", re.ASCII)
_NO_TAG: Final = re.compile(r"[^\w]+")
_HOST: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)


def handle(account: str, source: Source) -> str:
    """The name of an account without its sign.

    Raises:
        ConfigError: no account can have that name.
    """
    found = _HANDLE.fullmatch(account.strip())
    if found is None:
        raise ConfigError(f"{account!r} is no name of an account on X", where=source.name)
    return found["name"]


def about(source: Source) -> Iterator[str]:
    """What names a company: its words, its tags, and addresses that people share.

    Raises:
        ConfigError: a term without a word.
    """
    yield from push.searches(source.query, SYNTAX, source.platform).texts
    for term in source.terms if source.query is None else ():
        words = push.unquoted(term)
        if words.isascii() and not any(map(str.isalnum, words)):
            raise ConfigError(f"{term!r} holds no word to search for", where=source.name)
        yield f'"{words}"'
        if _HOST.fullmatch(words):
            yield f'url:"{words}"'
    tags = (_NO_TAG.sub("", tag) for tag in source.tags)
    yield from (f"#{tag}" for tag in tags if tag)
    yield from (f'url:"{_bare(each)}"' for each in source.urls)


def to(source: Source) -> Iterator[str]:
    """What is addressed to the accounts: naming, answering and quoting them."""
    for name in (handle(each, source) for each in source.accounts):
        yield f"@{name}"
        yield f"to:{name}"
        yield f'url:"x.com/{name}/status"'
        yield f'url:"twitter.com/{name}/status"'


def narrowing(source: Source) -> Iterator[str]:
    """What a mention must be besides; the language by the code that X knows it by.

    Raises:
        ConfigError: ``options.narrow`` is no text.
    """
    narrow = source.options.get("narrow", "")
    if not isinstance(narrow, str):
        raise ConfigError("options.narrow is a text, as in a search on X", where=source.name)
    yield narrow
    if source.language:
        language = source.language
        code = language if language in _WHOLE else language.partition("-")[0].lower()
        yield f"lang:{_CODES.get(code, code)}"


def pack(wanted: Iterable[str], narrowing: Iterable[str], longest: int) -> Iterator[str]:
    """Queries that together find whatever is wanted, each as long as allowed.

    Raises:
        ConfigError: one thing alone makes a query too long.
    """
    rest = "".join(f" {each}" for each in narrowing if each)
    together: list[str] = []
    for each in dict.fromkeys(wanted):
        if len(_query([each], rest)) > longest:
            raise ConfigError(f"{each[:60]!r} makes a query longer than X allows ({longest})")
        if together and len(_query([*together, each], rest)) > longest:
            yield _query(together, rest)
            together = []
        together.append(each)
    if together:
        yield _query(together, rest)


def _query(wanted: list[str], rest: str) -> str:
    return f"({' OR '.join(wanted)}){rest}"


def _bare(address: str) -> str:
    return address.replace('"', "").partition("://")[2].rstrip("/") or address.replace('"', "")
