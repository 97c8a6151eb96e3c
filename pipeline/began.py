"""Began: from when on a data folder knows what was written."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pipeline import kept
from pipeline.config import Config
from pipeline.files import settle
from pipeline.query import first
from pipeline.warehouse import open_warehouse

_BEGAN: Final = "began"
_log: Final = logging.getLogger(__name__)


def began(config: Config, now: datetime) -> datetime:
    """From when on this data folder knows what was written: noted once, and never moved.

    Raises:
        WarehouseError: the database cannot be opened.
    """
    path = config.data / kept.FOLDER / _BEGAN
    noted = _noted(path)
    if noted is not None:
        return noted
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open_warehouse(config.data) as warehouse:
        row = first(warehouse.database, "select min(started_at) from ops.runs")
    start = min(row[0], now) if row and row[0] else now
    moment = start - timedelta(days=config.collection.backfill_days)
    draft = path.with_suffix(".tmp")
    draft.write_text(moment.astimezone(UTC).isoformat())
    settle(draft, path)
    return moment


def _noted(path: Path) -> datetime | None:
    """The moment that was noted; None where there is none, or it cannot be read any more."""
    if not path.exists():
        return None
    noted = path.read_bytes().decode(errors="replace").strip()
    try:
        return datetime.fromisoformat(noted).astimezone(UTC)
    except (ValueError, OverflowError):
        _log.warning("%s is damaged: when this folder began is reckoned from its runs", path)
        return None
