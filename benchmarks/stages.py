"""The stages of a night, each beside the floor it is measured against: see ``benchmarks.harness``.

A stage works in the folder that the stages before it filled. What is not its own work (making the
posts, opening files) stays outside the clock. Both sides do the same posts.
"""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb
import msgspec
import pyarrow.parquet as pq

from benchmarks import reading
from benchmarks.bench import Bench
from benchmarks.clock import Clock
from benchmarks.explore import page
from benchmarks.models import (
    NIGHT_ID,
    RUN_ID,
    TODAY,
    add,
    collected,
    compiled,
    everything,
    newest,
    statements,
)
from connectors import load as load_connector
from connectors.paging import understand
from pipeline.analysis import ask
from pipeline.explore.filters import Filter
from pipeline.explore.published import Night
from pipeline.landing import LANDING_SCHEMA, Landing
from pipeline.matching import Matcher
from pipeline.models import build
from pipeline.post import Post, to_arrow
from pipeline.relevance.judging import Judge
from pipeline.report import write_report
from pipeline.source import Reply
from pipeline.understand import match, named
from pipeline.warehouse import open_warehouse
from pipeline.world.mastodon_shapes import status
from pipeline.world.view import View

PAGE: Final = 40
HELD: Final = 10_000
"""Statuses that are made once and read over and over: what is made anew costs both sides more."""
DECODED: Final = 1_000_000
"""Statuses that are decoded at most: times are for one, and more of the same tell nothing new."""
_MARTS: Final = "select table_name from duckdb_tables() where schema_name = 'marts'"


Measured = Callable[[Bench, Clock], int]
"""One side of a stage: works in a folder, under a clock, and returns how many units it did."""


class Stage(NamedTuple):
    """A stage: its name, its floor in words, and both sides; times are compared for one unit."""

    name: str
    floor: str
    ours: Measured
    least: Measured
    needs: tuple[str, ...] = ()
    """The stages that must have filled the folder."""
    has_helpers: bool = False
    """Whether processes that go on after the clock did part of it: their time is not told."""


def _replies(bench: Bench) -> Iterator[Reply]:
    view = View(bench.world, TODAY)
    said = [each for each in bench.world.said if each.platform == "mastodon"]
    made = [status(view, each) for each in itertools.islice(said, min(HELD, bench.count))]
    pages = [
        Reply(
            url="https://social.example/api/v1/timelines/tag/x",
            body=msgspec.json.encode(made[start : start + PAGE]),
            observed_at=TODAY,
        )
        for start in range(0, len(made) - PAGE + 1, PAGE)
    ]
    return itertools.islice(itertools.cycle(pages), -(-min(bench.count, DECODED) // PAGE))


def _decode(bench: Bench, clock: Clock) -> int:
    connector, replies = load_connector("mastodon"), list(_replies(bench))
    with clock:
        for _ in understand(connector, replies):
            pass
    return PAGE * len(replies)


def _decode_plainly(bench: Bench, clock: Clock) -> int:
    replies = list(_replies(bench))
    with clock:
        return sum(len(msgspec.json.decode(reply.body, type=list[Any])) for reply in replies)


def _land(bench: Bench, clock: Clock) -> int:
    with open_warehouse(bench.data) as warehouse:
        warehouse.begin_run(RUN_ID, TODAY, "benchmark")
        warehouse.write_configuration(bench.config)
    with clock:
        bench.landing.write(collected(RUN_ID), (("mentions", post) for post in bench.posts()))
    return bench.count


def _write_parquet(bench: Bench, clock: Clock) -> int:
    posts = bench.posts()
    schema = LANDING_SCHEMA.remove(LANDING_SCHEMA.get_field_index("verb"))
    with clock, pq.ParquetWriter(bench.scratch("plain.parquet"), schema, compression="zstd") as to:
        while batch := list(itertools.islice(posts, 50_000)):
            to.write_table(to_arrow(batch))
    return bench.count


def _load(bench: Bench, clock: Clock) -> int:
    with clock, open_warehouse(bench.data) as warehouse:
        warehouse.load_landed(bench.landing.unloaded(warehouse.loaded_files()))
    return bench.count


def _insert(bench: Bench, clock: Clock) -> int:
    path = bench.scratch("plain.duckdb")
    with clock, duckdb.connect(str(path)) as database:
        _to_plain(database, _landed(bench))
    return bench.count


def _landed(bench: Bench) -> Path:
    return bench.landing.files()[0].path


def _to_plain(database: Any, path: Path) -> None:
    database.execute("set threads = 2")
    database.execute(f"create table posts as from read_parquet('{path}')")


def _again(bench: Bench) -> Iterator[Post]:
    """A tenth as many posts, half of them known."""
    half = max(bench.count // 20, 1)
    later = TODAY + timedelta(days=1)
    for post in itertools.islice(bench.posts(), half):
        yield msgspec.structs.replace(post, observed_at=later, likes_count=7)
    yield from newest(bench.world, bench.count, half)


def _merge(bench: Bench, clock: Clock) -> int:
    aside = bench.folder / "merge"
    shutil.copytree(bench.data, aside, ignore=shutil.ignore_patterns("landing"))
    landing = Landing(aside / "landing")
    landing.write(collected(NIGHT_ID), (("mentions", post) for post in _again(bench)))
    with clock, open_warehouse(aside) as warehouse:
        warehouse.load_landed(landing.unloaded(warehouse.loaded_files()))
    shutil.rmtree(aside)
    return max(bench.count // 10, 1)


def _merge_plainly(bench: Bench, clock: Clock) -> int:
    path = bench.scratch("plain.duckdb")
    batch: list[Post] = list(_again(bench))
    more = to_arrow(batch).append_column("verb", [["mentions"] * len(batch)])
    with duckdb.connect(str(path)) as database:
        _to_plain(database, _landed(bench))
    with clock, duckdb.connect(str(path)) as database:
        database.execute("set threads = 2")
        database.register("more", more)
        database.execute(
            """
            merge into posts as stored using more
            on stored.platform = more.platform and stored.post_id = more.post_id
            when matched then update when not matched then insert
            """
        )
    return max(bench.count // 10, 1)


def _match(bench: Bench, clock: Clock) -> int:
    organisations = named(bench.config)
    matcher, judge = Matcher.from_organisations(organisations), Judge(organisations, lambda _: None)
    with clock, open_warehouse(bench.data) as warehouse:
        match(warehouse, matcher, judge, matcher.version)
    return bench.count


def _find_names(bench: Bench, clock: Clock) -> int:
    from ahocorasick_rs import AhoCorasick

    organisations = named(bench.config)
    names = [name.lower() for each in organisations for name in (each.name, *each.aliases)]
    with duckdb.connect(str(bench.database), read_only=True) as database, clock:
        automaton = AhoCorasick(names)
        answer = database.execute("select text from raw.posts")
        while rows := answer.fetchmany(10_000):
            for (text,) in rows:
                automaton.find_matches_as_indexes(text.lower())
    return bench.count


def _build(bench: Bench, clock: Clock) -> int:
    with clock:
        built = build(bench.database)
    models = everything(compiled(bench.folder / "compiled"))
    names = {each.name for each in models}
    seconds = {
        each.name.rpartition(".")[2]: each.seconds for each in built.models if each.name in names
    }
    (bench.folder / "models.json").write_bytes(msgspec.json.encode(seconds))
    (bench.folder / "statements.json").write_bytes(msgspec.json.encode(statements(models)))
    return bench.count


def _run_statements(bench: Bench, clock: Clock) -> int:
    """On a copy, of the same name because the statements say it: the night goes on with ours."""
    aside = bench.folder / "plain"
    aside.mkdir()
    shutil.copy(bench.database, aside)
    models = msgspec.json.decode((bench.folder / "statements.json").read_bytes())
    seconds = {}
    with clock, duckdb.connect(str(aside / bench.database.name)) as database:
        database.execute("set timezone = 'UTC'; set threads = 2")
        for what, code in models:
            begin = time.perf_counter()
            database.execute(f"create or replace {what} as {code}")
            seconds[what.rpartition(".")[2]] = time.perf_counter() - begin
    (bench.folder / "plain_models.json").write_bytes(msgspec.json.encode(seconds))
    shutil.rmtree(aside)
    return bench.count


def _build_again(bench: Bench, clock: Clock) -> int:
    with clock:
        build(bench.database)
    return bench.count


def _build_night(bench: Bench, clock: Clock) -> int:
    add(bench.config, NIGHT_ID, newest(bench.world, bench.count, bench.night))
    return _build_again(bench, clock)


def _publish(bench: Bench, clock: Clock) -> int:
    with clock, open_warehouse(bench.data) as warehouse:
        warehouse.publish(RUN_ID, TODAY)
    return bench.count


def _copy_marts(bench: Bench, clock: Clock) -> int:
    path = bench.scratch("plain.duckdb")
    with clock, duckdb.connect(str(path)) as database:
        database.execute(f"set threads = 2; attach '{bench.database}' as private (read_only)")
        names = database.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = 'private' and table_schema = 'marts'"
        ).fetchall()
        for (name,) in names:
            database.execute(f"create table {name} as from private.marts.{name}")
    return bench.count


def _published(bench: Bench) -> Path:
    return (bench.data / "analytics.duckdb").resolve()


def _report(bench: Bench, clock: Clock) -> int:
    with clock:
        write_report(_published(bench), bench.folder / "reports", language="nl")
    return bench.count


def _scan_marts(bench: Bench, clock: Clock) -> int:
    """Every column of every mart but the posts themselves read once."""
    path = _published(bench)
    with clock:
        for name in ask(path, _MARTS).as_dicts():
            ask(
                path, f"select max(all_of_it::varchar) from marts.{name['table_name']} as all_of_it"
            )
    return bench.count


def _explore(bench: Bench, clock: Clock) -> int:
    night = Night(_published(bench))
    chosen = Filter(organisation=bench.config.organisations[0].name, language="nl")
    with clock:
        page(night, chosen)
    night.close()
    return bench.count


def _count(bench: Bench, clock: Clock) -> int:
    name = bench.config.organisations[0].name
    with duckdb.connect(str(_published(bench)), read_only=True) as database, clock:
        database.execute(
            """
            select platform, count(*) from marts.post_roles as roles
            inner join marts.posts as posts using (platform, post_key)
            where organisation = ? and language = 'nl' group by platform
            """,
            [name],
        ).fetchall()
    return bench.count


LOADED: Final = ("land", "load")
MATCHED: Final = (*LOADED, "match")
BUILT: Final = (*MATCHED, "models, first")
PUBLISHED: Final = (*BUILT, "publish")
STAGES: Final = (
    Stage("decode", "msgspec.json.decode of the same bytes, on one core", _decode, _decode_plainly),
    Stage("land", "one Parquet file of the same posts, zstd", _land, _write_parquet),
    Stage("load", "create table as from read_parquet, plain DuckDB", _load, _insert, ("land",)),
    Stage("merge", "plain merge into, same tenth of posts", _merge, _merge_plainly, LOADED),
    Stage("match", "ahocorasick_rs over the same texts", _match, _find_names, LOADED),
    Stage(
        "language",
        "lingua, four languages, one call a text",
        reading.tell_language,
        reading.lingua,
        LOADED,
    ),
    Stage("sentiment", "TextBlob(text).sentiment", reading.judge, reading.textblob, LOADED),
    Stage(
        "all reading",
        "language and sentiment alone, on all cores",
        reading.read,
        reading.kernels,
        LOADED,
        has_helpers=True,
    ),
    Stage("models, first", "the same SQL, plain DuckDB", _build, _run_statements, MATCHED),
    Stage(
        "models, nothing new", "the same SQL, plain DuckDB", _build_again, _run_statements, BUILT
    ),
    Stage("models, one night", "the same SQL, plain DuckDB", _build_night, _run_statements, BUILT),
    Stage("publish", "create table as of every mart", _publish, _copy_marts, BUILT),
    Stage("report", "one scan of every mart", _report, _scan_marts, PUBLISHED),
    Stage("explore", "one joined count with the same filter", _explore, _count, PUBLISHED),
)
