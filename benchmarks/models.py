"""All models a second time, against a plain run of the same compiled SQL in the same process.

    python -m benchmarks.models                 # 100,000 posts
    python -m benchmarks.models --posts 1000000

The posts are tellings of the simulated world, landed, loaded and matched as in any night; texts are
not read (the models' work is the same). The plain run makes each model's table or view from what
dbt compiled, in dbt's order, without its tests, comments and contracts.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

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


def prepare(folder: Path, count: int) -> Config:
    """A warehouse of ``count`` posts, matched; returns its configuration."""
    world = simulate(1, TODAY)
    with serve(world) as served:
        config = load(write_config(world, served, folder), platforms())
    with open_warehouse(config.data) as warehouse:
        warehouse.begin_run(RUN_ID, TODAY, "benchmark")
        warehouse.write_configuration(config)
        Landing(config.data / "landing").write(collected(), pairs(world, count))
        for file in Landing(config.data / "landing").unloaded(frozenset()):
            warehouse.load(file)
        matcher = Matcher.from_organisations(named(config))
        for batch in warehouse.unmatched_posts(matcher.version):
            warehouse.write_matches(batch, matcher.match(batch), matcher.version)
    return config


def collected() -> Collected:
    """The outcome of one source that gave everything."""
    return Collected(
        run_id=RUN_ID,
        source="world",
        platform="mastodon",
        asked_from=TODAY - timedelta(days=80),
        asked_through=TODAY,
        status="complete",
        usage=Usage(),
    )


def pairs(world: World, count: int) -> Iterator[tuple[str, Post]]:
    """Verb and post, as landing files hold them."""
    return (("mentions", post) for post in told(world, count))


def plain(database: Path) -> float:
    """Seconds for the compiled selects alone, in dbt's order."""
    target = database.parent / "dbt" / "target"
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    order = [result["unique_id"] for result in results(target)]
    begin = time.perf_counter()
    with duckdb.connect(str(database)) as connection:
        connection.execute("set timezone = 'UTC'; set threads = 2")
        for name in order:
            node = manifest["nodes"].get(name)
            if node is None or node["resource_type"] != "model" or node["language"] != "sql":
                continue
            code = (target / "compiled" / "luister" / node["original_file_path"]).read_text("utf-8")
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            where = f"{node['schema']}.{node['name']}"
            connection.execute(f"create or replace {kind} {where} as {code}")
    return time.perf_counter() - begin


def results(target: Path) -> list[dict[str, str]]:
    """What dbt ran last, in the order in which it ended."""
    found: list[dict[str, str]] = json.loads((target / "run_results.json").read_text("utf-8"))[
        "results"
    ]
    return found


def main() -> None:
    """Print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    count = parser.parse_args().posts
    with tempfile.TemporaryDirectory() as folder:
        database = prepare(Path(folder), count).data / "luister.duckdb"
        first = build(database).seconds
        second = build(database).seconds
        alone = plain(database)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} posts: models first {first:.1f} s, second {second:.1f} s, plain {alone:.1f} s"
    )
    print(f"second run / plain run of the same SQL: {second / alone:.2f} (at most 4 wanted)")
    print(f"peak memory {peak:,.0f} MB")


if __name__ == "__main__":
    main()
