"""Every stage of a night against its floor, and what that was at the last committed run.

    python -m benchmarks                            # 100,000 posts
    python -m benchmarks --posts 100000 1000000     # several sizes
    python -m benchmarks --only load "models, first"
    python -m benchmarks --keep                     # write docs/performance.md and its numbers

Each side of each stage runs in a process of its own, in a folder that the stages before it filled,
so that peak memory is its own. Ratios are of times for one unit (a post, a text) in one run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa

from benchmarks.bench import Bench
from benchmarks.clock import Clock, peak_megabytes
from benchmarks.stages import STAGES, Measured, Stage
from pipeline.matching import Matcher
from pipeline.post import POST_SCHEMA
from pipeline.understand import named
from pipeline.warehouse import open_warehouse

RESULTS: Final = Path(__file__).with_name("results.json")


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One side of one stage; times in seconds, sizes in megabytes."""

    units: int
    seconds: float
    processor_seconds: float
    peak_megabytes: float
    written_megabytes: float | None

    @property
    def microseconds(self) -> float:
        """Wall time for one unit."""
        return self.seconds / max(self.units, 1) * 1e6


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides of a stage."""

    ours: Side
    floor: Side

    @property
    def ratio(self) -> float:
        """Our wall time for one unit as a multiple of the floor's."""
        return self.ours.microseconds / self.floor.microseconds

    @property
    def processor_ratio(self) -> float:
        """The same by processor time: the one to trust on a busy machine."""
        ours = self.ours.processor_seconds / max(self.ours.units, 1)
        return ours / (self.floor.processor_seconds / max(self.floor.units, 1))


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """All stages of one size."""

    posts: int
    day: str
    cores: int
    stages: dict[str, Pair]
    models: dict[str, float] = msgspec.field(default_factory=dict)
    """Seconds of each model in the first build."""
    plain_models: dict[str, float] = msgspec.field(default_factory=dict)
    """Seconds of the same statements alone; models in Python have none."""


def side(folder: Path, name: str, which: str, posts: int) -> Side:
    """Do one side of one stage here."""
    stage = next(each for each in STAGES if each.name == name)
    bench, clock = Bench(folder, posts), Clock()
    _ready(bench)
    units = (stage.ours if which == "ours" else stage.least)(bench, clock)
    return Side(
        units=units,
        seconds=clock.seconds,
        processor_seconds=clock.processor_seconds,
        peak_megabytes=peak_megabytes(),
        written_megabytes=clock.written_megabytes,
    )


def _ready(bench: Bench) -> None:
    """Make what is made once, and import what is imported late: neither is a stage's own work."""
    _ = bench.world
    open_warehouse(bench.data).close()
    pa.array(["pandas is imported by the first array"])
    Matcher.from_organisations(named(bench.config)).match(POST_SCHEMA.empty_table())


def _apart(folder: Path, name: str, which: str, posts: int) -> Side:
    command = [sys.executable, "-m", "benchmarks.harness", "--side", name, which, str(folder)]
    answer = subprocess.run(
        [*command, "--posts", str(posts)], check=True, stdout=subprocess.PIPE, text=True
    )
    return msgspec.json.decode(answer.stdout.splitlines()[-1], type=Side)


def chosen(only: list[str] | None) -> list[tuple[Stage, bool]]:
    """The stages to run in order, and whether each is to be measured or only needed by one."""
    if not only:
        return [(stage, True) for stage in STAGES]
    known = [stage.name for stage in STAGES]
    unknown = sorted(set(only) - set(known))
    if unknown:
        raise SystemExit(f"no such stage: {', '.join(unknown)}; there are {', '.join(known)}")
    needed = {other for stage in STAGES if stage.name in only for other in stage.needs} | set(only)
    return [(stage, stage.name in only) for stage in STAGES if stage.name in needed]


def measure(folder: Path, posts: int, only: list[str] | None) -> Iterator[tuple[str, Pair]]:
    """Each chosen stage with both sides; stages with one floor have it measured once."""
    floors: dict[Measured, Side] = {}
    for stage, is_asked in chosen(only):
        ours = _apart(folder, stage.name, "ours", posts)
        if is_asked:
            if stage.least not in floors:
                floors[stage.least] = _apart(folder, stage.name, "floor", posts)
            yield stage.name, Pair(ours=ours, floor=floors[stage.least])
        for left in folder.glob("plain.*"):
            left.unlink()


def main() -> None:
    """Measure, print, and with --keep write the page and the numbers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, nargs="+", default=[100_000])
    parser.add_argument("--only", nargs="+", help="only these stages")
    parser.add_argument("--keep", action="store_true", help="write docs/performance.md")
    parser.add_argument("--side", nargs=3, metavar=("STAGE", "WHICH", "FOLDER"), help="one side")
    asked = parser.parse_args()
    if asked.side:
        name, which, folder = asked.side
        print(msgspec.json.encode(side(Path(folder), name, which, asked.posts[0])).decode())
        return
    before = committed()
    for posts in asked.posts:
        _run(posts, asked.only, before, keep=asked.keep)


def _run(posts: int, only: list[str] | None, formers: Mapping[int, Run], *, keep: bool) -> None:
    before = formers.get(posts)
    print(f"{posts:,} posts, {_cores()} cores")
    print(f"{'stage':22}{'seconds':>9}{'floor':>9}{'ratio':>8}{'by cpu':>8}{'before':>8}{'MB':>7}")
    stages = dict(before.stages) if before else {}
    with tempfile.TemporaryDirectory() as place:
        for name, pair in measure(Path(place), posts, only):
            print(_line(name, pair, stages.get(name)), flush=True)
            stages[name] = pair
            # after each: of an hour's run that is cut short, what was measured stays
            if keep:
                _keep(_so_far(Path(place), posts, stages, before), formers)


def _so_far(place: Path, posts: int, stages: dict[str, Pair], before: Run | None) -> Run:
    """What was measured in this folder, and of the last run what was not."""
    models = _seconds_in(place / "models.json") or (before.models if before else {})
    plain = _seconds_in(place / "plain_models.json")
    return Run(
        posts=posts,
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        cores=_cores(),
        stages=stages,
        models=models,
        plain_models=plain or (before.plain_models if before else {}),
    )


def _line(name: str, pair: Pair, former: Pair | None) -> str:
    was = f"{former.ratio:8.2f}" if former else "       -"
    return (
        f"{name:22}{pair.ours.seconds:9.2f}{pair.floor.seconds:9.2f}{pair.ratio:8.2f}"
        f"{pair.processor_ratio:8.2f}{was}{pair.ours.peak_megabytes:7.0f}"
    )


def _seconds_in(told: Path) -> dict[str, float]:
    """Seconds by model, where models were built."""
    return msgspec.json.decode(told.read_bytes(), type=dict[str, float]) if told.exists() else {}


def _keep(run: Run, formers: Mapping[int, Run]) -> None:
    from benchmarks.page import write_page

    runs = {**committed(), run.posts: run}
    write_page(runs, formers)
    RESULTS.write_bytes(_plain(runs))


def committed() -> dict[int, Run]:
    """The runs whose numbers stand in ``results.json``, by size."""
    if not RESULTS.exists():
        return {}
    runs = msgspec.json.decode(RESULTS.read_bytes(), type=list[Run])
    return {run.posts: run for run in runs}


def _plain(runs: dict[int, Run]) -> bytes:
    found: list[Any] = [runs[size] for size in sorted(runs)]
    return msgspec.json.format(msgspec.json.encode(found)) + b"\n"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    main()
