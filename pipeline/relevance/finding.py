"""Does a post match a query? All queries at once: one pass over a text, then only what may match.

Every word of every query is looked for in one Aho-Corasick pass over the folded text. Only queries
of which a word, tag, handle, link or author is there are then looked at as a whole. Wildcards are
tried where the letters before them were found, so that no text makes them slow.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple

import ahocorasick_rs

from pipeline.folding import (
    begins_word,
    fold,
    fold_account,
    fold_tag,
    host_and_path,
    is_whole_word,
    pages_in,
)
from pipeline.relevance.tree import (
    All,
    Any,
    Field,
    FieldName,
    Near,
    Not,
    Query,
    Text,
    is_anchored,
    leaves,
    settled,
    written,
)

FoundKind = Literal["name", "handle", "tag", "domain", "author"]
_KINDS: Final[Mapping[FieldName, FoundKind]] = {
    "handle": "handle",
    "tag": "tag",
    "url": "domain",
    "author": "author",
}
_WORD: Final = re.compile(r"\w+")


class Span(NamedTuple):
    """Where in the folded text something stands."""

    start: int
    end: int


Found = tuple[str, FoundKind]
"""What of a query was found, as it is written there, and what kind of thing it is."""


class Subject:
    """A post as queries see it; what only few queries ask for is worked out when asked.

    Args:
        folded: title and text, without addresses, folded.
        written: title and text as they are, for the addresses in them.
    """

    def __init__(
        self,
        folded: str,
        written: str = "",
        *,
        platform: str = "",
        language: str | None = None,
        author: Iterable[str | None] = (),
        mentions: Iterable[str] = (),
        tags: Iterable[str] = (),
        links: Iterable[str] = (),
    ) -> None:
        self.folded = folded
        self._written = written
        self._platform = platform
        self._language = language
        self._author = author
        self._mentions = mentions
        self._tags = tags
        self._links = links
        self._values: dict[FieldName, frozenset[str]] = {}

    def values(self, name: FieldName) -> frozenset[str]:
        """What stands in a field apart from links, folded."""
        if name not in self._values:
            self._values[name] = frozenset(self._folded(name))
        return self._values[name]

    def _folded(self, name: FieldName) -> Iterable[str]:
        match name:
            case "platform":
                return (fold(self._platform),)
            case "lang":
                return _languages(self._language)
            case "author":
                return (fold_account(each) for each in self._author if each)
            case "handle":
                return map(fold_account, self._mentions)
            case "tag":
                return map(fold_tag, self._tags)
        raise AssertionError(name)

    @cached_property
    def places(self) -> Sequence[tuple[str, str]]:
        """Host and path of every link."""
        links = dict.fromkeys((*self._links, *pages_in(self._written)))
        return [host_and_path(link) for link in links]

    @cached_property
    def words(self) -> Sequence[int]:
        """Where each word begins."""
        return [each.start() for each in _WORD.finditer(self.folded)]


class Finder:
    """Several queries, compiled; what a list of exclusions overlaps is taken back.

    Args:
        queries: a query, and the longer names that mean somebody else, for each number.
    """

    def __init__(self, queries: Mapping[int, tuple[Query, Sequence[str]]]) -> None:
        self._trees = {number: settled(query) for number, (query, _) in queries.items()}
        self._texts: dict[str, list[tuple[int, Text | None]]] = {}
        for number, tree in self._trees.items():
            for each in dict.fromkeys(leaves(tree)):
                if isinstance(each, Text):
                    self._texts.setdefault(_stem(each), []).append((number, each))
            for name in queries[number][1]:
                self._texts.setdefault(fold(name), []).append((number, None))
        self._texts.pop("", None)
        self._wanted = list(self._texts.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(self._texts))
        self._patterns = {
            each: _pattern(each)
            for tree in self._trees.values()
            for each in leaves(tree)
            if isinstance(each, Text) and each.is_pattern
        }
        self._fields = {number: _anchors(tree) for number, tree in self._trees.items()}
        self._tests = {
            each: _test(each)
            for tree in self._trees.values()
            for each in leaves(tree)
            if isinstance(each, Field)
        }

    def find(self, subject: Subject) -> Iterator[tuple[int, Found]]:
        """The numbers of the queries that match, each with everything that names it."""
        spans, excluded = self._hits(subject.folded)
        for number, tree in self._trees.items():
            hits = spans.get(number, {})
            if number in excluded:
                hits = _without(hits, excluded[number])
            is_candidate = bool(hits) or any(
                self._tests[each](subject) for each in self._fields[number]
            )
            if is_candidate:
                look = _Look(subject, hits, self._tests)
                if look.holds(tree):
                    for found in dict.fromkeys(look.names(tree)):
                        yield number, found

    def _hits(self, folded: str) -> tuple[dict[int, dict[Text, list[Span]]], dict[int, list[Span]]]:
        spans: dict[int, dict[Text, list[Span]]] = {}
        excluded: dict[int, list[Span]] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            for number, text in self._wanted[index]:
                span = self._whole(folded, text, start, end)
                if span is None:
                    continue
                if text is None:
                    excluded.setdefault(number, []).append(span)
                else:
                    spans.setdefault(number, {}).setdefault(text, []).append(span)
        return spans, excluded

    def _whole(self, folded: str, text: Text | None, start: int, end: int) -> Span | None:
        if text is not None and text.is_pattern:
            found = (
                self._patterns[text].match(folded, start) if begins_word(folded, start) else None
            )
            if found is None:
                return None
            end = found.end()
        return Span(start, end) if is_whole_word(folded, start, end) else None


class _Look(NamedTuple):
    """One look at a post: what of the words was found, and how fields are tested."""

    subject: Subject
    hits: Mapping[Text, list[Span]]
    tests: Mapping[Field, Callable[[Subject], bool]]

    def holds(self, query: Query) -> bool:
        """Whether a settled query holds."""
        match query:
            case Text():
                return query in self.hits
            case Field():
                return self.tests[query](self.subject)
            case Near():
                return self._is_near(query)
            case Not(of=inner):
                return not self.holds(inner)
            case All(of=parts):
                return all(map(self.holds, parts))
            case Any(of=parts):
                return any(map(self.holds, parts))
        raise AssertionError(query)

    def names(self, query: Query) -> Iterator[Found]:
        """What names the organisation in a query that holds: of what is joined by AND the first."""
        match query:
            case Text():
                yield (query.words, "name")
            case Field(name=name):
                yield (written(query), _KINDS[name])
            case Near(left=left):
                yield from ((each.words, "name") for each in left if each in self.hits)
            case All(of=parts):
                yield from self.names(next(each for each in parts if is_anchored(each)))
            case Any(of=parts):
                for each in parts:
                    if is_anchored(each) and self.holds(each):
                        yield from self.names(each)

    def _is_near(self, near: Near) -> bool:
        left, right = (
            [span for each in side for span in self.hits.get(each, ())]
            for side in (near.left, near.right)
        )
        if not left or not right:
            return False
        words = self.subject.words
        return _follows(left, right, near.words, words) or _follows(right, left, near.words, words)


def _follows(
    before: Sequence[Span], after: Sequence[Span], farthest: int, words: Sequence[int]
) -> bool:
    """Whether something of ``after`` begins at most ``farthest`` words behind one of ``before``."""
    later = sorted(after)
    starts = [span.start for span in later]
    for span in before:
        place = bisect_left(starts, span.end)
        if place < len(starts):
            between = _word_at(words, starts[place]) - _word_at(words, span.end - 1)
            if between <= farthest:
                return True
    return False


def _word_at(words: Sequence[int], offset: int) -> int:
    return bisect_right(words, offset)


def _without(hits: Mapping[Text, list[Span]], excluded: Sequence[Span]) -> dict[Text, list[Span]]:
    """The hits that no excluded name touches."""
    ordered = sorted(excluded)
    reached: list[int] = []
    for span in ordered:
        reached.append(max(span.end, reached[-1] if reached else 0))
    starts = [span.start for span in ordered]
    kept = {
        text: [span for span in spans if not _touches(span, starts, reached)]
        for text, spans in hits.items()
    }
    return {text: spans for text, spans in kept.items() if spans}


def _touches(span: Span, starts: Sequence[int], reached: Sequence[int]) -> bool:
    """Whether an excluded span that begins before the end of this one ends behind its start."""
    before = bisect_left(starts, span.end) - 1
    return before >= 0 and reached[before] > span.start


def _anchors(query: Query) -> list[Field]:
    """Fields by which alone a settled query may match."""
    match query:
        case Field():
            return [query] if is_anchored(query) else []
        case All(of=parts) | Any(of=parts):
            return [field for each in parts for field in _anchors(each)]
    return []


def _stem(text: Text) -> str:
    """What to look for in one pass: the folded words, or the letters before a wildcard."""
    folded = fold(text.words)
    return re.split(r"[*?]", folded, maxsplit=1)[0] if text.is_pattern else folded


def _pattern(text: Text) -> re.Pattern[str]:
    """A word with wildcards; ``*`` stands only at its end, so that it is tried once."""
    folded = fold(text.words)
    letters = (r"\w" if each == "?" else re.escape(each) for each in folded.removesuffix("*"))
    return re.compile("".join(letters) + (r"\w*" if folded.endswith("*") else ""))


def _test(field: Field) -> Callable[[Subject], bool]:
    """How a field is looked at."""
    name = field.name
    if name == "url":
        place = host_and_path(field.value)
        return lambda subject: any(is_within(each, place) for each in subject.places)
    value = _folded_value(field)
    if {"*", "?"} & set(value):
        letters = ("." if each == "?" else re.escape(each) for each in value.removesuffix("*"))
        wild = re.compile("".join(letters) + (".*" if value.endswith("*") else ""), re.DOTALL)
        return lambda subject: any(map(wild.fullmatch, subject.values(name)))
    return lambda subject: value in subject.values(name)


def _folded_value(field: Field) -> str:
    match field.name:
        case "tag":
            return fold_tag(field.value)
        case "lang":
            return fold(field.value).replace("_", "-")
        case "platform":
            return fold(field.value)
    return fold_account(field.value)


def _languages(language: str | None) -> Iterator[str]:
    """A language as the post has it, and without its country."""
    if language:
        folded = fold(language).replace("_", "-")
        yield folded
        yield folded.partition("-")[0]


def is_within(place: tuple[str, str], asked: tuple[str, str]) -> bool:
    """Whether an address is that of the host asked for or one below it, and of its path."""
    host, path = place
    wanted, start = asked
    if not wanted or not (host == wanted or host.endswith(f".{wanted}")):
        return False
    return not start.strip("/") or f"{path.rstrip('/')}/".startswith(f"{start.rstrip('/')}/")
