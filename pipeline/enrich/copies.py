"""Copies: texts that say nearly the same, told by fingerprints, and addresses written alike.

A text is the set of its pairs of neighbouring words. Two texts are copies when they share at least
``ALIKE`` of all their pairs (Jaccard). Which to compare is told by MinHash (Broder 1997) in bands:
two texts that share 80% of their pairs share a band in 999 of 1000 cases, 70% in 98 of 100.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
import rensa

from pipeline.enrich.text import readable

VERSION: Final = f"2-{importlib.metadata.version('rensa')}"
ALIKE: Final = 0.7
FEWEST_WORDS: Final = 10
"""Words below which a text is nobody's story: "bedankt!" is said by many."""
FEWEST_LETTERS: Final = 40
BANDS: Final = 16
_ROWS: Final = 4
_MOST_WORDS: Final = 1_000
_SEED: Final = 20
_WORD: Final = re.compile(r"\w+")
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_FOLLOWING: Final = re.compile(
    r"(?:utm_|pk_|mtm_|at_|wt_|icid|cmp|ns_)\w*|fbclid|gclid|yclid|gclsrc|dclid|msclkid|mc_[ce]id|igshid?"
    r"|ref|ref_src|ref_url|source|src|campaign|share|shared|smid|ocid|xtor|spm|amp|outputtype"
)
"""Names in an address that tell who follows it, not where it leads."""
_DOOR: Final = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_ENDING: Final = re.compile(r"(?:/amp|/index\.(?:html?|php)|\.amp)?/*$")


def pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring words of a text; empty when it is too short to be a story."""
    words = _WORD.findall(readable(text).casefold())[:_MOST_WORDS]
    if len(words) < FEWEST_WORDS:
        return frozenset()
    found = frozenset(map(" ".join, pairwise(words)))
    return found if len(found) >= FEWEST_WORDS - 2 else frozenset()


def fingerprints(texts: Sequence[str]) -> list[list[int] | None]:
    """``BANDS`` numbers for each text; None when it is too short to be a story."""
    told = [pairs(text) for text in texts]
    places = [place for place, each in enumerate(told) if each]
    found: list[list[int] | None] = [None] * len(texts)
    if not places:
        return found
    digests = rensa.RMinHash.digests_from_token_sets(
        [list(told[place]) for place in places], BANDS * _ROWS, _SEED
    )
    for place, bands in zip(places, _bands(digests), strict=True):
        found[place] = bands
    return found


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of all pairs of words that two texts have in common."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def canonical(address: str) -> str | None:
    """An address without scheme, www, fragment and names of who follows it; None if it is none."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "." not in host:
        return None
    asked = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _FOLLOWING.fullmatch(name.lower())
    )
    path = _ENDING.sub("", parts.path)
    if not path and not asked:
        return None
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{_DOOR.sub('', host)}{path}{query}"


def _bands(digests: Sequence[Sequence[int]]) -> list[list[int]]:
    """One number for each run of rows of a digest."""
    rows: Any = np.asarray(digests, np.uint64).reshape(len(digests), BANDS, _ROWS)
    mixed = np.zeros(rows.shape[:2], np.uint64)
    for row in range(_ROWS):
        mixed = (mixed ^ rows[:, :, row]) * _MIX
        mixed ^= mixed >> np.uint64(29)
    bands: list[list[int]] = (mixed >> np.uint64(32)).tolist()
    return bands
