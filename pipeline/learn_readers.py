"""Readers from outside: any callable in place of our rules, a transformer too.

A package names it under the entry point ``luister.readers`` and the name of a task::

    [project.entry-points."luister.readers"]
    sentiment = "our_reader:sentiment"

    def sentiment(texts: Sequence[str], languages: Sequence[str]) -> list[str | None]: ...

It is given texts as written and their languages, and answers one label of the task for each, or
None where it leaves the text to what reads otherwise. A night reads with it from then on; the name
and version of the package are part of the version of the readings, so that installing, updating or
removing it reads everything again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import metadata
from typing import Final, NamedTuple

from pipeline.errors import LuisterError
from pipeline.learn_tasks import TASKS, folded

GROUP: Final = "luister.readers"
Answer = Callable[[Sequence[str], Sequence[str]], Sequence[str | None]]
_TRIED: Final = (("Dank voor de snelle hulp", ""), ("nl", "und"))


class OutsideReader(NamedTuple):
    """One task read by a package."""

    task: str
    version: str
    where: str
    answer: Answer

    def labels(self, texts: Sequence[str], languages: Sequence[str]) -> list[str | None]:
        """A label for each text, or None.

        Raises:
            LuisterError: it fails, answers too few or too many, or with labels of another task.
        """
        try:
            found = [label and folded(label) for label in self.answer(texts, languages)]
        except Exception as error:
            raise self._wrong(f"fails: {type(error).__name__}: {error}") from error
        if len(found) != len(texts):
            raise self._wrong(f"gives {len(found)} labels for {len(texts)} texts")
        known = {folded(label) for label in TASKS[self.task].labels}
        if strange := sorted({label for label in found if label} - known):
            raise self._wrong(f"says {', '.join(strange)}, which is none of {sorted(known)}")
        return found

    def _wrong(self, what: str) -> LuisterError:
        return LuisterError(
            f"the reader of {self.task} {what}",
            where=self.where,
            todo=f"mend or uninstall the package with the entry point {GROUP}",
        )


@cache
def outside_readers() -> tuple[OutsideReader, ...]:
    """The readers of installed packages, by task.

    Raises:
        LuisterError: one cannot be loaded, or names no task that is read.
    """
    found = sorted(metadata.entry_points(group=GROUP), key=lambda point: (point.name, point.value))
    return tuple(map(_load, found))


def try_out(reader: OutsideReader) -> None:
    """Ask a reader for two texts, one of them empty.

    Raises:
        LuisterError: as ``OutsideReader.labels``.
    """
    reader.labels(*_TRIED)


def _load(point: metadata.EntryPoint) -> OutsideReader:
    todo = f"mend or uninstall the package with the entry point {GROUP}"
    if point.name not in TASKS or TASKS[point.name].rules is None:
        tasks = ", ".join(sorted(name for name, task in TASKS.items() if task.rules))
        raise LuisterError(
            f"{point.name} is nothing that is read", where=point.value, todo=f"name one of {tasks}"
        )
    try:
        answer: Answer = point.load()
    except (ImportError, AttributeError) as error:
        raise LuisterError(
            f"the reader of {point.name} cannot be loaded: {error}", where=point.value, todo=todo
        ) from error
    if not callable(answer):
        raise LuisterError(
            f"the reader of {point.name} cannot be called", where=point.value, todo=todo
        )
    package = f"{point.dist.name}{point.dist.version}" if point.dist else point.value
    return OutsideReader(point.name, package, point.value, answer)
