"""Whole nights of a size, by the command a user types: wall time, processor time, peak memory.

    python -m benchmarks.nights --sources 500            # feeds of 20 entries on as many hosts
    python -m benchmarks.nights --posts 2000000          # files of 50,000 posts, all new
    python -m benchmarks.nights --posts 2000000 --more 30000 --nights 3

A night is ``luister run --direct`` in a process of its own, from nothing to published file and
report, with its settings as they come. The feeds are served over loopback by a process of their
own, each under another address, so that each is another host with a pace of its own; the posts are
tellings of the simulated world, as Parquet files read by ``table`` sources. Afterwards it is
counted that all is there: every source complete, every post once. ``--again`` runs a second night
on it, in which nothing is new; ``--more`` runs nights in which so many posts are, written in the
hours before.
"""

from __future__ import annotations

import argparse
import contextlib
import http.server
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import islice
from pathlib import Path
from typing import Final

import duckdb
import msgspec
import pyarrow.parquet as pq

from benchmarks.models import TODAY
from pipeline.post import to_arrow
from pipeline.world import serve, simulate, write_config
from pipeline.world.stream import posts as told

ENTRIES: Final = 20
A_FILE: Final = 50_000
COLUMNS: Final = (
    *("post_id", "kind", "created_at", "parent_id", "root_id", "author_id", "author_handle"),
    *("text", "title", "likes_count", "author_followers_count"),
)
_SOURCES: Final = re.compile(r"(?ms)^\[\[source\]\].*?(?=^\[(?!\[source\]\]))")


def feed(number: int) -> bytes:
    """A feed of its own, every entry written on another day before today."""
    entries = "".join(
        f"<item><title>Havenvonk, bericht {entry}</title>"
        f"<link>https://site-{number}.example/{entry}</link>"
        f"<guid>https://site-{number}.example/{entry}</guid>"
        f"<pubDate>{format_datetime(TODAY - timedelta(days=entry, minutes=number))}</pubDate>"
        f"<description>Waarom heeft Havenvonk weer storing in straat {number}? Deel {entry}."
        "</description></item>"
        for entry in range(ENTRIES)
    )
    return f"<rss version='2.0'><channel><title>{number}</title>{entries}</channel></rss>".encode()


class _Feeds(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = feed(int(self.path.strip("/").removesuffix(".xml")))
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _serve_feeds(port: multiprocessing.queues.Queue[int]) -> None:
    server = http.server.ThreadingHTTPServer(("0.0.0.0", 0), _Feeds)
    port.put(server.server_address[1])
    server.serve_forever()


@contextlib.contextmanager
def feeds(count: int) -> Iterator[list[str]]:
    """So many sources as they stand in luister.toml, each a feed on a host of its own."""
    port: multiprocessing.queues.Queue[int] = multiprocessing.Queue()
    process = multiprocessing.Process(target=_serve_feeds, args=(port,), daemon=True)
    process.start()
    at = port.get()
    try:
        yield [
            f'[[source]]\nname = "feed-{number}"\nplatform = "feed"\nallow_private = true\n'
            f'urls = ["http://127.0.{1 + number // 250}.{1 + number % 250}:{at}/{number}.xml"]\n'
            for number in range(count)
        ]
    finally:
        process.terminate()
        process.join()


def table(path: Path) -> str:
    """A file of posts as a source as it stands in luister.toml."""
    return (
        f'[[source]]\nname = "{path.stem}"\nplatform = "table"\nurls = ["{path}"]\n'
        'options = { platform = "mastodon" }\n'
    )


def tables(folder: Path, count: int) -> Iterator[str]:
    """So many posts in files, each a source."""
    telling = (each for each in told(simulate(1, TODAY), 2 * count) if each.text or each.title)
    for number in range(-(-count // A_FILE)):
        path = folder / f"table-{number}.parquet"
        some = list(islice(telling, min(A_FILE, count - number * A_FILE)))
        pq.write_table(to_arrow(some).select(list(COLUMNS)), path)
        yield table(path)


def later_nights(folder: Path, known: int, count: int, nights: int) -> Iterator[Path]:
    """A file for each later night: so many posts that were never told, of the hours before it."""
    telling = (each for each in told(simulate(1, TODAY), 2 * known + 2 * count * nights))
    beyond = islice((each for each in telling if each.text or each.title), known, None)
    for night in range(nights):
        now = datetime.now(UTC)
        some = [
            msgspec.structs.replace(post, created_at=now - timedelta(hours=22) * (number / count))
            for number, post in enumerate(islice(beyond, count))
        ]
        path = folder / f"later-{night}.parquet"
        pq.write_table(to_arrow(some).select(list(COLUMNS)), path)
        yield path


def configured(folder: Path, sources: list[str]) -> Path:
    """The world's luister.toml with these sources in place of its own."""
    world = simulate(1, TODAY)
    with serve(world) as served:
        path = write_config(world, served, folder)
    text = _SOURCES.sub("", path.read_text(encoding="utf-8"))
    path.write_text(text + "\n" + "\n".join(sources), encoding="utf-8")
    return path


def night(path: Path) -> None:
    """One night; prints what it took."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "flows.cli", "run", "--direct", "--quiet", "-c", str(path)]
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as failed:
        process = subprocess.Popen(
            command, env=os.environ | {"LUISTER_DEBUG": "1"}, stdout=said, stderr=failed
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begin
        for each in (said, failed):
            each.seek(0)
        told = said.read().splitlines()[:3] or failed.read().splitlines()[-3:]
    print(
        f"night: rc {process.returncode}, {seconds:,.0f} s wall, "
        f"{usage.ru_utime + usage.ru_stime:,.0f} s processor, "
        f"peak of its largest process {usage.ru_maxrss / 1000:,.0f} MB",
        flush=True,
    )
    print("\n".join(told), flush=True)


def counted(data: Path) -> None:
    """Print what is there afterwards."""
    with duckdb.connect(str(data / "luister.duckdb"), read_only=True) as database:
        posts, distinct = database.execute(
            "select count(*), count(distinct (platform, post_id)) from raw.posts"
        ).fetchall()[0]
        states = database.execute(
            "select status, count(*) from ops.collections group by all order by all"
        ).fetchall()
    size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) / 1e6
    print(f"{posts:,} posts, {distinct:,} distinct; sources: {dict(states)}; data {size:,.0f} MB")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=int, default=0)
    parser.add_argument("--posts", type=int, default=0)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--more", type=int, default=0)
    parser.add_argument("--nights", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, feeds(asked.sources) as sources:
        folder = Path(name)
        tonight = folder / "tonight.parquet"
        given = [*sources, *tables(folder, asked.posts), table(tonight)]
        pq.write_table(to_arrow([]).select(list(COLUMNS)), tonight)
        path = configured(folder, given)
        for _ in range(1 + asked.again):
            night(path)
        configured(folder, [*sources, table(tonight)])
        for later in later_nights(folder, asked.posts, asked.more, asked.nights * bool(asked.more)):
            later.replace(tonight)
            night(path)
        counted(folder / "data")


if __name__ == "__main__":
    main()
