"""Slips in luister.toml that are told in words of who wrote it, not of who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_OF_BLOCKS: Final = frozenset({"source", "competitor", "place"})
_WORDS: Final[Mapping[str, str]] = {
    "tuple_type": 'a list is wanted here, between brackets: ["…", "…"]',
    "string_type": 'a text is wanted here, between quotes: "…"',
    "string_too_short": "something must stand here",
    "int_type": "a whole number is wanted here, without quotes",
    "int_parsing": "a whole number is wanted here, without quotes",
    "int_from_float": "a whole number is wanted here",
    "float_type": "a number is wanted here, without quotes",
    "float_parsing": "a number is wanted here, without quotes",
    "bool_type": "true or false is wanted here, without quotes",
    "bool_parsing": "true or false is wanted here, without quotes",
}
_PATTERNS: Final[Mapping[str, str]] = {
    "name": "use small letters, digits, - and _ alone, and begin with a letter or a digit",
    "landing": "an address like s3://bucket/folder is wanted here (s3, gs, abfs or file)",
    "address": "name an environment variable here (A-Z, 0-9, _), never the secret itself",
}
_SECTIONS: Final = frozenset({"model_type", "dict_type", "mapping_type"})


def plainly(kind: str, location: tuple[str | int, ...], given: Any) -> str:
    """What is wanted at a place of luister.toml; empty where its own message says so.

    Args:
        kind: what the validator calls the mistake.
        location: the keys that lead to it.
        given: what stands there.
    """
    name = str(location[-1]) if location else ""
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(name, "")
    if kind == "tuple_type" and name in _OF_BLOCKS:
        return f"begin each with double brackets: [[{_dotted(location)}]]"
    if kind in _SECTIONS:
        if isinstance(given, list) and any(isinstance(each, dict) for each in given):
            return f"there is only one: begin it with single brackets, [{_dotted(location)}]"
        return f"keys with their values are wanted here, below a line [{_dotted(location)}]"
    return _WORDS.get(kind, "")


def _dotted(location: tuple[str | int, ...]) -> str:
    return ".".join(part for part in location if isinstance(part, str))
