"""The command `explore`: the published file as pages, for somebody who does not write SQL."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.options import DEFAULT, AsJson, ConfigFile, app


@app.command()
def explore(
    config: ConfigFile = DEFAULT,
    port: Annotated[
        int, typer.Option("--port", "-p", min=0, max=65535, help="0 takes a free one.")
    ] = 8531,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            help="Where to listen. Other machines are let in only with a password, in the "
            "environment variable LUISTER_EXPLORE_PASSWORD, or in the file that "
            "LUISTER_EXPLORE_PASSWORD_FILE names.",
        ),
    ] = "127.0.0.1",
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="nl or en; default: as configured.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Open the published file as pages, without SQL.

    Filter, search, compare and export. Stop it with Ctrl-C. A night that is published meanwhile
    is picked up.

    Example: luister explore

    Example: luister explore --port 9000 --language en
    """
    from flows.commands import exploring

    exploring.explore(config, host=host, port=port, language=language, as_json=json)
