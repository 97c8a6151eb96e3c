"""init, check, connectors: from nothing to a configuration that works."""

from __future__ import annotations

import inspect as introspect
from pathlib import Path
from typing import Any

import typer

from connectors import load as connector_of
from connectors import platforms, verbs
from flows.commands.output import print_json
from pipeline.check import check as findings
from pipeline.config import SCHEMA_NAME, json_schema, load
from pipeline.errors import ConfigError
from pipeline.starter import starter_config

_MARKS = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}


def init(name: str, path: Path, *, force: bool, as_json: bool) -> None:
    """Write luister.toml and its JSON Schema."""
    if not name.strip():
        raise ConfigError("a company has a name", where="init", todo='luister init "Company name"')
    if path.exists() and not force:
        raise ConfigError("exists already", where=str(path), todo="edit it, or use --force")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(starter_config(name), encoding="utf-8")
        (path.parent / SCHEMA_NAME).write_text(json_schema(), encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}",
            where=str(path),
            todo="choose a place with --config where you may write",
        ) from error
    if as_json:
        print_json([str(path), str(path.parent / SCHEMA_NAME)])
        return
    typer.echo(f"{path} is written: fill in names and accounts, then `luister check`.")


def check(path: Path, *, is_online: bool, as_json: bool) -> None:
    """Print the findings; exit 1 when something is wrong."""
    config = load(path, platforms())
    wrong = 0
    rows = []
    for finding in findings(config, connector_of, is_online=is_online):
        wrong += finding.level == "wrong"
        if as_json:
            rows.append(finding)
            continue
        mend = f" → {finding.mend}" if finding.mend else ""
        typer.echo(f"{_MARKS[finding.level]} {finding.about}: {finding.found}{mend}")
    if as_json:
        print_json(rows)
    if wrong:
        raise typer.Exit(1)


def connectors(*, as_json: bool) -> None:
    """List platforms, their verbs and what they need."""
    rows = [_described(name, connector_of(name)) for name in platforms()]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['platform']:<15} {row['access']:<9} {', '.join(row['verbs'])}")
        typer.echo(f"                {row['reads']}")
        for secret in row["secrets"]:
            typer.echo(f"                secret: {secret}")


def _described(name: str, connector: Any) -> dict[str, Any]:
    lines = (introspect.getdoc(connector) or "").splitlines()
    return {
        "platform": name,
        "reads": lines[0] if lines else "",
        "access": connector.ACCESS.kind,
        "verbs": list(verbs(connector)),
        "secrets": list(connector.ACCESS.secrets),
    }
