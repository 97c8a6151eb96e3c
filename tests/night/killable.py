"""Nights in processes of their own, begun in a moment, so that many can be killed.

One process reads all modules and the SQL project; each night is a fork of it. What is killed is a
whole process that holds the data folder, as it is when it was started from nothing.
"""

from __future__ import annotations

import multiprocessing
import signal
import tempfile
import time
from datetime import datetime
from itertools import pairwise
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from connectors import load as connector_of
from connectors import platforms
from pipeline import models, night
from pipeline.config import load

STEPS = ("prepare", "collect", "land", "load", "retain", "understand", "build", "publish", "report")
READ_BEFORE = "tests.night.killable_modules"


class _Telling:
    """Tells each step as it begins; ``land`` once a source has handed over what it read."""

    def __init__(self, told: Connection) -> None:
        self._told = told

    def step(self, name: str) -> None:
        self._told.send(name)

    def source(self, name: str, posts: int, status: str) -> None:
        if status != "running":
            self._told.send("land")


def play(path: str, moment: str, told: Connection) -> None:
    """One night, in this process."""
    config = load(Path(path), platforms())
    run = night.open_night(config, night.new_run_id(datetime.fromisoformat(moment)))
    told.send("begins")
    night.run(run, connector_of, _Telling(told))
    told.send("ended")


def read_all() -> None:
    """What every night would read anew: modules, connectors, the SQL project."""
    for name in platforms():
        connector_of(name)
    with tempfile.TemporaryDirectory() as folder:
        models.project(Path(folder) / "luister.duckdb")


class Night:
    """A night at work, whose steps can be waited for."""

    def __init__(self, path: Path, moment: datetime) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([READ_BEFORE])
        self._told, there = context.Pipe(duplex=False)
        arguments = (str(path), moment.isoformat(), there)
        self.process: BaseProcess = context.Process(target=play, args=arguments)
        self.process.start()
        there.close()
        self.steps: list[str] = []
        self.begun: list[float] = []

    def reaches(self, step: str | None) -> bool:
        """Wait until a step begins, or for the end; False when the night ended without it."""
        while step not in self.steps:
            try:
                self.steps.append(self._told.recv())
                self.begun.append(time.monotonic())
            except EOFError:
                return False
        return True

    def kill(self) -> str | None:
        """Kill it with SIGKILL; returns the step it was in, None when it had ended before."""
        self.process.kill()
        self.process.join()
        self.reaches(None)
        has_ended = "ended" in self.steps
        assert has_ended or self.process.exitcode == -signal.SIGKILL, "it failed by itself"
        return None if has_ended else self.steps[-1]

    def end(self) -> dict[str, float]:
        """Wait until it has ended well; returns how many seconds each step took."""
        self.reaches(None)
        self.process.join()
        assert (self.process.exitcode, self.steps[-1]) == (0, "ended")
        took: dict[str, float] = {}
        for step, (begin, end) in zip(self.steps, pairwise(self.begun), strict=False):
            took[step] = took.get(step, 0.0) + end - begin
        return took
