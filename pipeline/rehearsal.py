"""Rehearsal: what tonight would ask of each source, and what budget there is for it.

Asks nobody anything and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from pipeline.asked import new_names
from pipeline.budget import Left, Spending, limits
from pipeline.secrets import find_secret
from pipeline.since import refreshed_since, since_of, verbs_behind
from pipeline.source import VERBS, Connector, Source
from pipeline.tonight import Night
from pipeline.verbs import can, without_access
from pipeline.warehouse import Warehouse, read_warehouse


class Rehearsed(msgspec.Struct, frozen=True, kw_only=True):
    """What one source would be asked tonight.

    ``requests_last_time`` and ``reads_last_time`` are those of its last run, the best guess of what
    it takes; None before the first. ``since_by_verb`` tells of verbs that reach further back than
    ``since``, ``new_names`` of what they were never asked for and are asked for since
    ``first_since``, once. ``limits`` hold for all sources of its platform together.
    """

    source: str
    platform: str
    since: datetime
    since_by_verb: dict[str, datetime]
    new_names: dict[str, list[str]]
    first_since: datetime
    verbs: tuple[str, ...]
    verbs_without_access: tuple[str, ...]
    threads: int
    refreshes: int
    requests_last_time: int | None
    reads_last_time: int | None
    limits: tuple[Left, ...]


def rehearse(night: Night, connector_of: Callable[[str], Connector]) -> Iterator[Rehearsed]:
    """What ``night`` would ask, source by source."""
    with read_warehouse(night.data) as warehouse:
        spent = warehouse.spending_by_platform(night.now) if warehouse else {}
        for source in night.sources.values():
            spending = spent.get(source.platform, Spending())
            yield _rehearsed(night, source, connector_of(source.platform), warehouse, spending)


def _rehearsed(
    night: Night,
    source: Source,
    connector: Connector,
    warehouse: Warehouse | None,
    spending: Spending,
) -> Rehearsed:
    collection = night.config.collection_of(source.name)
    through = warehouse.progress(source.name) if warehouse else None
    since = since_of(collection, night.now, through)
    oldest = refreshed_since(collection, night.now)
    reached = warehouse.verb_progress(source.name) if warehouse else {}
    noted = warehouse.asked_names(source.name) if warehouse else {}
    added = new_names(source, connector, noted)
    behind = verbs_behind(collection, night.now, reached, since)
    threads = warehouse.posts_to_thread(source.name, since) if warehouse else []
    threads += warehouse.posts_cut_off(source.name) if warehouse else []
    refreshes = warehouse.posts_to_refresh(source.name, oldest) if warehouse else []
    last = warehouse.last_collection(source.name) if warehouse else None
    verbs = tuple(verb for verb in VERBS if can(source, connector, verb, _has(source)))
    return Rehearsed(
        source=source.name,
        platform=source.platform,
        since=since,
        since_by_verb={verb: begin for verb, begin in behind.items() if verb in verbs},
        new_names={verb: names for verb, names in added.items() if verb in verbs},
        first_since=since_of(collection, night.now, None),
        verbs=verbs,
        verbs_without_access=tuple(without_access(source, connector, _has(source))),
        threads=min(len(threads), collection.threads_per_source) if "thread" in verbs else 0,
        refreshes=min(len(refreshes), collection.refresh_per_source) if "refresh" in verbs else 0,
        requests_last_time=last[0] if last else None,
        reads_last_time=last[1] if last else None,
        limits=tuple(limits(connector.ACCESS, night.config.budget.get(source.platform), spending)),
    )


def _has(source: Source) -> Callable[[str], object]:
    return lambda name: find_secret(source.variable(name))
