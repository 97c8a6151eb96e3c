"""How well Luister reads, measured on any labelled file: precision, recall, F1, and how sure.

A file has the columns ``text`` and ``label``, and may have ``language`` (what the platform said)
and ``organisation`` (about whom). Texts are read as a night reads them. Labels are known by several
spellings; rows with a label that a task does not know are counted apart, never guessed at.
"""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from pipeline import evaluate_tasks
from pipeline.errors import LuisterError
from pipeline.evaluate_tasks import ABSTAINED, TASKS, Learnt, Row, Task
from pipeline.labelled_file import WANTED, reading

RESAMPLES: Final = 2_000
SEED: Final = 20_111_027
_COLUMNS: Final = {
    "text": ("text", "tekst"),
    "label": ("label", "labels"),
    "language": ("language", "lang", "taal"),
    "organisation": ("organisation", "organization", "entity"),
}


class EvaluationError(LuisterError):
    """What is to be evaluated cannot be: the task or the file must be another."""

    exit_code = 2
    default_todo = WANTED


class PerClass(msgspec.Struct, frozen=True, kw_only=True):
    """One class: of what was called so how much is, of what is so how much was called."""

    precision: float
    recall: float
    f1: float
    support: int


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of a task; ``left_out`` counts rows whose labels the task does not know."""

    task: str
    n: int
    macro_f1: float
    macro_f1_interval: tuple[float, float]
    accuracy: float
    per_class: dict[str, PerClass]
    confusion: dict[str, dict[str, int]]
    texts_per_second: float
    left_out: dict[str, int]
    note: str


def evaluate(task: str, file: Path, *, learnt: Learnt | None = None) -> Evaluation:
    """Read a labelled file and compare: what it says with what Luister reads.

    Args:
        task: one of ``TASKS``.
        file: CSV with ``text``, ``label`` and perhaps ``language`` and ``organisation``.
        learnt: the model that reads this task in place of the rules.

    Raises:
        EvaluationError: no such task, no such file, no such columns, no row with a known label.
    """
    asked = TASKS.get(task) if learnt is None else evaluate_tasks.by_model(task, learnt)
    if asked is None:
        raise EvaluationError(
            f"there is no task {task!r} and nothing was learnt of it",
            todo=f"name one of: {', '.join(TASKS)}; or `luister learn {task}` first",
        )
    asked = evaluate_tasks.by_outside(asked)
    rows, left_out = known(asked, labelled(file))
    if not rows:
        found = ", ".join(sorted(left_out)[:10]) or "none"
        raise EvaluationError(
            f"no row has a label of the task {task}; labels found: {found}",
            where=str(file),
            todo=f"label with: {', '.join(asked.classes) or 'codes such as nl, en, de'}",
        )
    rows = evaluate_tasks.placed(rows)
    evaluate_tasks.warm(asked, rows[:1])
    began = time.perf_counter()
    answers = asked.answer(rows)
    seconds = time.perf_counter() - began
    return _evaluation(asked, rows, answers, len(rows) / max(seconds, 1e-9), left_out)


def labelled(file: Path) -> list[Row]:
    """The rows of a labelled file.

    Raises:
        EvaluationError: it cannot be opened or lacks a column.
    """
    with reading(file, EvaluationError) as reader:
        return _rows(reader, file)


def _rows(reader: csv.DictReader[str], file: Path) -> list[Row]:
    written = {name.strip().lower(): name for name in reader.fieldnames or () if name}
    columns = {
        meant: next((written[name] for name in names if name in written), None)
        for meant, names in _COLUMNS.items()
    }
    missing = [name for name in ("text", "label") if columns[name] is None]
    if missing:
        has = ", ".join(reader.fieldnames or ()) or "nothing"
        raise EvaluationError(
            f"has no column {' or '.join(missing)}; it has {has}", where=str(file)
        )

    def cell(row: Mapping[str, Any], meant: str) -> str:
        name = columns[meant]
        return str(row.get(name) or "") if name else ""

    return [
        Row(
            text=cell(row, "text"),
            label=cell(row, "label").strip(),
            language=cell(row, "language").strip() or None,
            organisation=cell(row, "organisation").strip() or None,
        )
        for row in reader
    ]


def known(task: Task, rows: Sequence[Row]) -> tuple[list[Row], dict[str, int]]:
    """The rows with a label of the task, spelled as the task does, and how many others by label."""
    kept: list[Row] = []
    left_out: Counter[str] = Counter()
    for row in rows:
        label = task.spelled(row.label)
        if label is None:
            left_out[row.label or "(empty)"] += 1
        else:
            kept.append(msgspec.structs.replace(row, label=label))
    return kept, dict(left_out.most_common())


def _evaluation(
    task: Task,
    rows: Sequence[Row],
    answers: Sequence[str],
    texts_per_second: float,
    left_out: dict[str, int],
) -> Evaluation:
    labels = [row.label for row in rows]
    shown = measure(labels, answers, several=task.is_several)
    return Evaluation(
        task=task.name,
        texts_per_second=round(texts_per_second, 1),
        left_out=left_out,
        note=task.note(rows),
        **shown,
    )


def measure(
    labels: Sequence[str], answers: Sequence[str], *, several: bool = False
) -> dict[str, Any]:
    """The figures of an evaluation from what was meant and what was read, text by text.

    Args:
        labels: the class of each text, classes joined by ``|`` where several hold.
        answers: what was read, likewise; ``ABSTAINED`` where nothing was.
        several: whether each class is a yes or no of its own.
    """
    classes = sorted({part for label in labels for part in label.split("|")})
    pairs = Counter(zip(labels, answers, strict=True))
    cells = list(pairs)
    counts = np.array([pairs[cell] for cell in cells], dtype=np.int64)
    hits = np.array([[_hits(cell, name, several) for cell in cells] for name in classes])
    precision, recall, f1 = _figures(hits, counts)
    chance = np.random.default_rng(SEED)
    drawn = chance.multinomial(counts.sum(), counts / counts.sum(), size=RESAMPLES)
    macros = [_figures(hits, draw)[2].mean() for draw in drawn]
    low, high = np.percentile(macros, [2.5, 97.5])
    right = sum(times for (label, answer), times in pairs.items() if _is_right(label, answer))
    return {
        "n": len(labels),
        "macro_f1": round(float(f1.mean()), 4),
        "macro_f1_interval": (round(float(low), 4), round(float(high), 4)),
        "accuracy": round(right / len(labels), 4),
        "per_class": {
            name: PerClass(
                precision=round(float(precision[place]), 4),
                recall=round(float(recall[place]), 4),
                f1=round(float(f1[place]), 4),
                support=int(counts[(hits[place] == 1) | (hits[place] == 2)].sum()),
            )
            for place, name in enumerate(classes)
        },
        "confusion": _confusion(pairs),
    }


_HIT, _MISSED, _WRONG = 1, 2, 3


def _hits(cell: tuple[str, str], name: str, several: bool) -> int:
    label, answer = cell
    meant, read = name in label.split("|"), name in answer.split("|")
    if not several:
        meant, read = label == name, answer == name
    return _HIT if meant and read else _MISSED if meant else _WRONG if read else 0


def _figures(hits: Any, counts: Any) -> tuple[Any, Any, Any]:
    right = ((hits == _HIT) * counts).sum(axis=1).astype(float)
    missed = ((hits == _MISSED) * counts).sum(axis=1)
    wrong = ((hits == _WRONG) * counts).sum(axis=1)
    return (
        right / np.maximum(right + wrong, 1),
        right / np.maximum(right + missed, 1),
        2 * right / np.maximum(2 * right + wrong + missed, 1),
    )


def _is_right(label: str, answer: str) -> bool:
    return set(label.split("|")) == set(answer.split("|"))


def _confusion(pairs: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    confusion: dict[str, dict[str, int]] = {}
    for (label, answer), times in sorted(pairs.items()):
        confusion.setdefault(label, {})[answer] = times
    return confusion


def table(found: Evaluation) -> str:
    """The figures for people, as lines of text."""
    low, high = found.macro_f1_interval
    lines = [
        f"{found.task}: {found.n} texts, {found.texts_per_second:,.0f} texts a second",
        f"macro-F1 {found.macro_f1:.3f} (95% between {low:.3f} and {high:.3f})",
        f"accuracy {found.accuracy:.3f}",
        *([found.note] if found.note else []),
        *_left_out(found),
        "",
        f"{'':22}{'precision':>10}{'recall':>10}{'F1':>10}{'texts':>10}",
        *(
            f"{name:22}{one.precision:10.3f}{one.recall:10.3f}{one.f1:10.3f}{one.support:10}"
            for name, one in found.per_class.items()
        ),
        "",
        "read as, of what it is:",
        *(
            f"{label:22}" + ", ".join(f"{answer} {times}" for answer, times in by_count(row))
            for label, row in found.confusion.items()
        ),
    ]
    return "\n".join(lines)


def by_count(row: Mapping[str, int]) -> list[tuple[str, int]]:
    """Answers with their number, most frequent first."""
    return sorted(row.items(), key=lambda one: (-one[1], one[0]))


def _left_out(found: Evaluation) -> list[str]:
    if not found.left_out:
        return []
    labels = ", ".join(f"{label} {times}" for label, times in by_count(found.left_out)[:10])
    return [f"left out, not labels of this task: {sum(found.left_out.values())} rows ({labels})"]


__all__ = [
    "ABSTAINED",
    "TASKS",
    "Evaluation",
    "EvaluationError",
    "PerClass",
    "evaluate",
    "labelled",
    "measure",
    "table",
]
