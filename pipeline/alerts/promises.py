"""Promises of retention: what is still kept although its time is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.retention import count_expired, terms_of
from pipeline.warehouse import DATABASE_NAME, read_warehouse

if TYPE_CHECKING:
    from pipeline.config import Config

GRACE: Final = timedelta(days=2)
"""Nights remove what has had its time; one night that failed is no broken promise yet."""

_TERMS: Final[Mapping[str, str]] = {
    "payloads": "payload_days",
    "rejected": "payload_days",
    "texts": "text_days",
    "posts": "pseudonym_days",
}


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """So many of one kind are kept longer than ``days``, the term of ``[privacy]``."""

    what: str
    count: int
    days: int


def find_broken(config: Config, now: datetime) -> Iterator[Broken]:
    """What the database keeps beyond its term and two days of grace, by kind."""
    if not (config.data / DATABASE_NAME).exists():
        return
    terms = terms_of(config, now - GRACE)
    with read_warehouse(config.data) as warehouse:
        counts = count_expired(warehouse.database, terms) if warehouse is not None else {}
    for what, count in counts.items():
        if count:
            days = int(getattr(config.privacy, _TERMS[what]))
            yield Broken(what=what, count=count, days=days)
