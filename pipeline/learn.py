"""Learning from the company's own people: models that take over where they read better than rules.

``learn`` compares a model with our rules on labels it has not seen (cross-validation, equal texts
kept together) and keeps it only where it is better beyond chance. Models live in the data folder,
one file a version; ``rollback`` goes back to the one before, and before the first to the rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from pipeline.enrich.intent_phrases import spoken
from pipeline.enrich.text import readable
from pipeline.errors import LuisterError
from pipeline.learn_tasks import TASKS, baseline, by_rules, folded, languages_of, of_task

if TYPE_CHECKING:
    from pipeline.learn_model import Labelled, Model

Reader = Callable[[Sequence[str]], list[str]]

FOLDS: Final = 5
FEWEST: Final = 20
"""Labels below which nothing can be learnt nor compared."""
FEWEST_A_LANGUAGE: Final = 20
"""Labels in a language from which a model reads it."""
_RESAMPLES: Final = 1_000
_CHANCE: Final = 0.05
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
_CURRENT: Final = "current"


class Lesson(NamedTuple):
    """What came of learning: macro-F1 on labels that were held back, and whether it takes over."""

    task: str
    examples: int
    left_out: int
    classes: tuple[str, ...]
    baseline: str
    rules: float
    model: float
    gain_low: float
    gain_high: float
    is_better: bool
    version: int | None

    def __str__(self) -> str:
        numbers = (
            f"{self.task}: macro-F1 {self.model:.3f} learnt, {self.rules:.3f} by {self.baseline}, "
            f"on {self.examples} labels held back in turns "
            f"(gain {self.gain_low:+.3f} to {self.gain_high:+.3f})"
        )
        if self.left_out:
            numbers += f"; {self.left_out} of other kinds left out"
        if self.version is not None:
            return f"{numbers}. The model takes over as version {self.version}."
        return f"{numbers}. Not better beyond chance: what reads now stays."


def learn(task: str, examples: Sequence[Labelled], data: Path) -> Lesson:
    """Train on labelled texts, compare, and take over where the model is better beyond chance.

    Raises:
        LuisterError: the task has no name, or there are too few labels to tell.
    """
    from pipeline import learn_model

    folder = _folder(task, data)
    examples, left_out = of_task(task, examples)
    counts = Counter(each.label for each in examples)
    if len(examples) < FEWEST or len(counts) < 2 or min(counts.values()) < 2:
        told = ", ".join(f"{label} {count}" for label, count in sorted(counts.items())) or "none"
        raise LuisterError(
            f"{len(examples)} labels ({told}) are too few to learn {task}",
            todo=f"label at least {FEWEST} texts, two of each kind",
        )
    groups = copies_of(examples)
    truth = [folded(each.label) for each in examples]
    learnt = [folded(label) for label in _held_back(examples, groups)]
    ruled = [folded(label) for label in by_rules(task, examples)]
    low, high = _gain(truth, learnt, ruled, groups)
    version = None
    if low > 0:
        spoken_ = Counter(each.language for each in examples)
        model = learn_model.train(
            examples,
            {
                "task": task,
                "examples": len(examples),
                "macro_f1": macro_f1(truth, learnt),
                "rules_macro_f1": macro_f1(truth, ruled),
                "languages": [
                    code for code, count in spoken_.items() if count >= FEWEST_A_LANGUAGE
                ],
            },
        )
        version = _keep(model, folder)
    return Lesson(
        task=task,
        examples=len(examples),
        left_out=left_out,
        classes=tuple(sorted(counts)),
        baseline=baseline(task),
        rules=macro_f1(truth, ruled),
        model=macro_f1(truth, learnt),
        gain_low=low,
        gain_high=high,
        is_better=version is not None,
        version=version,
    )


class Trial(NamedTuple):
    """The model in use on a labelled file of its own: macro-F1 and accuracy beside the rules'."""

    task: str
    examples: int
    baseline: str
    rules: float
    model: float
    accuracy: float

    def __str__(self) -> str:
        return (
            f"{self.task}: macro-F1 {self.model:.3f} by the model in use, {self.rules:.3f} by "
            f"{self.baseline}, accuracy {self.accuracy:.3f}, on {self.examples} labels of this file"
        )


def test(task: str, examples: Sequence[Labelled], data: Path) -> Trial:
    """Try the model in use on labels it has not learnt from.

    Raises:
        LuisterError: no model reads this task, or there are no labels.
    """
    model = model_of(task, data)
    examples, _ = of_task(task, examples)
    if model is None or not examples:
        raise LuisterError(
            f"no model reads {task}" if model is None else "the file has no labels",
            todo=f"luister learn {task} --from FILE.csv",
        )
    truth = [folded(each.label) for each in examples]
    said = model.predict([each.text for each in examples], [each.language for each in examples])
    learnt = [folded(label) for label in said]
    return Trial(
        task=task,
        examples=len(examples),
        baseline=baseline(task),
        rules=macro_f1(truth, [folded(label) for label in by_rules(task, examples)]),
        model=macro_f1(truth, learnt),
        accuracy=sum(map(str.__eq__, truth, learnt)) / len(truth),
    )


def reader(task: str, data: Path) -> Reader | None:
    """Texts → labels by the model in use; None where rules read, or nobody does."""
    model = model_of(task, data)
    if model is None:
        return None

    def read(texts: Sequence[str]) -> list[str]:
        return model.predict(texts, languages_of(texts))

    return read


def model_of(task: str, data: Path) -> Model | None:
    """The model in use for a task."""
    folder = _folder(task, data)
    version = _current(folder)
    if version == 0:
        return None
    from pipeline import learn_model

    return learn_model.load(folder / f"{version:04}.npz")


def rollback(task: str, data: Path) -> int:
    """Go back one version; 0 is the rules.

    Raises:
        LuisterError: the rules read already.
    """
    folder = _folder(task, data)
    version = _current(folder)
    if version == 0:
        raise LuisterError(f"no model reads {task}", todo="nothing: the rules read already")
    earlier = [each for each in _versions(folder) if each < version]
    back = max(earlier, default=0)
    _use(folder, back)
    return back


def in_use(data: Path) -> dict[str, int]:
    """Tasks that a model reads, with its version."""
    root = data / "models"
    found = {each.name: _current(each) for each in sorted(root.glob("*")) if each.is_dir()}
    return {task: version for task, version in found.items() if version}


def macro_f1(truth: Sequence[str], found: Sequence[str]) -> float:
    """The mean over the labels of the truth of F1 = 2 TP / (2 TP + FP + FN)."""
    names = sorted({*truth, *found})
    places = {name: place for place, name in enumerate(names)}
    told = np.array([places[label] for label in truth])
    said = np.array([places[label] for label in found])
    return _macro_f1(_confusion(told, said, len(names), None))


def _confusion(truth: Any, found: Any, count: int, weights: Any) -> Any:
    return np.bincount(truth * count + found, weights, count * count).reshape(count, count)


def _macro_f1(confusion: Any) -> float:
    told, said = confusion.sum(axis=1), confusion.sum(axis=0)
    there = told > 0
    return float(np.mean(2 * np.diag(confusion)[there] / (told + said)[there]))


def _held_back(examples: Sequence[Labelled], groups: Sequence[int]) -> list[str]:
    """What models say that have not seen the text; equal texts are never on both sides."""
    from sklearn.model_selection import StratifiedGroupKFold

    from pipeline import learn_model

    labels = [each.label for each in examples]
    folds = StratifiedGroupKFold(
        max(2, min(FOLDS, min(Counter(labels).values()))), shuffle=True, random_state=0
    )
    return learn_model.held_back(examples, folds.split(labels, labels, groups))


def copies_of(examples: Sequence[Labelled]) -> list[int]:
    """A number for each text; copies share it, whatever signs and links they have."""
    texts = [spoken(readable(each.text)) for each in examples]
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return [places[text] for text in texts]


def _gain(
    truth: Sequence[str], learnt: Sequence[str], ruled: Sequence[str], groups: Sequence[int]
) -> tuple[float, float]:
    """The interval of the gain in macro-F1, by resampling texts with their copies (95%)."""
    names = sorted({*truth, *learnt, *ruled})
    places = {name: place for place, name in enumerate(names)}
    told, model, rules = (
        np.array([places[label] for label in labels]) for labels in (truth, learnt, ruled)
    )
    of_text = np.array(groups)
    texts = int(of_text.max()) + 1
    chance = np.random.default_rng(0)
    gains = []
    for _ in range(_RESAMPLES):
        weights = np.bincount(chance.integers(0, texts, texts), minlength=texts)[of_text]
        better = _macro_f1(_confusion(told, model, len(names), weights))
        gains.append(better - _macro_f1(_confusion(told, rules, len(names), weights)))
    low, high = np.quantile(gains, [_CHANCE / 2, 1 - _CHANCE / 2])
    return float(low), float(high)


# --- versions


def _folder(task: str, data: Path) -> Path:
    if not _NAME.fullmatch(task):
        raise LuisterError(
            f"{task!r} cannot be a task",
            todo=f"small letters, digits and _; known are {', '.join(sorted(TASKS))}",
        )
    return data / "models" / task


def _versions(folder: Path) -> list[int]:
    return sorted(int(each.stem) for each in folder.glob("[0-9]*.npz"))


def _current(folder: Path) -> int:
    """The version in use; the one before where it went, as with somebody who was forgotten."""
    try:
        chosen = int((folder / _CURRENT).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return 0
    return max((each for each in _versions(folder) if each <= chosen), default=0)


def _keep(model: Model, folder: Path) -> int:
    from pipeline import learn_model

    version = max(_versions(folder), default=0) + 1
    numbered = model._replace(told={**model.told, "version": version})
    learn_model.save(numbered, folder / f"{version:04}.npz")
    _use(folder, version)
    return version


def _use(folder: Path, version: int) -> None:
    waiting = folder / f"{_CURRENT}.part"
    waiting.write_text(str(version), encoding="utf-8")
    waiting.replace(folder / _CURRENT)
