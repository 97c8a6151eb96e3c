"""What posts of Facebook, Instagram and Threads say in the same way: times, names, tags."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec

from connectors.plain_words import TAG
from pipeline.errors import PayloadError
from pipeline.post import utc_from_epoch

_NAME: Final = re.compile(
    r"@(?<![\w@./]@)(?!\w+://)([A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)"
)
_SECONDS: Final = 1e11
"""More than the seconds of three thousand years."""
Id = str | int
Time = str | int | float
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Named(msgspec.Struct):
    """Whoever or whatever has an id; a name only where the token may see it."""

    id: Id | None = None
    name: str | None = None
    username: str | None = None


def moment(given: Time | None, where: str = "$") -> datetime | None:
    """A time in UTC: ``2021-06-30T21:21:18+0000``, or seconds since 1970 in webhooks.

    Those that carry letters count milliseconds.

    Raises:
        PayloadError: something stands there that is no time.
    """
    if given is None or given == "":
        return None
    try:
        if not isinstance(given, str) or (given.isdecimal() and len(given) > 8):
            seconds = float(given)
            return utc_from_epoch(seconds / 1000 if seconds > _SECONDS else seconds)
        found = datetime.fromisoformat(given)
    except (ValueError, OverflowError, OSError) as error:
        raise PayloadError(f"not a time: {str(given)[:40]!r}", where=where) from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def name_of(given: Id | None) -> str | None:
    """An id as text; webhooks write some as numbers."""
    return None if given is None or given == "" else str(given)


def hashtags(words: str) -> tuple[str, ...]:
    """Tags without their sign, each once; a number alone is none."""
    return tuple(dict.fromkeys(TAG.findall(words)))


def accounts_in(words: str) -> tuple[str, ...]:
    """Names after an ``@``, each once, in lower case as Instagram and Threads keep them."""
    return tuple(dict.fromkeys(name.lower() for name in _NAME.findall(words)))
