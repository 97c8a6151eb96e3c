"""What `luister schedule` serves, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flows.schedule import announced, deployments
from pipeline.alerts.settings import AlertSettings, PlaceSettings
from pipeline.config import Config
from pipeline.settings import OrganisationSettings

TEAM = PlaceSettings(name="team", address="LUISTER_ALERT_TEAM")


def config_of(**alerts: Any) -> Config:
    return Config(
        contact="webcare@zon.example",
        organisation=OrganisationSettings(name="Zon"),
        alerts=AlertSettings(**alerts),
    )


def served(config: Config) -> dict[str, tuple[str | None, str | None]]:
    found = {}
    for each in deployments(config, Path("/somewhere/luister.toml")):
        (schedule,) = each.schedules or ()
        found[each.name] = (schedule.schedule.cron, schedule.schedule.timezone)
        assert each.parameters == {"config_path": "/somewhere/luister.toml"}
    return found


NIGHT = {"luister-nightly": ("15 4 * * *", "Europe/Amsterdam")}


def test_the_night_is_served_and_what_it_held_when_quiet_hours_are_over() -> None:
    config = config_of(place=(TEAM,), quiet_hours="22:00-07:30")

    assert served(config) == {
        **NIGHT,
        "luister-held-alerts": ("30 7 * * *", "Europe/Amsterdam"),
    }


@pytest.mark.parametrize("alerts", [{}, {"place": (TEAM,)}, {"quiet_hours": "22:00-07:30"}])
def test_without_quiet_hours_or_a_place_only_the_night(alerts: dict[str, Any]) -> None:
    assert served(config_of(**alerts)) == NIGHT


def test_what_is_served_is_told_with_its_times() -> None:
    plain = announced(config_of())
    assert "the night of Zon begins at 04:15 (Europe/Amsterdam)" in plain
    assert "quiet hours" not in plain

    quiet = announced(config_of(place=(TEAM,), quiet_hours="22:00-07:30"))
    assert "at 04:15, and what quiet hours hold at 07:30 (Europe/Amsterdam)" in quiet
