"""The commands `backup` and `restore`: all that cannot be made again, in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.options import DEFAULT, AsJson, ConfigFile, app


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it: a name that is not taken.")],
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """Write all that cannot be made again into one file.

    The database, what has landed, keys and marks; the file is read back to be sure. It holds
    what people wrote: keep it as you keep the data folder. No secrets are in it.

    Example: luister backup /backups/luister-today.tar.gz
    """
    from flows.commands import backing

    backing.backup(file, config, as_json=json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file of luister backup.")],
    config: ConfigFile = DEFAULT,
    force: Annotated[
        bool, typer.Option("--force", help="Move a data folder that is not empty aside first.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Put a backup back as the data folder.

    A damaged or newer one is refused. Where there is no luister.toml, that of the backup is
    written too.

    Example: luister restore /backups/luister-today.tar.gz
    """
    from flows.commands import backing

    backing.restore(file, config, may_replace=force, as_json=json)
