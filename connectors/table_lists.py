"""Lists in one cell of a table: as JSON, Python or NumPy writes them, or single words."""

from __future__ import annotations

import ast
import io
import re
from contextlib import suppress
from itertools import pairwise
from tokenize import NL, STRING, TokenError, generate_tokens
from typing import Any, Final

import msgspec

from connectors.markup import MAX_CHARACTERS

WORDS: Final = re.compile(r"[^,;\s]+")
_HOST: Final = r"[^\s,;][^\s,;/?#]*"
_NEXT: Final = r"https?://|www\."
_FILE: Final = r"[\w.-]+\.(?:html?|php|aspx?|jsp|pdf|jpe?g|png|gif)(?:[?#/,;\s]|$)"
"""The end of a path; a host looks the same."""
_LIKE_A_HOST: Final = rf"(?!{_FILE})[\w-]+(?:\.[\w-]+)+(?:[/,;\s]|$)"
ADDRESSES: Final = re.compile(
    rf"https?://{_HOST}(?:[/?#](?:[,;]++(?!{_NEXT})|[^\s,;])*+)?"
    rf"|{_HOST}(?:[/?#](?:[,;]++(?!{_NEXT}|{_LIKE_A_HOST})|[^\s,;])*+)?",
    re.IGNORECASE,
)
"""The path of an address may hold a comma itself."""
_CALLED: Final = ("screen_name", "username", "text", "tag", "expanded_url", "url")
"""What says who, what or where in a list of objects."""


def as_list(text: str, parts: re.Pattern[str]) -> Any:
    """A list as JSON or Python writes it, or words with signs between them."""
    if not text.startswith("["):
        return parts.findall(text)
    with suppress(msgspec.DecodeError):
        return msgspec.json.decode(text)
    with suppress(ValueError, SyntaxError, RecursionError, MemoryError, TokenError):
        if _has_commas(text[:MAX_CHARACTERS]):
            return ast.literal_eval(text[:MAX_CHARACTERS])
    plain = (each.strip("[]'\"") for each in parts.findall(text.strip("[]")))
    return [each for each in plain if each]


def _has_commas(text: str) -> bool:
    """Whether commas stand between quoted words: Python reads two without one as one word."""
    told = [each.type for each in generate_tokens(io.StringIO(text).readline) if each.type != NL]
    return (STRING, STRING) not in pairwise(told)


def called(each: Any) -> Any:
    """What an object of a list is called; anything else is itself."""
    if not isinstance(each, dict):
        return each
    return next((each[name] for name in _CALLED if each.get(name)), None)
