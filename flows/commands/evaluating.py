"""`luister evaluate`: how well texts are read, on a labelled file."""

from __future__ import annotations

from pathlib import Path

import msgspec
import typer

from flows.commands.output import print_json, safe
from pipeline import evaluate as evaluation


def evaluate(task: str, file: Path, *, as_json: bool) -> None:
    """Print precision, recall and F1 of a task on a labelled file."""
    found = evaluation.evaluate(task, file)
    if as_json:
        print_json(msgspec.to_builtins(found))
        return
    typer.echo(safe(evaluation.table(found)))
