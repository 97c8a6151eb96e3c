"""Whom a night need not ask: who landed before it was cut off, who wants rest, who is gone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.collect import Rest
from pipeline.query import first
from pipeline.source import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SAME_NIGHT: Final = timedelta(hours=12)
"""A run that was cut off longer ago belongs to another night: all is asked again."""

GONE_NIGHTS: Final = 3
GONE_FOR: Final = timedelta(hours=44)
"""Three nights, each up to two hours earlier than the one before."""


def settings_digest(source: Source) -> str:
    """What a source is asked for, as one short text: another when its settings were changed."""
    told = msgspec.json.encode(source, enc_hook=repr, order="deterministic")
    return hashlib.sha256(told).hexdigest()[:24]


def landed_tonight(
    database: DuckDBPyConnection, sources: Mapping[str, Source], now: datetime
) -> frozenset[str]:
    """Sources that landed whole, with the settings of now, in runs of this night that never ended.

    A run that ended makes those before it count no more: the one after it asks everybody again.

    Args:
        database: it has loaded what has landed.
        sources: those of the run that begins, by name.
        now: when it begins.
    """
    rows = database.execute(
        """
        with ended as (select max(run_id) as run_id from ops.runs where finished_at is not null)
        select collections.source, collections.asked_as
        from ops.collections as collections
        join ops.runs as runs using (run_id)
        cross join ended
        where collections.status = 'complete' and runs.finished_at is null
            and runs.started_at between $oldest and $now
            and runs.run_id > coalesce(ended.run_id, '')
        """,
        {"oldest": now - SAME_NIGHT, "now": now},
    ).fetchall()
    return frozenset(
        name
        for name, asked_as in rows
        if name in sources and asked_as == settings_digest(sources[name])
    )


def rest_of(database: DuckDBPyConnection, source: Source, now: datetime) -> Rest | None:
    """Why a source is not asked tonight; None when it is.

    Other settings than those it was asked with end its rest.
    """
    asked_as = settings_digest(source)
    wish = first(
        database,
        """
        select not_before from ops.collections
        where source = $source and asked_as = $asked_as
        order by run_id desc limit 1
        """,
        {"source": source.name, "asked_as": asked_as},
    )
    if wish is not None and wish[0] is not None and wish[0] > now:
        return Rest(
            what=f"asked to be left alone until {wish[0]:%Y-%m-%d %H:%M} UTC",
            seconds=(wish[0] - now).total_seconds(),
            todo=f"nothing: it is asked after that, or now by `luister run --source {source.name}`",
        )
    if _is_gone(database, source.name, asked_as, now):
        return Rest(
            what=f"was gone {GONE_NIGHTS} nights in a row and is not asked any more",
            todo="remove or replace it in luister.toml, or look once more with "
            f"`luister run --source {source.name}`",
        )
    return None


def _is_gone(database: DuckDBPyConnection, source: str, asked_as: str, now: datetime) -> bool:
    row = first(
        database,
        """
        with
        judged as (
            select
                run_id, asked_through,
                status = 'failed' and error_code = 'SourceGone' and asked_as = $asked_as as is_gone
            from ops.collections where source = $source
        ),
        lived as (select max(run_id) as run_id from judged where is_gone is not true)
        select count(*), min(judged.asked_through)
        from judged cross join lived
        where judged.run_id > coalesce(lived.run_id, '')
        """,
        {"source": source, "asked_as": asked_as},
    )
    return row is not None and row[0] >= GONE_NIGHTS and row[1] <= now - GONE_FOR
