"""forget, show-person, privacy record: people's rights, by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import typer

from connectors import platforms
from flows.commands.arguments import known_with
from flows.commands.output import print_json, safe
from pipeline import night as steps
from pipeline.config import Config, load
from pipeline.errors import ConfigError, LuisterError

_HALFWAY = (
    "it is taken out of what landed and of the database and comes in no more, "
    "but that is not proved yet"
)


def _loaded(path: Path, platform: str, account: str) -> Config:
    known = known_with(platform)
    if not account.strip():
        raise ConfigError("whose?", where="ACCOUNT", todo="name the account as its platform does")
    return load(path, known)


def forget(platform: str, account: str, path: Path, *, is_sure: bool, as_json: bool) -> None:
    """Forget an account under the lock of the nightly, and print the receipt."""
    from pipeline.forget import forget as forget_account
    from pipeline.forget import receipt_text
    from pipeline.publish import LINK_NAME
    from pipeline.warehouse import open_warehouse

    config = _loaded(path, platform, account)
    if not is_sure:
        question = f"Forget {safe(account)} of {platform}? This cannot be undone."
        typer.confirm(question, abort=True, err=True)
    night = steps.open_night(config, steps.new_run_id())
    was_published = (config.data / LINK_NAME).is_symlink()

    def again() -> None:
        with open_warehouse(config.data) as warehouse:
            is_begun = warehouse.is_begun()
            if not is_begun and was_published:
                # a database that was built again from landing has not heard what luister.toml says
                warehouse.write_configuration(config)
        if not is_begun and not was_published:
            return
        try:
            steps.understand(night)
            steps.build(night)
            steps.publish(night)
            steps.report(config)
        except LuisterError as error:
            error.todo = f"{error.todo}; then forget the account again: {_HALFWAY}"
            raise

    with steps.alone(night):
        receipt = forget_account(config, platform, account, again)
    if as_json:
        print_json(msgspec.to_builtins(receipt))
    else:
        typer.echo(receipt_text(receipt))


def show_person(platform: str, account: str, path: Path, *, as_json: bool) -> None:
    """Print all that is held about an account."""
    from pipeline.person import held, who
    from pipeline.warehouse import open_warehouse

    config = _loaded(path, platform, account)
    with (
        steps.alone(steps.open_night(config, steps.new_run_id())),
        open_warehouse(config.data) as warehouse,
    ):
        person = who(warehouse.database, config.data, platform, account)
        told = held(warehouse.database, config, person)
    if as_json:
        print_json(told)
    else:
        _tell(told)


def _tell(told: dict[str, Any]) -> None:
    typer.echo(f"{safe(told['account'])} on {told['platform']}")
    if not any(rows for rows in told.values() if isinstance(rows, list)):
        typer.echo("nothing is held about this account")
        return
    for part, rows in told.items():
        if not isinstance(rows, list):
            continue
        typer.echo(f"\n{part.replace('_', ' ')}: {len(rows)}")
        for row in rows:
            shown = {name: value for name, value in row.items() if value not in (None, "", [])}
            typer.echo("  - " + "; ".join(f"{name}: {safe(str(shown[name]))}" for name in shown))


def record(folder: Path, path: Path, *, as_json: bool) -> None:
    """Write the papers and print where they are."""
    from pipeline.register import write_papers

    try:
        papers = [str(paper) for paper in write_papers(load(path, platforms()), folder)]
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}",
            where=str(folder),
            todo="choose a folder with --folder where you may write",
        ) from error
    if as_json:
        print_json(papers)
    else:
        typer.echo("\n".join(papers))
