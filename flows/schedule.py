"""When it happens: every night, and once more when quiet hours are over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

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
            name="luister-nightly",
            parameters=parameters,
            schedule=Cron("15 4 * * *", timezone=config.timezone),
        )
    ]
    if config.alerts.quiet_hours is not None and config.alerts.place:
        _, end = parsed_hours(config.alerts.quiet_hours)
        cron = Cron(f"{end.minute} {end.hour} * * *", timezone=config.timezone)
        found.append(
            held_alerts.to_deployment(
                name="luister-held-alerts", parameters=parameters, schedule=cron
            )
        )
    # outside an event loop Prefect hands over the deployments themselves
    return cast("list[RunnerDeployment]", found)
