"""Names to be read over: "United" is no praise, and what a tag says beside a name counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from ahocorasick_rs import AhoCorasick

if TYPE_CHECKING:
    from pipeline.enrich.sentiment_words import Words

_WORD: Final = re.compile(r"\w+")
_SHORTEST: Final = 3
"""Letters beside a name that may be a word of their own."""
_LONGEST: Final = 30


class Mask(NamedTuple):
    """Names to be read over; ``parts``, a word of each, tells quickly that none is there."""

    parts: AhoCorasick
    names: re.Pattern[str]
    tags: re.Pattern[str]

    def blank(self, text: str, known: Words) -> str:
        """The text without the names, and of a tag with a name what it says besides."""
        if not self.parts.find_matches_as_indexes(_big(text)):
            return text
        if "#" in text:
            text = self.tags.sub(partial(_besides, known), text)
        return self.names.sub(" ", text)


@lru_cache(maxsize=64)
def masking(names: tuple[str, ...]) -> Mask | None:
    """Any of the names as whole words or at either end of a tag, the longest first."""
    written = _longest_first(name.strip() for name in names)
    if not written:
        return None
    joined = _longest_first("".join(_WORD.findall(name)) for name in written)
    parts = {_big(part) for part in (*(max(name.split(), key=len) for name in written), *joined)}
    choice = "|".join(r"\s+".join(map(re.escape, name.split())) for name in written)
    tag = "|".join(map(re.escape, joined)) or r"(?!)"
    return Mask(
        AhoCorasick(sorted(parts)),
        re.compile(rf"(?<!\w)(?:{choice})(?!\w)", re.IGNORECASE),
        re.compile(
            rf"#(?:(?P<first>{tag})(?P<after>\w{{{_SHORTEST},{_LONGEST}}})"
            rf"|(?P<before>\w{{{_SHORTEST},{_LONGEST}}}?)(?P<last>{tag}))(?!\w)",
            re.IGNORECASE,
        ),
    )


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name}, key=lambda name: (-len(name), name))


def _besides(known: Words, found: re.Match[str]) -> str:
    """What a tag says besides the name: ``#kpnfail``, ``#FailKPN``, and not ``#ingewikkeld``."""
    tag, said = found[0][1:], found["after"] or found["before"]
    if known.is_word(tag):
        return found[0]
    seam = len(found["before"] or found["first"])
    is_hump = not tag.isupper() and (tag[seam].isupper() or "_" in tag[seam - 1 : seam + 1])
    return f"#{said}" if is_hump or known.falls_apart(said) else found[0]


def _big(text: str) -> str:
    """The text in capitals: what a pattern without regard to capitals takes for equal, is equal."""
    return text.upper() if text.isascii() else text.lower().upper().replace("\u0307", "")
