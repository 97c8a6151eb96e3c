"""label, learn: the company's own people teach the readers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows.commands.output import print_json, safe
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.learn_labels import Unlabelled

_SHOWN = 600
"""Characters of a post that are shown."""


def label(task: str, count: int, labels: tuple[str, ...], path: Path) -> None:
    """Ask for labels in the terminal and keep them; what was answered before leaving is kept."""
    from connectors import platforms
    from pipeline import learn, learn_labels, learn_tasks
    from pipeline.config import load
    from pipeline.warehouse import open_warehouse

    data = load(path, platforms()).data
    known = learn_tasks.TASKS.get(task)
    choices = labels or (known.labels if known else ())
    if len(choices) < 2:
        raise ConfigError(
            f"which labels does {task} have?", where="label", todo="--labels first,second"
        )
    model = learn.model_of(task, data)
    with open_warehouse(data) as warehouse:
        is_begun = warehouse.is_begun()
        asked = learn_labels.worth_asking(
            warehouse.database, task, model, known.rules if known else None, count
        )
    if not asked:
        typer.echo(
            "Every post has a label."
            if is_begun
            else "There are no posts to label yet: `luister run` first."
        )
        return
    given = _ask(asked, choices)
    if given:
        with open_warehouse(data) as warehouse:
            learn_labels.store(warehouse.database, data, task, given, datetime.now(UTC))
    kept = "1 label is kept" if len(given) == 1 else f"{len(given)} labels are kept"
    typer.echo(f"{kept}. Next: luister learn {task}")


def _ask(texts: list[Unlabelled], choices: tuple[str, ...]) -> dict[str, str]:
    """Labels by text_key; ends at q or at the end of the input."""
    told = "  ".join(f"{number} {choice}" for number, choice in enumerate(choices, 1))
    given: dict[str, str] = {}
    for number, each in enumerate(texts, 1):
        typer.echo(f"\n{number}/{len(texts)}  {safe(each.text[:_SHOWN])}")
        try:
            answer = _answer(f"{told}  s skip  q quit", choices)
        except typer.Abort:
            break
        if answer == "q":
            break
        if answer != "s":
            given[each.text_key] = answer
    return given


def _answer(question: str, choices: tuple[str, ...]) -> str:
    while True:
        answer = str(typer.prompt(question, prompt_suffix=" > ")).strip()
        if answer in {*choices, "s", "q"}:
            return answer
        if answer.isdigit() and 1 <= int(answer) <= len(choices):
            return choices[int(answer) - 1]


def learn(task: str, file: Path | None, path: Path, *, is_rollback: bool, as_json: bool) -> None:
    """Learn from labels, or go back to the version before."""
    from connectors import platforms
    from pipeline import learn as learning
    from pipeline import learn_labels
    from pipeline.config import load
    from pipeline.relevance import judging, sample
    from pipeline.warehouse import open_warehouse

    config = load(path, platforms())
    data = config.data
    if is_rollback:
        version = learning.rollback(task, data)
        reads = f"version {version} reads" if version else "the rules read"
        if as_json:
            print_json({"task": task, "version": version})
        else:
            typer.echo(f"{task}: {reads} again, from the next run.")
        return
    examples = learn_labels.from_csv(file) if file else []
    with open_warehouse(data) as warehouse:
        examples += learn_labels.from_database(warehouse.database, task)
        for place, each in enumerate(config.organisations):
            if judging.task_of(each.name, is_own=place == 0) == task:
                examples += sample.labelled(warehouse.database, each.name)
    lesson = learning.learn(task, examples, data)
    if as_json:
        print_json(lesson._asdict())
    else:
        typer.echo(str(lesson))


def test(task: str, file: Path, path: Path, *, as_json: bool) -> None:
    """Try the model in use on a labelled file it has not learnt from."""
    from connectors import platforms
    from pipeline import learn as learning
    from pipeline import learn_labels
    from pipeline.config import load

    trial = learning.test(task, learn_labels.from_csv(file), load(path, platforms()).data)
    if as_json:
        print_json(trial._asdict())
    else:
        typer.echo(str(trial))
