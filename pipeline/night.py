"""One night, without Prefect: the steps and what passes between them.

Every step can be run again: what was landed is not fetched twice, what was loaded is not loaded
twice, what was understood is not read twice. The steps share a ``Night`` (names, times, settings)
and the data folder, nothing else.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipeline import marks
from pipeline.budget import Allowance, Spending, allowance
from pipeline.collect import Known, Limits, failed
from pipeline.collect import collect as collect_source
from pipeline.config import Config
from pipeline.errors import LuisterError
from pipeline.handover import drop_plans, find_plan, hand_in, leave_plan, take_home
from pipeline.http import HttpSettings, open_client
from pipeline.intake import Landed, load_meanwhile
from pipeline.landing import Landing
from pipeline.outcome import Outcome as Outcome
from pipeline.outcome import Silent as Silent
from pipeline.outcome import Watcher as Watcher
from pipeline.outcome import status_of
from pipeline.pace import Pace
from pipeline.plan import bare, most_asked
from pipeline.privacy import rotate
from pipeline.resume import landed_tonight, rest_of, settings_digest
from pipeline.room import require_room
from pipeline.secret_names import SecretNames, secret_names
from pipeline.since import refreshed_since, since_of, verbs_behind
from pipeline.source import Connector, Source
from pipeline.tonight import Night as Night
from pipeline.tonight import new_run_id as new_run_id
from pipeline.tonight import open_night as open_night
from pipeline.warehouse import Warehouse, nightly_lock, open_warehouse, setting_damage_aside

ConnectorOf = Callable[[str], Connector]


def alone(night: Night) -> AbstractContextManager[None]:
    """Hold the data folder: one night at a time, however it was started."""
    return nightly_lock(night.data)


def prepare(night: Night) -> list[str]:
    """Begin the run, write the configuration for the models, and plan each source.

    What a run that was cut off has landed is loaded first, and is not asked for again tonight.
    Returns the names of the sources that are to be asked.
    """
    require_room(night.data, night.data / "luister.duckdb")
    take_home(night.config)
    with open_warehouse(night.data) as warehouse:
        warehouse.begin_run(night.run_id, night.now, importlib.metadata.version("luister"))
        _load_landed(night, warehouse)
        warehouse.write_configuration(night.config)
        spending = warehouse.spending_by_platform(night.now)
        landed = landed_tonight(warehouse.database, night.sources, night.now)
        names = [name for name in night.sources if night.insists or name not in landed]
        for name in names:
            source = night.sources[name]
            known = _known(night, source, warehouse, spending.get(source.platform, Spending()))
            leave_plan(night.config, night.run_id, name, known)
    return names


def _known(night: Night, source: Source, warehouse: Warehouse, spending: Spending) -> Known:
    settings = night.config.collection_of(source.name)
    since = since_of(settings, night.now, warehouse.progress(source.name))
    oldest = refreshed_since(settings, night.now)
    reached = warehouse.verb_progress(source.name)
    together = [each.name for each in night.sources.values() if each.platform == source.platform]
    return Known(
        since=since,
        since_by_verb=verbs_behind(settings, night.now, reached, since),
        first_since=since_of(settings, night.now, None),
        asked_names=warehouse.asked_names(source.name),
        was_asked=warehouse.was_asked(source.name),
        posts_to_thread=bare(warehouse.posts_to_thread(source.name, since)),
        posts_cut_off=bare(warehouse.posts_cut_off(source.name)),
        posts_to_refresh=bare(warehouse.posts_to_refresh(source.name, oldest, most_asked(source))),
        validators=warehouse.validators(source.name),
        spending=spending,
        sources=len(together),
        place=together.index(source.name),
        rest=None if night.insists else rest_of(warehouse.database, source, night.now),
    )


def collect(
    night: Night, name: str, connector_of: ConnectorOf, pace: Pace, watcher: Watcher
) -> Landed:
    """Collect one source and land it; returns how it ended.

    A source never raises: what went wrong lands as its outcome, and the others go on.
    """
    source = night.sources[name]
    known = find_plan(night.config, night.run_id, name)
    watcher.source(name, 0, "running")
    names = SecretNames()
    try:
        if known.rest is not None:
            raise known.rest.error()
        connector = connector_of(source.platform)
        names = secret_names(source, connector)
        settings = http_settings(night.config)
        with open_client(
            source,
            connector,
            settings,
            pace=pace,
            validators=dict(known.validators),
            record=night.record,
            replay=night.replay,
            allowance=_allowance(night.config, source, connector, known),
        ) as client:
            collected = collect_source(
                source,
                connector,
                client,
                known,
                _limits(night.config, name),
                run_id=night.run_id,
                now=night.now,
                on_post=lambda count: watcher.source(name, count, "running"),
            )
    except LuisterError as error:
        collected = failed(source, error, known, run_id=night.run_id, now=night.now)
    collected = msgspec.structs.replace(
        collected,
        asked_as=settings_digest(source),
        secrets_used=list(names.used),
        secrets_missing=list(names.missing),
    )
    hand_in(night.config, collected)
    watcher.source(name, len(collected.posts), collected.status)
    return Landed(status=collected.status, posts=len(collected.posts))


def _allowance(config: Config, source: Source, connector: Connector, known: Known) -> Allowance:
    return allowance(
        source.platform,
        connector.ACCESS,
        config.budget.get(source.platform),
        known.spending,
        sources=known.sources,
        place=known.place,
    )


def _limits(config: Config, name: str) -> Limits:
    collection = config.collection_of(name)
    return Limits(
        deadline_seconds=collection.source_deadline_seconds,
        threads=collection.threads_per_source,
        refreshes=collection.refresh_per_source,
        honour_opt_out=config.privacy.honour_opt_out,
    )


def http_settings(config: Config) -> HttpSettings:
    """The client's settings from the configuration."""
    return HttpSettings(
        contact=config.contact,
        connect_seconds=config.http.connect_seconds,
        read_seconds=config.http.read_seconds,
        total_seconds=config.http.total_seconds,
        max_bytes=config.http.max_megabytes * 1_000_000,
        max_retry_after_seconds=config.http.max_retry_after_seconds,
        trust_environment_proxies=config.http.trust_environment_proxies,
    )


def load_landed(night: Night) -> None:
    """Load what has landed by now, each file in one transaction, while others still collect."""
    take_home(night.config)
    with open_warehouse(night.data) as warehouse:
        _load_landed(night, warehouse)


def _load_landed(night: Night, warehouse: Warehouse) -> None:
    landing = Landing(night.data / "landing")
    warehouse.load_landed(landing.unloaded(warehouse.loaded_files()))


def load(night: Night) -> None:
    """Load every landing file that is not loaded yet, each in one transaction.

    Marks of posts that are gone by then are forgotten with them, and what was heard live in many
    small files becomes one.
    """
    from pipeline.live_compact import compact

    take_home(night.config)
    with open_warehouse(night.data) as warehouse:
        landed = Landing(night.data / "landing").files()
        warehouse.load_landed(landed)
        marks.settle(warehouse.database, night.data)
        compact(landed, warehouse.loaded_files())


def retain(night: Night) -> None:
    """Remove what has had its time; see ``[privacy]``."""
    from pipeline.retention import retain as enforce

    enforce(night.config, night.now, lambda: build(night))


def renew(night: Night) -> None:
    """Write the database anew where something was removed: deleted rows stay in its bytes."""
    from pipeline.retention import renew as write_anew

    write_anew(night.data)


def understand(night: Night) -> None:
    """Match and enrich what was not understood yet by the present matcher and enricher."""
    from pipeline import moods, stories
    from pipeline.understand import named
    from pipeline.understand import understand as read_texts

    with open_warehouse(night.data) as warehouse:
        read_texts(warehouse, night.config)
        moods.judge(warehouse.database, moods.spellings(named(night.config)))
        stories.tell(warehouse.database)


def build(night: Night) -> None:
    """Run the SQL models and their tests."""
    from pipeline.engine.choice import build_models

    with setting_damage_aside(night.data):
        build_models(night.config)


def publish(night: Night) -> None:
    """Publish the analysts' file, under new pseudonyms where those of the period had their time."""
    days = night.config.privacy.pseudonym_days
    rotate(night.data / "keys", night.now.date(), days)
    with open_warehouse(night.data) as warehouse:
        warehouse.publish(night.run_id, night.now)


def report(config: Config, language: str | None = None) -> tuple[Path, tuple[str, ...]]:
    """Write the report of what is published; returns its path and what it says in five lines.

    When a week or a quarter has ended, its report is written too.
    """
    from pipeline.report import write_ended, write_report

    published, folder = config.data / "analytics.duckdb", config.data / "reports"
    spoken = language or config.language
    written = write_report(published, folder, language=spoken)
    write_ended(published, folder, language=spoken)
    return written.path, tuple(written.headlines)


def close(night: Night) -> tuple[int, int, tuple[str, ...]]:
    """Close the run in the ledger; returns posts read, posts new, and what failed."""
    with open_warehouse(night.data) as warehouse:
        failures = tuple(warehouse.failures(night.run_id))
        warehouse.finish_run(night.run_id, status_of(failures))
        posts, new_posts = warehouse.run_counts(night.run_id)
    drop_plans(night.config)
    return posts, new_posts, failures


def finish(night: Night) -> Outcome:
    """Write the report, close the run in the ledger, tell who wants to know, and say how it went.

    An alert that was not delivered is told as a failure; the next night tries it again.
    """
    from pipeline.alerts.telling import after_night

    path, headlines = report(night.config)
    posts, new_posts, failures = close(night)
    failures = (*failures, *after_night(night.config, datetime.now(UTC)))
    return Outcome(
        run_id=night.run_id,
        status=status_of(failures),
        failures=failures,
        posts=posts,
        new_posts=new_posts,
        report=str(path),
        headlines=headlines,
    )


@contextmanager
def _side_by_side(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that are waited for when all goes well, and left alone when told to end."""
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def run(night: Night, connector_of: ConnectorOf, watcher: Watcher | None = None) -> Outcome:
    """The whole night in this process, sources side by side."""
    seen = watcher or Silent()
    with alone(night):
        seen.step("prepare")
        names = prepare(night)
        seen.step("collect")
        pace = Pace()
        with _side_by_side(night.config.collection.workers) as pool:
            started = [
                pool.submit(collect, night, name, connector_of, pace, seen) for name in names
            ]
            ended = (each.result() for each in as_completed(started))
            load_meanwhile(ended, lambda: load_landed(night))
        for step in (load, retain, understand, build, publish, renew):
            seen.step(step.__name__)
            step(night)
        seen.step("report")
        return finish(night)
