"""What the reader asked to see, as the address of the page says it, and as SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Self
from urllib.parse import urlencode

import msgspec

FACETS: Final = ("platform", "role", "purpose", "sentiment", "language")
"""What a post is counted by; each is a column of ``held.posts`` and a key of the address."""

UNKNOWN: Final = "-"
"""In an address: the posts of which this was not read."""

_IN_THREAD: Final = "place in (select rowid from published.marts.posts where thread_key = $thread)"
_HOLDS_WORD: Final = (
    "contains(words, $word_{number}) and "
    "(contains(words, $spaced_{number}) or regexp_matches(words, $apart_{number}))"
)
"""A whole word; the cheap questions come first, and leave few posts to the dear one."""

PAGE_ROWS: Final = 50
LONGEST: Final = 200
MOST_PAGES: Final = 1_000_000


def pages_of(total: int) -> int:
    """On how many pages so many posts stand: none stand on one."""
    return max(1, -(-total // PAGE_ROWS))


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of posts of one organisation; an empty text chooses nothing away."""

    organisation: str
    first: date | None = None
    last: date | None = None
    platform: str = ""
    role: str = ""
    purpose: str = ""
    sentiment: str = ""
    language: str = ""
    search: str = ""
    thread: str = ""
    page: int = 1

    def but(self, **changes: Any) -> Self:
        """The same choice with these changes, from its first page."""
        return msgspec.structs.replace(self, **{"page": 1, **changes})

    def within(self, total: int) -> Self:
        """The same choice at the last page of so many posts, where its own lies behind them."""
        last = pages_of(total)
        return self if self.page <= last else self.but(page=last)

    @property
    def address(self) -> str:
        """The query of the address that shows this choice."""
        said = {
            name: value.isoformat() if isinstance(value, date) else str(value)
            for name, value in msgspec.structs.asdict(self).items()
            if value and (name, value) != ("page", 1)
        }
        return urlencode(said)

    def condition(self, words: Sequence[str]) -> tuple[str, dict[str, Any]]:
        """What stands after ``where``, and its values.

        Args:
            words: of the search, folded; over ``held.posts`` there can be none.
        """
        parts = ["organisation = $organisation"]
        values: dict[str, Any] = {"organisation": self.organisation}
        if self.first:
            parts.append("posted_date >= $first")
            values["first"] = self.first
        if self.last:
            parts.append("posted_date <= $last")
            values["last"] = self.last
        for name in FACETS:
            chosen = getattr(self, name)
            if chosen == UNKNOWN:
                parts.append(f"{name} is null")
            elif chosen:
                parts.append(f"{name} = ${name}")
                values[name] = chosen
        if self.thread:
            parts.append(_IN_THREAD)
            values["thread"] = self.thread
        for number, word in enumerate(words):
            parts.append(_HOLDS_WORD.format(number=number))
            values[f"word_{number}"] = word
            values[f"spaced_{number}"] = f" {word} "
            values[f"apart_{number}"] = rf"(^|[^\pL\pN]){word}([^\pL\pN]|$)"
        return " and ".join(parts), values


def read_filter(asked: Mapping[str, str], organisations: tuple[str, ...]) -> Filter:
    """What an address asks for; what cannot be read in it chooses nothing.

    Args:
        asked: keys and values of the address, written by anybody.
        organisations: those of the file, the company itself first; not empty.
    """
    organisation = asked.get("organisation", "")
    first, last = day(asked.get("first", "")), day(asked.get("last", ""))
    if first and last and first > last:
        first, last = last, first
    return Filter(
        organisation=organisation if organisation in organisations else organisations[0],
        first=first,
        last=last,
        search=plain(asked.get("search", "")),
        thread=plain(asked.get("thread", "")),
        page=whole(asked.get("page", "")),
        **{name: plain(asked.get(name, "")) for name in FACETS},
    )


def day(text: str) -> date | None:
    """A day as an address writes it, or None."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def plain(text: str) -> str:
    """A text of an address, not too long."""
    return text.replace("\0", "").strip()[:LONGEST]


def whole(text: str) -> int:
    """The number of a page, from 1."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES))
    return min(MOST_PAGES, max(1, int(text))) if is_number else 1
