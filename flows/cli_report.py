"""The command `report`: the page of a night, a week or a quarter."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.options import DEFAULT, AsJson, ConfigFile, app


@app.command()
def report(
    config: ConfigFile = DEFAULT,
    period: Annotated[
        str, typer.Option("--period", "-p", help="night, week or quarter.")
    ] = "night",
    day: Annotated[
        str | None,
        typer.Option("--day", help="A day in it, as 2026-03-10; default: the last one over."),
    ] = None,
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="Of whom; default: your own.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="nl or en; default: as configured.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Write the report of the night, a week or a quarter.

    It reads the published file alone. The night does so by itself; reports/index.html lists
    what there is.

    Example: luister report --period week
    """
    from flows.commands import reports

    reports.report(config, language, period, day, organisation, as_json=json)
