"""The command `inbox`: who waits for an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.options import DEFAULT, AsJson, ConfigFile, app


@app.command()
def inbox(
    config: ConfigFile = DEFAULT,
    form: Annotated[
        str, typer.Option("--format", "-f", help="table, csv, json or html.")
    ] = "table",
    html: Annotated[
        Path | None, typer.Option("--html", help="Write one page to this file, for you only.")
    ] = None,
    webhook: Annotated[
        str | None,
        typer.Option(
            "--webhook",
            help="Post it as signed JSON to this address, or to the one in the environment "
            "variable of this name.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            "-n",
            min=0,
            help="How many people; 0 is all. Default: 20 in a table, 200 on a page, else all.",
        ),
    ] = None,
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="Whose; default: your own company.")
    ] = None,
    sort: Annotated[
        str, typer.Option("--sort", help="urgency or waiting: most urgent or longest first.")
    ] = "urgency",
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="nl or en; default: as configured.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show who waits for an answer, most urgent first.

    Urgency is out of 100: up to 40 for what is asked (fault, complaint, low review, question,
    request), 40 for age in opening hours against the target, 10 for a negative tone, 10 for the
    audience. Luister reads and never posts.

    Example: luister inbox --limit 10

    Example: luister inbox --html inbox.html
    """
    from flows.commands import inbox as commands

    commands.inbox(
        config,
        form="json" if json else form,
        html=html,
        webhook=webhook,
        limit=limit,
        organisation=organisation,
        order=sort,
        language=language,
    )
