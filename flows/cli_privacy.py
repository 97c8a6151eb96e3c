"""Commands for people's rights: to be forgotten, to see what is held, and to be told about it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.options import DEFAULT, AsJson, ConfigFile, app

privacy = typer.Typer(
    help="Papers on what is kept of people.\n\nExample: luister privacy record --folder papers",
    no_args_is_help=True,
)
app.add_typer(privacy, name="privacy")

Platform = Annotated[str, typer.Argument(help="Where the account is; see `luister connectors`.")]
Account = Annotated[str, typer.Argument(help="Its handle or id, with or without @.")]


@app.command()
def forget(
    platform: Platform,
    account: Account,
    config: ConfigFile = DEFAULT,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    json: AsJson = False,
) -> None:
    """Forget a person everywhere, and prove it.

    What is left is a receipt without the name.

    Example: luister forget mastodon @anna@plein.example
    """
    from flows.commands import privacy as commands

    commands.forget(platform, account, config, is_sure=yes, as_json=json)


@app.command(name="show-person")
def show_person(
    platform: Platform, account: Account, config: ConfigFile = DEFAULT, json: AsJson = False
) -> None:
    """Show all that is held about a person.

    With where it came from, and until when it is kept.

    Example: luister show-person mastodon @anna@plein.example --json
    """
    from flows.commands import privacy as commands

    commands.show_person(platform, account, config, as_json=json)


@privacy.command()
def record(
    folder: Annotated[
        Path, typer.Option("--folder", "-f", help="Where to write the papers.")
    ] = Path("privacy"),
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """Write the papers that privacy law asks for.

    The register entry, the DPIA, the balancing test and the public notice, in Dutch and English.

    Example: luister privacy record --folder papers
    """
    from flows.commands import privacy as commands

    commands.record(folder, config, as_json=json)
