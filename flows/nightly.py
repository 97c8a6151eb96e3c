"""The night as a Prefect flow: it orders the steps of ``pipeline.night`` and holds no logic.

Only names and identifiers travel as parameters: posts and secrets never reach Prefect's store. What
was loaded is told by the ledger in the database, not by Prefect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed

from connectors import load as connector_of
from connectors import platforms
from flows import server
from pipeline import night as steps
from pipeline.config import load as load_config
from pipeline.intake import Landed, load_meanwhile
from pipeline.pace import Pace


@lru_cache(maxsize=1)
def shared_pace() -> Pace:
    """One pace per process, so that sources on one host share its limits."""
    return Pace()


def _night(config_path: str, run_id: str, only: Sequence[str] = ()) -> steps.Night:
    return steps.open_night(load_config(Path(config_path), platforms()), run_id, only=tuple(only))


@task(name="prepare", cache_policy=NO_CACHE, persist_result=False)
def prepare(config_path: str, run_id: str, only: list[str]) -> list[str]:
    """Begin the run and plan each source; returns the names of the sources to ask."""
    return steps.prepare(_night(config_path, run_id, only))


@task(name="collect", task_run_name="collect {source}", cache_policy=NO_CACHE, persist_result=False)
def collect(config_path: str, run_id: str, source: str) -> Landed:
    """Collect one source into the landing zone; returns how it ended."""
    night = _night(config_path, run_id)
    return steps.collect(night, source, connector_of, shared_pace(), steps.Silent())


@task(name="load meanwhile", cache_policy=NO_CACHE, persist_result=False)
def load_landed(config_path: str, run_id: str) -> None:
    """Load what has landed by now."""
    steps.load_landed(_night(config_path, run_id))


@task(name="load", cache_policy=NO_CACHE, persist_result=False)
def load(config_path: str, run_id: str) -> None:
    """Load everything that has landed."""
    steps.load(_night(config_path, run_id))


@task(name="retain", cache_policy=NO_CACHE, persist_result=False)
def retain(config_path: str, run_id: str) -> None:
    """Remove what has had its time."""
    steps.retain(_night(config_path, run_id))


@task(name="understand", cache_policy=NO_CACHE, persist_result=False)
def understand(config_path: str, run_id: str) -> None:
    """Match and enrich what is new."""
    steps.understand(_night(config_path, run_id))


@task(name="build", cache_policy=NO_CACHE, persist_result=False)
def build(config_path: str, run_id: str) -> None:
    """Run the SQL models and their tests."""
    steps.build(_night(config_path, run_id))


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish(config_path: str, run_id: str) -> None:
    """Publish the analysts' file."""
    steps.publish(_night(config_path, run_id))


@task(name="renew", cache_policy=NO_CACHE, persist_result=False)
def renew(config_path: str, run_id: str) -> None:
    """Write the database anew where something was removed."""
    steps.renew(_night(config_path, run_id))


@task(name="finish", cache_policy=NO_CACHE, persist_result=False)
def finish(config_path: str, run_id: str) -> steps.Outcome:
    """Write the report and close the run."""
    return steps.finish(_night(config_path, run_id))


@flow(name="nightly", persist_result=False, validate_parameters=False)
def nightly(
    config_path: str = "luister.toml",
    run_id: str | None = None,
    only: list[str] | None = None,
) -> steps.Outcome:
    """One whole night, under the one lock of the data folder."""
    run = run_id or steps.new_run_id()
    here = str(Path(config_path).resolve())

    def collect_all(names: list[str]) -> None:
        started = [collect.submit(here, run, name) for name in names]
        ended = (each.result() for each in as_completed(started))
        load_meanwhile(ended, lambda: load_landed(here, run))

    return in_order(here, run, only or [], collect_all)


def in_order(
    here: str, run: str, only: list[str], collect_all: Callable[[list[str]], None]
) -> steps.Outcome:
    """The tasks of one night, under the one lock of the data folder.

    Args:
        here: the configuration, as an absolute path.
        run: the run's name.
        only: sources to ask; all when empty.
        collect_all: has the sources of these names collected, here or elsewhere.
    """
    with steps.alone(_night(here, run)):
        collect_all(prepare(here, run, only))
        load(here, run)
        retain(here, run)
        understand(here, run)
        build(here, run)
        publish(here, run)
        renew(here, run)
        outcome = finish(here, run)
    server.ended(outcome)
    return outcome
