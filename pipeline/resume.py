"""A night that was cut off goes on where it stopped: what landed whole is not asked for again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.landing import Landing
from pipeline.source import Source

if TYPE_CHECKING:
    from pipeline.warehouse import Warehouse

SAME_NIGHT: Final = timedelta(hours=12)
"""A run that was cut off longer ago belongs to another night: all is asked again."""


def settings_digest(source: Source) -> str:
    """What a source is asked for, as one short text: another when its settings were changed."""
    told = msgspec.json.encode(source, enc_hook=repr, order="deterministic")
    return hashlib.sha256(told).hexdigest()[:24]


def landed_tonight(
    warehouse: Warehouse, landing: Landing, sources: Mapping[str, Source], now: datetime
) -> frozenset[str]:
    """Sources that landed whole, with the settings of now, in runs of this night that never ended.

    A run that ended makes those before it count no more: the one after it asks everybody again.

    Args:
        warehouse: it has loaded what has landed.
        landing: where it landed.
        sources: those of the run that begins, by name.
        now: when it begins.
    """
    runs = _cut_off(warehouse, now)
    loaded = warehouse.loaded_files() if runs else frozenset()
    return frozenset(
        file.manifest.source
        for file in landing.of_runs(runs)
        if file.manifest.status == "complete"
        and file.digest in loaded
        and file.manifest.source in sources
        and file.manifest.asked_as == settings_digest(sources[file.manifest.source])
    )


def _cut_off(warehouse: Warehouse, now: datetime) -> Iterable[str]:
    rows = warehouse.database.execute(
        """
        with ended as (select max(run_id) as run_id from ops.runs where finished_at is not null)
        select runs.run_id
        from ops.runs as runs cross join ended
        where runs.finished_at is null and runs.started_at > $oldest and runs.started_at < $now
            and runs.run_id > coalesce(ended.run_id, '')
        """,
        {"oldest": now - SAME_NIGHT, "now": now},
    ).fetchall()
    return [run_id for (run_id,) in rows]
