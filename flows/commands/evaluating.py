"""`luister evaluate`: how well texts are read, on a labelled file."""

from __future__ import annotations

from pathlib import Path

import msgspec
import typer

from flows.commands.output import print_json, safe
from pipeline import evaluate as evaluation
from pipeline.evaluate_tasks import Learnt


def evaluate(task: str, file: Path, path: Path, *, as_json: bool) -> None:
    """Print precision, recall and F1 of a task on a labelled file, as a night would read it."""
    found = evaluation.evaluate(task, file, learnt=_learnt(task, path))
    if as_json:
        print_json(msgspec.to_builtins(found))
        return
    typer.echo(safe(evaluation.table(found)))


def _learnt(task: str, path: Path) -> Learnt | None:
    """The model in use, where there is a configuration and something was learnt."""
    if not path.exists():
        return None
    from connectors import platforms
    from pipeline import learn
    from pipeline.config import load

    return learn.reader(task, load(path, platforms()).data)
