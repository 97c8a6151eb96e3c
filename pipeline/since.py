"""Since: from when a source is read tonight, and from when each of its verbs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from pipeline.settings import CollectionSettings
from pipeline.verbs import LISTENING


def since_of(settings: CollectionSettings, now: datetime, through: datetime | None) -> datetime:
    """From when a source is read that has looked up to ``through``; None before its first night."""
    if through is None:
        return now - timedelta(days=settings.backfill_days)
    return min(through, now) - timedelta(days=settings.window_days)


def refreshed_since(settings: CollectionSettings, now: datetime) -> datetime:
    """How old a post may be to be looked at again."""
    return now - timedelta(days=settings.refresh_days)


def verbs_behind(
    settings: CollectionSettings,
    now: datetime,
    reached: Mapping[str, datetime],
    since: datetime,
) -> dict[str, datetime]:
    """From when each verb of listening is asked that has not looked as far as its source.

    A verb lags behind when it could not be asked for a while, or never: its key came later.

    Args:
        settings: of the source.
        now: when the night begins.
        reached: how far each verb was asked; empty where that was never noted, so that all of them
            go on from where the source is.
        since: from when the source is read.
    """
    if not reached:
        return {}
    begins: dict[str, datetime] = {
        verb: since_of(settings, now, reached.get(verb)) for verb in LISTENING
    }
    return {verb: begin for verb, begin in begins.items() if begin < since}
