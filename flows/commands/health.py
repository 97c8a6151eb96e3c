"""health: whether a night was published lately."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from connectors import platforms
from flows.commands.output import print_json
from pipeline.analysis import ask
from pipeline.config import load

_HOUR_SECONDS = 3600


def health(path: Path, hours: float, *, as_json: bool) -> None:
    """Print how old the last published night is, and exit 1 when it is older than ``hours``."""
    published = load(path, platforms()).data / "analytics.duckdb"
    moment = _published_at(published)
    age = (datetime.now(UTC) - moment).total_seconds() / _HOUR_SECONDS
    is_well = age <= hours
    if as_json:
        print_json({"is_well": is_well, "published_at": moment.isoformat(), "hours": round(age, 2)})
    else:
        told = "well" if is_well else "not well"
        typer.echo(f"{told}: the last night was published {age:.1f} hours ago")
    raise typer.Exit(0 if is_well else 1)


def _published_at(published: Path) -> datetime:
    (row,) = ask(published, "select published_at from marts.publication").as_dicts()
    moment: datetime = row["published_at"]
    return moment.astimezone(UTC)
