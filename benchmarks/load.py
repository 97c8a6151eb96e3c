"""Landing, load and merge against dlt's merge of the same posts, as one ratio from one run.

    python -m benchmarks.load                    # 100,000 posts
    python -m benchmarks.load --posts 1000000
    python -m benchmarks.load --dlt-python PATH  # an interpreter that has dlt[duckdb]

Both sides start from the same generator and end with the posts merged in a DuckDB file: once into
an empty one, then a second night of a tenth as many posts, half of which come again. Ours come from
four sources, one after the other, loaded as in any night: while the next one lands. Each side runs
in a process of its own, so that peak memory is its own. Without dlt only our side is measured.

Making the posts takes each side time that is no part of its work. It is measured by itself, and the
ratio is told with and without it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.intake import Landed
    from pipeline.landing import Landing
    from pipeline.post import Post

SOURCES = 4
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = """
    de het een en van ik te dat die in je niet is op aan met als voor er maar om hem dan of nu
    trein storing klant vraag dank hulp rekening bestelling wachten morgen gisteren mooi slecht
    the a to of and is it in you that this for on service please thanks broken order waiting
    energie stroom internet pakket bezorgd winkel kassa korting factuur afspraak monteur
"""
_HOST = "https://example.social"


def rows(count: int, seed: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """Posts as plain mappings: 45% replies, power-law authors, a payload as sent.

    Cheap on purpose, for its time counts on both sides: texts come from a pool.
    """
    chance = random.Random(7)
    pool = [" ".join(chance.choices(WORDS.split(), k=28)) for _ in range(5_000)]
    authors = [_author(int(38_000 * chance.random() ** 3)) for _ in range(10_000)]
    day = BEGIN + timedelta(days=seed)
    for number in range(first, first + count):
        words = pool[number * 7_919 % 5_000]
        is_reply = number % 20 < 9
        yield {
            "platform": "mastodon",
            "post_id": f"{_HOST}/statuses/{number}",
            "kind": "reply" if is_reply else "post",
            "observed_at": day,
            "created_at": BEGIN + timedelta(seconds=number // 100),
            "native_id": str(number),
            "url": f"{_HOST}/@/{number}",
            "parent_id": f"{_HOST}/statuses/{number - number * 31 % 200 - 1}" if is_reply else None,
            "text": f"{words} {number}" if number % 5 else words,
            "language": "nl",
            "mentions": ("@company@example.social",) if number % 7 == 0 else (),
            "tags": ("service",) if number % 5 == 0 else (),
            "likes_count": number % 90 + seed,
            "reposts_count": number % 11,
            "replies_count": number % 4,
            "payload": f'{{"id":"{number}","content":"<p>{words} {number}</p>","likes":7}}',
            **authors[number % 10_000],
        }


def _author(number: int) -> dict[str, Any]:
    return {
        "author_id": f"{_HOST}/users/{number}",
        "author_handle": f"person{number}",
        "author_name": f"Person {number}",
        "author_followers_count": number % 5_000,
    }


def night_of(night: int, source: int, count: int) -> Iterator[dict[str, Any]]:
    """What one source gives: first its share of ``count``, then a tenth of it, half seen before."""
    if night == 0:
        share = _share(count, source)
        yield from rows(len(share), 0, share.start)
        return
    share = _share(max(count // 20, SOURCES), source)
    yield from rows(len(share), 1, share.start)
    yield from rows(len(share), 1, count + share.start)


def _share(count: int, source: int) -> range:
    return range(count * source // SOURCES, count * (source + 1) // SOURCES)


def measured(work: Callable[[Path, int], int], count: int) -> dict[str, Any]:
    """Seconds, posts left in the database and peak megabytes of ``work`` in a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        kept = work(Path(folder), count)
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "processor_seconds": time.process_time(),
        "kept": kept,
        "peak_megabytes": peak,
    }


def ours(folder: Path, count: int) -> int:
    """Both nights through landing and load, as a night does it: loading while others land."""
    from pipeline.intake import load_meanwhile
    from pipeline.landing import Landing
    from pipeline.warehouse import open_warehouse

    landing = Landing(folder / "landing")
    open_warehouse(folder).close()

    def load() -> None:
        with open_warehouse(folder) as warehouse:
            warehouse.load_landed(landing.unloaded(warehouse.loaded_files()))

    for night in (0, 1):
        with ThreadPoolExecutor(1) as collecting:
            started = [
                collecting.submit(_land, landing, night, source, count) for source in range(SOURCES)
            ]
            load_meanwhile((each.result() for each in as_completed(started)), load)
        load()
    with open_warehouse(folder) as warehouse:
        return int(warehouse.database.execute("select count(*) from raw.posts").fetchall()[0][0])


def _land(landing: Landing, night: int, source: int, count: int) -> Landed:
    """What one of the sources gives in a night."""
    from pipeline.intake import Landed
    from pipeline.landing import Collected, Spent

    through = BEGIN + timedelta(days=100 + night)
    collected = Collected(
        run_id=f"{through:%Y%m%dT%H%M%SZ}",
        source=f"benchmark-{source}",
        platform="mastodon",
        asked_from=through - timedelta(days=7),
        asked_through=through,
        status="complete",
        usage=Spent(),
    )
    landing.write(collected, (("mentions", post) for post in _posts(night, source, count)))
    return Landed(status="complete", posts=len(_share(count, source)))


def _posts(night: int, source: int, count: int) -> Iterator[Post]:
    from pipeline.post import Post

    return (Post(**row) for row in night_of(night, source, count))


def our_posts(_folder: Path, count: int) -> int:
    """Only make what our side is given."""
    return sum(
        1 for night in (0, 1) for source in range(SOURCES) for _ in _posts(night, source, count)
    )


def their_posts(_folder: Path, count: int) -> int:
    """Only make what dlt is given."""
    return sum(1 for night in (0, 1) for _ in _mappings(night, count))


def theirs(folder: Path, count: int) -> int:
    """Both nights through dlt's merge with its default settings."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
    import dlt

    pipeline = dlt.pipeline(
        "benchmark",
        pipelines_dir=str(folder / "pipelines"),
        destination=dlt.destinations.duckdb(str(folder / "dlt.duckdb")),
        dataset_name="raw",
    )
    for night in (0, 1):
        posts = dlt.resource(
            _mappings(night, count),
            name="posts",
            primary_key=("platform", "post_id"),
            write_disposition="merge",
        )
        pipeline.run(posts)
    with pipeline.sql_client() as client:
        return int(client.execute_sql("select count(*) from posts")[0][0])


def _mappings(night: int, count: int) -> Iterator[dict[str, Any]]:
    given = (row for source in range(SOURCES) for row in night_of(night, source, count))
    return (row | {"mentions": list(row["mentions"]), "tags": list(row["tags"])} for row in given)


SIDES = {"ours": ours, "theirs": theirs, "our-posts": our_posts, "their-posts": their_posts}


def main() -> None:
    """Print both sides and the ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--dlt-python", default=sys.executable)
    parser.add_argument("--side", choices=SIDES)
    given = parser.parse_args()
    if given.side:
        print(json.dumps(measured(SIDES[given.side], given.posts)))
        return
    _compare(given.posts, given.dlt_python)


def _compare(posts: int, dlt_python: str) -> None:
    mine = _run(sys.executable, "ours", posts)
    print(f"luister  {_told(mine, posts)}", flush=True)
    if dlt_python == sys.executable and importlib.util.find_spec("dlt") is None:
        print("dlt is not installed here, so there is no ratio: install dlt[duckdb] in an")
        print("environment of its own and name its interpreter with --dlt-python.")
        return
    others = _run(dlt_python, "theirs", posts)
    print(f"dlt      {_told(others, posts)}")
    made = [_run(sys.executable, side, posts) for side in ("our-posts", "their-posts")]
    for name, side in zip(("luister", "dlt"), made, strict=True):
        print(f"making   {side['seconds']:8.1f} s of the {name} side's")
    for measure in ("seconds", "processor_seconds"):
        ratio = others[measure] / mine[measure]
        without = (others[measure] - made[1][measure]) / (mine[measure] - made[0][measure])
        told = measure.replace("_", " ")
        print(f"ratio    {ratio:8.1f} x by {told}, {without:.1f} x without making the posts")
    if others["kept"] != mine["kept"]:
        raise SystemExit(f"not the same work: {mine['kept']} and {others['kept']} posts are kept")


def _run(interpreter: str, side: str, posts: int) -> dict[str, Any]:
    command = [interpreter, __file__, "--side", side, "--posts", str(posts)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return told


def _told(side: dict[str, Any], posts: int) -> str:
    return (
        f"{side['seconds']:8.1f} s  {side['processor_seconds']:8.1f} s of processor  "
        f"{posts * 1.1 / side['seconds']:10,.0f} posts/s  {side['peak_megabytes']:8,.0f} MB"
    )


if __name__ == "__main__":
    main()
