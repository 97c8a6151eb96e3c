"""report: write the report of what is published, of the night or of a week or quarter."""

from __future__ import annotations

from contextlib import suppress
from datetime import MAXYEAR, date
from pathlib import Path

import typer

from connectors import platforms
from flows.commands.output import print_json, safe
from pipeline.config import load
from pipeline.errors import ConfigError
from pipeline.report import KINDS, LANGUAGES, Kind, write_report


def report(
    path: Path,
    language: str | None,
    period: str,
    day: str | None,
    organisation: str | None,
    *,
    as_json: bool,
) -> None:
    """Write the report and print its five lines."""
    config = load(path, platforms())
    written = write_report(
        config.data / "analytics.duckdb",
        config.data / "reports",
        language=_one_of(language or config.language, LANGUAGES, "--language"),
        organisation=organisation,
        kind=_kind(period),
        day=_day(day),
        shelf=config.language,
    )
    if as_json:
        print_json({"report": str(written.path), "headlines": written.headlines})
        return
    for line in written.headlines:
        typer.echo(f"  {safe(line)}")
    typer.echo(f"report: {written.path}")


def _kind(told: str) -> Kind:
    _one_of(told, KINDS, "--period")
    return next(each for each in KINDS if each == told)


def _one_of(told: str, known: tuple[str, ...], where: str) -> str:
    if told not in known:
        raise ConfigError(f"cannot be {told!r}", where=where, todo=f"one of {', '.join(known)}")
    return told


def _day(told: str | None) -> date | None:
    if not told:
        return None
    with suppress(ValueError):
        day = date.fromisoformat(told)
        if day.year < MAXYEAR:
            return day
    raise ConfigError(f"is no day: {told!r}", where="--day", todo="write it as 2026-03-10")
