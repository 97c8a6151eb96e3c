"""When it happens: every night, and once more when quiet hours are over."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from prefect import flow
from prefect.schedules import Cron

from connectors import platforms
from flows.nightly import nightly
from pipeline.alerts import telling
from pipeline.alerts.settings import parsed_hours
from pipeline.config import Config, load
from pipeline.errors import SourceUnavailable

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Schedule

NIGHT: Final = time(4, 15)
"""After midnight, and away from the hour that daylight saving moves."""


@flow(name="held-alerts", persist_result=False, validate_parameters=False)
def held_alerts(config_path: str = "luister.toml") -> int:
    """Send what quiet hours held; returns how many alerts went out.

    Raises:
        SourceUnavailable: one was not delivered; the next night tries it again.
    """
    told = telling.tell(load(Path(config_path), platforms()), datetime.now(UTC))
    if told.failures:
        raise SourceUnavailable("; ".join(told.failures), where="alerts")
    return sum(told.sent.values())


def deployments(config: Config, path: Path) -> list[RunnerDeployment]:
    """The night at 04:15, and the alerts it held at the end of quiet hours, where there are any."""
    parameters = {"config_path": str(path)}
    found = [
        nightly.to_deployment(
            name="luister-nightly", parameters=parameters, schedule=_daily(NIGHT, config)
        )
    ]
    if (end := _quiet_until(config)) is not None:
        found.append(
            held_alerts.to_deployment(
                name="luister-held-alerts", parameters=parameters, schedule=_daily(end, config)
            )
        )
    # outside an event loop Prefect hands over the deployments themselves
    return cast("list[RunnerDeployment]", found)


def announced(config: Config) -> str:
    """What is served, and when: Prefect's own words name a command that finds no server here."""
    held = _quiet_until(config)
    alerts = "" if held is None else f", and what quiet hours hold at {held:%H:%M}"
    return (
        f"the night of {config.organisation.name} begins at {NIGHT:%H:%M}{alerts} "
        f"({config.timezone}), every day for as long as this runs (Ctrl-C stops it); "
        "`luister status` tells how the last one went"
    )


def _quiet_until(config: Config) -> time | None:
    if config.alerts.quiet_hours is None or not config.alerts.place:
        return None
    return parsed_hours(config.alerts.quiet_hours)[1]


def _daily(at: time, config: Config) -> Schedule:
    return Cron(f"{at.minute} {at.hour} * * *", timezone=config.timezone)
