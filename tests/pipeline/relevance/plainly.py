"""Queries judged the slow and plain way, and queries and texts made at random."""

from __future__ import annotations

import re
from typing import Any as Anything

from hypothesis import strategies as st

from pipeline.folding import fold, is_whole_word
from pipeline.relevance.tree import (
    All,
    Any,
    Field,
    Near,
    Not,
    Query,
    Text,
    all_of,
    any_of,
    is_anchored,
    settled,
)

WORDS = ("kpn", "ns", "trein", "Citroën", "zonneveld", "storing", "zon", "klant", "C&A")


def spans(text: Text, folded: str) -> list[tuple[int, int]]:
    """Every place of a word or phrase, by trying each place and each length."""
    wanted = fold(text.words)
    if text.is_pattern:
        letters = [r"\w" if each == "?" else re.escape(each) for each in wanted.rstrip("*")]
        pattern = re.compile("".join(letters) + (r"\w*" if wanted.endswith("*") else ""))
    else:
        pattern = re.compile(re.escape(wanted))
    return [
        (start, end)
        for start in range(len(folded))
        for end in range(start + 1, min(len(folded), start + 40) + 1)
        if pattern.fullmatch(folded, start, end) and is_whole_word(folded, start, end)
    ]


def holds(query: Query, folded: str, fields: dict[str, set[str]]) -> bool:
    """Whether a query holds for a folded text and folded values of fields."""
    match query:
        case Text():
            return bool(spans(query, folded))
        case Field(name=name, value=value):
            return fold(value) in fields.get(name, set())
        case Not(of=inner):
            return not holds(inner, folded, fields)
        case All(of=parts):
            return all(holds(each, folded, fields) for each in parts)
        case Any(of=parts):
            return any(holds(each, folded, fields) for each in parts)
        case Near(left=left, right=right, words=words):
            return any(
                len(re.findall(r"\w+", folded[min(first[1], second[1]) : max(first[0], second[0])]))
                < words
                and (first[1] <= second[0] or second[1] <= first[0])
                for one in left
                for other in right
                for first in spans(one, folded)
                for second in spans(other, folded)
            )
    raise AssertionError(query)


def _text(words: str) -> Text:
    return Text(words, is_pattern="*" in words or "?" in words)


texts = st.sampled_from([*WORDS, "zon*", "kl?nt*", "storing vandaag", "NS trein"]).map(_text)
_sides = st.lists(texts, min_size=1, max_size=2, unique=True).map(tuple)
_leaves: st.SearchStrategy[Query] = st.one_of(
    texts,
    st.builds(Near, _sides, _sides, st.integers(1, 4)),
    st.sampled_from(
        [
            Field("tag", "kpn"),
            Field("handle", "zonneveld"),
            Field("author", "anna"),
            Field("lang", "nl"),
            Field("platform", "x"),
        ]
    ),
)


def _larger(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    some = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(some.map(all_of), some.map(any_of), inner.map(Not))


queries: st.SearchStrategy[Query] = st.recursive(_leaves, _larger, max_leaves=8).filter(
    lambda query: is_anchored(settled(query))
)
_pieces = st.sampled_from(
    [*WORDS, "vandaag", "zonnig", "klantje", "klent", "#kpn", "@zonneveld", "en", ",", "-", "'s"]
)
posts: st.SearchStrategy[dict[str, Anything]] = st.fixed_dictionaries(
    {
        "text": st.lists(_pieces, max_size=9).map(" ".join),
        "tags": st.sampled_from([(), ("KPN",)]),
        "mentions": st.sampled_from([(), ("Zonneveld",)]),
        "author_handle": st.sampled_from(["anna", "bob"]),
        "language": st.sampled_from(["nl", "en", None]),
        "platform": st.sampled_from(["x", "mastodon"]),
    }
)


def fields_of(post: dict[str, Anything]) -> dict[str, set[str]]:
    """The folded values of the fields of a post."""
    return {
        "tag": {fold(each) for each in post["tags"]},
        "handle": {fold(each) for each in post["mentions"]},
        "author": {post["author_handle"]},
        "lang": {post["language"] or ""},
        "platform": {post["platform"]},
    }
