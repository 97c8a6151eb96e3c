"""Match and enrich what is new: the cache of readings between the posts and the models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa

from pipeline import enrich, learn_over
from pipeline.config import Config
from pipeline.engine.choice import readers
from pipeline.ledger import SEEN
from pipeline.matching import Matcher, Named
from pipeline.processes import each_with
from pipeline.relevance.judging import Judge
from pipeline.relevance.parse import parse
from pipeline.warehouse import Warehouse

BATCHES_ALONE: Final = 2
"""Batches of posts that are matched in this process: to start others takes as long."""
WRITTEN_AT_ONCE: Final = 500_000
"""Posts whose matches are written together; a killed run matches so many again, in seconds."""


def understand(warehouse: Warehouse, config: Config) -> None:
    """Bring matches and readings up to date, batch by batch; a killed run goes on where it was.

    A text is read once for each version of the enricher and of what was learnt; a post is matched
    once for each version of the matcher, which changes with the names in luister.toml. Texts are
    read first, for a query may ask for their language.
    """
    models = learn_over.taught(warehouse.data)
    names = [name for each in named(config) for name in (each.name, *each.aliases)]
    version = learn_over.version(enrich.version_for(names), models)
    with readers(config, names) as read:
        for batch in warehouse.unread_texts(version):
            readings = learn_over.over(read(batch), batch, models)
            are_new = True not in batch.column("was_read").to_pylist()
            warehouse.write_texts(readings, version, are_new=are_new)
    matcher = Matcher.from_organisations(named(config))
    judge = Judge(named(config), lambda task: learn_over.usable(task, warehouse.data))
    reading = version if matcher.reads_language else ""
    told = "+".join(filter(None, (matcher.version, judge.version, reading)))
    match(warehouse, matcher, judge, told)


def match(warehouse: Warehouse, matcher: Matcher, judge: Judge, version: str) -> None:
    """Match what this version has not seen, and judge what only words tell."""
    found = (
        (batch.select(SEEN), matches, judge.judge(batch, matches))
        for batch, matches in matched(matcher, warehouse.unmatched_posts(version))
    )
    for seen, matches, judgements in _together(found):
        warehouse.write_matches(seen, matches, version, judgements)


def _together(found: Iterable[tuple[pa.Table, ...]]) -> Iterator[tuple[pa.Table, ...]]:
    """Tables of several batches as one: each writing waits for the disk."""
    held: list[tuple[pa.Table, ...]] = []
    for tables in found:
        held.append(tables)
        if sum(each[0].num_rows for each in held) >= WRITTEN_AT_ONCE:
            yield tuple(map(pa.concat_tables, zip(*held, strict=True)))
            held.clear()
    if held:
        yield tuple(map(pa.concat_tables, zip(*held, strict=True)))


def matched(matcher: Matcher, batches: Iterable[pa.Table]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Each batch of posts with its matches, on all cores where there are many."""
    return each_with(matcher.match, batches, alone=BATCHES_ALONE)


def named(config: Config) -> list[Named]:
    """How each organisation may be named, for the matcher."""
    return [
        Named(
            name=each.name,
            aliases=each.aliases,
            exclude=each.exclude,
            domains=each.domains,
            tags=each.tags,
            accounts=dict(each.accounts),
            query=parse(each.query) if each.query is not None else None,
            context=each.context,
            not_context=each.not_context,
            threshold=each.relevance_threshold,
        )
        for each in config.organisations
    ]
