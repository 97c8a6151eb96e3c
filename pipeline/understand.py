"""Match and enrich what is new: the cache of readings between the posts and the models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa

from pipeline import enrich, learn_over
from pipeline.config import Config
from pipeline.engine.choice import readers
from pipeline.matching import Matcher, Named
from pipeline.processes import each_with
from pipeline.relevance.judging import Judge
from pipeline.relevance.parse import parse
from pipeline.warehouse import Warehouse

BATCHES_ALONE: Final = 2
"""Batches of posts that are matched in this process: to start others takes as long."""


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
    for batch, matches in matched(matcher, warehouse.unmatched_posts(told)):
        warehouse.write_matches(batch, matches, told, judge.judge(batch, matches))


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
