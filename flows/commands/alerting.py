"""alert: try the places, show what is due, or send it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from connectors import platforms
from flows.commands.output import print_json, safe
from pipeline.alerts import telling
from pipeline.config import Config, load
from pipeline.errors import ConfigError

FAILED = 3


def test(path: Path, *, as_json: bool) -> None:
    """Send one message to each place; exit 3 when one did not arrive."""
    outcomes = telling.try_places(_with_places(path))
    if as_json:
        print_json([{"place": name, "error": error or None} for name, error in outcomes])
    else:
        for name, error in outcomes:
            typer.echo(f"{name}: {safe(error) or 'sent'}")
    if any(error for _, error in outcomes):
        raise typer.Exit(FAILED)


def show(path: Path, *, as_json: bool) -> None:
    """Print what each place would be told now."""
    config = _with_places(path)
    found = telling.due(config, datetime.now(UTC))
    if as_json:
        print_json(
            [
                {
                    "place": each.place,
                    "is_held": each.is_held,
                    "alerts": [
                        {"kind": alert.kind, "title": alert.title, "body": alert.body}
                        for alert in each.alerts
                    ],
                }
                for each in found
            ]
        )
        return
    for each in found:
        held = " (held: quiet hours)" if each.is_held else ""
        typer.echo(f"{each.place}: {len(each.alerts) or 'nothing new'}{held}")
        for alert in each.alerts:
            typer.echo(f"\n  [{alert.kind}] {safe(alert.title)}")
            for line in alert.lines:
                typer.echo(f"    {safe(line)}")


def tell(path: Path, *, as_json: bool) -> None:
    """Send what is due; exit 3 when something was not delivered."""
    told = telling.tell(_with_places(path), datetime.now(UTC))
    if as_json:
        print_json(told)
    else:
        for place, count in told.sent.items():
            typer.echo(f"{place}: {count} sent")
        if told.held:
            typer.echo(f"{told.held} held until quiet hours are over")
        if not (told.sent or told.held or told.failures):
            typer.echo("nothing new")
        for failure in told.failures:
            typer.echo(f"  ! {safe(failure)}", err=True)
    if told.failures:
        raise typer.Exit(FAILED)


def _with_places(path: Path) -> Config:
    config = load(path, platforms())
    if not config.alerts.place:
        raise ConfigError(
            "no place to send alerts to",
            where=f"{path}: alerts",
            todo='add [[alerts.place]] with name = "team" and address = "LUISTER_ALERT_TEAM"',
        )
    return config
