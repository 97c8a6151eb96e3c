"""Progress bars of a night in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pipeline.night import Silent, Watcher

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_STEPS: Final = ("prepare", "collect", "load", "retain", "understand", "build", "publish", "report")


@contextmanager
def watch(*, is_quiet: bool) -> Iterator[Watcher]:
    """A watcher that draws on standard error; a silent one when quiet or not on a terminal."""
    if is_quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<24}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as progress:
        yield _Bars(progress)


class _Bars:
    """One bar for the steps, one line for each source."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._steps = progress.add_task("night", total=len(_STEPS), told="")
        self._sources: dict[str, TaskID] = {}

    def step(self, name: str) -> None:
        """A step begins."""
        self._progress.update(
            self._steps, completed=_STEPS.index(name), told=name, description="night"
        )

    def source(self, name: str, posts: int, status: str) -> None:
        """A source has so many posts."""
        if name not in self._sources:
            self._sources[name] = self._progress.add_task(name, total=None, told="")
        done = None if status == "running" else 1
        self._progress.update(
            self._sources[name], total=done, completed=done, told=f"{posts} posts, {status}"
        )
