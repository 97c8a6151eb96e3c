"""Fifty readers that open and ask the published file while it is published again and again.

    python -m benchmarks.readers [OPENS]

Every publication holds its own number in every row and in ``marts.publication``; a reader that
cannot open, or that sees two numbers or half the rows, is counted. Exit 1 when there was one.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from pipeline.config import Config
from pipeline.hardened import ask_hardened
from pipeline.warehouse import Warehouse, open_warehouse

OPENS: Final = 10_000
PROCESSES: Final = 5
THREADS: Final = 10
ROWS: Final = 20_000
PAUSE_SECONDS: Final = 0.5
"""Between two publications: far more of them than any house makes."""

LONGEST_SECONDS: Final = 60.0
"""How long a reader waits for publications it has not seen."""

_MARTS: Final = """
    create schema if not exists marts;
    create or replace table marts.publication (
        run_id varchar, published_at timestamptz, collected_through timestamptz, timezone varchar
    );
    insert into marts.publication values (null, null, '2026-11-01', 'Europe/Amsterdam');
"""
_QUESTION: Final = """
    select
        (select run_id from marts.publication) as published,
        (select count(*) from marts.numbers) as found,
        (select min(number) from marts.numbers) as least,
        (select max(number) from marts.numbers) as most
"""


@dataclass
class Readings:
    """Opens without and with trouble; ``errors`` tells what was said."""

    opens: int = 0
    inconsistent: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    publishes: int = 0
    seconds: float = 0.0

    def add(self, other: Readings) -> None:
        """Count another reader's readings too."""
        self.opens += other.opens
        self.inconsistent += other.inconsistent
        self.errors.update(other.errors)
        self.seen |= other.seen


def read(link: Path, opens: int, publications: int) -> Readings:
    """Open the published file as an analyst would, so often and until so many were seen."""
    readings = Readings()
    last = time.monotonic() + LONGEST_SECONDS
    tries = 0
    while tries < opens or (len(readings.seen) < publications and time.monotonic() < last):
        tries += 1
        try:
            _, rows = ask_hardened(link, _QUESTION, seconds=60)
        except Exception as error:  # noqa: BLE001 every kind of trouble is counted and told
            readings.errors[f"{type(error).__name__}: {error}"[:200]] += 1
            continue
        (published, found, least, most) = rows[0]
        readings.opens += 1
        readings.seen.add(published)
        readings.inconsistent += not (found == ROWS and published == str(least) == str(most))
    return readings


def _readers(link: Path, opens: int, publications: int, threads: int) -> Readings:
    together = Readings()
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(read, link, opens, publications) for _ in range(threads)]
        for future in waiting:
            together.add(future.result())
    return together


def publish(warehouse: Warehouse, number: int) -> None:
    """Publish ``number`` in every row."""
    warehouse.database.execute(_MARTS)
    warehouse.database.execute(
        f"create or replace table marts.numbers as "
        f"select {number}::bigint as number, range as row_number from range({ROWS})"
    )
    warehouse.publish(str(number), datetime.now(UTC))


def measure(
    data: Path,
    opens: int = OPENS,
    processes: int = PROCESSES,
    threads: int = THREADS,
    publications: int = 1,
) -> Readings:
    """Readers in ``processes`` times ``threads`` at work until all have opened their part.

    Each goes on until it has seen so many publications.
    """
    company = {"contact": "mailto:luister@example.nl", "organisation": {"name": "Zonneveld"}}
    begun = time.monotonic()
    with open_warehouse(data) as warehouse:
        warehouse.write_configuration(Config.model_validate(company))
        number = 1_000_000
        publish(warehouse, number)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            each = -(-opens // (processes * threads))
            link = data / "analytics.duckdb"
            waiting = [
                pool.submit(_readers, link, each, publications, threads) for _ in range(processes)
            ]
            while not _done(waiting):
                time.sleep(PAUSE_SECONDS)
                number += 1
                publish(warehouse, number)
            together = Readings(publishes=number - 1_000_000 + 1)
            for future in waiting:
                together.add(future.result())
    together.seconds = time.monotonic() - begun
    return together


def _done(waiting: Sequence[Future[Readings]]) -> bool:
    return all(future.done() for future in waiting)


def main() -> None:
    """Print what was counted."""
    opens = int(sys.argv[1]) if len(sys.argv) > 1 else OPENS
    with tempfile.TemporaryDirectory() as folder:
        told = measure(Path(folder) / "data", opens)
    wrong = sum(told.errors.values())
    print(f"DuckDB {duckdb.__version__}, {PROCESSES * THREADS} readers, {told.seconds:.0f} s")
    print(f"opens without error  {told.opens}")
    print(f"errors               {wrong}")
    print(f"inconsistent reads   {told.inconsistent}")
    print(f"publications         {told.publishes}, of which {len(told.seen)} were seen by a reader")
    for error, count in told.errors.most_common(5):
        print(f"  {count} x {error}")
    if wrong or told.inconsistent:
        sys.exit(1)


if __name__ == "__main__":
    main()
