"""sql, import, inspect: reading what is there."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from flows.commands.output import print_json, safe
from pipeline.errors import ConfigError, LuisterError, PayloadError
from pipeline.post import Post, Rejected, to_json
from pipeline.source import Connector


def sql(query: str, path: Path, form: str) -> None:
    """Print the answer of one statement over the published file as a table, CSV or JSON."""
    from connectors import platforms
    from pipeline.apart import ask_apart
    from pipeline.config import load

    if form not in {"table", "csv", "json"}:
        raise ConfigError(f"unknown format {form!r}", where="--format", todo="table, csv or json")
    answer = ask_apart(load(path, platforms()).data / "analytics.duckdb", query)
    if form == "json":
        print_json(answer.as_dicts())
    elif form == "csv":
        sys.stdout.write(answer.as_csv())
    else:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table()
        for name in answer.columns:
            table.add_column(Text(safe(name)))
        for row in answer.rows:
            table.add_row(*(Text("" if cell is None else safe(str(cell))) for cell in row))
        Console().print(table)


def import_table(
    file: Path,
    mapping: tuple[str, ...],
    platform: str | None,
    name: str | None,
    path: Path,
    *,
    as_json: bool,
) -> None:
    """Read a file of posts into the landing zone and load it."""
    from connectors import platforms
    from flows.commands.importing import import_posts
    from pipeline.config import load

    pairs = [pair.partition("=") for pair in mapping]
    wrong = [pair for pair, found in zip(mapping, pairs, strict=True) if not found[1]]
    if wrong:
        raise ConfigError(
            f"not field=column: {wrong[0]!r}", where="--map", todo="write it as --map text=Message"
        )
    columns = {field.strip(): column.strip() for field, _, column in pairs}
    told, *failures = import_posts(load(path, platforms()), file, columns, platform, name)
    if as_json:
        print_json({"told": told, "failures": failures})
    else:
        typer.echo(told)
        for failure in failures:
            typer.echo(f"  ! {safe(failure)}", err=True)
    if failures:
        raise typer.Exit(3)


def inspect(platform: str, files: list[Path], verb: str | None) -> None:
    """Print the posts of payload files; exit 1 when anything was not understood."""
    from connectors import load as connector_of
    from flows.commands.arguments import known_with

    known_with(platform)
    connector = connector_of(platform)
    is_clean = True
    for file in files:
        is_clean &= _inspect_file(connector, file, verb)
    if not is_clean:
        raise typer.Exit(1)


def _inspect_file(connector: Connector, file: Path, verb: str | None) -> bool:
    from pipeline.inspect import inspect as read

    is_clean = True
    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"cannot be read: {error.strerror}", where=str(file), todo="give the path of a payload"
        ) from error
    try:
        for each in read(connector, body, verb=verb):
            if isinstance(each, Post):
                sys.stdout.buffer.write(to_json(each) + b"\n")
            elif isinstance(each, Rejected):
                is_clean = False
                typer.echo(f"{file}: {each.path}: {safe(each.reason)}", err=True)
    except PayloadError as error:
        typer.echo(f"{file}: {error.where or '$'}: {error.code}: {safe(error.what)}", err=True)
        is_clean = False
    except LuisterError as error:
        typer.echo(f"{file}: {error.code}: {safe(str(error))}", err=True)
        is_clean = False
    sys.stdout.flush()
    return is_clean
