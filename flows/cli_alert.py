"""The command `alert`: what somebody should know, and to whom it goes."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.options import DEFAULT, AsJson, ConfigFile, app


@app.command()
def alert(
    config: ConfigFile = DEFAULT,
    test: Annotated[
        bool, typer.Option("--test", help="Send one test message to each place.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--list", help="Only show what would be said, and where.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Send the alerts that are due, each thing once.

    They go to the places of [alerts] in luister.toml. The night does this as its last step. Run it
    again when quiet hours are over, and what was held goes out.

    Example: luister alert --test

    Example: luister alert --list
    """
    from flows.commands import alerting

    if test:
        alerting.test(config, as_json=json)
    elif show:
        alerting.show(config, as_json=json)
    else:
        alerting.tell(config, as_json=json)
