"""The addresses in Markdown, as people write it: in brackets, bare, at the end of a sentence."""

from __future__ import annotations

import re
from typing import Final

_ADDRESS: Final = re.compile(r"(?i:https?)://[^\s<>\"'`\[\]{}|\\^]+")
_LAST: Final = ".,;:!?*_"


def links_in(words: str) -> tuple[str, ...]:
    """Addresses in reading order, each once, http and https only.

    A bracket that was opened before an address ends it; one opened inside belongs to it.
    """
    if "://" not in words:
        return ()
    found = [_balanced(address.rstrip(_LAST)) for address in _ADDRESS.findall(words)]
    return tuple(dict.fromkeys(found))


def _balanced(address: str) -> str:
    if ")" not in address:
        return address
    depth = 0
    for at, character in enumerate(address):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return address[:at].rstrip(_LAST)
    return address
