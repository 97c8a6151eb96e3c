"""The night as a Prefect flow: it orders the steps of ``pipeline.night`` and holds no logic.

Only names and identifiers travel as parameters: posts and secrets never reach Prefect's store.
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from connectors import load as connector_of
from pipeline import night as steps

_PLAIN = {"cache_policy": NO_CACHE, "persist_result": False, "log_prints": False}


@task(name="prepare", **_PLAIN)
def prepare(config_path: str, run_id: str) -> list[str]:
    """Begin the run and plan each source; returns the names of the sources."""
    return steps.prepare(steps.open_night(Path(config_path), run_id))


@task(name="collect", task_run_name="collect {source}", **_PLAIN)
def collect(config_path: str, run_id: str, source: str) -> str:
    """Collect one source into the landing zone; returns how it went."""
    return steps.collect(steps.open_night(Path(config_path), run_id), source, connector_of)


@task(name="load", **_PLAIN)
def load(config_path: str, run_id: str) -> None:
    """Load everything that has landed."""
    steps.load(steps.open_night(Path(config_path), run_id))


@task(name="understand", **_PLAIN)
def understand(config_path: str, run_id: str) -> None:
    """Match and enrich what is new."""
    steps.understand(steps.open_night(Path(config_path), run_id))


@task(name="build", **_PLAIN)
def build(config_path: str, run_id: str) -> None:
    """Run the SQL models and their tests."""
    steps.build(steps.open_night(Path(config_path), run_id))


@task(name="publish", **_PLAIN)
def publish(config_path: str, run_id: str) -> None:
    """Publish the analysts' file and write the report."""
    steps.publish(steps.open_night(Path(config_path), run_id))


@flow(
    name="nightly",
    flow_run_name="night {run_id}",
    task_runner=ThreadPoolTaskRunner(max_workers=4),
    persist_result=False,
    validate_parameters=False,
)
def nightly(config_path: str = "luister.toml", run_id: str | None = None) -> int:
    """One whole night; returns the exit code that ``luister run`` gives."""
    return run_steps(config_path, run_id)


def run_steps(config_path: str, run_id: str | None) -> int:
    """The order of the steps, under the one lock of the night."""
    run = run_id or steps.new_run_id()
    here = str(Path(config_path).resolve())
    with steps.alone(steps.open_night(Path(here), run)):
        names = prepare(here, run)
        waiting = [collect.submit(here, run, name) for name in names]
        for each in waiting:
            each.result()
        load(here, run)
        understand(here, run)
        build(here, run)
        publish(here, run)
        return steps.finish(steps.open_night(Path(here), run)).exit_code
