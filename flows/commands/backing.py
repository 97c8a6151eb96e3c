"""backup, restore: all that cannot be made again, into one file and back."""

from __future__ import annotations

from pathlib import Path

import typer

from connectors import platforms
from flows.commands.output import print_json
from pipeline import backup as backups
from pipeline.config import load
from pipeline.errors import ConfigError


def backup(target: Path, path: Path, *, as_json: bool) -> None:
    """Write a backup and say what is in it."""
    made = backups.back_up(load(path, platforms()).data, path, target)
    if as_json:
        print_json(made)
        return
    typer.echo(f"{made.file}: {made.files} files, {made.size / 1e6:.1f} MB, written and read back")


def restore(archive: Path, path: Path, *, may_replace: bool, as_json: bool) -> None:
    """Put a backup back, with its luister.toml where there is none."""
    if not path.exists():
        _put_back(backups.restored_configuration(archive), path)
        typer.echo(f"{path}: as it was kept", err=True)
    data = load(path, platforms()).data
    restored = backups.restore(archive, data, may_replace=may_replace)
    if restored.has_forgotten:
        told = f"{restored.posts_removed} posts removed again"
        typer.echo(f"who was forgotten since stays so: {told}", err=True)
    if as_json:
        print_json(restored)
        return
    typer.echo(f"{restored.data}: {restored.files} files of {restored.made_at:%Y-%m-%d %H:%M} UTC")
    if restored.before:
        typer.echo(f"what was there before: {restored.before}")
    typer.echo("next: `luister run`, which also publishes")


def _put_back(configuration: bytes, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(configuration)
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}",
            where=str(path),
            todo="choose a place with --config where you may write",
        ) from error
