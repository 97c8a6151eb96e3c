"""Does this post speak of the organisation? By name, handle, tag, link or author.

Names are looked for as whole words in a folded copy of the text. An exclusion ("Zonneveld
Makelaars") takes back the hits it overlaps and no others. Addresses of pages and mailboxes are no
running text: a link counts by its domain alone.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import ahocorasick_rs
import msgspec
import pyarrow as pa

from pipeline.cycles import seldom_sought
from pipeline.folding import (
    fold,
    fold_account,
    fold_tag,
    holds_page,
    host_and_path,
    is_whole_word,
    pages_in,
    without_addresses,
)
from pipeline.relevance.finding import Finder, Subject
from pipeline.relevance.tree import Field, Query, leaves

AliasKind = Literal["name", "handle", "tag", "domain", "account", "author"]
RULES: Final = 4
"""Raised when the rules of matching change, so that everything is matched again."""

MATCH_SCHEMA: Final = pa.schema(
    [
        pa.field("platform", pa.string(), nullable=False),
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("organisation", pa.string(), nullable=False),
        pa.field("alias", pa.string(), nullable=False),
        pa.field("alias_kind", pa.string(), nullable=False),
    ]
)
_INPUT: Final = (
    *("platform", "post_id", "title", "text", "mentions", "tags", "links"),
    *("language", "author_handle", "author_id"),
)


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """How one organisation may be named; ``accounts`` are its own, per platform.

    With a ``query`` the name alone does not count; aliases do, beside the query. ``context`` and
    ``not_context`` are words that speak for and against a post being about it; what is judged
    below ``threshold`` (0-1) is not counted.
    """

    name: str
    query: Query | None = None
    aliases: Sequence[str] = ()
    exclude: Sequence[str] = ()
    domains: Sequence[str] = ()
    tags: Sequence[str] = ()
    accounts: Mapping[str, Sequence[str]] = msgspec.field(default_factory=dict)
    context: Sequence[str] = ()
    not_context: Sequence[str] = ()
    threshold: float = 0.5


class _Pattern(NamedTuple):
    organisation: int
    alias: str
    is_exclusion: bool


class _Hit(NamedTuple):
    start: int
    end: int
    alias: str


class _Domain(NamedTuple):
    organisation: int
    alias: str
    path: str


Way = tuple[int, str, AliasKind]
"""One way in which a text names an organisation: its index, the alias and the alias's kind."""


class Matcher:
    """All organisations of a configuration at once; immutable, and may be sent to a process."""

    def __init__(self, organisations: Iterable[Named]) -> None:
        self.organisations = tuple(organisations)
        plain = msgspec.json.encode([RULES, self.organisations], order="deterministic")
        self.version: str = f"{RULES}-{hashlib.sha256(plain).hexdigest()[:16]}"
        patterns = _patterns(self.organisations)
        self._finder = ahocorasick_rs.AhoCorasick(list(patterns))
        self._wanted = list(patterns.values())
        self._tags = _tags(self.organisations)
        self._accounts = _accounts(self.organisations)
        self._domains = _domains(self.organisations)
        queries = {
            index: (each.query, each.exclude)
            for index, each in enumerate(self.organisations)
            if each.query is not None
        }
        self._queries = Finder(queries) if queries else None
        self.reads_language: bool = any(
            isinstance(leaf, Field) and leaf.name == "lang"
            for query, _ in queries.values()
            for leaf in leaves(query)
        )

    @classmethod
    def from_organisations(cls, organisations: Iterable[Named]) -> Matcher:
        """The matcher of these organisations; its ``version`` follows from how they are named."""
        return cls(organisations)

    def __reduce__(self) -> tuple[type[Matcher], tuple[tuple[Named, ...]]]:
        return type(self), (self.organisations,)

    def terms_for(self, organisation: str) -> tuple[str, ...]:
        """The words to search a platform for: name and aliases, each once whatever its capitals."""
        named = next(each for each in self.organisations if each.name == organisation)
        terms: dict[str, str] = {}
        for term in _names(named):
            terms.setdefault(fold(term), term)
        return tuple(terms.values())

    @seldom_sought()
    def match(self, posts: pa.Table) -> pa.Table:
        """Who is named in each post, and how: one row per post, organisation and way of naming.

        Args:
            posts: columns platform, post_id, title, text, mentions, tags, links, author_handle,
                author_id, language, as in ``POST_SCHEMA``; others are ignored.

        Returns:
            Columns platform, post_id, organisation, alias (as configured, or as in the query) and
            alias_kind, one of ``name``, ``handle``, ``tag``, ``domain``, ``account`` (written by
            the organisation) and ``author`` (whom a query names).
        """
        columns = [posts.column(name).to_pylist() for name in _INPUT]
        rows: list[tuple[str, str, str, str, str]] = []
        for platform, post_id, title, text, mentions, tags, links, language, *author in zip(
            *columns, strict=True
        ):
            words = f"{title}\n{text}" if title else text
            folded = fold(without_addresses(words))
            ways = self._names(folded)
            owned = self._accounts.get(platform)
            # most posts tag, mention and link nothing
            if mentions and owned:
                ways += _by_account(owned, mentions, "handle")
            if tags:
                ways += self._by_tag(tags)
            if self._domains and (links or holds_page(text)):
                ways += self._by_link(links or (), text)
            if owned:
                ways += _by_account(owned, dict.fromkeys(author), "account")
            if self._queries is not None:
                subject = Subject(
                    folded,
                    words,
                    platform=platform,
                    language=language,
                    author=author,
                    mentions=mentions or (),
                    tags=tags or (),
                    links=links or (),
                )
                ways += self._by_query(subject)
            for organisation, alias, kind in dict.fromkeys(ways):
                name = self.organisations[organisation].name
                rows.append((platform, post_id, name, alias, kind))
        by_column = list(zip(*rows, strict=True)) if rows else [()] * len(MATCH_SCHEMA)
        arrays = [pa.array(column, type=pa.string()) for column in by_column]
        return pa.Table.from_arrays(arrays, schema=MATCH_SCHEMA)

    def names_in(self, text: str) -> Iterator[Way]:
        """The names in a text after exclusions, each as often as it stands there."""
        return iter(self._names(fold(without_addresses(text))))

    def _names(self, folded: str) -> list[Way]:
        found = self._finder.find_matches_as_indexes(folded, overlapping=True)
        if not found:
            return []
        names: dict[int, list[_Hit]] = {}
        exclusions: dict[int, list[_Hit]] = {}
        for index, start, end in found:
            if is_whole_word(folded, start, end):
                for organisation, alias, is_exclusion in self._wanted[index]:
                    kept = exclusions if is_exclusion else names
                    kept.setdefault(organisation, []).append(_Hit(start, end, alias))
        return [
            (organisation, hit.alias, "name")
            for organisation, hits in names.items()
            for hit in _outermost(_not_overlapping(hits, exclusions.get(organisation, [])))
        ]

    def _by_query(self, subject: Subject) -> Iterator[Way]:
        if self._queries is not None:
            for organisation, (alias, kind) in self._queries.find(subject):
                yield organisation, alias, kind

    def _by_tag(self, tags: Iterable[str]) -> Iterator[Way]:
        for tag in tags:
            for organisation, alias in self._tags.get(fold_tag(tag), ()):
                yield organisation, alias, "tag"

    def _by_link(self, links: Iterable[str], text: str) -> Iterator[Way]:
        for link in dict.fromkeys((*links, *pages_in(text))):
            host, path = host_and_path(link)
            labels = host.split(".")
            for first in range(len(labels)):
                for domain in self._domains.get(".".join(labels[first:]), ()):
                    if f"{path}/".startswith(domain.path):
                        yield domain.organisation, domain.alias, "domain"


def _names(named: Named) -> tuple[str, ...]:
    """The names that count by themselves: with a query the aliases alone."""
    return (*([] if named.query is not None else [named.name]), *named.aliases)


def _patterns(organisations: Sequence[Named]) -> dict[str, list[_Pattern]]:
    """What to look for, folded, and for whom; one text may serve several organisations."""
    patterns: dict[str, list[_Pattern]] = {}
    for index, each in enumerate(organisations):
        names = [(name, False) for name in _names(each)]
        for alias, is_exclusion in (*names, *((name, True) for name in each.exclude)):
            if folded := fold(alias):
                wanted = patterns.setdefault(folded, [])
                if (index, is_exclusion) not in [(known[0], known[2]) for known in wanted]:
                    wanted.append(_Pattern(index, alias, is_exclusion))
    return patterns


def _tags(organisations: Sequence[Named]) -> dict[str, list[tuple[int, str]]]:
    """Configured tags, and names of several words written as one (#AlbertHeijn)."""
    tags: dict[str, list[tuple[int, str]]] = {}
    for index, each in enumerate(organisations):
        known = {_joined(name): name for name in _names(each)}
        known |= {fold_tag(tag): tag for tag in each.tags}
        for tag, alias in known.items():
            if tag:
                tags.setdefault(tag, []).append((index, alias))
    return tags


def _joined(name: str) -> str:
    words = re.findall(r"\w+", fold(name))
    return "".join(words) if len(words) > 1 else ""


def _accounts(organisations: Sequence[Named]) -> dict[str, dict[str, list[tuple[int, str]]]]:
    """Per platform and folded account: who owns it, and how it was written."""
    accounts: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for index, each in enumerate(organisations):
        for platform, names in each.accounts.items():
            owners = accounts.setdefault(platform, {})
            for name in names:
                if folded := fold_account(name):
                    owners.setdefault(folded, []).append((index, name))
    return accounts


def _domains(organisations: Sequence[Named]) -> dict[str, list[_Domain]]:
    domains: dict[str, list[_Domain]] = {}
    for index, each in enumerate(organisations):
        for alias in each.domains:
            host, path = host_and_path(alias)
            if host:
                path = f"{path.rstrip('/')}/" if path.strip("/") else ""
                domains.setdefault(host, []).append(_Domain(index, alias, path))
    return domains


def _not_overlapping(hits: list[_Hit], exclusions: list[_Hit]) -> list[_Hit]:
    """The hits that no exclusion touches."""
    if not exclusions:
        return hits
    ends: list[int] = []
    starts: list[int] = []
    for start, end, _ in sorted(exclusions):
        if ends and start < ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return [hit for hit in hits if not _touches(hit, starts, ends)]


def _touches(hit: _Hit, starts: list[int], ends: list[int]) -> bool:
    nearest = bisect_left(starts, hit.end) - 1
    return nearest >= 0 and ends[nearest] > hit.start


def _outermost(hits: list[_Hit]) -> list[_Hit]:
    """The hits that do not stand inside a longer name of the same organisation."""
    if len(hits) == 1:
        return hits
    reached, found = -1, []
    for hit in sorted(hits, key=lambda each: (each.start, -each.end)):
        if hit.end > reached:
            reached = hit.end
            found.append(hit)
    return found


def _by_account(
    owned: Mapping[str, Sequence[tuple[int, str]]],
    accounts: Iterable[str | None],
    kind: AliasKind,
) -> list[Way]:
    """The ways in which these accounts name who owns them."""
    return [
        (organisation, alias, kind)
        for account in accounts
        if account
        for organisation, alias in owned.get(fold_account(account), ())
    ]
