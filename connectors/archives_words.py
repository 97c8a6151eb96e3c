"""What the entries of all archives have in common: the owner, names for the nameless, words."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Any, Final

from connectors.dates import read_time
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item

NAMED: Final = re.compile(r"@(?<![\w@/]@)(?!\w+://)(\w(?:[\w.]*\w)?)")
_ADDRESS: Final = re.compile(r'("(?:[a-z]+_)?ip(?:_address)?"\s*:\s*)"[^"]*"')
"""The internet address from which Facebook saw a picture come: it is not kept."""


def owned_post(item: Item, **fields: Any) -> Post:
    """With the owner of the archive as author: nobody else's words are in it."""
    if not fields["post_id"]:
        raise PayloadError("a post without its name")
    handle = item.context.get("account")
    return Post(
        observed_at=item.observed_at,
        author_id=item.context.get("id") or handle,
        author_handle=handle,
        author_name=item.context.get("name"),
        payload=_ADDRESS.sub(r'\1""', item.raw.decode("utf-8", "replace")),
        **fields,
    )


def digest(*parts: str) -> str:
    """A name for what its platform gives none: the same words at the same time have the same."""
    return (
        "archive:" + hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
    )


def every(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    """All that a pattern finds, each once and in order."""
    return tuple(dict.fromkeys(each.rstrip(".,;:!?)") for each in pattern.findall(text)))


def count(told: str | int | None, where: str) -> int | None:
    """A count, written as a number or as its digits; None is unknown."""
    if told is None:
        return None
    if re.fullmatch(r"\d{1,15}", str(told), re.ASCII):
        return int(told)
    raise PayloadError(f"{str(told)[:40]!r} is not a count", where=where)


def time_of(text: str, item: Item, where: str) -> datetime:
    """A time that must be there; one without a zone is in UTC."""
    moment = read_time(text, item.observed_at, UTC)
    if moment is None:
        raise PayloadError(f"{text[:40]!r} is not a time that is understood", where=where)
    return moment
