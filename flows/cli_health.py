"""The command `health`: whether a night was published lately, for containers and monitors."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.options import DEFAULT, AsJson, ConfigFile, app


@app.command()
def health(
    config: ConfigFile = DEFAULT,
    within: Annotated[
        float, typer.Option("--within", min=0, help="How many hours old the last night may be.")
    ] = 26,
    json: AsJson = False,
) -> None:
    """Say whether a night was published lately; exits 1 when not.

    It asks no source and waits for no night: it reads the published file.

    Example: luister health --within 26
    """
    from flows.commands import health as commands

    commands.health(config, within, as_json=json)
