"""Progress of a night in the terminal: which step, and per source how many and how long yet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pipeline.night import Silent, Watcher

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_STEPS: Final = (
    *("prepare", "collect", "load", "retain", "understand", "build", "publish", "report"),
)
_SHORTEST_SECONDS: Final = 1.0
"""Before that, a rate says nothing."""


@contextmanager
def watch(*, is_quiet: bool, usual: Mapping[str, int] | None = None) -> Iterator[Watcher]:
    """A watcher that draws on standard error; a silent one when quiet or not on a terminal.

    ``usual`` are posts by source, as many as it gave last time.
    """
    if is_quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<24}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[told]}", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as progress:
        yield Bars(progress, usual or {})


def pace_of(posts: int, seconds: float, usual: int) -> str:
    """``1200 posts, 40/s, about 20 s left``: as much of it as is known."""
    told = f"{posts} posts"
    if seconds < _SHORTEST_SECONDS or not posts:
        return told
    rate = posts / seconds
    told += f", {rate:.0f}/s" if rate >= 1 else f", {60 * rate:.0f}/min"
    left = usual - posts
    return f"{told}, about {_span(left / rate)} left" if left > 0 else told


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


class Bars:
    """One bar for the steps, one line for each source."""

    def __init__(
        self,
        progress: Progress,
        usual: Mapping[str, int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._progress = progress
        self._usual = usual
        self._clock = clock
        self._steps = progress.add_task("night", total=len(_STEPS), told="")
        self._sources: dict[str, tuple[TaskID, float]] = {}

    def step(self, name: str) -> None:
        """A step begins."""
        place = _STEPS.index(name) if name in _STEPS else 0
        self._progress.update(
            self._steps, completed=place, told=f"{name} ({place + 1} of {len(_STEPS)})"
        )

    def source(self, name: str, posts: int, status: str) -> None:
        """A source has so many posts."""
        if name not in self._sources:
            bar = self._progress.add_task(name, total=None, told="")
            self._sources[name] = (bar, self._clock())
        bar, began = self._sources[name]
        usual = self._usual.get(name, 0)
        told = pace_of(posts, self._clock() - began, usual if status == "running" else 0)
        if status == "running":
            total = float(usual) if usual > posts else None
            self._progress.update(bar, total=total, completed=posts, told=told)
        else:
            self._progress.update(bar, total=1, completed=1, told=f"{told}, {status}")
