"""Telling: what is new goes to each place once, not in quiet hours, and a failure is told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from pipeline.alerts.said import Levels, fresh, read_said, still_held, write_said
from pipeline.alerts.sending import send
from pipeline.alerts.settings import PlaceSettings, parsed_hours
from pipeline.alerts.signals import Signal, Signals, gather
from pipeline.alerts.wording import Alert, trial, word
from pipeline.errors import LuisterError
from pipeline.report.words import Words

if TYPE_CHECKING:
    from pipeline.config import Config

Send = Callable[[PlaceSettings, str, str], None]
_log = logging.getLogger(__name__)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: ``sent`` by place, what waits for the end of quiet hours, what failed."""

    sent: dict[str, int]
    held: int
    failures: tuple[str, ...]


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What a place would be told now."""

    place: str
    is_held: bool
    alerts: tuple[Alert, ...]


def due(config: Config, now: datetime) -> list[Due]:
    """What each place would be told, without telling it."""
    signals = gather(config, now)
    said = read_said(config.data)
    quiet = is_quiet(config, now)
    return [
        Due(
            place=place.name,
            is_held=quiet,
            alerts=tuple(_alerts(config, place, signals, said.get(place.name, {}))),
        )
        for place in config.alerts.place
    ]


def tell(config: Config, now: datetime, *, send: Send = send) -> Told:
    """Tell each place what is new, and remember it; what failed is tried again next time.

    Raises:
        LuisterError: what there is to say could not be read.
    """
    if not config.alerts.place:
        return Told(sent={}, held=0, failures=())
    signals = gather(config, now)
    before = read_said(config.data)
    said: dict[str, Levels] = {}
    quiet = is_quiet(config, now)
    sent: dict[str, int] = {}
    held = 0
    failures: list[str] = []
    for place in config.alerts.place:
        known = still_held(before.get(place.name, {}), signals.found)
        said[place.name] = known
        for alert in _alerts(config, place, signals, known):
            if quiet:
                held += 1
                continue
            try:
                send(place, alert.title, alert.body)
            except LuisterError as error:
                failures.append(str(error))
                break
            sent[place.name] = sent.get(place.name, 0) + 1
            known.update({each.key: each.level for each in alert.signals})
            write_said(config.data, {**before, **said})
    write_said(config.data, said)
    return Told(sent=sent, held=held, failures=tuple(failures))


def after_night(config: Config, now: datetime) -> tuple[str, ...]:
    """Tell what the night found; returns what failed. Never raises: the night has been done."""
    try:
        return tell(config, now).failures
    except LuisterError as error:
        return (f"alerts: {error}",)
    except Exception as error:  # noqa: BLE001 - the night is published, an alert must not undo it
        _log.exception("alerts could not be sent")
        return (f"alerts: {type(error).__name__}: see the log",)


def try_places(config: Config, *, send: Send = send) -> list[tuple[str, str]]:
    """Send one message to each place; its name and what failed, empty when it arrived."""
    words = Words(config.language, config.timezone)
    outcomes = []
    for place in config.alerts.place:
        title, body = trial(place.name, config.organisation.name, words)
        try:
            send(place, title, body)
        except LuisterError as error:
            outcomes.append((place.name, str(error)))
        else:
            outcomes.append((place.name, ""))
    return outcomes


def _alerts(config: Config, place: PlaceSettings, signals: Signals, said: Levels) -> list[Alert]:
    kinds = config.alerts.kinds if place.kinds is None else place.kinds
    wanted: list[Signal] = [each for each in fresh(signals.found, said) if each.kind in kinds]
    return word(wanted, signals, Words(config.language, config.timezone))


def is_quiet(config: Config, now: datetime) -> bool:
    """Whether nobody wants to be disturbed now."""
    if config.alerts.quiet_hours is None:
        return False
    begin, end = parsed_hours(config.alerts.quiet_hours)
    clock = now.astimezone(ZoneInfo(config.timezone)).time()
    return begin <= clock < end if begin <= end else clock >= begin or clock < end
