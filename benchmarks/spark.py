"""Posts of the simulated world, whose marts DuckDB and Spark make beside each other.

    python -m benchmarks.spark                         # 20,000 posts
    python -m benchmarks.spark --posts 1000000 --folder build/spark

Spark runs on a standalone cluster of two workers of one core each. A folder that is named is kept:
what DuckDB made in it is not made again. Ends with 1 when a mart differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.models import prepare
from pipeline.engine.build import build as build_on_spark
from pipeline.engine.settings import SparkSettings
from pipeline.models import build
from tests.spark.cluster import SHORT_LIVED, Cluster
from tests.spark.compared import copied, differences, marts_of

MANY = 100_000
"""Posts from which it pays that a JVM compiles with care what it runs often."""
LONG_LIVED = "-XX:+UseSerialGC -XX:ReservedCodeCacheSize=480m"


def made(folder: Path, posts: int) -> Path:
    """A database of so many posts with DuckDB's marts in it, made once in a folder."""
    done = folder / f"{posts} posts"
    database = folder / "data" / "luister.duckdb"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        prepare(folder, posts)
        build(database)
        done.touch()
    return database


def main() -> None:
    """Make both, compare, say how long each took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--memory", default="2g", help="of the leader and of each executor")
    parser.add_argument("--parts", type=int, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = (asked.folder or Path(place)).resolve()
        begin = time.monotonic()
        database = made(folder, asked.posts)
        print(f"DuckDB: {asked.posts:,} posts in {time.monotonic() - begin:.0f} s", flush=True)
        other = copied(database, folder / "spark")
        java = SHORT_LIVED if asked.posts < MANY else LONG_LIVED
        with Cluster(folder / "cluster", memory=asked.memory, java=java) as cluster:
            settings = SparkSettings(
                master=cluster.address,
                driver_memory=asked.memory,
                executor_memory=asked.memory,
                parts=asked.parts,
            )
            result = build_on_spark(other, settings)
        print(f"Spark: {len(result.models)} models in {result.seconds:.0f} s", flush=True)
        found = differences(database, other)
        print(f"{len(marts_of(database))} marts compared, {len(found)} differ")
        for mart, told in found.items():
            print(f"{mart}: {told[:1000]}")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
