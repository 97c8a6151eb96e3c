"""All models: made from nothing, a night that adds, and a plain run of the same compiled SQL.

    python -m benchmarks.models                                  # 100,000 posts, a night of 300
    python -m benchmarks.models --posts 1000000 --night 3000

The posts are tellings of the simulated world, landed, loaded and matched as in any night; texts are
not read (the models' work is the same). Those of the night come after them, in threads of their own
and of the first telling. The plain run makes each model's table or view from what dbt compiled for
the first build, in dbt's order, without its tests, comments and contracts; models in Python are
left out. Beside the seconds stand those of the processor, which tell more where others are at work.
``--each`` prints the seconds of every model in the first build and in the night.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from connectors import platforms
from pipeline.config import Config, load
from pipeline.http import Usage
from pipeline.landing import Collected, Landing
from pipeline.matching import Matcher
from pipeline.models import build
from pipeline.post import Post
from pipeline.understand import named
from pipeline.warehouse import open_warehouse
from pipeline.world import World, serve, simulate, write_config
from pipeline.world.stream import posts as told

TODAY = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)
RUN_ID = "20261120T031500Z-000000"
NIGHT_ID = "20261120T031500Z-000001"


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
        for file in landing.unloaded(warehouse.loaded_files()):
            warehouse.load(file)
        matcher = Matcher.from_organisations(named(config))
        for batch in warehouse.unmatched_posts(matcher.version):
            warehouse.write_matches(batch, matcher.match(batch), matcher.version)


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
    """Posts that were not told among the first ``after``: each tenth is a reply to one of those."""
    for number, post in enumerate(islice(told(world, after + count), after, None)):
        changes: dict[str, Any] = {"created_at": TODAY - timedelta(seconds=number % 80_000)}
        if number % 10 == 0:
            changes |= {"kind": "reply", "parent_id": post.post_id.rpartition("/")[0] + "/0"}
        yield msgspec.structs.replace(post, **changes)


def statements(database: Path) -> list[tuple[str, str]]:
    """What dbt compiled for its last run, in its order: what to create, and the SQL."""
    target = database.parent / "dbt" / "target"
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    found = []
    for result in results(target):
        node = manifest["nodes"].get(result["unique_id"])
        if node is None or node["resource_type"] != "model" or node["language"] != "sql":
            continue
        code = (target / "compiled" / "luister" / node["original_file_path"]).read_text("utf-8")
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        found.append((f"{kind} {node['schema']}.{node['name']}", code))
    return found


def plain(database: Path, models: list[tuple[str, str]]) -> float:
    """Seconds for the compiled selects alone."""
    begin = time.perf_counter()
    with duckdb.connect(str(database)) as connection:
        connection.execute("set timezone = 'UTC'; set threads = 2")
        for what, code in models:
            connection.execute(f"create or replace {what} as {code}")
    return time.perf_counter() - begin


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


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--night", type=int, help="posts of a night; three thousandths when absent")
    parser.add_argument("--each", action="store_true")
    asked = parser.parse_args()
    night = asked.night or max(asked.posts * 3 // 1000, 1)
    with tempfile.TemporaryDirectory() as folder:
        config, world = prepare(Path(folder), asked.posts)
        database = config.data / "luister.duckdb"
        marks = [processor()]
        first = build(database)
        marks.append(processor())
        models = statements(database)
        marks.append(processor())
        same = build(database)
        marks.append(processor())
        add(config, NIGHT_ID, newest(world, asked.posts, night))
        marks.append(processor())
        added = build(database)
        marks.append(processor())
        alone = plain(database, models)
        marks.append(processor())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{asked.posts:,} posts: first {first.seconds:.1f} s, nothing new {same.seconds:.1f} s, "
        f"{night:,} new {added.seconds:.1f} s, plain {alone:.1f} s"
    )
    of_first, _, of_same, _, of_added, of_alone = (end - begin for begin, end in pairwise(marks))
    print(
        f"seconds of the processor: first {of_first:.1f}, nothing new {of_same:.1f}, "
        f"night {of_added:.1f}, plain {of_alone:.1f}"
    )
    print(
        f"first / plain run of the same SQL: {first.seconds / alone:.2f} (1.5 and start-up wanted)"
    )
    print(f"nothing new / plain: {same.seconds / alone:.2f} (at most 4 wanted)")
    print(f"night / first: {added.seconds / first.seconds:.2f} (0.1 wanted at ten million)")
    print(f"peak memory {peak:,.0f} MB")
    if asked.each:
        seconds = {model.name: model.seconds for model in added.models}
        for model in sorted(first.models, key=lambda model: -model.seconds):
            print(f"  {model.name:<48} {model.seconds:7.2f} {seconds[model.name]:7.2f}")


if __name__ == "__main__":
    main()
