"""Models in use, and readers of other packages, take the place of rules in what was read."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from pipeline import learn
from pipeline.enrich.intent import INTENTS
from pipeline.errors import LuisterError
from pipeline.learn_readers import OutsideReader, outside_readers
from pipeline.learn_tasks import folded

if TYPE_CHECKING:
    from pipeline.learn_model import Model

_log: Final = logging.getLogger(__name__)
_COLUMNS: Final = ("purpose", "giving", "pr_model", "message_type")
_SCORES: Final = {"positive": 0.5, "neutral": 0.0, "negative": -0.5}
"""The score of a mood that the rules read otherwise."""


def taught(data: Path) -> dict[str, Model]:
    """The models in use whose task is one of our readings; rules read for one that is damaged."""
    asked = {task: usable(task, data) for task in filter(_is_read, learn.in_use(data))}
    return {task: model for task, model in asked.items() if model is not None}


def usable(task: str, data: Path) -> Model | None:
    """The model in use for a task; None where there is none, and where it is damaged."""
    try:
        return learn.model_of(task, data)
    except LuisterError as error:
        _log.warning("the rules read %s: %s", task, error)
        return None


def version(rules: str, models: Mapping[str, Model]) -> str:
    """What read: our rules and what reads over them; another one reads everything again."""
    learnt = (f"{task}.{each.told['version']}" for task, each in models.items())
    outside = (f"{each.task}.{each.version}" for each in outside_readers())
    return "+".join([rules, *learnt, *outside])


def over(readings: pa.Table, texts: pa.Table, models: Mapping[str, Model]) -> pa.Table:
    """The readings with what models say in place of rules, and other packages in place of both.

    Args:
        readings: as ``enrich.READING_SCHEMA``, in the order of ``texts``.
        texts: a table with the column text.
        models: by task, as ``taught`` gives them.
    """
    outside = outside_readers()
    if not (models or outside) or not readings.num_rows:
        return readings
    rows: list[dict[str, Any]] = readings.to_pylist()
    written: list[str] = texts.column("text").to_pylist()
    for task, model in models.items():
        _take_over(task, model, rows, written)
    for reader in outside:
        _ask(reader, rows, written)
    return pa.Table.from_pylist(rows, schema=readings.schema)


def _is_read(task: str) -> bool:
    return task == "sentiment" or task in INTENTS or task in _COLUMNS


def _take_over(
    task: str, model: Model, rows: Sequence[dict[str, Any]], texts: Sequence[str]
) -> None:
    learnt = set(model.told.get("languages", ()))
    places = [place for place, row in enumerate(rows) if row["language"] in learnt]
    labels = model.predict(
        [texts[place] for place in places], [rows[place]["language"] for place in places]
    )
    for place, label in zip(places, labels, strict=True):
        _set(rows[place], task, folded(label))


def _ask(reader: OutsideReader, rows: Sequence[dict[str, Any]], texts: Sequence[str]) -> None:
    labels = reader.labels(texts, [row["language"] for row in rows])
    for row, label in zip(rows, labels, strict=True):
        if label is not None:
            _set(row, reader.task, label)


def _set(row: dict[str, Any], task: str, label: str) -> None:
    if task == "sentiment":
        if label in _SCORES and label != row["sentiment"]:
            row["sentiment"], row["sentiment_score"] = label, _SCORES[label]
            row["sentiment_confidence"] = row["sentiment_confidence"] or 0.5
    elif task in INTENTS:
        wanted = {*row["intents"], task} if label == task else {*row["intents"]} - {task}
        row["intents"] = [each for each in INTENTS if each in wanted]
    else:
        row[task] = None if label == "none" else label
