"""demo: nights of a simulated company, through the same pipeline as every real night."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from connectors import load as connector_of
from connectors import platforms
from flows.commands.nights import prepare_prefect, tell
from flows.commands.output import counted, print_json, safe
from flows.commands.progress import watch
from pipeline import night as steps
from pipeline.config import load
from pipeline.errors import ConfigError
from pipeline.world import environment, serve, simulate, write_config

NIGHTS = 3
CONTACT = "webcare@havenvonk.example"


def demo(folder: Path, seed: int, *, is_direct: bool, as_json: bool) -> None:
    """Play nights of the world with ``seed``; the last one through Prefect unless ``is_direct``."""
    _clear(folder)
    today = datetime.now(UTC).replace(hour=2, minute=15, second=0, microsecond=0)
    world = simulate(seed, today)
    with serve(world) as served:
        path = write_config(world, served, folder)
        os.environ.update(environment(world))
        for ago in range(NIGHTS - 1, -1, -1):
            as_of = today - timedelta(days=ago)
            served.play(as_of)
            outcome = _one_night(path, as_of, is_direct=is_direct or ago > 0)
            typer.echo(
                f"night of {as_of:%Y-%m-%d}: {outcome.status}, "
                f"{counted(outcome.posts, 'post')} read, {outcome.new_posts} new",
                err=as_json,
            )
    if as_json:
        print_json(outcome)
    else:
        typer.echo("")
        tell(outcome)
    raise typer.Exit(outcome.exit_code)


def _clear(folder: Path) -> None:
    """An empty demo folder; never one that holds somebody's own configuration or data."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"cannot be a folder: {error.strerror}",
            where=str(folder),
            todo="give the demo a folder of its own: luister demo --folder demo",
        ) from error
    path, data = folder / "luister.toml", folder / "data"
    is_ours = path.is_file() and CONTACT in path.read_text(encoding="utf-8", errors="replace")
    for here, what in ((path, "a configuration"), (data, "data")):
        if here.exists() and not is_ours:
            raise ConfigError(
                f"there is {what} of your own here",
                where=str(here),
                todo="give the demo a folder of its own: luister demo --folder demo",
            )
    shutil.rmtree(data, ignore_errors=True)


def _one_night(path: Path, as_of: datetime, *, is_direct: bool) -> steps.Outcome:
    config = load(path, platforms())
    run_id = steps.new_run_id(as_of)
    if is_direct:
        with watch(is_quiet=False) as watcher:
            return steps.run(steps.open_night(config, run_id), connector_of, watcher)
    prepare_prefect(config)
    typer.echo(
        safe("the last night goes through Prefect, whose server takes a moment to start"), err=True
    )
    from flows import server
    from flows.nightly import nightly

    if not server.begins():
        typer.echo("Prefect's server does not answer: the night is done without it", err=True)
        return steps.run(steps.open_night(config, run_id), connector_of)
    return nightly(str(path.resolve()), run_id)
