"""All models: made from nothing, a night that adds, and a plain run of the same compiled SQL.

    python -m benchmarks.models                                  # 100,000 posts, a night of 300
    python -m benchmarks.models --posts 1000000 --night 3000
    python -m benchmarks.models --posts 10000000 --night 30000 --short --each

The posts are tellings of the simulated world, landed, loaded and matched as in any night; texts are
not read (the models' work is the same). Those of the night are of the day after, in threads of
their own and of the first telling. All of them run the statements that are shipped, as any night
does; "nothing new, by dbt" has dbt render them. The plain run makes each model's table or view from
what dbt compiled, in dbt's order, without its tests, comments and contracts; what models in Python
reckon is part of it, and told apart. Beside the seconds stand those of the processor, which tell
more where others are at work. ``--each`` prints the seconds of every model, made again, on the
night and plain; ``--short`` makes them the first time and adds the night, and no more.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import duckdb
import msgspec

from connectors import platforms
from docs.recorded import without_posts
from pipeline.config import Config, load
from pipeline.http import Usage
from pipeline.landing import Collected, Landing
from pipeline.matching import Matcher
from pipeline.model_memory import memory_for
from pipeline.models import PROJECT, build
from pipeline.post import Post
from pipeline.processes import pool
from pipeline.recorded import Step, make_in_python
from pipeline.relevance.judging import Judge
from pipeline.understand import match, named
from pipeline.warehouse import open_warehouse
from pipeline.world import World, serve, simulate, write_config
from pipeline.world.stream import posts as told

TODAY = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)
RUN_ID = "20261120T031500Z-000000"
NIGHT_ID = "20261120T031500Z-000001"
Told = TypeVar("Told")


def prepare(folder: Path, count: int) -> tuple[Config, World]:
    """A warehouse of ``count`` posts, matched; returns its configuration and the world."""
    world = simulate(1, TODAY)
    with serve(world) as served:
        config = load(write_config(world, served, folder), platforms())
    with open_warehouse(config.data) as warehouse:
        warehouse.begin_run(RUN_ID, TODAY, "benchmark")
        warehouse.write_configuration(config)
    add(config, RUN_ID, told(world, count))
    return config, world


def add(config: Config, run_id: str, posts: Iterator[Post]) -> None:
    """Land, load and match some posts."""
    with open_warehouse(config.data) as warehouse:
        landing = Landing(config.data / "landing")
        landing.write(collected(run_id), (("mentions", post) for post in posts))
        warehouse.load_landed(landing.unloaded(warehouse.loaded_files()))
        organisations = named(config)
        matcher = Matcher.from_organisations(organisations)
        judge = Judge(organisations, lambda _: None)
        match(warehouse, matcher, judge, matcher.version)


def collected(run_id: str) -> Collected:
    """The outcome of one source that gave everything."""
    return Collected(
        run_id=run_id,
        source="world",
        platform="mastodon",
        asked_from=TODAY - timedelta(days=80),
        asked_through=TODAY,
        status="complete",
        usage=Usage(),
    )


def newest(world: World, after: int, count: int) -> Iterator[Post]:
    """Posts of the day after today, none of the first ``after``: a tenth replies to one of those.

    A night brings a day: one more in each period and window, and another one is over for the
    questions of the days before.
    """
    for number, post in enumerate(islice(told(world, after + count), after, None)):
        seconds = (number + 1) * 80_000 // count
        changes: dict[str, Any] = {"created_at": TODAY + timedelta(seconds=seconds)}
        if number % 10 == 0:
            changes |= {"kind": "reply", "parent_id": post.post_id.rpartition("/")[0] + "/0"}
        yield msgspec.structs.replace(post, **changes)


class Made(NamedTuple):
    """A model of the plain run: what to create, and from what."""

    kind: str
    name: str
    code: str
    path: str | None
    reads: dict[str, str]


def compiled(folder: Path) -> Path:
    """A database without posts that dbt has built: what it compiled lies beside it.

    It is built in another process, whose memory is not counted here.
    """
    folder.mkdir()
    with pool(1) as process:
        return process.submit(_compile, folder).result()


def _compile(folder: Path) -> Path:
    database = without_posts(folder)
    build(database, by_dbt=True)
    return database


def statements(models: list[Made]) -> list[tuple[str, str]]:
    """Those in SQL, in their order: what to create, and the select."""
    return [(f"{each.kind} {each.name}", each.code) for each in models if not each.path]


def everything(database: Path) -> list[Made]:
    """All models of dbt's last run, in its order."""
    target = database.parent / "dbt" / "target"
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    found = []
    for result in results(target):
        node = nodes.get(result["unique_id"])
        if node is None or node["resource_type"] != "model":
            continue
        is_python = node["language"] == "python"
        path = node["original_file_path"]
        found.append(
            Made(
                kind="view" if node["config"]["materialized"] == "view" else "table",
                name=f"{node['schema']}.{node['name']}",
                code=""
                if is_python
                else (target / "compiled" / "luister" / path).read_text("utf-8"),
                path=path if is_python else None,
                reads={
                    nodes[other]["name"]: nodes[other]["relation_name"]
                    for other in node["depends_on"]["nodes"]
                    if other in nodes
                },
            )
        )
    return found


def plain(database: Path, models: list[Made]) -> dict[str, tuple[float, float]]:
    """Seconds, and those of the processor, for each of the compiled selects alone."""
    found = {}
    with duckdb.connect(str(database)) as connection:
        memory = memory_for(connection, is_full=True)
        connection.execute(f"set timezone = 'UTC'; set memory_limit = '{memory}'")
        connection.execute("set preserve_insertion_order = false")
        for model in models:
            begin, mark = time.perf_counter(), processor()
            if model.path is None:
                connection.execute(f"create or replace {model.kind} {model.name} as {model.code}")
            else:
                step = Step(
                    name=model.name,
                    kind="model",
                    code="",
                    after=[],
                    path=model.path,
                    reads=model.reads,
                )
                make_in_python(connection, step, PROJECT / model.path)
            found[model.name] = (time.perf_counter() - begin, processor() - mark)
    return found


class Clock:
    """How long each thing took: seconds, and those of the processor."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[float, float]] = {}

    def of(self, what: str, do: Callable[[], Told]) -> Told:
        """Do something and keep how long it took."""
        begin, mark = time.perf_counter(), processor()
        told = do()
        self.found[what] = (time.perf_counter() - begin, processor() - mark)
        return told

    def tell(self) -> None:
        """Print a line of each thing."""
        for what, (seconds, of_processor) in self.found.items():
            print(f"  {what:<20} {seconds:8.1f} {of_processor:8.1f}")


def processor() -> float:
    """Seconds of the processor that this process has taken so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def results(target: Path) -> list[dict[str, str]]:
    """What dbt ran last, in the order in which it ended."""
    found: list[dict[str, str]] = json.loads((target / "run_results.json").read_text("utf-8"))[
        "results"
    ]
    return found


def short(config: Config, world: World, posts: int, night: int, *, each: bool) -> None:
    """Print what the first build and the night after it take, and no more."""
    database = config.data / "luister.duckdb"
    clock = Clock()
    first = clock.of("first", lambda: build(database))
    add(config, NIGHT_ID, newest(world, posts, night))
    added = clock.of("night", lambda: build(database))
    clock.tell()
    ratios = [a / b for a, b in zip(clock.found["night"], clock.found["first"], strict=True)]
    print(f"night / first: {ratios[0]:.2f}, of the processor {ratios[1]:.2f} (0.1 wanted)")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    of_night = {model.name: model.seconds for model in added.models}
    for model in sorted(first.models, key=lambda model: -model.seconds) if each else ():
        told = of_night.get(model.name, 0.0)
        print(f"  {model.name:<44} {model.seconds:7.2f} {told:7.2f}")


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--night", type=int, help="posts of a night; three thousandths when absent")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--short", action="store_true")
    asked = parser.parse_args()
    night = asked.night or max(asked.posts * 3 // 1000, 1)
    with tempfile.TemporaryDirectory() as folder:
        config, world = prepare(Path(folder), asked.posts)
        if asked.short:
            short(config, world, asked.posts, night, each=asked.each)
            return
        database = config.data / "luister.duckdb"
        clock = Clock()
        first = clock.of("first", lambda: build(database))
        models = everything(compiled(Path(folder) / "compiled"))
        again = clock.of("again", lambda: build(database, full_refresh=True))
        clock.of("nothing new, by dbt", lambda: build(database, by_dbt=True))
        same = clock.of("nothing new", lambda: build(database))
        add(config, NIGHT_ID, newest(world, asked.posts, night))
        added = clock.of("night", lambda: build(database))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        alone = clock.of("plain", lambda: plain(database, models))
    print(f"{asked.posts:,} posts, a night of {night:,}; seconds, and those of the processor:")
    clock.tell()
    in_python = [alone[each.name] for each in models if each.path is not None]
    for_python = [sum(each) for each in zip(*in_python, strict=True)]
    print(f"  {'of plain, in Python':<20} {for_python[0]:8.1f} {for_python[1]:8.1f}")
    for what, whole, part, wanted in (
        ("again / plain", "again", "plain", "1.5"),
        ("first / plain", "first", "plain", "1.5"),
        ("nothing new / plain", "nothing new", "plain", "less"),
        ("night / again", "night", "again", "0.1 at ten million"),
    ):
        told = [a / b for a, b in zip(clock.found[whole], clock.found[part], strict=True)]
        print(f"{what}: {told[0]:.2f}, of the processor {told[1]:.2f} ({wanted} wanted)")
    print(f"peak memory {peak:,.0f} MB")
    if not (first.is_full and again.is_full) or same.is_full or added.is_full:
        raise SystemExit("a build was not of the kind it is called")
    if asked.each:
        of_night = {model.name: model.seconds for model in added.models}
        print(f"  {'':<44}   again   night   plain")
        for model in sorted(again.models, key=lambda model: -model.seconds):
            of_plain, _ = alone.get(model.name, (0.0, 0.0))
            each = (model.seconds, of_night.get(model.name, 0.0), of_plain)
            print(f"  {model.name:<44} " + " ".join(f"{seconds:7.2f}" for seconds in each))


if __name__ == "__main__":
    main()
